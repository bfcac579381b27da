"""Pictures of predicted numbers."""

from typing import TYPE_CHECKING

import numpy as np

from pellucid.drawing import BLUE, VERMILION, new_figure, styled, subtitle
from pellucid.report.arrays import paired_numbers
from pellucid.types import ArrayLike, NumpyArray
from pellucid.wording import number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MANY_ROWS = 4000
"""From here on points would cover each other: their density is drawn."""


@styled
def predicted_against_actual(
    actual: ArrayLike,
    predicted: ArrayLike,
    *,
    name: str = "value",
    unit: str = "",
    title: str = "Predicted against actual",
) -> "Figure":
    """Draw each row's prediction against the truth; a perfect network is on the diagonal.

    Args:
        actual: Shape (rows,).
        predicted: Shape (rows,).
        name: What the numbers are: "price".
        unit: Their unit: "$1000".
        title: Stands above.

    Returns:
        A matplotlib figure.

    Raises:
        ArgumentError: The arrays differ in length or hold something else than finite numbers.

    Example:
        >>> from pellucid.report import predicted_against_actual
        >>> figure = predicted_against_actual([1, 2, 3], [1, 2, 4], name="price", unit="$")
        >>> figure.axes[0].get_xlabel()
        'actual price ($)'
        >>> figure.axes[0].texts[0].get_text()
        'R² 0.5000, RMSE 0.5774, MAE 0.3333'
    """
    first, second = paired_numbers(actual, predicted, "predicted_against_actual(actual, predicted)")
    figure, (panel,) = new_figure(width=4.6, height=4.6)
    low, high = float(min(first.min(), second.min())), float(max(first.max(), second.max()))
    _scatter(panel, first, second)
    panel.axline((low, low), slope=1, color=VERMILION, lw=1.2, ls=(0, (5, 2)), zorder=3)
    margin = 0.04 * (high - low) or 1.0
    panel.set_xlim(low - margin, high + margin)
    panel.set_ylim(low - margin, high + margin)
    panel.set_aspect("equal")
    subtitle(panel, title, _scores(first, second))
    panel.set_xlabel(f"actual {_quantity(name, unit)}")
    panel.set_ylabel(f"predicted {_quantity(name, unit)}")
    return figure


@styled
def residuals(
    actual: ArrayLike,
    predicted: ArrayLike,
    *,
    name: str = "value",
    unit: str = "",
    title: str = "Residuals",
) -> "Figure":
    """Draw what is left, actual less predicted, against the prediction, and how it is spread.

    A cloud without form around zero is good; a bow or a funnel says what the network misses.

    Args:
        actual: Shape (rows,).
        predicted: Shape (rows,).
        name: What the numbers are: "price".
        unit: Their unit: "$1000".
        title: Stands above.

    Returns:
        A matplotlib figure.

    Raises:
        ArgumentError: The arrays differ in length or hold something else than finite numbers.

    Example:
        >>> from pellucid.report import residuals
        >>> figure = residuals([1, 2, 3], [1, 2, 4], name="price", unit="$")
        >>> figure.axes[0].get_ylabel()
        'actual less predicted price ($)'
    """
    first, second = paired_numbers(actual, predicted, "residuals(actual, predicted)")
    left = first - second
    figure, (panel, lower) = new_figure(2, height=5.4, height_ratios=(2, 1))
    _scatter(panel, second, left)
    panel.axhline(0, color=VERMILION, lw=1.2, ls=(0, (5, 2)), zorder=3)
    spread = f"mean {number_text(left.mean())}, standard deviation {number_text(left.std())}"
    subtitle(panel, title, spread)
    panel.set_xlabel(f"predicted {_quantity(name, unit)}")
    panel.set_ylabel(f"actual less predicted {_quantity(name, unit)}")
    lower.hist(left, bins=min(50, max(5, int(np.sqrt(len(left))))), color=BLUE, edgecolor="white")
    lower.axvline(0, color=VERMILION, lw=1.2, ls=(0, (5, 2)))
    lower.set_xlabel(f"actual less predicted {_quantity(name, unit)}")
    lower.set_ylabel("rows")
    return figure


def _quantity(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def _scatter(panel: "Axes", x: NumpyArray, y: NumpyArray) -> None:
    if len(x) <= MANY_ROWS:
        alpha = 0.75 if len(x) <= 300 else 0.4
        panel.plot(x, y, "o", color=BLUE, ms=4, mew=0, alpha=alpha)
        return
    image = panel.hexbin(x, y, gridsize=50, bins="log", cmap="Blues", mincnt=1, linewidths=0.2)
    panel.figure.colorbar(image, ax=panel, label="rows (log scale)", shrink=0.8)


def _scores(actual: NumpyArray, predicted: NumpyArray) -> str:
    error = predicted - actual
    spread = float(np.sum((actual - actual.mean()) ** 2))
    parts = [
        f"RMSE {number_text(np.sqrt(np.mean(error**2)))}",
        f"MAE {number_text(np.abs(error).mean())}",
    ]
    if spread > 0:
        parts.insert(0, f"R² {number_text(1 - float(np.sum(error**2)) / spread)}")
    return ", ".join(parts)
