"""The contract of a schedule, and the fields that take a number or a schedule."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from jax.core import Tracer

from pellucid.description import Converter, Description, Refusal, number
from pellucid.errors import ArgumentError
from pellucid.types import Array
from pellucid.vocabulary import Vocabulary


class LearningRateSchedule(Description):
    """Base of the schedules: a learning rate that is a function of the step.

    A schedule of one's own declares its numbers as fields and computes the rate from the
    step with `jax.numpy`; numbers declared with `number` may change without a new
    compilation.

    Example:
        >>> import jax.numpy as jnp, pellucid
        >>> class InverseRoot(pellucid.optimizers.schedules.LearningRateSchedule):
        ...     start: float = 0.1
        ...     def __call__(self, step):
        ...         return self.start / jnp.sqrt(step + 1.0)
        >>> float(InverseRoot(start=0.5)(3))
        0.25
        >>> optimizer = pellucid.optimizers.Adam(learning_rate=InverseRoot())

    Raises:
        ArgumentError: A subclass defines `__init__` instead of declaring fields.

    Differs from Keras: fields are declared instead of assigned in `__init__`, so that two
    schedules with other numbers are never taken for the same program.
    """

    kind: ClassVar[str] = "schedule"

    def __init_subclass__(cls, **options: Any) -> None:
        if "__init__" in cls.__dict__:
            raise ArgumentError(
                f"{cls.__name__}: got a schedule with its own __init__, expected declared fields. "
                "Write one line for each argument instead, such as 'warmup_steps: float = 4000', "
                "and leave __init__ and get_config out."
            )
        super().__init_subclass__(**options)

    def __call__(self, step: Array) -> Array:
        """Return the learning rate at `step`, a whole number that counts from 0."""
        raise NotImplementedError(f"{type(self).__name__} must define __call__(step).")


SCHEDULES = Vocabulary("schedule", {})
"""The closed vocabulary of schedules, filled by `catalogue`: a schedule may hold another."""

STEPS = "a number of training steps"
"""What messages call numbers of steps, which programs take as data."""

Rate = float | LearningRateSchedule
"""A learning rate: a number, or a schedule that gives one for each step."""

_convert_number = number(low=0).metadata["convert"]


def to_rate(value: Any) -> Any:
    """Return `value` if it can be a learning rate: a number at least 0, or a schedule."""
    if isinstance(value, (LearningRateSchedule, Tracer)):
        return value
    if isinstance(value, Mapping):
        return SCHEDULES.get(value)
    if getattr(value, "ndim", None) == 0:
        value = np.asarray(value).item()
    try:
        return float(_convert_number(value))
    except Refusal as refusal:
        fix = ""
        if isinstance(value, type) and issubclass(value, LearningRateSchedule):
            fix = f"Make an object of it: {value.__name__}(...)."
        elif callable(value):
            fix = "Write a subclass of LearningRateSchedule with __call__(self, step)."
        raise Refusal(f"{refusal.expected} or a schedule", fix) from None


def rate_at(rate: Any, step: Array) -> Array:
    """Return the learning rate that `rate`, a number or a schedule, gives at `step`."""
    return rate(step) if isinstance(rate, LearningRateSchedule) else rate


def to_number_tuple(low: float | None = None) -> Converter:
    """Return what turns a list into a tuple of numbers, each at least `low`."""
    convert_one = number(low=low).metadata["convert"]

    def convert(value: Any) -> tuple[float, ...]:
        if isinstance(value, (str, Mapping)) or not hasattr(value, "__iter__"):
            raise Refusal("a list of numbers")
        return tuple(convert_one(one) for one in value)

    return convert
