"""Columns that hold the answer: what they say would not be known of a new row."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from pellucid.data.table.kinds import ANSWER, CONSTANT, IGNORED, USED, Kinds
from pellucid.data.table.table import Column, Table
from pellucid.data.table.target import TargetEncoder
from pellucid.types import NumpyArray

FEWEST_ROWS = 20
"""With fewer rows two columns agree by chance too easily to say anything."""

FEWEST_VALUES = 10
"""Distinct values that a column of numbers needs before agreement with the target counts."""

MOSTLY = 0.95
"""Share of rows whose text holds their label from which it is no chance."""

EXACT = 1e-9
"""Share of variance by which a column may miss a multiple of the target and still be one."""


@dataclass(frozen=True)
class Leak:
    """A column that gives the answer away.

    Args:
        name: Name of the column.
        reason: How, in words.
        certain: Whether it says nothing else, so that it is left out.
    """

    name: str
    reason: str
    certain: bool


def without_leaks(table: Table, kinds: Kinds, target: TargetEncoder) -> Kinds:
    """Return the kinds with columns left out that hold the answer, and notes on these.

    Left out are columns that say the same as the target in other words, or whose texts contain
    its labels. A column that only separates the classes without error is noted and kept, as is
    one whose kind the user gave.

    Args:
        table: Rows with a target.
        kinds: Kinds of its columns.
        target: What is learned.

    Example:
        >>> from pellucid.data.table import TargetEncoder, as_table, infer_kinds, without_leaks
        >>> table = as_table({"x": range(40), "ill": ["no", "yes"] * 20, "code": [7, 8] * 20})
        >>> kinds = without_leaks(table, infer_kinds(table, target="ill"),
        ...                       TargetEncoder.fit(table, "ill"))
        >>> kinds["code"].kind, kinds["code"].reason
        ('answer', "its values and those of 'ill' go together one to one")
    """
    if table.rows < FEWEST_ROWS:
        return kinds
    changes, notes = [], []
    for leak in find_leaks(table, kinds, target):
        one = kinds[leak.name]
        if one.kind not in USED:
            changes.append(replace(one, reason=f"{one.reason}; {leak.reason}"))
            notes.append(f"Column '{leak.name}' holds the answer: {leak.reason}. It is left out.")
        elif leak.certain and not one.given:
            changes.append(replace(one, kind=ANSWER, reason=leak.reason))
            notes.append(
                f"Column '{leak.name}' holds the answer: {leak.reason}. It is left out; to use "
                f"it, say kinds={{'{leak.name}': '{one.kind}'}}."
            )
        else:
            notes.append(
                f"Column '{leak.name}' may hold the answer: {leak.reason}. If it is not known of "
                f"a new row, leave it out: kinds={{'{leak.name}': 'ignored'}}."
            )
    return kinds.changed(changes, notes)


def find_leaks(table: Table, kinds: Kinds, target: TargetEncoder) -> Iterator[Leak]:
    """Yield each column that gives the answer away, with how."""
    answers = target.numbers(table) if target.task == "number" else target.transform(table)
    find = _of_number if target.task == "number" else _of_classes
    for name, one in kinds.items():
        column = table[name]
        enough = int((~column.missing).sum()) >= max(FEWEST_ROWS, table.rows / 2)
        if one.kind in (CONSTANT, IGNORED, ANSWER):
            continue
        reason = _of_absence(column, answers, target) if one.kind in USED else None
        if reason:
            yield Leak(name, reason, True)
        elif enough:
            rows = ~column.missing
            leak = find(column.take(rows), answers[rows], target, one.kind in USED)
            if leak is not None:
                yield leak


def _of_absence(column: Column, answers: NumpyArray, target: TargetEncoder) -> str | None:
    """Return how missing values alone tell two classes apart, or None."""
    if target.task != "binary" or not column.missing.any() or column.missing.all():
        return None
    missing_in = np.unique(answers[column.missing])
    present_in = np.unique(answers[~column.missing])
    if len(missing_in) == len(present_in) == 1:
        return f"it is missing exactly where '{target.name}' is '{target.labels[missing_in[0]]}'"
    return None


def _of_classes(
    column: Column, codes: NumpyArray, target: TargetEncoder, used: bool
) -> Leak | None:
    if column.storage == "text" and _contains_labels(column, codes, target.labels):
        return Leak(column.name, f"its texts contain the labels of '{target.name}'", True)
    if not used or len(np.unique(codes)) < 2:
        return None
    places = column.coded.codes
    distinct = np.unique(places)
    pairs = len(np.unique(places * len(target.labels) + codes))
    if pairs == len(distinct) == len(np.unique(codes)):
        reason = f"its values and those of '{target.name}' go together one to one"
        return Leak(column.name, reason, True)
    if pairs == len(distinct) <= len(codes) / 5:
        return Leak(column.name, f"each of its values goes with one of '{target.name}'", False)
    if column.storage == "number" and _separates(column.values, codes):
        reason = f"thresholds on it separate the classes of '{target.name}' without error"
        return Leak(column.name, reason, False)
    return None


def _contains_labels(column: Column, codes: NumpyArray, labels: tuple[str, ...]) -> bool:
    """Return whether texts hold their row's label and no other, too often to be chance."""
    folded = [label.lower() for label in labels]
    if min(map(len, folded)) < 2:
        return False
    distinct, places = column.coded
    held = [_held(text.lower(), folded) for text in distinct.tolist()]
    right = np.array([folded.index(label) if label else -1 for label in held])
    return bool(np.mean(right[places] == codes) >= MOSTLY)


def _held(words: str, labels: list[str]) -> str | None:
    """Return the one label that words contain; a label within a longer one does not count."""
    found = [label for label in labels if label in words]
    longest = [one for one in found if not any(one in other for other in found if other != one)]
    return longest[0] if len(longest) == 1 else None


def _separates(values: NumpyArray, codes: NumpyArray) -> bool:
    classes = len(np.unique(codes))
    order = np.argsort(values, kind="stable")
    ordered, sorted_codes = values[order], codes[order]
    changes = np.flatnonzero(np.diff(sorted_codes) != 0)
    apart = bool(np.all(ordered[changes] < ordered[changes + 1]))
    return apart and len(changes) == classes - 1


def _of_number(column: Column, truth: NumpyArray, target: TargetEncoder, used: bool) -> Leak | None:
    if column.storage != "number" or not used or len(np.unique(truth)) < FEWEST_VALUES:
        return None
    if _is_line(column.values, truth):
        return Leak(column.name, f"it is '{target.name}' times a number plus a number", True)
    if _is_monotone(column.values, truth):
        return Leak(column.name, f"it orders the rows exactly as '{target.name}' does", True)
    return None


def _is_line(values: NumpyArray, truth: NumpyArray) -> bool:
    if values.std() == 0:
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(1 - np.corrcoef(values, truth)[0, 1] ** 2 < EXACT)


def _is_monotone(values: NumpyArray, truth: NumpyArray) -> bool:
    """Return whether values rise (or fall) exactly where the target does, ties included."""
    order = np.argsort(values, kind="stable")
    steps, answer_steps = np.diff(values[order]), np.diff(truth[order])
    rises = np.array_equal(np.sign(answer_steps), np.sign(steps))
    return rises or np.array_equal(np.sign(answer_steps), -np.sign(steps))
