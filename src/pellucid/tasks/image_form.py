"""The size and the colours to which all images of a data set are brought."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.file_rows import FileRows, find_rows
from pellucid.data.images import (
    CHANNELS,
    COLOR_MODES,
    ImageHeader,
    convert_images,
    read_image,
    read_image_header,
)
from pellucid.data.left_out import read_each
from pellucid.data.room import Room, needed
from pellucid.errors import FileError, Problem, did_you_mean, report
from pellucid.tasks.image_files import ImageFiles
from pellucid.tasks.streamed import streams_text
from pellucid.types import NumpyArray
from pellucid.wording import count_text

LONGEST_SIDE = 64
"""Pixels of the longer side to which larger images are brought unless the user says otherwise."""

MOST_SIDE = 4096

MOST_BROKEN = 0.05
"""Share of files that may be broken; they are left out then. One file always may."""

BACKGROUND = "white"
"""What is behind images that are see-through."""


@dataclass(frozen=True)
class ImageForm:
    """What all images are brought to.

    Args:
        height: Pixels from top to bottom.
        width: Pixels from left to right.
        color_mode: "grayscale", "rgb" or "rgba".
        whole: Whether pixels are whole numbers from 0 to 255; others are taken as they are.
    """

    height: int
    width: int
    color_mode: str
    whole: bool = True

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels."""
        return self.height, self.width, CHANNELS[self.color_mode]

    @property
    def dtype(self) -> str:
        """The type of the pixels."""
        return "uint8" if self.whole else "float32"

    def settings(self) -> dict[str, Any]:
        """Return the form as plain values."""
        return {
            "height": self.height,
            "width": self.width,
            "color_mode": self.color_mode,
            "whole": self.whole,
        }

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "ImageForm":
        """Return the form that plain values from a file tell of.

        Args:
            settings: The values.

        Raises:
            ValueError: They are none.
        """
        height, width = settings["height"], settings["width"]
        if not all(type(one) is int and 1 <= one <= MOST_SIDE for one in (height, width)):
            given = [height, width]
            raise ValueError(f"got {given!r} for height and width, expected 1 to {MOST_SIDE}")
        colors, whole = settings["color_mode"], settings["whole"]
        if colors not in (*COLOR_MODES,):
            raise ValueError(f"got {colors!r} for color_mode, expected one of {[*COLOR_MODES]}")
        if type(whole) is not bool:
            raise ValueError(f"got {whole!r} for whole, expected true or false")
        return cls(height, width, colors, whole)

    def text(self) -> str:
        """Return size and colours in words."""
        colors = {"grayscale": "grey", "rgb": "in colour", "rgba": "in colour with opacity"}
        return f"{self.height} x {self.width} pixels, {colors[self.color_mode]}"


def check_form(size: Any, color_mode: Any) -> list[Problem]:
    """Return what is wrong with the size and the colours that a user asks for.

    Args:
        size: Pixels of both sides, or (height, width); None for what suits the images.
        color_mode: "grayscale", "rgb" or "rgba"; None likewise.
    """
    problems = []
    sides = size if isinstance(size, (tuple, list)) else (size, size)
    whole = len(sides) == 2 and all(type(one) is int and 1 <= one <= MOST_SIDE for one in sides)
    if size is not None and not whole:
        expected = f"pixels of both sides, or (height, width), each from 1 to {MOST_SIDE}"
        problems.append(Problem("size", repr(size), expected))
    if color_mode is not None and color_mode not in (*COLOR_MODES,):
        expected = f"one of {', '.join(map(repr, COLOR_MODES))}"
        fix = did_you_mean(str(color_mode), [*COLOR_MODES])
        problems.append(Problem("color_mode", repr(color_mode), expected, fix))
    return problems


def form_for(found: ImageFiles, size: Any = None, color_mode: str | None = None) -> ImageForm:
    """Return the form that suits images: their own where they agree, else one for most of them.

    Args:
        found: The images.
        size: As for `check_form`, to be used instead; likewise `color_mode`.
        color_mode: Colours.

    Raises:
        FileError: Pixels that are not whole numbers from 0 to 255 cannot be changed so.
    """
    if isinstance(found.images, np.ndarray):
        _, height, width, channels = found.images.shape
        own = {count: name for name, count in CHANNELS.items()}[channels]
        whole = found.images.dtype == np.uint8
    else:
        headers = [*_headers(found)]
        height, width = _middle(headers)
        own, whole = "grayscale" if all(one.grey for one in headers) else "rgb", True
    if size is not None:
        height, width = size if isinstance(size, (tuple, list)) else (size, size)
    elif whole:
        height, width = _shrunk(height, width)
    return ImageForm(int(height), int(width), color_mode or own, whole)


