"""Schedules by which the learning rate falls along half a cosine wave."""

import math
from collections.abc import Iterator

import jax.numpy as jnp

from pellucid.description import number, text
from pellucid.errors import Problem
from pellucid.optimizers.schedules.base import STEPS, LearningRateSchedule
from pellucid.types import Array


def half_cosine(fraction: Array) -> Array:
    """Return 1 at fraction 0, falling along a cosine to 0 at fraction 1."""
    return 0.5 * (1.0 + jnp.cos(math.pi * fraction))


class CosineDecay(LearningRateSchedule):
    """A rate that falls along half a cosine wave, after a straight rise if one is wanted.

    Without warm-up: `initial * ((1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha)`.
    With warm-up the rate first rises in a straight line from `initial_learning_rate` to
    `warmup_target` in `warmup_steps`, then falls in the same way from `warmup_target`.

    Args:
        initial_learning_rate: Rate at step 0, at least 0.
        decay_steps: Steps of the fall, above 0; the warm-up's steps come before them.
        alpha: Rate at the end as a share of the highest, at least 0.
        name: A name of one's own.
        warmup_target: Rate at the end of the warm-up; None for no warm-up.
        warmup_steps: Steps of the warm-up, at least 0.

    Raises:
        ArgumentError: A number is out of range, or `warmup_steps` comes without a target.

    Example:
        >>> import pellucid
        >>> decay = pellucid.optimizers.schedules.CosineDecay(
        ...     0.0, 10, warmup_target=1.0, warmup_steps=4)
        >>> [round(float(decay(step)), 4) for step in (0, 2, 4, 9, 14)]
        [0.0, 0.5, 1.0, 0.5, 0.0]

    Source: Loshchilov and Hutter, "SGDR" (2017); Goyal et al., "Accurate, large minibatch
    SGD" (2017) for the warm-up.
    Differs from Keras: `warmup_steps` without `warmup_target` is refused; Keras ignores it.
    """

    initial_learning_rate: float = number(low=0)
    decay_steps: float = number(above=0, meaning=STEPS)
    alpha: float = number(default=0.0, low=0)
    name: str | None = text(default="CosineDecay", identity=True)
    warmup_target: float | None = number(default=None, low=0, optional=True)
    warmup_steps: float = number(default=0, low=0, meaning=STEPS)

    def problems(self) -> Iterator[Problem]:
        if self.warmup_target is None and self.warmup_steps != 0:
            yield Problem(
                type(self).__name__,
                f"warmup_steps={self.warmup_steps:g} without warmup_target",
                "both or neither",
                "Add warmup_target=..., the rate at which the warm-up ends.",
            )

    def _decayed(self, highest: Array, now: Array) -> Array:
        fraction = jnp.minimum(now, self.decay_steps) / self.decay_steps
        return highest * ((1 - self.alpha) * half_cosine(fraction) + self.alpha)

    def __call__(self, step: Array) -> Array:
        now = jnp.asarray(step, jnp.float32)
        if self.warmup_target is None:
            return self._decayed(self.initial_learning_rate, now)
        warm = now < self.warmup_steps
        risen = now / jnp.where(warm, self.warmup_steps, 1.0)
        height = self.warmup_target - self.initial_learning_rate
        rising = height * risen + self.initial_learning_rate
        return jnp.where(warm, rising, self._decayed(self.warmup_target, now - self.warmup_steps))


class CosineDecayRestarts(LearningRateSchedule):
    """A rate that falls along half a cosine wave again and again, each time more slowly.

    Period number i lasts `first_decay_steps * t_mul ** i` steps and starts at
    `initial_learning_rate * m_mul ** i`.

    Args:
        initial_learning_rate: Rate at step 0, at least 0.
        first_decay_steps: Steps of the first period, above 0.
        t_mul: How much longer each period is than the one before, at least 1.
        m_mul: What the height of each period is multiplied by, at least 0.
        alpha: Lowest rate as a share of `initial_learning_rate`, at least 0.
        name: A name of one's own.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import pellucid
        >>> decay = pellucid.optimizers.schedules.CosineDecayRestarts(1.0, 4)
        >>> [round(float(decay(step)), 4) for step in (0, 2, 4, 8)]
        [1.0, 0.5, 1.0, 0.5]

    Source: Loshchilov and Hutter, "SGDR" (2017).
    Differs from Keras: `t_mul` below 1 is refused; its periods end after finite time.
    """

    initial_learning_rate: float = number(low=0)
    first_decay_steps: float = number(above=0, meaning=STEPS)
    t_mul: float = number(default=2.0, low=1)
    m_mul: float = number(default=1.0, low=0)
    alpha: float = number(default=0.0, low=0)
    name: str | None = text(default="SGDRDecay", identity=True)

    def __call__(self, step: Array) -> Array:
        passed = jnp.asarray(step, jnp.float32) / self.first_decay_steps
        period, fraction = self._place(passed)
        height = jnp.power(self.m_mul, period)
        share = (1 - self.alpha) * (height * half_cosine(fraction)) + self.alpha
        return self.initial_learning_rate * share

    def _place(self, passed: Array) -> tuple[Array, Array]:
        """Return the number of the present period and the fraction of it that has passed."""
        equal = jnp.equal(self.t_mul, 1.0)
        # The geometric formula divides by t_mul - 1, so it gets another value where unused.
        growth = jnp.where(equal, 2.0, self.t_mul)
        period = jnp.floor(jnp.log(1.0 - passed * (1.0 - growth)) / jnp.log(growth))
        length = jnp.power(growth, period)
        start = (1.0 - length) / (1.0 - growth)
        whole = jnp.floor(passed)
        fraction = jnp.where(equal, passed - whole, (passed - start) / length)
        return jnp.where(equal, whole, period), fraction
