"""The long short-term memory."""

from typing import Any, ClassVar

from pellucid.description import choice
from pellucid.layers.recurrent.lstm_cell import LSTMCell, LSTMOptions
from pellucid.layers.recurrent.options import cell_of
from pellucid.layers.recurrent.recurrent import Recurrent


class LSTM(LSTMOptions, Recurrent):
    """A memory that gates write, keep and read: `c[t] = f * c[t - 1] + i * g`.

    With s the recurrent activation and a the activation, each gate with its own weights:

        input gate      i = s(x[t] W_i + h[t - 1] U_i + b_i)
        forget gate     f = s(x[t] W_f + h[t - 1] U_f + b_f)
        candidate       g = a(x[t] W_c + h[t - 1] U_c + b_c)
        output gate     o = s(x[t] W_o + h[t - 1] U_o + b_o)
        outputs         h[t] = o * a(c[t])

    Args:
        units: Number of units, at least 1.
        activation: Name or function of candidate and memory; None for none.
        recurrent_activation: Name or function that opens and closes the gates; None for none.
        use_bias: Whether biases are added.
        kernel_initializer: First values of W_i, W_f, W_c and W_o, shape (features, 4 * units).
        recurrent_initializer: First values of U_i, U_f, U_c and U_o, shape (units, 4 * units).
        bias_initializer: First values of the biases, shape (4 * units,).
        unit_forget_bias: Whether the bias of the forget gate starts at 1, so that the memory
            lasts from the beginning.
        kernel_regularizer: Penalty on W.
        recurrent_regularizer: Penalty on U.
        bias_regularizer: Penalty on the biases.
        activity_regularizer: Penalty on the outputs, summed over a row, averaged over rows.
        kernel_constraint: Bound on W after each update.
        recurrent_constraint: Bound on U after each update.
        bias_constraint: Bound on the biases after each update.
        dropout: Share of the features that is dropped while training, at least 0 and below 1;
            the same features in all steps of a sequence.
        recurrent_dropout: Share of the state that is dropped before its products, likewise.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
        return_sequences: Whether to return the outputs of all steps or of the last alone.
        return_state: Whether to return the last states h and c behind the outputs.
        go_backwards: Whether to run from the last step to the first; the outputs of
            `return_sequences` come in that order.
        stateful: Whether each row of a batch goes on where that row of the batch before ended.
        unroll: Accepted for Keras's sake; the fastest way is chosen. Steps must be known.
        zero_output_for_mask: Whether outputs at masked steps are zero instead of repeated.
        use_cudnn: Accepted for Keras's sake; the fastest way is chosen.

    Input shape:
        (batch, steps, features); then, if given, the first states h and c, also as
        `initial_state=[h, c]`.
    Output shape:
        (batch, units), or (batch, steps, units) with `return_sequences`; then, with
        `return_state`, the states h and c (batch, units).

    Raises:
        ArgumentError: `units` is not a positive whole number, or a name is unknown.
        ShapeError: Inputs without an axis of steps, or a stateful layer without a batch size.

    Example:
        >>> import numpy as np, pellucid
        >>> outputs, h, c = pellucid.layers.LSTM(4, return_state=True)(np.ones((2, 5, 3)))
        >>> outputs.shape, h.shape, c.shape
        ((2, 4), (2, 4), (2, 4))

    Source: Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997); the forget gate: Gers,
    Schmidhuber and Cummins, "Learning to Forget" (2000).

    Differs from Keras: with `recurrent_dropout` one mask serves all gates, as without; with
    `go_backwards` the mask of the outputs is turned round as they are.
    """

    input_rank: ClassVar[int | None] = 3

    use_cudnn: Any = choice(("auto", True, False), default="auto", kw_only=True)

    def own_cell(self) -> LSTMCell:
        return cell_of(LSTMCell, self)
