"""Texts in the columns of a table, and the column that says their classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pellucid.data.table.read import parse_table
from pellucid.data.table.table import Column, Table, some
from pellucid.data.table.values import levels_of
from pellucid.data.text_files import LeftOut, lines_of, read_bytes
from pellucid.errors import DataError, Problem, report
from pellucid.wording import count_text

ENDINGS = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".json", ".feather", ".arrow")
"""Endings of files that hold tables."""

LONGEST_LINE = 131_072
"""Bytes of a line that a reader of CSV takes."""

BINARY = (b"PAR1", b"ARROW1", b"\xff\xfe", b"\xfe\xff")
"""First bytes of tables whose lines are none."""

WORDS_OF_TEXT = 3.0
"""Words in the mean from which a column holds texts."""

MOST_CLASSES = 100


@dataclass(frozen=True)
class TextTable:
    """Texts and classes from a table.

    Args:
        texts: One for each row: its text columns joined by a space.
        names: Where each row is: "line 3", or "row 3".
        labels: Class of each row; None without a target.
        columns: The text columns.
        target: The column of classes, if any.
        header: Whether the file names its columns.
        notes: Sentences about what was read and chosen.
        left_out: Sentences about what was left out.
        groups: The values of the column by which rows belong together, if any.
    """

    texts: tuple[str, ...]
    names: tuple[str, ...]
    labels: tuple[str, ...] | None
    columns: tuple[str, ...]
    target: str | None
    header: bool
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    groups: tuple[str, ...] | None = None


def read_text_table(
    path: Path,
    *,
    target: str | None = None,
    columns: Sequence[str] | None = None,
    group: str | None = None,
    separator: str | None = None,
    header: bool | None = None,
    labelled: bool = True,
) -> TextTable:
    """Return the texts of a table and their classes.

    Args:
        path: CSV and its kin, Parquet, Arrow or JSON lines.
        target: Column of the classes; None to find it.
        columns: Columns of texts; None to find them.
        group: Column whose equal values belong together.
        separator: Character between fields; None to find out.
        header: Whether the first row holds names; None to find out.
        labelled: Whether there must be a column of classes, which is looked for if not named.

    Raises:
        DataError: A column is unknown, or those of texts or classes cannot be told.
        FileError: The file cannot be read.
    """
    left_out = LeftOut(str(path))
    raw = without_bad_lines(read_bytes(path), left_out)
    table = parse_table(raw, str(path), header=header, separator=separator)
    if not labelled and target not in table.names:
        target = None
    named = {"target": target, "group": group}
    given = [(name, one) for name, one in named.items() if one is not None]
    wanted = [*given, *(("text", one) for one in columns or ())]
    report(
        (table.unknown(one, f"{name}=...") for name, one in wanted if one not in table), DataError
    )
    chosen = list(columns or text_columns(table, (target, group)))
    report(_no_text(table, chosen), DataError)
    if target is None and labelled:
        target = _target(table, [*chosen, *([group] if group else [])])
    return _read(table, chosen, target, group, left_out)


def without_bad_lines(raw: bytes, left_out: LeftOut) -> bytes:
    """Return a text file with empty lines instead of those that cannot be read.

    Where more than a few are not UTF-8, the file is of another encoding, and stays as it is.

    Args:
        raw: The file.
        left_out: Where bad lines are told.
    """
    if raw.startswith(BINARY) or b"\x00" in raw[: 1 << 20]:
        return raw
    lines = lines_of(raw)
    bad = [number for number, line in enumerate(lines) if not _is_text(line)]
    if len(bad) > len(lines) * 0.05:
        bad = []
    for number in bad:
        left_out.reasons.append(f"line {number + 1}: bytes that are not UTF-8")
    long = [number for number, line in enumerate(lines) if len(line) > LONGEST_LINE]
    for number in long:
        told = f"line {number + 1}: {len(lines[number]):,} bytes, at most {LONGEST_LINE:,}"
        left_out.reasons.append(told)
    if not bad and not long:
        return raw
    left = {*bad, *long}
    return b"\n".join(b"" if number in left else line for number, line in enumerate(lines))


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def text_columns(table: Table, without: Sequence[str | None] = ()) -> list[str]:
    """Return the columns whose values are texts: several words, and mostly different.

    Args:
        table: The table.
        without: Columns that are something else.
    """
    return [one.name for one in table if one.name not in without and _is_text_column(one)]


def _is_text_column(column: Column) -> bool:
    if column.storage != "text":
        return False
    values, counts = column.tally()
    if len(values) < counts.sum() / 2:
        return False
    shown = [str(one) for one in values[:1000]]
    # Some languages write no spaces: there a text is known by its length.
    words = np.mean([max(len(one.split()), len(one) / 12) for one in shown])
    return bool(words >= WORDS_OF_TEXT)


def _no_text(table: Table, chosen: Sequence[str]) -> list[Problem]:
    if chosen:
        wrong = [one for one in chosen if table[one].storage != "text"]
        given = f"the column '{', '.join(wrong)}', which holds no text"
        return [Problem("text=...", given, "columns of text")] if wrong else []
    fix = f"Say which: text=... The columns are {some(table.names, 10)}."
    return [Problem(table.source, "no column of texts", "at least one", fix)]


def _target(table: Table, without: Sequence[str]) -> str:
    """Return the one column that can be that of the classes."""
    fitting = [one.name for one in table if one.name not in without and _may_be_classes(one)]
    if len(fitting) != 1:
        given = f"{count_text(len(fitting), 'column')} that may say the class"
        given += f" ({some([repr(one) for one in fitting])})" if fitting else ""
        fix = f"Say which: target=... The columns are {some(table.names, 10)}."
        report([Problem(table.source, given, "one", fix)], DataError)
    return fitting[0]


def _may_be_classes(column: Column) -> bool:
    values, counts = column.tally()
    return 2 <= len(values) <= min(MOST_CLASSES, max(int(counts.sum()) // 2, 2))


def _read(
    table: Table,
    columns: Sequence[str],
    target: str | None,
    group: str | None,
    left_out: LeftOut,
) -> TextTable:
    rows = np.arange(table.rows)
    joined = [
        " ".join(filter(None, parts))
        for parts in zip(*(table[name].values.tolist() for name in columns), strict=True)
    ]
    filled = np.array([bool(one.strip()) for one in joined])
    left_out.empty += int((~filled).sum())
    notes, without = [*table.notes], list[str]()
    if target is not None:
        unlabelled = table[target].missing
        if unlabelled.any():
            number = count_text(int(unlabelled.sum()), "row")
            without.append(f"{number} without a class in '{target}' left out.")
        filled &= ~unlabelled
    kept = rows[filled]
    without += left_out.notes(len(kept))
    if not len(kept):
        report([Problem(table.source, "no text", "at least one")], DataError)
    unread = [f"'{one}'" for one in table.names if one not in (*columns, target, group)]
    if unread:
        notes.append(f"Columns that are not read: {some(unread)}.")
    told = f"{table.source}: {count_text(len(kept), 'text')} from {_named(columns)}"
    notes = [f"{told}{'' if target is None else f', classes from {target!r}'}.", *notes]
    return TextTable(
        tuple(joined[row] for row in kept),
        tuple(table.place(row) for row in kept),
        None if target is None else tuple(levels_of(table[target])[kept].tolist()),
        tuple(columns),
        target,
        not table.positional,
        tuple(notes),
        tuple(without),
        None if group is None else tuple(levels_of(table[group])[kept].tolist()),
    )


def _named(columns: Sequence[str]) -> str:
    return " and ".join(f"'{one}'" for one in columns)
