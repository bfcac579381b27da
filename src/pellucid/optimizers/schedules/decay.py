"""Schedules by which the learning rate falls with time: powers, fractions and stairs."""

from collections.abc import Iterator

import jax.numpy as jnp

from pellucid.description import flag, number, option, text
from pellucid.errors import Problem
from pellucid.optimizers.schedules.base import STEPS, LearningRateSchedule, to_number_tuple
from pellucid.types import Array


def _progress(step: Array, decay_steps: Array, staircase: bool) -> Array:
    """Return how many periods of `decay_steps` have passed; whole ones for a staircase."""
    passed = jnp.asarray(step, jnp.float32) / decay_steps
    return jnp.floor(passed) if staircase else passed


class ExponentialDecay(LearningRateSchedule):
    """A rate that is multiplied by the same factor in every period.

    `initial_learning_rate * decay_rate ** (step / decay_steps)`

    Args:
        initial_learning_rate: Rate at step 0, at least 0.
        decay_steps: Steps in which the rate is multiplied by `decay_rate` once, above 0.
        decay_rate: The factor, at least 0; below 1 for a falling rate.
        staircase: Whether the rate changes only at the end of each period.
        name: A name of one's own.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import pellucid
        >>> decay = pellucid.optimizers.schedules.ExponentialDecay(0.5, 10, 0.25)
        >>> float(decay(0)), float(decay(5)), float(decay(10))
        (0.5, 0.25, 0.125)
    """

    initial_learning_rate: float = number(low=0)
    decay_steps: float = number(above=0, meaning=STEPS)
    decay_rate: float = number(low=0)
    staircase: bool = flag(default=False)
    name: str | None = text(default="ExponentialDecay", identity=True)

    def __call__(self, step: Array) -> Array:
        periods = _progress(step, self.decay_steps, self.staircase)
        return self.initial_learning_rate * jnp.power(self.decay_rate, periods)


class InverseTimeDecay(LearningRateSchedule):
    """A rate that falls as one over the time, as `decay=` did in Keras 2.

    `initial_learning_rate / (1 + decay_rate * step / decay_steps)`

    Args:
        initial_learning_rate: Rate at step 0, at least 0.
        decay_steps: Length of a period in steps, above 0.
        decay_rate: What each period adds to the divisor, at least 0.
        staircase: Whether the rate changes only at the end of each period.
        name: A name of one's own.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import pellucid
        >>> decay = pellucid.optimizers.schedules.InverseTimeDecay(1.0, 1, 0.5)
        >>> [float(decay(step)) for step in (0, 2, 6)]
        [1.0, 0.5, 0.25]

    Source: Robbins and Monro, "A stochastic approximation method" (1951).
    """

    initial_learning_rate: float = number(low=0)
    decay_steps: float = number(above=0, meaning=STEPS)
    decay_rate: float = number(low=0)
    staircase: bool = flag(default=False)
    name: str | None = text(default="InverseTimeDecay", identity=True)

    def __call__(self, step: Array) -> Array:
        periods = _progress(step, self.decay_steps, self.staircase)
        return self.initial_learning_rate / (1 + self.decay_rate * periods)


class PolynomialDecay(LearningRateSchedule):
    """A rate that falls to its end along a power of the time that is left.

    `(initial - end) * (1 - step / decay_steps) ** power + end`, and `end` from then on.

    Args:
        initial_learning_rate: Rate at step 0, at least 0.
        decay_steps: Steps until the end is reached, above 0.
        end_learning_rate: Rate at the end, at least 0.
        power: 1 for a straight line, above 1 for a curve that falls early.
        cycle: Whether, instead of staying at the end, the rate jumps back up and falls again
            over twice, three times ... `decay_steps`.
        name: A name of one's own.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import pellucid
        >>> decay = pellucid.optimizers.schedules.PolynomialDecay(1.0, 4, end_learning_rate=0.0)
        >>> [float(decay(step)) for step in (0, 2, 4, 9)]
        [1.0, 0.5, 0.0, 0.0]
    """

    initial_learning_rate: float = number(low=0)
    decay_steps: float = number(above=0, meaning=STEPS)
    end_learning_rate: float = number(default=0.0001, low=0)
    power: float = number(default=1.0, low=0)
    cycle: bool = flag(default=False)
    name: str | None = text(default="PolynomialDecay", identity=True)

    def __call__(self, step: Array) -> Array:
        now = jnp.asarray(step, jnp.float32)
        if self.cycle:
            cycles = jnp.where(now == 0, 1.0, jnp.ceil(now / self.decay_steps))
            passed = now / (self.decay_steps * cycles)
        else:
            passed = jnp.minimum(now, self.decay_steps) / self.decay_steps
        height = self.initial_learning_rate - self.end_learning_rate
        return height * jnp.power(1 - passed, self.power) + self.end_learning_rate


class PiecewiseConstantDecay(LearningRateSchedule):
    """A rate that is constant between given steps.

    `values[0]` up to and including step `boundaries[0]`, then `values[1]` up to and including
    `boundaries[1]`, and so on; `values[-1]` after the last boundary.

    Args:
        boundaries: Steps after which the rate changes, rising.
        values: The rates, one more than there are boundaries, each at least 0.
        name: A name of one's own.

    Raises:
        ArgumentError: The lengths do not fit, or the boundaries do not rise.

    Example:
        >>> import pellucid
        >>> decay = pellucid.optimizers.schedules.PiecewiseConstantDecay([10, 20], [1, 0.5, 0.25])
        >>> [float(decay(step)) for step in (0, 10, 11, 20, 21)]
        [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    boundaries: tuple[float, ...] = option(convert=to_number_tuple(), tunable=True)
    values: tuple[float, ...] = option(convert=to_number_tuple(low=0), tunable=True)
    name: str | None = text(default="PiecewiseConstant", identity=True)

    def problems(self) -> Iterator[Problem]:
        where = type(self).__name__
        if len(self.values) != len(self.boundaries) + 1:
            yield Problem(
                where,
                f"{len(self.boundaries)} boundaries and {len(self.values)} values",
                "one value more than boundaries",
                "The last value is the rate after the last boundary.",
            )
        if not self.boundaries:
            yield Problem(where, "no boundaries", "at least one", "Use a plain number instead.")
        pairs = zip(self.boundaries, self.boundaries[1:], strict=False)
        if any(later <= earlier for earlier, later in pairs):
            yield Problem(f"{where}(boundaries=...)", repr(self.boundaries), "rising steps")

    def __call__(self, step: Array) -> Array:
        now = jnp.asarray(step, jnp.float32)
        rate = jnp.asarray(self.values[0], jnp.float32)
        for boundary, value in zip(self.boundaries, self.values[1:], strict=True):
            rate = jnp.where(now > boundary, value, rate)
        return rate
