"""FTRL: the best point for all gradients so far, which L1 makes sparse."""

from collections.abc import Iterator
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import number, option
from pellucid.errors import Problem
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray


class Ftrl(Optimizer):
    """Follow the regularized leader: parameters that are best for all gradients so far.

    With `p = -learning_rate_power`, `c = g + 2 * shrinkage * w`: `n' = n + g**2`,
    `z = z + c - (n'**p - n**p) / rate * w`,
    `w = (clip(z, -l1, l1) - z) / (n'**p / rate + 2 * l2 + beta / rate)`.

    Args:
        learning_rate: Number above 0, or a schedule.
        learning_rate_power: How the rate falls with the sum of squares, at most 0; 0 for a
            constant rate. Changing it compiles another program.
        initial_accumulator_value: Where the sums of squares start, at least 0.
        l1_regularization_strength: L1 penalty, at least 0; makes parameters exactly 0.
        l2_regularization_strength: L2 penalty, at least 0.
        l2_shrinkage_regularization_strength: L2 penalty that is added to the gradient, at
            least 0.
        beta: The paper's beta, at least 0.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> ftrl = pellucid.optimizers.Ftrl(1.0, l1_regularization_strength=9.0)
        >>> ftrl.apply([np.ones(1)], [np.ones(1, "float32")])[0].tolist()
        [0.0]

    Source: McMahan et al., "Ad click prediction: a view from the trenches" (2013).
    Differs from Keras: a learning rate of 0 is refused; the formula divides by it.
    """

    elementwise: ClassVar[bool] = True

    learning_rate: Any = option(default=0.001, convert=to_rate, tunable=True)
    learning_rate_power: float = number(default=-0.5, high=0, tunable=False)
    initial_accumulator_value: float = number(default=0.1, low=0)
    l1_regularization_strength: float = number(default=0.0, low=0)
    l2_regularization_strength: float = number(default=0.0, low=0)
    l2_shrinkage_regularization_strength: float = number(default=0.0, low=0)
    beta: float = number(default=0.0, low=0)

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        if isinstance(self.learning_rate, float) and self.learning_rate == 0:
            where = f"{type(self).__name__}(learning_rate=...)"
            yield Problem(where, "0.0", "a number above 0", "The formula divides by it.")

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        return {
            "accumulator": np.full(shape, self.initial_accumulator_value, np.float32),
            "linear": np.zeros(shape, np.float32),
        }

    def _power(self, squares: Array) -> Array:
        # The usual power is known when the program is made, and a root costs far less.
        if self.learning_rate_power == -0.5:
            return jnp.sqrt(squares)
        return jnp.power(squares, -self.learning_rate_power)

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
        slowness = self._power(total)
        pull = (slowness - self._power(slots["accumulator"])) / learning_rate
        shrinking = gradient + 2 * self.l2_shrinkage_regularization_strength * parameter
        linear = slots["linear"] + shrinking - pull * parameter
        ridge = 2 * (self.l2_regularization_strength + self.beta / (2.0 * learning_rate))
        l1 = self.l1_regularization_strength
        leader = (jnp.clip(linear, -l1, l1) - linear) / (slowness / learning_rate + ridge)
        return leader, {"accumulator": total, "linear": linear}
