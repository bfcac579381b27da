"""Nadam: Adam with Nesterov's momentum."""

from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import number, option
from pellucid.optimizers.adam import blend, unbias
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray

WARMING = 0.96
"""The paper's constant: momentum grows from half of `beta_1` to `beta_1` at this rate."""


class Nadam(Optimizer):
    """Adam that looks ahead: part of the next step's momentum is used in this one.

    With `u_t = beta_1 * (1 - 0.96**t / 2)` and `p_t = u_1 * ... * u_t`, t counting from 1:
    `m = beta_1 * m + (1 - beta_1) * g`, `v = beta_2 * v + (1 - beta_2) * g**2`,
    `n = u_{t+1} * m / (1 - p_{t+1}) + (1 - u_t) * g / (1 - p_t)`,
    `w = w - rate * n / (sqrt(v / (1 - beta_2**t)) + epsilon)`.

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
        >>> nadam = pellucid.optimizers.Nadam(learning_rate=0.1)
        >>> w = nadam.apply([np.array([3.0])], [np.ones(1, "float32")])
        >>> bool(0.8 < w[0][0] < 0.95)
        True

    Source: Dozat, "Incorporating Nesterov momentum into Adam" (2016).
    """

    elementwise: ClassVar[bool] = True

    learning_rate: Any = option(default=0.001, convert=to_rate, tunable=True)
    beta_1: float = number(default=0.9, low=0, below=1)
    beta_2: float = number(default=0.999, low=0, below=1)
    epsilon: float = number(default=1e-7, low=0)

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        return {name: np.zeros(shape, np.float32) for name in ("momentum", "velocity")}

    def scalars(self) -> dict[str, float]:
        return {"product": 1.0}

    def _share(self, count: Array) -> Array:
        """Return u_t, the momentum's share at step number `count`."""
        warmed = jnp.power(jnp.float32(WARMING), jnp.asarray(count, jnp.float32))
        return self.beta_1 * (1.0 - 0.5 * warmed)

    def advance(self, scalars: Scalars, step: Array) -> Scalars:
        return {"product": scalars["product"] * self._share(step + 1)}

    def update(
        self,
        parameter: Array,
        gradient: Array,
        slots: Slots,
        scalars: Scalars,
        step: Array,
        learning_rate: Array,
    ) -> tuple[Array, Slots]:
        now, ahead = self._share(step + 1), self._share(step + 2)
        momentum = blend(slots["momentum"], gradient, self.beta_1)
        velocity = blend(slots["velocity"], jnp.square(gradient), self.beta_2)
        of_momentum = learning_rate * ahead / (1 - scalars["product"] * ahead)
        of_gradient = learning_rate * (1 - now) / (1 - scalars["product"])
        direction = momentum * of_momentum + gradient * of_gradient
        size = jnp.sqrt(velocity / unbias(self.beta_2, step)) + self.epsilon
        return parameter - direction / size, {"momentum": momentum, "velocity": velocity}
