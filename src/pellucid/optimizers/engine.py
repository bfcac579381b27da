"""One step of any optimiser on packed vectors: what happens around `update`.

Pure functions for compiled programs. The order is Keras's: unscale, accumulate, clip, decay,
update, average. Constraints on weights come after it, in the training program.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from pellucid.optimizers.packed import spread
from pellucid.optimizers.rule import ORDINARY, Role, UpdateRule
from pellucid.tree import Layout
from pellucid.types import Array, NumpyArray


class OptimizerState(NamedTuple):
    """What an optimiser carries from step to step, a pytree of few arrays.

    Args:
        slots: Vectors by name, or a tuple with the slots of each array.
        scalars: Numbers for all arrays together, by name.
        average: Moving average of the packed parameters; None without `use_ema`.
        accumulated: Sum of packed gradients; None without `gradient_accumulation_steps`.
    """

    slots: Any
    scalars: dict[str, Array]
    average: Array | None
    accumulated: Array | None


def begin(optimizer: UpdateRule, layout: Layout, roles: Sequence[Role] = ()) -> OptimizerState:
    """Return the state before the first step, in NumPy arrays.

    Args:
        optimizer: With plain numbers, not bound to traced ones.
        layout: Where the trained arrays lie in the packed vector.
        roles: `optimizer.roles(paths)`; empty if all arrays are ordinary.
    """

    def zeros() -> NumpyArray:
        return np.zeros(layout.size, np.float32)

    return OptimizerState(
        slots=optimizer.first_slots(layout, _all_roles(layout, roles)),
        scalars={name: np.float32(value) for name, value in optimizer.scalars().items()},
        average=zeros() if optimizer.use_ema else None,
        accumulated=zeros() if optimizer.gradient_accumulation_steps else None,
    )


def apply_gradients(
    optimizer: UpdateRule,
    layout: Layout,
    parameters: Array,
    gradients: Array,
    state: OptimizerState,
    step: Array,
    rate_scale: Array | float = 1.0,
    roles: Sequence[Role] = (),
) -> tuple[Array, OptimizerState]:
    """Return the packed parameters and the state after one step.

    Args:
        optimizer: Possibly bound to traced numbers.
        layout: Where the arrays lie in the packed vectors.
        parameters: Packed parameters, float32, shape (layout.size,).
        gradients: Packed gradients of the (scaled) loss, of the same shape.
        state: What `begin` or the step before returned.
        step: Number of steps so far, int32; with accumulation, of batches so far.
        rate_scale: The learning rate is multiplied by this.
        roles: As given to `begin`.
    """
    if optimizer.loss_scale_factor is not None:
        gradients = gradients / optimizer.loss_scale_factor
    rate = optimizer.current_rate(step) * rate_scale
    every = optimizer.gradient_accumulation_steps or 1
    updates = jnp.asarray(step, jnp.int32) // every

    def update(
        parameters: Array, gradients: Array, state: OptimizerState
    ) -> tuple[Array, OptimizerState]:
        return _update(optimizer, layout, parameters, gradients, state, updates, rate, roles)

    if every > 1:
        last = (step + 1) % every == 0
        parameters, state = _accumulate(update, parameters, gradients, state, last, every)
    else:
        parameters, state = update(parameters, gradients, state)
    return _average(optimizer, parameters, state, updates)


def finalize(optimizer: UpdateRule, parameters: Array, state: OptimizerState) -> Array:
    """Return the packed parameters to keep after training: their average with `use_ema`."""
    return state.average if optimizer.use_ema else parameters


def _all_roles(layout: Layout, roles: Sequence[Role]) -> Sequence[Role]:
    return roles or [ORDINARY] * len(layout.shapes)


def _update(
    optimizer: UpdateRule,
    layout: Layout,
    parameters: Array,
    gradients: Array,
    state: OptimizerState,
    updates: Array,
    rate: Array,
    roles: Sequence[Role],
) -> tuple[Array, OptimizerState]:
    slots = _start_slots(optimizer, parameters, state.slots, updates)
    gradients = optimizer.transform(gradients, layout)
    parameters = _decay(optimizer, layout, parameters, rate, _all_roles(layout, roles))
    scalars = optimizer.advance(state.scalars, updates)
    parameters, slots = optimizer.update_all(
        layout, parameters, gradients, slots, scalars, updates, rate
    )
    return parameters, state._replace(slots=slots, scalars=scalars)


def _start_slots(optimizer: UpdateRule, parameters: Array, slots: Any, updates: Array) -> Any:
    """Return `slots`, those that start as the parameters filled in before the first update."""
    names = optimizer.starts_as_parameters
    if not names:
        return slots
    return slots | {name: jnp.where(updates == 0, parameters, slots[name]) for name in names}


def _decay(
    optimizer: UpdateRule,
    layout: Layout,
    parameters: Array,
    rate: Array,
    roles: Sequence[Role],
) -> Array:
    pairs = zip(layout.shapes, roles, strict=True)
    strengths = [optimizer.decay_strength(shape, role) for shape, role in pairs]
    if all(strength is None for strength in strengths):
        return parameters
    first = strengths[0]
    if first is not None and all(strength is first for strength in strengths):
        return parameters - parameters * (first * rate)
    shares = [0.0 if strength is None else strength * rate for strength in strengths]
    return parameters - parameters * spread(shares, layout)


def _accumulate(
    update: Callable[..., tuple[Array, OptimizerState]],
    parameters: Array,
    gradients: Array,
    state: OptimizerState,
    last: Array,
    every: int,
) -> tuple[Array, OptimizerState]:
    """Update with the mean gradient if this is the last of `every` batches, else add it up."""
    total = state.accumulated + gradients

    def move() -> tuple[Array, OptimizerState]:
        moved, after = update(parameters, total / every, state)
        return moved, after._replace(accumulated=jnp.zeros_like(total))

    def wait() -> tuple[Array, OptimizerState]:
        return parameters, jax.tree.map(jnp.asarray, state._replace(accumulated=total))

    return lax.cond(last, move, wait)


def _average(
    optimizer: UpdateRule, parameters: Array, state: OptimizerState, updates: Array
) -> tuple[Array, OptimizerState]:
    if state.average is None:
        return parameters, state
    momentum = jnp.where(updates == 0, 0.0, optimizer.ema_momentum)
    average = momentum * state.average + (1 - momentum) * parameters
    if optimizer.ema_overwrite_frequency is not None:
        overwrites = (updates + 1) % optimizer.ema_overwrite_frequency == 0
        parameters = jnp.where(overwrites, average, parameters)
    return parameters, state._replace(average=average)
