"""Pictures in files as arrays."""

import contextlib
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.errors import ArgumentError, FileError, PellucidError, Problem, report
from pellucid.types import NumpyArray

ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
COLOR_MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}
CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}
INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos", "box", "hamming")

MOST_PIXELS = 100_000_000
"""Pixels of a picture above which it is taken for an attack on memory."""

GREY = ("1", "L", "LA", "I;16", "I;16B", "I;16L", "I;16N", "I", "F")
"""Modes of pictures without colours."""

ORIENTATION, FIRST_TURNED = 0x0112, 5
"""The EXIF tag that says how a camera was held, and its first value for a camera on its side."""

DEEP = ("I;16", "I;16B", "I;16L", "I", "F")
"""Modes of grey pictures with more than 256 values."""


BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    OverflowError,
    struct.error,
    zlib.error,
)
"""What Pillow raises at files that are cut short, forged or of another kind."""


@dataclass(frozen=True)
class ImageHeader:
    """What a picture's file says of it before its pixels are read.

    Args:
        height: Pixels from top to bottom, as it is meant to be looked at.
        width: Pixels from left to right, likewise.
        grey: Whether it has no colours.
    """

    height: int
    width: int
    grey: bool


def read_image_header(path: str | os.PathLike[str]) -> ImageHeader:
    """Return size and colours of a picture, without reading its pixels.

    Args:
        path: The file.

    Raises:
        FileError: No such file, no picture, or one that is far too large.
        PellucidError: The package pillow is not installed.
    """
    with _opened(path, "read_image_header") as picture:
        sides = (picture.height, picture.width)
        turned = picture.getexif().get(ORIENTATION, 1) >= FIRST_TURNED
        height, width = sides[::-1] if turned else sides
        return ImageHeader(height, width, picture.mode in GREY)


def read_image(
    path: str | os.PathLike[str],
    color_mode: str = "rgb",
    size: tuple[int, int] | None = None,
    interpolation: str = "bilinear",
    keep: str = "",
    background: str | None = None,
) -> NumpyArray:
    """Return a picture as it is meant to be looked at, turned as its camera noted.

    Args:
        path: The file.
        color_mode: "rgb", "rgba" or "grayscale".
        size: (height, width) to bring it to; None for its own.
        interpolation: How: "nearest", "bilinear", "bicubic", "lanczos", "box" or "hamming".
        keep: "crop" or "pad" to keep the ratio of the sides; "" to stretch.
        background: The colour behind what is see-through, such as "white"; None for whatever
            colour the see-through pixels name.

    Returns:
        Shape (height, width, channels), float32 from 0 to 255. Sixteen bits a channel are brought
        to that range too.

    Raises:
        FileError: No such file, no picture, or one that is cut short or far too large.
        PellucidError: The package pillow is not installed.
    """
    with _opened(path, "read_image") as opened:
        opened.load()
        upright = _upright(opened)
        seen = upright if background is None else _before(upright, background)
        picture = _toned(seen, color_mode)
    if size is not None:
        picture = _sized(picture, size, interpolation, keep)
    return _channelled(np.asarray(picture, np.float32))


def convert_images(
    images: NumpyArray, color_mode: str, size: tuple[int, int], interpolation: str = "bilinear"
) -> NumpyArray:
    """Return pictures that are arrays already in other colours or another size.

    Args:
        images: Whole numbers from 0 to 255, shape (images, height, width, channels) with 1, 3 or
            4 channels.
        color_mode: "rgb", "rgba" or "grayscale".
        size: (height, width).
        interpolation: As for `read_image`.

    Returns:
        Shape (images, height, width, channels), uint8.

    Raises:
        PellucidError: The package pillow is not installed, and something is to be changed.
    """
    if images.shape[1:] == (*size, CHANNELS[color_mode]):
        return images.astype(np.uint8)
    pictures = (_toned(to_picture(one), color_mode) for one in images)
    sized = (_sized(one, size, interpolation, "") for one in pictures)
    return np.stack([_channelled(np.asarray(one, np.uint8)) for one in sized])


def _channelled(array: NumpyArray) -> NumpyArray:
    return array[..., None] if array.ndim == 2 else array


@contextlib.contextmanager
def _opened(path: str | os.PathLike[str], where: str) -> Iterator[Any]:
    """Open a picture whose pixels are not read yet; what is wrong with it becomes a `FileError`."""
    image_module = _pillow(where)
    try:
        with image_module.open(path) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                given = f"{opened.width} x {opened.height} pixels"
                expected = f"at most {MOST_PIXELS:,} in all"
                report([Problem(str(path), given, expected, "Shrink it first.")], FileError)
            yield opened
    except PellucidError:
        raise
    except FileNotFoundError:
        raise FileError(f"{path}: got no such file, expected a picture.") from None
    except (*BROKEN, image_module.DecompressionBombError) as error:
        raise FileError(f"{path}: got what is no whole picture ({error}).") from None


def _upright(picture: Any) -> Any:
    from PIL import ImageOps

    return ImageOps.exif_transpose(picture)


def _before(picture: Any, background: str) -> Any:
    """Return a picture as it looks before a background."""
    if not picture.has_transparency_data:
        return picture
    image_module = _pillow("read_image")
    clear = picture.convert("RGBA")
    return image_module.alpha_composite(image_module.new("RGBA", clear.size, background), clear)


def _toned(picture: Any, color_mode: str) -> Any:
    """Return the picture in the colours that are asked for."""
    if picture.mode in DEEP:
        values = np.asarray(picture, np.float32)
        deepest = 65535.0 if picture.mode.startswith("I") else max(float(values.max()), 1.0)
        picture = _pillow("read_image").fromarray((values / deepest * 255).astype(np.uint8))
    return picture.convert(COLOR_MODES[color_mode])


def _sized(picture: Any, size: tuple[int, int], interpolation: str, keep: str) -> Any:
    from PIL import ImageOps

    method = _pillow("read_image").Resampling[interpolation.upper()]
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
