"""Adamax: Adam with the largest recent gradient in place of the mean square."""

from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import number, option
from pellucid.optimizers.adam import blend, unbias
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray


class Adamax(Optimizer):
    """Gradient descent along the mean gradient, divided by the largest of recent ones.

    `m = beta_1 * m + (1 - beta_1) * g`, `u = max(beta_2 * u, abs(g))`,
    `w = w - rate / (1 - beta_1**t) * m / (u + epsilon)`, where t counts from 1.

    Args:
        learning_rate: Number at least 0, or a schedule.
        beta_1: Share of the old mean gradient that is kept, at least 0 and below 1.
        beta_2: How fast the largest gradient is forgotten, at least 0 and below 1.
        epsilon: Small number added to the divisor, at least 0.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> adamax = pellucid.optimizers.Adamax(learning_rate=0.5)
        >>> adamax.apply([np.array([4.0])], [np.ones(1, "float32")])[0].round(4).tolist()
        [0.5]

    Source: Kingma and Ba, "Adam" (2015), section 7.1.
    """

    elementwise: ClassVar[bool] = True

    learning_rate: Any = option(default=0.001, convert=to_rate, tunable=True)
    beta_1: float = number(default=0.9, low=0, below=1)
    beta_2: float = number(default=0.999, low=0, below=1)
    epsilon: float = number(default=1e-7, low=0)

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        return {name: np.zeros(shape, np.float32) for name in ("momentum", "norm")}

    def update(
        self,
        parameter: Array,
        gradient: Array,
        slots: Slots,
        scalars: Scalars,
        step: Array,
        learning_rate: Array,
    ) -> tuple[Array, Slots]:
        momentum = blend(slots["momentum"], gradient, self.beta_1)
        norm = jnp.maximum(self.beta_2 * slots["norm"], jnp.abs(gradient))
        rate = learning_rate / unbias(self.beta_1, step)
        return parameter - rate * momentum / (norm + self.epsilon), {
            "momentum": momentum,
            "norm": norm,
        }
