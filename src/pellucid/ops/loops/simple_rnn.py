# pyright: reportArgumentType=false, reportGeneralTypeIssues=false, reportAttributeAccessIssue=false
"""The simple recurrent network over sequences."""

from dataclasses import dataclass
from typing import ClassVar

import jax.numpy as jnp

from pellucid.ops.loops.cells import Activation, simple_rnn_step
from pellucid.ops.loops.loop import Columns, Kept, States, Weights, summed_products
from pellucid.ops.loops.scan import scan_cell
from pellucid.ops.loops.sequence import run_sequence
from pellucid.ops.loops.slopes import Sloped, sloped
from pellucid.types import Array


@dataclass(frozen=True)
class SimpleRNN:
    """h' = f(g + h U + b), and ∂g = ∂h' f'; ∂h = ∂g Uᵀ; ∂U = Σ hᵀ ∂g.

    Args:
        activation: f.
    """

    activation: Sloped
    keeps_more: ClassVar[int] = 0

    def forward(self, given: Columns, states: States, weights: Weights) -> tuple[States, Kept]:
        z = given(0) + weights.recall(states[0])
        return (self.activation.function(z),), Kept()

    def backward(
        self,
        gates: Columns,
        more: tuple[Array, ...],
        before: States,
        after: States,
        changes: States,
        weights: Weights,
    ) -> tuple[tuple[Array, ...], States]:
        of_z = changes[0] * self.activation.slope(after[0])
        return (of_z,), (weights.dropped(of_z @ weights.recurrent_kernel),)

    def gradients(
        self, changes: Array, gates: Array, before: Array, weights: Weights
    ) -> tuple[Array, Array]:
        return summed_products(before, changes), jnp.sum(changes, axis=(0, 1))


def run_simple_rnn(
    x: Array,
    state: Array,
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array | None = None,
    activation: Activation = jnp.tanh,
    *,
    mask: Array | None = None,
    reverse: bool = False,
    return_sequences: bool = True,
    zero_output_for_mask: bool = False,
    recurrent_mask: Array | None = None,
) -> tuple[Array, Array]:
    """Return the outputs and the final state of a simple recurrent network over a sequence.

    Arguments are those of `simple_rnn_step` and `scan_cell`.
    """
    loop = (mask, reverse, return_sequences, zero_output_for_mask)
    known = sloped(activation)
    if known is not None:
        weights = Weights(recurrent_kernel, bias, recurrent_mask)
        outputs, final = run_sequence(SimpleRNN(known), x, (state,), kernel, weights, *loop)
        return outputs, final[0]

    def step(inputs: Array, h: Array) -> tuple[Array, Array]:
        h = simple_rnn_step(inputs, h, kernel, recurrent_kernel, bias, activation, recurrent_mask)
        return h, h

    return scan_cell(step, x, state, *loop)
