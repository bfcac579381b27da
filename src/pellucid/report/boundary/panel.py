"""One panel: what a model says on a plane, and the data over it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import INK, SERIES
from pellucid.insight import Boundary
from pellucid.types import NumpyArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

MARKERS = "os^DvPX"
IMAGE: Any = {"origin": "lower", "aspect": "auto", "interpolation": "bilinear"}

DEPTH = 0.5
"""How far a class's colour goes from white where the model is sure."""

SURE = 0.9
"""Probability at which a dashed line is drawn."""

LONG = 10
"""Letters of a class's name from which on fewer stand in a row of the legend."""

MANY = 300
"""From here on points are drawn smaller."""


def draw_boundary(
    panel: "Axes", seen: Boundary, truth: NumpyArray, limits: tuple[float, float], sure: bool
) -> None:
    """Draw the outputs of a model as colours, where its classes meet, and the data.

    Args:
        panel: Where to draw.
        seen: The outputs on the plane.
        truth: Class number or value of each row.
        limits: Smallest and largest value, for the colours; classes need none.
        sure: Whether a line is drawn where a class is nearly sure.
    """
    size = 22 if len(truth) < MANY else 13
    if seen.outputs.ndim == 3:
        _draw_classes(panel, seen, truth, size, sure)
    else:
        _draw_values(panel, seen, truth, size, limits)
    panel.grid(False)
    panel.set_xlim(seen.horizontal[0], seen.horizontal[-1])
    panel.set_ylim(seen.vertical[0], seen.vertical[-1])


def _draw_classes(panel: "Axes", seen: Boundary, truth: NumpyArray, size: int, sure: bool) -> None:
    panel.imshow(colours(seen), extent=_extent(seen), **IMAGE)
    for number in range(seen.outputs.shape[-1]):
        _line(panel, seen, seen.margin(number), 0.0, "solid", 1.3)
    if sure:
        _line(panel, seen, seen.certainty, SURE, "dashed", 0.8)
    for number in np.unique(truth):
        x, y = seen.points[truth == number].T
        colour, marker = SERIES[number], MARKERS[number]
        panel.scatter(x, y, size, colour, marker=marker, edgecolors="white", linewidths=0.5)


def _draw_values(
    panel: "Axes", seen: Boundary, truth: NumpyArray, size: int, limits: tuple[float, float]
) -> None:
    low, high = limits
    panel.imshow(seen.outputs, extent=_extent(seen), vmin=low, vmax=high, **IMAGE)
    x, y = seen.points.T
    panel.scatter(x, y, size, truth, vmin=low, vmax=high, edgecolors="white", linewidths=0.6)


def colours(seen: Boundary) -> NumpyArray:
    """Return the class's colour at each point, the paler the less sure the model is.

    White is where all classes are equally probable.
    """
    from matplotlib.colors import to_rgb

    count = seen.outputs.shape[-1]
    full = np.array([to_rgb(one) for one in SERIES[:count]])[seen.classes]
    sure = (seen.certainty * count - 1) / (count - 1)
    return 1 - DEPTH * sure[..., None] * (1 - full)


def _line(
    panel: "Axes", seen: Boundary, heights: NumpyArray, level: float, style: str, width: float
) -> None:
    if heights.min() < level < heights.max():
        panel.contour(
            seen.horizontal,
            seen.vertical,
            heights,
            levels=[level],
            colors=INK,
            linestyles=style,
            linewidths=width,
        )


def _extent(seen: Boundary) -> tuple[float, float, float, float]:
    """Return the edges of the grid's outer pixels, whose middles are its outer points."""
    (left, right), (low, high) = (
        (axis[0] - (axis[1] - axis[0]) / 2, axis[-1] + (axis[1] - axis[0]) / 2)
        for axis in (seen.horizontal, seen.vertical)
    )
    return left, right, low, high


def draw_legend(figure: "Figure", names: Sequence[str], sure: bool) -> None:
    """Say under a figure what markers and lines are.

    Args:
        figure: The figure.
        names: The classes.
        sure: Whether there is a line where a class is nearly sure.
    """
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=SERIES[n], marker=MARKERS[n], ls="none", ms=5.5, label=name)
        for n, name in enumerate(names)
    ]
    handles.append(Line2D([], [], color=INK, lw=1.3, label="boundary"))
    if sure:
        handles.append(Line2D([], [], color=INK, lw=0.8, ls="dashed", label=f"{SURE:.0%} sure"))
    in_a_row = 3 if max(map(len, names)) > LONG else 5
    figure.legend(handles=handles, loc="outside lower center", ncols=in_a_row)


def draw_scale(figure: "Figure", panels: "Sequence[Axes]", names: Sequence[str]) -> None:
    """Draw the scale of colours: of the second of two classes' probability, or of values.

    Args:
        figure: The figure.
        panels: Those that the scale belongs to.
        names: The classes; none for values.
    """
    if not names:
        image = panels[0].images[0]
        figure.colorbar(image, ax=list(panels), label="predicted value", shrink=0.9)
    elif len(names) == 2:
        figure.colorbar(_mixture(), ax=list(panels), label=f"probability of {names[1]}", shrink=0.9)


def _mixture() -> "ScalarMappable":
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, to_rgb

    first, second = (tuple(1 - DEPTH * (1 - c) for c in to_rgb(one)) for one in SERIES[:2])
    return ScalarMappable(cmap=LinearSegmentedColormap.from_list("", [first, (1, 1, 1), second]))
