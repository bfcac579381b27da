"""What a walkthrough says, before it is written as text, LaTeX or HTML."""

from dataclasses import dataclass
from typing import TypeAlias

from pellucid.insight.walkthrough.formula import (
    Call,
    Derivative,
    Formula,
    Number,
    Symbol,
    with_numbers,
)


@dataclass(frozen=True)
class Sentence:
    """A sentence or two; `loud` where something is wrong."""

    text: str
    loud: bool = False


@dataclass(frozen=True)
class Heading:
    """What the following items are about: a layer, a row."""

    text: str


@dataclass(frozen=True)
class Equation:
    """A name, and what it equals, from the general formula to the number.

    Args:
        left: What is computed.
        right: Its formulas, each equal to the one before; the last with numbers put in.
        becomes: True where the left side takes a new value, as a weight does in an update.
    """

    left: Formula
    right: tuple[Formula, ...]
    becomes: bool = False


Cell: TypeAlias = str | int | float | Formula | None


@dataclass(frozen=True)
class Table:
    """Rows under headers."""

    headers: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def numeric(self) -> tuple[bool, ...]:
        """For each column, whether it holds nothing but numbers."""
        return tuple(
            all(row[place] is None or isinstance(row[place], (int, float)) for row in self.rows)
            for place in range(len(self.headers))
        )


Item: TypeAlias = Sentence | Heading | Equation | Table


@dataclass(frozen=True)
class Stage:
    """One of the six stages of learning."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Document:
    """Everything, in order."""

    title: str
    stages: tuple[Stage, ...]


def equation(left: Formula, *right: Formula, becomes: bool = False) -> Equation:
    """Return an equation that ends in its last formula's numbers, and in their value."""
    last = right[-1]
    chain = [*right]
    if not isinstance(last, (Number, Symbol, Derivative, Call)):
        chain.append(with_numbers(last))
    chain.append(Number(last.value))
    kept = [one for place, one in enumerate(chain) if place == 0 or one != chain[place - 1]]
    return Equation(left, tuple(kept), becomes)
