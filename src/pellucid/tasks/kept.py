"""What a run kept of the rows it was never trained on: answers, and scores."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.table import Column, Table, read_table
from pellucid.errors import FileError, Problem, report
from pellucid.tasks.nested_scores import NestedScores
from pellucid.tasks.scores import SCORE_NAMES, Predictions
from pellucid.types import NumpyArray

KEPT = "predictions.csv"
"""The file of the answers in the folder of a run."""

METRICS = "metrics.json"
"""The file of the scores."""

NESTED = "nested.json"
"""The file of the scores over outer folds."""

Scores = dict[str, dict[str, float | None]]
"""Scores of the network and of each baseline."""


def kept_scores(model: Path) -> Scores:
    """Return the scores that lie beside a model; none where it stands alone.

    Args:
        model: The model file.

    Raises:
        FileError: The file of the scores is damaged.
    """
    path = model.with_name(METRICS)
    if not path.is_file():
        return {}
    try:
        scores = json.loads(path.read_text(encoding="utf-8"))["scores"]
        return {str(who): _numbers(own) for who, own in scores.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        report([Problem(f"{path}", "something else", "the scores of a run")], FileError)
        raise


def kept_nested(model: Path) -> NestedScores | None:
    """Return the scores over outer folds that lie beside a model; None where it stands alone.

    Args:
        model: The model file.

    Raises:
        FileError: The file of the scores is damaged.
    """
    path = model.with_name(NESTED)
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["folds"]
        folds = [{str(who): _numbers(own) for who, own in one["scores"].items()} for one in found]
        if len(folds) < 2 or not folds[0] or any(_names(one) != _names(folds[0]) for one in folds):
            raise ValueError("got folds without the same scores")
        rows = [int(one["rows"]) for one in found]
        return NestedScores(folds, rows, [dict(one["parameters"]) for one in found])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        report([Problem(f"{path}", "something else", "the scores of outer folds")], FileError)
        raise


def _names(scores: Scores) -> list[tuple[str, list[str]]]:
    return [(who, list(own)) for who, own in scores.items()]


def _numbers(scores: Any) -> dict[str, float | None]:
    found = {name: scores[name] for name in scores if name in SCORE_NAMES}
    if not all(one is None or math.isfinite(one) for one in found.values()):
        raise ValueError("got a score that is no number")
    return found


def kept_table(path: Path, columns: Sequence[str]) -> Table:
    """Return the answers, once all columns are there.

    Args:
        path: The file.
        columns: Names that it must have.

    Raises:
        FileError: It has not.
    """
    table = read_table(path, header=True)
    report(
        (
            Problem(f"{path}", f"no column '{name}'", "the predictions of this model")
            for name in columns
            if name not in table
        ),
        FileError,
    )
    return table


def kept_classes(path: Path, labels: Sequence[str]) -> tuple[Table, Predictions]:
    """Return the answers with their table, whose column `actual` holds the truth.

    Args:
        path: The file.
        labels: Names of the classes.

    Raises:
        FileError: They are the answers of another model.
    """
    columns = [f"probability of {label}" for label in labels]
    table = kept_table(path, ("actual", *columns))
    probabilities = np.stack([numbers_in(path, table[name]) for name in columns], axis=1)
    return table, Predictions(probabilities.argmax(axis=1), probabilities)


def numbers_in(path: Path, column: Column) -> NumpyArray:
    """Return a column's numbers.

    Args:
        path: Its file, for messages.
        column: The column.

    Raises:
        FileError: Some are missing, or no numbers.
    """
    if column.storage != "number" or column.missing.any():
        expected = "a number in each row"
        report([Problem(f"{path}, column '{column.name}'", "other values", expected)], FileError)
    return column.values
