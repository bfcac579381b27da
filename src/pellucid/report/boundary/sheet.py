"""Panels of boundaries on one sheet, with a scale and a legend for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pellucid.drawing import new_figure, styled, subtitle
from pellucid.insight import Boundary
from pellucid.report.boundary.panel import draw_boundary, draw_legend, draw_scale
from pellucid.report.boundary.view import View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = 3
"""Panels in a row."""

Limits = tuple[float, float]


@dataclass(frozen=True)
class Scene:
    """A boundary, and what stands above it.

    Args:
        title: In bold.
        note: Under it, smaller.
        seen: The outputs on the plane.
    """

    title: str
    note: str
    seen: Boundary


def value_limits(view: View, scenes: Sequence[Scene]) -> Limits:
    """Return the smallest and largest of all values, so that pictures share their colours."""
    arrays = [view.truth, *(one.seen.outputs for one in scenes)]
    return min(float(one.min()) for one in arrays), max(float(one.max()) for one in arrays)


@styled
def draw_sheet(
    view: View, scenes: Sequence[Scene], limits: Limits | None = None, sure: bool = True
) -> "Figure":
    """Draw each scene in a panel.

    Args:
        view: What is looked at.
        scenes: At least one.
        limits: Smallest and largest value, for the colours; those of the scenes when absent.
        sure: Whether a line is drawn where a class is nearly sure.
    """
    count = len(scenes)
    wide = min(count, COLUMNS)
    deep = -(-count // wide)
    width, height = (6.0, 5.0) if count == 1 else (3.0 * wide + 0.8, 2.7 * deep + 0.7)
    figure, panels = new_figure(deep, wide, width=width, height=height)
    for panel in panels[count:]:
        panel.remove()
    used = panels[:count]
    shared = limits or value_limits(view, scenes)
    for number, (panel, scene) in enumerate(zip(used, scenes, strict=True)):
        draw_boundary(panel, scene.seen, view.truth, shared, sure)
        subtitle(panel, scene.title, scene.note)
        if number + wide >= count:
            panel.set_xlabel(view.plane.names[0])
        if number % wide == 0:
            panel.set_ylabel(view.plane.names[1])
    draw_scale(figure, used, view.names)
    if view.names:
        draw_legend(figure, view.names, sure)
    return figure
