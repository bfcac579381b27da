"""The maker of varied images that older Keras scripts use."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.data.arrays import to_array
from pellucid.data.image_transforms import (
    FILL_MODES,
    affine_matrix,
    brightened,
    channels_shifted,
    warped,
)
from pellucid.errors import ArgumentError, Problem, ShapeError, did_you_mean, report
from pellucid.preprocessing.image_flow import ImageFlow, SavedImages
from pellucid.preprocessing.image_sources import (
    Reading,
    rows_of_arrays,
    rows_of_directory,
    rows_of_frame,
)
from pellucid.seed import checked_seed, get_seed
from pellucid.types import NumpyArray

LITTLE = 1e-6
"""Added to standard deviations, as Keras does."""

FORMATS = ("channels_last", "channels_first")


class ImageDataGenerator:
    """Make batches of images, varied at random and normalised, from arrays, folders or frames.

    An image is turned, shifted, sheared and zoomed at once, then its channels are shifted, it is
    mirrored and brightened; then comes `preprocessing_function`, then `rescale`, then the means
    and standard deviations. New scripts write layers (`RandomRotation` and its like) into the
    model instead: these vary images in the compiled program, and are saved with it.

    Args:
        featurewise_center: Whether to subtract the mean of each channel that `fit` found.
        samplewise_center: Whether to subtract each image's own mean.
        featurewise_std_normalization: Whether to divide by the standard deviations that `fit`
            found; includes `featurewise_center`.
        samplewise_std_normalization: Whether to divide by each image's own; includes
            `samplewise_center`.
        zca_whitening: Whether to make pixels uncorrelated as `fit` learned it; includes
            `featurewise_center`, and takes the place of `featurewise_std_normalization`.
        zca_epsilon: Added to the strengths of the components.
        rotation_range: Degrees up to which images are turned to either side.
        width_shift_range: How far images move to either side: a part of the width below 1,
            pixels from 1 on; a whole number for whole pixels below it, or a list of distances.
        height_shift_range: The same up and down.
        brightness_range: The two factors between which the brightness lies.
        shear_range: Degrees of the shear.
        zoom_range: Part of the sides by which more or less is seen, or (lower, upper) factors.
        channel_shift_range: What is added to an image at most, or taken from it.
        fill_mode: The image beyond its edges: "constant", "nearest", "reflect" or "wrap".
        cval: What "constant" means.
        horizontal_flip: Whether every other image is mirrored.
        vertical_flip: Whether every other image is turned upside down.
        rescale: Factor for all pixels, such as 1/255; None for 1.
        preprocessing_function: A function of an image that returns one of the same shape.
        data_format: "channels_last" or "channels_first"; None is "channels_last".
        validation_split: Share of the images in the subset "validation".
        interpolation_order: Degree of the curves between pixels, 0 to 5.
        dtype: Type of the images.

    Raises:
        ArgumentError: Arguments out of range, all of which are named.

    Example:
        >>> import numpy as np
        >>> from pellucid.preprocessing.image import ImageDataGenerator
        >>> generator = ImageDataGenerator(rescale=1 / 255, horizontal_flip=True)
        >>> x, y = next(generator.flow(np.full((5, 4, 4, 1), 255.0), np.arange(5), batch_size=3))
        >>> x.shape, float(x.max()), y.shape
        ((3, 4, 4, 1), 1.0, (3,))

    Differs from Keras: draws follow the seed, the epoch and the image's number;
    `height_shift_range` moves images up and down and `width_shift_range` to the sides, as
    documented (Keras's code exchanges them); images that are not square turn about their middle;
    brightness is not rounded; statistics that `fit` has not found are an error, not a warning;
    images are not changed in place; a subset has its own images' weights.
    `class_mode="multi_output"` and several inputs are not taken.
    """

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        zca_epsilon: float = 1e-6,
        rotation_range: float = 0,
        width_shift_range: Any = 0.0,
        height_shift_range: Any = 0.0,
        brightness_range: Sequence[float] | None = None,
        shear_range: float = 0.0,
        zoom_range: Any = 0.0,
        channel_shift_range: float = 0.0,
        fill_mode: str = "nearest",
        cval: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
        rescale: float | None = None,
        preprocessing_function: Callable[[NumpyArray], NumpyArray] | None = None,
        data_format: str | None = None,
        validation_split: float = 0.0,
        interpolation_order: int = 1,
        dtype: Any = None,
    ) -> None:
        self.featurewise_std_normalization = featurewise_std_normalization and not zca_whitening
        self.featurewise_center = (
            featurewise_center or featurewise_std_normalization or zca_whitening
        )
        self.samplewise_center = samplewise_center or samplewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening, self.zca_epsilon = zca_whitening, zca_epsilon
        self.rotation_range, self.shear_range = rotation_range, shear_range
        self.width_shift_range, self.height_shift_range = width_shift_range, height_shift_range
        self.brightness_range, self.channel_shift_range = brightness_range, channel_shift_range
        self.fill_mode, self.cval = fill_mode, cval
        self.horizontal_flip, self.vertical_flip = horizontal_flip, vertical_flip
        self.rescale, self.preprocessing_function = rescale, preprocessing_function
        self.data_format = data_format or "channels_last"
        self.validation_split = validation_split
        self.interpolation_order, self.dtype = interpolation_order, np.dtype(dtype or np.float32)
        self.zoom_range: Any = zoom_range
        report(self._problems())
        single = isinstance(zoom_range, (int, float))
        self.zoom_range = (1 - zoom_range, 1 + zoom_range) if single else tuple(zoom_range)
        self.mean: NumpyArray | None = None
        self.std: NumpyArray | None = None
        self.zca_whitening_matrix: NumpyArray | None = None

    def _problems(self) -> Iterator[Problem]:
        where = "ImageDataGenerator"
        for name in ("rotation_range", "shear_range", "channel_shift_range"):
            value = getattr(self, name)
            if not _is_number(value) or value < 0:
                yield Problem(f"{where}({name}=...)", repr(value), "a number of at least 0")
        for name in ("width_shift_range", "height_shift_range"):
            value = getattr(self, name)
            if not (_is_number(value) and value >= 0) and not _all_numbers(value):
                expected = "a number of at least 0, or a list of distances"
                yield Problem(f"{where}({name}=...)", repr(value), expected)
        zoom, bright = self.zoom_range, self.brightness_range
        if not (_is_number(zoom) and 0 <= zoom < 1) and not (
            _all_numbers(zoom) and len(zoom) == 2 and min(zoom) > 0
        ):
            expected = "a part from 0 to below 1, or two factors above 0 such as (0.8, 1.2)"
            yield Problem(f"{where}(zoom_range=...)", repr(zoom), expected)
        if bright is not None and not (
            _all_numbers(bright) and len(bright) == 2 and min(bright) >= 0
        ):
            expected = "two factors of at least 0 such as (0.8, 1.2), or None"
            yield Problem(f"{where}(brightness_range=...)", repr(bright), expected)
        for name, known in (("fill_mode", FILL_MODES), ("data_format", FORMATS)):
            value = getattr(self, name)
            if value not in known:
                fix = did_you_mean(str(value), known)
                expected = f"one of {', '.join(map(repr, known))}"
                yield Problem(f"{where}({name}=...)", repr(value), expected, fix)
        if not _is_number(self.validation_split) or not 0 <= self.validation_split < 1:
            given, expected = repr(self.validation_split), "a share from 0 to below 1"
            yield Problem(f"{where}(validation_split=...)", given, expected)
        if self.interpolation_order not in range(6):
            given = repr(self.interpolation_order)
            yield Problem(f"{where}(interpolation_order=...)", given, "a whole number from 0 to 5")

    # -- where images come from -------------------------------------------------------------

    def flow(
        self,
        x: Any,
        y: Any = None,
        batch_size: int = 32,
        shuffle: bool = True,
        sample_weight: Any = None,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        ignore_class_split: bool = False,
        subset: str | None = None,
    ) -> ImageFlow:
        """Return batches of images that lie in memory.

        Args:
            x: Images, shape (images, height, width, channels).
            y: What goes with each; None for images alone.
            batch_size: Images in a batch.
            shuffle: Whether every epoch has an order of its own.
            sample_weight: A weight for each image; with `y`.
            seed: Seed of orders and variations; None for the default seed.
            save_to_dir: Folder into which the images are written as they leave; None for none.
            save_prefix: How their names begin.
            save_format: Their format.
            ignore_class_split: Whether the two subsets may have different classes.
            subset: "training" or "validation", as `validation_split` parts them: the first share
                is the validation.

        Raises:
            ArgumentError: An argument is none of those above.
            ShapeError: Images, labels and weights do not fit.
        """
        where = "ImageDataGenerator.flow"
        share = self._share(subset, where)
        rows = rows_of_arrays(x, y, sample_weight, share, ignore_class_split, self.dtype)
        saved = SavedImages(save_to_dir, save_prefix, save_format)
        return self._flow(rows, where, batch_size, shuffle, seed, saved)

    def flow_from_directory(
        self,
        directory: Any,
        target_size: tuple[int, int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
    ) -> ImageFlow:
        """Return batches of the images in a folder, whose folders are classes.

        Args:
            directory: The folder.
            target_size: (height, width) to which all are brought.
            color_mode: "rgb", "rgba" or "grayscale".
            classes: The folders to take, in the order of their numbers; all, sorted, when None.
            class_mode: "categorical" for one-hot vectors, "binary" and "sparse" for numbers,
                "input" for the images themselves, None for images alone.
            batch_size: Images in a batch.
            shuffle: Whether every epoch has an order of its own.
            seed: Seed of orders and variations; None for the default seed.
            save_to_dir: Folder into which the images are written as they leave; None for none.
            save_prefix: How their names begin.
            save_format: Their format.
            follow_links: Whether to go into folders that are links.
            subset: "training" or "validation", as `validation_split` parts the files of each
                class: the first share is the validation.
            interpolation: "nearest", "bilinear", "bicubic", "lanczos", "box" or "hamming".
            keep_aspect_ratio: Whether to crop instead of stretching.

        Raises:
            ArgumentError: An argument is none of those above.
            FileError: No such folder, no folder of a class, or no images in one.
            PellucidError: The package pillow is not installed.
        """
        where = "ImageDataGenerator.flow_from_directory"
        share = self._share(subset, where)
        reading = self._reading(where, target_size, color_mode, interpolation, keep_aspect_ratio)
        rows = rows_of_directory(directory, classes, class_mode, follow_links, share, reading)
        saved = SavedImages(save_to_dir, save_prefix, save_format)
        return self._flow(rows, where, batch_size, shuffle, seed, saved)

    def flow_from_dataframe(
        self,
        dataframe: Any,
        directory: Any = None,
        x_col: str = "filename",
        y_col: Any = "class",
        weight_col: str | None = None,
        target_size: tuple[int, int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
        validate_filenames: bool = True,
        keep_aspect_ratio: bool = False,
    ) -> ImageFlow:
        """Return batches of the images that a column of a data frame names.

        Args:
            dataframe: A frame of pandas, Polars or another library, a row an image.
            directory: The folder from which the names begin; None for whole paths.
            x_col: Column of the files.
            y_col: Column of what goes with them; several for `class_mode="raw"`.
            weight_col: Column of weights.
            target_size: (height, width) to which all are brought.
            color_mode: "rgb", "rgba" or "grayscale".
            classes: The classes to take, in the order of their numbers; all, sorted, when None.
            class_mode: "categorical" for one-hot vectors of text, or of lists of it for several
                classes at once; "binary" and "sparse" for numbers of text; "raw" for what is in
                `y_col`; "input" for the images themselves; None for images alone.
            batch_size: Images in a batch.
            shuffle: Whether every epoch has an order of its own.
            seed: Seed of orders and variations; None for the default seed.
            save_to_dir: Folder into which the images are written as they leave; None for none.
            save_prefix: How their names begin.
            save_format: Their format.
            subset: "training" or "validation", as `validation_split` parts the rows: the first
                share is the validation.
            interpolation: "nearest", "bilinear", "bicubic", "lanczos", "box" or "hamming".
            validate_filenames: Whether rows without an image file are left out, with a warning.
            keep_aspect_ratio: Whether to crop instead of stretching.

        Raises:
            ArgumentError: An argument is none of those above, or a column is missing.
            DataError: Labels are no text where text is expected.
            PellucidError: The package pillow is not installed.
        """
        where = "ImageDataGenerator.flow_from_dataframe"
        share = self._share(subset, where)
        reading = self._reading(where, target_size, color_mode, interpolation, keep_aspect_ratio)
        columns = {"x_col": x_col, "y_col": y_col, "weight_col": weight_col}
        rows = rows_of_frame(
            dataframe, directory, columns, classes, class_mode, validate_filenames, share, reading
        )
        saved = SavedImages(save_to_dir, save_prefix, save_format)
        return self._flow(rows, where, batch_size, shuffle, seed, saved)

    def _reading(
        self, where: str, size: Any, color_mode: str, interpolation: str, keep: bool
    ) -> Reading:
        first = self.data_format == "channels_first"
        return Reading(where, size, color_mode, interpolation, "crop" if keep else "", first)

    def _share(self, subset: str | None, where: str) -> tuple[float, float]:
        """Return the part of the rows, from and to, that a subset is."""
        parts = {
            None: (0.0, 1.0),
            "validation": (0.0, self.validation_split),
            "training": (self.validation_split, 1.0),
        }
        if subset not in parts:
            fix = did_you_mean(str(subset), ("training", "validation"))
            expected = "'training' or 'validation'"
            report([Problem(f"{where}(subset=...)", repr(subset), expected, fix)])
        if subset is not None and not self.validation_split:
            given = f"{subset!r} of a generator without validation_split"
            expected = "ImageDataGenerator(validation_split=...)"
            report([Problem(f"{where}(subset=...)", given, expected)])
        return parts[subset]

    def _flow(
        self,
        rows: Any,
        where: str,
        batch_size: Any,
        shuffle: bool,
        seed: int | None,
        saved: SavedImages,
    ) -> ImageFlow:
        if type(batch_size) is not int or batch_size < 1:
            expected = "a whole number of at least 1"
            report([Problem(f"{where}(batch_size=...)", repr(batch_size), expected)])
        chosen = get_seed() if seed is None else checked_seed(seed, f"{where}(seed=...)")
        return ImageFlow(rows, self, batch_size, bool(shuffle), chosen, saved)

    # -- what is done to one image -----------------------------------------------------------

    def get_random_transform(
        self, img_shape: Sequence[int], seed: int | None = None
    ) -> dict[str, Any]:
        """Return what is drawn for one image.

        Args:
            img_shape: Its shape.
            seed: Seed of the draw; None for the default seed.

        Returns:
            `theta` and `shear` in degrees; `tx` and `ty`, pixels along the width and the height;
            `zx` and `zy`, factors of what is seen; `flip_horizontal`, `flip_vertical`;
            `channel_shift_intensity` and `brightness`, None where they change nothing.
        """
        chosen = (
            get_seed() if seed is None else checked_seed(seed, "get_random_transform(seed=...)")
        )
        return self._drawn(img_shape, np.random.default_rng(chosen))

    def _drawn(self, shape: Sequence[int], rng: np.random.Generator) -> dict[str, Any]:
        first = self.data_format == "channels_first"
        height, width = shape[1:3] if first else shape[:2]
        low, high = self.zoom_range
        bright = self.brightness_range
        shift = self.channel_shift_range
        return {
            "theta": _around(self.rotation_range, rng),
            "tx": _distance(self.width_shift_range, width, rng),
            "ty": _distance(self.height_shift_range, height, rng),
            "shear": _around(self.shear_range, rng),
            "zx": float(rng.uniform(low, high)),
            "zy": float(rng.uniform(low, high)),
            "flip_horizontal": bool(rng.random() < 0.5) and self.horizontal_flip,
            "flip_vertical": bool(rng.random() < 0.5) and self.vertical_flip,
            "channel_shift_intensity": _around(shift, rng) if shift else None,
            "brightness": None if bright is None else float(rng.uniform(bright[0], bright[1])),
        }

    def apply_transform(self, x: Any, transform_parameters: Mapping[str, Any]) -> NumpyArray:
        """Return an image changed in given ways.

        Args:
            x: Shape (height, width, channels).
            transform_parameters: As of `get_random_transform`; what is absent changes nothing.
        """
        given = self._image(x, "apply_transform(x=...)")
        first, told = self.data_format == "channels_first", transform_parameters
        image = np.moveaxis(given, 0, -1) if first else given
        matrix = affine_matrix(told, *image.shape[:2])
        if not np.allclose(matrix, np.eye(3), atol=1e-12):
            image = warped(image, matrix, self.fill_mode, self.cval, self.interpolation_order)
        if told.get("channel_shift_intensity") is not None:
            image = channels_shifted(image, told["channel_shift_intensity"])
        if told.get("flip_horizontal"):
            image = image[:, ::-1]
        if told.get("flip_vertical"):
            image = image[::-1]
        if told.get("brightness") is not None:
            image = brightened(image, told["brightness"])
        return np.moveaxis(image, -1, 0) if first else image

    def random_transform(self, x: Any, seed: int | None = None) -> NumpyArray:
        """Return an image changed at random.

        Args:
            x: Shape (height, width, channels).
            seed: Seed of the draw; None for the default seed.
        """
        return self.apply_transform(x, self.get_random_transform(np.shape(x), seed))

    def standardize(self, x: Any) -> NumpyArray:
        """Return an image, or a batch of them, normalised.

        Args:
            x: Shape (height, width, channels), or (images, height, width, channels), whose own
                mean and standard deviation are then those of the whole batch.

        Raises:
            ArgumentError: Statistics are needed that `fit` has not found yet.
        """
        report(self._unfitted(), ArgumentError)
        image = np.asarray(x, self.dtype)
        if self.preprocessing_function is not None:
            image = np.asarray(self.preprocessing_function(image), self.dtype)
        if self.rescale is not None:
            image = image * self.dtype.type(self.rescale)
        if self.samplewise_center:
            image = image - image.mean()
        if self.samplewise_std_normalization:
            image = image / (image.std() + LITTLE)
        if self.mean is not None:
            image = image - self.mean
        if self.std is not None:
            image = image / (self.std + LITTLE)
        if self.zca_whitening_matrix is not None:
            flat = image.reshape(-1, self.zca_whitening_matrix.shape[0])
            image = (flat @ self.zca_whitening_matrix).reshape(image.shape)
        return image.astype(self.dtype)

    def _unfitted(self) -> Iterator[Problem]:
        if self.featurewise_center and self.mean is None:
            fix = "Call generator.fit(x) with the training images first."
            given = "images before it knows means and standard deviations"
            yield Problem("ImageDataGenerator", given, "fit to have found them", fix)

    def varied(self, image: NumpyArray, rng: np.random.Generator) -> NumpyArray:
        """Return an image changed at random and normalised.

        Args:
            image: Shape (height, width, channels).
            rng: What draws.
        """
        return self.standardize(self.apply_transform(image, self._drawn(image.shape, rng)))

    def fit(self, x: Any, augment: bool = False, rounds: int = 1, seed: int | None = None) -> None:
        """Find what the normalisation over all images needs.

        Args:
            x: Training images, shape (images, height, width, channels).
            augment: Whether to find it on varied images.
            rounds: How often each is varied then.
            seed: Seed of the variations; None for the default seed.

        Raises:
            ShapeError: `x` has another number of axes.
        """
        images = to_array(x, "ImageDataGenerator.fit(x=...)").astype(self.dtype)
        if images.ndim != 4:
            given, expected = f"an array of shape {images.shape}", "four axes, images first"
            report([Problem("ImageDataGenerator.fit(x=...)", given, expected)], ShapeError)
        if self.rescale is not None:
            images = images * self.dtype.type(self.rescale)
        if augment:
            chosen = get_seed() if seed is None else checked_seed(seed, "fit(seed=...)")
            images = np.stack(
                [
                    self.apply_transform(
                        image,
                        self._drawn(image.shape, np.random.default_rng([chosen, turn, number])),
                    )
                    for turn in range(rounds)
                    for number, image in enumerate(images)
                ]
            )
        if self.featurewise_center:
            self.mean = self._along_channels(images, np.mean)
            images = images - self.mean
        if self.featurewise_std_normalization:
            self.std = self._along_channels(images, np.std)
        if self.zca_whitening:
            flat = images.reshape(len(images), -1)
            directions, strengths, _ = np.linalg.svd(flat.T, full_matrices=False)
            inverse = np.sqrt(len(images)) / (strengths + self.zca_epsilon)
            self.zca_whitening_matrix = (directions * inverse) @ directions.T

    def _along_channels(self, images: NumpyArray, of: Callable[..., Any]) -> NumpyArray:
        """Return a statistic of each channel, in the shape that goes with one image."""
        first = self.data_format == "channels_first"
        found = of(images, axis=(0, 2, 3) if first else (0, 1, 2))
        return found[:, None, None] if first else found[None, None]

    def _image(self, x: Any, where: str) -> NumpyArray:
        image = to_array(x, where).astype(self.dtype)
        if image.ndim != 3:
            given, expected = f"an array of shape {image.shape}", "one image: three axes"
            report([Problem(where, given, expected)], ShapeError)
        return image


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def _all_numbers(value: Any) -> bool:
    together = isinstance(value, (tuple, list, np.ndarray))
    return together and len(value) > 0 and all(_is_number(one) for one in value)


def _around(extent: float, rng: np.random.Generator) -> float:
    """Return a number between the negative of `extent` and itself."""
    return float(rng.uniform(-extent, extent))


def _distance(extent: Any, side: int, rng: np.random.Generator) -> float:
    """Return a distance in pixels, drawn as `width_shift_range` says."""
    if isinstance(extent, float):
        found = _around(extent, rng)
    else:
        several = np.arange(max(int(extent), 1)) if _is_number(extent) else np.asarray(extent)
        found = float(rng.choice(several)) * float(rng.choice([-1, 1]))
    return found * side if np.max(extent) < 1 else found
