"""The picture of errors against the strength of what keeps a network from overfitting."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pellucid.drawing import BLUE, GREY, INK, VERMILION, new_figure, styled, subtitle
from pellucid.types import NumpyArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOGARITHMIC_FROM = 30.0
"""Strengths of which the largest is this many times the smallest get a logarithmic axis."""

MOST_TICKS = 8
"""So many strengths have a name each below the axis."""


@styled
def regularisation_curves(
    strengths: Sequence[float | None],
    training: NumpyArray,
    validation: NumpyArray,
    *,
    name: str,
    metric: str,
    best: float | None,
    chosen: float | None,
) -> "Figure":
    """Draw training and validation error against strength: means, and their spread over runs.

    Args:
        strengths: At least one, ascending; None, at either end, for off.
        training: Errors on the rows trained on, shape (strengths, runs); NaN for a failed run.
        validation: The same on rows held out.
        name: What the strengths are of.
        metric: Name of the error.
        best: The strength with the best mean of validation.
        chosen: The one that the rule of one standard error takes.

    Returns:
        A matplotlib figure, 6 inches wide.

    Example:
        >>> import numpy as np
        >>> from pellucid.report.regularisation import regularisation_curves
        >>> errors = np.array([[0.1, 0.2], [0.3, 0.2]])
        >>> looks = {"name": "l2", "metric": "mse", "best": 0.1, "chosen": 0.1}
        >>> figure = regularisation_curves([0.01, 0.1], errors, errors + 0.1, **looks)
        >>> figure.axes[0].get_xlabel()
        'l2'
    """
    figure, (panel,) = new_figure(width=6.0, height=3.9)
    positions = _positions(strengths)
    _scale(panel, positions)
    _tick(panel, positions, strengths)
    runs = training.shape[1]
    for errors, color, label in (
        (training, BLUE, "training"),
        (validation, VERMILION, "validation"),
    ):
        mean = errors.mean(axis=1)
        panel.plot(positions, mean, "o-", color=color, ms=3.5, label=label)
        if runs > 1:
            spread = errors.std(axis=1, ddof=1)
            low, high = mean - spread, mean + spread
            panel.fill_between(positions, low, high, color=color, alpha=0.16, lw=0)
    place = list(strengths).index
    panel.axvline(positions[place(best)], color=INK, ls=(0, (1, 2)), lw=1.1, label="best")
    told = f"best {_text(best)}"
    if chosen != best:
        label = "within one standard error"
        panel.axvline(positions[place(chosen)], color=GREY, ls=(0, (5, 2)), lw=1.1, label=label)
        way = "up" if place(chosen) > place(best) else "down"
        told += f"; within one standard error of it {way} to {_text(chosen)}"
    if runs > 1:
        told += f". Bands: sd over {runs} runs"
    subtitle(panel, f"Regularisation path: {name}", told)
    panel.set_xlabel(name)
    panel.set_ylabel(metric)
    figure.legend(loc="outside lower center", ncols=4)
    return figure


def _scale(panel: "Axes", positions: NumpyArray) -> None:
    """Give the axis of the strengths a logarithmic scale where they span decades, 0 included."""
    positive = positions[positions > 0]
    if not positive.size or positions.min() < 0:
        return
    if positive.max() / positive.min() < LOGARITHMIC_FROM:
        return
    if positions.min() > 0:
        panel.set_xscale("log")
        return
    panel.set_xscale("symlog", linthresh=float(positive.min()), linscale=0.5)
    panel.set_xlim(-float(positive.min()) / 4, float(positive.max()) * 1.4)


def _text(strength: float | None) -> str:
    return "off" if strength is None else f"{strength:g}"


def _positions(strengths: Sequence[float | None]) -> NumpyArray:
    """Return where strengths lie on the axis: none at 0, no bound one step beyond the last."""
    numbers = np.array([one for one in strengths if one is not None], float)
    if strengths[0] is None:
        return np.array([0.0, *numbers])
    if strengths[-1] is not None:
        return numbers
    step = numbers[-1] / numbers[-2] if len(numbers) > 1 else 2.0
    return np.array([*numbers, numbers[-1] * step])


def _tick(panel: "Axes", positions: NumpyArray, strengths: Sequence[float | None]) -> None:
    """Name the strengths themselves, where they are few or one is off, without names between."""
    if len(strengths) > MOST_TICKS and None not in strengths:
        return
    panel.set_xticks(positions, [_text(one) for one in strengths])
    panel.minorticks_off()
