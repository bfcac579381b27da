"""Rows to training, validation and test parts that tell the truth about new rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.data.table.duplicates import duplicate_groups
from pellucid.data.table.kinds import DATE, kind_of
from pellucid.data.table.strays import Strays
from pellucid.data.table.table import Table, some
from pellucid.data.table.values import levels_of, times_of
from pellucid.errors import ArgumentError, DataError, Problem, report
from pellucid.types import ArrayLike, NumpyArray
from pellucid.wording import count_text

PARTS = ("training", "validation", "test")

ROWS_OF_STRATUM = 20
"""Rows that each slice of a number's range has at least, when parts are drawn from slices."""

MOST_STRATA = 10

LARGEST_COPY = 0.05
"""Share of all rows up to which equal rows are copies, not the sign of coarse columns."""


@dataclass(frozen=True)
class Split:
    """Row numbers of each part, counting from 0, and what was noted.

    Args:
        training: Rows to learn from.
        validation: Rows to decide by when to stop.
        test: Rows never seen until the end.
        notes: Sentences about how the parts were made.
    """

    training: NumpyArray
    validation: NumpyArray
    test: NumpyArray
    notes: tuple[str, ...] = ()


def split_rows(
    table: Table,
    y: ArrayLike | None = None,
    *,
    validation: float = 0.15,
    test: float = 0.2,
    time: str | Sequence[str] | None = None,
    groups: str | None = None,
    columns: Sequence[str] | None = None,
    seed: int = 0,
) -> Split:
    """Return which rows are for training, validation and test.

    Rows are shuffled, since many files are sorted by class, and each part gets its share of each
    class, or of each slice of a number's range. Rows that are equal in `columns` stay together,
    so that no test row was seen in training. With `time`, nothing is shuffled: the last rows are
    the test, those before them the validation. With `groups`, rows of one group stay together.

    Args:
        table: The rows.
        y: Class numbers or numbers, shape (rows,); None for no strata.
        validation: Share of rows for validation, from 0 to below 1.
        test: Share of rows for the test, from 0 to below 1.
        time: Column of dates or numbers that orders the rows, or several from coarse to fine.
        groups: Column whose equal values belong together: persons, places.
        columns: Columns by which rows are compared; all when None. Leave out identifiers and
            the target.
        seed: Seed of the shuffle.

    Raises:
        ArgumentError: A share is out of range, or a column does not exist.
        DataError: A part would be empty, or the time of a row is missing.

    Example:
        >>> from pellucid.data.table import as_table, split_rows
        >>> split = split_rows(as_table({"x": range(100)}), test=0.2, validation=0.1)
        >>> len(split.training), len(split.validation), len(split.test)
        (70, 10, 20)
    """
    times = [time] if isinstance(time, str) else list(time or ())
    report(_bad_arguments(table, validation, test, times, groups, columns))
    shares = (1 - validation - test, validation, test)
    if times:
        parts, notes = _by_time(table, times, shares)
    elif groups:
        parts, notes = _by_groups(table[groups], shares, seed)
    else:
        compared = list(table.names if columns is None else columns)
        labels = None if y is None else np.asarray(y)
        parts, notes = _shuffled(table, labels, compared, shares, seed)
    report(_empty(table, parts, shares), DataError)
    return Split(*(np.sort(part) if not times else part for part in parts), notes=tuple(notes))


