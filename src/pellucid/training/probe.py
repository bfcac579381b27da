"""The hook by which a run is looked into while it trains.

Now and then, before a train step, the program takes a reading of it: a forward and a backward
pass of its own on the step's batch, reduced to a vector of numbers. Nothing is added to the
train step itself, so a probe costs what its readings cost, and these lie many steps apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from pellucid.training.recipe import Recipe
from pellucid.types import Array

Column = tuple[str, str]
"""Layer and quantity: what one number of a reading is called."""


@dataclass(frozen=True)
class Reading:
    """What a probe sees of the step that comes next.

    Args:
        recipe: What is trained, with its numbers bound.
        values: The weights before the step, in the network's order.
        gradients: Gradients of the trained weights, in the order of `network.trained`.
        updates: What the step adds to the trained weights, in the same order.
        results: Result of every node, by number; probabilities where the network gives logits.
        before: What went into the last activation of a node, by number, where there is one.
        signals: Gradients of the loss by results of nodes and by feeds, by number.
        scores: Weights of every attention, (rows, heads, queries, keys), by its node's number.
        opposed: For the trained weights, the gradient of every second row less that of the
            others; None unless the probe asks for it.
        rows: Shape (batch,); 1 for real rows, 0 for padding.
        loss: The batch's loss, penalties included.
        learning_rate: Rate in force.
        memory: What the probe remembers from the reading before.
    """

    recipe: Recipe
    values: Sequence[Array]
    gradients: Sequence[Array]
    updates: Sequence[Array]
    results: Mapping[int, Array]
    before: Mapping[int, Array]
    signals: Mapping[int, Array]
    scores: Mapping[int, Array]
    opposed: Sequence[Array] | None
    rows: Array
    loss: Array
    learning_rate: Array
    memory: Array


class Schedule(NamedTuple):
    """When readings are taken.

    Args:
        every: Steps between two readings, at first.
        widens: Steps after which that doubles; it does so again whenever the steps have doubled.
    """

    every: int
    widens: int


@runtime_checkable
class Probe(Protocol):
    """What the trainer accepts as a probe: hashable, and equal when it measures the same."""

    opposes: bool
    """Whether readings need `opposed`, which costs a further pass."""

    def schedule(self, steps: int | None) -> Schedule:
        """Return when to read a run of so many steps; None where nobody knows how many."""
        ...

    def columns(self, recipe: Recipe) -> list[Column]:
        """Return what the numbers are called."""
        ...

    def memory_size(self, recipe: Recipe) -> int:
        """Return how many numbers the probe remembers; all are 0 before the first reading."""
        ...

    def read(self, reading: Reading) -> tuple[Array, Array]:
        """Return the numbers and the memory, two float32 vectors (traced)."""
        ...
