"""A table to the float32 matrix a network reads, learned from the training rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from pellucid.data.table.boolean_encoding import BooleanEncoding
from pellucid.data.table.category_encoding import CategoryEncoding
from pellucid.data.table.date_encoding import DateEncoding
from pellucid.data.table.encoding import ColumnEncoding
from pellucid.data.table.fields import to_texts
from pellucid.data.table.frames import as_table
from pellucid.data.table.kinds import BOOLEAN, CATEGORY, DATE, NUMBER, Kinds, infer_kinds
from pellucid.data.table.number_encoding import NumberEncoding
from pellucid.data.table.strays import Strays
from pellucid.data.table.table import Table, some
from pellucid.description import Description, Refusal, flag, option, part, text
from pellucid.errors import ArgumentError, DataError, Problem, near, report
from pellucid.types import NumpyArray
from pellucid.vocabulary import Vocabulary

ENCODING_OF_KIND: Mapping[str, Any] = {
    NUMBER: NumberEncoding,
    CATEGORY: CategoryEncoding,
    BOOLEAN: BooleanEncoding,
    DATE: DateEncoding,
}

ENCODINGS = Vocabulary(
    ColumnEncoding.kind, {cls.__name__: cls for cls in ENCODING_OF_KIND.values()}
)
"""The encodings that a saved model may name."""

MOST_COLUMNS = 100_000


def _to_encodings(value: Any) -> tuple[ColumnEncoding, ...]:
    if not isinstance(value, (list, tuple)) or not 1 <= len(value) <= MOST_COLUMNS:
        raise Refusal("a list of one or more column encodings", given=type(value).__name__)
    encodings = tuple(ENCODINGS.get(one) for one in value)
    if not all(isinstance(one, ColumnEncoding) for one in encodings):
        raise Refusal("a list of one or more column encodings", given="other values in it")
    return encodings


@dataclass(frozen=True)
class Encoded:
    """Features and what was noted while they were made.

    Args:
        matrix: float32, shape (rows, features).
        notes: Sentences about values unlike those of training.
    """

    matrix: NumpyArray
    notes: tuple[str, ...]


class TableEncoder(Description):
    """Raw rows to features by column name: order does not matter, further columns are ignored.

    Made by `fit`; `get_config` and `from_config` carry it through a model file as plain values.

    Args:
        columns: Encoding of each column that is used.
        names: All columns of the training table, its target among them.
        target: Name of the target; "" if the table had none.
        positional: Whether the training data had no column names.

    Example:
        >>> from pellucid.data.table import TableEncoder
        >>> people = {"age": [20, 30, 40, 50], "member": ["yes", "no", "no", "yes"]}
        >>> encoder = TableEncoder.fit(people)
        >>> encoder.features, encoder.transform({"member": ["no"], "age": [35]}).tolist()
        (('age', 'member'), [[0.0, -1.0]])
    """

    kind: ClassVar[str] = "table_encoder"

    columns: tuple[ColumnEncoding, ...] = part(_to_encodings)
    names: tuple[str, ...] = option(convert=to_texts(low=1, high=MOST_COLUMNS))
    target: str = text(default="")
    positional: bool = flag(default=False)

    def problems(self) -> Iterator[Problem]:
        used = [encoding.name for encoding in self.columns]
        for name in dict.fromkeys(used):
            if used.count(name) > 1 or name not in self.names or name == self.target:
                expected = "one encoding for each of some columns of `names`, not the target"
                yield Problem("TableEncoder(columns=...)", f"an encoding of '{name}'", expected)

    @classmethod
    def fit(
        cls,
        data: Any,
        *,
        target: str | None = None,
        kinds: Kinds | Mapping[str, str] | None = None,
    ) -> Self:
        """Return the encoder learned from training rows.

        Args:
            data: The training rows: a Table, a data frame, a dict of columns.
            target: Name of the column to predict, which is no feature.
            kinds: The columns' kinds as `infer_kinds` found them in the whole table, or kinds to
                use instead of those found in these rows.

        Raises:
            ArgumentError: `target` or `kinds` names a column or kind that does not exist.
            DataError: A column holds values unlike its others, or none is left to learn from.
        """
        table = as_table(data)
        if not isinstance(kinds, Kinds):
            kinds = infer_kinds(table, target=target, kinds=kinds)
        strays = Strays()
        encodings = []
        for name in kinds.used:
            with strays:
                encodings.append(
                    ENCODING_OF_KIND[kinds[name].kind].fit(table, table[name], kinds[name])
                )
        strays.report()
        learned = [encoding for encoding in encodings if encoding is not None]
        if not learned:
            shown = some([f"'{one.name}' is {one.kind}: {one.reason}" for one in kinds.values()])
            given = "no column to learn from" + (f" ({shown})" if shown else " beside the target")
            expected = "at least one column of numbers, categories or dates that varies"
            report([Problem(table.source, given, expected)], DataError)
        return cls(tuple(learned), table.names, target or "", table.positional)

    @classmethod
    def from_config(cls, config: Any) -> Self:
        if not isinstance(config, Mapping):
            raise ArgumentError(
                f"TableEncoder: got a configuration of type {type(config).__name__}, "
                "expected the dict that get_config returns."
            )
        return cls(**{str(key): value for key, value in config.items()})

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the columns that are needed, in the order of their features."""
        return tuple(encoding.name for encoding in self.columns)

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the matrix's columns."""
        return tuple(name for encoding in self.columns for name in encoding.features)

    def transform(self, data: Any) -> NumpyArray:
        """Return float32 features, shape (rows, features); `encode` tells the notes too."""
        return self.encode(data).matrix

    def encode(self, data: Any) -> Encoded:
        """Return features of rows of any table that has the needed columns, with notes.

        Args:
            data: A Table, a data frame, a dict of columns.

        Raises:
            DataError: A needed column is missing, or holds values that its kind cannot be.
        """
        table = self.align(as_table(data))
        report(self._absent(table), DataError)
        strays = Strays()
        parts: list[NumpyArray] = []
        notes: list[str] = []
        for encoding in self.columns:
            with strays:
                features, said = encoding.encode(table, table[encoding.name])
                parts.append(features)
                notes += said
        strays.report()
        return Encoded(np.concatenate(parts, axis=1).astype(np.float32), tuple(notes))

    def align(self, table: Table) -> Table:
        """Return the table with the training columns' names, where both were made by position.

        Data without names may lack the target: then the columns after it have moved up.

        Raises:
            DataError: The number of columns fits neither, or only the training data had names.
        """
        if not table.positional:
            report(self._named(table), DataError)
            return table
        others = [name for name in self.names if name != self.target]
        if not self.positional:
            fix = "Give it a header, or read it with columns=[...]."
            given = "no column names"
            report(
                [Problem(table.source, given, f"those of training: {some(others)}", fix)], DataError
            )
        if len(table.names) == len(self.names):
            return table.renamed(dict(zip(table.names, self.names, strict=True)))
        if self.target and len(table.names) == len(others):
            return table.renamed(dict(zip(table.names, others, strict=True)))
        without = f" or {len(others)} without the target" if self.target else ""
        expected = f"{len(self.names)} as in training{without}"
        report([Problem(table.source, f"{len(table.names)} columns", expected)], DataError)
        raise AssertionError

    def _named(self, table: Table) -> Iterator[Problem]:
        if self.positional and not any(name in table for name in self.inputs):
            given = f"column names ({some(table.names)})"
            fix = f"Read it with columns={list(self.names)[:2]!r} and so on, or drop its header."
            yield Problem(table.source, given, "none, as in training", fix)

    def _absent(self, table: Table) -> Iterator[Problem]:
        for name in self.inputs:
            if name not in table:
                close = near(name, [one for one in table.names if one not in self.names])
                fix = f"Is it the column '{close}'? Then rename that." if close else ""
                expected = "all columns that the model learned from"
                yield Problem(table.source, f"no column '{name}'", expected, fix)
