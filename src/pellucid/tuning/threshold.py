"""From which probability on to say yes, where the two kinds of error cost differently."""

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import BLUE, INK, VERMILION, new_figure, save_figure, styled, subtitle
from pellucid.errors import Problem, report
from pellucid.report.arrays import paired_numbers
from pellucid.types import ArrayLike, NumpyArray
from pellucid.wording import count_text, number_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Threshold:
    """The threshold of the least cost: rows with at least this probability are called positive.

    Args:
        threshold: From 0, for all rows, to just above 1, for none.
        cost: What the errors cost at this threshold, over all rows.
        false_positives: Negative rows that are called positive.
        false_negatives: Positive rows that are called negative.
        cost_at_half: What the errors cost at the threshold 0.5.
        calibrated: The best threshold if the probabilities were true:
            cost_false_positive / (cost_false_positive + cost_false_negative).
        rows: Number of rows.
        thresholds: All thresholds that divide the rows differently, rising.
        costs: What the errors cost at each.
    """

    threshold: float
    cost: float
    false_positives: int
    false_negatives: int
    cost_at_half: float
    calibrated: float
    rows: int
    thresholds: NumpyArray
    costs: NumpyArray

    def to_dict(self) -> dict[str, Any]:
        """Return all but the curve as plain JSON values."""
        names = ("threshold", "cost", "false_positives", "false_negatives", "cost_at_half")
        return {name: getattr(self, name) for name in (*names, "calibrated", "rows")}

    def to_json(self) -> str:
        """Return what `to_dict` returns as JSON text."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False)

    def __str__(self) -> str:
        errors = (
            f"{count_text(self.false_positives, 'false positive')} and "
            f"{count_text(self.false_negatives, 'false negative')}"
        )
        return (
            f"Threshold {self.threshold:.4f}: cost {number_text(self.cost)} over "
            f"{count_text(self.rows, 'row')} ({errors}); at 0.5 it would be "
            f"{number_text(self.cost_at_half)}."
        )

    __repr__ = __str__

    def plot(self, path: str | os.PathLike[str] | None = None) -> "Figure":
        """Draw the cost against the threshold.

        Args:
            path: Where to save the picture too: `.png`, `.svg` or `.pdf`.

        Returns:
            A matplotlib figure, drawn without pyplot.

        Raises:
            ArgumentError: `path` ends in something else.
            FileError: The file cannot be written.
        """
        figure = _draw(self)
        if path is not None:
            save_figure(figure, path)
        return figure


@styled
def _draw(found: Threshold) -> "Figure":
    figure, (panel,) = new_figure(height=3.4)
    panel.step(found.thresholds, found.costs, where="mid", color=BLUE)
    panel.axvline(found.threshold, color=VERMILION, ls=(0, (5, 2)), lw=1.2, label="least cost")
    panel.axvline(0.5, color=INK, ls=(0, (1, 2)), lw=1.1, label="0.5")
    panel.set_xlabel("threshold")
    panel.set_ylabel("cost of all errors")
    panel.set_xlim(-0.02, 1.02)
    panel.set_ylim(bottom=0)
    panel.legend(loc="upper center")
    note = f"least {number_text(found.cost)} at {found.threshold:.3f}"
    subtitle(panel, "Cost by threshold", note)
    return figure


def best_threshold(
    y: ArrayLike,
    probability: ArrayLike,
    cost_false_positive: float = 1.0,
    cost_false_negative: float = 1.0,
) -> Threshold:
    """Return the probability from which on to call a row positive, so that errors cost least.

    Every threshold that divides the rows differently is tried. Where several are equally good it
    is the one nearest to the best threshold of true probabilities, cost_false_positive /
    (cost_false_positive + cost_false_negative).

    Args:
        y: 1 or True for positive rows, 0 or False for others, shape (rows,) or (rows, 1). Rows
            that the model was not trained on.
        probability: The probability of being positive, same shape, from 0 to 1.
        cost_false_positive: What it costs to call a negative row positive, at least 0.
        cost_false_negative: What it costs to miss a positive row, at least 0.

    Returns:
        The threshold, its cost and errors, and the cost at each other threshold.

    Raises:
        ArgumentError: The arrays do not fit each other, or a value or cost is out of range.

    Example:
        >>> import pellucid
        >>> y, probability = [0, 0, 1, 0, 1], [0.1, 0.2, 0.3, 0.6, 0.9]
        >>> found = pellucid.best_threshold(y, probability, cost_false_negative=5)
        >>> found.threshold, found.cost, found.cost_at_half
        (0.25, 1.0, 6.0)

    Source: Elkan, "The Foundations of Cost-Sensitive Learning" (2001).
    """
    where = "best_threshold(y, probability)"
    actual, given = paired_numbers(y, probability, where, ("y", "probability"))
    problems = [
        Problem(f"best_threshold({name}=...)", repr(cost), "a finite number of at least 0")
        for name, cost in (
            ("cost_false_positive", cost_false_positive),
            ("cost_false_negative", cost_false_negative),
        )
        if not (isinstance(cost, (int, float, np.number)) and 0 <= cost < np.inf)
    ]
    if not problems and cost_false_positive + cost_false_negative == 0:
        problems.append(Problem("best_threshold", "two costs of 0", "at least one above 0"))
    if not np.isin(actual, (0, 1)).all():
        wrong = actual[~np.isin(actual, (0, 1))][0]
        problems.append(Problem(f"{where}, y", f"{wrong:g}", "1 for positive rows, 0 for others"))
    outside = given[(given < 0) | (given > 1)]
    if outside.size:
        problems.append(Problem(f"{where}, probability", f"{outside[0]:g}", "values from 0 to 1"))
    report(problems)

    thresholds = _thresholds(given)
    positive = np.sort(given[actual == 1])
    negative = np.sort(given[actual == 0])

    def errors(at: NumpyArray) -> tuple[NumpyArray, NumpyArray]:
        missed = np.searchsorted(positive, at)
        return len(negative) - np.searchsorted(negative, at), missed

    def costs(at: NumpyArray) -> NumpyArray:
        wrong, missed = errors(at)
        return cost_false_positive * wrong + cost_false_negative * missed

    every = costs(thresholds)
    calibrated = cost_false_positive / (cost_false_positive + cost_false_negative)
    least = np.flatnonzero(every == every.min())
    best = least[np.argmin(np.abs(thresholds[least] - calibrated))]
    wrong, missed = errors(thresholds[best])
    return Threshold(
        float(thresholds[best]),
        float(every[best]),
        int(wrong),
        int(missed),
        float(costs(np.array(0.5))),
        float(calibrated),
        len(given),
        thresholds,
        every.astype(float),
    )


def _thresholds(given: NumpyArray) -> NumpyArray:
    """Return a threshold between each two neighbours, below all and above all."""
    steps = np.unique(given)
    above = (steps[-1] + 1) / 2 if steps[-1] < 1 else np.nextafter(1.0, 2.0)
    return np.concatenate([[0.0], (steps[1:] + steps[:-1]) / 2, [above]])
