"""Rows in the order of time, one for each step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.data.left_out import MOST_BROKEN
from pellucid.data.series.moments import moments_of
from pellucid.data.series.spacing import Spacing, find_spacing
from pellucid.data.table.duplicates import duplicate_groups
from pellucid.data.table.table import Column, Table, some
from pellucid.errors import DataError, Problem, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text


@dataclass(frozen=True, eq=False)
class Series:
    """A table whose rows are the steps of a series.

    Args:
        table: The other columns; a step that the data lack is a row of missing values.
        moments: When each step was, datetime64[us], shape (steps,).
        spacing: How far apart the steps are.
        notes: What was found and done, in sentences.
    """

    table: Table
    moments: NumpyArray
    spacing: Spacing
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.moments)

    def between(self, begin: int, end: int, *notes: str) -> "Series":
        """Return the steps from one to before another, with further notes."""
        steps = np.arange(begin, end)
        told = (*self.notes, *notes)
        return Series(self.table.take(steps), self.moments[steps], self.spacing, told)


def series_of(table: Table, time: Sequence[str], spacing: Spacing | None = None) -> Series:
    """Return a table's rows as the steps of a series: sorted, and absent steps put in.

    Args:
        table: The rows, in any order.
        time: The columns that say when each row was.
        spacing: How far apart the steps must be; None to find out.

    Raises:
        DataError: A time cannot be read, more than 5 % of the rows share one and differ, or the
            rows lie at no one distance, or at another than `spacing`.

    Example:
        >>> from pellucid.data.series import series_of
        >>> from pellucid.data.table import as_table
        >>> rows = {"day": ["2024-01-04", "2024-01-01", "2024-01-02"], "sold": [4, 1, 2]}
        >>> series = series_of(as_table(rows), ["day"])
        >>> print(series.spacing, series.table["sold"].values.tolist())
        a day [1.0, 2.0, nan, 4.0]
        >>> print(*series.notes, sep="; ")
        The rows were not in the order of time (row 2 is the first); they are sorted.; 1 step
        is absent (2024-01-03); it counts as missing.
    """
    moments = moments_of(table, time)
    where = f"{table.source}, time {', '.join(repr(name) for name in time)}"
    table, moments, notes = _sorted(table, moments)
    table, moments, repeated = _once(table, moments, time, where)
    notes += repeated
    if spacing is None:
        spacing = find_spacing(moments, where)
    places = spacing.places(moments)
    between = places < 0
    if between.any():
        given = f"{_day(moments[between][0])} ({table.place(between)})"
        expected = f"steps of {spacing} from the first on, as in training"
        report([Problem(where, given, expected)], DataError)
    rest = table.without(*time)
    steps = int(places[-1]) + 1
    if steps == len(places):
        return Series(rest, moments, spacing, (*notes, *_holidays(spacing, moments)))
    report(_mostly_gaps(steps, len(places), where), DataError)
    whole = spacing.later(moments[0], np.arange(steps))
    absent = np.ones(steps, bool)
    absent[places] = False
    return Series(_spread(rest, places, steps), whole, spacing, (*notes, _gaps(whole[absent])))


def _sorted(table: Table, moments: NumpyArray) -> tuple[Table, NumpyArray, list[str]]:
    backwards = np.flatnonzero(np.diff(moments) < np.timedelta64(0))
    if not len(backwards):
        return table, moments, []
    place = table.place(int(backwards[0]) + 1)
    order = np.argsort(moments, kind="stable")
    note = f"The rows were not in the order of time ({place} is the first); they are sorted."
    return table.take(order), moments[order], [note]


def _once(
    table: Table, moments: NumpyArray, time: Sequence[str], where: str
) -> tuple[Table, NumpyArray, list[str]]:
    """Return rows, in order, of which no two have one time, and sentences about the others.

    Of rows that are the same one stays. Of rows that differ none does, since none is known to be
    right.

    Raises:
        DataError: More than a few differ.
    """
    shared = np.append(False, moments[1:] == moments[:-1])
    if not shared.any():
        return table, moments, []
    number = np.cumsum(~shared)
    rest = table.without(*time)
    values = duplicate_groups(rest, rest.names)
    kept = np.sort(np.unique(np.stack([number, values]), axis=1, return_index=True)[1])
    again = np.setdiff1d(np.arange(len(moments)), kept)
    several = np.bincount(number[kept])[number[kept]] > 1
    differing = kept[several]
    report(_too_often(table, moments, differing, where), DataError)
    notes = []
    if len(again):
        counted = count_text(len(again), "row")
        notes.append(f"{counted} left out, the same as the one before ({table.place(again)}).")
    if len(differing):
        times = [_day(one) for one in np.unique(moments[differing])]
        told = f"{count_text(len(differing), 'row')} left out, different at one time"
        notes.append(f"{told} ({some(times, 3)}; {table.place(differing)}).")
    left = kept[~several]
    return table.take(left), moments[left], notes


def _too_often(
    table: Table, moments: NumpyArray, rows: NumpyArray, where: str
) -> Iterator[Problem]:
    """Yield the problem of many rows that differ at one time."""
    if len(rows) <= MOST_BROKEN * len(moments):
        return
    first = moments[rows] == moments[rows[0]]
    given = f"{_day(moments[rows[0]])} twice ({table.place(rows[first])})"
    more = len(np.unique(moments[rows])) - 1
    if more:
        given += f", and {count_text(more, 'more such time')}"
    fix = (
        "Drop one of the two or average them; if the file holds several series, give one "
        "file for each."
    )
    yield Problem(where, given, "each time once", fix)


def _mostly_gaps(steps: int, rows: int, where: str) -> Iterator[Problem]:
    if steps > 2 * rows:
        given = f"{rows} rows where {count_text(steps, 'step')} would be"
        fix = "Bring the rows to a longer distance first, such as the mean of each month."
        yield Problem(where, given, "rows for at least half of the steps", fix)


def _gaps(absent: NumpyArray) -> str:
    shown = some([_day(moment) for moment in absent], 3)
    if len(absent) == 1:
        return f"1 step is absent ({shown}); it counts as missing."
    return f"{count_text(len(absent), 'step')} are absent ({shown}); they count as missing."


def _day(moment: Any) -> str:
    return str(moment)[:19].removesuffix("T00:00:00")


def _holidays(spacing: Spacing, moments: NumpyArray) -> list[str]:
    if spacing.unit != "trading day":
        return []
    days = moments.astype("datetime64[D]")
    closed = int(np.busday_count(days[0], days[-1])) + 1 - len(days)
    told = f"{count_text(closed, 'working day')} without a row" if closed else "no holidays"
    return [f"Trading days: Monday to Friday, {told}; each row counts as one step."]


def _spread(table: Table, places: NumpyArray, steps: int) -> Table:
    """Return the table with rows of missing values where steps are absent."""
    absent = np.ones(steps, bool)
    absent[places] = False
    before = np.maximum.accumulate(np.where(absent, -1, np.cumsum(~absent) - 1))
    columns = [_spread_column(column, places, steps) for column in table]
    lines = None if table.lines is None else table.lines[before]
    return Table(
        columns,
        source=table.source,
        notes=table.notes,
        positional=table.positional,
        lines=lines,
    )


def _spread_column(column: Column, places: NumpyArray, steps: int) -> Column:
    nothing = {"number": np.nan, "boolean": False, "text": "", "time": np.datetime64("NaT")}
    values = np.full(steps, nothing[column.storage], column.values.dtype)
    missing = np.ones(steps, bool)
    values[places], missing[places] = column.values, column.missing
    return Column(column.name, values, missing)
