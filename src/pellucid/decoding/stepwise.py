"""A network that needs the last word alone, and what it remembers of those before.

Where nothing but recurrent layers carries anything from one step to the next, the words so far
need not be read again for every word behind them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax.numpy as jnp
import numpy as np

from pellucid import layers
from pellucid.description import altered
from pellucid.graph import Network
from pellucid.graph.network import spread, without_activation
from pellucid.layers.arithmetic import Arithmetic
from pellucid.layers.attention.headed import HeadedAttention
from pellucid.layers.context import TRAINING, Context, Result
from pellucid.layers.recurrent.recurrent import Recurrent
from pellucid.types import Array

BY_STEP = (
    layers.Activation,
    layers.Dense,
    layers.Dropout,
    layers.ELU,
    layers.Embedding,
    layers.Identity,
    layers.LeakyReLU,
    layers.ReLU,
    layers.TimeDistributed,
)
"""Layers that make of each step what they make of it alone."""

BY_FEATURES = (layers.Concatenate, layers.LayerNormalization, layers.Softmax)
"""Layers that do so where their axis is the last one."""

JOINING = (
    layers.Add,
    layers.Average,
    layers.Maximum,
    layers.Minimum,
    layers.Multiply,
    layers.Subtract,
)
"""Layers that do so with several inputs that all follow the words."""

LOOKING = (
    layers.AdditiveAttention,
    layers.Attention,
    layers.GroupQueryAttention,
    layers.MultiHeadAttention,
)
"""Layers that look from each step at all of what does not follow the words."""

Memory = dict[int, list[Array]]
"""States of the recurrent layers behind the last word, by the numbers of their nodes."""


@dataclass(frozen=True)
class Seen:
    """What a network made of the source, which is the same at every step.

    Args:
        results: Arrays, by the numbers of the nodes.
        masks: Which steps of them are real, likewise.
    """

    results: Mapping[int, Array]
    masks: Mapping[int, Any]


@dataclass(frozen=True)
class Stepwise:
    """A network seen as what goes on from a memory.

    Args:
        network: What is computed.
        target: The node at which the words so far enter.
        bare: Whether the activation of the output is left off.
    """

    network: Network
    target: int
    bare: bool

    @cached_property
    def _following(self) -> dict[int, None]:
        """The nodes that depend on the words so far, in order, these among them."""
        found = {self.target: None}
        for number, node in enumerate(self.network.nodes):
            if any(one in found for one in node.inputs):
                found[number] = None
        return found

    @property
    def _output(self) -> int:
        return self.network.outputs[0]

    @property
    def possible(self) -> bool:
        """Whether a word needs those before it only through the states of recurrent layers."""
        known = self._following
        return self._output in known and all(self._steps(one) for one in [*known][1:])

    def _steps(self, number: int) -> bool:
        """Return whether a node can be computed a step at a time."""
        node = self.network.nodes[number]
        layer = self.network.layers[node.layer]
        own = [one in self._following for one in node.inputs]
        if node.part:
            return not self.network.readers_of(number) and number not in self.network.outputs
        if TRAINING in node.settings:
            return False
        if isinstance(layer, Recurrent):
            onward = not (layer.go_backwards or layer.stateful)
            return onward and layer.return_sequences and own[0] and not any(own[1:])
        if type(layer) in LOOKING:
            return _looks_at_all(layer, node.settings) and own[0] and not any(own[1:])
        return all(own) and _by_itself(layer)

    def seen(self, values: Sequence[Array], feeds: Mapping[int, Array], times: int) -> Seen:
        """Return what the network makes of the source.

        Args:
            values: The network's weights.
            feeds: The source, by the numbers of the nodes at which it enters.
            times: How often each row is wanted, one after the other.
        """
        results: dict[int, Any] = dict(feeds)
        masks: dict[int, Any] = {}
        for number, node in enumerate(self.network.nodes):
            device = node.inputs and not self.network.on_host(number)
            if device and number not in self._following and number not in results:
                layer = self.network.layers[node.layer]
                spread(results, number, self._computed(number, layer, values, results, masks))
        needed = {one for number in self._following for one in self.network.nodes[number].inputs}
        edge = [one for one in needed if one not in self._following]
        masked = [one for one in edge if masks.get(one) is not None]
        return Seen(
            {one: jnp.repeat(results[one], times, axis=0) for one in edge},
            {one: jnp.repeat(masks[one], times, axis=0) for one in masked},
        )

    def first(self, seen: Seen, rows: int) -> Memory:
        """Return the memory before the first word.

        Args:
            seen: What the network made of the source.
            rows: How many sequences there are.
        """
        found: Memory = {}
        for number in self._following:
            node = self.network.nodes[number]
            layer = self.network.layers[node.layer]
            if isinstance(layer, Recurrent) and not node.part:
                sequence, *given = node.inputs
                states = [seen.results[one] for one in given]
                if not states:
                    shapes = layer.own_cell().state_shapes(self.network.shapes[sequence][1:])
                    states = [jnp.zeros((rows, *shape)) for shape in shapes]
                found[number] = [one.astype(jnp.float32) for one in states]
        return found

    def after(
        self, values: Sequence[Array], seen: Seen, memory: Memory, words: Array
    ) -> tuple[Array, Memory]:
        """Return the output behind the last of some further words, and the memory then.

        Args:
            values: The network's weights.
            seen: What the network made of the source.
            memory: The memory before these words.
            words: Shape (rows, steps).
        """
        results: dict[int, Any] = {**seen.results}
        results[self.target] = words.astype(self.network.dtypes[self.target])
        masks: dict[int, Any] = {**seen.masks}
        kept: Memory = {}
        for number in [*self._following][1:]:
            node = self.network.nodes[number]
            layer = self.network.layers[node.layer]
            if node.part:
                continue
            if number in memory:
                outputs, *states = self._computed(
                    number,
                    altered(layer, return_state=True),
                    values,
                    results,
                    masks,
                    memory[number],
                )
                pairs = zip(states, memory[number], strict=True)
                kept[number] = [new.astype(old.dtype) for new, old in pairs]
                results[number] = outputs
                continue
            own = without_activation(layer) if self.bare and number == self._output else layer
            found = self._computed(number, own, values, results, masks)
            results[number] = found[0] if isinstance(found, (list, tuple)) else found
        return results[self._output][:, -1], kept

    def _computed(
        self,
        number: int,
        layer: Any,
        values: Sequence[Array],
        results: dict[int, Any],
        masks: dict[int, Any],
        states: Sequence[Array] = (),
    ) -> Any:
        """Return what a layer gives at a node, and note the mask of it."""
        network, node = self.network, self.network.nodes[number]
        inputs, mask = network.entering(number, results, masks)
        if states:
            sequence = inputs[0] if isinstance(inputs, list) else inputs
            first = mask[0] if isinstance(mask, list) else mask
            inputs = [sequence, *states]
            mask = None if first is None else [first, *[None] * len(states)]
        context = Context().at(number, mask, node.settings)
        found = layer.run(network.weights_at(number, values), inputs, context)
        own = network.layers[node.layer].compute_mask(inputs, mask)
        spread(masks, number, own)
        return found.outputs if isinstance(found, Result) else found


def _looks_at_all(layer: Any, settings: Sequence[str]) -> bool:
    """Return whether attention treats each query alike, wherever it stands."""
    if "use_causal_mask" in settings:
        return False
    if isinstance(layer, HeadedAttention):
        return layer.sliding_window is None and layer.attended(3) == (1,)
    return True


def _by_itself(layer: Any) -> bool:
    """Return whether a layer makes of each step what it makes of it alone."""
    kind = type(layer)
    if kind is Arithmetic:
        return np.ndim(layer.number if layer.number is not None else 0) < 2
    if kind in BY_FEATURES:
        return layer.axis == -1
    return kind in BY_STEP or kind in JOINING
