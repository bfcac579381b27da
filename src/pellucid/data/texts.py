"""Texts in files."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pellucid.errors import FileError, Problem, report
from pellucid.types import NumpyArray

ENDINGS = (".txt",)

MOST_BYTES = 50_000_000
"""Bytes of one text above which it is taken for a mistake."""


def read_text(path: str | os.PathLike[str]) -> str:
    """Return what is in a text file, read as UTF-8.

    Raises:
        FileError: No such file, not UTF-8, or far too large.
    """
    try:
        size = Path(path).stat().st_size
        if size > MOST_BYTES:
            given, expected = f"{size:,} bytes", f"at most {MOST_BYTES:,}"
            report([Problem(str(path), given, expected, "Split it first.")], FileError)
        return Path(path).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise FileError(f"{path}: got no such file, expected a text.") from None
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise FileError(
            f"{path}: got byte {byte:#04x} at place {error.start}, expected UTF-8. "
            "Save the file as UTF-8."
        ) from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}).") from None


def read_texts(paths: Sequence[Path], longest: int | None) -> NumpyArray:
    """Return several texts as an array of strings.

    Args:
        paths: The files.
        longest: Characters of each text that are kept; None for all.

    Raises:
        FileError: Some cannot be read; every one is told.
    """
    read, broken = [], []
    for path in paths:
        try:
            read.append(read_text(path)[:longest])
        except FileError as error:
            broken.append(str(error))
    if broken:
        raise FileError("\n".join(broken))
    return np.array(read, np.str_)