def split_folds(
    table: Table,
    y: ArrayLike | None = None,
    *,
    folds: int,
    validation: float = 0.15,
    time: str | Sequence[str] | None = None,
    groups: str | None = None,
    columns: Sequence[str] | None = None,
    seed: int = 0,
) -> list[Split]:
    """Return a split for each fold: its rows are the test, the others are to learn from.

    Each row is the test of one fold. What `split_rows` keeps together stays together, and each
    fold has its share of each class. With `time`, the rows are cut into one part more than there
    are folds: each part but the first is the test of those before it, so the past predicts the
    future.

    Args:
        table: The rows.
        y: As in `split_rows`, like all that is not named here.
        folds: How many folds, at least 2.
        validation: Share of a fold's other rows for validation.
        time: Column that orders the rows.
        groups: Column whose equal values belong together.
        columns: Columns by which rows are compared.
        seed: Seed of the shuffle.

    Raises:
        ArgumentError: A share or the number of folds is out of range, or a column does not exist.
        DataError: There are more folds than rows, groups or times to make them of.

    Example:
        >>> from pellucid.data.table import as_table, split_folds
        >>> splits = split_folds(as_table({"x": range(100)}), folds=5, validation=0.25)
        >>> [len(one.test) for one in splits], len(splits[0].training)
        ([20, 20, 20, 20, 20], 60)
    """
    times = [time] if isinstance(time, str) else list(time or ())
    bad = _bad_arguments(table, validation, 0.0, times, groups, columns)
    report([*bad, *_bad_folds(folds)])
    labels = None if y is None else np.asarray(y)
    if times:
        parts = _cut_by_time(table, times, [1 / (folds + 1)] * (folds + 1))
        pairs = [(np.concatenate(parts[:place]), parts[place]) for place in range(1, folds + 1)]
    else:
        tests = _fold_of(table, labels, folds, groups, columns, seed)
        pairs = [
            (np.flatnonzero(tests != one), np.flatnonzero(tests == one)) for one in range(folds)
        ]
    report(_missing_folds(table, labels, pairs, times, groups), DataError)
    splits = []
    for rest, test in pairs:
        inner = split_rows(
            table.take(rest),
            None if labels is None else labels[rest],
            validation=validation,
            test=0.0,
            time=time,
            groups=groups,
            columns=columns,
            seed=seed,
        )
        splits.append(Split(rest[inner.training], rest[inner.validation], test))
    return splits


def _bad_folds(folds: Any) -> Iterator[Problem]:
    whole = isinstance(folds, (int, np.integer)) and not isinstance(folds, bool)
    if not whole or folds < 2:
        yield Problem("folds=...", repr(folds), "a whole number of at least 2")


def _missing_folds(
    table: Table,
    labels: NumpyArray | None,
    pairs: Sequence[tuple[NumpyArray, NumpyArray]],
    times: Sequence[str],
    groups: str | None,
) -> Iterator[Problem]:
    """Yield a problem where a fold has no rows to learn from or to test, or one class alone."""
    if not all(len(rest) and len(test) for rest, test in pairs):
        given = f"{len(pairs)} folds of {count_text(table.rows, 'row')}"
        expected = "rows in each of them"
        if times:
            shown = some([f"'{name}'" for name in times])
            expected = f"{len(pairs) + 1} parts of rows that {shown} tells apart"
        elif groups:
            expected = f"at least {len(pairs)} different values of '{groups}'"
        yield Problem(table.source, given, expected, "Ask for fewer folds.")
    elif labels is not None and labels.dtype.kind != "f":
        for number, (rest, _) in enumerate(pairs, 1):
            if len(np.unique(labels[rest])) < 2:
                where, given = f"{table.source}, fold {number}", "one class alone to learn from"
                yield Problem(where, given, "at least two classes", "Ask for fewer folds.")


def _fold_of(
    table: Table,
    labels: NumpyArray | None,
    folds: int,
    groups: str | None,
    columns: Sequence[str] | None,
    seed: int,
) -> NumpyArray:
    """Return the number of the fold whose test each row is."""
    if groups:
        return _part_of_groups(table[groups], [1 / folds] * folds, seed)[0]
    units, _ = _units(table, list(table.names if columns is None else columns))
    first = np.unique(units, return_index=True)[1]
    strata, _ = _strata(labels, table.rows)
    shuffled = np.random.default_rng(seed).permutation(len(first))
    # Dealt out one by one, class by class, each fold gets its share of each class.
    dealt = shuffled[np.argsort(strata[first[shuffled]], kind="stable")]
    fold_of = np.empty(len(first), np.int64)
    fold_of[dealt] = np.arange(len(first)) % folds
    return fold_of[units]


