"""A trained network looked at through one example."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.errors import ArgumentError, Problem, report
from pellucid.layers.context import Context
from pellucid.layers.sequence import Embedding
from pellucid.training import cache
from pellucid.training.recipe import Recipe
from pellucid.types import Array, NumpyArray

Change = Callable[[int, Array], Array]


@dataclass(frozen=True)
class Subject:
    """A network, its weights, one example and the output value that is to be explained.

    Args:
        recipe: The network, as it evaluates.
        weights: The two packed vectors of its weights.
        feeds: What the network takes, one row each.
        input: Number of the input that is looked at.
        target: Number of the output value; the largest one when absent.
    """

    recipe: Recipe
    weights: tuple[Array, Array]
    feeds: Sequence[NumpyArray]
    input: int = 0
    target: int | None = None

    @cached_property
    def place(self) -> int:
        """The node at which the example enters as real numbers: an input, or its embedding."""
        network = self.recipe.network
        node = network.inputs[self.input]
        if network.dtypes[node].startswith("float"):
            return node
        for number, one in enumerate(network.nodes):
            if node in one.inputs and isinstance(network.layers[one.layer], Embedding):
                return number
        given = f"the input '{network.nodes[node].path}' of type {network.dtypes[node]}"
        expected = "an input of real numbers, or one that goes into an Embedding"
        report(
            [Problem("saliency(x=...)", given, expected, "There is no gradient by anything else.")]
        )
        raise AssertionError

    @property
    def rows_of_input(self) -> NumpyArray:
        """The example as it enters the network, shape (1, ...)."""
        network = self.recipe.network
        return self.feeds[network.feeds.index(network.inputs[self.input])]

    def program(self, key: Any, make: Callable[..., Any]) -> Any:
        """Return `make(recipe, ...)` compiled, kept for subjects of the same structure.

        `make` is called with the recipe bound to its numbers, the values of the weights, and
        whatever the program is called with behind them.
        """
        recipe = self.recipe.bound(self.recipe.hyper())

        def run(trained: Array, carried: Array, hyper: Sequence[Array], *more: Any) -> Any:
            bound = recipe.bound(hyper)
            return make(bound.network, bound.values(trained, carried), *more)

        whole = ("insight", key, recipe.structure)
        compiled = cache.program(whole, lambda: jax.jit(run))
        return lambda *more: compiled(*self.weights, self.recipe.hyper(), *more)

    @cached_property
    def chosen(self) -> int:
        """Number of the output value that is explained.

        Raises:
            ArgumentError: There is no such value, or the output is more than one row of values.
        """
        network = self.recipe.network
        shape = network.shapes[network.outputs[0]]
        if len(shape) != 1:
            raise ArgumentError(
                f"saliency: got a model whose output has shape {(None, *shape)}, expected one row "
                "of values for each example. End the model with a layer such as Dense."
            )
        values = self.scores(list(self.feeds))[0]
        if self.target is None:
            return int(np.argmax(values))
        whole = isinstance(self.target, (int, np.integer)) and not isinstance(self.target, bool)
        if not whole or not 0 <= self.target < len(values):
            expected = f"a whole number from 0 to {len(values) - 1}"
            report([Problem("saliency(target=...)", repr(self.target), expected)])
        return int(self.target)

    def scores(self, feeds: Sequence[Any]) -> NumpyArray:
        """Return the first output for rows, without its last activation."""

        def make(network: Any, values: Any, given: Any) -> Array:
            return raw_scores(network, values, given)

        return np.asarray(self.program("scores", make)(list(feeds)))


def raw_scores(
    network: Any, values: Sequence[Array], feeds: Sequence[Array], change: Change | None = None
) -> Array:
    """Return the first output without its last activation: what softmax and sigmoid start from.

    Args:
        network: The network.
        values: Its weights.
        feeds: What it takes.
        change: Called with each node's number and result; what it returns goes on instead.
    """
    bare = [network.output_activation(0) in ("softmax", "sigmoid")]
    bare += [False] * (len(network.outputs) - 1)
    done = network.apply(values, feeds, Context(), bare, change=change)
    return jnp.asarray(done.outputs[0], jnp.float32)
