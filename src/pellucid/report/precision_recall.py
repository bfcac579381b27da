"""The precision-recall curve."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import GREY, new_figure, styled, subtitle
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
def precision_recall_curve(
    actual: ArrayLike,
    scores: ArrayLike,
    *,
    labels: Sequence[Any] | None = None,
    title: str = "Precision and recall",
) -> "Figure":
    """Draw precision against recall over all thresholds.

    With more than two classes each is drawn against all others. It tells more than a ROC curve
    where one class is rare.

    Args:
        actual: The class of each row, shape (rows,).
        scores: Shape (rows,): score of the second of two classes. Shape (rows, classes): score
            of each.
        labels: The classes in the order of the columns; None for those in `actual`, sorted.
        title: Stands above.

    Returns:
        A matplotlib figure.

    Raises:
        ArgumentError: The arrays do not fit each other.

    Example:
        >>> from pellucid.report import precision_recall_curve
        >>> figure = precision_recall_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        >>> figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()
        ('recall', 'precision')

    Source: Davis and Goadrich, "The relationship between precision-recall and ROC curves" (2006).
    """
    from sklearn import metrics

    where = "precision_recall_curve(actual, scores)"
    places, matrix, names = class_scores(actual, scores, labels, where)
    curves = []
    for place, rows in each_class(places, names):
        precision, recall, _ = metrics.precision_recall_curve(rows, matrix[:, place])
        area = float(metrics.average_precision_score(rows, matrix[:, place]))
        curves.append(ClassCurve(names[place], recall, precision, area))
    figure, (panel,) = new_figure(width=4.4, height=curves_height(curves))
    draw_class_curves(panel, curves, "AP")
    subtitle(panel, title, mean_area_text(curves, names, "average precision (AP)"))
    if len(names) == 2:
        share = float(np.mean(places == 1))
        panel.axhline(share, color=GREY, lw=1, ls=(0, (2, 3)))
        panel.text(0.0, share, f"chance {share:.3f}", color=GREY, va="bottom", fontsize=8.5)
    panel.set_xlabel("recall")
    panel.set_ylabel("precision")
    return figure
