"""Images in IDX and .npz files."""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pellucid.data.idx import beside, read_idx
from pellucid.data.npz import read_npz
from pellucid.errors import FileError, Problem, report
from pellucid.tasks.image_files import ImageFiles, joined
from pellucid.types import NumpyArray
from pellucid.wording import count_text

IDX_IMAGES = re.compile(r"^(.*)images[-._]idx[34]-ubyte(\.gz)?$")
IDX_LABELS = re.compile(r"^(.*)labels[-._]idx1-ubyte(\.gz)?$")


NPZ_PARTS = (
    (("x", "y", ""),),
    (("x_train", "y_train", "train"), ("x_test", "y_test", "test")),
    (("x", "", ""),),
)
"""What arrays may be called: images, labels and the part that they are, for each part."""


def in_idx(path: Path) -> ImageFiles:
    """Return the images of an IDX file, with the labels that lie beside it.

    Args:
        path: The file; one whose name begins with "train" is for training, others are the test.

    Raises:
        FileError: The file is damaged, holds no images, or has another number of labels.
    """
    pixels = _as_images(read_idx(path), str(path))
    labels = beside(path)
    known: tuple[str | None, ...] = (None,) * len(pixels)
    if labels is not None:
        known = _classes(read_idx(labels), len(pixels), str(labels))
    part = "train" if path.name.startswith("train") else "test"
    names = tuple(f"{path.name}:{number}" for number in range(len(pixels)))
    return ImageFiles(names, pixels, known, (part,) * len(pixels))


def in_npz(path: Path) -> ImageFiles:
    """Return the images of a .npz file.

    Args:
        path: The file, which holds x, with y or without, or x_train, y_train, x_test and y_test.

    Raises:
        FileError: The file is damaged, or its arrays are others, no images, or too few labels.
    """
    arrays = read_npz(path)
    for parts in NPZ_PARTS:
        if {name for part in parts for name in part[:2] if name} <= {*arrays}:
            return joined([_in_arrays(arrays, path, *part) for part in parts])
    given = f"the arrays {', '.join(map(repr, arrays)) or 'none'}"
    expected = "'x' and 'y', or 'x_train', 'y_train', 'x_test' and 'y_test'"
    report([Problem(str(path), given, expected)], FileError)
    raise AssertionError("report raises")


def _in_arrays(
    arrays: Mapping[str, NumpyArray], path: Path, images: str, labels: str, part: str
) -> ImageFiles:
    pixels = _as_images(arrays[images], f"{path}, array '{images}'")
    known: tuple[str | None, ...] = (None,) * len(pixels)
    if labels:
        known = _classes(arrays[labels], len(pixels), f"{path}, array '{labels}'")
    names = tuple(f"{images}:{number}" for number in range(len(pixels)))
    return ImageFiles(names, pixels, known, (part,) * len(pixels))


def _as_images(array: NumpyArray, where: str) -> NumpyArray:
    """Return pixels of shape (images, height, width, channels), uint8 where they are 0 to 255."""
    pixels = array[..., None] if array.ndim == 3 else array
    given = f"an array of shape {array.shape}"
    if pixels.ndim != 4 or pixels.shape[-1] not in (1, 3, 4):
        expected = "(images, height, width) or (images, height, width, 1, 3 or 4 channels)"
        first = pixels.ndim == 4 and pixels.shape[1] in (1, 3, 4)
        fix = "Bring the channels to the end: np.moveaxis(x, 1, -1)." if first else ""
        report([Problem(where, given, expected, fix)], FileError)
    if not all(pixels.shape):
        report([Problem(where, given, "at least one image with pixels")], FileError)
    if pixels.dtype.kind not in "biuf":
        report([Problem(where, f"values of type {array.dtype}", "numbers")], FileError)
    if pixels.dtype.kind == "f" and not np.isfinite(pixels).all():
        report([Problem(where, "values that are NaN or infinite", "finite numbers")], FileError)
    whole = pixels.dtype.kind in "iu" and pixels.min() >= 0 and pixels.max() <= 255
    return np.ascontiguousarray(pixels, np.uint8 if whole else np.float32)


def _classes(labels: NumpyArray, images: int, where: str) -> tuple[str, ...]:
    """Return names of classes from an array of labels."""
    flat = labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels
    if flat.shape != (images,):
        given = f"labels of shape {labels.shape} for {count_text(images, 'image')}"
        fix = "Of one-hot vectors take y.argmax(axis=1)." if labels.ndim == 2 else ""
        report([Problem(where, given, "one label for each image", fix)], FileError)
    if flat.dtype.kind not in "iuUb":
        given = f"labels of type {labels.dtype}"
        report([Problem(where, given, "whole numbers or text")], FileError)
    return tuple(str(one) for one in flat.tolist())
