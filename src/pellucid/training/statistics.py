"""Means and variances of `BatchNormalization` for weights that no training step has seen."""

from collections.abc import Callable
from dataclasses import replace

import jax.numpy as jnp
from jax import lax

from pellucid.description import altered
from pellucid.graph import Network
from pellucid.layers import BatchNormalization, Layer
from pellucid.layers.context import Context
from pellucid.ops import random
from pellucid.training.loss import Batch
from pellucid.training.recipe import Recipe
from pellucid.types import Array


def has_statistics(network: Network) -> bool:
    """Say whether training moves averages of batch statistics."""
    return any(isinstance(one, BatchNormalization) and one.trainable for one in network.layers)


def estimated(
    recipe: Recipe,
    trained: Array,
    carried: Array,
    batches: Callable[[Array], Batch],
    count: Array,
    key: Array,
) -> Array:
    """Return the other weights, packed, with statistics that are means over all batches.

    Args:
        recipe: What is trained.
        trained: The trained weights, packed.
        carried: The other weights, packed.
        batches: Returns the batch of a number.
        count: Number of batches.
        key: Random key of what the network draws while training.
    """

    def add(number: Array, so_far: tuple[Array, Array]) -> tuple[Array, Array]:
        carried, seen = so_far
        feeds, labels = batches(number)
        rows = jnp.sum(labels.rows)
        # Moving averages with this momentum are plain means over the rows so far.
        network = _with_momentum(recipe.network, seen / (seen + rows))
        context = Context(training=True, key=random.fold(key, number), rows=labels.rows)
        changed = network.apply(recipe.values(trained, carried), feeds, context).state
        own = {number: value for number, value in changed.items() if _is_statistic(recipe, number)}
        return recipe.after(carried, own), seen + rows

    return lax.fori_loop(0, count, add, (carried, jnp.float32(0)))[0]


def _with_momentum(network: Network, momentum: Array) -> Network:
    def changed(layer: Layer) -> Layer:
        batchwise = isinstance(layer, BatchNormalization)
        return altered(layer, momentum=momentum) if batchwise else layer

    return replace(network, layers=tuple(map(changed, network.layers)))


def _is_statistic(recipe: Recipe, number: int) -> bool:
    network = recipe.network
    return isinstance(network.layers[network.weights[number].layer], BatchNormalization)
