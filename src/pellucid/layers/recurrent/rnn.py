"""The layer that runs any cell."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pellucid.description import option
from pellucid.layers.base import automatic_name
from pellucid.layers.nesting import Nesting, of_prefix, prefixed
from pellucid.layers.recurrent.cell import Cell
from pellucid.layers.recurrent.recurrent import Recurrent
from pellucid.layers.recurrent.stacked_rnn_cells import to_cell
from pellucid.layers.weight import Weight
from pellucid.types import Array


class RNN(Recurrent, Nesting):
    """Run a cell over the steps of a sequence: `outputs[t], states = cell(x[t], states)`.

    Args:
        cell: A cell, such as `LSTMCell(8)` or one of a class of one's own; or a list of cells,
            each of which takes the outputs of the one before.
        return_sequences: Whether to return the outputs of all steps or of the last alone.
        return_state: Whether to return the last states behind the outputs.
        go_backwards: Whether to run from the last step to the first; the outputs of
            `return_sequences` come in that order.
        stateful: Whether each row of a batch goes on where that row of the batch before ended.
        unroll: Accepted for Keras's sake; the fastest way is chosen. Steps must be known.
        zero_output_for_mask: Whether outputs at masked steps are zero instead of repeated.
        activity_regularizer: Penalty on the outputs, summed over a row, averaged over rows.

    Input shape:
        (batch, steps, features); then, if given, the first states, also as `initial_state=[...]`.
    Output shape:
        (batch, units), or (batch, steps, units) with `return_sequences`; then, with
        `return_state`, the states, those of each cell of a list in a list.

    Raises:
        ArgumentError: `cell` is no cell.

    Example:
        >>> import numpy as np, pellucid
        >>> layers = pellucid.layers
        >>> x = np.ones((2, 5, 3), "float32")
        >>> layers.RNN(layers.GRUCell(4), return_sequences=True)(x).shape
        (2, 5, 4)
        >>> outputs, lower, upper = layers.RNN(
        ...     [layers.LSTMCell(4), layers.LSTMCell(2)], return_state=True
        ... )(x)
        >>> outputs.shape, [one.shape for one in lower]
        ((2, 2), [(2, 4), (2, 4)])

    Differs from Keras: with `go_backwards` the mask of the outputs is turned round as they are.
    """

    minimum_rank: ClassVar[int] = 3

    cell: Any = option(convert=to_cell)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.dtype is None:
            object.__setattr__(self, "dtype", self.cell.dtype)

    @property
    def inner(self) -> Mapping[str, Cell]:
        return {automatic_name(self.cell): self.cell}

    def own_cell(self) -> Cell:
        return self.cell

    def build(self, shape: Any) -> Mapping[str, Weight]:
        return prefixed(automatic_name(self.cell), super().build(shape))

    def cell_weights(self, weights: Mapping[str, Array]) -> Mapping[str, Array]:
        return of_prefix(automatic_name(self.cell), weights)
