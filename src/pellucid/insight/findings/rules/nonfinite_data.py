"""NaN and infinity in the data."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case, Data
from pellucid.insight.findings.finding import Finding
from pellucid.insight.remedies import DropColumns, DropRows, FillMissing, Remedy
from pellucid.types import NumpyArray
from pellucid.wording import count_text

FEW, MOSTLY = 0.05, 0.5
"""Share of rows that can be spared, and of a column's values without which it says nothing."""


def nonfinite_data(case: Case) -> Iterator[Finding]:
    """Yield the finding of values that are no numbers, among the rows."""
    for data, what in ((case.train, "training"), (case.validation, "validation")):
        if data is not None and data.rows:
            yield from _of(data, what)


def _of(data: Data, what: str) -> Iterator[Finding]:
    found = {
        name: [~np.isfinite(one) for one in arrays if one.dtype.kind == "f"]
        for name, arrays in (("inputs", data.inputs), ("labels", data.labels))
    }
    values = {name: sum(int(one.sum()) for one in masks) for name, masks in found.items()}
    if not any(values.values()):
        return
    masks = [one for several in found.values() for one in several]
    rows = max(_rows_of(masks, len(one)) for one in masks)
    whole = "every row" if rows == data.rows else count_text(rows, "row")
    told = " and ".join(
        f"{count_text(number, 'value')} of the {name}" for name, number in values.items() if number
    )
    evidence = {f"{name} not finite": float(number) for name, number in values.items()}
    yield Finding(
        "nonfinite-data",
        "fault",
        f"Your {what} data have holes: {told}, in {whole}, are NaN or infinite. One such number "
        "makes the loss NaN, and with it every weight.",
        {**evidence, "rows": float(rows), "columns": float(len(_columns_of(data)))},
        _remedies(data, rows),
    )


def _remedies(data: Data, rows: int) -> tuple[Remedy, ...]:
    """Return what can be done: rows are dropped first where they are few."""
    empty = tuple(int(one) for one in _columns_of(data) if _missing(data, one) > MOSTLY)
    columns = (DropColumns(empty),) if empty else ()
    if rows == data.rows:
        return (*columns, FillMissing())
    if rows <= FEW * data.rows:
        return (*columns, DropRows(), FillMissing())
    return (*columns, FillMissing(), DropRows())


def _rows_of(masks: list[NumpyArray], rows: int) -> int:
    touched = np.zeros(rows, bool)
    for mask in masks:
        if len(mask) == rows:
            touched |= mask.reshape(rows, -1).any(axis=1)
    return int(touched.sum())


def _columns_of(data: Data) -> NumpyArray:
    """Return the numbers of the first input's columns that have holes."""
    first = data.inputs[0]
    if first.dtype.kind != "f" or first.ndim != 2:
        return np.zeros(0, int)
    return np.flatnonzero((~np.isfinite(first)).any(axis=0))


def _missing(data: Data, column: int) -> float:
    return float(np.mean(~np.isfinite(data.inputs[0][:, column])))
