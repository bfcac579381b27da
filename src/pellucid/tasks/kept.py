"""The answers that a run kept of the rows it was never trained on."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pellucid.data.table import Column, Table, read_table
from pellucid.errors import FileError, Problem, report
from pellucid.tasks.scores import Predictions
from pellucid.types import NumpyArray

KEPT = "predictions.csv"
"""Their file in the folder of a run."""


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
