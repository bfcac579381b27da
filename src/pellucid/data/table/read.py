"""Reading a table from a file, whatever it is."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pellucid.data.table.columns import Marks
from pellucid.data.table.delimited import Asked, MarksOf, parse_delimited
from pellucid.data.table.frames import from_frame
from pellucid.data.table.json_lines import looks_like_json, parse_json
from pellucid.data.table.large import parse_large
from pellucid.data.table.notation import MISSING_MARKS
from pellucid.data.table.table import Table, some
from pellucid.errors import ArgumentError, DataError, FileError, Problem, near, report

LARGE = 4 << 20
"""Bytes from which importing Polars costs less than it saves."""

EXPECTED = "a table as CSV, Parquet or JSON lines"

FOREIGN = {
    b"PK\x03\x04": ("a zip archive or an Excel workbook", "Save the sheet as CSV, or unpack it."),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook", "Save the sheet as CSV."),
    b"\x1f\x8b": ("a gzip archive", "Unpack it with gunzip first."),
    b"BZh": ("a bzip2 archive", "Unpack it with bunzip2 first."),
    b"\xfd7zXZ": ("an xz archive", "Unpack it with unxz first."),
    b"\x28\xb5\x2f\xfd": ("a zstd archive", "Unpack it with unzstd first."),
    b"\x89HDF": ("an HDF5 file", "Save the table as CSV or Parquet."),
    b"SQLite format 3": ("an SQLite data base", "Save the table as CSV."),
}
"""First bytes of files that hold tables in ways that are not read, and what to do."""

Missing = str | Sequence[Any] | Mapping[str, Any] | None


def read_table(
    path: str | os.PathLike[str],
    *,
    header: bool | None = None,
    separator: str | None = None,
    quote: str | None = None,
    missing: Missing = None,
    columns: Sequence[str] | None = None,
) -> Table:
    r"""Read a table from a file; what the file is, is found from its contents.

    CSV, TSV and other text with separators, Parquet, Arrow (Feather) files, JSON lines and JSON
    lists of objects. Empty fields, `?`, `NA`, `N/A`, `nan`, `null`, `None`, `-` and the like
    mean "no value".

    Args:
        path: The file.
        header: Whether the first row holds names; None to find out. Without names the columns
            are called `column_1`, `column_2`…
        separator: The character between fields; None to find out.
        quote: The character around fields that hold separators; "" for none; None to find out.
        missing: Further marks of missing values: a list for all columns, or a dict of column
            name to list.
        columns: Names for the columns, instead of those in the file.

    Returns:
        The table; its `notes` say what was found and done.

    Raises:
        FileError: There is no such file, or it is no table.
        DataError: The table is empty, or its rows differ in length.
        ArgumentError: An argument cannot be used, or `missing` names a column that is not there.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.data.table import read_table
        >>> path = pathlib.Path(tempfile.mkdtemp(), "people.csv")
        >>> _ = path.write_text("age;city\n31;Rome\n?;Oslo\n")
        >>> table = read_table(path)
        >>> table.names, table["age"].missing.tolist()
        (('age', 'city'), [False, True])
    """
    return parse_table(
        _contents(Path(path)),
        str(path),
        header=header,
        separator=separator,
        quote=quote,
        missing=missing,
        columns=columns,
    )


def parse_table(
    raw: bytes,
    source: str,
    *,
    header: bool | None = None,
    separator: str | None = None,
    quote: str | None = None,
    missing: Missing = None,
    columns: Sequence[str] | None = None,
) -> Table:
    """Return the table that the bytes of a file hold.

    Args:
        raw: The bytes.
        source: Where they come from, as messages name it.
        header: As in `read_table`, like all that follows.
        separator: The character between fields.
        quote: The character around fields.
        missing: Further marks of missing values.
        columns: Names for the columns.

    Raises:
        FileError: They are no table.
        DataError: The table is empty, or its rows differ in length.
        ArgumentError: An argument cannot be used.
    """
    report(_bad_arguments(separator, quote, columns))
    table = _read(raw, source, Asked(header, separator, quote, columns), marks_of(missing))
    if isinstance(missing, Mapping):
        report(table.unknown(str(name), "missing=...") for name in missing if name not in table)
    return table


def marks_of(missing: Missing) -> MarksOf:
    """Return a function from a column's name to its marks of missing values, given ones added."""
    if isinstance(missing, Mapping):
        by_column = {str(name): MISSING_MARKS | _texts(marks) for name, marks in missing.items()}
        return lambda name: by_column.get(name, MISSING_MARKS)
    everywhere = MISSING_MARKS | _texts(missing)
    return lambda name: everywhere


