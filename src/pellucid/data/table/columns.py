"""Making columns from fields of text, and from the values of Python and NumPy."""

import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np

from pellucid.data.table.notation import (
    LARGEST_EXACT,
    MISSING_MARKS,
    exceeds_exact,
    keeps_zeros,
    number_text,
    parse_number,
    parse_plain,
)
from pellucid.data.table.table import Coded, Column, code_texts
from pellucid.types import NumpyArray

Marks = frozenset[str]
"""Texts that mean "no value"."""


def text_column(name: str, values: Sequence[str], marks: Marks = MISSING_MARKS) -> Column:
    """Return fields of text as a number column if all are plain numbers, else as text.

    Text stays text where a number would lose it: codes with leading zeros (`00501`) and whole
    numbers with more digits than a float holds.

    Args:
        name: Name of the column.
        values: One field a row.
        marks: Fields that mean "no value".
    """
    numbers = parse_plain(values)
    if numbers is not None and marks >= MISSING_MARKS and _survives(values, numbers):
        return _marked(Column(name, numbers, np.isnan(numbers)), marks)
    distinct, codes = code_texts(values)
    if not len(distinct):
        return Column(name, distinct, np.zeros(0, bool))
    stripped = [value.strip() for value in distinct]
    gone = np.array([value in marks for value in stripped], bool)
    missing = gone[codes]
    present = [value for value, empty in zip(stripped, gone, strict=True) if not empty]
    numbers = parse_plain(present)
    if numbers is not None and present and _survives(present, numbers):
        full = np.full(len(distinct), np.nan)
        full[~gone] = numbers
        return _marked(Column(name, full[codes], missing), marks)
    texts = np.array(stripped, dtype=object)
    texts[gone] = ""
    column = Column(name, texts[codes], missing)
    if len(set(present)) == len(present):
        column.__dict__["coded"] = Coded(texts, np.where(missing, -1, codes))
    return column


def number_column(name: str, values: Any, marks: Marks = MISSING_MARKS) -> Column:
    """Return numbers, NaN meaning missing, as a column.

    Args:
        name: Name of the column.
        values: Numbers, shape (rows,).
        marks: Texts that mean "no value"; those that write a number are looked for.
    """
    numbers = np.array(values, np.float64)
    return _marked(Column(name, numbers, np.isnan(numbers)), marks)


def value_column(name: str, values: Sequence[Any], marks: Marks = MISSING_MARKS) -> Column:
    """Return Python values (None, bool, numbers, dates, text) as a column.

    Values of one sort are stored as that sort. Mixed ones become text, so that a number among
    words is the text of that number.

    Args:
        name: Name of the column.
        values: One value a row; None means missing.
        marks: Texts that mean "no value".
    """
    gone = np.fromiter((_absent(value) for value in values), bool, len(values))
    present = [value for value, empty in zip(values, gone, strict=True) if not empty]
    if present and all(isinstance(value, (bool, np.bool_)) for value in present):
        truth = [not empty and bool(v) for v, empty in zip(values, gone, strict=True)]
        return Column(name, np.array(truth, bool), gone)
    if all(_is_number(value) for value in present):
        if any(isinstance(value, int) and abs(value) > LARGEST_EXACT for value in present):
            return text_column(name, ["" if _absent(one) else str(one) for one in values], marks)
        numbers = [np.nan if empty else float(v) for v, empty in zip(values, gone, strict=True)]
        return number_column(name, numbers, marks)
    if all(isinstance(value, (datetime.date, np.datetime64)) for value in present):
        times = [None if empty else _utc(v) for v, empty in zip(values, gone, strict=True)]
        return time_column(name, np.array(times, "datetime64[us]"))
    texts = ["" if empty else value_text(v) for v, empty in zip(values, gone, strict=True)]
    return text_column(name, texts, marks)


def time_column(name: str, values: NumpyArray) -> Column:
    """Return times of any unit, NaT meaning missing, as a column."""
    times = values.astype("datetime64[us]")
    return Column(name, times, np.isnat(times))


def boolean_column(name: str, values: NumpyArray) -> Column:
    """Return truth values, none missing, as a column."""
    return Column(name, values.astype(bool), np.zeros(len(values), bool))


def value_text(value: Any) -> str:
    """Return one value as the text that stands for it: `True` is `true`, 3.0 is `3`."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        return number_text(float(value))
    return str(value)


def _survives(values: Sequence[str], numbers: NumpyArray) -> bool:
    """Return whether nothing is lost when numbers stand for these texts."""
    whole = bool(np.all((numbers == np.floor(numbers)) | np.isnan(numbers)))
    if not whole:
        return True
    distinct = set(values)
    return not (keeps_zeros(distinct) or exceeds_exact(distinct))


def _marked(column: Column, marks: Marks) -> Column:
    """Return a number column with those values missing that a mark, such as -999, writes."""
    given = [parse_number(mark) for mark in marks - MISSING_MARKS]
    numbers = [number for number in given if number is not None]
    if not numbers:
        return column
    missing = column.missing | np.isin(column.values, numbers)
    return Column(column.name, np.where(missing, np.nan, column.values), missing)


def _absent(value: Any) -> bool:
    return value is None or (isinstance(value, (float, np.floating)) and bool(np.isnan(value)))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(
        value, (bool, np.bool_)
    )


def _utc(value: Any) -> Any:
    aware = isinstance(value, datetime.datetime) and value.tzinfo is not None
    return value.astimezone(datetime.UTC).replace(tzinfo=None) if aware else value
