"""The simple recurrent network."""

from typing import ClassVar

from pellucid.layers.recurrent.options import UnitOptions, cell_of
from pellucid.layers.recurrent.recurrent import Recurrent
from pellucid.layers.recurrent.simple_rnn_cell import SimpleRNNCell


class SimpleRNN(UnitOptions, Recurrent):
    """A state that each step makes anew: `h[t] = activation(x[t] W + h[t - 1] U + b)`.

    Args:
        units: Number of units, at least 1.
        activation: Name or function that makes the new state; None for none.
        use_bias: Whether a bias is added.
        kernel_initializer: First values of W, shape (features, units).
        recurrent_initializer: First values of U, shape (units, units).
        bias_initializer: First values of b, shape (units,).
        kernel_regularizer: Penalty on W.
        recurrent_regularizer: Penalty on U.
        bias_regularizer: Penalty on b.
        activity_regularizer: Penalty on the outputs, summed over a row, averaged over rows.
        kernel_constraint: Bound on W after each update.
        recurrent_constraint: Bound on U after each update.
        bias_constraint: Bound on b after each update.
        dropout: Share of the features that is dropped while training, at least 0 and below 1;
            the same features in all steps of a sequence.
        recurrent_dropout: Share of the state that is dropped before its product, likewise.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
        return_sequences: Whether to return the outputs of all steps or of the last alone.
        return_state: Whether to return the last state behind the outputs.
        go_backwards: Whether to run from the last step to the first; the outputs of
            `return_sequences` come in that order.
        stateful: Whether each row of a batch goes on where that row of the batch before ended.
        unroll: Accepted for Keras's sake; the fastest way is chosen. Steps must be known.
        zero_output_for_mask: Whether outputs at masked steps are zero instead of repeated.

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
        >>> pellucid.layers.SimpleRNN(4)(np.ones((2, 5, 3), "float32")).shape
        (2, 4)

    Source: Elman, "Finding Structure in Time" (1990).

    Differs from Keras: with `go_backwards` the mask of the outputs is turned round as they are.
    """

    input_rank: ClassVar[int | None] = 3

    def own_cell(self) -> SimpleRNNCell:
        return cell_of(SimpleRNNCell, self)
