"""Labelled things of any kind, and which of them train, stop and test."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from pellucid.data.table import Table, as_table, split_rows
from pellucid.data.table.split import Split
from pellucid.errors import DataError, Problem, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text

LEAST_OF_CLASS = 3
"""Examples of a class below which it cannot be in each part."""

FEW_GROUPS = 10
"""Groups below which none is spared for validation: a network must know several to know more."""


@dataclass(frozen=True)
class Examples:
    """Things with their classes, each of which was read from somewhere.

    Args:
        x: What the network takes: one array, rows first, or a list of sequences.
        names: Where each came from, as answers show it: a file, or a line of one.
        labels: Class numbers, int32 (rows,); None where the classes are not known.
        classes: Names of the classes.
        groups: A name for each; what has the same is never split, such as a speaker's recordings.
        test: True for what the data set itself keeps for the test; None where it does not say.
        notes: Sentences about what was read, what was left out among them.
    """

    x: Any
    names: tuple[str, ...]
    labels: NumpyArray | None
    classes: tuple[str, ...]
    groups: NumpyArray | None = None
    test: NumpyArray | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    def take(self, rows: NumpyArray) -> "Examples":
        """Return some of the examples.

        Args:
            rows: Their numbers.
        """
        return replace(
            self,
            x=self.x[rows] if isinstance(self.x, np.ndarray) else [self.x[row] for row in rows],
            names=tuple(self.names[row] for row in rows),
            labels=None if self.labels is None else self.labels[rows],
            groups=None if self.groups is None else self.groups[rows],
            test=None if self.test is None else self.test[rows],
        )

    def shares(self) -> tuple[float, ...]:
        """Return the share of each class."""
        assert self.labels is not None
        counts = np.bincount(self.labels, minlength=len(self.classes))
        return tuple((counts / len(self)).tolist())


def split_examples(
    examples: Examples, where: str, *, validation: float, test: float, seed: int
) -> Split:
    """Return which examples train, say when to stop, and test.

    Equal ones stay together, and so do those of one group; each part has its share of each class.
    Where there are few groups, only the test has some of its own.

    Args:
        examples: What to split.
        where: The data, for messages.
        validation: Share of what is left for training that says when to stop.
        test: Share of all that tests, unless the data set says which.
        seed: Seed of the lot.

    Raises:
        DataError: A class has too few examples, or a part would be empty.
    """
    labels = examples.labels
    assert labels is not None
    counts = np.bincount(labels, minlength=len(examples.classes))
    report(_too_few(examples.classes, counts, where), DataError)
    columns: dict[str, Any] = {"content": [_digest(one) for one in examples.x]}
    if examples.groups is not None:
        columns["group"] = [str(one) for one in examples.groups]
    few = examples.groups is not None and len({*columns["group"]}) < FEW_GROUPS
    groups = None if examples.groups is None else "group"
    parted = partial(_parted, as_table(columns), labels, seed)
    every = np.arange(len(examples))
    if examples.test is not None:
        left, kept = np.flatnonzero(~examples.test), np.flatnonzero(examples.test)
        notes = (f"{count_text(len(kept), 'example')} to evaluate on, as the data set says.",)
    elif few:
        first = parted(every, validation=0.0, test=test, groups=groups)
        left, kept, notes = first.training, first.test, first.notes
    else:
        return parted(every, validation=validation * (1 - test), test=test, groups=groups)
    rest = parted(left, validation=validation, test=0.0, groups=None if few else groups)
    told = ("There are few groups: those to learn from also say when to stop.",) if few else ()
    return Split(rest.training, rest.validation, kept, (*rest.notes, *notes, *told))


def _parted(
    table: Table,
    labels: NumpyArray,
    seed: int,
    rows: NumpyArray,
    *,
    validation: float,
    test: float,
    groups: str | None,
) -> Split:
    """Return the parts of some of the rows, by their numbers among all."""
    found = split_rows(
        table.take(rows),
        labels[rows],
        validation=validation,
        test=test,
        groups=groups,
        columns=["content"],
        seed=seed,
    )
    parts = [rows[part] for part in (found.training, found.validation, found.test)]
    return Split(*parts, notes=found.notes)


def _too_few(classes: Sequence[str], counts: NumpyArray, where: str) -> list[Problem]:
    if len(classes) < 2:
        given = f"{count_text(len(classes), 'class')}: {', '.join(map(repr, classes))}"
        return [Problem(where, given, "at least two classes to tell apart")]
    expected = f"at least {LEAST_OF_CLASS}: one to learn from, one to stop by, one to test"
    fix = "Add more, or leave the class out."
    return [
        Problem(f"{where}, class '{name}'", count_text(int(count), "example"), expected, fix)
        for name, count in zip(classes, counts, strict=True)
        if count < LEAST_OF_CLASS
    ]


def _digest(one: Any) -> str:
    if isinstance(one, str):
        return hashlib.blake2b(one.encode(), digest_size=12).hexdigest()
    array = np.ascontiguousarray(one)
    return hashlib.blake2b(array.tobytes() + str(array.shape).encode(), digest_size=12).hexdigest()
