"""Tables in plain text."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from pellucid.errors import Problem, report
from pellucid.wording import number_text

GAP = "  "


def text_table(rows: Iterable[Sequence[Any]], headers: Sequence[str] | None = None) -> str:
    """Return rows as aligned plain text: numbers to the right, words to the left.

    Args:
        rows: Rows of equal length. A float is shown with about four digits, None as nothing.
        headers: One name a column, drawn over a line; None for a table without a head.

    Returns:
        The lines, without an end of line after the last.

    Raises:
        ArgumentError: A row is longer or shorter than the others.

    Example:
        >>> from pellucid.report import text_table
        >>> print(text_table([("network", 0.9737), ("majority", 0.6316)], ["model", "accuracy"]))
        model     accuracy
        --------  --------
        network     0.9737
        majority    0.6316
    """
    body = [list(row) for row in rows]
    head = [list(headers)] if headers is not None else []
    width = len((head + body)[0]) if head or body else 0
    report(_wrong_lengths(body, width))
    cells = [[cell_text(value) for value in row] for row in head + body]
    right = [all(is_number(row[column]) for row in body) for column in range(width)]
    sizes = [max(len(row[column]) for row in cells) for column in range(width)]
    if head:
        cells.insert(1, ["-" * size for size in sizes])
    return "\n".join(_line(row, sizes, right) for row in cells)


def _wrong_lengths(body: list[list[Any]], width: int) -> list[Problem]:
    return [
        Problem(f"text_table(rows=...), row {index}", f"{len(row)} cells", f"{width}")
        for index, row in enumerate(body)
        if len(row) != width
    ]


def is_number(value: Any) -> bool:
    """Say whether `value` may stand in a column of numbers; a missing one may."""
    return value is None or (
        isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    )


def cell_text(value: Any) -> str:
    """Return what stands in a cell: a float with about four digits, None as nothing."""
    if value is None:
        return ""
    if isinstance(value, (float, np.floating)):
        return number_text(float(value))
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return f"{value:,}"
    return " ".join(str(value).split("\n"))


def _line(row: list[str], sizes: list[int], right: list[bool]) -> str:
    aligned = [
        cell.rjust(size) if numeric else cell.ljust(size)
        for cell, size, numeric in zip(row, sizes, right, strict=True)
    ]
    return GAP.join(aligned).rstrip()
