"""Lion: steps of one size, along the sign of the momentum."""

from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import number, option
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray


class Lion(Optimizer):
    """Gradient descent by the sign of a mean gradient: every parameter moves by the rate.

    `w = w - rate * sign(beta_1 * m + (1 - beta_1) * g)`, `m = beta_2 * m + (1 - beta_2) * g`.

    Args:
        learning_rate: Number at least 0, or a schedule; 3 to 10 times smaller than Adam's.
        beta_1: Share of the mean gradient in the step, above 0 and at most 1.
        beta_2: Share of the old mean gradient that is kept, at least 0 and at most 1.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> lion = pellucid.optimizers.Lion(learning_rate=0.5)
        >>> lion.apply([np.array([3.0, -0.1])], [np.zeros(2, "float32")])[0].tolist()
        [-0.5, 0.5]

    Source: Chen et al., "Symbolic discovery of optimization algorithms" (2023).
    """

    elementwise: ClassVar[bool] = True

    learning_rate: Any = option(default=0.001, convert=to_rate, tunable=True)
    beta_1: float = number(default=0.9, above=0, high=1)
    beta_2: float = number(default=0.99, low=0, high=1)

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        return {"momentum": np.zeros(shape, np.float32)}

    def update(
        self,
        parameter: Array,
        gradient: Array,
        slots: Slots,
        scalars: Scalars,
        step: Array,
        learning_rate: Array,
    ) -> tuple[Array, Slots]:
        held = slots["momentum"]
        direction = jnp.sign(held * self.beta_1 + gradient * (1.0 - self.beta_1))
        momentum = held * self.beta_2 + gradient * (1.0 - self.beta_2)
        return parameter - learning_rate * direction, {"momentum": momentum}
