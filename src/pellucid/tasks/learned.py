"""Which rows a run learned from, kept beside its model: an evaluation on them flatters."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.atomic import write_atomically
from pellucid.data.file_rows import digests
from pellucid.data.table import Table
from pellucid.data.table.values import levels_of
from pellucid.errors import FileError, Problem, report
from pellucid.types import NumpyArray

LEARNED = "learned.npy"
"""The file of the marks of what was learned from, in the folder of a run."""

FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""An odd number that mixes the marks of columns: 2^64 divided by the golden ratio."""


@dataclass(frozen=True)
class Contents:
    """What tells equal examples of some data from others.

    Args:
        marks: A number for each example, uint64, equal for equal ones.
        noun: One example, in words: "row".
    """

    marks: NumpyArray
    noun: str


def marks_of(examples: Any) -> NumpyArray:
    """Return a number for each example, uint64, equal for equal ones.

    Args:
        examples: An array, rows in files, or a list of texts or arrays.
    """
    return np.array([int(one[:16], 16) for one in digests(examples)], np.uint64)


def marks_of_rows(table: Table, names: Sequence[str]) -> NumpyArray:
    """Return a number for each row of a table, uint64, equal for rows with equal values.

    Args:
        table: The rows.
        names: Columns that are compared.
    """
    marks = np.zeros(table.rows, np.uint64)
    for name in names:
        levels, codes = np.unique(levels_of(table[name]).astype(str), return_inverse=True)
        marks = marks * FACTOR + marks_of(levels.tolist())[codes]
    return marks


def keep_marks(folder: Path, marks: NumpyArray) -> None:
    """Write what tells the examples that were learned from.

    Args:
        folder: The folder of the run.
        marks: Of each of them.
    """
    write_atomically(folder / LEARNED, lambda file: np.save(file, np.unique(marks)))


def flattery(model: Path, contents: Contents | None) -> tuple[str, ...]:
    """Return a sentence on how many examples a model was trained on; none where it was on none.

    Where that is not known, as of a model without the folder of its run, the sentence says so.

    Args:
        model: The model file; what its run learned from lies beside it.
        contents: The examples that it is evaluated on.

    Raises:
        FileError: The file of what was learned from is damaged.
    """
    path = model.with_name(LEARNED)
    if contents is None:
        return ()
    if not path.is_file():
        return (
            f"Which of these {contents.noun}s were trained on is not known, because '{path}' is "
            "not there: if some were, the scores flatter.",
        )
    total, seen = len(contents.marks), int(np.isin(contents.marks, _kept(path)).sum())
    if not seen:
        return ()
    which = "All" if seen == total else f"{seen:,}"
    be = "was" if seen == 1 else "were"
    rows = contents.noun if total == 1 else f"{contents.noun}s"
    return (f"{which} of these {total:,} {rows} {be} trained on: the scores flatter.",)


def _kept(path: Path) -> NumpyArray:
    try:
        marks = np.load(path, allow_pickle=False)
        if marks.dtype != np.uint64 or marks.ndim != 1:
            raise ValueError("got other numbers")
    except (OSError, ValueError, EOFError, AttributeError):
        report([Problem(f"{path}", "something else", "the marks of rows of a run")], FileError)
        raise
    return marks
