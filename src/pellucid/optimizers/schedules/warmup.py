"""Schedules that start low: a straight warm-up before another rate, and one great cycle."""

from typing import Any

import jax.numpy as jnp

from pellucid.description import number, option, text
from pellucid.optimizers.schedules.base import (
    STEPS,
    LearningRateSchedule,
    rate_at,
    to_rate,
)
from pellucid.optimizers.schedules.cosine import half_cosine
from pellucid.types import Array


class LinearWarmup(LearningRateSchedule):
    """A straight rise to a rate, or to the start of another schedule, which then goes on.

    `initial + (target - initial) * step / warmup_steps`, then `learning_rate`, whose own
    steps count from the end of the warm-up.

    Args:
        learning_rate: Rate after the warm-up: a number at least 0 or a schedule.
        warmup_steps: Steps of the rise, above 0.
        initial_learning_rate: Rate at step 0, at least 0.
        name: A name of one's own.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import pellucid
        >>> schedules = pellucid.optimizers.schedules
        >>> rate = schedules.LinearWarmup(schedules.CosineDecay(1.0, 10), warmup_steps=4)
        >>> [round(float(rate(step)), 4) for step in (0, 2, 4, 9, 14)]
        [0.0, 0.5, 1.0, 0.5, 0.0]

    Source: Goyal et al., "Accurate, large minibatch SGD" (2017).
    Differs from Keras: not in Keras.
    """

    learning_rate: Any = option(convert=to_rate, tunable=True)
    warmup_steps: float = number(above=0, meaning=STEPS)
    initial_learning_rate: float = number(default=0.0, low=0)
    name: str | None = text(default="LinearWarmup", identity=True)

    def __call__(self, step: Array) -> Array:
        now = jnp.asarray(step, jnp.float32)
        target = rate_at(self.learning_rate, 0)
        rise = (target - self.initial_learning_rate) * (now / self.warmup_steps)
        after = rate_at(self.learning_rate, jnp.maximum(now - self.warmup_steps, 0.0))
        return jnp.where(now < self.warmup_steps, self.initial_learning_rate + rise, after)


class OneCycle(LearningRateSchedule):
    """One rise and one long fall over the whole training, both along half a cosine wave.

    From `max_learning_rate / start_divisor` up to `max_learning_rate` in the first
    `warmup_fraction` of `total_steps`, then down to the start divided by `end_divisor`.

    Args:
        max_learning_rate: The highest rate, at least 0.
        total_steps: Steps of the whole training, above 0.
        warmup_fraction: Share of the steps spent rising, above 0 and below 1.
        start_divisor: The highest rate divided by the first, above 0.
        end_divisor: The first rate divided by the last, above 0.
        name: A name of one's own.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import pellucid
        >>> rate = pellucid.optimizers.schedules.OneCycle(1.0, 100, start_divisor=4.0)
        >>> [round(float(rate(step)), 4) for step in (0, 30, 65, 100)]
        [0.25, 1.0, 0.5, 0.0]

    Source: Smith and Topin, "Super-convergence" (2018).
    Differs from Keras: not in Keras; the same curve as PyTorch's `OneCycleLR`.
    """

    max_learning_rate: float = number(low=0)
    total_steps: float = number(above=0, meaning=STEPS)
    warmup_fraction: float = number(default=0.3, above=0, below=1)
    start_divisor: float = number(default=25.0, above=0)
    end_divisor: float = number(default=1e4, above=0)
    name: str | None = text(default="OneCycle", identity=True)

    def __call__(self, step: Array) -> Array:
        passed = jnp.minimum(jnp.asarray(step, jnp.float32) / self.total_steps, 1.0)
        first = self.max_learning_rate / self.start_divisor
        last = first / self.end_divisor
        up = 1.0 - half_cosine(jnp.minimum(passed / self.warmup_fraction, 1.0))
        down = half_cosine((passed - self.warmup_fraction) / (1.0 - self.warmup_fraction))
        rising = first + (self.max_learning_rate - first) * up
        falling = last + (self.max_learning_rate - last) * down
        return jnp.where(passed < self.warmup_fraction, rising, falling)
