"""By which rows the trials of a search are judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.data.arrays import split_rows, to_array
from pellucid.errors import ArgumentError, Problem, report
from pellucid.models.cohort import Data
from pellucid.types import NumpyArray
from pellucid.wording import count_text

PARTS = "(x, y) or (x, y, sample_weight)"


@dataclass(frozen=True)
class Part:
    """Rows to train on and rows to be judged by, by their numbers; None for all."""

    train: NumpyArray | None
    validation: NumpyArray | None


@dataclass(frozen=True)
class Judge:
    """The rows of a search.

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


def judge(
    data: Data,
    rows: int,
    *,
    validation_split: float,
    validation_data: Any,
    cv: Any,
    seed: int,
    within: NumpyArray | None = None,
    where: str = "tune",
) -> Judge:
    """Return by which rows to judge.

    Args:
        data: All rows.
        rows: How many.
        validation_split: Share of the rows taken from the end.
        validation_data: Other rows instead, as `fit` takes them.
        cv: Folds instead: a number of them, or a splitter of scikit-learn.
        seed: Seed of the folds.
        within: Numbers of the rows to use; None for all.
        where: What messages begin with.

    Raises:
        ArgumentError: Two ways at once, or one that leaves no rows.
    """
    numbers = np.arange(rows) if within is None else within
    if cv is not None and validation_data is not None:
        fix = "Leave one of them out."
        report([Problem(where, "cv beside validation_data", "one way to be judged", fix)])
    if cv is not None:
        pairs = folds(cv, data.y, numbers, seed, f"{where}(cv=...)")
        words = f"mean over {count_text(len(pairs), 'fold')}"
        return Judge(data, tuple(Part(*one) for one in pairs), None, rows, words, {})
    if validation_data is not None:
        several = isinstance(validation_data, (tuple, list)) and len(validation_data) in (2, 3)
        shown = type(validation_data).__name__
        report([] if several else [Problem(f"{where}(validation_data=...)", shown, PARTS)])
        part = Part(None if within is None else numbers, None)
        words = "on the rows of validation_data"
        return Judge(data, (part,), Data(*validation_data), rows, words, {})
    if not validation_split:
        fix = "Give validation_split=0.2, validation_data=(x, y) or cv=5."
        report([Problem(f"{where}(validation_split=...)", "0", "rows to be judged by", fix)])
    kept = split_rows(len(numbers), validation_split)
    part = Part(numbers[:kept], numbers[kept:])
    words = f"on the last {count_text(len(numbers) - kept, 'row')}"
    return Judge(data, (part,), None, rows, words, {"validation_split": validation_split})


def folds(
    cv: Any, y: Any, numbers: NumpyArray, seed: int, where: str
) -> list[tuple[NumpyArray, NumpyArray]]:
    """Return numbers of training and of validation rows, a pair for each fold.

    Args:
        cv: A number of folds, which are shuffled and hold each class alike, or a splitter of
            scikit-learn, or pairs of row numbers.
        y: Labels of all rows.
        numbers: The rows to divide.
        seed: Seed of the folds' order.
        where: What messages begin with.

    Raises:
        ArgumentError: There are more folds than rows, or `cv` is none of these.
    """
    from sklearn.model_selection import KFold, StratifiedKFold

    labels = _labels(y)
    own = None if labels is None else labels[numbers]
    splitter = cv
    if isinstance(cv, (int, np.integer)) and not isinstance(cv, bool):
        fewest = len(numbers) if own is None or not _are_classes(own) else _fewest(own)
        if not 2 <= cv <= len(numbers):
            expected = f"from 2 to {len(numbers):,}, the number of rows"
            report([Problem(where, count_text(int(cv), "fold"), expected)])
        kind = StratifiedKFold if cv <= fewest and fewest < len(numbers) else KFold
        splitter = kind(int(cv), shuffle=True, random_state=seed)
    if hasattr(splitter, "split"):
        pairs = list(splitter.split(np.zeros((len(numbers), 1)), own))
    elif isinstance(splitter, Sequence) and not isinstance(splitter, str):
        pairs = list(splitter)
    else:
        expected = "a number of folds, a splitter of scikit-learn or pairs of row numbers"
        raise ArgumentError(str(Problem(where, repr(cv), expected)))
    return [(numbers[np.asarray(train)], numbers[np.asarray(held)]) for train, held in pairs]


def _labels(y: Any) -> NumpyArray | None:
    """Return one label a row, as folds may be divided by; None where there are several."""
    if isinstance(y, Mapping):
        return None
    array = to_array(y, "y", text=True)
    if array.ndim == 2 and array.shape[1] > 1 and np.array_equal(array.sum(axis=1), array.max(1)):
        array = array.argmax(axis=1)
    array = array.reshape(len(array), -1)
    return array[:, 0] if array.shape[1] == 1 else None


def _are_classes(labels: NumpyArray) -> bool:
    if labels.dtype.kind == "f" and not np.array_equal(labels, np.round(labels)):
        return False
    return len(np.unique(labels)) <= max(2, len(labels) // 10)


def _fewest(labels: NumpyArray) -> int:
    return int(np.unique(labels, return_counts=True)[1].min())
