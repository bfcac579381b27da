"""Learning rates that are a function of the step, by Keras's names."""

from pellucid.optimizers.schedules.base import LearningRateSchedule
from pellucid.optimizers.schedules.catalogue import SCHEDULES, get
from pellucid.optimizers.schedules.cosine import CosineDecay, CosineDecayRestarts
from pellucid.optimizers.schedules.decay import (
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)
from pellucid.optimizers.schedules.warmup import LinearWarmup, OneCycle

__all__ = [
    "SCHEDULES",
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "LinearWarmup",
    "OneCycle",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "get",
]
