"""A figure as part of a page's text."""

import base64
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDEST = 4.0
"""Inches. A phone shows a picture of this width with letters that can be read."""

LONGEST_NOTE, LONGEST_TITLE, LONGEST_UP = 60, 40, 26
"""Letters of a note or a label, of a title, which is bold, and of a label that goes up."""

DOTS_PER_INCH = 200
"""Of the parts of a picture that are cells of colour."""


def plot_address(figure: "Figure") -> str:
    """Return a figure as a `data:` address of an SVG picture, its letters drawn as outlines.

    The same figure gives the same text: it holds no date, and its inner names follow from what
    is drawn.

    Args:
        figure: A figure; one that is wider than `WIDEST` becomes that wide, and what is written
            at its axes is cut where a long name would leave no room for the picture.
    """
    import matplotlib

    width, height = figure.get_size_inches()
    narrower = min(1.0, WIDEST / width)
    # A panel of fixed shape would leave empty what a narrower picture has in height.
    fixed = any(panel.get_aspect() != "auto" for panel in figure.axes)
    figure.set_size_inches(width * narrower, height * (narrower if fixed else 1.0))
    for panel in figure.axes:
        _shorten(panel)
    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "pellucid", "svg.fonttype": "path"}):
        figure.savefig(
            buffer, format="svg", dpi=DOTS_PER_INCH, metadata={"Date": None, "Creator": None}
        )
    return f"data:image/svg+xml;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _shorten(panel: "Axes") -> None:
    from matplotlib.text import Text

    for text in panel.findobj(Text):
        most = LONGEST_TITLE if text.get_fontweight() == "bold" else LONGEST_NOTE
        most = LONGEST_UP if text is panel.yaxis.label else most
        told = text.get_text()
        if len(told) > most:
            text.set_text(f"{told[: most - 1]}…")
