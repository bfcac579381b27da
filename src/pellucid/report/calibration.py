"""The reliability diagram: whether a probability of 0.8 comes true eight times in ten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import BLUE, GREY, VERMILION, new_figure, styled, subtitle
from pellucid.errors import Problem, report
from pellucid.report.arrays import class_scores, short_name
from pellucid.types import ArrayLike, NumpyArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Reliability:
    """How often what was predicted came true, by bins of equal width of its probability.

    Args:
        rows: Number of rows in each bin.
        probability: Their mean predicted probability; NaN in an empty bin.
        came_true: Share of them for which it came true; NaN in an empty bin.
    """

    rows: NumpyArray
    probability: NumpyArray
    came_true: NumpyArray

    @property
    def error(self) -> float:
        """The expected calibration error: the mean distance of the two, weighted by rows."""
        used = self.rows > 0
        distance = np.abs(self.probability[used] - self.came_true[used])
        return float(np.sum(distance * self.rows[used]) / self.rows.sum())


def reliability_of(probabilities: NumpyArray, actual: NumpyArray, bins: int) -> Reliability:
    """Return the reliability of class probabilities.

    For two classes it is that of the second; for more that of the predicted one.

    Args:
        probabilities: Shape (rows, classes), from 0 to 1.
        actual: Number of each row's class.
        bins: How many bins.
    """
    of_second = probabilities.shape[1] == 2
    predicted = np.ones_like(actual) if of_second else probabilities.argmax(axis=1)
    given = probabilities[np.arange(len(actual)), predicted]
    bin_of = np.clip(np.digitize(given, np.linspace(0, 1, bins + 1)) - 1, 0, bins - 1)
    rows = np.bincount(bin_of, minlength=bins)
    with np.errstate(invalid="ignore"):
        probability = np.bincount(bin_of, given, bins) / rows
        came_true = np.bincount(bin_of, actual == predicted, bins) / rows
    return Reliability(rows, probability, came_true)


@styled
def calibration_curve(
    actual: ArrayLike,
    probabilities: ArrayLike,
    *,
    labels: Sequence[Any] | None = None,
    bins: int = 10,
    title: str = "Calibration",
) -> "Figure":
    """Draw how often what was predicted came true, against the probability it was given.

    For two classes it is the probability of the second; for more it is the probability of the
    predicted one. The error is the mean distance from the diagonal, weighted by rows.

    Args:
        actual: The class of each row, shape (rows,).
        probabilities: Shape (rows,) or (rows, classes), from 0 to 1.
        labels: The classes in the order of the columns; None for those in `actual`, sorted.
        bins: How many bins of equal width, at least 2.
        title: Stands above.

    Returns:
        A matplotlib figure: the curve, and below it how many rows each bin has.

    Raises:
        ArgumentError: The arrays do not fit each other, or a probability is outside 0 to 1.

    Example:
        >>> from pellucid.report import calibration_curve
        >>> figure = calibration_curve([0, 0, 1, 1], [0.1, 0.4, 0.6, 0.9])
        >>> figure.axes[0].texts[0].get_text()
        'expected calibration error 0.250'

    Source: Guo et al., "On calibration of modern neural networks" (2017).
    """
    where = "calibration_curve(actual, probabilities)"
    places, matrix, names = class_scores(actual, probabilities, labels, where)
    report(range_problems(matrix, bins, where))
    found = reliability_of(matrix, places, bins)
    what = f"class {short_name(names[1])}" if len(names) == 2 else "the predicted class"
    note = f"expected calibration error {found.error:.3f}"
    return draw_reliability({"network": found}, what, title, note)


def draw_reliability(
    curves: Mapping[str, Reliability], what: str, title: str, note: str
) -> "Figure":
    """Draw reliabilities of the same rows, and below how many rows each bin of the first has.

    Args:
        curves: One or two, by what the legend calls them.
        what: Whose probability it is.
        title: Stands above.
        note: Stands under the title.
    """
    first = next(iter(curves.values()))
    edges = np.linspace(0, 1, len(first.rows) + 1)
    figure, (panel, lower) = new_figure(
        2, width=4.6, height=5.2, share_x=True, height_ratios=(3.2, 1)
    )
    panel.plot([0, 1], [0, 1], color=GREY, lw=1, ls=(0, (2, 3)), label="perfect")
    for (label, curve), color in zip(curves.items(), (BLUE, VERMILION), strict=False):
        used = curve.rows > 0
        panel.plot(
            curve.probability[used], curve.came_true[used], "o-", color=color, ms=5, label=label
        )
    panel.set_ylim(-0.02, 1.02)
    panel.set_xlim(-0.02, 1.02)
    panel.legend(loc="upper left")
    subtitle(panel, title, note)
    panel.set_ylabel("share that came true")
    lower.bar(edges[:-1], first.rows, width=edges[1], align="edge", color=BLUE, edgecolor="white")
    lower.set_xlabel(f"predicted probability of {what}")
    lower.set_ylabel("rows")
    return figure


def range_problems(matrix: NumpyArray, bins: int, where: str) -> list[Problem]:
    """Return what keeps values from being probabilities, and a number from being one of bins."""
    problems = []
    outside = matrix[(matrix < 0) | (matrix > 1)]
    if outside.size:
        fix = "Logits become probabilities by sigmoid or softmax."
        problems.append(Problem(where, f"{outside[0]:g}", "probabilities from 0 to 1", fix))
    if bins < 2:
        name = where.partition("(")[0]
        problems.append(Problem(f"{name}(bins=...)", repr(bins), "at least 2"))
    return problems