def _texts(marks: Any) -> Marks:
    if marks is None:
        return frozenset()
    if isinstance(marks, (str, int, float)):
        marks = [marks]
    if not isinstance(marks, Sequence) or not all(isinstance(m, (str, int, float)) for m in marks):
        raise ArgumentError(
            f"missing=...: got {marks!r}, expected marks such as ['?', '-999'], "
            "or a dict of column name to marks."
        )
    return frozenset(str(mark).strip() for mark in marks)


def _bad_arguments(
    separator: str | None, quote: str | None, columns: Sequence[str] | None
) -> list[Problem]:
    found = []
    if separator is not None and (len(separator) != 1 or separator in "\r\n\"'"):
        expected = "one character, such as ',' ';' or a tab '\\t'"
        found.append(Problem("separator=...", repr(separator), expected))
    if quote is not None and (len(quote) > 1 or quote in ("\r", "\n", " ", separator)):
        expected = "one character, or '' for no quotes"
        found.append(Problem("quote=...", repr(quote), expected))
    names = [] if columns is None else list(columns)
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if isinstance(columns, str) or not all(isinstance(name, str) and name for name in names):
        found.append(Problem("columns=...", repr(columns), "a list of names"))
    elif twice:
        found.append(Problem("columns=...", f"{some(twice)} twice", "different names"))
    return found


def _contents(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        problem = Problem(str(path), "no such file", EXPECTED, _near_file(path))
    except IsADirectoryError:
        tables = sorted(one.name for one in path.iterdir() if one.suffix in (".csv", ".parquet"))
        fix = f"In it: {some(tables)}." if tables else ""
        problem = Problem(str(path), "a folder", EXPECTED, fix)
    except OSError as error:
        problem = Problem(str(path), f"a file that cannot be read ({error.strerror})", EXPECTED)
    raise FileError(str(problem))


def _near_file(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"There is no folder '{folder}' either."
    files = [one.name for one in folder.iterdir() if one.is_file()]
    suggestion = near(path.name, files)
    return f"Did you mean '{folder / suggestion}'?" if suggestion else ""


def _read(raw: bytes, source: str, asked: Asked, marks: MarksOf) -> Table:
    if not raw.strip():
        report([Problem(source, "an empty file", "a header and rows of values")], DataError)
    if raw.startswith((b"PAR1", b"ARROW1")):
        return _renamed(_read_polars(raw, source, marks), asked)
    for start, (given, fix) in FOREIGN.items():
        if raw.startswith(start):
            report([Problem(source, given, EXPECTED, fix)], FileError)
    text, notes = _decode(raw, source)
    if not text.strip():
        report([Problem(source, "an empty file", "a header and rows of values")], DataError)
    if looks_like_json(text):
        return _renamed(parse_json(text, source, marks), asked).noted(*notes)
    if len(raw) >= LARGE:
        return parse_large(text, source, asked, marks).noted(*notes)
    return parse_delimited(text, source, asked, marks).noted(*notes)


def _decode(raw: bytes, source: str) -> tuple[str, list[str]]:
    """Return the text of a file in UTF-8, UTF-16 with a byte order mark, or Windows-1252."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace"), []
    if b"\x00" in raw[: 1 << 20]:
        report([Problem(source, "bytes that are no text", EXPECTED)], FileError)
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        if _share_of_controls(raw) > 0.02:
            report([Problem(source, "bytes that are no text", EXPECTED)], FileError)
        line = raw.count(b"\n", 0, error.start) + 1
        note = f"The text is not UTF-8 (line {line}); it is read as Windows-1252 (Latin-1)."
        return _western(raw), [note]


def _western(raw: bytes) -> str:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _share_of_controls(raw: bytes) -> float:
    head = raw[:65536]
    printable = head.translate(None, bytes(set(range(32)) - {9, 10, 12, 13}) + b"\x7f")
    return 1 - len(printable) / len(head)


def _read_polars(raw: bytes, source: str, marks: MarksOf) -> Table:
    import io

    import polars

    name, read = ("Parquet", polars.read_parquet)
    if raw.startswith(b"ARROW1"):
        name, read = ("Arrow", polars.read_ipc)
    try:
        frame = read(io.BytesIO(raw))
    except Exception as error:
        # Polars raises many types for broken files, some of them from Rust.
        reason = str(error).splitlines()[0][:200]
        given = f"a {name} file that cannot be read ({reason})"
        raise FileError(str(Problem(source, given, EXPECTED))) from None
    if not frame.height:
        report([Problem(source, "no rows", "at least one row of values")], DataError)
    return from_frame(frame, source=source, marks=marks)


def _renamed(table: Table, asked: Asked) -> Table:
    if asked.columns is None:
        return table
    if len(asked.columns) != len(table.names):
        given = f"{len(asked.columns)} names"
        expected = f"{len(table.names)}, one for each column"
        report([Problem(f"{table.source}: columns=...", given, expected)], DataError)
    return table.renamed(dict(zip(table.names, asked.columns, strict=True)))
