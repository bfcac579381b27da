"""By which rows the trials of a search are judged."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.data.arrays import split_rows
from pellucid.errors import DataError, PellucidWarning, Problem, report
from pellucid.models.cohort import Data
from pellucid.tuning.folds import Rows, folds_of
from pellucid.types import NumpyArray
from pellucid.wording import count_text

PARTS = "(x, y) or (x, y, sample_weight)"

AWAITED = 5
"""Rows of a class that a part of the rows would have by its share; without any it is no chance."""

SHOWN = 5
"""Classes that are named."""

SORTED = "Shuffle the rows first, or write cv=5, which gives each fold its share of each class."


@dataclass(frozen=True)
class Part:
    """Rows to train on and rows to be judged by, by their numbers; None for all."""

    train: NumpyArray | None
    validation: NumpyArray | None


@dataclass(frozen=True)
class Validation:
    """By which rows the trials of a search are judged, and on which they are trained.

    Args:
        data: All rows to train on and, where nothing is held out, to be judged by.
        parts: One for each training of a trial: one split, or the folds.
        held_out: Other rows to be judged by, or None.
        rows: Number of rows.
        words: What it does, for people.
        fit: Arguments of `fit` that do the same where there is one part.
    """

    data: Data
    parts: tuple[Part, ...]
    held_out: Data | None
    rows: int
    words: str
    fit: Mapping[str, Any]

    @property
    def folded(self) -> bool:
        """Whether there are several parts."""
        return len(self.parts) > 1


def validation_of(
    data: Data,
    rows: Rows,
    *,
    validation_split: float,
    validation_data: Any,
    cv: Any,
    seed: int,
    within: NumpyArray | None = None,
    where: str = "tune",
) -> Validation:
    """Return by which rows to judge.

    Args:
        data: All rows.
        rows: What splitting has to know of them.
        validation_split: Share of the rows taken from the end.
        validation_data: Other rows instead, as `fit` takes them.
        cv: Folds instead: a number of them, or a splitter of scikit-learn.
        seed: Seed of the folds.
        within: Numbers of the rows to use; None for all.
        where: What messages begin with.

    Raises:
        ArgumentError: Two ways at once, or one that leaves no rows.
        DataError: A fold trains on one class alone.

    Warns:
        PellucidWarning: The last rows lack a class that is frequent among the others.
    """
    numbers = np.arange(rows.count) if within is None else within
    if cv is not None and validation_data is not None:
        fix = "Leave one of them out."
        report([Problem(where, "cv beside validation_data", "one way to be judged", fix)])
    if cv is not None:
        found = folds_of(cv, 1, _of(rows, numbers), seed, where)
        words = f"mean over {count_text(len(found), 'fold')}"
        parts = tuple(Part(numbers[one.train], numbers[one.test]) for one in found)
        return Validation(data, parts, None, rows.count, words, {})
    if validation_data is not None:
        part = Part(None if within is None else numbers, None)
        words = "on the rows held out"
        return Validation(data, (part,), held_out(validation_data, where), rows.count, words, {})
    if not validation_split:
        fix = "Give validation_split=0.2, validation_data=(x, y) or cv=5."
        report([Problem(f"{where}(validation_split=...)", "0", "rows to be judged by", fix)])
    kept = split_rows(len(numbers), validation_split, where)
    if rows.classes is not None:
        check_sorted(rows.classes[numbers], kept, where)
    part = Part(numbers[:kept], numbers[kept:])
    words = f"on the last {count_text(len(numbers) - kept, 'row')}"
    return Validation(
        data, (part,), None, rows.count, words, {"validation_split": validation_split}
    )


def held_out(validation_data: Any, where: str) -> Data:
    """Return other rows to be judged by.

    Raises:
        ArgumentError: They are no inputs and labels.
    """
    several = isinstance(validation_data, (tuple, list)) and len(validation_data) in (2, 3)
    shown = type(validation_data).__name__
    report([] if several else [Problem(f"{where}(validation_data=...)", shown, PARTS)])
    return Data(*validation_data)


def check_sorted(classes: NumpyArray, kept: int, where: str) -> None:
    """Look whether the rows from `kept` on, which judge, have classes as the rows before them.

    Args:
        classes: The class of each row.
        kept: Number of rows to train on.
        where: What messages begin with.

    Raises:
        DataError: One class alone is trained on.

    Warns:
        PellucidWarning: A class of which one would await `AWAITED` rows has none on a side.
    """
    found = np.unique(classes)
    parts = {"the last": classes[kept:], "the first": classes[:kept]}
    held = f"{where}(validation_split=...)"
    if len(found) > 1 and len(np.unique(parts["the first"])) == 1:
        given = f"training rows of class {classes[0]} alone"
        report([Problem(held, given, "at least two classes", SORTED)], DataError)
    for place, part in parts.items():
        awaited = {one: np.mean(classes == one) * len(part) for one in found}
        missing = [one for one in found if one not in part and awaited[one] >= AWAITED]
        if missing:
            which = "class" if len(missing) == 1 else "classes"
            shown = ", ".join(map(str, missing[:SHOWN])) + ", ..." * (len(missing) > SHOWN)
            does = "judge" if place == "the last" else "are trained on"
            given = f"no row of {which} {shown} among {place} {len(part):,}, which {does}"
            problem = Problem(held, given, "each class on both sides", SORTED)
            warnings.warn(str(problem), PellucidWarning, stacklevel=5)


def _of(rows: Rows, numbers: NumpyArray) -> Rows:
    """Return what splitting has to know of some of the rows."""
    classes, groups = (None if one is None else one[numbers] for one in (rows.classes, rows.groups))
    return Rows(len(numbers), classes, groups)
