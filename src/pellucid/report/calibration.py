"""The reliability diagram: whether a probability of 0.8 comes true eight times in ten."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import BLUE, GREY, new_figure, styled, subtitle
from pellucid.errors import Problem, report
from pellucid.report.arrays import class_scores, short_name
from pellucid.types import ArrayLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
    report(_range_problems(matrix, bins, where))
    predicted = np.ones_like(places) if len(names) == 2 else matrix.argmax(axis=1)
    given = matrix[np.arange(len(matrix)), predicted]
    came_true = places == predicted
    edges = np.linspace(0, 1, bins + 1)
    bin_of = np.clip(np.digitize(given, edges) - 1, 0, bins - 1)
    sizes = np.bincount(bin_of, minlength=bins)
    used = np.flatnonzero(sizes)
    mean = np.bincount(bin_of, given, bins)[used] / sizes[used]
    share = np.bincount(bin_of, came_true, bins)[used] / sizes[used]
    error = float(np.sum(np.abs(mean - share) * sizes[used]) / len(given))

    figure, (panel, lower) = new_figure(
        2, width=4.6, height=5.2, share_x=True, height_ratios=(3.2, 1)
    )
    panel.plot([0, 1], [0, 1], color=GREY, lw=1, ls=(0, (2, 3)), label="perfect")
    panel.plot(mean, share, "o-", color=BLUE, ms=5, label="network")
    panel.set_ylim(-0.02, 1.02)
    panel.set_xlim(-0.02, 1.02)
    panel.legend(loc="upper left")
    subtitle(panel, title, f"expected calibration error {error:.3f}")
    panel.set_ylabel("share that came true")
    lower.bar(edges[:-1], sizes, width=1 / bins, align="edge", color=BLUE, edgecolor="white")
    what = f"class {short_name(names[1])}" if len(names) == 2 else "the predicted class"
    lower.set_xlabel(f"predicted probability of {what}")
    lower.set_ylabel("rows")
    return figure


def _range_problems(matrix: np.ndarray[Any, Any], bins: int, where: str) -> list[Problem]:
    problems = []
    outside = matrix[(matrix < 0) | (matrix > 1)]
    if outside.size:
        fix = "Logits become probabilities by sigmoid or softmax."
        problems.append(Problem(where, f"{outside[0]:g}", "probabilities from 0 to 1", fix))
    if bins < 2:
        problems.append(Problem("calibration_curve(bins=...)", repr(bins), "at least 2"))
    return problems
