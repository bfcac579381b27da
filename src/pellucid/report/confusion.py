"""The confusion matrix: which classes a network takes for which."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import INK, new_figure, styled, subtitle
from pellucid.errors import Problem, report
from pellucid.report.arrays import paired, short_name
from pellucid.types import ArrayLike, NumpyArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_WITH_PERCENT = 6
MOST_WITH_COUNTS = 20


@styled
def confusion_matrix(
    actual: ArrayLike,
    predicted: ArrayLike,
    *,
    labels: Sequence[Any] | None = None,
    title: str = "Confusion matrix",
) -> "Figure":
    """Draw how often each class was taken for each.

    A row is an actual class, a column a predicted one. The colour is the share of the row, so
    that rare classes count as much as common ones.

    Args:
        actual: The class of each row, shape (rows,).
        predicted: The class that was predicted, shape (rows,).
        labels: The classes in the order to draw; None for all that occur, sorted.
        title: Stands above.

    Returns:
        A matplotlib figure.

    Raises:
        ArgumentError: The arrays differ in length, or a class is not among the labels.

    Example:
        >>> from pellucid.report import confusion_matrix
        >>> figure = confusion_matrix(["cat", "dog", "dog"], ["cat", "dog", "cat"])
        >>> figure.axes[0].texts[0].get_text()
        '2 of 3 right (66.7%)'
    """
    where = "confusion_matrix(actual, predicted)"
    first, second = paired(actual, predicted, where)
    classes = list(np.unique(np.concatenate([first, second]))) if labels is None else list(labels)
    counts = _counts(first, second, classes, where)
    size = len(classes)
    side = 3.6 if size <= 3 else 4.6 if size <= 10 else 6.0
    figure, (panel,) = new_figure(width=max(side + 0.6, 4.4), height=side)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    image = panel.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    panel.grid(False)
    panel.spines[:].set_visible(False)
    right, total = int(np.trace(counts)), int(counts.sum())
    subtitle(panel, title, f"{right:,} of {total:,} right ({right / total:.1%})")
    names = [short_name(str(value)) for value in classes]
    turn = 90 if max(map(len, names)) * size > 40 else 0
    panel.set_xticks(range(size), names, rotation=turn)
    panel.set_yticks(range(size), names)
    for name in [*panel.get_xticklabels(), *panel.get_yticklabels()]:
        name.set_parse_math(False)
    panel.tick_params(length=0)
    panel.set_xlabel("predicted")
    panel.set_ylabel("actual")
    _write_counts(panel, counts, shares)
    figure.colorbar(
        image, ax=panel, label="share of the actual class", shrink=0.8, format="{x:.0%}"
    )
    return figure


def _counts(
    actual: NumpyArray, predicted: NumpyArray, classes: list[Any], where: str
) -> NumpyArray:
    index = {value: place for place, value in enumerate(classes)}
    found = np.unique(np.concatenate([actual, predicted])).tolist()
    report(
        Problem(where, f"the class {value!r}", "one of the labels")
        for value in found
        if value not in index
    )
    counts = np.zeros((len(classes), len(classes)), int)
    for one, other in zip(actual.tolist(), predicted.tolist(), strict=True):
        counts[index[one], index[other]] += 1
    return counts


def _write_counts(panel: "Axes", counts: NumpyArray, shares: NumpyArray) -> None:
    size = len(counts)
    if size > MOST_WITH_COUNTS:
        return
    for (row, column), number in np.ndenumerate(counts):
        share = shares[row, column]
        text = f"{number:,}"
        if size <= MOST_WITH_PERCENT:
            text += f"\n{share:.0%}"
        elif not number:
            text = ""
        panel.text(
            column, row, text, ha="center", va="center",
            fontsize=9 if size <= 10 else 7, color="white" if share > 0.55 else INK,
        )  # fmt: skip
