"""Values that are numbers but perhaps mean "no value": zeros far from the rest, 9999, -1."""

from collections.abc import Iterator

import numpy as np

from pellucid.data.table.notation import number_text
from pellucid.data.table.table import Column
from pellucid.types import NumpyArray
from pellucid.wording import count_text


def suspect_values(column: Column) -> Iterator[str]:
    """Yield a note for a value that stands apart from all others, as marks of "no value" do.

    Nothing is changed: a measured zero cannot be told from a missing one.

    Args:
        column: A column of numbers.

    Example:
        >>> from pellucid.data.table import as_table
        >>> from pellucid.data.table.suspects import suspect_values
        >>> table = as_table({"pressure": [0, 0, 0, *range(60, 90)]})
        >>> print(*suspect_values(table["pressure"]))
        Column 'pressure': 3 rows hold 0, all others lie between 60 and 89. If 0 stands for a
        missing value, say so: missing={'pressure': [0]}.
    """
    if column.storage != "number":
        return
    present = column.values[~column.missing]
    values, counts = column.tally()
    if len(values) < 12:
        return
    for place in (0, -1):
        others = np.delete(values, place)
        share = counts[place] / len(present)
        if counts[place] < 3 or share > 0.5:
            continue
        typical = float(np.median(present[present != values[place]]))
        if _stands_apart(values[place], others, typical):
            yield _note(column.name, values[place], int(counts[place]), others)


def _stands_apart(value: float, others: NumpyArray, typical: float) -> bool:
    distance = min(abs(others[0] - value), abs(others[-1] - value))
    if value == 0 and others[0] > 0:
        steps = np.diff(others[: max(3, len(others) // 2)])
        return bool(distance > 5 * np.median(steps) and distance > 0.1 * typical)
    return bool(distance > others[-1] - others[0])


def _note(name: str, value: float, count: int, others: NumpyArray) -> str:
    shown, low, high = (number_text(float(f"{one:.6g}")) for one in (value, others[0], others[-1]))
    return (
        f"Column '{name}': {count_text(count, 'row')} hold {shown}, all others lie between {low} "
        f"and {high}. If {shown} stands for a missing value, say so: "
        f"missing={{'{name}': [{shown}]}}."
    )
