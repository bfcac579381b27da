"""Data sets that come in two files, one to learn from and one to test: `X_TRAIN`, `X_TEST`."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from pellucid.data.sequence_files.sequence_set import SequenceSet, joined
from pellucid.errors import FileError, Problem, report
from pellucid.wording import count_text

TRAINING = re.compile(r"(.*)(train)", re.IGNORECASE)
TEST = {"train": "test", "TRAIN": "TEST", "Train": "Test"}


def partner_of(path: Path) -> Path | None:
    """Return the file with the test that belongs to a training file; None if there is none.

    Args:
        path: The training file, such as `X_TRAIN.ts`.
    """
    found = TRAINING.fullmatch(path.stem)
    if found is None or found[2] not in TEST:
        return None
    other = path.with_name(f"{found[1]}{TEST[found[2]]}{path.suffix}")
    return other if other.is_file() else None


def with_partner(path: Path, read: Callable[[Path], SequenceSet]) -> SequenceSet:
    """Return what is in a file and, marked as the test, what is in its partner.

    Args:
        path: The file.
        read: Reads one.

    Raises:
        FileError: The two have different channels.
    """
    other = partner_of(path)
    if other is None:
        return read(path)
    known, kept = _both(path, other, read)
    return replace(
        joined([known, kept]),
        test=np.repeat([False, True], [len(known), len(kept)]),
    ).noted(f"{other.name} is the test.")


def whole_pair(path: Path, read: Callable[[Path], SequenceSet]) -> SequenceSet:
    """Return what is in a training file and in its partner, all alike.

    Args:
        path: The training file, which has a partner.
        read: Reads one.

    Raises:
        FileError: The two have different channels.
    """
    other = partner_of(path)
    assert other is not None
    found = joined(_both(path, other, read))
    rows = count_text(len(found), "sequence")
    return found.noted(f"{path.name} and {other.name} together: {rows}.")


def _both(
    path: Path, other: Path, read: Callable[[Path], SequenceSet]
) -> tuple[SequenceSet, SequenceSet]:
    """Return what is in two files that must have the same channels."""
    known, kept = read(path), read(other)
    if len(kept.channels) != len(known.channels):
        given = count_text(len(kept.channels), "channel")
        expected = f"{len(known.channels)} as in {path.name}"
        report([Problem(str(other), given, expected)], FileError)
    return known, kept
