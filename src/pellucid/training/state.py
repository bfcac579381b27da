"""What training carries from one step to the next."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.optimizers import engine
from pellucid.processor import on_cpu
from pellucid.training.recipe import Recipe
from pellucid.types import Array, NumpyArray


class TrainState(NamedTuple):
    """Everything a run needs to go on, as a pytree of few arrays.

    A leading axis on every array makes it the state of a population.

    Args:
        trained: Trained weights, packed.
        carried: Other weights, packed.
        optimizer: The optimiser's slots and scalars.
        sums: Sums of losses and metrics over the present epoch so far.
        policies: A small dict for each policy.
        best: For each policy that keeps weights, those: trained, then carried.
        rate_scale: What policies have multiplied the learning rate by.
        step: Updates made since the optimiser began.
        epoch: Number of the present epoch.
        position: Steps made in the present epoch.
        good: False once a loss or gradient was not finite.
        stop: 0, or 1 + the number of the policy that asked to stop.
        memory: What the probe remembers from reading to reading; empty without one.
    """

    trained: Array
    carried: Array
    optimizer: Any
    sums: Array
    policies: tuple[Any, ...]
    best: tuple[Array, ...]
    rate_scale: Array
    step: Array
    epoch: Array
    position: Array
    good: Array
    stop: Array
    memory: Array


def begin(
    recipe: Recipe,
    trained: Array,
    carried: Array,
    optimizer: Any = None,
    epoch: int = 0,
    step: int = 0,
    memory: int = 0,
) -> TrainState:
    """Return the state before the first step of a fit.

    Args:
        recipe: What is trained.
        trained: Trained weights, packed.
        carried: Other weights, packed.
        optimizer: State of the optimiser from an earlier fit; begun anew when None.
        epoch: Number of the first epoch.
        step: Updates that the optimiser has made already.
        memory: Numbers that the probe remembers.
    """
    both = np.concatenate([np.asarray(trained), np.asarray(carried)])
    return TrainState(
        trained=_copied(trained),
        carried=_copied(carried),
        optimizer=begin_optimizer(recipe)
        if optimizer is None
        else jax.tree.map(_copied, optimizer),
        sums=np.zeros(recipe.objective.size, np.float32),
        policies=tuple(_host(policy.begin()) for policy in recipe.policies),
        best=tuple(both.copy() for policy in recipe.policies if policy.keeps_weights),
        rate_scale=np.float32(1),
        step=np.int32(step),
        epoch=np.int32(epoch),
        position=np.int32(0),
        good=np.bool_(True),
        stop=np.int32(0),
        memory=np.zeros(memory, np.float32),
    )


def begin_optimizer(recipe: Recipe) -> Any:
    """Return the optimiser's state before its first step."""
    return engine.begin(recipe.optimizer, recipe.trained, recipe.roles)


def _copied(array: Array) -> Array:
    """Return a copy, over which a program may write.

    On a CPU NumPy makes it, since JAX would compile a program for each size.
    """
    return np.array(array) if on_cpu() else jnp.array(array)


def _host(state: dict[str, Array]) -> dict[str, NumpyArray]:
    return {name: np.asarray(value) for name, value in state.items()}
