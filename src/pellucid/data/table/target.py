"""The column to predict: which task it sets, its values as a network learns them, and back."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from pellucid.data.table.fields import to_texts
from pellucid.data.table.kinds import BOOLEAN, DATE, IDENTIFIER, NUMBER, TEXT, kind_of
from pellucid.data.table.notation import LARGEST_EXACT, NOTATIONS, number_text, parse_number
from pellucid.data.table.skew import Symmetry
from pellucid.data.table.strays import StrayValues
from pellucid.data.table.table import Column, Table, some
from pellucid.data.table.values import levels_of, numbers_of
from pellucid.description import Description, choice, number, option, text
from pellucid.errors import ArgumentError, DataError, Problem, did_you_mean, report
from pellucid.types import ArrayLike, NumpyArray
from pellucid.wording import count_text

BINARY, CLASSES, NUMBER_TASK = "binary", "classes", "number"
TASKS = (BINARY, CLASSES, NUMBER_TASK)
"""What a target may ask for."""

MOST_CODES = 10
"""Up to so many whole numbers, counting from -1, 0 or 1, are taken as classes."""

MOST_CLASSES = 10_000


@dataclass(frozen=True)
class EncodedTarget:
    """What the network is to learn, and what was noted while it was made.

    Args:
        values: Shape (rows,): int32 class numbers, or float32 numbers of mean 0 and deviation 1.
        notes: Sentences about labels spelled unlike those of training.
    """

    values: NumpyArray
    notes: tuple[str, ...]


class TargetEncoder(Description):
    """A target column to what a network learns, and the network's outputs back to its values.

    Made by `fit`; `get_config` and `from_config` carry it through a model file as plain values.

    Args:
        name: Name of the column.
        task: "binary" (two classes; the second one counts as positive), "classes" or "number".
        labels: The classes in order; none for a number.
        center: Mean of the training numbers, after `softness` is applied.
        scale: Their standard deviation, above 0.
        base: Where a skewed number's transformation is centred.
        softness: Its scale, see `Symmetry`; None if the numbers are not transformed.
        notation: How the numbers are written, if not plainly.

    Example:
        >>> from pellucid.data.table import TargetEncoder, as_table
        >>> table = as_table({"kind": ["rose", "tulip", "iris", "rose"]})
        >>> target = TargetEncoder.fit(table, "kind")
        >>> target.task, target.labels, target.transform(table).tolist()
        ('classes', ('iris', 'rose', 'tulip'), [1, 2, 0, 1])
        >>> target.decode([[0.1, 0.2, 0.7]]).tolist()
        ['tulip']
    """

    kind: ClassVar[str] = "target_encoder"

    name: str = text()
    task: str = choice(TASKS)
    labels: tuple[str, ...] = option(convert=to_texts(high=MOST_CLASSES))
    center: float = number(default=0.0, tunable=False)
    scale: float = number(default=1.0, above=0, tunable=False)
    base: float = number(default=0.0, tunable=False)
    softness: float | None = number(default=None, above=0, optional=True, tunable=False)
    notation: str | None = choice((None, *NOTATIONS), default=None)

    def problems(self) -> Iterator[Problem]:
        count = len(self.labels)
        fits = {BINARY: count == 2, CLASSES: count > 2, NUMBER_TASK: count == 0}
        if not fits[self.task]:
            expected = {BINARY: "two", CLASSES: "three or more", NUMBER_TASK: "no"}[self.task]
            where = f"TargetEncoder(task='{self.task}')"
            yield Problem(where, count_text(count, "label"), f"{expected} labels")

    @classmethod
    def fit(
        cls, table: Table, name: str, task: str | None = None, notation: str | None = None
    ) -> Self:
        """Return the encoder of a target, its task found from the values where not given.

        Text sets classes. Numbers set a number, but two values, or up to 10 whole numbers that
        count from -1, 0 or 1, set classes. Rows without a target do not count.

        Args:
            table: The training rows.
            name: Name of the target.
            task: "binary", "classes" or "number"; None to find out.
            notation: How numbers are written, where more rows than these say so; a key of
                `NOTATIONS`, None to find out.

        Raises:
            ArgumentError: There is no such column, or no such task.
            DataError: The values are all the same, or suit no task or not the one given.
        """
        report(_unusable(table, name, task))
        column = table[name].take(~table[name].missing)
        where = f"{table.source}, target '{name}'"
        report(_unlearnable(column, where), DataError)
        kind = _kind(column, table.take(~table[name].missing), where)
        found = task or _task(column, kind.kind)
        if found == NUMBER_TASK:
            return cls._of_numbers(column, notation or kind.notation, where, table)
        labels = _labels(column)
        report(_unlike_classes(labels, kind.kind, column, where, task), DataError)
        return cls(name, BINARY if len(labels) == 2 else CLASSES, labels=labels)

    @classmethod
    def _of_numbers(cls, column: Column, notation: str | None, where: str, table: Table) -> Self:
        if column.storage == "text" and notation is None:
            levels = sorted(set(column.values.tolist()))
            if any(parse_number(level) is None for level in levels):
                given = f"text ({some([repr(level) for level in levels], 3)})"
                report([Problem(f"{where}, task='number'", given, "numbers")], DataError)
        numbers = numbers_of(table, column, notation)
        symmetry = Symmetry.of(numbers)
        moved = symmetry.apply(numbers)
        return cls(
            column.name,
            NUMBER_TASK,
            (),
            float(moved.mean()),
            float(moved.std()) or 1.0,
            symmetry.base,
            symmetry.softness,
            notation,
        )

    @classmethod
    def from_config(cls, config: Any) -> Self:
        if not isinstance(config, Mapping):
            raise ArgumentError(
                f"TargetEncoder: got a configuration of type {type(config).__name__}, "
                "expected the dict that get_config returns."
            )
        return cls(**{str(key): value for key, value in config.items()})

    @property
    def outputs(self) -> int:
        """How many outputs the network needs: one, or one for each of three or more classes."""
        return len(self.labels) if self.task == CLASSES else 1

    @property
    def note(self) -> str:
        """What is predicted, in a sentence."""
        if self.task == BINARY:
            other, positive = self.labels
            return f"Target '{self.name}': two classes, '{positive}' (positive) and '{other}'."
        if self.task == CLASSES:
            shown = some([f"'{label}'" for label in self.labels])
            told = f"Target '{self.name}': {len(self.labels)} classes, {shown}."
            counted = self.label_values.dtype.kind == "i"
            return f"{told} If they are quantities, say task='number'." if counted else told
        skewed = ", its skew reduced (asinh)" if self.softness is not None else ""
        return (
            f"Target '{self.name}': a number. It is trained on standardised{skewed}: losses of "
            "epochs are in those units, scores in its own."
        )

    def transform(self, table: Table) -> NumpyArray:
        """Return what the network is to learn, shape (rows,); `encode` tells the notes too."""
        return self.encode(table).values

    def encode(self, table: Table) -> EncodedTarget:
        """Return class numbers (int32) or standardised numbers (float32), with notes.

        A label spelled otherwise, by a full stop at its end or by capitals, is known.

        Raises:
            ArgumentError: The table has no such column.
            DataError: A row has no target, a label is new, or a value is no number.
        """
        report(_unusable(table, self.name, None))
        column = table[self.name]
        where = f"{table.source}, target '{self.name}'"
        if column.missing.any():
            given = f"no value in {count_text(int(column.missing.sum()), 'row')}"
            given += f" ({table.place(column.missing)})"
            fix = "Drop them with drop_unlabelled(table, target)."
            report([Problem(where, given, "a value in each row", fix)], DataError)
        if self.task == NUMBER_TASK:
            moved = self._symmetry.apply(self.numbers(table))
            return EncodedTarget(((moved - self.center) / self.scale).astype(np.float32), ())
        return self._codes(table, column, where)

    def numbers(self, table: Table) -> NumpyArray:
        """Return the target's own numbers, float64, shape (rows,).

        Raises:
            DataError: A value is no number.
        """
        try:
            return numbers_of(table, table[self.name], self.notation)
        except StrayValues as stray:
            raise DataError(str(stray.problem)) from None

    def _codes(self, table: Table, column: Column, where: str) -> EncodedTarget:
        levels = levels_of(column)
        code = {label: place for place, label in enumerate(self.labels)}
        notes, problems = [], []
        for level in dict.fromkeys(levels.tolist()):
            if level in code:
                continue
            known = self._respelled(level)
            if known is None:
                problems.append(self._new_label(table, where, levels, level))
            else:
                code[level] = self.labels.index(known)
                notes.append(f"Label '{level}' is read as '{known}'.")
        report(problems, DataError)
        codes = np.array([code[level] for level in levels.tolist()], np.int32)
        return EncodedTarget(codes, tuple(notes))

    def _respelled(self, level: str) -> str | None:
        for spell in (_tidy, lambda one: _tidy(one).casefold()):
            close = [label for label in self.labels if spell(label) == spell(level)]
            if len(close) == 1:
                return close[0]
        return None

    def _new_label(self, table: Table, where: str, levels: NumpyArray, level: str) -> Problem:
        given = f"the label '{level}' ({table.place(levels == level)})"
        expected = "one seen in training: " + some([f"'{label}'" for label in self.labels])
        fix = did_you_mean(level, self.labels)
        return Problem(where, given, expected, fix if fix.startswith("Did") else "")

    def decode(self, outputs: ArrayLike) -> NumpyArray:
        """Return the network's outputs as values of the target.

        Args:
            outputs: Probabilities of the positive class, shape (rows,) or (rows, 1); or of each
                class, (rows, classes); or standardised numbers, (rows,) or (rows, 1).

        Returns:
            Labels (int64 or float64 if all are numbers, else str), or float64 numbers; (rows,).
        """
        array = np.asarray(outputs, np.float64)
        if self.task == CLASSES:
            return self.label_values[array.argmax(axis=1)]
        flat = array.reshape(len(array))
        if self.task == BINARY:
            return self.label_values[(flat >= 0.5).astype(np.int64)]
        return self._symmetry.invert(flat * self.scale + self.center)

    @property
    def label_values(self) -> NumpyArray:
        """The labels as the values they are: numbers if all are, else strings."""
        numbers = [parse_number(label) for label in self.labels]
        if any(one is None or number_text(one) != label for one, label in self._pairs(numbers)):
            return np.array(self.labels, object)
        values = np.array(numbers, np.float64)
        whole = bool(np.all((values == np.floor(values)) & (np.abs(values) <= LARGEST_EXACT)))
        return values.astype(np.int64) if whole else values

    def _pairs(self, numbers: list[float | None]) -> Iterator[tuple[float | None, str]]:
        return zip(numbers, self.labels, strict=True)

    @property
    def _symmetry(self) -> Symmetry:
        return Symmetry(self.base, self.softness)


def drop_unlabelled(table: Table, target: str) -> Table:
    """Return the table without the rows that have no target, and a note on how many these are.

    Raises:
        ArgumentError: There is no such column.
        DataError: No row has a target.

    Example:
        >>> from pellucid.data.table import as_table, drop_unlabelled
        >>> drop_unlabelled(as_table({"x": [1, 2], "y": [3, None]}), "y").notes
        ("1 row without a value of 'y' left out.",)
    """
    report(_unusable(table, target, None))
    missing = table[target].missing
    if missing.all():
        where = f"{table.source}, target '{target}'"
        report([Problem(where, "no value in any row", "a column with values")], DataError)
    if not missing.any():
        return table
    note = f"{count_text(int(missing.sum()), 'row')} without a value of '{target}' left out."
    return table.take(~missing).noted(note)


def _unusable(table: Table, name: str, task: str | None) -> Iterator[Problem]:
    if name not in table:
        yield table.unknown(name, f"{table.source}: target")
    if task is not None and task not in TASKS:
        yield Problem(
            "task=...", repr(task), f"one of {', '.join(TASKS)}", did_you_mean(task, TASKS)
        )


def _unlearnable(column: Column, where: str) -> Iterator[Problem]:
    levels = Counter(column.values.tolist())
    if not levels:
        yield Problem(where, "no value in any row", "a column with values")
    elif len(levels) == 1:
        only = next(iter(levels))
        rows = count_text(len(column), "row")
        if column.storage == "number":
            yield Problem(where, f"{number_text(only)} in all {rows}", "values that differ")
        else:
            yield Problem(where, f"one class only, '{only}' in all {rows}", "two or more classes")


def _kind(column: Column, table: Table, where: str) -> Any:
    try:
        return kind_of(column, table)
    except StrayValues as stray:
        raise DataError(str(stray.problem)) from None


def _task(column: Column, kind: str) -> str:
    """Return the task that the values set."""
    if column.storage == "boolean" or kind == BOOLEAN:
        return BINARY
    if column.storage != "number":
        return NUMBER_TASK if kind == NUMBER else CLASSES
    values = np.unique(column.values)
    counts = np.array_equal(values, np.arange(len(values)) + values[0])
    if len(values) == 2 or (counts and values[0] in (-1, 0, 1) and len(values) <= MOST_CODES):
        return CLASSES
    return NUMBER_TASK


def _labels(column: Column) -> tuple[str, ...]:
    """Return the classes in order; those that differ by a full stop at the end are one."""
    tidied = {_tidy(level) for level in levels_of(column).tolist()}
    numbers = {level: parse_number(level) for level in tidied}
    if None not in numbers.values():
        return tuple(sorted(tidied, key=lambda level: numbers[level] or 0.0))
    return tuple(sorted(tidied))


def _tidy(label: str) -> str:
    """Return a label without spaces around it and full stops at its end."""
    return label.strip().rstrip(".").strip() or label


def _unlike_classes(
    labels: tuple[str, ...], kind: str, column: Column, where: str, task: str | None
) -> Iterator[Problem]:
    rows = len(column)
    if len(labels) == 1:
        yield Problem(where, f"one class only, '{labels[0]}'", "two or more classes")
    elif task == BINARY and len(labels) != 2:
        given = f"{len(labels)} classes ({some(labels)})"
        yield Problem(f"{where}, task='binary'", given, "two", "Say task='classes'.")
    elif kind == DATE:
        yield Problem(where, "dates", "classes or numbers", "Choose another target.")
    elif kind in (TEXT, IDENTIFIER) and column.storage == "text":
        given = f"{len(labels):,} different texts in {count_text(rows, 'row')}"
        yield Problem(where, given, "classes that come again, or numbers", "Choose another target.")
    elif len(labels) > min(MOST_CLASSES, rows / 2) and rows >= MOST_CODES:
        given = f"{len(labels):,} classes in {count_text(rows, 'row')}"
        fix = "Say task='number'." if column.storage == "number" else "Choose another target."
        yield Problem(where, given, "at least two rows a class on average", fix)
