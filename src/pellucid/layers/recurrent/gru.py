"""The gated recurrent unit."""

from typing import Any, ClassVar

from pellucid.description import choice
from pellucid.layers.recurrent.gru_cell import GRUCell, GRUOptions
from pellucid.layers.recurrent.options import cell_of
from pellucid.layers.recurrent.recurrent import Recurrent


class GRU(GRUOptions, Recurrent):
    """A state that two gates keep or renew: `h[t] = z * h[t - 1] + (1 - z) * candidate`.

    With s the recurrent activation and a the activation, each gate with its own weights:

        update gate     z = s(x[t] W_z + h[t - 1] U_z + b_z)
        reset gate      r = s(x[t] W_r + h[t - 1] U_r + b_r)
        candidate       a(x[t] W_h + b_h + r * (h[t - 1] U_h + d_h))

    Args:
        units: Number of units, at least 1.
        activation: Name or function that makes the candidate; None for none.
        recurrent_activation: Name or function that opens and closes the gates; None for none.
        use_bias: Whether biases are added.
        kernel_initializer: First values of W_z, W_r and W_h, shape (features, 3 * units).
        recurrent_initializer: First values of U_z, U_r and U_h, shape (units, 3 * units).
        bias_initializer: First values of the biases, shape (2, 3 * units), or (3 * units,)
            without `reset_after`.
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
        return_state: Whether to return the last state behind the outputs.
        go_backwards: Whether to run from the last step to the first; the outputs of
            `return_sequences` come in that order.
        stateful: Whether each row of a batch goes on where that row of the batch before ended.
        unroll: Accepted for Keras's sake; the fastest way is chosen. Steps must be known.
        zero_output_for_mask: Whether outputs at masked steps are zero instead of repeated.
        reset_after: Whether the reset gate multiplies the state's product, as above, or the
            state before it.
        use_cudnn: Accepted for Keras's sake; the fastest way is chosen.

    Input shape:
        (batch, steps, features); then, if given, the first state, also as `initial_state=...`.
    Output shape:
        (batch, units), or (batch, steps, units) with `return_sequences`; then, with
        `return_state`, the state (batch, units).

    Raises:
        ArgumentError: `units` is not a positive whole number, or a name is unknown.
        ShapeError: Inputs without an axis of steps, or a stateful layer without a batch size.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.GRU(4, return_sequences=True)(np.ones((2, 5, 3), "float32")).shape
        (2, 5, 4)

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder" (2014).

    Differs from Keras: with `recurrent_dropout` one mask serves all gates, as without; with
    `go_backwards` the mask of the outputs is turned round as they are.
    """

    input_rank: ClassVar[int | None] = 3

    use_cudnn: Any = choice(("auto", True, False), default="auto", kw_only=True)

    def own_cell(self) -> GRUCell:
        return cell_of(GRUCell, self)
