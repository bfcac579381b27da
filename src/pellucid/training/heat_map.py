"""The picture of numbers that differ by decades: layers from top to bottom, steps across."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import GREY, INK, VERMILION, new_figure, styled, subtitle
from pellucid.errors import Problem, ShapeError, report
from pellucid.types import NumpyArray
from pellucid.wording import number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 4.0
"""Inches."""

ROW_HEIGHT, AROUND = 0.26, 1.25
"""Inches of a layer, and of what stands above and below all of them."""

MOST_ROWS = 24
"""Layers drawn at full height; more of them share that height, and not all are named."""

MOST_DECADES = 8.0
"""Colours span at most so many decades below the largest value; what is smaller is darkest."""

FEW_TICKS = 100.0
"""A scale that spans less than this has fewer than two powers of ten: three values mark it."""

LONGEST_NAME = 18


@dataclass(frozen=True)
class HeatMap:
    """One quantity of each layer at each step.

    Args:
        title: What is shown.
        layers: Names, the one nearest to the input first.
        steps: Training steps, ascending.
        values: Shape (layers, steps), at least 0; NaN where nothing was read.
        share: Whether they are shares of 1, for which the scale is linear.
    """

    title: str
    layers: Sequence[str]
    steps: Sequence[int]
    values: NumpyArray
    share: bool = False


@styled
def draw_heat_map(shown: HeatMap) -> "Figure":
    """Draw a heat map on a logarithmic scale of colours, of shares on a linear one.

    Where the scale is logarithmic, zero is black and what is infinite vermilion, so that neither
    passes for a small or a large number; nothing is drawn where nothing was read.

    Args:
        shown: What to draw.

    Returns:
        A matplotlib figure.

    Raises:
        ShapeError: The values are not one for each layer and step, or there are none.

    Example:
        >>> import numpy as np
        >>> from pellucid.training.heat_map import HeatMap, draw_heat_map
        >>> values = np.array([[1e-6, 1e-7], [0.1, 0.2]])
        >>> figure = draw_heat_map(HeatMap("Gradient", ["dense", "dense_1"], [50, 100], values))
        >>> figure.axes[0].texts[0].get_text()
        'from 1e-07 to 0.2000'
    """
    values = _checked(shown)
    tall = max(min(len(shown.layers), MOST_ROWS), 3)
    figure, (panel,) = new_figure(width=WIDTH, height=AROUND + ROW_HEIGHT * tall)
    cells = np.ma.masked_invalid(values) if shown.share else _coloured(values)
    scale = {"cmap": "cividis", "vmin": 0, "vmax": 1} if shown.share else _scale(values)
    rows = np.arange(len(values) + 1) - 0.5
    image = panel.pcolormesh(_edges(shown.steps), rows, cells, rasterized=True, **scale)
    panel.invert_yaxis()
    panel.grid(False)
    panel.locator_params(axis="x", integer=True, nbins=6)
    panel.set_xlabel("training step")
    subtitle(
        panel, shown.title, f"at most {np.nanmax(values):.0%}" if shown.share else _note(values)
    )
    _name_layers(panel, shown.layers)
    bar = figure.colorbar(image, ax=panel, fraction=0.06, pad=0.03)
    low, high = _range(values)
    if not shown.share and high / low < FEW_TICKS:
        marks = np.geomspace(low, high, 3)
        bar.set_ticks(marks.tolist(), labels=[number_text(mark) for mark in marks])
    bar.ax.minorticks_off()
    return figure


def _checked(shown: HeatMap) -> NumpyArray:
    values = np.asarray(shown.values, np.float64)
    expected = (len(shown.layers), len(shown.steps))
    if values.shape != expected or 0 in expected:
        given = f"values of shape {values.shape} for {expected[0]} layers and {expected[1]} steps"
        report([Problem("draw_heat_map", given, "one for each layer and step")], ShapeError)
    return values


def _edges(steps: Sequence[int]) -> NumpyArray:
    """Return where a column begins and ends: halfway to its neighbours."""
    places = np.asarray(steps, np.float64)
    if len(places) == 1:
        return np.array([places[0] - 0.5, places[0] + 0.5])
    middle = (places[1:] + places[:-1]) / 2
    first, last = 2 * places[0] - middle[0], 2 * places[-1] - middle[-1]
    return np.concatenate([[first], middle, [last]])


def _drawable(values: NumpyArray) -> NumpyArray:
    return values[np.isfinite(values) & (values > 0)]


def _range(values: NumpyArray) -> tuple[float, float]:
    """Return the values of the darkest and the brightest colour."""
    known = _drawable(values)
    if not known.size:
        return 0.1, 1.0
    low, high = float(known.min()), float(known.max())
    low = max(low, high * 10.0**-MOST_DECADES)
    # One value alone gets the middle of a decade.
    return (low, high) if high > low * 1.01 else (low / 3, high * 3)


def _coloured(values: NumpyArray) -> Any:
    """Return values that the scale shows as it should: zero below it, infinite above."""
    low, high = _range(values)
    placed = np.where(np.isfinite(values), np.clip(values, low, high), high * 10)
    placed = np.where(values == 0, low / 10, placed)
    return np.ma.masked_where(np.isnan(values), placed)


def _scale(values: NumpyArray) -> dict[str, Any]:
    import matplotlib
    from matplotlib.colors import LogNorm

    low, high = _range(values)
    colours = matplotlib.colormaps["cividis"].with_extremes(
        under="black", over=VERMILION, bad="white"
    )
    return {"cmap": colours, "norm": LogNorm(low, high)}


def _note(values: NumpyArray) -> str:
    known = _drawable(values)
    parts = []
    if known.size:
        parts.append(f"from {number_text(known.min())} to {number_text(known.max())}")
    if (values == 0).any():
        parts.append("black: zero")
    if np.isinf(values).any():
        parts.append("red: infinite")
    if np.isnan(values).any():
        parts.append("white: none")
    return ", ".join(parts)


def _share_note(values: NumpyArray) -> str:
    known = values[np.isfinite(values)]
    return f"at most {known.max():.0%}" if known.size else ""


def _name_layers(panel: "Axes", layers: Sequence[str]) -> None:
    every = -(-len(layers) // MOST_ROWS)
    places = range(0, len(layers), every)
    panel.set_yticks(places, [shortened(layers[place]) for place in places])
    for name in panel.get_yticklabels():
        name.set_parse_math(False)


def shortened(name: str) -> str:
    """Return a name that fits beside a picture: of a long one the end, which tells most."""
    return name if len(name) <= LONGEST_NAME else f"…{name[1 - LONGEST_NAME :]}"


@styled
def draw_traces(shown: HeatMap, layer: str, step: int | None = None) -> "Figure":
    """Draw one layer's numbers against the step, those of the other layers thin and grey.

    Args:
        shown: What to draw.
        layer: The layer that stands out.
        step: A step to mark with a dotted line.

    Returns:
        A matplotlib figure.

    Raises:
        ShapeError: The values are not one for each layer and step, or there are none.
        ArgumentError: There is no such layer.
    """
    values = _checked(shown)
    if layer not in shown.layers:
        report([Problem("draw_traces(layer=...)", repr(layer), "one of the layers")])
    figure, (panel,) = new_figure(width=WIDTH, height=2.6)
    drawn = np.isfinite(values) & (shown.share | (values > 0))
    positive = np.where(drawn, values, np.nan)
    marker = "o" if len(shown.steps) == 1 else None
    for number, name in enumerate(shown.layers):
        if name != layer:
            panel.plot(shown.steps, positive[number], color=GREY, lw=0.8, alpha=0.6, marker=marker)
    own = positive[list(shown.layers).index(layer)]
    panel.plot(shown.steps, own, color=VERMILION, lw=2.0, marker=marker, label=shortened(layer))
    if len(shown.layers) > 1:
        panel.plot([], [], color=GREY, lw=0.8, label="other layers")
    if step is not None:
        panel.axvline(step, color=INK, ls=(0, (1, 2)), lw=1.1, label=f"step {step:,}")
    if shown.share:
        panel.set_ylim(-0.02, 1.02)
    elif _drawable(values).size:
        panel.set_yscale("log")
    panel.set_title(shown.title)
    panel.set_xlabel("training step")
    figure.legend(loc="outside lower center", ncols=3)
    return figure
