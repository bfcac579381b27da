"""Lamb: Adam whose step is as long as the array it moves."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from pellucid.description import number, option
from pellucid.optimizers.adam import blend, unbias
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.packed import norm
from pellucid.optimizers.rule import Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray


class Lamb(Optimizer):
    """Adam's direction, scaled for each array by the array's own norm.

    With Adam's means `m` and `v` freed of their bias:
    `u = m / (sqrt(v) + epsilon)`, `w = w - rate * norm(w) / norm(u) * u`; the ratio is 1
    where a norm is 0.

    Args:
        learning_rate: Number at least 0, or a schedule.
        beta_1: Share of the old mean gradient that is kept, at least 0 and below 1.
        beta_2: Share of the old mean square that is kept, at least 0 and below 1.
        epsilon: Small number added to the divisor, at least 0.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> lamb = pellucid.optimizers.Lamb(learning_rate=0.5)
        >>> lamb.apply([np.array([5.0])], [np.array([8.0], "float32")])[0].round(3).tolist()
        [4.0]

    Source: You et al., "Large batch optimization for deep learning" (2020).
    """

    learning_rate: Any = option(default=0.001, convert=to_rate, tunable=True)
    beta_1: float = number(default=0.9, low=0, below=1)
    beta_2: float = number(default=0.999, low=0, below=1)
    epsilon: float = number(default=1e-7, low=0)

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        return {name: np.zeros(shape, np.float32) for name in ("momentum", "velocity")}

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
        velocity = blend(slots["velocity"], jnp.square(gradient), self.beta_2)
        size = jnp.sqrt(velocity / unbias(self.beta_2, step)) + self.epsilon
        direction = momentum / unbias(self.beta_1, step) / size
        own, its = norm(parameter), norm(direction)
        usable = (own > 0) & (its > 0)
        ratio = jnp.where(usable, own / jnp.where(usable, its, 1.0), 1.0)
        kept = {"momentum": momentum, "velocity": velocity}
        return parameter - ratio * learning_rate * direction, kept
