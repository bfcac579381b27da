"""Text with separators (CSV, TSV and their kin) to a table."""

import contextlib
import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from pellucid.data.table.columns import Marks, text_column
from pellucid.data.table.layout import Layout, Rows, find_layout, has_header, typed_columns
from pellucid.data.table.table import SHOWN, Table, some
from pellucid.errors import DataError, Problem, report
from pellucid.wording import count_text

MarksOf = Callable[[str], Marks]
"""Returns the texts that mean "no value" in the column of a name."""


@dataclass(frozen=True)
class Asked:
    """What the caller says about a file; None is found from its contents.

    Args:
        header: Whether the first row holds names.
        separator: The character between fields.
        quote: The character around fields that hold separators; "" for none.
        columns: Names of the columns, instead of those of a header.
    """

    header: bool | None = None
    separator: str | None = None
    quote: str | None = None
    columns: Sequence[str] | None = None


@dataclass(frozen=True)
class Parsed:
    """Rows of equal width, the line each starts on, and what was noted."""

    rows: Rows
    lines: list[int]
    layout: Layout
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str, layout: Layout, *notes: str) -> Self:
        """Return the rows that a text holds in a layout.

        Raises:
            csv.Error: A quote is not closed or stands inside a field.
        """
        rows, lines, empty = layout.rows(text)
        if empty:
            notes = (*notes, f"{count_text(empty, 'row')} without any value left out.")
        return cls(rows, lines, layout, notes)


def parse_delimited(text: str, source: str, asked: Asked, marks: MarksOf) -> Table:
    """Return the table that a text with separators writes.

    Args:
        text: Contents of the file.
        source: Its name, as messages show it.
        asked: What the caller says about it.
        marks: Texts that mean "no value", by column.

    Raises:
        DataError: No rows, rows of different lengths, a quote that is never closed.
    """
    parsed = parse_rows(text, source, asked)
    names, body, notes, positional = name_columns(parsed, source, asked)
    fields = list(zip(*body.rows, strict=True)) if body.rows else [() for _ in names]
    columns = [
        text_column(name, values, marks(name)) for name, values in zip(names, fields, strict=True)
    ]
    return Table(
        columns,
        source=source,
        notes=(*parsed.notes, *notes),
        positional=positional,
        lines=np.array(body.lines),
    )


def parse_rows(text: str, source: str, asked: Asked) -> Parsed:
    """Return the rows of a text, all of one width, its header among them."""
    layout = find_layout(text, asked.separator, asked.quote)
    parsed = _parse_quoted(text, source, layout, found=asked.quote is None)
    if not parsed.rows:
        report([Problem(source, "no rows", "a header and rows of values")], DataError)
    parsed = _without_last_separator(parsed)
    report(_ragged(parsed, source), DataError)
    return parsed


def _parse_quoted(text: str, source: str, layout: Layout, found: bool) -> Parsed:
    """Parse with quotes, unless they turn out to be part of the text."""
    try:
        quoted = Parsed.of(text, layout)
    except csv.Error as error:
        plain = _parse_plain(text, layout) if found else None
        if plain is None:
            raise DataError(str(_broken_quote(text, source, layout, error))) from None
        return plain
    if not found or layout.quote not in text:
        return quoted
    joined = any("\n" in field or "\r" in field for row in quoted.rows for field in row)
    plain = _parse_plain(text, layout) if joined else None
    # Lines are rows if so a column is one of numbers, and none ceases to be.
    lost = plain is None or typed_columns(plain.rows) < max(1, typed_columns(quoted.rows))
    return quoted if plain is None or lost else plain


def _parse_plain(text: str, layout: Layout) -> Parsed | None:
    """Parse without quotes; None unless all lines then have one number of fields above one.

    Where whole quoted fields outnumber other quotes, quotes are meant and one is broken.
    """
    try:
        note = "Quotes are read as part of the text."
        parsed = Parsed.of(text, replace(layout, quote=""), note)
    except csv.Error:
        return None
    widths = set(map(len, parsed.rows))
    if len(widths) != 1 or min(widths) < 2:
        return None
    quoted = [field for row in parsed.rows for field in row if layout.quote in field]
    whole = sum(_is_quoted(field, layout.quote) for field in quoted)
    return parsed if whole <= len(quoted) / 2 else None


def _is_quoted(field: str, quote: str) -> bool:
    field = field.strip()
    return len(field) > 1 and field[0] == field[-1] == quote and quote not in field[1:-1]


def _broken_quote(text: str, source: str, layout: Layout, error: csv.Error) -> Problem:
    line = _line_of_break(text, layout)
    given = "a quote that is not closed, or text right after a closing quote"
    fix = "Double quotes inside fields, or give quote='' if quotes are part of the text."
    if "limit" in str(error):
        given = "a field of more than 131,072 characters, perhaps by a quote that is not closed"
        fix = "Close the quote, or give quote='' if quotes are part of the text."
    return Problem(f"{source}, line {line}", given, "quotes in pairs around whole fields", fix)


