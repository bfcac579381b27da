"""A column's values read as numbers, levels, truth values or times, whatever they are stored as.

So a model that learned from a CSV file reads the same values from a data frame.
"""

from typing import Any

import numpy as np

from pellucid.data.table.dates import MONTH_FIRST, parse_time
from pellucid.data.table.notation import canonical_text, number_text, parse_as
from pellucid.data.table.strays import StrayValues, refuse_infinite, refuse_strays, where
from pellucid.data.table.table import Column, Table
from pellucid.errors import Problem
from pellucid.types import NumpyArray

TRUE = frozenset(("true", "t", "yes", "y", "on", "1"))
FALSE = frozenset(("false", "f", "no", "n", "off", "0"))
"""Words for true and false, in lower case."""


def numbers_of(table: Table, column: Column, notation: str | None = None) -> NumpyArray:
    """Return float64 numbers, NaN where missing.

    Raises:
        StrayValues: A value is no number, or infinite.
    """
    if column.missing.all():
        return np.full(len(column), np.nan)
    if column.storage == "boolean":
        return np.where(column.missing, np.nan, column.values.astype(np.float64))
    if column.storage == "time":
        expected = "numbers, as in training"
        raise StrayValues(Problem(where(table, column), "dates", expected))
    if column.storage == "number":
        refuse_infinite(table, column)
        return column.values
    counts = column.counts()
    read = {text: parse_as(text, notation) for text in counts}
    strays = [text for text, number in read.items() if number is None]
    refuse_strays(table, column, strays, "numbers")
    distinct, codes = column.coded
    # A further place, for the code -1 of missing values.
    numbers = np.array([*(read.get(text) for text in distinct), np.nan], np.float64)[codes]
    refuse_infinite(table, Column(column.name, numbers, column.missing))
    return numbers


def levels_of(column: Column) -> NumpyArray:
    """Return one spelling for each value, shape (rows,), "" where missing.

    `1`, `1.0` and the number 1 are one level, `true` and the truth value too.
    """
    distinct, codes = column.coded
    spelled = np.array([*(spell(value, column.storage) for value in distinct.tolist()), ""], object)
    return spelled[codes]


def spell(value: Any, storage: str) -> str:
    """Return the level that a value of a column is.

    Args:
        value: The value.
        storage: How its column is stored.
    """
    if storage == "text":
        return canonical_text(value)
    if storage == "number":
        return number_text(value)
    return ("true" if value else "false") if storage == "boolean" else str(value)


def truths_of(column: Column) -> tuple[NumpyArray, list[str]]:
    """Return 1.0 for true, 0.0 for false, NaN where missing, and the levels that are neither.

    A value that is neither counts as missing.
    """
    distinct, codes = column.coded
    levels = [spell(value, column.storage) for value in distinct.tolist()]
    truths = np.array([*(_truth(level) for level in levels), np.nan])[codes]
    strange = np.unique(codes[np.isnan(truths) & ~column.missing])
    return truths, sorted({levels[place] for place in strange})


def _truth(level: str) -> float:
    folded = level.lower()
    return 1.0 if folded in TRUE else 0.0 if folded in FALSE else np.nan


def times_of(table: Table, column: Column, order: str | None = None) -> NumpyArray:
    """Return datetime64[us], NaT where missing.

    Raises:
        StrayValues: A value is no date.
    """
    if column.storage == "time":
        return column.values
    if column.missing.all():
        return np.full(len(column), "NaT", "datetime64[us]")
    if column.storage != "text":
        given = "numbers" if column.storage == "number" else "truth values"
        raise StrayValues(Problem(where(table, column), given, "dates, as in training"))
    counts = column.counts()
    read = {text: parse_time(text, order or MONTH_FIRST) for text in counts}
    refuse_strays(table, column, [text for text, time in read.items() if time is None], "dates")
    distinct, codes = column.coded
    nothing = np.datetime64("NaT", "s")
    times = [nothing if (time := read.get(text)) is None else time for text in distinct]
    return np.array([*times, nothing], "datetime64[us]")[codes]
