"""Pictures in folders, one folder a class."""

import os
from collections.abc import Sequence
from functools import partial
from typing import Any

from pellucid.data import images
from pellucid.data.dataset import Dataset
from pellucid.data.folders import Request, files_dataset, find_files
from pellucid.errors import Problem, report

PLACE = "image_dataset_from_directory"


def image_dataset_from_directory(
    directory: str | os.PathLike[str],
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    color_mode: str = "rgb",
    batch_size: int | None = 32,
    image_size: tuple[int, int] = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    interpolation: str = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    verbose: bool = True,
) -> Dataset:
    """Return the pictures of a folder, whose folders are classes, a batch at a time.

    Args:
        directory: The folder.
        labels: "inferred" from the folders, a list with one number for each file in the order of
            their paths, or None for pictures without labels.
        label_mode: "int" for numbers of classes, "categorical" for one-hot vectors, "binary" for
            0.0 and 1.0 (two classes), or None for no labels.
        class_names: The folders to take, in the order of their numbers; all, sorted, when None.
        color_mode: "rgb", "rgba" or "grayscale".
        batch_size: Pictures in a batch; None for single ones.
        image_size: (height, width) to which all are brought.
        shuffle: Whether every epoch has its own order.
        seed: Seed of the orders and of the split.
        validation_split: Share of the files in the part "validation".
        subset: "training" or "validation".
        interpolation: "nearest", "bilinear", "bicubic", "lanczos", "box" or "hamming".
        follow_links: Whether to go into folders that are links.
        crop_to_aspect_ratio: Whether to crop pictures of other proportions instead of stretching.
        pad_to_aspect_ratio: Whether to put black at their sides instead.
        verbose: Whether to say how many files were found.

    Returns:
        A `Dataset` of (pictures, labels), or of pictures alone: float32 from 0 to 255, shape
        (batch, height, width, channels).

    Raises:
        ArgumentError: An argument is none of those above.
        FileError: No such folder, an empty one, or, when its batch is read, a broken picture.
        PellucidError: The package pillow is not installed.

    Differs from Keras: the result is a `Dataset`, not one of TensorFlow's; pictures are turned as
    their cameras noted (EXIF) and shrunk without aliasing; the split is drawn, not cut off.
    """
    images.check_image_options(PLACE, color_mode, image_size, interpolation)
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        place = f"{PLACE}(crop_to_aspect_ratio=True)"
        report([Problem(place, "pad_to_aspect_ratio=True beside it", "one of the two")])
    keep = "crop" if crop_to_aspect_ratio else "pad" if pad_to_aspect_ratio else ""
    request = Request(
        PLACE,
        directory,
        labels,
        label_mode,
        class_names,
        batch_size,
        shuffle,
        seed,
        validation_split,
        subset,
        follow_links,
        verbose,
    )
    read = partial(
        images.read_images,
        color_mode=color_mode,
        size=(int(image_size[0]), int(image_size[1])),
        interpolation=interpolation,
        keep=keep,
    )
    return files_dataset(request, find_files(request, images.ENDINGS), read)