def _line_of_break(text: str, layout: Layout) -> int:
    """Return the line on which the row starts that cannot be parsed."""
    before = 0
    with contextlib.suppress(csv.Error):
        for _, end in layout.iterate(text):
            before = end
    return before + 1


def _without_last_separator(parsed: Parsed) -> Parsed:
    """Drop the empty last field that a separator at the end of each line makes."""
    header, body = parsed.rows[0], parsed.rows[1:]
    widths = {len(row) for row in body}
    wider = widths == {len(header) + 1} or (widths == {len(header)} and len(header) > 2)
    if not body or not wider or any(row[-1].strip() for row in body):
        return parsed
    if len(header) in widths and header[-1].strip():
        return parsed
    width = next(iter(widths)) - 1
    note = "Each line ends in a separator; the empty last column is left out."
    rows = [header[:width], *(row[:width] for row in body)]
    return replace(parsed, rows=rows, notes=(*parsed.notes, note))


def _ragged(parsed: Parsed, source: str) -> list[Problem]:
    widths = [len(row) for row in parsed.rows]
    if len(set(widths)) == 1:
        return []
    expected, reference = widths[0], f"as on line {parsed.lines[0]}"
    usual, times = Counter(widths).most_common(1)[0]
    if usual != expected and times == len(widths) - 1:
        expected, reference = usual, "as on all other lines"
    odd = [
        (line, width) for line, width in zip(parsed.lines, widths, strict=True) if width != expected
    ]
    separator = repr(parsed.layout.separator)
    fix = f"The separator is {separator}: quote fields that hold it, or give separator=..."
    expectation = f"{expected}, {reference}"
    if len(odd) == 1:
        line, width = odd[0]
        return [Problem(f"{source}, line {line}", count_text(width, "field"), expectation, fix)]
    shown = some([f"line {line}: {width}" for line, width in odd], SHOWN)
    given = f"{len(odd):,} lines with other numbers of fields ({shown})"
    return [Problem(source, given, expectation, fix)]


def name_columns(
    parsed: Parsed, source: str, asked: Asked
) -> tuple[list[str], Parsed, list[str], bool]:
    """Return names, the rows without a header, notes, and whether the names were made up."""
    first = parsed.rows[0]
    header = has_header(parsed.rows) if asked.header is None else asked.header
    body = replace(parsed, rows=parsed.rows[1:], lines=parsed.lines[1:]) if header else parsed
    if header and not body.rows:
        report([_only_header(source, first, asked)], DataError)
    if asked.columns is not None:
        report(_unlike_columns(source, first, asked.columns), DataError)
        return list(asked.columns), body, [], False
    if not header:
        made = [f"column_{place}" for place in range(1, len(first) + 1)]
        note = f"No header: the columns are named {made[0]} to {made[-1]}."
        return made, body, [note], True
    names, notes = clean_names(first)
    return names, body, notes, False


def _only_header(source: str, first: Sequence[str], asked: Asked) -> Problem:
    fix = "" if asked.header else "If it is a row of values, give header=False."
    given = f"a header ({some([name.strip() for name in first])}) and no rows"
    return Problem(source, given, "at least one row of values", fix)


def _unlike_columns(source: str, first: Sequence[str], names: Sequence[str]) -> list[Problem]:
    if len(names) == len(first):
        return []
    given = count_text(len(names), "name")
    return [Problem(f"{source}: columns=...", given, f"{len(first)}, one for each column")]


def clean_names(fields: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return names without spaces around them, none empty and none twice, and notes.

    Example:
        >>> from pellucid.data.table.delimited import clean_names
        >>> clean_names(["#id", " age", "age", ""])[0]
        ['id', 'age', 'age_2', 'column_4']
    """
    notes: list[str] = []
    names: list[str] = []
    stripped = [field.strip() for field in fields]
    if stripped and stripped[0].startswith("#") and len(stripped[0]) > 1:
        stripped[0] = stripped[0].lstrip("# ")
        notes.append(f"The '#' before the first column's name, '{stripped[0]}', is left out.")
    for place, name in enumerate(stripped, 1):
        name = re.sub(r"\s+", " ", name)
        wanted = name or f"column_{place}"
        unique, copy = wanted, 2
        while unique in names or (unique != wanted and unique in stripped):
            unique, copy = f"{wanted}_{copy}", copy + 1
        if unique != name:
            was = f"is named '{name}' again" if name else "has no name"
            notes.append(f"Column {place} {was}; it is called '{unique}' here.")
        names.append(unique)
    return names, notes
