"""Schedule-free AdamW: an average that makes a falling learning rate needless."""

from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import number, option
from pellucid.optimizers.adam import blend, unbias
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray


class ScheduleFreeAdamW(Optimizer):
    """AdamW between its own moving point and the mean of that point's whole path.

    With t counting from 1: `v = beta_2 * v + (1 - beta_2) * g**2`,
    `z = z - rate * g / (sqrt(v / (1 - beta_2**t)) + epsilon)`,
    `x = (1 - 1/t) * x + z / t`, `w = (1 - beta_1) * z + beta_1 * x`; `z` and `x` start at `w`.

    Args:
        learning_rate: Number at least 0, or a schedule.
        beta_1: Share of the mean `x` in the parameters, above 0 and at most 1.
        beta_2: Share of the old mean square that is kept, at least 0 and below 1.
        epsilon: Small number added to the divisor, at least 0.
        warmup_steps: Updates in which the rate rises from 0, at least 0.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> free = pellucid.optimizers.ScheduleFreeAdamW(learning_rate=0.5)
        >>> free.apply([np.array([3.0])], [np.ones(1, "float32")])[0].round(3).tolist()
        [0.5]

    Source: Defazio et al., "The road less scheduled" (2024).
    """

    elementwise: ClassVar[bool] = True
    starts_as_parameters: ClassVar[tuple[str, ...]] = ("momentum",)

    learning_rate: Any = option(default=0.0025, convert=to_rate, tunable=True)
    beta_1: float = number(default=0.9, above=0, high=1)
    beta_2: float = number(default=0.999, low=0, below=1)
    epsilon: float = number(default=1e-8, low=0)
    warmup_steps: float = number(default=0, low=0, meaning="a number of updates")

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
        time = jnp.asarray(step + 1, jnp.float32)
        rate = learning_rate * jnp.minimum(time / jnp.maximum(self.warmup_steps, 1.0), 1.0)
        velocity = blend(slots["velocity"], jnp.square(gradient), self.beta_2)
        size = jnp.sqrt(velocity / unbias(self.beta_2, step)) + self.epsilon
        point = slots["momentum"] - rate * gradient / size
        mean = (parameter - (1 - self.beta_1) * slots["momentum"]) / self.beta_1
        mean = (1 - 1 / time) * mean + point / time
        moved = (1 - self.beta_1) * point + self.beta_1 * mean
        return moved, {"momentum": point, "velocity": velocity}
