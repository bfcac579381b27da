"""The loss of one training batch, as a pure function that can be differentiated."""

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

from pellucid.layers.context import Context
from pellucid.training.objective import Labels
from pellucid.training.recipe import Recipe
from pellucid.types import Array

Batch = tuple[tuple[Array, ...], Labels]
"""Feeds and labels of one step."""


def batch_loss(
    recipe: Recipe,
    trained: Sequence[Array],
    carried: Sequence[Array],
    batch: Batch,
    key: Array,
    observe: Any = None,
    change: Any = None,
) -> tuple[Array, tuple[Array, dict[int, Array], Array]]:
    """Return the loss of one training batch as it is differentiated: penalties included, scaled.

    Beside it: the loss unscaled, the new values of carried weights, and the batch's sums.
    `observe` and `change` are those of `Network.apply`.
    """
    feeds, labels = batch
    network, objective = recipe.network, recipe.objective
    values = recipe.merge(list(trained), list(carried))
    context = Context(training=True, key=key, rows=labels.rows)
    done = network.apply(values, feeds, context, objective.logits, observe, change)
    loss, sums = objective.measure(done.outputs, labels, done.masks)
    extra = network.penalty(values) + done.penalty
    total = loss + extra
    scale = recipe.optimizer.loss_scale_factor
    scaled = total if scale is None else total * scale
    # Sums are kept in float32, whatever the network computes in.
    added = jnp.asarray(extra * sums[0], sums.dtype)
    return scaled, (total, done.state, sums.at[1].add(added))