def _bad_arguments(
    table: Table,
    validation: Any,
    test: Any,
    times: Sequence[str],
    groups: str | None,
    columns: Sequence[str] | None,
) -> Iterator[Problem]:
    wrong = [
        (name, one)
        for name, one in (("validation", validation), ("test", test))
        if not _is_share(one)
    ]
    for name, share in wrong:
        expected = "a share of the rows, a number from 0 to below 1"
        yield Problem(f"{name}=...", repr(share), expected, "For a fifth say 0.2.")
    if not wrong and validation + test >= 1:
        given = f"{validation!r} and {test!r}"
        yield Problem("validation=..., test=...", given, "shares that leave rows to learn from")
    if times and groups:
        yield Problem("time=..., groups=...", "both", "one of them")
    named = {"time": times, "groups": [groups] if groups else [], "columns": columns or ()}
    for argument, names in named.items():
        for name in names:
            if name not in table:
                yield table.unknown(name, f"{argument}=...")


def _is_share(value: Any) -> bool:
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return is_number and bool(0 <= value < 1)


def _empty(table: Table, parts: Sequence[NumpyArray], shares: Sequence[float]) -> Iterator[Problem]:
    for name, part, share in zip(PARTS, parts, shares, strict=True):
        if share > 0 and not len(part):
            given = f"no {name} rows from {count_text(table.rows, 'row')}"
            sizes = ", ".join(f"{one} {part:.0%}" for one, part in zip(PARTS, shares, strict=True))
            fix = f"Give more rows or other shares ({sizes})."
            yield Problem(table.source, given, "rows in each part", fix)


def _by_time(
    table: Table, names: Sequence[str], shares: Sequence[float]
) -> tuple[list[NumpyArray], list[str]]:
    parts = _cut_by_time(table, names, shares)
    shown = some([f"'{name}'" for name in names])
    return parts, [f"Split by {shown}: the last {count_text(len(parts[2]), 'row')} are the test."]


def _cut_by_time(table: Table, names: Sequence[str], shares: Sequence[float]) -> list[NumpyArray]:
    """Return the rows in the order of time, cut into parts of these shares."""
    moments = [_moments(table, name) for name in names]
    order = np.lexsort(moments[::-1])
    changes = np.zeros(len(order), bool)
    for moment in moments:
        ordered = moment[order]
        changes[1:] |= ordered[1:] != ordered[:-1]
    # Rows of one moment stay on one side, so a part begins only where the time changes.
    starts = np.flatnonzero(changes)
    ends = np.round(np.cumsum(shares)[:-1] * len(order)).astype(int)
    return np.split(order, [_cut(starts, int(end), len(order)) for end in ends])


def _cut(starts: NumpyArray, end: int, rows: int) -> int:
    """Return the last place up to `end` at which the time changes; `end` itself at the edges."""
    return int(starts[starts <= end].max(initial=0)) if 0 < end < rows else end


def _moments(table: Table, name: str) -> NumpyArray:
    column = table[name]
    if column.missing.any():
        given = f"no time in {count_text(int(column.missing.sum()), 'row')}"
        given += f" ({table.place(column.missing)})"
        where = f"{table.source}, column '{name}' (time)"
        report([Problem(where, given, "a time in each row", "Drop these rows.")], DataError)
    if column.storage in ("number", "time"):
        return column.values
    strays = Strays()
    with strays:
        kind = kind_of(column, table)
        if kind.kind == DATE:
            return times_of(table, column, kind.order)
    strays.report()
    where = f"{table.source}, column '{name}' (time)"
    given = f"{some([repr(value) for value in column.values], 2)}"
    raise DataError(str(Problem(where, given, "dates or numbers")))


def _by_groups(
    column: Any, shares: Sequence[float], seed: int
) -> tuple[list[NumpyArray], list[str]]:
    part_of, counts = _part_of_groups(column, shares, seed)
    parts = [np.flatnonzero(part_of == place) for place in range(3)]
    told = ", ".join(
        f"{name} {count_text(count, 'group')}" for name, count in zip(PARTS, counts, strict=True)
    )
    return parts, [f"Rows with the same '{column.name}' stay together: {told}."]


