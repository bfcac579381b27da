"""Labelled things of any kind, and which of them train, stop and test."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pellucid.data.file_rows import FileRows, digests
from pellucid.data.table import as_table, split_rows
from pellucid.data.table.split import Split
from pellucid.errors import DataError, Problem, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text

LEAST_OF_CLASS = 3
"""Examples of a class below which it cannot be in each of three parts."""

FEW_GROUPS = 10
"""Groups below which none is spared for validation: a network must know several to know more."""


@dataclass(frozen=True)
class Examples:
    """Things with their classes, each of which was read from somewhere.

    Args:
        x: What the network takes: one array, rows first; rows in files; or a list of sequences.
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
            x=self.x[rows] if _at_once(self.x) else [self.x[row] for row in rows],
            names=tuple(self.names[row] for row in rows),
            labels=None if self.labels is None else self.labels[rows],
            groups=None if self.groups is None else self.groups[rows],
            test=None if self.test is None else self.test[rows],
        )

    def learned(self, validation: float, test: float) -> float:
        """Return about how many are learned from.

        Args:
            validation: Share of what is not tested that says when to stop.
            test: Share of all that tests, unless the data set says which.
        """
        tested = test * len(self) if self.test is None else float(self.test.sum())
        return (len(self) - tested) * (1 - validation)

    def shares(self) -> tuple[float, ...]:
        """Return the share of each class."""
        assert self.labels is not None
        counts = np.bincount(self.labels, minlength=len(self.classes))
        return tuple((counts / len(self)).tolist())


def _at_once(x: Any) -> bool:
    """Return whether rows are chosen by a list of their numbers."""
    return isinstance(x, (np.ndarray, FileRows))


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
    report(_too_few(examples, where), DataError)
    few = examples.groups is not None and len({*examples.groups}) < FEW_GROUPS
    if examples.test is not None:
        left, kept = np.flatnonzero(~examples.test), np.flatnonzero(examples.test)
        notes = (f"{count_text(len(kept), 'example')} to evaluate on, as the data set says.",)
    elif few:
        first = _parted(examples, 0.0, test, seed)
        left, kept, notes = first.training, first.test, first.notes
    else:
        return _parted(examples, validation * (1 - test), test, seed)
    rest = examples.take(left)
    parted = _parted(replace(rest, groups=None) if few else rest, validation, 0.0, seed)
    told = ("There are few groups: those to learn from also say when to stop.",) if few else ()
    parts = left[parted.training], left[parted.validation], kept
    return Split(*parts, notes=(*parted.notes, *notes, *told))


def validation_rows(examples: Examples, *, validation: float, seed: int) -> NumpyArray:
    """Return the numbers of examples that are kept to say when to stop.

    Equal ones stay together, and so do those of one group.

    Args:
        examples: All that are not tested.
        validation: Their share.
        seed: Seed of the lot.
    """
    return _parted(examples, validation, 0.0, seed).validation


def _parted(examples: Examples, validation: float, test: float, seed: int) -> Split:
    contents = digests(examples.x)
    columns: dict[str, Any] = {"content": contents}
    options: dict[str, Any] = {"columns": ["content"], "seed": seed}
    if examples.groups is not None:
        columns["group"] = _linked(contents, [str(one) for one in examples.groups])
        options["groups"] = "group"
    table = as_table(columns)
    return split_rows(table, examples.labels, validation=validation, test=test, **options)


def _linked(contents: Sequence[str], groups: Sequence[str]) -> list[str]:
    """Return the groups after joining those that have an example in common."""
    parent = {name: name for name in groups}

    def first(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    owner: dict[str, str] = {}
    for content, name in zip(contents, groups, strict=True):
        parent[first(name)] = first(owner.setdefault(content, name))
    return [first(name) for name in groups]


def rare_classes(examples: Examples) -> dict[str, int]:
    """Return the classes with too few examples to be in each part, with their numbers.

    Args:
        examples: Any with labels; what the data set keeps for the test does not count.
    """
    assert examples.labels is not None
    known = examples.labels if examples.test is None else examples.labels[~examples.test]
    counts = np.bincount(known, minlength=len(examples.classes)).tolist()
    least = _least_of_class(examples)
    named = zip(examples.classes, counts, strict=True)
    return {name: count for name, count in named if count < least}


def without_rare_classes(examples: Examples, noun: str) -> Examples:
    """Return examples without the classes that have too few, which a note names.

    Where fewer than two classes would be left all stay, for `split_examples` to tell.

    Args:
        examples: Any with labels.
        noun: One example, in words.
    """
    rare = rare_classes(examples)
    classes = tuple(name for name in examples.classes if name not in rare)
    if not rare or len(classes) < 2:
        return examples
    assert examples.labels is not None
    numbers = np.array([classes.index(one) if one in classes else -1 for one in examples.classes])
    labels = numbers[examples.labels].astype(np.int32)
    kept = replace(examples, labels=labels).take(np.flatnonzero(labels >= 0))
    told = ", ".join(f"'{name}' ({count})" for name, count in rare.items())
    least = count_text(_least_of_class(examples), noun)
    note = f"Left out {count_text(len(rare), 'class')} with fewer than {least}: {told}."
    return replace(kept, classes=classes, notes=(*kept.notes, note))


def _least_of_class(examples: Examples) -> int:
    return LEAST_OF_CLASS - (examples.test is not None)


def _too_few(examples: Examples, where: str) -> list[Problem]:
    classes = examples.classes
    if len(classes) < 2:
        given = f"{count_text(len(classes), 'class')}: {', '.join(map(repr, classes))}"
        return [Problem(where, given, "at least two classes to tell apart")]
    test = ", one to test" if examples.test is None else ""
    least = _least_of_class(examples)
    expected = f"at least {least}: one to learn from, one to stop by{test}"
    fix = "Add more, or leave the class out."
    return [
        Problem(f"{where}, class '{name}'", count_text(count, "example"), expected, fix)
        for name, count in rare_classes(examples).items()
    ]
