"""How good a network is, as a part of a page: scores, and the pictures that suit its answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pellucid.page import Item, Plot, Section, Sentence, Table
from pellucid.report.calibration import calibration_curve
from pellucid.report.confusion import confusion_matrix
from pellucid.report.precision_recall import precision_recall_curve
from pellucid.report.regression import predicted_against_actual, residuals
from pellucid.report.roc import roc_curve
from pellucid.text_table import cell_text
from pellucid.types import NumpyArray


@dataclass(frozen=True)
class ClassAnswers:
    """Classes as they are and as they were predicted.

    Args:
        actual: Number of each row's class, shape (rows,).
        probabilities: Shape (rows, classes), from 0 to 1.
        labels: Names of the classes.
    """

    actual: NumpyArray
    probabilities: NumpyArray
    labels: Sequence[str]


@dataclass(frozen=True)
class NumberAnswers:
    """Numbers as they are and as they were predicted, both of shape (rows,).

    Args:
        actual: The truth.
        predicted: What the network says.
        name: What the numbers are.
    """

    actual: NumpyArray
    predicted: NumpyArray
    name: str = "value"


@dataclass(frozen=True)
class Evaluation:
    """How good a network is on some rows.

    Args:
        of: On which rows: "On 100 rows".
        scores: For the network, and what it is compared with, each score by name.
        answers: What it says of each row, one for each output that can be drawn.
        others: Tables of scores on other rows.
        warnings: Sentences on how the scores are to be taken.
    """

    of: str
    scores: Mapping[str, Mapping[str, Any]]
    answers: Sequence[ClassAnswers | NumberAnswers] = field(default=())
    others: Sequence[Table] = field(default=())
    warnings: Sequence[str] = field(default=())

    @property
    def headline(self) -> str:
        """The first model's scores, in a line."""
        own = next(iter(self.scores.values()), {})
        told = [f"{name} {cell_text(value)}" for name, value in own.items() if value is not None]
        return f"{self.of}: {', '.join(told)}." if told else ""


def evaluation_section(evaluation: Evaluation | None, title: str = "Evaluation") -> Section:
    """Return scores and pictures; nothing where there was no evaluation."""
    if evaluation is None:
        return Section(title, [])
    names = list(dict.fromkeys(name for own in evaluation.scores.values() for name in own))
    rows = [[who, *(own.get(name) for name in names)] for who, own in evaluation.scores.items()]
    items: list[Item] = [Sentence(f"{evaluation.of}.")]
    if names:
        items.append(Table("Scores", ["", *names], rows))
    items += map(Sentence, evaluation.warnings)
    items += evaluation.others
    for answers in evaluation.answers:
        is_class = isinstance(answers, ClassAnswers)
        items += _class_plots(answers) if is_class else _number_plots(answers)
    return Section(title, items)


def _class_plots(answers: ClassAnswers) -> list[Item]:
    labels = list(answers.labels)
    named = np.array(labels, object)
    actual = named[answers.actual]
    predicted = answers.probabilities.argmax(axis=1)
    right = float(np.mean(predicted == answers.actual))
    plots: list[Item] = [
        Plot(
            confusion_matrix(actual, named[predicted], labels=labels),
            f"Confusion matrix: {right:.1%} of {len(actual):,} rows are right.",
        )
    ]
    scores = answers.probabilities[:, 1] if len(labels) == 2 else answers.probabilities
    # A class without rows has no rates of its own.
    if len(np.unique(answers.actual)) == len(labels):
        plots += [
            Plot(
                roc_curve(actual, scores, labels=labels),
                "ROC: the share of a class that is found against the share of others taken for it.",
            ),
            Plot(
                precision_recall_curve(actual, scores, labels=labels),
                "Precision against recall of each class.",
            ),
        ]
    plots.append(
        Plot(
            calibration_curve(actual, scores, labels=labels),
            "Calibration: how often came true what was predicted, against its probability.",
        )
    )
    return plots


def _number_plots(answers: NumberAnswers) -> list[Item]:
    actual, predicted, name = answers.actual, answers.predicted, answers.name
    return [
        Plot(
            predicted_against_actual(actual, predicted, name=name),
            f"Predicted against actual {name}, a point for each row.",
        ),
        Plot(
            residuals(actual, predicted, name=name),
            f"Actual less predicted {name} against the prediction, and how it is spread.",
        ),
    ]
