"""Images as they lie in files, with what is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pellucid.errors import FileError, Problem, report
from pellucid.types import NumpyArray

MOST_NAMED = 10
"""Things that a note names before it only counts."""


@dataclass(frozen=True)
class ImageFiles:
    """Images as they lie somewhere, not yet brought to one size.

    Args:
        names: Where each came from, as answers show it.
        images: Their files, or an array of pixels, shape (images, height, width, channels).
        labels: The name of the class of each; None where an image lies in no class, and for all
            where classes are not known.
        parts: "train", "validation" or "test" for each where the data set says so; else "".
        notes: Sentences about what was found and left out.
    """

    names: tuple[str, ...]
    images: Sequence[Path] | NumpyArray
    labels: tuple[str | None, ...]
    parts: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    def noted(self, *notes: str) -> "ImageFiles":
        """Return the images with further notes.

        Args:
            notes: Sentences.
        """
        return replace(self, notes=(*self.notes, *notes))

    def take(self, rows: Sequence[int]) -> "ImageFiles":
        """Return some of the images.

        Args:
            rows: Their numbers.
        """
        images = self.images
        return ImageFiles(
            tuple(self.names[row] for row in rows),
            images[list(rows)] if isinstance(images, np.ndarray) else [images[row] for row in rows],
            tuple(self.labels[row] for row in rows),
            tuple(self.parts[row] for row in rows),
            self.notes,
        )


def listed(names: Sequence[str]) -> str:
    """Return names in a row, the first of them where there are many.

    Args:
        names: Any.
    """
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def joined(found: Sequence[ImageFiles], notes: Sequence[str] = ()) -> ImageFiles:
    """Return several parts of a data set as one.

    They count as no parts unless one is to train and another is not.

    Args:
        found: The parts.
        notes: Further sentences, which come first.

    Raises:
        FileError: Their images are arrays of different shapes.
    """
    whole = ImageFiles(
        tuple(name for own in found for name in own.names),
        _all_images(found),
        tuple(label for own in found for label in own.labels),
        tuple(part for own in found for part in own.parts),
        (*notes, *(note for own in found for note in own.notes)),
    )
    return whole if {"train"} < {*whole.parts} else without_parts(whole)


def _all_images(found: Sequence[ImageFiles]) -> Sequence[Path] | NumpyArray:
    if isinstance(found[0].images, np.ndarray):
        report(_unlike(found), FileError)
        return np.concatenate([np.asarray(own.images) for own in found])
    return [path for own in found for path in own.images]


def _unlike(found: Sequence[ImageFiles]) -> list[Problem]:
    """Return the problem of parts whose images have different shapes or types."""
    kinds = {
        f"{own.images.shape[1:]} of {own.images.dtype}": own.names[0]
        for own in found
        if isinstance(own.images, np.ndarray)
    }
    if len(kinds) == 1:
        return []
    told = " and ".join(f"{kind} ({name})" for kind, name in kinds.items())
    return [Problem("images of several parts", told, "one shape and type")]


def without_parts(found: ImageFiles) -> ImageFiles:
    """Return images of which the data set does not say what is for training.

    Args:
        found: The images.
    """
    return replace(found, parts=("",) * len(found))
