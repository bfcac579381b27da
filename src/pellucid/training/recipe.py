"""Everything that determines a training program, and the numbers that it takes as data."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pellucid.description import bind, structure, tunables
from pellucid.graph import Network
from pellucid.training.mixup import Mixup
from pellucid.training.objective import Objective
from pellucid.training.policies import Policy
from pellucid.tree import Layout
from pellucid.types import Array


@dataclass(frozen=True, eq=False)
class Recipe:
    """A network, what it aims at, how it is updated and what watches it.

    Args:
        network: The computation.
        objective: Losses and metrics.
        optimizer: Update rule; None for a recipe that only evaluates.
        policies: State machines that watch the epochs.
        mixup: How the rows of a batch are mixed with one another; None for not at all.
    """

    network: Network
    objective: Objective
    optimizer: Any
    policies: tuple[Policy, ...] = ()
    mixup: Mixup | None = None

    @cached_property
    def structure(self) -> Hashable:
        """What determines the compiled program: equal for recipes that differ in numbers only."""
        return self.network.structure, self.training

    @property
    def training(self) -> Hashable:
        """What determines the program beside the network."""
        return (
            self.objective.structure,
            structure(self.optimizer),
            structure(self.policies),
            structure(self.mixup),
            None if self.optimizer is None else self.roles,
        )

    def numbers(self) -> list[tuple[str, float]]:
        """Return every tunable number with its path."""
        return [
            *self.network.numbers(),
            *self.objective.numbers(),
            *tunables(self.optimizer, "optimizer"),
            *tunables(self.policies, "policies"),
            *tunables(self.mixup, "mixup"),
        ]

    def hyper(self) -> tuple[Array, ...]:
        """Return the tunable numbers, the form in which programs take them.

        Each by itself: taken out of one vector, each would be a piece of code to compile.
        """
        return tuple(np.float32(value) for _, value in self.numbers())

    def bound(self, hyper: Sequence[Array]) -> "Recipe":
        """Return the recipe with its numbers taken from (traced) ones."""
        numbers: Iterator[Any] = iter(hyper)
        network = self.network.bound(numbers)
        objective = self.objective.bound(numbers)
        return Recipe(
            network,
            objective,
            bind(self.optimizer, numbers),
            bind(self.policies, numbers),
            bind(self.mixup, numbers),
        )

    @cached_property
    def trained(self) -> Layout:
        """How the trained weights are packed."""
        weights = self.network.weights
        return Layout(tuple(weights[number].spec.shape for number in self.network.trained))

    @cached_property
    def carried(self) -> Layout:
        """How the other weights are packed."""
        weights = self.network.weights
        return Layout(tuple(weights[number].spec.shape for number in self.network.carried))

    @cached_property
    def roles(self) -> Any:
        """What each trained weight is to the optimiser, which may treat biases differently."""
        paths = [self.network.weights[number].path for number in self.network.trained]
        return self.optimizer.roles(paths)

    def values(self, trained: Array, carried: Array) -> list[Array]:
        """Return the weights in the network's order, from the two packed vectors."""
        return self.merge(self.trained.unpack(trained), self.carried.unpack(carried))

    def after(self, carried: Array, changed: Mapping[int, Array]) -> Array:
        """Return the other weights, packed, with those in `changed` as they are now.

        Args:
            carried: The other weights, packed.
            changed: New values by their number in `Network.weights`.
        """
        if not changed:
            return carried
        held = zip(self.network.carried, self.carried.unpack(carried), strict=True)
        return self.carried.pack([changed.get(number, value) for number, value in held])

    def merge(self, trained: list[Array], carried: list[Array]) -> list[Array]:
        """Return trained and carried weights in the network's order."""
        merged: list[Array] = [None] * (len(trained) + len(carried))
        for number, value in zip(self.network.trained, trained, strict=True):
            merged[number] = value
        for number, value in zip(self.network.carried, carried, strict=True):
            merged[number] = value
        return merged
