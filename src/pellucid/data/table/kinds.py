"""What each column is: a number, a category, a date … and why it is thought so."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pellucid.data.table.dates import DAY_FIRST, MONTH_FIRST, find_order, parse_time
from pellucid.data.table.notation import (
    NOTATIONS,
    find_notation,
    is_like_numbers,
    notation_note,
    number_text,
    parse_as,
)
from pellucid.data.table.strays import Strays, refuse_infinite, refuse_strays
from pellucid.data.table.suspects import suspect_values
from pellucid.data.table.table import Column, Table, some
from pellucid.data.table.values import spell
from pellucid.errors import Problem, did_you_mean, report
from pellucid.text_table import text_table
from pellucid.wording import count_text

NUMBER, CATEGORY, BOOLEAN, DATE = "number", "category", "boolean", "date"
IDENTIFIER, CONSTANT, TEXT, ANSWER, IGNORED = "identifier", "constant", "text", "answer", "ignored"

USED = (NUMBER, CATEGORY, BOOLEAN, DATE)
"""Kinds that become features."""

KINDS = (*USED, IDENTIFIER, CONSTANT, TEXT, ANSWER, IGNORED)
"""All kinds; those that are not used are left out, each with its reason."""

MOSTLY = 0.8
"""Share of readable values from which the others are strays, not a sign of another kind."""

FEW = 20
"""Up to so many distinct values a column of mixed words and numbers may be a category."""

PAIRS = frozenset(
    frozenset(pair)
    for pair in (("true", "false"), ("yes", "no"), ("t", "f"), ("y", "n"), ("on", "off"))
)
"""Words for true and false, in lower case."""

_ID_WORD = re.compile(
    r"(?:^|[\W_])(?:id|ids|idx|index|no|nr|key|uuid|guid|row|rownames)$|^unnamed", re.I
)
_ID_ENDING = re.compile(r"[a-z](?:Id|ID)$")
_CODE_NAME = re.compile(r"(?:^|[\W_])(?:zip|zipcode|zip_code|postcode|postal_code|plz)$", re.I)


@dataclass(frozen=True)
class ColumnKind:
    """The kind of one column.

    Args:
        name: Name of the column.
        kind: One of `KINDS`.
        reason: Why, in words.
        notation: How its numbers are written, if not plainly; a key of `NOTATIONS`.
        order: Order of day and month in its dates.
        given: True when the user chose the kind.
    """

    name: str
    kind: str
    reason: str
    notation: str | None = None
    order: str | None = None
    given: bool = False


class Kinds(Mapping[str, ColumnKind]):
    """The kinds of a table's columns by name; printed as a table.

    Args:
        kinds: One for each column but the target.
        notes: What looks suspicious, in sentences.
    """

    def __init__(self, kinds: Sequence[ColumnKind], notes: Sequence[str] = ()) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self.notes = tuple(notes)

    def __getitem__(self, name: str) -> ColumnKind:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def __str__(self) -> str:
        rows = [(one.name, one.kind, self._use(one), one.reason) for one in self._kinds.values()]
        return text_table(rows, ["column", "kind", "", "why"])

    @property
    def used(self) -> tuple[str, ...]:
        """Names of the columns that become features."""
        return tuple(name for name, one in self._kinds.items() if one.kind in USED)

    def changed(self, changes: Sequence[ColumnKind], notes: Sequence[str] = ()) -> "Kinds":
        """Return these kinds with some replaced and notes added."""
        changed = {**self._kinds, **{one.name: one for one in changes}}
        return Kinds(list(changed.values()), (*self.notes, *notes))

    @staticmethod
    def _use(one: ColumnKind) -> str:
        return "" if one.kind in USED else "left out"


def infer_kinds(
    table: Table, *, target: str | None = None, kinds: Mapping[str, str] | None = None
) -> Kinds:
    """Return what each column of a table is.

    Text that is a number or a date in most rows makes the column one of these; the other values
    are strays and an error, unless they are few, frequent levels such as `3+`.

    Args:
        table: The whole table; no statistics are kept from it, only the kinds.
        target: Name of the column to predict, which gets no kind.
        kinds: Kinds to use instead of those found, by column.

    Raises:
        ArgumentError: `kinds` or `target` names a column or a kind that does not exist.
        DataError: A column of numbers or dates holds stray text or infinite values.

    Example:
        >>> from pellucid.data.table import as_table, infer_kinds
        >>> found = infer_kinds(as_table({"age": [31, 40, 52], "member": ["yes", "no", "yes"]}))
        >>> found["age"].kind, found["member"].kind
        ('number', 'boolean')
    """
    wanted = dict(kinds or {})
    report(_unknown_kinds(table, target, wanted))
    found: list[ColumnKind] = []
    strays = Strays()
    for column in table.without(*([target] if target else [])):
        with strays:
            found.append(kind_of(column, table, wanted.get(column.name)))
    strays.report()
    notes = [note for one in found if not one.given for note in _doubts(one, table[one.name])]
    return Kinds(found, notes)


def _doubts(kind: ColumnKind, column: Column) -> Iterator[str]:
    """Yield what may have been misread in a column."""
    if kind.kind == NUMBER:
        if kind.notation is not None:
            yield notation_note(f"Column '{kind.name}'", column.counts(), kind.notation)
        yield from suspect_values(column)
    elif kind.kind in (CATEGORY, IDENTIFIER, TEXT) and column.storage == "text":
        levels = list(column.counts())
        if is_like_numbers(levels, MOSTLY):
            yield (
                f"Column '{kind.name}': values such as '{levels[0]}' look like numbers, but are "
                f"read as {kind.kind}. If they are numbers, write them plainly, such as 1234.56."
            )


def _unknown_kinds(
    table: Table, target: str | None, wanted: Mapping[str, str]
) -> Iterator[Problem]:
    if target is not None and target not in table:
        yield table.unknown(target, "target=...")
    for name, kind in wanted.items():
        if name not in table:
            yield table.unknown(name, "kinds=...")
        elif name == target:
            given, expected = f"a kind for the target '{name}'", "kinds of other columns"
            yield Problem("kinds=...", given, expected, "Give the task instead: task='classes'.")
        if kind not in KINDS:
            fix = did_you_mean(str(kind), KINDS)
            yield Problem(f"kinds=...: column '{name}'", repr(kind), "a kind of column", fix)


def kind_of(column: Column, table: Table, wanted: str | None = None) -> ColumnKind:
    """Return the kind of one column of a table; `wanted` if the user chose one.

    Raises:
        StrayValues: Some values do not fit the kind of the others.
    """
    if wanted is not None:
        return _given_kind(column, table, wanted)
    present = int((~column.missing).sum())
    if not present:
        return ColumnKind(column.name, CONSTANT, "no value in any row")
    finders = {
        "number": _number_kind,
        "boolean": _truth_kind,
        "time": _time_kind,
        "text": _text_kind,
    }
    found = finders[column.storage](column, table)
    if column.missing.any() and found.kind in USED:
        return replace(found, reason=f"{found.reason}; {_missing_share(column)}")
    return found


def _missing_share(column: Column) -> str:
    gone = int(column.missing.sum())
    share = gone / len(column)
    return f"{gone:,} missing ({share:.1%})" if share >= 0.001 else f"{gone:,} missing"


def _constant(column: Column, values: Any) -> ColumnKind | None:
    if len(values) > 1 or column.missing.any():
        return None
    return ColumnKind(column.name, CONSTANT, f"always {spell(values[0], column.storage)}")


def _truth_kind(column: Column, table: Table) -> ColumnKind:
    constant = _constant(column, column.tally()[0])
    return constant or ColumnKind(column.name, BOOLEAN, "true and false")


def _number_kind(column: Column, table: Table) -> ColumnKind:
    refuse_infinite(table, column)
    present = column.values[~column.missing]
    values, counts = column.tally()
    constant = _constant(column, values)
    if constant:
        return constant
    if np.isin(values, (0.0, 1.0)).all():
        return ColumnKind(column.name, BOOLEAN, "0 and 1")
    whole = bool(np.all(values == np.floor(values)))
    if whole and len(values) == len(present):
        if has_id_name(column.name):
            reason = f"{count_text(len(values), 'distinct whole number')} and its name"
            return ColumnKind(column.name, IDENTIFIER, reason)
        if len(present) >= FEW and _runs(present) and not column.missing.any():
            reason = f"counts the rows from {number_text(present[0])} to {number_text(present[-1])}"
            return ColumnKind(column.name, IDENTIFIER, reason)
    if whole and _CODE_NAME.search(column.name):
        return ColumnKind(column.name, CATEGORY, "a postal code by its name")
    return ColumnKind(column.name, NUMBER, _describe(values, counts, whole))


def _runs(present: Any) -> bool:
    return bool(np.all(np.diff(present) == 1))


def _describe(values: Any, counts: Any, whole: bool) -> str:
    sort = "whole number" if whole else "number"
    span = f"from {number_text(_short(values[0]))} to {number_text(_short(values[-1]))}"
    text = f"{count_text(len(values), 'distinct ' + sort)} {span}"
    share = counts.max() / counts.sum()
    if share > 0.5 and len(values) > 2:
        most = number_text(_short(values[counts.argmax()]))
        text += f"; {share:.0%} of the rows hold {most}"
    return text


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def has_id_name(name: str) -> bool:
    """Return whether a column is called what identifiers are called: `id`, `No`, `customerId`.

    Example:
        >>> from pellucid.data.table.kinds import has_id_name
        >>> has_id_name("PassengerId"), has_id_name("row_id"), has_id_name("humid")
        (True, True, False)
    """
    return bool(_ID_WORD.search(name) or _ID_ENDING.search(name))


def _time_kind(column: Column, table: Table) -> ColumnKind:
    values = column.tally()[0]
    return _constant(column, values) or ColumnKind(column.name, DATE, _span(values))


def _span(times: Any) -> str:
    first, last = (str(time.astype("datetime64[D]")) for time in (times.min(), times.max()))
    return f"from {first} to {last}"


def _text_kind(column: Column, table: Table) -> ColumnKind:
    counts = column.counts()
    levels = list(counts)
    constant = _constant(column, levels)
    if constant:
        return constant
    if frozenset(level.lower() for level in levels) in PAIRS:
        return ColumnKind(column.name, BOOLEAN, f"{levels[0]} and {levels[1]}")
    for finder in (_notation_kind, _date_kind):
        found = finder(column, table, counts)
        if found is not None:
            return found
    return _word_kind(column, counts)


def _notation_kind(column: Column, table: Table, counts: Mapping[str, int]) -> ColumnKind | None:
    """Return the kind of text that is written numbers in all or most rows."""
    total = sum(counts.values())
    mostly = find_notation(counts, MOSTLY)
    whole = None if mostly is None else find_notation(counts)
    for notation in (None, mostly) if whole is None else (whole,):
        read = {level: parse_as(level, notation) for level in counts}
        strays = [level for level, number in read.items() if number is None]
        if not strays and notation is None:
            return _code_kind(column, counts)
        rare = [level for level in strays if counts[level] < max(2, 0.01 * total)]
        if len(counts) <= FEW and not rare and strays:
            continue
        if sum(counts[level] for level in strays) <= (1 - MOSTLY) * total:
            refuse_strays(table, column, strays, "numbers")
            words = NOTATIONS[notation].words if notation else "numbers"
            return ColumnKind(column.name, NUMBER, words, notation=notation)
    return None


def _code_kind(column: Column, counts: Mapping[str, int]) -> ColumnKind:
    total = sum(counts.values())
    if len(counts) == total and total >= FEW:
        reason = f"{count_text(total, 'distinct code')}, one a row"
        return ColumnKind(column.name, IDENTIFIER, reason)
    reason = f"{count_text(len(counts), 'code')} that are no quantities (leading zeros or too long)"
    return ColumnKind(column.name, CATEGORY, reason)


def _date_kind(column: Column, table: Table, counts: Mapping[str, int]) -> ColumnKind | None:
    sample = list(counts)[:50]
    orders = (DAY_FIRST, MONTH_FIRST)
    dated = [any(parse_time(level, order) is not None for order in orders) for level in sample]
    if sum(dated) < MOSTLY * len(sample):
        return None
    order, certain = find_order(counts)
    times = {level: parse_time(level, order) for level in counts}
    strays = [level for level, time in times.items() if time is None]
    if sum(counts[level] for level in strays) > (1 - MOSTLY) * sum(counts.values()):
        return None
    refuse_strays(table, column, strays, "dates")
    read = np.array([time for time in times.values() if time is not None])
    doubt = "" if certain else f"; read {order}, which the dates leave open"
    return ColumnKind(column.name, DATE, _span(read) + doubt, order=order)


def _word_kind(column: Column, counts: Mapping[str, int]) -> ColumnKind:
    total, distinct = sum(counts.values()), len(counts)
    words = sum(len(level.split()) * times for level, times in counts.items()) / total
    if words > 4 and distinct > 0.3 * total:
        return ColumnKind(column.name, TEXT, f"free text of {words:.0f} words on average")
    if distinct > 0.95 * total and (total >= FEW or has_id_name(column.name)):
        reason = f"{count_text(distinct, 'distinct text')} in {count_text(total, 'row')}"
        return ColumnKind(column.name, IDENTIFIER, reason)
    reason = f"{count_text(distinct, 'level')}: {some(list(counts), 3)}"
    return ColumnKind(column.name, CATEGORY, reason)


def _given_kind(column: Column, table: Table, wanted: str) -> ColumnKind:
    """Return the kind that the user chose, with what is needed to read its values."""
    kind = ColumnKind(column.name, wanted, "as given", given=True)
    if wanted == NUMBER and column.storage == "number":
        refuse_infinite(table, column)
    if column.storage != "text" or wanted not in (NUMBER, DATE):
        return kind
    levels = sorted(set(column.values[~column.missing].tolist()))
    if wanted == NUMBER:
        notation = find_notation(levels, MOSTLY) if levels else None
        strays = [level for level in levels if parse_as(level, notation) is None]
        refuse_strays(table, column, strays, "numbers")
        return replace(kind, notation=notation)
    order, _ = find_order(levels)
    strays = [level for level in levels if parse_time(level, order) is None]
    refuse_strays(table, column, strays, "dates")
    return replace(kind, order=order)
