"""The receiver operating characteristic."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import GREY, new_figure, styled, subtitle
from pellucid.errors import Problem, report
from pellucid.report.arrays import class_scores
from pellucid.report.class_curves import (
    ClassCurve,
    curves_height,
    draw_class_curves,
    each_class,
    mean_area_text,
)
from pellucid.types import ArrayLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def roc_curve(
    actual: ArrayLike,
    scores: ArrayLike,
    *,
    labels: Sequence[Any] | None = None,
    title: str = "ROC curve",
) -> "Figure":
    """Draw the true positive rate against the false positive rate over all thresholds.

    With more than two classes each is drawn against all others.

    Args:
        actual: The class of each row, shape (rows,).
        scores: Shape (rows,): score of the second of two classes. Shape (rows, classes): score
            of each.
        labels: The classes in the order of the columns; None for those in `actual`, sorted.
        title: Stands above.

    Returns:
        A matplotlib figure.

    Raises:
        ArgumentError: The arrays do not fit each other, or only one class occurs.

    Example:
        >>> from pellucid.report import roc_curve
        >>> figure = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        >>> figure.axes[0].texts[0].get_text()
        'area under the curve (AUC) 0.750, positive class 1'

    Source: Fawcett, "An introduction to ROC analysis" (2006).
    """
    from sklearn import metrics

    where = "roc_curve(actual, scores)"
    places, matrix, names = class_scores(actual, scores, labels, where)
    if len(np.unique(places)) < 2:
        fix = "A ROC curve compares classes."
        report([Problem(where, f"only the class '{names[places[0]]}'", "two or more", fix)])
    curves = []
    for place, rows in each_class(places, names):
        false, true, _ = metrics.roc_curve(rows, matrix[:, place])
        curves.append(ClassCurve(names[place], false, true, float(metrics.auc(false, true))))
    figure, (panel,) = new_figure(width=4.4, height=curves_height(curves))
    draw_class_curves(panel, curves, "AUC")
    subtitle(panel, title, mean_area_text(curves, names, "area under the curve (AUC)"))
    panel.plot([0, 1], [0, 1], color=GREY, lw=1, ls=(0, (2, 3)))
    panel.text(0.62, 0.58, "chance", color=GREY, va="top", fontsize=8.5)
    panel.set_xlabel("false positive rate")
    panel.set_ylabel("true positive rate")
    return figure
