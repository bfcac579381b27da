"""Any cell over a sequence, with the backward pass that JAX derives."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.types import Array

Step: TypeAlias = Callable[[Any, Any], tuple[Array, Any]]
"""What one step does: inputs of the step and states → outputs of the step and new states."""


def scan_cell(
    step: Step,
    x: Any,
    states: Any,
    mask: Array | None = None,
    reverse: bool = False,
    return_sequences: bool = True,
    zero_output_for_mask: bool = False,
) -> tuple[Array, Any]:
    """Return the outputs and final states of any cell over a sequence.

    At a masked step the states stay as they are and the outputs are the first state (the first
    state of the last cell, where states are nested lists): what the last real step gave.

    Args:
        step: The cell: (inputs of a step, states) → (outputs, new states of the same structure).
        x: Array of shape (batch, steps, ...), or several in any structure.
        states: List of arrays with the batch axis first; lists may be nested.
        mask: Shape (batch, steps), True at real steps; None when all are real.
        reverse: Whether to run from the last step to the first; outputs come in that order.
        return_sequences: Whether to return the outputs of all steps or of the last alone.
        zero_output_for_mask: Whether outputs at masked steps are zero instead.

    Returns:
        Outputs, shape (batch, steps, ...) or (batch, ...), and states like those given.

    Source: Werbos, "Backpropagation Through Time" (1990), is what the gradient of this loop does.
    """

    def one_step(states: Any, given: tuple[Any, Array | None]) -> tuple[Any, Array]:
        inputs, real = given
        outputs, following = step(inputs, states)
        if real is None:
            return following, outputs
        before = jnp.zeros_like(outputs) if zero_output_for_mask else _shown(states)
        following = jax.tree.map(partial(_where_real, real), following, states)
        return following, _where_real(real, outputs, before)

    given = jax.tree.map(lambda array: jnp.swapaxes(array, 0, 1), (x, mask))
    states, outputs = lax.scan(one_step, states, given, reverse=reverse)
    if not return_sequences:
        return outputs[0 if reverse else -1], states
    outputs = outputs[::-1] if reverse else outputs
    return jnp.swapaxes(outputs, 0, 1), states


def _shown(states: Any) -> Array:
    """Return the state that a cell, or the last of a stack of cells, shows as its output."""
    if not isinstance(states, (list, tuple)):
        return states
    return states[-1][0] if isinstance(states[0], (list, tuple)) else states[0]


def _where_real(real: Array, new: Array, old: Array) -> Array:
    return jnp.where(real.reshape(real.shape + (1,) * (new.ndim - 1)), new, old)
