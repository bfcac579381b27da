"""A table with a column of time to the numbers that a forecast is made from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from pellucid.data.series import (
    Series,
    Spacing,
    Track,
    fill_forward,
    find_cycles,
    find_future,
    series_of,
    waves,
)
from pellucid.data.series.seasons import CYCLES, WAVES
from pellucid.data.table import Column, Kinds, Table, TableEncoder, infer_kinds
from pellucid.data.table.kinds import ANSWER, DATE, IGNORED, NUMBER, USED, kind_of
from pellucid.data.table.notation import NOTATIONS, notation_note
from pellucid.data.table.strays import Strays
from pellucid.data.table.table import some
from pellucid.data.table.values import numbers_of
from pellucid.errors import ArgumentError, DataError, Problem, report
from pellucid.types import NumpyArray

QUARTERS = 4
"""Pieces of the training part whose means are compared to see whether a column wanders off."""


@dataclass(frozen=True)
class SeriesReader:
    """How rows become a series, and a series numbers.

    Args:
        target: Column to forecast.
        notation: How its numbers are written, if not plainly.
        time: Columns that say when each row was.
        known: Columns whose values are known ahead.
        spacing: How far apart the steps are.
        cycles: Which of "day", "week" and "year" the network is told the place in.
        changed: Columns of numbers that wander off: their change from step to step is taken.
        encoder: Features of the other columns; None where there are none.
    """

    target: str
    notation: str | None
    time: tuple[str, ...]
    known: tuple[str, ...]
    spacing: Spacing
    cycles: tuple[str, ...]
    changed: tuple[str, ...]
    encoder: TableEncoder | None

    @property
    def widths(self) -> tuple[int, int, int]:
        """Numbers of features of other columns, of those known ahead, and of waves."""
        columns = 0 if self.encoder is None else len(self.encoder.features)
        return columns, len(self._ahead), 2 * WAVES * len(self.cycles)

    @property
    def _ahead(self) -> tuple[int, ...]:
        if self.encoder is None:
            return ()
        owners = [one.name for one in self.encoder.columns for _ in one.features]
        return tuple(place for place, name in enumerate(owners) if name in self.known)

    def series(self, table: Table) -> Series:
        """Return the steps of a table.

        Raises:
            DataError: A column is not there, or times are not those of such a series.
        """
        report(
            (table.unknown(name) for name in (self.target, *self.known) if name not in table),
            DataError,
        )
        return series_of(table, self.time, self.spacing)

    def track(self, series: Series) -> Track:
        """Return the numbers of a series.

        Raises:
            DataError: The target holds no numbers, or a column is missing or holds strays.
        """
        column = numeric(series.table, self.target, self.notation)
        return Track(
            fill_forward(column).values,
            column.missing,
            self._columns(series.table),
            self._ahead,
            waves(series.moments, self.cycles),
        )

    def _columns(self, table: Table) -> NumpyArray:
        if self.encoder is None:
            return np.zeros((table.rows, 0), np.float32)
        return self.encoder.transform(steady(table.without(self.target), self.changed))

    # -- files -----------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "target": self.target,
            "notation": self.notation,
            "time": list(self.time),
            "known": list(self.known),
            "spacing": [self.spacing.unit, self.spacing.size],
            "cycles": list(self.cycles),
            "changed": list(self.changed),
            "encoder": None if self.encoder is None else self.encoder.get_config(),
        }

    @classmethod
    def from_config(cls, config: Any) -> Self:
        """Return the reader that `get_config` described; what a file says is checked.

        Raises:
            ValueError: It is no such description.
        """
        unit, size = config["spacing"]
        notation, encoder = config["notation"], config["encoder"]
        if notation is not None and notation not in NOTATIONS:
            raise ValueError(f"got the notation {notation!r}, expected a known one")
        found = cls(
            _texts([config["target"]])[0],
            notation,
            _texts(config["time"]),
            _texts(config["known"]),
            Spacing(unit, size),
            _texts(config["cycles"]),
            _texts(config["changed"]),
            None if encoder is None else TableEncoder.from_config(encoder),
        )
        if not found.time or {*found.cycles} - {*CYCLES}:
            raise ValueError("got a series without time or with unknown cycles")
        return found


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise ValueError(f"got {values!r}, expected a list of names")
    return tuple(values)


def steady(table: Table, changed: Sequence[str]) -> Table:
    """Return columns filled from the past, those that wander off as their changes.

    Args:
        table: A row for each step.
        changed: Columns of numbers of which the change is taken.
    """
    filled = [fill_forward(column) for column in table]
    columns = [
        _change(one) if one.name in changed and one.storage == "number" else one for one in filled
    ]
    # Steps of files without a header are still told apart by `column_1` and so on.
    return Table(columns, source=table.source, lines=table.lines)


def _change(column: Column) -> Column:
    change = np.concatenate([[np.nan], np.diff(column.values)])
    return Column(column.name, change, np.isnan(change))


def numeric(table: Table, name: str, notation: str | None) -> Column:
    """Return a column as numbers, NaN where missing.

    Raises:
        DataError: It holds something else.
    """
    strays = Strays()
    numbers = np.zeros(0)
    with strays:
        numbers = numbers_of(table, table[name], notation)
    strays.report()
    return Column(name, numbers, np.isnan(numbers))


# -- learning how to read ------------------------------------------------------------------


def find_target(table: Table, target: str | None, time: Sequence[str]) -> tuple[str, list[str]]:
    """Return the column to forecast, and what is to be said of its choice.

    Args:
        table: The rows.
        target: The column, or None for the last one of numbers.
        time: Columns of time, which are none.

    Raises:
        ArgumentError: There is no such column.
        DataError: No column holds numbers.
    """
    if target is not None:
        problems = [] if target in table else [table.unknown(target, "target=...")]
        if target in time:
            problems.append(Problem("target=...", f"the time '{target}'", "another column"))
        report(problems)
        return target, []
    strays, numbers = Strays(), []
    for column in table.without(*time):
        with strays:
            if column.storage == "number" or kind_of(column, table).kind == NUMBER:
                numbers.append(column.name)
    strays.report()
    if not numbers:
        report([Problem(table.source, "no column of numbers", "one to forecast")], DataError)
    if len(numbers) == 1:
        return numbers[0], []
    others = some([f"'{name}'" for name in numbers[:-1]])
    told = f"No target was named: '{numbers[-1]}', the last column of numbers, is forecast"
    return numbers[-1], [f"{told}; others are {others}."]


def target_notation(table: Table, target: str) -> str | None:
    """Return how a target's numbers are written, if not plainly.

    Raises:
        DataError: It is no column of numbers.
    """
    column, strays = table[target], Strays()
    if column.storage == "number":
        return None
    with strays:
        kind = kind_of(column, table)
        if kind.kind == NUMBER:
            return kind.notation
    strays.report()
    values = some([repr(one) for one in column.tally()[0].tolist()], 3)
    raise DataError(str(Problem(f"{table.source}, target '{target}'", values, "numbers")))


def learn_reader(
    series: Series,
    target: str,
    time: Sequence[str],
    known: Sequence[str],
    horizon: int,
    training: int,
) -> tuple[SeriesReader, tuple[str, ...]]:
    """Return how a series is read, learned from its training steps, and notes on what was found.

    Args:
        series: All steps.
        target: Column to forecast.
        time: Columns of time.
        known: Columns known ahead.
        horizon: Steps of a forecast.
        training: Number of the first steps, which may be learned from.

    Raises:
        DataError: A column that is named as known ahead holds the target.
    """
    table = series.table
    notation = target_notation(table, target)
    kinds, notes = _kinds(table, target, notation, known, horizon, training)
    if notation is not None:
        notes.insert(0, notation_note(f"Target '{target}'", table[target].counts(), notation))
    changed = tuple(
        name
        for name in kinds.used
        if kinds[name].kind == NUMBER
        and table[name].storage == "number"
        and wanders(table[name].values[:training])
    )
    encoder = None
    if kinds.used:
        # The first step has no change, which must not look as if changes were often missing.
        learned = steady(table.without(target), changed).take(np.arange(bool(changed), training))
        encoder = TableEncoder.fit(learned, kinds=kinds)
    cycles = find_cycles(series.spacing.days, training)
    reader = SeriesReader(
        target, notation, tuple(time), tuple(known), series.spacing, cycles, changed, encoder
    )
    if changed:
        names = some([f"'{name}'" for name in changed])
        notes.append(f"Of {names}, which wander off, the change from step to step is taken.")
    return reader, tuple(notes)


def _kinds(
    table: Table,
    target: str,
    notation: str | None,
    known: Sequence[str],
    horizon: int,
    training: int,
) -> tuple[Kinds, list[str]]:
    """Return which columns are looked at, and notes on those that are not."""
    seen = table.take(np.arange(training))
    kinds = infer_kinds(seen.without(target))
    truth = numeric(seen, target, notation)
    numbers = Table([truth, *(one for one in seen.without(target) if one.storage == "number")])
    leaks = [*find_future(numbers, target, horizon, known)]
    report(_known_leaks(table.source, leaks, known), DataError)
    changes = [replace(kinds[one.name], kind=ANSWER, reason=one.reason) for one in leaks]
    changes += [
        replace(one, kind=IGNORED, reason="a date") for one in kinds.values() if one.kind == DATE
    ]
    kinds = kinds.changed(changes)
    notes = [*kinds.notes]
    notes += [
        f"Column '{one.name}' holds the future: {one.reason}. It is left out." for one in leaks
    ]
    if kinds.used:
        notes.append(f"Other columns: {some([f'{name!r}' for name in kinds.used], 12)}.")
    unused = {name: one for name, one in kinds.items() if one.kind not in USED}
    unused = {name: one for name, one in unused.items() if one.kind != ANSWER}
    if unused:
        told = some([f"'{name}' ({one.kind}: {one.reason})" for name, one in unused.items()])
        notes.append(f"Left out: {told}.")
    report(_known_unused(table, kinds, known), ArgumentError)
    return kinds, notes


def _known_leaks(source: str, leaks: Sequence[Any], known: Sequence[str]) -> Iterator[Problem]:
    for leak in leaks:
        if leak.name in known:
            given = f"a column that holds the answer: {leak.reason}"
            expected = "one whose values are known before the target's"
            fix = "Leave it out of known=[...]."
            yield Problem(f"{source}, known '{leak.name}'", given, expected, fix)


def _known_unused(
    table: Table, kinds: Mapping[str, Any], known: Sequence[str]
) -> Iterator[Problem]:
    for name in known:
        if kinds[name].kind not in USED:
            given = f"'{name}', which says nothing ({kinds[name].kind}: {kinds[name].reason})"
            yield Problem("known=...", given, "columns that vary in the training part")


def wanders(values: NumpyArray) -> bool:
    """Return whether numbers leave their old range: quarters' means lie wider than each spreads.

    Args:
        values: Training values in order, NaN where missing, shape (steps,).

    Example:
        >>> import numpy as np
        >>> from pellucid.tasks.series_reader import wanders
        >>> wanders(np.arange(100.0)), wanders(np.sin(np.arange(100.0)))
        (True, False)
    """
    quarters = [one[~np.isnan(one)] for one in np.array_split(values, QUARTERS)]
    quarters = [one for one in quarters if len(one)]
    means, spreads = [one.mean() for one in quarters], [one.std() for one in quarters]
    return bool(np.std(means) > np.mean(spreads))