def _part_of_groups(
    column: Any, shares: Sequence[float], seed: int
) -> tuple[NumpyArray, list[int]]:
    """Give each group, the largest first, to the part that lacks most of its share.

    Returns the part of each row, and how many groups each part has.
    """
    levels, codes = np.unique(levels_of(column).astype(str), return_inverse=True)
    sizes = np.bincount(codes)
    shuffled = np.random.default_rng(seed).permutation(len(levels))
    order = shuffled[np.argsort(-sizes[shuffled], kind="stable")]
    wanted = np.array(shares) * len(codes)
    held = np.zeros(len(shares))
    part_of = np.zeros(len(levels), np.int64)
    for group in order:
        lacking = np.where(wanted > 0, (wanted - held) / np.maximum(wanted, 1), -np.inf)
        part_of[group] = int(lacking.argmax())
        held[part_of[group]] += sizes[group]
    counts = np.bincount(part_of, minlength=len(shares)).tolist()
    return part_of[codes], counts


def _shuffled(
    table: Table,
    labels: NumpyArray | None,
    columns: Sequence[str],
    shares: Sequence[float],
    seed: int,
) -> tuple[list[NumpyArray], list[str]]:
    units, notes = _units(table, columns)
    _, first, sizes = np.unique(units, return_index=True, return_counts=True)
    strata, rare = _strata(labels, table.rows)
    notes += rare
    shuffled = np.random.default_rng(seed).permutation(len(first))
    part_of = np.zeros(len(first), np.int64)
    for stratum in np.unique(strata):
        # A unit of equal rows is drawn with the first of them.
        drawn = shuffled[strata[first[shuffled]] == stratum]
        part_of[drawn] = _parts_of(sizes[drawn], shares)
    rows = part_of[units]
    return [np.flatnonzero(rows == place) for place in range(3)], notes


def _units(table: Table, columns: Sequence[str]) -> tuple[NumpyArray, list[str]]:
    """Return a number for each row, equal for rows that must stay together, and notes."""
    units = duplicate_groups(table, columns)
    sizes = np.bincount(units)
    copies = table.rows - len(sizes)
    if not copies:
        return units, []
    told = f"{count_text(copies, 'row')} equal to an earlier one"
    coarse = copies > table.rows / 2 or sizes.max() > max(LARGEST_COPY * table.rows, 10)
    if coarse:
        note = f"{told}, as happens where columns have few values; they are split like all others."
        return np.arange(table.rows), [note]
    return units, [f"{told}; equal rows stay in one part."]


def _parts_of(sizes: NumpyArray, shares: Sequence[float]) -> NumpyArray:
    """Return 2 (test), 1 (validation) or 0 (training) for units in their drawn order.

    A unit belongs where its middle falls on a line cut into test, validation and training. So a
    class of one row, whose middle is the line's, is one to learn from.
    """
    middles = (np.cumsum(sizes) - sizes / 2) / sizes.sum()
    return 2 - np.searchsorted([shares[2], shares[2] + shares[1]], middles, side="right")


def _strata(labels: NumpyArray | None, rows: int) -> tuple[NumpyArray, list[str]]:
    """Return the stratum of each row, and notes on classes too small to be in each part."""
    if labels is None:
        return np.zeros(rows, np.int64), []
    if len(labels) != rows:
        raise ArgumentError(
            f"split_rows(y=...): got {len(labels)} values, expected {rows}, one for each row."
        )
    if labels.dtype.kind == "f":
        slices = int(np.clip(rows // ROWS_OF_STRATUM, 1, MOST_STRATA))
        edges = np.quantile(labels, np.arange(1, slices) / slices)
        return np.searchsorted(edges, labels), []
    classes, strata, counts = np.unique(labels, return_inverse=True, return_counts=True)
    small = [
        f"{name} ({count_text(int(count), 'row')})"
        for name, count in zip(classes, counts, strict=True)
        if count < 3
    ]
    notes = [f"Classes with too few rows for each part: {some(small)}."] if small else []
    return strata, notes
