"""Scores of a saved model on data that have the truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pellucid.tasks.learned import Contents
from pellucid.tasks.scores import scores_text
from pellucid.text_table import text_table
from pellucid.types import NumpyArray

MOST_CLASSES = 12
"""Classes up to which a confusion matrix is readable as text."""


@dataclass(frozen=True)
class Evaluation:
    """How good a model is on some rows.

    Args:
        tested: On what: "On 100 rows:".
        scores: Scores of the network, and of what it is compared with.
        details: Further text, such as a confusion matrix.
        notes: Sentences about what was left out.
        contents: What tells equal examples from others.
        warnings: Sentences on how the scores are to be taken.
    """

    tested: str
    scores: Mapping[str, Mapping[str, float | None]]
    details: str | None = None
    notes: tuple[str, ...] = ()
    contents: Contents | None = None
    warnings: tuple[str, ...] = ()

    def summary_text(self) -> str:
        """Return the scores, as text."""
        lines = [*self.notes, self.tested, scores_text(self.scores)]
        lines += [line for one in self.warnings for line in ("", one)]
        if self.details is not None:
            lines += ["", self.details]
        return "\n".join(lines)


def confusion_text(actual: NumpyArray, predicted: NumpyArray, labels: Sequence[str]) -> str | None:
    """Return how often each class was taken for each; None where there are too many classes.

    Args:
        actual: Class numbers, shape (rows,).
        predicted: Class numbers, shape (rows,).
        labels: Names of the classes.
    """
    if not labels or len(labels) > MOST_CLASSES:
        return None
    rows = []
    for number, label in enumerate(labels):
        own = predicted[actual == number]
        rows.append([label, *(int(np.sum(own == one)) for one in range(len(labels)))])
    return text_table(rows, ["actual \\ predicted", *labels])
