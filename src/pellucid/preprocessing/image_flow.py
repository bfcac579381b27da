"""Batches of images that `ImageDataGenerator` varies anew in every epoch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from pellucid.data.dataset import Dataset
from pellucid.data.images import to_picture
from pellucid.types import NumpyArray


class Varying(Protocol):
    """What varies and normalises images, as `ImageDataGenerator` does."""

    data_format: str

    def varied(self, image: NumpyArray, rng: np.random.Generator) -> NumpyArray:
        """Return an image varied at random and normalised."""
        ...


@dataclass(frozen=True)
class ImageRows:
    """Where the images of a flow come from, and what goes with them.

    Args:
        read: Returns the image with a number, as float32.
        count: How many there are.
        targets: Returns what goes with images of some numbers, given also the images as they
            leave the flow; None for images alone.
        weights: A weight for each; None for none.
        filenames: Their files, where they have some.
        filepaths: The same with their folder.
        class_indices: Numbers of classes by name.
        classes: Number of the class of each.
    """

    read: Callable[[int], NumpyArray]
    count: int
    targets: Callable[[NumpyArray, NumpyArray], Any] | None = None
    weights: NumpyArray | None = None
    filenames: Sequence[str] = ()
    filepaths: Sequence[str] = ()
    class_indices: dict[str, int] = field(default_factory=dict)
    classes: NumpyArray | None = None


@dataclass(frozen=True)
class SavedImages:
    """Where the images that leave a flow are written, for a look at them.

    Args:
        folder: The folder; None for none.
        prefix: How their names begin.
        ending: Their format: "png" or "jpeg".
    """

    folder: Any = None
    prefix: str = ""
    ending: str = "png"

    def write(self, image: NumpyArray, row: int, epoch: int) -> None:
        """Write an image, its least value black and its greatest white."""
        if self.folder is None:
            return
        spread = max(float(image.max() - image.min()), 1e-12)
        picture = to_picture((image - image.min()) * (255 / spread))
        picture.save(Path(self.folder) / f"{self.prefix}_{row}_{epoch}.{self.ending}")


class ImageFlow(Dataset):
    """Batches of varied images; every epoch draws anew, and the same seed draws the same.

    `fit`, `evaluate` and `predict` take it. As in Keras, `for batch in flow` never ends, and
    `next(flow)` is the next batch.

    Args:
        rows: The images.
        generator: What varies them.
        batch_size: Images in a batch.
        shuffle: Whether every epoch has an order of its own.
        seed: Seed of orders and variations.
        saved: Where to write what leaves the flow.

    Attributes:
        samples: Number of images; also called n.
        filenames: Their files below the folder, where they come from files.
        filepaths: The same with the folder.
        class_indices: Numbers of classes by name.
        num_classes: How many there are.
        classes: Number of the class of each image.
    """

    def __init__(
        self,
        rows: ImageRows,
        generator: Varying,
        batch_size: int,
        shuffle: bool,
        seed: int,
        saved: SavedImages,
    ) -> None:
        super().__init__(self._batch, rows.count, batch_size, shuffle, seed)
        self._rows, self._generator, self._saved = rows, generator, saved
        self._next = 0
        self.samples = self.n = rows.count
        self.filenames, self.filepaths = list(rows.filenames), list(rows.filepaths)
        self.file_paths = self.filepaths
        self.class_indices, self.classes = dict(rows.class_indices), rows.classes
        self.num_classes = len(rows.class_indices)
        self.class_names = list(rows.class_indices)

    @property
    def labels(self) -> NumpyArray | None:
        """Number of the class of each image."""
        return self.classes

    def __iter__(self) -> "ImageFlow":  # pyright: ignore[reportIncompatibleMethodOverride]
        return self

    def __next__(self) -> Any:
        """Return the next batch; after the last of an epoch comes the first of the next."""
        if self._next >= len(self):
            self.reset()
            self.on_epoch_end()
        batch = self[self._next]
        self._next += 1
        return batch

    def next(self) -> Any:
        """Return the next batch, as `next(flow)` does."""
        return self.__next__()

    def reset(self) -> None:
        """Go back to the first batch of the epoch."""
        self._next = 0

    def _batch(self, numbers: NumpyArray) -> Any:
        images = np.stack([self._varied(int(number)) for number in numbers])
        given: list[Any] = [images]
        if self._rows.targets is not None:
            given.append(self._rows.targets(numbers, images))
            if self._rows.weights is not None:
                given.append(self._rows.weights[numbers])
        return tuple(given) if len(given) > 1 else images

    def _varied(self, number: int) -> NumpyArray:
        rng = np.random.default_rng([self.seed, self._epoch, number])
        image = self._generator.varied(self._rows.read(number), rng)
        last = self._generator.data_format == "channels_last"
        self._saved.write(image if last else np.moveaxis(image, 0, -1), number, self._epoch)
        return image
