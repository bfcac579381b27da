"""Adafactor: mean squares kept by row and column only."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from pellucid.description import flag, number, option
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray


def _root_mean_square(array: Array) -> Array:
    return jnp.sqrt(jnp.mean(jnp.square(array)))


class Adafactor(Optimizer):
    """Gradients divided by a mean square that is the product of a row's and a column's.

    With `t` counting from 1, `b = 1 - t**beta_2_decay` and `s = g**2 + epsilon_1`, the means
    over the last two axes are kept, `r = b * r + (1 - b) * mean(s, -1)` and
    `c = b * c + (1 - b) * mean(s, -2)`, and `v = (r / mean(r)) * c`; an array with fewer axes
    keeps `v = b * v + (1 - b) * s`. Then `u = g / sqrt(v)` and
    `w = w - max(epsilon_2, rms(w)) * min(rate, 1 / sqrt(t)) * u / max(1, rms(u) / clip_threshold)`.

    Args:
        learning_rate: Number at least 0, or a schedule: the largest relative step.
        beta_2_decay: How the means' memory grows with time, at most 0.
        epsilon_1: Small number added to squared gradients, at least 0.
        epsilon_2: Least size of an array that steps are measured in, at least 0.
        clip_threshold: Greatest root mean square of `u`, above 0.
        relative_step: Kept for Keras's sake; the rate is bounded by `1 / sqrt(t)` in any case.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> adafactor = pellucid.optimizers.Adafactor(learning_rate=0.5)
        >>> w = adafactor.apply([np.ones((2, 3))], [np.ones((2, 3), "float32")])
        >>> w[0].round(4).tolist()
        [[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]

    Source: Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory
    cost" (2018).
    """

    learning_rate: Any = option(default=0.001, convert=to_rate, tunable=True)
    beta_2_decay: float = number(default=-0.8, high=0)
    epsilon_1: float = number(default=1e-30, low=0)
    epsilon_2: float = number(default=1e-3, low=0)
    clip_threshold: float = number(default=1.0, above=0)
    relative_step: bool = flag(default=True)

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        if len(shape) < 2:
            return {"velocity": np.zeros(shape, np.float32)}
        return {
            "rows": np.zeros(shape[:-1], np.float32),
            "columns": np.zeros((*shape[:-2], shape[-1]), np.float32),
        }

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
        bounded = jnp.minimum(learning_rate, 1 / jnp.sqrt(time))
        rate = jnp.maximum(self.epsilon_2, _root_mean_square(parameter)) * bounded
        kept = self._means(slots, jnp.square(gradient) + self.epsilon_1, time)
        direction = gradient / jnp.sqrt(self._mean_square(kept))
        excess = jnp.maximum(1.0, _root_mean_square(direction) / self.clip_threshold)
        return parameter - rate * (direction / excess), kept

    def _means(self, slots: Slots, squares: Array, time: Array) -> Slots:
        """Return the means that are kept, with this step's squared gradients taken in."""
        beta = 1 - jnp.power(time, self.beta_2_decay)
        new = {"velocity": squares}
        if "rows" in slots:
            new = {"rows": jnp.mean(squares, axis=-1), "columns": jnp.mean(squares, axis=-2)}
        return {name: beta * slots[name] + (1 - beta) * new[name] for name in slots}

    def _mean_square(self, slots: Slots) -> Array:
        """Return the mean square of each value, from the means that are kept."""
        if "velocity" in slots:
            return slots["velocity"]
        rows = slots["rows"] / jnp.mean(slots["rows"], axis=-1, keepdims=True)
        return rows[..., None] * slots["columns"][..., None, :]
