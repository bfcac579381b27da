"""Recurrent cells, one step at a time and over whole sequences.

A cell is a function of one step's inputs and the state that the steps before it left:

- simple:  h' = f(x W + h U + b)                                   Elman 1990
- LSTM:    gates i, f, o and candidate g; c' = f c + i g; h' = o tanh(c')
                                      Hochreiter & Schmidhuber 1997, Gers et al. 2000
- GRU:     gates z, r and candidate; h' = z h + (1 - z) candidate  Cho et al. 2014

Arrays: x of one step (batch, inputs), of a sequence (batch, steps, inputs); states (batch, units).
Kernels have Keras's layouts: gates side by side along the last axis, in the order that each
function states.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.types import Array

Activation: TypeAlias = Callable[[Array], Array]

Step: TypeAlias = Callable[[Any, Any], tuple[Array, Any]]
"""What one step does: inputs of the step and states → outputs of the step and new states."""


# -- one step --------------------------------------------------------------------------------


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


# -- whole sequences -------------------------------------------------------------------------


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

    def step(inputs: Array, h: Array) -> tuple[Array, Array]:
        h = simple_rnn_step(inputs, h, kernel, recurrent_kernel, bias, activation, recurrent_mask)
        return h, h

    return scan_cell(step, x, state, mask, reverse, return_sequences, zero_output_for_mask)


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

    states = (states[0], states[1])
    return scan_cell(step, x, states, mask, reverse, return_sequences, zero_output_for_mask)


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

    return scan_cell(step, x, state, mask, reverse, return_sequences, zero_output_for_mask)
