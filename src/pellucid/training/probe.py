"""The hook by which a run is looked into while it trains.

The program makes k train steps, then one probe step on the last batch: a forward and a
backward pass of its own, reduced to a vector of numbers. Nothing is added to the train
step itself, so a probe costs about 1/k of the training time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import jax.numpy as jnp

from pellucid.graph import Network
from pellucid.types import Array


@dataclass(frozen=True)
class Reading:
    """What a probe sees of one step.

    Args:
        network: The network, with its numbers bound.
        values: The weights, in the network's order.
        gradients: Gradients of the trained weights, in the order of `network.trained`.
        results: Result of every node, by number.
        loss: The batch's loss.
        learning_rate: Rate in force.
    """

    network: Network
    values: Sequence[Array]
    gradients: Sequence[Array]
    results: dict[int, Array]
    loss: Array
    learning_rate: Array


@runtime_checkable
class Probe(Protocol):
    """What the trainer accepts as a probe: hashable, and equal when it measures the same."""

    every: int
    """Train steps between two readings."""

    def names(self, network: Network) -> list[str]:
        """Return what the numbers are called."""
        ...

    def read(self, reading: Reading) -> Array:
        """Return the numbers as one float32 vector (traced)."""
        ...


@dataclass(frozen=True)
class Scales:
    """The root mean square of every node's result and of every gradient.

    Args:
        every: Train steps between two readings.
    """

    every: int = 50

    def names(self, network: Network) -> list[str]:
        """Return `dense/output` for results, `dense/kernel/gradient` for gradients."""
        nodes = [f"{node.path}/output" for node in network.nodes if node.inputs]
        gradients = [f"{network.weights[number].path}/gradient" for number in network.trained]
        return [*nodes, *gradients]

    def read(self, reading: Reading) -> Array:
        """Return the root mean squares."""
        nodes = [
            reading.results[number]
            for number, node in enumerate(reading.network.nodes)
            if node.inputs
        ]
        return jnp.stack([_rms(one) for one in [*nodes, *reading.gradients]])


def _rms(x: Any) -> Array:
    return jnp.sqrt(jnp.mean(jnp.square(x)))
