"""A change that may cure what was found, as the machine makes it."""

from dataclasses import dataclass
from typing import ClassVar

from pellucid.insight.remedies.setup import Setup


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

    def apply(self, setup: Setup) -> Setup:
        """Return the set-up with the change made."""
        raise NotImplementedError
