"""The signal of real rows through a network at its first weights, layer by layer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.graph import Network
from pellucid.layers import (
    BatchNormalization,
    GroupNormalization,
    Layer,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
from pellucid.layers.context import Context
from pellucid.training import cache
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.types import Array, NumpyArray

NORMALISING = (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
"""Layers that bring whatever enters them to one scale."""

KERNELS = ("kernel", "depthwise_kernel")

ROWS = 256


@dataclass(frozen=True)
class Passage:
    """One layer with a kernel, and what enters it.

    Args:
        node: Its number in the network.
        path: Its path.
        layer: The layer.
        first: Whether no layer before it has weights that are trained, or normalises.
        output: Whether an output of the network follows without a further kernel.
        entering: Root mean square of what enters, one number a row.
        kernel: Its kernel.
        bias: Its bias, or None.
    """

    node: int
    path: str
    layer: Layer
    first: bool
    output: bool
    entering: NumpyArray
    kernel: NumpyArray
    bias: NumpyArray | None

    @property
    def gain(self) -> float:
        """By how much the kernel makes a signal larger: sqrt(fan_in * mean(kernel^2))."""
        inputs = np.prod(self.kernel.shape[:-1])
        return float(np.sqrt(inputs * np.mean(np.square(self.kernel, dtype=np.float64))))

    @property
    def typical(self) -> float:
        """Root mean square that the pre-activations of the middle row have."""
        return self.gain * float(np.median(self.entering))


@dataclass(frozen=True)
class Signal:
    """What enters each layer with a kernel, in order of computation.

    Args:
        passages: These layers.
        firsts: For the passages that are first, by node, all that enters: (rows, ...).
        sizes: Root mean square of what each node gives, one number a row.
        penalty: What is added to the loss for what layers give.
    """

    passages: tuple[Passage, ...]
    firsts: dict[int, NumpyArray]
    sizes: dict[int, NumpyArray]
    penalty: float


def read_signal(network: Network, weights: tuple[Any, Any], feeds: Sequence[NumpyArray]) -> Signal:
    """Return the signal of some rows.

    Args:
        network: The network.
        weights: Its trained and its other weights, packed.
        feeds: The rows as it takes them; the first 256 are looked at, or one batch.
    """
    recipe = Recipe(network, Objective(()), None)
    rows = [np.asarray(feed[: network.batch_size or ROWS]) for feed in feeds]
    kernels = kernel_nodes(network)
    first = {node for node in kernels if is_first(network, node)}
    sources = {node: network.nodes[node].inputs[0] for node in kernels}
    wanted = {sources[node] for node in first}
    run = cache.program(("signal", recipe.structure), lambda: _compiled(recipe, wanted))
    sizes, whole, penalty = jax.device_get(run(*weights, recipe.hyper(), rows))
    for number, feed in zip(network.feeds, rows, strict=True):
        sizes[number], whole[number] = _size(feed, np), feed
    values = dict(
        zip(
            (weight.path for weight in network.weights),
            map(np.asarray, recipe.values(*weights)),
            strict=True,
        )
    )
    paths = kernel_paths(network)
    passages = tuple(
        Passage(
            node,
            network.nodes[node].path,
            network.layers[network.nodes[node].layer],
            node in first,
            not any(reaches(network, node, other) for other in kernels if other != node),
            np.asarray(sizes[sources[node]]),
            values[path := paths[network.nodes[node].layer]],
            values.get(f"{path.rpartition('/')[0]}/bias"),
        )
        for node in kernels
    )
    firsts = {node: np.asarray(whole[sources[node]]) for node in first}
    return Signal(passages, firsts, sizes, float(penalty))


def _compiled(recipe: Recipe, wanted: set[int]) -> Any:
    detached = recipe.bound(recipe.hyper())

    def run(trained: Array, carried: Array, hyper: Sequence[Array], feeds: Sequence[Array]) -> Any:
        own = detached.bound(hyper)
        sizes: dict[int, Array] = {}
        whole: dict[int, Array] = {}

        def observe(number: int, layer: Layer, result: Array) -> None:
            sizes[number] = _size(result, jnp)
            if number in wanted:
                whole[number] = result

        values = own.values(trained, carried)
        found = own.network.apply(values, feeds, Context(), observe=observe)
        return sizes, whole, found.penalty

    return jax.jit(run)


def _size(array: Any, library: Any) -> Any:
    """Return the root mean square of each row."""
    flat = library.asarray(array).reshape(len(array), -1).astype("float32")
    return library.sqrt(library.mean(flat * flat, axis=1))


def kernel_paths(network: Network) -> dict[int, str]:
    """Return the path of each layer's first kernel, where it or a layer inside has one."""
    found: dict[int, str] = {}
    for weight in network.weights:
        if weight.name.rpartition("/")[2] in KERNELS:
            found.setdefault(weight.layer, weight.path)
    return found


def kernel_nodes(network: Network) -> list[int]:
    """Return the numbers of the nodes whose layers have a kernel, in order of computation."""
    held = kernel_paths(network)
    return [
        number
        for number, node in enumerate(network.nodes)
        if node.layer in held and node.inputs and node.part == 0
    ]


def is_first(network: Network, node: int) -> bool:
    """Say whether no layer before a node has trained weights, or normalises."""
    trained = {network.weights[number].layer for number in network.trained}
    waiting = list(network.nodes[node].inputs)
    while waiting:
        one = network.nodes[waiting.pop()]
        if one.layer in trained or isinstance(network.layers[one.layer], NORMALISING):
            return False
        waiting += one.inputs
    return True


def reaches(network: Network, node: int, other: int) -> bool:
    """Say whether what a node gives goes, directly or not, into another."""
    waiting, seen = [other], set[int]()
    while waiting:
        sources = [one for one in network.nodes[waiting.pop()].inputs if one not in seen]
        if node in sources:
            return True
        seen.update(sources)
        waiting += sources
    return False
