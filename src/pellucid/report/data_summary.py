"""What the data are, as a part of a page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.page import Item, Section, Sentence, Table
from pellucid.types import NumpyArray
from pellucid.wording import count_text

MOST_COLUMNS = 40
"""A column each is listed up to here; wider rows are summed up in one line."""

MOST_LABELS = 30
"""A target with at most so many different whole numbers is counted by value."""

COLUMN_HEADERS = ("column", "type", "missing", "smallest", "mean", "largest", "different")
LABEL_HEADERS = ("label", "rows", "share")


def data_section(
    inputs: Mapping[str, NumpyArray],
    labels: Mapping[str, NumpyArray],
    columns: Sequence[str] = (),
) -> Section:
    """Return what arrays hold: rows, types, ranges, missing values, and how many of each label.

    Args:
        inputs: Array by name, rows first.
        labels: Array by name, rows first; a whole one-hot table counts by its columns.
        columns: Names of the columns of an input of shape (rows, columns).
    """
    items = [item for name, array in inputs.items() for item in _input(name, array, columns)]
    items += [item for name, array in labels.items() for item in _label(name, array)]
    return Section("Data", items)


def _input(name: str, array: NumpyArray, columns: Sequence[str]) -> Iterator[Item]:
    shape = " x ".join(f"{size:,}" for size in array.shape[1:]) or "one value"
    yield Sentence(f"{name}: {count_text(len(array), 'row')} of {shape}.")
    if array.ndim == 2 and array.shape[1] <= MOST_COLUMNS:
        names = columns if len(columns) == array.shape[1] else range(array.shape[1])
        rows = [column_row(str(one), array[:, place]) for place, one in enumerate(names)]
    else:
        rows = [column_row(name, array)]
    yield Table(f"Columns of {name}", COLUMN_HEADERS, rows)


def column_row(name: str, values: NumpyArray) -> list[Any]:
    """Return a row of the table of columns: name, type, missing, range, different values.

    Args:
        name: Name of the column.
        values: Numbers of any shape, NaN where one is missing; or text.
    """
    if values.dtype.kind not in "fiub":
        return [name, str(values.dtype), None, None, None, None, len(np.unique(values.astype(str)))]
    numbers = values.astype(np.float64)
    present = numbers[~np.isnan(numbers)]
    ends = [present.min(), present.mean(), present.max()] if present.size else [None] * 3
    kind = {"f": "number", "i": "whole number", "u": "whole number", "b": "truth"}
    missing = int(numbers.size - present.size)
    return [name, kind[values.dtype.kind], missing, *ends, len(np.unique(present))]


def _label(name: str, array: NumpyArray) -> Iterator[Item]:
    flat = array.argmax(axis=1) if _is_one_hot(array) else array
    if flat.dtype.kind in "fc" and not np.isfinite(flat).all():
        yield Table(f"Values of {name}", COLUMN_HEADERS, [column_row(name, flat)])
        return
    values, counts = np.unique(flat, return_counts=True)
    whole = flat.dtype.kind != "f" or bool((values == np.round(values)).all())
    if whole and len(values) <= MOST_LABELS:
        yield label_table(
            name,
            [f"{value:g}" if flat.dtype.kind in "fiub" else str(value) for value in values],
            counts,
        )
    else:
        yield Table(f"Values of {name}", COLUMN_HEADERS, [column_row(name, flat)])


def _is_one_hot(array: NumpyArray) -> bool:
    if array.ndim != 2 or array.shape[1] < 2 or array.dtype.kind not in "fiub":
        return False
    return bool(((array == 0) | (array == 1)).all() and (array.sum(axis=1) == 1).all())


def label_table(name: str, labels: Sequence[str], counts: Any) -> Table:
    """Return how many rows hold each label.

    Args:
        name: What the labels are of.
        labels: Each once.
        counts: Rows of each.
    """
    total = max(int(np.sum(counts)), 1)
    rows = [
        (label, int(count), f"{count / total:.1%}")
        for label, count in zip(labels, counts, strict=True)
    ]
    return Table(f"Rows of each {name}", LABEL_HEADERS, rows)
