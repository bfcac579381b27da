"""From any table to features and targets of the three parts, in one call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pellucid.data.table.encode import TableEncoder
from pellucid.data.table.frames import as_table
from pellucid.data.table.kinds import IGNORED, Kinds, infer_kinds
from pellucid.data.table.leaks import without_leaks
from pellucid.data.table.notation import notation_note
from pellucid.data.table.split import PARTS, Split, split_folds, split_rows
from pellucid.data.table.table import Table
from pellucid.data.table.target import NUMBER_TASK, TargetEncoder, drop_unlabelled
from pellucid.types import NumpyArray


@dataclass(frozen=True)
class Part:
    """Rows as a network takes them.

    Args:
        x: float32 features, shape (rows, features).
        y: What is to be learned, shape (rows,): int32 class numbers or standardised float32.
        table: The same rows as they were read.
    """

    x: NumpyArray
    y: NumpyArray
    table: Table


@dataclass(frozen=True)
class Prepared:
    """All that a training run needs from a table.

    Args:
        kinds: What each column is; print it to show why.
        encoder: Features from raw rows, learned on the training rows.
        target: The target's values, learned on the training rows.
        table: The rows that have a target; the split counts in them.
        split: Which rows are in which part.
        training: Rows to learn from.
        validation: Rows to decide by when to stop.
        test: Rows never seen until the end.
        notes: Everything that was found, guessed or left out, in sentences.
    """

    kinds: Kinds
    encoder: TableEncoder
    target: TargetEncoder
    table: Table
    split: Split
    training: Part
    validation: Part
    test: Part
    notes: tuple[str, ...]


def prepare_table(
    data: Any,
    target: str,
    *,
    task: str | None = None,
    kinds: Mapping[str, str] | None = None,
    validation: float = 0.15,
    test: float = 0.2,
    time: str | Sequence[str] | None = None,
    groups: str | None = None,
    seed: int = 0,
) -> Prepared:
    """Return features and targets of a table's training, validation and test rows.

    The kinds of the columns and the classes are found from all rows; every number that enters a
    feature (medians, scales, levels) is learned from the training rows alone.

    Args:
        data: A Table, a data frame, a dict of columns.
        target: Name of the column to predict.
        task: "binary", "classes" or "number"; None to find out.
        kinds: Kinds of columns, instead of those found.
        validation: Share of rows for validation.
        test: Share of rows for the test.
        time: Column, or columns from coarse to fine, by which the last rows are the test.
        groups: Column whose equal values stay in one part; it becomes no feature.
        seed: Seed of the shuffle.

    Raises:
        ArgumentError: An argument names what does not exist, or is out of range.
        DataError: The data cannot be learned from; the message says why.

    Example:
        >>> from pellucid.data.table import prepare_table
        >>> rows = {"age": [20, 31, 64, 45] * 15, "member": ["yes", "no", "no"] * 20}
        >>> prepared = prepare_table(rows, "member")
        >>> prepared.training.x.shape, prepared.test.y.shape, prepared.target.labels
        ((39, 1), (12,), ('no', 'yes'))
    """
    table = drop_unlabelled(as_table(data), target)
    learned = TargetEncoder.fit(table, target, task)
    found = infer_kinds(table, target=target, kinds=kinds)
    if groups is not None and groups in found and not found[groups].given:
        found = found.changed([replace(found[groups], kind=IGNORED, reason="names the groups")])
    found = without_leaks(table, found, learned)
    answers = learned.encode(table)
    split = split_rows(
        table,
        answers.values,
        validation=validation,
        test=test,
        time=time,
        groups=groups,
        columns=found.used,
        seed=seed,
    )
    made = _prepared(table, learned, found, split)
    of_target = (*_written(table, learned), *answers.notes)
    told = (*table.notes, made.target.note, *of_target, *found.notes, *split.notes)
    return replace(made, notes=(*told, *made.notes))


def _written(table: Table, target: TargetEncoder) -> Iterator[str]:
    """Yield how the numbers of a target are read, where they are not written plainly."""
    if target.notation is not None:
        counts = table[target.name].counts()
        yield notation_note(f"Target '{target.name}'", counts, target.notation)


def prepare_folds(
    prepared: Prepared,
    folds: int,
    *,
    validation: float = 0.15,
    time: str | Sequence[str] | None = None,
    groups: str | None = None,
    seed: int = 0,
) -> Iterator[Prepared]:
    """Yield the rows of a prepared table prepared anew for each fold, whose rows are the test.

    What is learned of a column is learned of each fold's training rows alone.

    Args:
        prepared: The table; its own split does not matter.
        folds: How many folds, at least 2.
        validation: Share of a fold's other rows for validation.
        time: As in `prepare_table`, like all that follows.
        groups: Column of groups.
        seed: Seed of the shuffle.

    Raises:
        ArgumentError: The number of folds is out of range.
        DataError: A fold would have no rows, or one class alone to learn from.

    Example:
        >>> from pellucid.data.table import prepare_folds, prepare_table
        >>> rows = {"age": [20, 31, 64, 45] * 15, "member": ["yes", "no", "no"] * 20}
        >>> prepared = prepare_table(rows, "member")
        >>> [len(one.test.y) for one in prepare_folds(prepared, 3)]
        [20, 20, 20]
    """
    table, target, kinds = prepared.table, prepared.target, prepared.kinds
    splits = split_folds(
        table,
        target.transform(table),
        folds=folds,
        validation=validation,
        time=time,
        groups=groups,
        columns=kinds.used,
        seed=seed,
    )
    return (_prepared(table, target, kinds, split) for split in splits)


def _prepared(table: Table, target: TargetEncoder, kinds: Kinds, split: Split) -> Prepared:
    """Return the parts of a table, with what is learned of the training rows."""
    training = table.take(split.training)
    if target.task == NUMBER_TASK:
        target = TargetEncoder.fit(training, target.name, NUMBER_TASK, target.notation)
    encoder = TableEncoder.fit(training, target=target.name, kinds=kinds)
    parts, notes = [], []
    each = (split.training, split.validation, split.test)
    for name, rows in zip(PARTS, each, strict=True):
        chosen = table.take(rows)
        encoded = encoder.encode(chosen) if chosen.rows else None
        x = encoder.transform(training)[:0] if encoded is None else encoded.matrix
        parts.append(Part(x, target.transform(chosen), chosen))
        if encoded is not None and rows is not split.training:
            notes += [f"{name.capitalize()} rows: {note}" for note in encoded.notes]
    return Prepared(kinds, encoder, target, table, split, *parts, notes=tuple(notes))
