"""What is walked through: a network with its aim, one batch, and the training step it makes.

JAX reckons in float32, where a rounding error hides a wrong digit. Here the very functions
that train are compiled in float64, within a scope that leaves the session as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.layers.base import FLOAT_TYPES
from pellucid.optimizers import engine
from pellucid.training import cache
from pellucid.training import state as states
from pellucid.training.loss import Batch, batch_loss
from pellucid.training.objective import Labels
from pellucid.training.program import key_of_step, train_step
from pellucid.training.recipe import Recipe
from pellucid.training.state import TrainState
from pellucid.types import Array, NumpyArray


@dataclass(frozen=True)
class Taken:
    """What one training step computed, in float64.

    Args:
        loss: Loss of the batch before the update, penalties included.
        loss_after: The same rows' loss with the new weights, the same units dropped.
        penalty: The part of `loss` that regularisers add.
        results: Result of every node, by number.
        signals: Gradient of the loss by those results, by number.
        weights: The trained weights before the update, in the order of `Network.trained`.
        gradients: Gradient of the loss by each.
        moved: The weights after the update.
        clipped: The gradients as the optimiser's rule takes them.
        rate: Learning rate in force.
        before: State of training before the step.
        after: State of training after it.
    """

    loss: float
    loss_after: float
    penalty: float
    results: Mapping[int, NumpyArray]
    signals: Mapping[int, NumpyArray]
    weights: Sequence[NumpyArray]
    gradients: Sequence[NumpyArray]
    moved: Sequence[NumpyArray]
    clipped: Sequence[NumpyArray]
    rate: float
    before: TrainState
    after: TrainState


@dataclass(frozen=True, eq=False)
class Exercise:
    """A network with its aim, a batch, and where training stands.

    Args:
        recipe: Network, objective and optimiser.
        weights: The two packed vectors of its weights.
        feeds: What the network takes.
        labels: Labels of each output.
        seed: Seed of masks and noise.
        epoch: Number of epochs made.
        step: Number of updates made.
        optimizer: State of the optimiser; None before its first step.
    """

    recipe: Recipe
    weights: tuple[Any, Any]
    feeds: Sequence[NumpyArray]
    labels: Sequence[NumpyArray]
    seed: int
    epoch: int = 0
    step: int = 0
    optimizer: Any = None

    @property
    def rows(self) -> int:
        """Number of examples."""
        return len(self.feeds[0])

    @cached_property
    def wide(self) -> Recipe:
        """The recipe with layers that compute in the type of their inputs."""
        network = self.recipe.network
        layers = tuple(
            layer if layer.dtype is None else layer.replace(dtype=None) for layer in network.layers
        )
        return replace(self.recipe, network=replace(network, layers=layers))

    @cached_property
    def hyper(self) -> NumpyArray:
        """The tunable numbers, such as the learning rate."""
        return np.array([value for _, value in self.wide.numbers()], np.float64)

    @cached_property
    def batch(self) -> Batch:
        """The rows as a training program takes them."""
        labels = Labels(_widened(tuple(self.labels)), [None] * len(self.labels), _ones(self.rows))
        return _widened(tuple(self.feeds)), labels

    def begin(self) -> TrainState:
        """Return the state before the first step."""
        with jax.enable_x64(True):
            trained, carried = (np.asarray(one, np.float64) for one in self.weights)
            begun = states.begin(self.wide, trained, carried, self.optimizer, self.epoch, self.step)
            return _widened(jax.device_get(begun))

    def take(self, state: TrainState) -> Taken:
        """Return what the training step from `state` computes."""
        with jax.enable_x64(True):
            seen, after = jax.device_get(self._step(self.hyper, state, *self._given))
            loss_after = self.loss(after.trained, state)
        layout = self.wide.trained
        packed = (state.trained, seen["gradients"], after.trained, seen["clipped"])
        weights, gradients, moved, clipped = map(layout.unpack_host, packed)
        return Taken(
            float(seen["loss"]),
            loss_after,
            float(seen["penalty"]),
            seen["results"],
            seen["signals"],
            weights,
            gradients,
            moved,
            clipped,
            float(seen["rate"]),
            state,
            after._replace(epoch=after.epoch + 1, position=np.int32(0)),
        )

    def loss(self, trained: NumpyArray, state: TrainState) -> float:
        """Return the loss of the step from `state` with other trained weights, packed."""
        with jax.enable_x64(True):
            return float(self._loss(self.hyper, state, *self._given, trained))

    def local(self, function: Any, *inputs: NumpyArray) -> Any:
        """Return what a function of arrays gives, computed in float64."""
        with jax.enable_x64(True):
            return jax.device_get(function(*map(jnp.asarray, inputs)))

    @property
    def _given(self) -> tuple[Any, ...]:
        feeds, labels = self.batch
        return feeds, labels.y, labels.rows, np.uint32(self.seed)

    @cached_property
    def _step(self) -> Any:
        return self._program("step", _step)

    @cached_property
    def _loss(self) -> Any:
        return self._program("loss", _loss)

    def _program(self, name: str, make: Any) -> Any:
        recipe = self.wide.bound(self.wide.hyper())

        def run(hyper: Sequence[Array], *given: Any) -> Any:
            return make(recipe.bound(hyper), *given)

        return cache.program(("walkthrough", name, recipe.structure), lambda: jax.jit(run))


def _step(
    recipe: Recipe,
    state: TrainState,
    feeds: Sequence[Array],
    y: Sequence[Array],
    rows: Array,
    seed: Array,
) -> tuple[dict[str, Any], TrainState]:
    batch = (tuple(feeds), Labels(y, [None] * len(y), rows))
    key = key_of_step(seed, state.epoch, state.position)
    carried = recipe.carried.unpack(state.carried)

    def look(trained: Sequence[Array], shifts: Mapping[int, Array]) -> Any:
        results: dict[int, Array] = {}

        def change(node: int, result: Array) -> Array:
            results[node] = result
            return result + shifts[node] if node in shifts else result

        _, (loss, _, _) = batch_loss(recipe, trained, carried, batch, key, change=change)
        return loss, results

    trained = recipe.trained.unpack(state.trained)
    shapes = jax.eval_shape(lambda values: look(values, {})[1], trained)
    # The slope by a shift that is 0 is the slope by the result itself.
    shifts = {
        node: jnp.zeros(one.shape, one.dtype)
        for node, one in shapes.items()
        if str(one.dtype) in FLOAT_TYPES
    }
    compute = jax.value_and_grad(look, argnums=(0, 1), has_aux=True)
    (loss, results), (gradients, signals) = compute(trained, shifts)
    flat = recipe.trained.pack(gradients)
    every = recipe.optimizer.gradient_accumulation_steps
    seen = {
        "loss": loss,
        "penalty": recipe.network.penalty(recipe.merge(list(trained), list(carried))),
        "results": results,
        "signals": signals,
        "gradients": flat,
        "clipped": flat if every else recipe.optimizer.transform(flat, recipe.trained),
        "rate": recipe.optimizer.current_rate(state.step),
    }
    return seen, train_step(recipe, state, batch, key)


def _loss(
    recipe: Recipe,
    state: TrainState,
    feeds: Sequence[Array],
    y: Sequence[Array],
    rows: Array,
    seed: Array,
    trained: Array,
) -> Array:
    batch = (tuple(feeds), Labels(y, [None] * len(y), rows))
    key = key_of_step(seed, state.epoch, state.position)
    values = recipe.trained.unpack(trained), recipe.carried.unpack(state.carried)
    return batch_loss(recipe, *values, batch, key)[1][0]


def slots_of(recipe: Recipe, state: TrainState) -> dict[str, list[NumpyArray]]:
    """Return what the optimiser remembers, by name, an array for each trained weight.

    Only of optimisers that treat every value alike; of others nothing.
    """
    held: engine.OptimizerState = state.optimizer
    if not isinstance(held.slots, dict):
        return {}
    return {name: recipe.trained.unpack_host(one) for name, one in held.slots.items()}


def _ones(rows: int) -> NumpyArray:
    return np.ones(rows, np.float64)


def _widened(tree: Any) -> Any:
    """Return the arrays of a tree, those of real numbers in float64."""

    def widen(leaf: Any) -> NumpyArray:
        array = np.asarray(leaf)
        return array.astype(np.float64) if str(array.dtype) in FLOAT_TYPES else array

    return jax.tree.map(widen, tree)
