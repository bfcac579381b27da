"""The closed vocabulary of schedules: every class that a name in a file may stand for."""

from typing import Any

from pellucid.optimizers.schedules.base import SCHEDULES, LearningRateSchedule
from pellucid.optimizers.schedules.cosine import CosineDecay, CosineDecayRestarts
from pellucid.optimizers.schedules.decay import (
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)
from pellucid.optimizers.schedules.warmup import LinearWarmup, OneCycle

CLASSES: tuple[type[LearningRateSchedule], ...] = (
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    LinearWarmup,
    OneCycle,
    PiecewiseConstantDecay,
    PolynomialDecay,
)

SCHEDULES.add({cls.__name__: cls for cls in CLASSES})


def get(identifier: Any) -> Any:
    """Return the schedule meant by a configuration or object.

    Example:
        >>> import pellucid
        >>> schedules = pellucid.optimizers.schedules
        >>> decay = schedules.InverseTimeDecay(0.1, 10, 0.5)
        >>> schedules.get({"class": "schedule.InverseTimeDecay", "config": decay.get_config()})
        InverseTimeDecay(initial_learning_rate=0.1, decay_steps=10, decay_rate=0.5)
    """
    return SCHEDULES.get(identifier)
