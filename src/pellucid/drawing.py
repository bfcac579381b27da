"""The look that all pictures share, and how they are saved.

matplotlib is imported when the first picture is drawn: it costs half a second.
"""

import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

import numpy as np

from pellucid.atomic import write_atomically
from pellucid.errors import Problem, near, report

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend
    from matplotlib.text import Text

Arguments = ParamSpec("Arguments")

BLUE, VERMILION, GREEN, PINK, ORANGE, SKY, INK, GREY = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#222222",
    "#767676",
)
"""Colours that people with any kind of colour blindness tell apart (Okabe and Ito 2008)."""

SERIES = (BLUE, VERMILION, GREEN, PINK, ORANGE, SKY, INK, GREY)
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 1.5, 1, 1.5)))

FORMATS = ("png", "svg", "pdf")
PRINT_DPI = 200

STYLE: dict[Any, Any] = {
    "font.size": 9.0,
    "font.family": ["DejaVu Sans"],
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.7,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "figure.titlesize": 11.0,
    "figure.titleweight": "bold",
    "figure.facecolor": "white",
}


def styled(draw: Callable[Arguments, "Figure"]) -> Callable[Arguments, "Figure"]:
    """Decorate a function that draws, so that the figure it returns has the common look."""

    @functools.wraps(draw)
    def drawn(*args: Arguments.args, **kwargs: Arguments.kwargs) -> "Figure":
        import matplotlib

        with matplotlib.rc_context(STYLE):
            figure = draw(*args, **kwargs)
        for panel in figure.axes:
            names = [panel.title, panel.xaxis.label, panel.yaxis.label, *panel.texts]
            _take_literally([*names, *_legend_texts(panel.get_legend())])
        for legend in figure.legends:
            _take_literally(_legend_texts(legend))
        return figure

    return drawn


def _legend_texts(legend: "Legend | None") -> "list[Text]":
    return [] if legend is None else [legend.get_title(), *legend.get_texts()]


def _take_literally(names: "list[Text]") -> None:
    """Keep a dollar in a name, such as `price ($)`, from being read as a formula."""
    for name in names:
        name.set_parse_math(False)


def new_figure(
    rows: int = 1,
    columns: int = 1,
    *,
    width: float = 6.0,
    height: float = 4.0,
    share_x: bool | Literal["none", "all", "row", "col"] = False,
    height_ratios: Sequence[float] | None = None,
) -> tuple["Figure", list["Axes"]]:
    """Return an empty figure and its panels, row by row.

    Args:
        rows: Panels from top to bottom.
        columns: Panels from left to right.
        width: Inches.
        height: Inches.
        share_x: Whether panels share their horizontal axis, as in `Figure.subplots`.
        height_ratios: Relative heights of the rows.
    """
    from pellucid.picture import Picture

    figure = Picture(figsize=(width, height), layout="constrained")
    panels = figure.subplots(
        rows, columns, sharex=share_x, squeeze=False, height_ratios=height_ratios
    )
    return figure, list(np.asarray(panels).ravel())


def subtitle(panel: "Axes", title: str, note: str = "") -> None:
    """Write a panel's title, and under it a smaller note."""
    panel.set_title(title, pad=18 if note else None)
    if note:
        panel.annotate(
            note, (0, 1), (0, 4), "axes fraction", "offset points", color=GREY, fontsize=8.5
        )


def save_figure(figure: "Figure", path: str | os.PathLike[str]) -> Path:
    """Write a figure to a file that is either whole or not there.

    Args:
        figure: Any matplotlib figure.
        path: The file; its ending says what it shall be: `.png` (200 dots an inch), `.svg` or
            `.pdf`. Its folder must exist.

    Returns:
        `path`.

    Raises:
        ArgumentError: The ending is another.
        FileError: The file cannot be written.

    Example:
        >>> import tempfile, pathlib
        >>> from pellucid.report import residuals, save_figure
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> save_figure(residuals([1, 2, 3], [1.1, 1.9, 3.2]), folder / "residuals.png").name
        'residuals.png'
    """
    kind = picture_format(path)
    # Without a date the same picture is the same file.
    dates = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    metadata = dates.get(kind)
    return write_atomically(
        path,
        lambda file: figure.savefig(file, format=kind, dpi=PRINT_DPI, metadata=metadata),
    )


def picture_format(path: str | os.PathLike[str]) -> str:
    """Return the format that the ending of `path` asks for: "png", "svg" or "pdf".

    Raises:
        ArgumentError: The ending is another.
    """
    ending = Path(path).suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        given = f"the ending '.{ending}'" if ending else "no ending"
        suggestion = near(ending, FORMATS, 0.5) or "png"
        fix = f"Call it '{Path(path).with_suffix('.' + suggestion).name}'."
        report([Problem(str(path), given, "a picture: .png, .svg or .pdf", fix)])
    return ending
