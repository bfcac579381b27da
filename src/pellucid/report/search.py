"""Pictures of a search: scores over parameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import GREY, INK, VERMILION, new_figure, styled, subtitle
from pellucid.types import NumpyArray
from pellucid.wording import count_text, number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = "viridis"
"""From bad to good, for every kind of colour vision."""


@dataclass(frozen=True)
class Axis:
    """A parameter and where the trials lie on it.

    Args:
        name: Its name.
        places: Where each trial lies, from 0 to 1.
        ticks: Places and what is written there.
    """

    name: str
    places: NumpyArray
    ticks: Sequence[tuple[float, str]]


def _goodness(scores: NumpyArray, higher: bool) -> NumpyArray:
    """Return the rank of each score, from 0 for the worst to 1 for the best."""
    order = np.argsort(np.argsort(scores if higher else -scores, kind="stable"))
    return order / max(1, len(scores) - 1)


def _title(panel: "Axes", scores: NumpyArray, metric: str, higher: bool) -> int:
    best = int(np.argmax(scores) if higher else np.argmin(scores))
    told = f"best {metric} {number_text(float(scores[best]))} of {count_text(len(scores), 'trial')}"
    subtitle(panel, told, "light is good, dark is bad; ringed or red: the best")
    return best


@styled
def parallel_coordinates(
    axes: Sequence[Axis], scores: Any, metric: str, higher: bool = False
) -> "Figure":
    """Draw each trial as a line from parameter to parameter, coloured by the rank of its score.

    Args:
        axes: The parameters.
        scores: The score of each trial.
        metric: What the score is called.
        higher: Whether higher scores are better.

    Returns:
        A matplotlib figure; the best trial's line is drawn last, in red.

    Example:
        >>> import numpy as np
        >>> from pellucid.report.search import Axis, parallel_coordinates
        >>> rate = Axis("learning_rate", np.array([0.1, 0.9]), [(0.0, "1e-4"), (1.0, "0.1")])
        >>> width = Axis("width", np.array([0.0, 1.0]), [(0.0, "32"), (1.0, "64")])
        >>> len(parallel_coordinates([rate, width], [0.5, 0.3], "val_loss").axes)
        1
    """
    import matplotlib

    scores = np.asarray(scores, float)
    figure, (panel,) = new_figure(width=max(4.0, 1.5 * len(axes)), height=4.0)
    places = np.stack([one.places for one in axes], axis=1)
    colours, good = matplotlib.colormaps[COLOURS], _goodness(scores, higher)
    best = _title(panel, scores, metric, higher)
    steps = np.arange(len(axes))
    for trial in np.argsort(good):
        style = (
            {"color": VERMILION, "lw": 2.2} if trial == best else {"color": colours(good[trial])}
        )
        panel.plot(steps, places[trial], **{"lw": 0.9, "alpha": 0.8, "marker": ".", **style})
    for step, one in enumerate(axes):
        panel.axvline(step, color=GREY, lw=0.8)
        for place, label in one.ticks:
            panel.annotate(
                label, (step, place), (3, 0), textcoords="offset points", fontsize=7.5, color=INK
            )
    panel.set_xticks(steps, [_in_lines(one.name) for one in axes])
    panel.set_yticks([])
    panel.set_ylim(-0.05, 1.05)
    panel.margins(x=0.12)
    panel.grid(False)
    return figure


@styled
def score_contour(
    first: Axis, second: Axis, scores: Any, metric: str, higher: bool = False
) -> "Figure":
    """Draw scores over two parameters: a point for each trial and, between many, a surface.

    Args:
        first: The parameter from left to right.
        second: The parameter from bottom to top.
        scores: The score of each trial.
        metric: What the score is called.
        higher: Whether higher scores are better.

    Returns:
        A matplotlib figure; the best trial has a ring.

    Example:
        >>> import numpy as np
        >>> from pellucid.report.search import Axis, score_contour
        >>> one = Axis("rate", np.array([0.1, 0.9, 0.5, 0.2]), [(0.0, "0"), (1.0, "1")])
        >>> two = Axis("width", np.array([0.0, 1.0, 0.4, 0.9]), [(0.0, "32"), (1.0, "64")])
        >>> score_contour(one, two, [0.5, 0.3, 0.2, 0.4], "val_loss").axes[0].get_xlabel()
        'rate'
    """
    scores = np.asarray(scores, float)
    figure, (panel,) = new_figure(width=5.0, height=4.2)
    good = _goodness(scores, higher)
    best = _title(panel, scores, metric, higher)
    x, y = first.places, second.places
    if _spans_an_area(x, y):
        panel.tricontourf(x, y, good, levels=np.linspace(0, 1, 11), cmap=COLOURS, alpha=0.6)
    points = panel.scatter(x, y, c=good, cmap=COLOURS, s=18, edgecolors="white", linewidths=0.5)
    scale = figure.colorbar(points, ax=panel, ticks=[0, 0.5, 1])
    ranked = np.sort(scores) if higher else np.sort(scores)[::-1]
    middle = float(np.median(ranked))
    scale.ax.set_yticklabels([number_text(float(one)) for one in (ranked[0], middle, ranked[-1])])
    scale.set_label(f"{metric}, by rank")
    panel.scatter(x[best], y[best], s=90, facecolors="none", edgecolors=VERMILION, linewidths=1.8)
    panel.set_xticks(*map(list, zip(*first.ticks, strict=True)))
    panel.set_yticks(*map(list, zip(*second.ticks, strict=True)))
    panel.set_xlabel(first.name)
    panel.set_ylabel(second.name)
    panel.grid(False)
    return figure


def _in_lines(name: str) -> str:
    """Return a parameter's name, each of whose parts has a line of its own."""
    return name.replace(".", ".\n")


def _spans_an_area(x: NumpyArray, y: NumpyArray) -> bool:
    """Say whether points lie so that triangles can be laid between them."""
    fewest = 3
    points = np.unique(np.stack([x, y], axis=1), axis=0)
    return len(points) > fewest and min(len(np.unique(x)), len(np.unique(y))) >= fewest