def _headers(found: ImageFiles) -> Iterator[ImageHeader]:
    """Yield what the files that can be opened say of themselves."""
    for path in found.images:
        try:
            yield read_image_header(path)
        except FileError:
            continue


def _middle(headers: Sequence[ImageHeader]) -> tuple[float, float]:
    """Return the median of heights and that of widths."""
    if not headers:
        return LONGEST_SIDE, LONGEST_SIDE
    height = np.median([one.height for one in headers])
    return float(height), float(np.median([one.width for one in headers]))


def _shrunk(height: float, width: float) -> tuple[int, int]:
    """Return a size with the same ratio whose longer side is not above `LONGEST_SIDE`."""
    factor = min(1.0, LONGEST_SIDE / max(height, width))
    return max(1, round(height * factor)), max(1, round(width * factor))


def bring(
    found: ImageFiles, form: ImageForm, where: str, room: Room | None = None
) -> tuple[NumpyArray | FileRows, ImageFiles]:
    """Return images in one form, and which of them they are: those that are no whole images not.

    Args:
        found: The images.
        form: What to bring them to.
        where: Where they lie, for messages.
        room: What they may take of memory; more are left in their files. Half of what there is
            when None.

    Returns:
        Pixels, shape (images, height, width, channels), and the images that are left, with a note
        on the others.

    Raises:
        FileError: Too many are broken, or arrays are not in a form from which this one follows.
    """
    if isinstance(found.images, np.ndarray):
        return _converted(found.images, form, where), found
    if not form.whole:
        given = "files for a model that learned from numbers other than 0 to 255"
        report([Problem(where, given, "a .npz file of such numbers")], FileError)
    read = partial(_read, form=form)
    room = room or Room.of(None)
    memory = needed(len(found) * math.prod(form.shape))
    x: NumpyArray | FileRows
    if room.holds(memory):
        kept, pixels, broken = read_each(found.images, read)
        _check_broken(broken, len(found), where)
        x = np.stack(pixels)
    else:
        kept, x, broken = find_rows(found.images, read, form.shape, np.uint8)
        _check_broken(broken, len(found), where)
        found = found.noted(streams_text(len(found), memory, room, "image"))
    if not broken:
        return x, found
    names = ", ".join(found.names[one] for one in sorted({*range(len(found))} - {*kept}))
    note = f"Left out {count_text(len(broken), 'file')} that can be no whole image: {names}."
    return x, found.take(kept).noted(note)


def _read(path: Path, form: ImageForm) -> NumpyArray:
    """Return the pixels of one image."""
    size = (form.height, form.width)
    return read_image(path, form.color_mode, size, background=BACKGROUND).astype(np.uint8)


def _converted(images: NumpyArray, form: ImageForm, where: str) -> NumpyArray:
    """Return images that are arrays already in a form."""
    if form.whole and images.dtype == np.uint8:
        return convert_images(images, form.color_mode, (form.height, form.width))
    if form.whole != (images.dtype == np.uint8) or images.shape[1:] != form.shape:
        given = f"images of shape {images.shape[1:]} and type {images.dtype}"
        expected = f"{form.shape} and {form.dtype}"
        fix = "Only whole numbers from 0 to 255 can be brought to another size or colours."
        report([Problem(where, given, expected, fix)], FileError)
    return images


def _check_broken(sentences: Sequence[str], files: int, where: str) -> None:
    """Refuse to go on where many of the files are broken, or all."""
    if sentences and len(sentences) == files:
        raise FileError("\n".join(sentences))
    most = max(1, int(MOST_BROKEN * files))
    if len(sentences) > most:
        given = f"{count_text(len(sentences), 'broken file')} of {files}"
        expected = f"at most {most}, which would be left out"
        lines = "\n".join(f"  {one}" for one in sentences)
        fix = f"Mend them or take them away:\n{lines}"
        report([Problem(where, given, expected, fix)], FileError)
