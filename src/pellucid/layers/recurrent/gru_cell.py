"""The cell of a gated recurrent unit."""

from collections.abc import Mapping
from typing import Any

from pellucid.description import flag
from pellucid.layers.common import known_size
from pellucid.layers.context import Context
from pellucid.layers.recurrent.cell import Cell
from pellucid.layers.recurrent.options import GatedOptions
from pellucid.layers.weight import Weight
from pellucid.ops.recurrence import gru_step, run_gru
from pellucid.types import Array, Shape


class GRUOptions(GatedOptions):
    """What a gated recurrent unit is configured by.

    Args:
        reset_after: Whether the reset gate multiplies the state's product instead of the state.
    """

    reset_after: bool = flag(default=True, kw_only=True)


class GRUCell(GRUOptions, Cell):
    """One step of a gated recurrent unit: `h' = z * h + (1 - z) * candidate`.

    The formulas of the gates are those of `pellucid.ops.recurrence.gru_step`.

    Args:
        units: Number of units, at least 1.
        activation: Name or function that makes the candidate; None for none.
        recurrent_activation: Name or function that opens and closes the gates; None for none.
        options: The others of `GRU` up to `seed`.

    Input shape:
        Inputs (batch, features) and the state h (batch, units).
    Output shape:
        Outputs (batch, units), which are the new state, and the new state.

    Example:
        >>> import numpy as np, pellucid
        >>> cell = pellucid.layers.GRUCell(4)
        >>> outputs, states = cell(np.ones((2, 3), "float32"), [np.zeros((2, 4), "float32")])
        >>> outputs.shape, len(states)
        ((2, 4), 1)

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder" (2014).
    """

    @property
    def state_size(self) -> int:
        return self.units

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        gates = 3 * self.units
        bias = (2, gates) if self.reset_after else (gates,)
        return self.declared_weights((known_size(self, shape), gates), (self.units, gates), bias)

    def step(
        self, weights: Mapping[str, Array], inputs: Array, states: list[Array], context: Context
    ) -> tuple[Array, list[Array]]:
        state = gru_step(
            self.drop_inputs(inputs, context),
            states[0],
            weights["kernel"],
            weights["recurrent_kernel"],
            weights.get("bias"),
            self.activation,
            self.recurrent_activation,
            self.reset_after,
            self.state_mask(states[0], context),
        )
        return state, [state]

    def over(
        self,
        weights: Mapping[str, Array],
        inputs: Array,
        states: list[Array],
        context: Context,
        **loop: Any,
    ) -> tuple[Array, list[Array]]:
        outputs, state = run_gru(
            self.drop_inputs(inputs, context, steps=True),
            states[0],
            weights["kernel"],
            weights["recurrent_kernel"],
            weights.get("bias"),
            self.activation,
            self.recurrent_activation,
            self.reset_after,
            recurrent_mask=self.state_mask(states[0], context),
            **loop,
        )
        return outputs, [state]
