"""Adadelta: steps as long as recent steps, in units of recent gradients."""

from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import number, option
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray


class Adadelta(Optimizer):
    """Gradient descent that takes the length of its steps from the steps before.

    `a = rho * a + (1 - rho) * g**2`, `s = g * sqrt(d + epsilon) / sqrt(a + epsilon)`,
    `d = rho * d + (1 - rho) * s**2`, `w = w - rate * s`.

    Args:
        learning_rate: Number at least 0, or a schedule; the paper has 1.0.
        rho: Share of the old means that is kept, at least 0 and below 1.
        epsilon: Small number that keeps the roots from 0, at least 0.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> adadelta = pellucid.optimizers.Adadelta(1.0, rho=0.75, epsilon=1e-4)
        >>> adadelta.apply([np.ones(1)], [np.ones(1, "float32")])[0].round(3).tolist()
        [0.9800000190734863]

    Source: Zeiler, "ADADELTA: an adaptive learning rate method" (2012).
    """

    elementwise: ClassVar[bool] = True

    learning_rate: Any = option(default=0.001, convert=to_rate, tunable=True)
    rho: float = number(default=0.95, low=0, below=1)
    epsilon: float = number(default=1e-7, low=0)

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        names = ("accumulated_gradient", "accumulated_step")
        return {name: np.zeros(shape, np.float32) for name in names}

    def update(
        self,
        parameter: Array,
        gradient: Array,
        slots: Slots,
        scalars: Scalars,
        step: Array,
        learning_rate: Array,
    ) -> tuple[Array, Slots]:
        fresh = 1 - self.rho
        squares = self.rho * slots["accumulated_gradient"] + fresh * jnp.square(gradient)
        lengths = slots["accumulated_step"]
        move = gradient * jnp.sqrt(lengths + self.epsilon) / jnp.sqrt(squares + self.epsilon)
        lengths = self.rho * lengths + fresh * jnp.square(move)
        kept = {"accumulated_gradient": squares, "accumulated_step": lengths}
        return parameter - learning_rate * move, kept
