"""The cell of a long short-term memory."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pellucid.description import flag, option
from pellucid.initializers import Initializer
from pellucid.layers.common import known_size
from pellucid.layers.context import Context
from pellucid.layers.recurrent.cell import Cell
from pellucid.layers.recurrent.options import GatedOptions, RecurrentOptions
from pellucid.layers.weight import Weight
from pellucid.ops.recurrence import lstm_step, run_lstm
from pellucid.types import Array, NumpyArray, Shape


class LSTMOptions(GatedOptions):
    """What a long short-term memory is configured by.

    Args:
        unit_forget_bias: Whether the bias of the forget gate starts at 1.
    """

    unit_forget_bias: bool = flag(default=True, kw_only=True)


class OpenForgetGate(Initializer):
    """Ones for the bias of the forget gate, which is the second of four.

    Args:
        others: Initialiser of the other gates' biases.
    """

    others: Any = option()

    def sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        units = shape[0] // 4
        first, rest = self.others.sample((units,), rng), self.others.sample((2 * units,), rng)
        return np.concatenate([first, np.ones(units, np.float32), rest])


def bias_start(layer: RecurrentOptions, unit_forget_bias: bool) -> Any:
    """Return what makes the first values of the four gates' biases."""
    first = layer.bias_initializer
    return OpenForgetGate(first) if unit_forget_bias else first


class LSTMCell(LSTMOptions, Cell):
    """One step of a long short-term memory: `c' = f * c + i * g`, `h' = o * activation(c')`.

    The formulas of the gates are those of `pellucid.ops.recurrence.lstm_step`.

    Args:
        units: Number of units, at least 1.
        activation: Name or function of candidate and cell state; None for none.
        recurrent_activation: Name or function that opens and closes the gates; None for none.
        options: The others of `LSTM` up to `seed`.

    Input shape:
        Inputs (batch, features), the states h and c (batch, units).
    Output shape:
        Outputs (batch, units), which are the new h, and the new states h and c.

    Example:
        >>> import numpy as np, pellucid
        >>> cell = pellucid.layers.LSTMCell(4)
        >>> zeros = np.zeros((2, 4), "float32")
        >>> outputs, states = cell(np.ones((2, 3), "float32"), [zeros, zeros])
        >>> outputs.shape, len(states)
        ((2, 4), 2)

    Source: Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997).
    """

    @property
    def state_size(self) -> list[int]:
        return [self.units, self.units]

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        gates = 4 * self.units
        return self.declared_weights(
            (known_size(self, shape), gates),
            (self.units, gates),
            (gates,),
            bias_start(self, self.unit_forget_bias),
        )

    def step(
        self, weights: Mapping[str, Array], inputs: Array, states: list[Array], context: Context
    ) -> tuple[Array, list[Array]]:
        h, c = lstm_step(
            self.drop_inputs(inputs, context),
            states[0],
            states[1],
            weights["kernel"],
            weights["recurrent_kernel"],
            weights.get("bias"),
            self.activation,
            self.recurrent_activation,
            self.state_mask(states[0], context),
        )
        return h, [h, c]

    def over(
        self,
        weights: Mapping[str, Array],
        inputs: Array,
        states: list[Array],
        context: Context,
        **loop: Any,
    ) -> tuple[Array, list[Array]]:
        outputs, (h, c) = run_lstm(
            self.drop_inputs(inputs, context, steps=True),
            (states[0], states[1]),
            weights["kernel"],
            weights["recurrent_kernel"],
            weights.get("bias"),
            self.activation,
            self.recurrent_activation,
            recurrent_mask=self.state_mask(states[0], context),
            **loop,
        )
        return outputs, [h, c]
