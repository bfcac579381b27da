"""A long table: a row for each step, and a column that tells the sequence it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from pellucid.data.left_out import left_out, read_each
from pellucid.data.sequence_files.sequence_set import SequenceSet
from pellucid.data.table import Column, Table, as_table, read_table
from pellucid.data.table.strays import Strays, StrayValues
from pellucid.data.table.values import levels_of, numbers_of, times_of
from pellucid.errors import DataError, Problem, report
from pellucid.types import NumpyArray


@dataclass(frozen=True)
class LongTable:
    """Which columns of a long table are what; all others are channels.

    Args:
        id: Column that tells the sequence.
        target: Column of classes; None where they are not known.
        group: Column that tells what belongs together; None for none.
        time: Column of numbers or dates that orders the steps; the order of the rows when None.
    """

    id: str
    target: str | None = None
    group: str | None = None
    time: str | None = None


def read_long_table(
    source: Any, columns: LongTable, channels: Sequence[str] | None = None
) -> SequenceSet:
    """Read sequences from a table; those with missing values or several classes are left out.

    Args:
        source: Path of a file, or a frame or dict of columns.
        columns: Which columns are what.
        channels: Names of the channels as they were in training, when the classes may be
            missing; all other columns when None.

    Raises:
        DataError: A column is missing, or a channel has values that are no numbers.
        FileError: There is no such file, or more than 5 % of the sequences cannot be read.

    Example:
        >>> from pellucid.data.sequence_files import LongTable, read_long_table
        >>> table = {"who": ["a", "a", "b"], "x": [1.0, 2.0, 3.0], "kind": ["up", "up", "down"]}
        >>> found = read_long_table(table, LongTable("who", target="kind"))
        >>> found.labels, [one[:, 0].tolist() for one in found.steps]
        (['up', 'down'], [[1.0, 2.0], [3.0]])
    """
    is_path = isinstance(source, str) or hasattr(source, "__fspath__")
    table = read_table(source) if is_path else as_table(source)
    if channels is not None and columns.target not in table.names:
        columns = replace(columns, target=None)
    named = (columns.id, columns.target, columns.group, columns.time)
    wanted = [one for one in named if one is not None]
    report((table.unknown(one) for one in wanted if one not in table), DataError)
    used = channels if channels is not None else [one for one in table.names if one not in wanted]
    report((table.unknown(one) for one in used if one not in table), DataError)
    if not used:
        report([Problem(table.source, "no further column", "one for each channel")], DataError)
    values = _values(table, used)
    order = _order(table, columns.time)
    ids = [str(one) for one in levels_of(table[columns.id])]
    rows_of: dict[str, list[int]] = {}
    for row in order.tolist():
        if ids[row]:
            rows_of.setdefault(ids[row], []).append(row)
    names = list(rows_of)
    said = {
        what: None if name is None else np.array(levels_of(table[name]), object)
        for what, name in (("class", columns.target), ("group", columns.group))
    }
    read = partial(_read, table, values, rows_of, said)
    kept, found, broken = read_each(names, read)
    notes = left_out(broken, len(names), "sequence", table.source)
    return SequenceSet(
        [steps for steps, _, _ in found],
        [names[number] for number in kept],
        tuple(used),
        None if columns.target is None else [label for _, label, _ in found],
        None if columns.group is None else [group for _, _, group in found],
        notes=notes,
    )


def _values(table: Table, channels: Sequence[str]) -> NumpyArray:
    """Return the channels, float32, shape (rows, channels); NaN where a value is missing."""
    strays = Strays()
    found = []
    for name in channels:
        with strays:
            found.append(numbers_of(table, table[name]))
    strays.report()
    return np.stack(found, axis=1).astype(np.float32)


def _order(table: Table, time: str | None) -> NumpyArray:
    """Return the rows in the order of their times."""
    if time is None:
        return np.arange(table.rows)
    moments = _moments(table, table[time])
    missing = np.isnat(moments) if moments.dtype.kind == "M" else np.isnan(moments)
    if missing.any():
        given = f"no time in {table.place(missing)}"
        report([Problem(f"{table.source}, column '{time}'", given, "a time in each")], DataError)
    return np.argsort(moments, kind="stable")


def _moments(table: Table, column: Column) -> NumpyArray:
    try:
        return numbers_of(table, column)
    except StrayValues:
        strays = Strays()
        with strays:
            return times_of(table, column)
        strays.report()
        raise


def _read(
    table: Table,
    values: NumpyArray,
    rows_of: dict[str, list[int]],
    said: dict[str, NumpyArray | None],
    name: str,
) -> tuple[NumpyArray, str, str]:
    """Return a sequence, its class and its group."""
    place = f"{table.source}, sequence '{name}'"
    rows = rows_of[name]
    steps = values[rows]
    lacking = np.isnan(steps).any(axis=1)
    if lacking.any():
        given = f"missing values in {table.place(np.array(rows)[lacking])}"
        report([Problem(place, given, "a number for each channel in each step")], DataError)
    one_each = []
    for what, column in said.items():
        found = [] if column is None else sorted({*column[rows].tolist()})
        if column is not None and (len(found) != 1 or not found[0]):
            given = f"{len(found)} of them: {', '.join(map(repr, found[:3]))}"
            report([Problem(f"{place}, {what}", given, f"one {what} for all steps")], DataError)
        one_each.append(found[0] if found else "")
    return steps, one_each[0], one_each[1]
