"""A model seen as what gives the next word."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from pellucid.decoding.stepwise import Memory, Seen, Stepwise
from pellucid.errors import Problem, ShapeError, report
from pellucid.graph import Network
from pellucid.layers.context import Context
from pellucid.ops.search import NextWords
from pellucid.types import Array, NumpyArray

SUM_TOLERANCE, ROUNDING = 1e-3, 1e-5
"""How far sums of probabilities may be from 1; how far outputs may differ that are the same."""


@dataclass(frozen=True)
class Reader:
    """A network that gives the probabilities of the next word, for the words so far.

    Args:
        network: What is computed; its last input takes the words so far.
        length: Number of words that it is given at once.
        kind: "logits" where the last activation is a softmax, that is then left off, or where
            there is none; "probabilities" otherwise.
    """

    network: Network
    length: int
    kind: str = "logits"

    @property
    def target(self) -> int:
        """The node at which the words so far enter."""
        return self.network.inputs[-1]

    @property
    def words(self) -> int:
        """Number of words that there are."""
        return int(self.network.shapes[self.network.outputs[0]][-1] or 0)

    @property
    def padding(self) -> int | None:
        """The word that stands for padding, and is never the next; None where none does."""
        found = self.network.padding_of(self.target)
        return None if found is None else int(found)

    @property
    def ends_in_softmax(self) -> bool:
        """Whether the network's last activation is known to make probabilities."""
        return self.network.output_activation(0) == "softmax"

    def feeds(self, source: Sequence[Array], words: Array) -> list[Array]:
        """Return what the network takes, in order.

        Args:
            source: All but the words so far.
            words: Shape (rows, length).
        """
        found = list(source)
        dtype = self.network.dtypes[self.target]
        found.insert(self.network.feeds.index(self.target), words.astype(dtype))
        return found

    def continued(
        self, values: Sequence[Array], source: Sequence[Array], begun: Array, times: int = 1
    ) -> tuple[Any, NextWords]:
        """Return what is remembered before the last of the first words, and what goes on from it.

        What goes on takes such a memory, the words so far and the place of the last of them, and
        returns the log probabilities of the word behind it, shape (rows, words), and the memory
        before that word. The rows of a memory are those of the words so far.

        Args:
            values: The network's weights.
            source: What it takes beside the words.
            begun: The first words, shape (rows, begun).
            times: How often each row is wanted, one after the other.
        """
        stepwise = Stepwise(self.network, self.target, self.ends_in_softmax)
        if not stepwise.possible:
            repeated = [jnp.repeat(one, times, axis=0) for one in source]
            return (), partial(self._over_all, values, repeated)
        others = [one for one in self.network.feeds if one != self.target]
        seen = stepwise.seen(values, dict(zip(others, source, strict=True)), times)
        first = jnp.repeat(begun[:, :-1], times, axis=0)
        memory = stepwise.first(seen, len(first))
        if first.shape[1]:
            _, memory = stepwise.after(values, seen, memory, first)
        return memory, partial(self._a_step_on, stepwise, values, seen)

    def _a_step_on(
        self,
        stepwise: Stepwise,
        values: Sequence[Array],
        seen: Seen,
        memory: Memory,
        tokens: Array,
        place: Array,
    ) -> tuple[Array, Memory]:
        """Return log probabilities that follow the last word and what is remembered."""
        word = lax.dynamic_slice_in_dim(tokens, place, 1, 1)
        outputs, memory = stepwise.after(values, seen, memory, word)
        return self._told(outputs), memory

    def _over_all(
        self,
        values: Sequence[Array],
        source: Sequence[Array],
        memory: tuple[()],
        tokens: Array,
        place: Array,
    ) -> tuple[Array, tuple[()]]:
        """Return log probabilities for which all words so far are read again."""
        missing = max(0, self.length - tokens.shape[1])
        given = jnp.pad(tokens, ((0, 0), (0, missing)), constant_values=self.padding or 0)
        feeds = self.feeds(source, given[:, : self.length])
        bare = [self.ends_in_softmax] + [False] * (len(self.network.outputs) - 1)
        outputs = self.network.apply(values, feeds, Context(), bare).outputs[0]
        return self._told(lax.dynamic_index_in_dim(outputs, place, 1, keepdims=False)), memory

    def _told(self, outputs: Array) -> Array:
        """Return the log probabilities that the outputs of one step tell."""
        here = outputs.astype(jnp.float32)
        found = jnp.log(here) if self.kind == "probabilities" else jax.nn.log_softmax(here)
        if self.padding is None:
            return found
        return jnp.where(jnp.arange(found.shape[-1]) == self.padding, -jnp.inf, found)


def check_shapes(network: Network, where: str) -> None:
    """Refuse a network that does not give the next word at each step.

    Raises:
        ShapeError: Its last input or its first output has other axes.
    """
    target, found = network.inputs[-1], []
    words, output = network.shapes[target], network.shapes[network.outputs[0]]
    name = network.nodes[target].path
    if len(words) != 1:
        given = f"a model whose last input '{name}' has shape {(None, *words)}"
        fix = "The source comes first: Model([source, target], ...)."
        found.append(Problem(where, given, "the words so far there, (None, steps)", fix))
    elif target not in network.feeds or network.dtypes[target] == "string":
        given = f"a model whose last input '{name}' is text"
        fix = "Look words up before they go into the model."
        found.append(Problem(where, given, "the words so far as whole numbers", fix))
    if len(output) != 2 or output[-1] is None:
        given = f"a model whose output has shape {(None, *output)}"
        expected = "the next word's probabilities at each step, (None, steps, words)"
        found.append(Problem(where, given, expected))
    report(found, ShapeError)


def kind_of(outputs: NumpyArray) -> str:
    """Return what a network's outputs, without a softmax at the end, look like."""
    sums = np.abs(outputs.sum(axis=-1) - 1).max()
    return "probabilities" if outputs.min() >= 0 and sums < SUM_TOLERANCE else "logits"


def check_order(outputs: NumpyArray, where: str) -> None:
    """Refuse a network in which a word has a say in what comes before it.

    Args:
        outputs: Shape (2, steps, words), for words that differ in the last step alone.
        where: The function that was called, for messages.

    Raises:
        ArgumentError: The outputs of another step differ.
    """
    before = outputs[:, :-1]
    size = np.abs(before).max(initial=0)
    if np.abs(before[0] - before[1]).max(initial=0) > ROUNDING * size:
        given = "a model in which a word changes what is predicted before it"
        fix = "Call attention with use_causal_mask=True; let LSTM and GRU run forwards only."
        report([Problem(where, given, "one that only looks back", fix)])


def changed_at_the_end(start: NumpyArray, length: int, words: int) -> NumpyArray:
    """Return two rows of `length` words that differ in the last alone."""
    rows = np.tile(np.resize(start, length), (2, 1))
    rows[1, -1] = (rows[1, -1] + 1) % words
    return rows
