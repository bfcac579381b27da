"""RMSprop: gradients divided by their recent size."""

from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import flag, number, option
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray


class RMSprop(Optimizer):
    """Gradient descent with each gradient divided by the root of its mean square.

    `v = rho * v + (1 - rho) * g**2`, `m = momentum * m + rate * g / sqrt(v + epsilon)`,
    `w = w - m`; `centered` takes the variance of the gradient, `v - mean(g)**2`, for `v`.

    Args:
        learning_rate: Number at least 0, or a schedule.
        rho: Share of the old mean square that is kept, at least 0 and below 1.
        momentum: Share of the last step that is made again, from 0 to 1.
        epsilon: Small number that keeps the divisor from 0, at least 0.
        centered: Whether the mean gradient is taken out of the mean square.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> rmsprop = pellucid.optimizers.RMSprop(0.1)
        >>> w = rmsprop.apply([np.array([10.0])], [np.array([10.0], "float32")])
        >>> round(float(w[0][0]), 4)
        9.6838

    Source: Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5 (2012).
    """

    elementwise: ClassVar[bool] = True

    learning_rate: Any = option(default=0.001, convert=to_rate, tunable=True)
    rho: float = number(default=0.9, low=0, below=1)
    momentum: float = number(default=0.0, low=0, high=1)
    epsilon: float = number(default=1e-7, low=0)
    centered: bool = flag(default=False)

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        names = ["velocity", "momentum", *(["average_gradient"] if self.centered else [])]
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
        kept: Slots = {"velocity": self.rho * slots["velocity"] + fresh * jnp.square(gradient)}
        spread = kept["velocity"]
        if self.centered:
            mean = self.rho * slots["average_gradient"] + fresh * gradient
            kept["average_gradient"] = mean
            spread = spread - jnp.square(mean)
        increment = learning_rate * gradient / jnp.sqrt(spread + self.epsilon)
        kept["momentum"] = self.momentum * slots["momentum"] + increment
        return parameter - kept["momentum"], kept
