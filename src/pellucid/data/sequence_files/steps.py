"""One sequence in a file of its own: a line for each step, a column for each channel."""

from pathlib import Path

import numpy as np

from pellucid.data.sequence_files.sequence_set import numbered_channels
from pellucid.data.sequence_files.text import is_number, lines_of, numbers_of
from pellucid.errors import FileError, Problem, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text

EXPECTED = "a sequence as CSV: a line for each step"

SEPARATORS = ",;\t"


def fields_of(line: str, separator: str | None) -> list[str]:
    """Return the fields of a line.

    Args:
        line: The line.
        separator: What stands between them; None for blanks.
    """
    return [one.strip() for one in line.split(separator)]


def separator_of(line: str) -> str | None:
    """Return what stands between the fields of a line; None for blanks."""
    return next((one for one in SEPARATORS if one in line), None)


def read_steps(path: Path) -> tuple[NumpyArray, tuple[str, ...]]:
    """Return a sequence, float32, shape (steps, channels), and the names of its channels.

    Args:
        path: A CSV whose first line may name the channels, `#` before the names or not.

    Raises:
        DataError: A value is no number.
        FileError: There is no such file, or lines differ in length.
    """
    lines = [one for one in lines_of(path, EXPECTED) if one.strip()]
    first = lines[0] if lines else ""
    separator = separator_of(first)
    names = fields_of(first.lstrip("#"), separator)
    titled = first.startswith("#") or not all(map(is_number, names))
    rows = [fields_of(one, separator) for one in lines[titled:]]
    if not rows:
        report([Problem(str(path), "no line of numbers", EXPECTED)], FileError)
    width = len(names)
    for number, row in enumerate(rows, 1 + titled):
        if len(row) != width:
            given = count_text(len(row), "value")
            place = f"{path}, line {number}"
            report([Problem(place, given, f"{width}, as in the first line")], FileError)
    found = [numbers_of(row, f"{path}, line {n}") for n, row in enumerate(rows, 1 + titled)]
    return np.stack(found), tuple(names) if titled else numbered_channels(width)
