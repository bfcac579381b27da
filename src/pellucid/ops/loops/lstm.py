# pyright: reportArgumentType=false, reportGeneralTypeIssues=false, reportAttributeAccessIssue=false
"""The long short-term memory over sequences."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from pellucid.ops.loops.cells import Activation, lstm_step
from pellucid.ops.loops.loop import Columns, Kept, States, Weights, summed_products
from pellucid.ops.loops.scan import scan_cell
from pellucid.ops.loops.sequence import run_sequence
from pellucid.ops.loops.slopes import Sloped, activate, sloped
from pellucid.types import Array


@dataclass(frozen=True)
class LSTM:
    """c' = f c + i g and h' = o a(c'), with the gates i, f, o and the candidate g of `lstm_step`.

    With s = a(c'), and write z for what a gate's activation is applied to:

        ∂o = ∂h' s          ∂c' += ∂h' o a'(c')
        ∂i = ∂c' g          ∂f = ∂c' c          ∂g = ∂c' i          ∂c = ∂c' f
        ∂z = ∂gate times the activation's slope, for each gate
        ∂h = ∂z Uᵀ          ∂U = Σ hᵀ ∂z

    Args:
        activation: a.
        recurrent_activation: The activation of the gates.
    """

    activation: Sloped
    recurrent_activation: Sloped
    keeps_more: ClassVar[int] = 0

    def forward(self, given: Columns, states: States, weights: Weights) -> tuple[States, Kept]:
        h, c = states
        opens, a = self.recurrent_activation, self.activation
        gates = activate(given(0, 4) + weights.recall(h), (opens, opens, a, opens))
        i, f, g, o = jnp.split(gates, 4, axis=-1)
        c = f * c + i * g
        return (o * a.function(c), c), Kept((gates,))

    def backward(
        self,
        gates: Columns,
        more: tuple[Array, ...],
        before: States,
        after: States,
        changes: States,
        weights: Weights,
    ) -> tuple[tuple[Array, ...], States]:
        of_h, of_c = changes
        opens, a = self.recurrent_activation, self.activation
        i, f, g, o = (gates(number) for number in range(4))
        s = a.function(after[1])
        of_c = of_c + of_h * o * a.slope(s)
        of_z = jnp.concatenate(
            [
                of_c * g * opens.slope(i),
                of_c * before[1] * opens.slope(f),
                of_c * i * a.slope(g),
                of_h * s * opens.slope(o),
            ],
            axis=-1,
        )
        return (of_z,), (weights.dropped(of_z @ weights.recurrent_kernel), of_c * f)

    def gradients(
        self, changes: Array, gates: Array, before: Array, weights: Weights
    ) -> tuple[Array, Array]:
        return summed_products(before, changes), jnp.sum(changes, axis=(0, 1))


def run_lstm(
    x: Array,
    states: tuple[Array, Array],
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array | None = None,
    activation: Activation = jnp.tanh,
    recurrent_activation: Activation = jax.nn.sigmoid,
    *,
    mask: Array | None = None,
    reverse: bool = False,
    return_sequences: bool = True,
    zero_output_for_mask: bool = False,
    recurrent_mask: Array | None = None,
) -> tuple[Array, tuple[Array, Array]]:
    """Return the outputs and the final states (h, c) of a long short-term memory.

    Arguments are those of `lstm_step` and `scan_cell`; `states` is the pair (h, c).
    """
    states = (states[0], states[1])
    loop = (mask, reverse, return_sequences, zero_output_for_mask)
    known, opens = sloped(activation), sloped(recurrent_activation)
    if known is not None and opens is not None:
        weights = Weights(recurrent_kernel, bias, recurrent_mask)
        outputs, (h, c) = run_sequence(LSTM(known, opens), x, states, kernel, weights, *loop)
        return outputs, (h, c)

    def step(inputs: Array, states: tuple[Array, Array]) -> tuple[Array, tuple[Array, Array]]:
        h, c = lstm_step(
            inputs,
            *states,
            kernel,
            recurrent_kernel,
            bias,
            activation,
            recurrent_activation,
            recurrent_mask,
        )
        return h, (h, c)

    return scan_cell(step, x, states, *loop)
