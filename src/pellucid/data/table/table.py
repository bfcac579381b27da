"""The common currency of tables: named columns of numbers, truth values, times or text."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np

from pellucid.errors import DataError, Problem, near, report
from pellucid.types import NumpyArray

Storage = Literal["number", "boolean", "time", "text"]
"""What the values of a column are stored as."""

SHOWN = 5
"""How many examples (rows, values, columns) a message names before it says how many more."""


def some(values: Sequence[Any], shown: int = SHOWN) -> str:
    """Return the first few values, and how many more there are.

    Example:
        >>> from pellucid.data.table.table import some
        >>> some([3, 5, 8, 13], shown=2)
        '3, 5 and 2 more'
    """
    listed = ", ".join(str(value) for value in values[:shown])
    rest = len(values) - shown
    return f"{listed} and {rest} more" if rest > 0 else listed


class Coded(NamedTuple):
    """Values as numbers of a list of distinct values.

    Args:
        distinct: The values; some may stand in no row.
        codes: Place of each row's value in it, int64, shape (rows,); -1 where missing.
    """

    distinct: NumpyArray
    codes: NumpyArray


def code_texts(texts: Sequence[str]) -> Coded:
    """Return the distinct texts in the order they first come, and each one's place among them."""
    known = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    codes = np.fromiter(map(known.__getitem__, texts), np.int64, len(texts))
    return Coded(np.array(list(known), dtype=object), codes)


@dataclass(frozen=True, eq=False)
class Column:
    """One column: values, and where they are missing.

    Args:
        name: Name of the column.
        values: Shape (rows,): float64 (NaN where missing), bool (False where missing),
            datetime64[us] (NaT where missing) or object holding strings ("" where missing).
        missing: Shape (rows,): True where there is no value.
    """

    name: str
    values: NumpyArray
    missing: NumpyArray

    @property
    def storage(self) -> Storage:
        """How the values are stored: "number", "boolean", "time" or "text"."""
        names: dict[str, Storage] = {"f": "number", "b": "boolean", "M": "time", "O": "text"}
        return names[self.values.dtype.kind]

    @functools.cached_property
    def coded(self) -> "Coded":
        """The distinct values and each row's place among them, found once."""
        if self.storage != "text":
            distinct, places = np.unique(self.values[~self.missing], return_inverse=True)
            codes = np.full(len(self), -1)
            codes[~self.missing] = places
            return Coded(distinct, codes)
        coded = code_texts(self.values.tolist())
        coded.codes[self.missing] = -1
        return coded

    def tally(self) -> tuple[NumpyArray, NumpyArray]:
        """Return the values that are not missing, each once, and how many rows hold each."""
        distinct, codes = self.coded
        counts = np.bincount(codes[codes >= 0], minlength=len(distinct))
        return distinct[counts > 0], counts[counts > 0]

    def counts(self) -> dict[Any, int]:
        """Return `tally` as a dict."""
        values, counts = self.tally()
        return dict(zip(values.tolist(), counts.tolist(), strict=True))

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: NumpyArray) -> "Column":
        """Return the column with only the given rows (indices or a mask)."""
        taken = Column(self.name, self.values[rows], self.missing[rows])
        if "coded" in self.__dict__:
            distinct, codes = self.coded
            taken.__dict__["coded"] = Coded(distinct, codes[rows])
        return taken

    def renamed(self, name: str) -> "Column":
        """Return the column under another name."""
        return replace(self, name=name)


class Table:
    """Named columns of one length, with what was noted while they were read.

    Args:
        columns: The columns in their order.
        source: Where the table came from, as messages name it: a path, or "table".
        notes: Sentences about what the reader found and did.
        positional: True when the data had no column names and `column_1`, `column_2`… were made.
        lines: Line of the file on which each row starts, shape (rows,); None if not from lines.

    Raises:
        DataError: The columns differ in length, or two have one name.

    Example:
        >>> from pellucid.data.table import as_table
        >>> table = as_table({"age": [31, None], "city": ["Rome", "Oslo"]})
        >>> table.rows, table.names, table["age"].missing.tolist()
        (2, ('age', 'city'), [False, True])
    """

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        source: str = "table",
        notes: Sequence[str] = (),
        positional: bool = False,
        lines: NumpyArray | None = None,
    ) -> None:
        self.columns = {column.name: column for column in columns}
        self.source = source
        self.notes = tuple(notes)
        self.positional = positional
        self.lines = lines
        report(_problems(source, columns), DataError)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns in their order."""
        return tuple(self.columns)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def __len__(self) -> int:
        return self.rows

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns.values())

    def __getitem__(self, name: str) -> Column:
        if name not in self.columns:
            report([self.unknown(name)], DataError)
        return self.columns[name]

    def __repr__(self) -> str:
        return f"Table({self.source!r}, {self.rows} rows, columns: {some(self.names, 8)})"

    def unknown(self, name: str, where: str | None = None) -> Problem:
        """Return the problem that there is no column `name`, with a near name."""
        close = near(name, self.names)
        fix = f"Did you mean '{close}'?" if close else f"Known: {', '.join(self.names)}."
        return Problem(where or self.source, f"no column '{name}'", "a column of the table", fix)

    def take(self, rows: NumpyArray) -> "Table":
        """Return the table with only the given rows (indices or a mask), in that order."""
        columns = [column.take(rows) for column in self]
        return self._like(columns, None if self.lines is None else self.lines[rows])

    def select(self, names: Sequence[str]) -> "Table":
        """Return the table with only the named columns, in the order given."""
        return self._like([self[name] for name in names], self.lines)

    def without(self, *names: str) -> "Table":
        """Return the table without the named columns."""
        return self._like([column for column in self if column.name not in names], self.lines)

    def renamed(self, names: Mapping[str, str]) -> "Table":
        """Return the table with columns renamed, old name to new name."""
        columns = [column.renamed(names.get(column.name, column.name)) for column in self]
        return self._like(columns, self.lines)

    def noted(self, *notes: str) -> "Table":
        """Return the table with further notes."""
        columns = list(self)
        return Table(
            columns,
            source=self.source,
            notes=(*self.notes, *notes),
            positional=self.positional,
            lines=self.lines,
        )

    def place(self, rows: Any) -> str:
        """Return where rows are, as the user would look for them: by line, else by row from 1."""
        indices = np.flatnonzero(rows) if np.asarray(rows).dtype == bool else np.atleast_1d(rows)
        word, numbers = ("row", indices + 1)
        if self.lines is not None:
            word, numbers = ("line", self.lines[indices])
        listed = some([int(number) for number in numbers])
        return f"{word} {listed}" if len(indices) == 1 else f"{word}s {listed}"

    def _like(self, columns: Sequence[Column], lines: NumpyArray | None) -> "Table":
        return Table(
            columns, source=self.source, notes=self.notes, positional=self.positional, lines=lines
        )


def _problems(source: str, columns: Sequence[Column]) -> Iterator[Problem]:
    names = [column.name for column in columns]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Problem(
            source, f"{names.count(name)} columns '{name}'", "different names", "Rename them."
        )
    lengths = {column.name: len(column) for column in columns}
    if len(set(lengths.values())) > 1:
        shown = some([f"{name}: {length}" for name, length in lengths.items()])
        yield Problem(source, f"columns of different lengths ({shown})", "one length")
