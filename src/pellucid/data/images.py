"""Pictures in files as arrays."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.errors import ArgumentError, FileError, PellucidError, Problem, report
from pellucid.types import NumpyArray

ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
COLOR_MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}
INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos", "box", "hamming")

MOST_PIXELS = 100_000_000
"""Pixels of a picture above which it is taken for an attack on memory."""

DEEP = ("I;16", "I;16B", "I;16L", "I", "F")
"""Modes of grey pictures with more than 256 values."""


def read_image(
    path: str | os.PathLike[str],
    color_mode: str = "rgb",
    size: tuple[int, int] | None = None,
    interpolation: str = "bilinear",
    keep: str = "",
) -> NumpyArray:
    """Return a picture as it is meant to be looked at, turned as its camera noted.

    Args:
        path: The file.
        color_mode: "rgb", "rgba" or "grayscale".
        size: (height, width) to bring it to; None for its own.
        interpolation: How: "nearest", "bilinear", "bicubic", "lanczos", "box" or "hamming".
        keep: "crop" or "pad" to keep the ratio of the sides; "" to stretch.

    Returns:
        Shape (height, width, channels), float32 from 0 to 255. Sixteen bits a channel are brought
        to that range too.

    Raises:
        FileError: No such file, no picture, or one that is cut short or far too large.
        PellucidError: The package pillow is not installed.
    """
    image_module = _pillow("read_image")
    try:
        with image_module.open(path) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                given = f"{opened.width} x {opened.height} pixels"
                expected = f"at most {MOST_PIXELS:,} in all"
                report([Problem(str(path), given, expected, "Shrink it first.")], FileError)
            opened.load()
            picture = _toned(image_module, _upright(opened), color_mode)
    except FileNotFoundError:
        raise FileError(f"{path}: got no such file, expected a picture.") from None
    except (OSError, SyntaxError, ValueError, image_module.DecompressionBombError) as error:
        if isinstance(error, PellucidError):
            raise
        raise FileError(f"{path}: got what is no whole picture ({error}).") from None
    if size is not None:
        picture = _sized(image_module, picture, size, interpolation, keep)
    array = np.asarray(picture, np.float32)
    return array[..., None] if array.ndim == 2 else array


def _upright(picture: Any) -> Any:
    from PIL import ImageOps

    return ImageOps.exif_transpose(picture)


def _toned(image_module: Any, picture: Any, color_mode: str) -> Any:
    """Return the picture in the colours that are asked for."""
    if picture.mode in DEEP:
        values = np.asarray(picture, np.float32)
        deepest = 65535.0 if picture.mode.startswith("I") else max(float(values.max()), 1.0)
        picture = image_module.fromarray((values / deepest * 255).astype(np.uint8))
    return picture.convert(COLOR_MODES[color_mode])


def _sized(
    image_module: Any, picture: Any, size: tuple[int, int], interpolation: str, keep: str
) -> Any:
    from PIL import ImageOps

    method = image_module.Resampling[interpolation.upper()]
    wanted = (size[1], size[0])
    if keep == "crop":
        return ImageOps.fit(picture, wanted, method)
    if keep == "pad":
        return ImageOps.pad(picture, wanted, method)
    return picture.resize(wanted, method)


def read_images(
    paths: Sequence[Path],
    color_mode: str,
    size: tuple[int, int],
    interpolation: str,
    keep: str,
) -> NumpyArray:
    """Return several pictures of one size as one array.

    Raises:
        FileError: Some are no pictures; every one is told.
    """
    read, broken = [], []
    for path in paths:
        try:
            read.append(read_image(path, color_mode, size, interpolation, keep))
        except FileError as error:
            broken.append(str(error))
    if broken:
        raise FileError("\n".join(broken))
    return np.stack(read)


def to_picture(array: NumpyArray) -> Any:
    """Return an array with values from 0 to 255, shape (height, width, channels), as a picture."""
    values = array.round().clip(0, 255).astype(np.uint8)
    return _pillow("to_picture").fromarray(values[..., 0] if values.shape[-1] == 1 else values)


def check_image_options(where: str, color_mode: Any, size: Any, interpolation: Any) -> None:
    """Refuse colours, sizes and ways to resize that are none.

    Raises:
        ArgumentError: Names each argument.
    """
    problems = []
    for name, given, known in (
        ("color_mode", color_mode, tuple(COLOR_MODES)),
        ("interpolation", interpolation, INTERPOLATIONS),
    ):
        if given not in known:
            expected = f"one of {', '.join(map(repr, known))}"
            problems.append(Problem(f"{where}({name}=...)", repr(given), expected))
    pair = isinstance(size, (tuple, list)) and len(size) == 2
    if not (pair and all(isinstance(one, (int, np.integer)) and one > 0 for one in size)):
        problems.append(Problem(f"{where}(image_size=...)", repr(size), "(height, width)"))
    report(problems, ArgumentError)


def _pillow(where: str) -> Any:
    try:
        from PIL import Image
    except ImportError:
        raise PellucidError(
            f"{where}: got no package pillow, expected it to read pictures. "
            "Install it with: pip install 'pellucid[image]'"
        ) from None
    return Image
