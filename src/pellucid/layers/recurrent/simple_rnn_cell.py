"""The cell of a simple recurrent network."""

from collections.abc import Mapping
from typing import Any

from pellucid.layers.common import known_size
from pellucid.layers.context import Context
from pellucid.layers.recurrent.cell import Cell
from pellucid.layers.recurrent.options import UnitOptions
from pellucid.layers.weight import Weight
from pellucid.ops.recurrence import run_simple_rnn, simple_rnn_step
from pellucid.types import Array, Shape


class SimpleRNNCell(UnitOptions, Cell):
    """One step of a simple recurrent network: `h' = activation(x W + h U + b)`.

    Args:
        units: Number of units, at least 1.
        activation: Name or function that makes the new state; None for none.
        options: The others of `SimpleRNN` up to `seed`.

    Input shape:
        Inputs (batch, features) and the state h (batch, units).
    Output shape:
        Outputs (batch, units), which are the new state, and the new state.

    Example:
        >>> import numpy as np, pellucid
        >>> cell = pellucid.layers.SimpleRNNCell(4)
        >>> outputs, states = cell(np.ones((2, 3), "float32"), [np.zeros((2, 4), "float32")])
        >>> outputs.shape, len(states)
        ((2, 4), 1)

    Source: Elman, "Finding Structure in Time" (1990).
    """

    @property
    def state_size(self) -> int:
        return self.units

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        inputs, units = known_size(self, shape), self.units
        return self.declared_weights((inputs, units), (units, units), (units,))

    def step(
        self, weights: Mapping[str, Array], inputs: Array, states: list[Array], context: Context
    ) -> tuple[Array, list[Array]]:
        state = simple_rnn_step(
            self.drop_inputs(inputs, context),
            states[0],
            weights["kernel"],
            weights["recurrent_kernel"],
            weights.get("bias"),
            self.activation,
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
        outputs, state = run_simple_rnn(
            self.drop_inputs(inputs, context, steps=True),
            states[0],
            weights["kernel"],
            weights["recurrent_kernel"],
            weights.get("bias"),
            self.activation,
            recurrent_mask=self.state_mask(states[0], context),
            **loop,
        )
        return outputs, [state]
