"""The gated recurrent unit over sequences."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from pellucid.ops.recurrence.cells import Activation, gru_step
from pellucid.ops.recurrence.loop import Columns, Kept, States, Weights, summed_products
from pellucid.ops.recurrence.scan import scan_cell
from pellucid.ops.recurrence.sequence import run_sequence
from pellucid.ops.recurrence.slopes import Sloped, activate, sloped
from pellucid.types import Array


@dataclass(frozen=True)
class GRU:
    """h' = z h + (1 - z) g, with the gates z, r and the candidate g = a(x_g + r m) of `gru_step`.

    m = h U_g + d is the state's product, which the reset gate r scales (`reset_after`). With y for
    what an activation is applied to:

        ∂g = ∂h' (1 - z)    ∂y_g = ∂g a'        ∂m = ∂y_g r
        ∂z = ∂h' (h - g)    ∂r = ∂y_g m         ∂y = ∂gate times the activation's slope
        ∂h = ∂h' z + (∂y_z, ∂y_r, ∂m) Uᵀ        ∂U = Σ hᵀ (∂y_z, ∂y_r, ∂m)

    Args:
        activation: a.
        recurrent_activation: The activation of the gates.
    """

    activation: Sloped
    recurrent_activation: Sloped
    keeps_more: ClassVar[int] = 1

    def forward(self, given: Columns, states: States, weights: Weights) -> tuple[States, Kept]:
        (h,), units = states, states[0].shape[-1]
        b, d = (None, None) if weights.bias is None else weights.bias
        recalled = _plus(weights.dropped(h) @ weights.recurrent_kernel, d)
        m = recalled[:, 2 * units :]
        open = _plus(given(0, 2) + recalled[:, : 2 * units], None if b is None else b[: 2 * units])
        gates = activate(open, (self.recurrent_activation,) * 2)
        z, r = gates[:, :units], gates[:, units:]
        g = self.activation.function(_plus(given(2) + r * m, None if b is None else b[2 * units :]))
        return (z * h + (1 - z) * g,), Kept((gates, g), (m,))

    def backward(
        self,
        gates: Columns,
        more: tuple[Array, ...],
        before: States,
        after: States,
        changes: States,
        weights: Weights,
    ) -> tuple[tuple[Array, ...], States]:
        (of_h,), (h,), (m,) = changes, before, more
        opens, a = self.recurrent_activation, self.activation
        z, r, g = (gates(number) for number in range(3))
        of_g = of_h * (1 - z) * a.slope(g)
        of_z = of_h * (h - g) * opens.slope(z)
        of_r = of_g * m * opens.slope(r)
        recalled = jnp.concatenate([of_z, of_r, of_g * r], axis=-1)
        of_h = of_h * z + weights.dropped(recalled @ weights.recurrent_kernel)
        return (of_z, of_r, of_g), (of_h,)

    def gradients(
        self, changes: Array, gates: Array, before: Array, weights: Weights
    ) -> tuple[Array, Array]:
        units = before.shape[-1]
        r = gates[..., units : 2 * units]
        recalled = jnp.concatenate(
            [changes[..., : 2 * units], changes[..., 2 * units :] * r], axis=-1
        )
        of_bias = jnp.stack([jnp.sum(one, axis=(0, 1)) for one in (changes, recalled)])
        return summed_products(before, recalled), of_bias


@dataclass(frozen=True)
class GRUResetBefore:
    """h' = z h + (1 - z) g, with g = a(x_g + (r h) U_g): the reset gate scales the state itself.

    With y for what an activation is applied to, and n = r h:

        ∂g = ∂h' (1 - z)    ∂y_g = ∂g a'        ∂n = ∂y_g U_gᵀ
        ∂z = ∂h' (h - g)    ∂r = ∂n h           ∂y = ∂gate times the activation's slope
        ∂h = ∂h' z + ∂n r + (∂y_z, ∂y_r) (U_z, U_r)ᵀ
        ∂(U_z, U_r) = Σ hᵀ (∂y_z, ∂y_r)         ∂U_g = Σ nᵀ ∂y_g

    Args:
        activation: a.
        recurrent_activation: The activation of the gates.
    """

    activation: Sloped
    recurrent_activation: Sloped
    keeps_more: ClassVar[int] = 0

    def forward(self, given: Columns, states: States, weights: Weights) -> tuple[States, Kept]:
        (h,), units = states, states[0].shape[-1]
        b, kernel, seen = weights.bias, weights.recurrent_kernel, weights.dropped(states[0])
        open = given(0, 2) + seen @ kernel[:, : 2 * units]
        open = _plus(open, None if b is None else b[: 2 * units])
        gates = activate(open, (self.recurrent_activation,) * 2)
        z, r = gates[:, :units], gates[:, units:]
        candidate = given(2) + (r * seen) @ kernel[:, 2 * units :]
        g = self.activation.function(_plus(candidate, None if b is None else b[2 * units :]))
        return (z * h + (1 - z) * g,), Kept((gates, g))

    def backward(
        self,
        gates: Columns,
        more: tuple[Array, ...],
        before: States,
        after: States,
        changes: States,
        weights: Weights,
    ) -> tuple[tuple[Array, ...], States]:
        (of_h,), (h,), units = changes, before, before[0].shape[-1]
        opens, a = self.recurrent_activation, self.activation
        z, r, g = (gates(number) for number in range(3))
        of_g = of_h * (1 - z) * a.slope(g)
        of_n = of_g @ weights.recurrent_kernel[2 * units :]
        of_z = of_h * (h - g) * opens.slope(z)
        of_r = of_n * weights.dropped(h) * opens.slope(r)
        both = jnp.concatenate([of_z, of_r], axis=-1)
        seen = of_n * r + both @ weights.recurrent_kernel[: 2 * units]
        return (both, of_g), (of_h * z + weights.dropped(seen),)

    def gradients(
        self, changes: Array, gates: Array, before: Array, weights: Weights
    ) -> tuple[Array, Array]:
        units = before.shape[-1]
        n = gates[..., units : 2 * units] * before
        of_kernel = jnp.concatenate(
            [
                summed_products(before, changes[..., : 2 * units]),
                summed_products(n, changes[..., 2 * units :]),
            ],
            axis=-1,
        )
        return of_kernel, jnp.sum(changes, axis=(0, 1))


def _plus(z: Array, bias: Array | None) -> Array:
    return z if bias is None else z + bias


def run_gru(
    x: Array,
    state: Array,
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array | None = None,
    activation: Activation = jnp.tanh,
    recurrent_activation: Activation = jax.nn.sigmoid,
    reset_after: bool = True,
    *,
    mask: Array | None = None,
    reverse: bool = False,
    return_sequences: bool = True,
    zero_output_for_mask: bool = False,
    recurrent_mask: Array | None = None,
) -> tuple[Array, Array]:
    """Return the outputs and the final state of a gated recurrent unit over a sequence.

    Arguments are those of `gru_step` and `scan_cell`.
    """
    loop = (mask, reverse, return_sequences, zero_output_for_mask)
    known, opens = sloped(activation), sloped(recurrent_activation)
    if known is not None and opens is not None:
        cell = (GRU if reset_after else GRUResetBefore)(known, opens)
        weights = Weights(recurrent_kernel, bias, recurrent_mask)
        outputs, final = run_sequence(cell, x, (state,), kernel, weights, *loop)
        return outputs, final[0]

    def step(inputs: Array, h: Array) -> tuple[Array, Array]:
        h = gru_step(
            inputs,
            h,
            kernel,
            recurrent_kernel,
            bias,
            activation,
            recurrent_activation,
            reset_after,
            recurrent_mask,
        )
        return h, h

    return scan_cell(step, x, state, *loop)
