"""One step of each recurrent cell, as textbooks write it.

A cell is a function of a step's inputs and of the state that the step before it left. x of one
step has shape (batch, inputs), states have shape (batch, units). Kernels have Keras's layouts:
gates side by side along the last axis, in the order that each function states.
"""

from collections.abc import Callable
from typing import TypeAlias

import jax
import jax.numpy as jnp

from pellucid.types import Array

Activation: TypeAlias = Callable[[Array], Array]
"""An elementwise function."""


def simple_rnn_step(
    x: Array,
    h: Array,
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array | None = None,
    activation: Activation = jnp.tanh,
    recurrent_mask: Array | None = None,
) -> Array:
    """Return the next state of a simple recurrent network.

    `activation(x @ kernel + h @ recurrent_kernel + bias)`.

    Args:
        x: Inputs of the step, shape (batch, inputs).
        h: State, shape (batch, units).
        kernel: Shape (inputs, units).
        recurrent_kernel: Shape (units, units).
        bias: Shape (units,), or None for none.
        activation: Elementwise function.
        recurrent_mask: Shape (batch, units); multiplies `h` before its product.

    Source: Elman, "Finding Structure in Time" (1990).
    """
    return activation(_with_bias(x @ kernel, bias) + _dropped(h, recurrent_mask) @ recurrent_kernel)


def lstm_step(
    x: Array,
    h: Array,
    c: Array,
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array | None = None,
    activation: Activation = jnp.tanh,
    recurrent_activation: Activation = jax.nn.sigmoid,
    recurrent_mask: Array | None = None,
) -> tuple[Array, Array]:
    """Return the next hidden state and cell state of a long short-term memory.

    With s the recurrent activation and a the activation, each gate with its own weights:

        input gate      i  = s(x W_i + h U_i + b_i)
        forget gate     f  = s(x W_f + h U_f + b_f)
        candidate       g  = a(x W_c + h U_c + b_c)
        output gate     o  = s(x W_o + h U_o + b_o)
        cell state      c' = f * c + i * g
        hidden state    h' = o * a(c')

    Args:
        x: Inputs of the step, shape (batch, inputs).
        h: Hidden state, shape (batch, units).
        c: Cell state, shape (batch, units).
        kernel: W_i, W_f, W_c, W_o side by side, shape (inputs, 4 * units).
        recurrent_kernel: U_i, U_f, U_c, U_o side by side, shape (units, 4 * units).
        bias: b_i, b_f, b_c, b_o in a row, shape (4 * units,), or None for none.
        activation: Elementwise function of candidate and cell state.
        recurrent_activation: Elementwise function of the gates.
        recurrent_mask: Shape (batch, units); multiplies `h` before its products.

    Source: Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997); the forget gate: Gers,
    Schmidhuber and Cummins, "Learning to Forget" (2000).
    """
    gates = _with_bias(x @ kernel, bias) + _dropped(h, recurrent_mask) @ recurrent_kernel
    i, f, g, o = jnp.split(gates, 4, axis=-1)
    i, f, o = (recurrent_activation(gate) for gate in (i, f, o))
    c = f * c + i * activation(g)
    return o * activation(c), c


def gru_step(
    x: Array,
    h: Array,
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array | None = None,
    activation: Activation = jnp.tanh,
    recurrent_activation: Activation = jax.nn.sigmoid,
    reset_after: bool = True,
    recurrent_mask: Array | None = None,
) -> Array:
    """Return the next state of a gated recurrent unit.

    With s the recurrent activation and a the activation, each gate with its own weights:

        update gate     z  = s(x W_z + h U_z + b_z)
        reset gate      r  = s(x W_r + h U_r + b_r)
        candidate       g  = a(x W_h + b_h + (r * h) U_h)           reset before the product
                        g  = a(x W_h + b_h + r * (h U_h + d_h))     `reset_after`
        state           h' = z * h + (1 - z) * g

    Args:
        x: Inputs of the step, shape (batch, inputs).
        h: State, shape (batch, units).
        kernel: W_z, W_r, W_h side by side, shape (inputs, 3 * units).
        recurrent_kernel: U_z, U_r, U_h side by side, shape (units, 3 * units).
        bias: Shape (3 * units,), or with `reset_after` (2, 3 * units): b, added to the inputs'
            product, over d, added to the state's. None for none.
        activation: Elementwise function of the candidate.
        recurrent_activation: Elementwise function of the gates.
        reset_after: Whether the reset gate multiplies the state's product instead of the state.
        recurrent_mask: Shape (batch, units); multiplies `h` before its products.

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder" (2014);
    `reset_after`: the form of cuDNN, which needs one product a step.
    """
    units = h.shape[-1]
    input_bias, recurrent_bias = bias if reset_after and bias is not None else (bias, None)
    given = _with_bias(x @ kernel, input_bias)
    kept = _dropped(h, recurrent_mask)
    if reset_after:
        recalled = _with_bias(kept @ recurrent_kernel, recurrent_bias)
    else:
        recalled = kept @ recurrent_kernel[:, : 2 * units]
    gates = recurrent_activation(given[:, : 2 * units] + recalled[:, : 2 * units])
    z, r = gates[:, :units], gates[:, units:]
    if reset_after:
        memory = r * recalled[:, 2 * units :]
    else:
        memory = (r * kept) @ recurrent_kernel[:, 2 * units :]
    g = activation(given[:, 2 * units :] + memory)
    return z * h + (1 - z) * g


def _with_bias(x: Array, bias: Array | None) -> Array:
    return x if bias is None else x + bias


def _dropped(h: Array, mask: Array | None) -> Array:
    return h if mask is None else h * mask
