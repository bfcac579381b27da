"""How a reading is taken: one forward and backward pass in which every layer is seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.description import altered
from pellucid.graph import Network
from pellucid.layers import Layer
from pellucid.layers.base import FLOAT_TYPES
from pellucid.layers.context import Context
from pellucid.training.loss import Batch, batch_loss
from pellucid.training.objective import LINKS
from pellucid.training.probe import Reading
from pellucid.training.recipe import Recipe
from pellucid.training.state import TrainState
from pellucid.training.update import updated
from pellucid.types import Array

SCORES = "return_attention_scores"
"""The setting of a call that gives the weights of an attention beside its outputs."""


def take_reading(
    recipe: Recipe, state: TrainState, batch: Batch, key: Array, opposes: bool = False
) -> Reading:
    """Return what a probe sees of the step that `train_step` would make of the same arguments.

    Args:
        recipe: What is trained, with its numbers bound.
        state: The state before the step.
        batch: Feeds and labels of the step.
        key: Random key of the step.
        opposes: Whether to compare the gradients of two halves of the rows.
    """
    trained = recipe.trained.unpack(state.trained)
    carried = recipe.carried.unpack(state.carried)
    compute = jax.value_and_grad(_observed(recipe, carried, batch, key), (0, 1), has_aux=True)
    shifts = _shifts(recipe, trained, carried, batch, key)
    (_, (loss, results, before)), (scaled, signals) = compute(trained, shifts)
    flat = recipe.trained.pack(scaled)
    after = recipe.trained.unpack(updated(recipe, state, flat)[0])
    values = recipe.merge(trained, carried)
    gradients = recipe.trained.unpack(flat / _scale(recipe))
    return Reading(
        recipe,
        values,
        gradients,
        [new - old for new, old in zip(after, trained, strict=True)],
        results,
        before,
        {node: one.astype(jnp.float32) / _scale(recipe) for node, one in signals.items()},
        attention_scores(recipe.network, values, batch),
        _opposed(recipe, trained, carried, batch, key, gradients) if opposes else None,
        batch[1].rows,
        loss,
        recipe.optimizer.current_rate(state.step) * state.rate_scale,
        state.memory,
    )


def _scale(recipe: Recipe) -> Any:
    factor = recipe.optimizer.loss_scale_factor
    return 1.0 if factor is None else factor


def _observed(
    recipe: Recipe, carried: Sequence[Array], batch: Batch, key: Array
) -> Callable[..., Any]:
    """Return the loss as a function of the trained weights and of shifts of nodes' results.

    The slope by a shift that is 0 is the slope by the result itself.
    """

    def observed(trained: Sequence[Array], shifts: Mapping[int, Array]) -> Any:
        results: dict[int, Array] = {}
        before: dict[int, Array] = {}
        taken: list[Array] = []

        def observe(number: int, layer: Layer, result: Array) -> None:
            results[number] = result
            if taken:
                before[number] = taken[-1]
                taken.clear()

        def shift(number: int, result: Array) -> Array:
            return result + shifts[number] if number in shifts else result

        network = _recording(recipe.network, taken)
        scaled, (loss, _, _) = batch_loss(
            replace(recipe, network=network), trained, carried, batch, key, observe, shift
        )
        for output, target in zip(network.outputs, recipe.objective.targets, strict=True):
            if target.link is not None:
                before[output] = results[output]
                results[output] = LINKS[target.link](results[output])
        return scaled, (loss, results, before)

    return observed


def _recording(network: Network, taken: list[Array]) -> Network:
    """Return the network with activations that append to `taken` what goes into them."""

    def recorded(layer: Layer) -> Layer:
        activation = getattr(layer, "activation", None)
        if not layer.ends_in_activation or activation is None:
            return layer

        def record(x: Array) -> Array:
            taken.append(x)
            return activation(x)

        return altered(layer, activation=record)

    return replace(network, layers=tuple(recorded(layer) for layer in network.layers))


def _shifts(
    recipe: Recipe,
    trained: Sequence[Array],
    carried: Sequence[Array],
    batch: Batch,
    key: Array,
) -> dict[int, Array]:
    """Return zeros like every feed and every result of a call that gives one array."""
    several = {number - node.part for number, node in enumerate(recipe.network.nodes) if node.part}

    def shapes(trained: Sequence[Array]) -> dict[int, Array]:
        seen = dict(zip(recipe.network.feeds, batch[0], strict=True))
        batch_loss(
            recipe,
            trained,
            carried,
            batch,
            key,
            lambda number, _, result: seen.update({number: result}),
        )
        return seen

    return {
        number: jnp.zeros(one.shape, one.dtype)
        for number, one in jax.eval_shape(shapes, trained).items()
        if str(one.dtype) in FLOAT_TYPES and number not in several
    }


def _opposed(
    recipe: Recipe,
    trained: Sequence[Array],
    carried: Sequence[Array],
    batch: Batch,
    key: Array,
    gradients: Sequence[Array],
) -> list[Array]:
    """Return the gradient of every second row less that of the others.

    Only one of the two is computed: the batch's gradient is their mean, weighted by rows.
    """
    feeds, labels = batch
    count = jnp.sum(labels.rows)
    rows = labels.rows * (lax.iota(jnp.int32, labels.rows.shape[0]) % 2)
    own = jnp.sum(rows)

    def half(trained: Sequence[Array]) -> Array:
        some = feeds, replace(labels, rows=rows)
        return batch_loss(recipe, trained, carried, some, key)[0]

    first = [one / _scale(recipe) for one in jax.grad(half)(trained)]
    return [
        one - (count * whole - own * one) / (count - own)
        for one, whole in zip(first, gradients, strict=True)
    ]


def attention_scores(network: Network, values: Sequence[Array], batch: Batch) -> dict[int, Array]:
    """Return the weights of every call of an attention, by the number of its node.

    They are those of a pass that does not train: nothing is dropped.
    """
    calls = attention_calls(network)
    if not calls:
        return {}
    switched = network.switched_on(SCORES)
    places = [n for n, node in enumerate(switched.nodes) if SCORES in node.settings and node.part]
    looked = replace(switched, outputs=tuple(places))
    done = looked.apply(values, batch[0], Context(rows=batch[1].rows))
    return dict(zip(calls, done.outputs, strict=True))


def attention_calls(network: Network) -> list[int]:
    """Return the numbers of the nodes that compute an attention."""
    return [
        number
        for number, node in enumerate(network.nodes)
        if node.inputs and not node.part and SCORES in network.layers[node.layer].call_settings
    ]
