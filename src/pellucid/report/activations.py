"""Activation functions and their derivatives, drawn side by side."""

from typing import TYPE_CHECKING

import numpy as np

from pellucid.activations import ActivationLike
from pellucid.drawing import BLUE, DASHES, INK, VERMILION, new_figure, styled, subtitle
from pellucid.errors import Problem, report
from pellucid.insight import ActivationCurve, activation_curve
from pellucid.insight.activation_curve import FLAT_SLOPE, catalogue
from pellucid.types import NumpyArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3
"""Panels in a row; up to four panels stand in two columns."""

SHADE = "#E9E9E9"
"""Where a function is flat."""

JUMP = 0.03
"""A step between neighbouring points, as a share of the whole height, that is no curve."""


@styled
def activation_curves(
    *functions: ActivationLike, limits: tuple[float, float] = (-6.0, 6.0)
) -> "Figure":
    """Draw activation functions with their derivatives, their range, and where they saturate.

    The derivative is the automatic one that training uses. Grey is where it is smaller than
    0.05: a unit there hardly learns.

    Args:
        *functions: Names, functions of arrays or layers without weights; the whole catalogue
            when none is given. A function of a vector, such as softmax, is drawn for a value
            beside a 0.
        limits: Where the horizontal axis begins and ends.

    Returns:
        A matplotlib figure with a panel for each function.

    Raises:
        ArgumentError: A name is unknown, or the limits are no two rising numbers.

    Example:
        >>> from pellucid.report import activation_curves
        >>> figure = activation_curves("relu", "tanh")
        >>> [panel.texts[0].get_text() for panel in figure.axes]
        ['from 0 up; flat below 0', '−1 to 1; flat below −2.18, above 2.18']

    Source: Goodfellow et al., "Deep Learning" (2016), section 6.3.
    """
    if not (len(limits) == 2 and np.isfinite(limits).all() and limits[0] < limits[1]):
        expected = "two finite numbers, the smaller first"
        report([Problem("activation_curves(limits=...)", repr(limits), expected)])
    curves = [activation_curve(one, limits) for one in functions or catalogue()]
    wide = min(len(curves), 2 if len(curves) <= 4 else COLUMNS)
    deep = -(-len(curves) // wide)
    figure, panels = new_figure(deep, wide, width=max(3.2 * wide, 4.6), height=2.3 * deep + 0.5)
    for panel in panels[len(curves) :]:
        panel.remove()
    for panel, curve in zip(panels, curves, strict=False):
        _draw(panel, curve)
    _legend(figure)
    return figure


def _draw(panel: "Axes", curve: ActivationCurve) -> None:
    left, right = curve.x[0], curve.x[-1]
    for low, high in curve.flat:
        panel.axvspan(max(low, left), min(high, right), color=SHADE, lw=0, zorder=0)
    panel.plot(curve.x, _broken(curve.y), color=BLUE)
    # Above the function, which it may equal.
    panel.plot(curve.x, _broken(curve.slope), color=VERMILION, ls=DASHES[1])
    both = np.concatenate([curve.y, curve.slope])
    # One that grows fast would flatten everything else: no more is seen than is across.
    low, high = max(both.min(), left), min(both.max(), right)
    margin = 0.06 * (high - low) or 1.0
    panel.set_ylim(low - margin, high + margin)
    panel.set_xlim(left, right)
    panel.axhline(0, color=INK, lw=0.6, zorder=1)
    panel.axvline(0, color=INK, lw=0.6, zorder=1)
    subtitle(panel, curve.name, f"{_range_text(curve)}; {_flat_text(curve)}")


def _broken(values: NumpyArray) -> NumpyArray:
    """Return the values, with one missing after each jump."""
    jumps = np.abs(np.diff(values)) > JUMP * (values.max() - values.min() or 1.0)
    return np.where(np.append(False, jumps), np.nan, values)


def _range_text(curve: ActivationCurve) -> str:
    low, high = _number(curve.low), _number(curve.high)
    if np.isinf(curve.low):
        return "all values" if np.isinf(curve.high) else f"up to {high}"
    return f"from {low} up" if np.isinf(curve.high) else f"{low} to {high}"


def _flat_text(curve: ActivationCurve) -> str:
    parts = []
    for low, high in curve.flat:
        if np.isinf(low):
            parts.append("everywhere" if np.isinf(high) else f"below {_number(high)}")
        else:
            above = np.isinf(high)
            parts.append(f"above {_number(low)}" if above else f"{_number(low)} to {_number(high)}")
    return f"flat {', '.join(parts)}" if parts else "nowhere flat"


def _number(value: float) -> str:
    # Adding 0 takes the minus from a zero.
    return f"{round(value, 2) + 0.0:g}".replace("-", "−")


def _legend(figure: "Figure") -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [
        Line2D([], [], color=BLUE, label="function"),
        Line2D([], [], color=VERMILION, ls=DASHES[1], label="derivative"),
        Patch(color=SHADE, label=f"flat: |derivative| < {FLAT_SLOPE:g}"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
