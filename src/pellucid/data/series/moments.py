"""When each row was: points in time from one column, or from several that share them."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from pellucid.data.table.dates import DAY_FIRST, MONTH_FIRST, find_order, parse_time, parse_times
from pellucid.data.table.notation import number_text
from pellucid.data.table.table import Column, Table, some
from pellucid.errors import DataError, Problem, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text

PARTS = ("year", "month", "day", "hour", "minute", "second")
"""What columns are called that share a point in time, from coarse to fine."""

LARGEST: Mapping[str, int] = {
    "year": 9999,
    "month": 12,
    "day": 31,
    "hour": 23,
    "minute": 59,
    "second": 59,
}

SAMPLE = 50
MOSTLY = 0.8
"""Share of a sample of texts that must be dates for a column to be one of time."""


def find_time(table: Table) -> tuple[str, ...]:
    """Return the column that says when each row was, or the columns that share it.

    Args:
        table: The rows.

    Raises:
        DataError: There is none.

    Example:
        >>> from pellucid.data.series import find_time
        >>> from pellucid.data.table import as_table
        >>> find_time(as_table({"year": [2010, 2010], "month": [1, 2], "sold": [5, 7]}))
        ('year', 'month')
    """
    dated = [column.name for column in table if is_dated(column)]
    if dated:
        return (dated[0],)
    by_part = {
        column.name.lower(): column.name
        for column in table
        if column.name.lower() in PARTS and column.storage == "number"
    }
    if "year" not in by_part:
        given = f"no column of dates among {some([f'{name!r}' for name in table.names])}"
        expected = "one that says when each row was, or columns 'year', 'month' and so on"
        fix = (
            "Name it with time=..., or add one of dates such as 2013-03-01. "
            "Rows without a time are a table: it has a target and no horizon."
        )
        report([Problem(table.source, given, expected, fix)], DataError)
    return tuple(by_part[part] for part in PARTS if part in by_part)


def is_dated(column: Column) -> bool:
    """Return whether a column holds dates, whatever it is called."""
    if column.storage != "text":
        return column.storage == "time"
    sample = [text for text in column.tally()[0].tolist()[:SAMPLE] if text]
    orders = (DAY_FIRST, MONTH_FIRST)
    read = [any(parse_time(text, order) is not None for order in orders) for text in sample]
    return sum(read) >= MOSTLY * max(len(sample), 1)


def moments_of(table: Table, names: Sequence[str]) -> NumpyArray:
    """Return when each row was.

    Args:
        table: The rows.
        names: One column of dates, one of years, columns called `year`, `month`, `day`, `hour`,
            `minute` and `second`, or columns whose texts make a date when put side by side.

    Returns:
        datetime64[us], shape (rows,).

    Raises:
        DataError: A column is not there, or a row has no time or one that cannot be read.

    Example:
        >>> from pellucid.data.series import moments_of
        >>> from pellucid.data.table import as_table
        >>> rows = as_table({"day": ["16/12/2006"], "clock": ["17:24:00"]})
        >>> str(moments_of(rows, ["day", "clock"])[0])
        '2006-12-16T17:24:00.000000'
    """
    report((table.unknown(name, "time=...") for name in names if name not in table), DataError)
    columns = [table[name] for name in names]
    report(_missing(table, columns), DataError)
    if len(columns) == 1 and columns[0].storage == "time":
        return columns[0].values
    if all(column.storage == "number" for column in columns):
        return _from_numbers(table, columns)
    return _from_texts(table, columns)


def _missing(table: Table, columns: Sequence[Column]) -> Iterator[Problem]:
    for column in columns:
        if column.missing.any():
            given = f"no time in {count_text(int(column.missing.sum()), 'row')}"
            given += f" ({table.place(column.missing)})"
            where = f"{table.source}, time '{column.name}'"
            yield Problem(where, given, "a time in each row", "Drop these rows.")


def _from_texts(table: Table, columns: Sequence[Column]) -> NumpyArray:
    spelled = [_spelled(column) for column in columns]
    texts = [" ".join(parts) for parts in zip(*spelled, strict=True)]
    moments = parse_times(texts, find_order(dict.fromkeys(texts))[0])
    lost = np.flatnonzero(np.isnat(moments))
    if len(lost):
        shown = [f"{texts[row]!r} ({table.place(row)})" for row in lost[:3]]
        rest = f" and {len(lost) - 3:,} more" if len(lost) > 3 else ""
        fix = "Correct or drop these rows, or name the column of time: time=..."
        given = f"{', '.join(shown)}{rest}"
        report([Problem(_place(table, columns), given, "dates such as 2013-03-01", fix)], DataError)
    return moments


def _spelled(column: Column) -> list[str]:
    if column.storage == "number":
        return [number_text(value) for value in column.values.tolist()]
    return [str(value) for value in column.values.tolist()]


def _place(table: Table, columns: Sequence[Column]) -> str:
    return f"{table.source}, time {', '.join(repr(column.name) for column in columns)}"


def _from_numbers(table: Table, columns: Sequence[Column]) -> NumpyArray:
    by_part = {column.name.lower(): column for column in columns}
    if len(columns) == 1:
        by_part = {"year": columns[0]}
    given = [part for part in PARTS if part in by_part]
    if len(given) < len(columns) or given != list(PARTS[: len(given)]):
        names = some([f"'{column.name}'" for column in columns])
        expected = "columns called 'year', 'month', 'day', 'hour' and so on, without a hole"
        report([Problem(f"{table.source}, time", f"numbers in {names}", expected)], DataError)
    report(_beyond(table, by_part), DataError)
    numbers = {part: column.values.astype(np.int64) for part, column in by_part.items()}
    nothing = np.zeros(table.rows, np.int64)
    months = 12 * (numbers["year"] - 1970) + numbers.get("month", nothing + 1) - 1
    first = months.astype("datetime64[M]")
    dates = first.astype("datetime64[D]") + (numbers.get("day", nothing + 1) - 1)
    wrong = dates.astype("datetime64[M]") != first
    if wrong.any():
        shown = f"a day that its month does not have ({table.place(wrong)})"
        report([Problem(_place(table, columns), shown, "dates", "Correct these rows.")], DataError)
    clock = sum(
        seconds * numbers.get(part, nothing)
        for part, seconds in (("hour", 3600), ("minute", 60), ("second", 1))
    )
    return dates.astype("datetime64[us]") + np.asarray(clock).astype("timedelta64[s]")


def _beyond(table: Table, by_part: Mapping[str, Column]) -> Iterator[Problem]:
    for part, column in by_part.items():
        least = 1 if part in ("year", "month", "day") else 0
        values = column.values
        wrong = (values < least) | (values > LARGEST[part]) | (values != np.floor(values))
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            given = f"{number_text(float(values[row]))} ({table.place(row)})"
            expected = f"whole numbers from {least} to {LARGEST[part]}"
            fix = "Name the column of time: time=..." if part == "year" else ""
            yield Problem(f"{table.source}, time '{column.name}'", given, expected, fix)
