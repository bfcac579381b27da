"""A change that may cure what was found, as the machine makes it."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from pellucid.insight.remedies.setup import Setup

Turn: TypeAlias = tuple[
    Literal["learning rate", "epochs", "size", "regularisation"], Literal[-1, 1]
]
"""A quantity, and whether there is to be less (-1) or more (1) of it."""

Entries: TypeAlias = tuple[str, tuple[Any, ...]]
"""Part of the first input: what it is called, and its index."""


@dataclass(frozen=True)
class Remedy:
    """Base of the remedies: a function from one set-up of a run to another.

    A remedy is a value: its fields say how much and where. One that changes nothing in a set-up,
    because there is nothing to change, returns it as it is.
    """

    name: ClassVar[str] = ""
    """Its name in tables, such as "lower-learning-rate"."""

    @property
    def words(self) -> str:
        """What it does, as a sentence that tells a person what to do."""
        raise NotImplementedError

    @property
    def turn(self) -> Turn | None:
        """What it makes less or more of, where another remedy may do the opposite."""
        return None

    @property
    def leak(self) -> Entries | None:
        """Which part of the first input gives answers away and is left out; None for none."""
        return None

    def row_code(self, setup: Setup) -> tuple[str, ...]:
        """Return lines of code that change all rows `x`, `y` so; none where lines cannot."""
        return ()

    def apply(self, setup: Setup) -> Setup:
        """Return the set-up with the change made."""
        raise NotImplementedError
