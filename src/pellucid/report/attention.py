"""The picture of what attention looks at."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pellucid.drawing import new_figure, styled
from pellucid.errors import Problem, ShapeError, report
from pellucid.types import ArrayLike, NumpyArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 2
"""Heads in a row."""

SHORT = 3
"""Letters of the longest word that stands upright at a column."""


@styled
def attention_map(
    weights: ArrayLike,
    queries: Sequence[str] | None = None,
    keys: Sequence[str] | None = None,
    title: str = "attention",
) -> "Figure":
    """Draw how much each query, a row, looks at each key, a column; a panel for each head.

    White is 0, dark 1, the same in all panels.

    Args:
        weights: What `Model.attention_maps` returned for a layer: (queries, keys) or
            (heads, queries, keys).
        queries: Words at the rows; fewer than there are rows leave the rest out, as padding.
        keys: Words at the columns, in the same way.
        title: Title of the picture.

    Raises:
        ShapeError: The weights have other axes, or there are more words than places.

    Example:
        >>> import numpy as np
        >>> from pellucid.report import attention_map
        >>> figure = attention_map(np.eye(3), ["one", "two", "three"], ["eins", "zwei", "drei"])
        >>> [label.get_text() for label in figure.axes[0].get_xticklabels()]
        ['eins', 'zwei', 'drei']
    """
    array = np.asarray(weights, np.float64)
    if array.ndim not in (2, 3):
        expected = "(queries, keys) or (heads, queries, keys)"
        report([Problem("attention_map", f"weights of shape {array.shape}", expected)], ShapeError)
    report(
        (
            Problem(f"attention_map({name}=...)", f"{len(words)} words", f"at most {places}")
            for name, words, places in zip(
                ("queries", "keys"), (queries, keys), array.shape[-2:], strict=True
            )
            if words is not None and len(words) > places
        ),
        ShapeError,
    )
    rows, columns = (None if words is None else len(words) for words in (queries, keys))
    heads = array.reshape(-1, *array.shape[-2:])[:, :rows, :columns]
    return _draw(heads, queries, keys, title)


def _draw(
    heads: NumpyArray, queries: Sequence[str] | None, keys: Sequence[str] | None, title: str
) -> "Figure":
    count, rows, columns = heads.shape
    wide = min(count, COLUMNS)
    deep = -(-count // wide)
    # Room for the words above, and as much height for a row as there is width for a column.
    each = 5.0 / wide * min(1.2, max(0.4, rows / columns)) + 0.6
    figure, panels = new_figure(deep, wide, width=6.0, height=each * deep)
    for panel in panels[count:]:
        panel.remove()
    used = list(panels[:count])
    for number, panel in enumerate(used):
        panel.imshow(heads[number], cmap="Blues", vmin=0, vmax=1, aspect="auto")
        panel.set_title(title if count == 1 else f"{title}, head {number + 1}")
        panel.grid(False)
        _label(panel, queries, keys)
    figure.colorbar(used[0].images[0], ax=used, shrink=0.8, label="weight")
    return figure


def _label(panel: "Axes", queries: Sequence[str] | None, keys: Sequence[str] | None) -> None:
    if keys is None:
        panel.set_xlabel("key")
    else:
        slanted = {"rotation": 60, "ha": "right"} if max(map(len, keys)) > SHORT else {}
        panel.set_xticks(range(len(keys)), keys, **slanted)
    if queries is None:
        panel.set_ylabel("query")
    else:
        panel.set_yticks(range(len(queries)), queries)
