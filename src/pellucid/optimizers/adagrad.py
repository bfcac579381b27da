"""Adagrad: gradients divided by the size of all gradients so far."""

from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import number, option
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray


class Adagrad(Optimizer):
    """Gradient descent whose steps shrink with the sum of squared gradients so far.

    `a = a + g**2`, `w = w - rate * g / sqrt(a + epsilon)`.

    Args:
        learning_rate: Number at least 0, or a schedule; the paper has 1.0.
        initial_accumulator_value: Where the sums start, at least 0.
        epsilon: Small number that keeps the root from 0, at least 0.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> adagrad = pellucid.optimizers.Adagrad(1.0, initial_accumulator_value=3.0)
        >>> adagrad.apply([np.ones(1)], [np.ones(1, "float32")])[0].round(4).tolist()
        [0.5]

    Source: Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and
    stochastic optimization" (2011).
    """

    elementwise: ClassVar[bool] = True

    learning_rate: Any = option(default=0.001, convert=to_rate, tunable=True)
    initial_accumulator_value: float = number(default=0.1, low=0)
    epsilon: float = number(default=1e-7, low=0)

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        return {"accumulator": np.full(shape, self.initial_accumulator_value, np.float32)}

    def update(
        self,
        parameter: Array,
        gradient: Array,
        slots: Slots,
        scalars: Scalars,
        step: Array,
        learning_rate: Array,
    ) -> tuple[Array, Slots]:
        total = slots["accumulator"] + jnp.square(gradient)
        move = learning_rate * gradient / jnp.sqrt(total + self.epsilon)
        return parameter - move, {"accumulator": total}
