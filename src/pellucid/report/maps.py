"""Pictures of what layers give, of filters, and of what a network looks at."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.drawing import GREY, new_figure, styled, subtitle
from pellucid.errors import Problem, ShapeError, report
from pellucid.types import ArrayLike, NumpyArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 8
"""Pictures in a row."""

SHOWN = 32
"""Maps of one layer that are shown; the rest are counted."""


@styled
def feature_maps(maps: Mapping[str, ArrayLike], columns: int = COLUMNS) -> "Figure":
    """Draw the maps of every layer, a strip for each.

    Each map has its own scale, from its smallest value (dark) to its largest (bright).

    Args:
        maps: What `Model.feature_maps` returned: (height, width, channels) or (steps, channels).
        columns: Maps in a row.

    Raises:
        ShapeError: A map has other axes.

    Example:
        >>> import numpy as np
        >>> from pellucid.report import feature_maps
        >>> len(feature_maps({"conv": np.random.default_rng(0).random((8, 8, 4))}).axes)
        4
    """
    strips = {name: _channels(name, np.asarray(one)) for name, one in maps.items()}
    return _draw_strips(strips, columns, cmap="viridis")


@styled
def filters(kernel: ArrayLike, columns: int = COLUMNS) -> "Figure":
    """Draw the filters of a convolution; with three channels as colours, else channel by channel.

    Blue is negative, red positive, white 0, on one scale for all.

    Args:
        kernel: What `Model.filters` returned: (height, width, channels, filters) or
            (size, channels, filters).
        columns: Filters in a row.

    Example:
        >>> import numpy as np
        >>> from pellucid.report import filters
        >>> len(filters(np.random.default_rng(0).standard_normal((3, 3, 1, 6))).axes)
        6
    """
    array = np.asarray(kernel, np.float64)
    if array.ndim not in (3, 4):
        expected = "(height, width, channels, filters) or (size, channels, filters)"
        report([Problem("filters", f"an array of shape {array.shape}", expected)], ShapeError)
    limit = max(float(np.abs(array).max()), 1e-12)
    if array.ndim == 3:
        pictures = [array[:, :, number].T for number in range(array.shape[2])]
    elif array.shape[2] == 3:
        pictures = [array[..., number] / (2 * limit) + 0.5 for number in range(array.shape[3])]
    else:
        flat = array.reshape(*array.shape[:2], -1)
        pictures = [flat[..., number] for number in range(flat.shape[2])]
    return _draw_strips({"filters": pictures}, columns, cmap="RdBu_r", vmin=-limit, vmax=limit)


@styled
def saliency(
    example: ArrayLike, map: ArrayLike, title: str = "what the network looks at"
) -> "Figure":
    """Draw an example and, beside it, what `Model.saliency` found in it.

    Red speaks for the output, blue against it; values of several channels are added up.

    Args:
        example: (height, width), (height, width, channels), (steps,) or (steps, channels).
        map: The same shape, or without the channels.
        title: Title of the picture.

    Raises:
        ShapeError: The two do not fit.

    Example:
        >>> import numpy as np
        >>> from pellucid.report import saliency
        >>> len(saliency(np.ones((6, 6, 1)), np.eye(6)).axes) >= 2
        True
    """
    shown, found = np.asarray(example, np.float64), np.asarray(map, np.float64)
    if found.shape == shown.shape and found.ndim > 1 and not _is_plane(shown):
        found = found.sum(axis=-1)
    if shown.ndim > found.ndim and shown.shape[-1] == 1:
        shown = shown[..., 0]
    if found.shape != shown.shape[: found.ndim]:
        given = f"an example of shape {shown.shape} and a map of shape {found.shape}"
        report([Problem("saliency", given, "a map with the axes of the example")], ShapeError)
    if found.ndim == 1:
        return _draw_series(shown, found, title)
    figure, (left, right) = new_figure(1, 2, width=6.0, height=3.2)
    _show_picture(left, shown)
    limit = max(float(np.abs(found).max()), 1e-12)
    image = right.imshow(found, cmap="RdBu_r", vmin=-limit, vmax=limit)
    _bare(right)
    subtitle(left, title)
    figure.colorbar(image, ax=right, shrink=0.8)
    return figure


def _is_plane(shown: NumpyArray) -> bool:
    """Say whether an array of two axes is an image in grey, not a series of several features."""
    return shown.ndim == 2 and min(shown.shape) > 4


def _draw_series(shown: NumpyArray, found: NumpyArray, title: str) -> "Figure":
    figure, (top, bottom) = new_figure(2, 1, height=4.0, share_x=True, height_ratios=(2, 1))
    top.plot(shown.reshape(len(shown), -1))
    colours = np.where(found >= 0, "#B2182B", "#2166AC")
    bottom.bar(np.arange(len(found)), found, width=1.0, color=list(colours))
    bottom.axhline(0, color=GREY, linewidth=0.8)
    bottom.set_xlabel("step")
    bottom.set_ylabel("speaks for it")
    top.set_ylabel("value")
    subtitle(top, title)
    return figure


def _channels(name: str, array: NumpyArray) -> list[NumpyArray]:
    if array.ndim == 3:
        return [array[..., number] for number in range(array.shape[2])]
    if array.ndim == 2:
        return [array.T]
    expected = "(height, width, channels) or (steps, channels)"
    report([Problem(name, f"maps of shape {array.shape}", expected)], ShapeError)
    raise AssertionError


def _draw_strips(
    strips: Mapping[str, Sequence[NumpyArray]], columns: int, **options: Any
) -> "Figure":
    """Draw strips of small pictures, each under its name."""
    rows: list[tuple[str, Sequence[NumpyArray]]] = []
    for name, pictures in strips.items():
        shown = pictures[:SHOWN]
        note = f"{name}  ({len(shown)} of {len(pictures)})" if len(shown) < len(pictures) else name
        for start in range(0, len(shown), columns):
            rows.append((note if start == 0 else "", shown[start : start + columns]))
    wide = max(len(pictures) for _, pictures in rows)
    figure, panels = new_figure(
        len(rows), wide, width=6.0, height=max(1.6, 6.0 / max(wide, 4) * 1.25 * len(rows))
    )
    for number, (name, pictures) in enumerate(rows):
        own = panels[number * wide : (number + 1) * wide]
        for panel, picture in zip(own, pictures, strict=False):
            panel.imshow(picture, aspect="equal" if _squarish(picture) else "auto", **options)
            _bare(panel)
        for panel in own[len(pictures) :]:
            panel.remove()
        if name:
            own[0].set_title(name, fontsize=8.5)
    return figure


def _squarish(picture: NumpyArray) -> bool:
    return math.isclose(picture.shape[0], picture.shape[1], rel_tol=2.0)


def _show_picture(panel: "Axes", shown: NumpyArray) -> None:
    colours = shown.ndim == 3 and shown.shape[-1] in (3, 4)
    if shown.ndim == 3 and not colours:
        shown = shown.mean(axis=-1)
    low, high = float(shown.min()), float(shown.max())
    panel.imshow((shown - low) / max(high - low, 1e-12), cmap=None if colours else "gray")
    _bare(panel)


def _bare(panel: "Axes") -> None:
    panel.set_xticks([])
    panel.set_yticks([])
    panel.grid(False)
    panel.spines[:].set_visible(False)
