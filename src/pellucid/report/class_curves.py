"""Several curves in one panel, one a class: what ROC and precision-recall pictures share."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pellucid.drawing import DASHES, GREY, SERIES
from pellucid.report.arrays import short_name
from pellucid.types import NumpyArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_NAMED = 8
"""With more classes than this only the worst are named; the rest are grey."""

WORST = 3


class ClassCurve(NamedTuple):
    """A class, its curve and the area under it."""

    name: str
    x: NumpyArray
    y: NumpyArray
    area: float


def each_class(places: NumpyArray, names: Sequence[str]) -> Iterator[tuple[int, NumpyArray]]:
    """Yield the number and the rows of each class that occurs; of two classes only the second.

    Args:
        places: Number of each row's class.
        names: The classes.
    """
    for place in [1] if len(names) == 2 else range(len(names)):
        rows = places == place
        if rows.any():
            yield place, rows


def mean_area_text(curves: list[ClassCurve], names: Sequence[str], measure: str) -> str:
    """Return what the areas are on average, and of what.

    Args:
        curves: One a class.
        names: The classes.
        measure: What the area is called, in full.
    """
    mean = np.mean([curve.area for curve in curves])
    if len(names) == 2:
        return f"{measure} {mean:.3f}, positive class {short_name(names[1])}"
    return f"mean {measure} {mean:.3f}, class against rest"


def curves_height(curves: list[ClassCurve]) -> float:
    """Return the inches of a picture with a line below its panel for each curve that is named.

    Args:
        curves: One a class.
    """
    several = len(curves) > 1
    named = len(curves) if len(curves) <= MOST_NAMED else WORST + 1
    return 4.4 + several * (0.3 + 0.2 * named)


def draw_class_curves(panel: "Axes", curves: list[ClassCurve], measure: str) -> None:
    """Draw curves whose axes both run from 0 to 1, with their areas in the legend.

    Args:
        panel: Where.
        curves: One a class.
        measure: What the area is called: "AUC".
    """
    ordered = sorted(curves, key=lambda curve: curve.area)
    named = curves if len(curves) <= MOST_NAMED else ordered[:WORST]
    names = [curve.name for curve in named]
    for curve in curves:
        if curve.name not in names:
            panel.plot(curve.x, curve.y, color=GREY, lw=0.7, alpha=0.6)
    for place, curve in enumerate(named):
        label = f"{curve.name}: {measure} {curve.area:.3f}" if len(curves) > 1 else None
        dash = DASHES[place % len(DASHES)]
        panel.plot(curve.x, curve.y, color=SERIES[place % len(SERIES)], ls=dash, label=label)
    panel.set_xlim(-0.02, 1.02)
    panel.set_ylim(-0.02, 1.02)
    panel.set_aspect("equal")
    if len(curves) > 1:
        hidden = len(curves) - len(named)
        title = f"the worst of {len(curves)} classes" if hidden else None
        # As the panel's own it would lie beyond the edge: the layout does not know it is square.
        figure = panel.get_figure(root=True)
        assert figure is not None
        figure.legend(title=title, loc="outside lower left", alignment="left")
