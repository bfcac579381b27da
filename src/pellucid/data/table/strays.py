"""Values that do not fit the kind of their column."""

from collections.abc import Iterable, Sequence

import numpy as np

from pellucid.data.table.notation import number_text
from pellucid.data.table.table import Column, Table, some
from pellucid.errors import DataError, Problem, report

SHOWN = 3
"""How many stray values a message shows with their places."""


LARGEST = 1e100
"""Numbers beyond this are no measurements, and their squares would overflow."""


class StrayValues(Exception):
    """Raised while one column is looked at, so that all columns' problems are told together."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def where(table: Table, column: Column) -> str:
    """Return how messages name a column of a table."""
    return f"{table.source}, column '{column.name}'"


def refuse_strays(table: Table, column: Column, strays: Iterable[str], expected: str) -> None:
    """Raise the error that some texts in a column are not what the others are.

    Args:
        table: The table, which knows where its rows are.
        column: Its column of text.
        strays: The texts that do not fit.
        expected: What they should be: "numbers", "dates".

    Raises:
        StrayValues: There are any.
    """
    wrong = set(strays)
    if not wrong:
        return
    rows = np.flatnonzero([value in wrong for value in column.values] & ~column.missing)
    shown = [f"{column.values[row]!r} ({table.place(row)})" for row in rows[:SHOWN]]
    rest = f" and {len(rows) - SHOWN:,} more" if len(rows) > SHOWN else ""
    fix = (
        f"Correct them, or if they stand for a missing value say so: missing={_marks(wrong)}; "
        f"if they are levels: kinds={{'{column.name}': 'category'}}."
    )
    given = f"{', '.join(shown)}{rest}"
    raise StrayValues(Problem(where(table, column), given, expected, fix))


def refuse_infinite(table: Table, column: Column) -> None:
    """Raise the error that a column of numbers holds some that are infinite or as good as that.

    Raises:
        StrayValues: It does.
    """
    beyond = np.abs(column.values) > LARGEST
    if beyond.any():
        values = some([number_text(value) for value in np.unique(column.values[beyond])], SHOWN)
        given = f"{values} ({table.place(beyond)})"
        fix = "Correct them, or if they stand for a missing value say so: missing=['inf', '-inf']."
        raise StrayValues(Problem(where(table, column), given, "finite numbers", fix))


def _marks(strays: set[str]) -> str:
    marks: Sequence[str] = sorted(strays)[:5]
    more = ", ..." if len(strays) > len(marks) else ""
    return f"[{', '.join(map(repr, marks))}{more}]"


class Strays:
    """Gathers the problems of several columns, so that one error tells them all.

    Example:
        >>> from pellucid.data.table.strays import Strays
        >>> strays = Strays()
        >>> with strays:
        ...     numbers = [float(text) for text in ("1", "2")]
        >>> strays.report()
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        if isinstance(error, StrayValues):
            self.problems.append(error.problem)
        return isinstance(error, StrayValues)

    def report(self) -> None:
        """Raise one error that tells all problems.

        Raises:
            DataError: There are any.
        """
        report(self.problems, DataError)
