"""Lines of text files, and the numbers in them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pellucid.errors import DataError, FileError, Problem, near, report
from pellucid.types import NumpyArray

MOST_BYTES = 2_000_000_000
"""Size of a file above which it is taken for an attack on memory."""


def lines_of(path: Path, expected: str) -> list[str]:
    """Return the lines of a text file; what is no UTF-8 in it becomes a mark that is no number.

    Args:
        path: The file.
        expected: What it should hold, for messages.

    Raises:
        FileError: No such file, an empty one, or one that is far too large.
    """
    try:
        size = path.stat().st_size
        if not size:
            report([Problem(str(path), "an empty file", expected)], FileError)
        if size > MOST_BYTES:
            given = f"a file of {size:,} bytes"
            report([Problem(str(path), given, f"at most {MOST_BYTES:,}")], FileError)
        raw = path.read_bytes()
    except OSError as error:
        files = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        suggestion = near(path.name, files)
        fix = "" if suggestion is None else f"Did you mean '{path.parent / suggestion}'?"
        given = "no such file" if isinstance(error, FileNotFoundError) else f"{error.strerror}"
        raise FileError(str(Problem(str(path), given, expected, fix))) from None
    # Not `splitlines`: it parts lines at characters that are no line's end.
    return raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")


def is_number(text: str) -> bool:
    """Return whether a text is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def numbers_of(fields: Sequence[str], place: str) -> NumpyArray:
    """Return fields as float32.

    Args:
        fields: Texts.
        place: Where they stand, for messages.

    Raises:
        DataError: One is no finite number.
    """
    try:
        wide = np.array(fields, np.float64)
    except ValueError:
        strange = next((one for one in fields if not is_number(one)), fields[0])
        raise DataError(str(Problem(place, repr(strange.strip()[:40]), "a number"))) from None
    with np.errstate(over="ignore"):
        found = wide.astype(np.float32)
    if not np.isfinite(found).all():
        strange = fields[int(np.flatnonzero(~np.isfinite(found))[0])]
        report([Problem(place, repr(strange.strip()[:40]), "a finite number")], DataError)
    return found
