"""Large text with separators, by Polars: the same table as the small reader makes, sooner.

Polars reads fast but says little about what is wrong. So only text that is plain (lines of one
width, whole quoted fields, no blank lines) goes this way; all else takes the small reader's.
"""

import io
from typing import Any

import numpy as np

from pellucid.data.table.columns import Marks, number_column, text_column
from pellucid.data.table.delimited import Asked, MarksOf, Parsed, name_columns, parse_delimited
from pellucid.data.table.layout import SAMPLE_ROWS, Layout, find_layout, sample_of
from pellucid.data.table.table import Column, Table

NEWLINE, RETURN = ord("\n"), ord("\r")


def parse_large(text: str, source: str, asked: Asked, marks: MarksOf) -> Table:
    """Return what `parse_delimited` returns, from large plain text sooner.

    Args:
        text: Contents of the file.
        source: Its name, as messages show it.
        asked: What the caller says about it.
        marks: Texts that mean "no value", by column.

    Raises:
        DataError: As `parse_delimited`.
    """
    layout = find_layout(text, asked.separator, asked.quote)
    data = text.rstrip("\r\n").encode()
    if not is_plain(data, layout):
        return parse_delimited(text, source, asked, marks)
    frame = _frame(data, layout)
    if _has_empty(frame):
        return parse_delimited(text, source, asked, marks)
    sample = Parsed.of(sample_of(text), layout)
    sample = Parsed(sample.rows[: SAMPLE_ROWS + 1], sample.lines, layout)
    names, body, notes, positional = name_columns(sample, source, asked)
    skipped = len(sample.rows) - len(body.rows)
    columns = [
        _column(name, series.slice(skipped), marks(name))
        for name, series in zip(names, frame.get_columns(), strict=True)
    ]
    lines = np.arange(skipped, frame.height) + 1
    return Table(columns, source=source, notes=notes, positional=positional, lines=lines)


def is_plain(data: bytes, layout: Layout) -> bool:
    """Return whether all lines have one number of fields, more than one, and quotes are whole.

    Args:
        data: The text in UTF-8, without line ends at its end.
        layout: Its separator and quote.
    """
    if layout.separator == " " or not layout.separator.isascii() or not layout.quote.isascii():
        return False
    held = np.frombuffer(data, np.uint8)
    ends = np.append(np.flatnonzero(held == NEWLINE), len(held))
    separates = held == ord(layout.separator)
    if layout.quote and layout.quote.encode() in data:
        inside = np.bitwise_xor.accumulate((held == ord(layout.quote)).view(np.uint8)).view(bool)
        if inside[-1] or inside[ends[:-1]].any() or not _whole_quotes(held, layout):
            return False
        separates &= ~inside
    if (held == RETURN).any() and not np.all(held[np.flatnonzero(held == RETURN) + 1] == NEWLINE):
        return False
    counts = np.diff(np.searchsorted(np.flatnonzero(separates), ends), prepend=0)
    return bool(counts[0] > 0 and np.all(counts == counts[0]))


def _whole_quotes(held: Any, layout: Layout) -> bool:
    """Return whether quotes open after a separator and close before one, or are doubled."""
    places = np.flatnonzero(held == ord(layout.quote))
    edges = np.array([ord(layout.separator), NEWLINE, RETURN, ord(layout.quote)], np.uint8)
    padded = np.concatenate([[NEWLINE], held, [NEWLINE]])
    opened = np.isin(padded[places[::2]], edges)
    closed = np.isin(padded[places[1::2] + 2], edges)
    return bool(opened.all() and closed.all())


def _frame(data: bytes, layout: Layout) -> Any:
    import polars

    return polars.read_csv(
        io.BytesIO(data),
        has_header=False,
        separator=layout.separator,
        quote_char=layout.quote or None,
        infer_schema=False,
    ).select(polars.all().fill_null("").str.strip_chars())


def _has_empty(frame: Any) -> bool:
    """Return whether a row, or the last column, holds nothing at all."""
    import polars

    rows = frame.select(polars.all_horizontal(polars.all() == "").any()).item()
    return bool(rows or (frame.get_columns()[-1] == "").all())


def _column(name: str, texts: Any, marks: Marks) -> Column:
    """Return a column of stripped texts as `text_column` does."""
    import polars

    missing = texts.is_in(list(marks))
    numbers = texts.cast(polars.Float64, strict=False)
    read = numbers.is_not_null() | missing
    if missing.all() or not read.all():
        values = texts.to_numpy().astype(object)
        values[missing.to_numpy()] = ""
        return Column(name, values, missing.to_numpy())
    # A code, or a number too long for a float: the small reader knows what to do with it.
    if texts.str.contains(r"^0\d{2,}$").any() or texts.str.contains(r"^[+-]?\d{16,}$").any():
        return text_column(name, texts.to_list(), marks)
    values = numbers.to_numpy().copy()
    values[missing.to_numpy()] = np.nan
    return number_column(name, values, marks)
