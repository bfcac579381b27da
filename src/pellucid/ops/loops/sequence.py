# pyright: reportArgumentType=false, reportGeneralTypeIssues=false, reportAttributeAccessIssue=false
"""Keras's view of the loop: batch first, masks, outputs in the order in which they were made."""

import jax.numpy as jnp

from pellucid.ops.loops.loop import Cell, States, Weights, run, span_of
from pellucid.types import Array


def run_sequence(
    cell: Cell,
    x: Array,
    states: States,
    kernel: Array,
    weights: Weights,
    mask: Array | None,
    reverse: bool,
    return_sequences: bool,
    zero_output_for_mask: bool,
) -> tuple[Array, States]:
    """Return the outputs and final states of a cell that knows its own derivatives.

    Args:
        cell: The cell.
        x: Shape (batch, steps, inputs).
        states: The first states.
        kernel: Shape (inputs, gates * units).
        weights: What all steps share.
        mask: As in `scan_cell`, like all that follow.
        reverse: Whether to run from the last step to the first.
        return_sequences: Whether to return the outputs of all steps or of the last alone.
        zero_output_for_mask: Whether outputs at masked steps are zero instead.
    """
    given = jnp.swapaxes(x, 0, 1) @ kernel
    real = None if mask is None else jnp.swapaxes(mask, 0, 1)[..., None]
    outputs, final = run(cell, reverse, return_sequences, given, states, weights, real)
    if outputs is None:
        last = None if real is None else real[0 if reverse else -1]
        return _zero_where_masked(final[0], last if zero_output_for_mask else None), final
    if real is not None:
        outputs = _filled(outputs, states[0], final[0], real, reverse)
        outputs = _zero_where_masked(outputs, real if zero_output_for_mask else None)
    outputs = outputs[::-1] if reverse else outputs
    return jnp.swapaxes(outputs, 0, 1), final


def _filled(outputs: Array, first: Array, final: Array, real: Array, reverse: bool) -> Array:
    """Return outputs with those of the steps that were not run: h before, and after, all others."""
    span = span_of(real, real.shape[0], reverse)
    early, late = (final, first) if reverse else (first, final)
    t = jnp.arange(real.shape[0])[:, None, None]
    return jnp.where(t < span.start, early, jnp.where(t >= span.stop, late, outputs))


def _zero_where_masked(outputs: Array, real: Array | None) -> Array:
    return outputs if real is None else jnp.where(real, outputs, 0)
