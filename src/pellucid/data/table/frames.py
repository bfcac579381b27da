"""Anybody's table as a Table: dicts, arrays, and data frames of every library narwhals knows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.data.table.columns import (
    Marks,
    boolean_column,
    number_column,
    text_column,
    time_column,
    value_column,
)
from pellucid.data.table.notation import LARGEST_EXACT, MISSING_MARKS
from pellucid.data.table.table import Column, Table, some
from pellucid.errors import DataError, Problem, report
from pellucid.types import NumpyArray

MarksOf = Callable[[str], Marks]


def default_marks(name: str) -> Marks:
    """Return the usual texts for "no value", whatever the column."""
    return MISSING_MARKS


def as_table(data: Any, *, source: str = "table", marks: MarksOf = default_marks) -> Table:
    """Return a table of any form as a Table.

    Args:
        data: A Table, a dict of columns, an array of shape (rows, columns), or a data frame of
            pandas, Polars, pyarrow or another library that narwhals knows.
        source: What messages call it.
        marks: Texts that mean "no value", by column.

    Raises:
        DataError: It is none of these, has no columns, or columns of different lengths.

    Example:
        >>> import numpy as np
        >>> from pellucid.data.table import as_table
        >>> as_table(np.array([[1.0, 2.0]])).names
        ('column_1', 'column_2')
    """
    if isinstance(data, Table):
        return data
    if isinstance(data, Mapping):
        return from_columns(data, source=source, marks=marks)
    if isinstance(data, np.ndarray):
        return _from_array(data, source, marks)
    return from_frame(data, source=source, marks=marks)


def from_columns(
    columns: Mapping[str, Any], *, source: str = "table", marks: MarksOf = default_marks
) -> Table:
    """Return a dict of column name to values (arrays, lists, series) as a Table."""
    report(_empty(source, len(columns)), DataError)
    made = [_any_column(str(name), values, marks(str(name))) for name, values in columns.items()]
    return Table(made, source=source)


def _from_array(data: NumpyArray, source: str, marks: MarksOf) -> Table:
    if data.dtype.names:
        return from_columns({name: data[name] for name in data.dtype.names}, source=source)
    if data.ndim != 2:
        given = f"an array of shape {data.shape}"
        report([Problem(source, given, "an array of shape (rows, columns)")], DataError)
    report(_empty(source, data.shape[1]), DataError)
    names = [f"column_{place}" for place in range(1, data.shape[1] + 1)]
    columns = [_any_column(name, data[:, place], marks(name)) for place, name in enumerate(names)]
    return Table(columns, source=source, positional=True)


def _empty(source: str, columns: int) -> list[Problem]:
    return [] if columns else [Problem(source, "no columns", "at least one")]


def _any_column(name: str, values: Any, marks: Marks) -> Column:
    if not isinstance(values, np.ndarray):
        if not isinstance(values, Sequence):
            return _series_column(name, values, marks)
        return value_column(name, values, marks)
    if values.ndim != 1:
        expected = "one value a row, shape (rows,)"
        report([Problem(f"column '{name}'", f"shape {values.shape}", expected)], DataError)
    return _array_column(name, values, marks)


def _array_column(name: str, values: NumpyArray, marks: Marks) -> Column:
    kind = values.dtype.kind
    if kind in "iu" and len(values) and _largest(values) > LARGEST_EXACT:
        return text_column(name, [str(value) for value in values], marks)
    if kind in "iuf":
        return number_column(name, values, marks)
    if kind == "b":
        return boolean_column(name, values)
    if kind == "M":
        return time_column(name, values)
    if kind in "UT":
        return text_column(name, [str(value) for value in values], marks)
    return value_column(name, values.tolist(), marks)


def _largest(numbers: Any) -> int:
    return max(abs(int(numbers.min() or 0)), abs(int(numbers.max() or 0)))


def _series_column(name: str, values: Any, marks: Marks) -> Column:
    import narwhals as nw

    try:
        series = nw.from_native(values, series_only=True)
    except TypeError:
        given = f"a {type(values).__name__}"
        raise DataError(
            str(Problem(f"column '{name}'", given, "an array, a list or a series"))
        ) from None
    return _narwhals_column(name, series, marks)


def from_frame(frame: Any, *, source: str = "table", marks: MarksOf = default_marks) -> Table:
    """Return a data frame of any library that narwhals knows as a Table.

    Columns that hold lists or structures are left out with a note.
    """
    import narwhals as nw

    try:
        known = nw.from_native(frame, eager_only=True)
    except TypeError:
        given = f"a {type(frame).__name__}"
        expected = "a path, a data frame, a dict of columns or an array of shape (rows, columns)"
        raise DataError(str(Problem(source, given, expected))) from None
    report(_empty(source, len(known.columns)), DataError)
    nested = [name for name in known.columns if known[name].dtype.is_nested()]
    if len(nested) == len(known.columns):
        report([Problem(source, "only lists and structures", "plain values")], DataError)
    notes = [f"Columns that hold lists or structures left out: {some(nested)}."] if nested else []
    columns = [
        _narwhals_column(str(name), known[name], marks(str(name)))
        for name in known.columns
        if name not in nested
    ]
    return Table(columns, source=source, notes=notes)


def _narwhals_column(name: str, series: Any, marks: Marks) -> Column:
    import narwhals as nw

    dtype = series.dtype
    if dtype.is_integer() and len(series) and _largest(series) > LARGEST_EXACT:
        return value_column(name, _values(series), marks)
    if dtype.is_numeric():
        return number_column(name, series.cast(nw.Float64).to_numpy(), marks)
    if dtype == nw.Boolean and not series.is_null().any():
        return boolean_column(name, series.to_numpy())
    if dtype in (nw.Date, nw.Datetime):
        times = series if getattr(dtype, "time_zone", None) is None else _in_utc(series)
        return time_column(name, times.to_numpy().astype("datetime64[us]"))
    if dtype == nw.Duration:
        return number_column(name, series.dt.total_seconds().cast(nw.Float64).to_numpy(), marks)
    return value_column(name, _values(series), marks)


def _values(series: Any) -> list[Any]:
    """Return Python values; None where missing, whatever the library's own word for that is."""
    pairs = zip(series.to_list(), series.is_null().to_list(), strict=True)
    return [None if gone else value for value, gone in pairs]


def _in_utc(series: Any) -> Any:
    return series.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
