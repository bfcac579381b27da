"""Every optimiser, with the settings under which it is tried; and one way to step them all."""

from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from pellucid import optimizers
from pellucid.description import bind, tunables
from pellucid.optimizers.engine import apply_gradients, begin, finalize
from pellucid.tree import Layout

CASES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "SGD": (
        {},
        {"learning_rate": 0.1, "momentum": 0.9},
        {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
        {"nesterov": True},
    ),
    "RMSprop": (
        {},
        {"learning_rate": 0.05, "rho": 0.7, "epsilon": 1e-3},
        {"learning_rate": 0.02, "momentum": 0.8},
        {"learning_rate": 0.02, "centered": True},
        {"momentum": 0.5, "centered": True},
    ),
    "Adam": (
        {},
        {"learning_rate": 0.1, "beta_1": 0.5, "beta_2": 0.8, "epsilon": 1e-2},
        {"learning_rate": 0.05, "amsgrad": True},
    ),
    "AdamW": ({}, {"learning_rate": 0.1, "weight_decay": 0.2}, {"amsgrad": True}),
    "Adadelta": ({}, {"learning_rate": 1.0, "rho": 0.5, "epsilon": 1e-2}),
    "Adagrad": (
        {},
        {"learning_rate": 0.5, "initial_accumulator_value": 0.0, "epsilon": 1e-3},
        {"initial_accumulator_value": 2.0},
    ),
    "Adamax": ({}, {"learning_rate": 0.1, "beta_1": 0.5, "beta_2": 0.7, "epsilon": 1e-2}),
    "Nadam": ({}, {"learning_rate": 0.1, "beta_1": 0.5, "beta_2": 0.8, "epsilon": 1e-2}),
    "Ftrl": (
        {},
        {"learning_rate": 0.5, "learning_rate_power": -0.8},
        {"learning_rate": 0.5, "learning_rate_power": 0.0},
        {
            "learning_rate": 0.3,
            "initial_accumulator_value": 1.0,
            "l1_regularization_strength": 0.3,
            "l2_regularization_strength": 0.2,
            "l2_shrinkage_regularization_strength": 0.1,
            "beta": 0.5,
        },
    ),
    "Lion": ({}, {"learning_rate": 0.1, "beta_1": 0.8, "beta_2": 0.6}),
    "Lamb": ({}, {"learning_rate": 0.1, "beta_1": 0.5, "beta_2": 0.8, "epsilon": 1e-2}),
    "Adafactor": (
        {},
        {
            "learning_rate": 0.5,
            "beta_2_decay": -0.5,
            "epsilon_1": 1e-3,
            "epsilon_2": 1e-1,
            "clip_threshold": 0.5,
        },
        {"learning_rate": 2.0, "relative_step": False},
    ),
    "Muon": (
        {},
        {"learning_rate": 0.1, "weight_decay": 0.3, "adam_weight_decay": None},
        {"weight_decay": None, "adam_weight_decay": 0.3, "exclude_layers": ["head"]},
        {
            "learning_rate": 0.1,
            "exclude_embeddings": False,
            "adam_lr_ratio": 0.3,
            "momentum": 0.5,
            "ns_steps": 3,
            "nesterov": False,
            "rms_rate": None,
        },
        {
            "adam_beta_1": 0.5,
            "adam_beta_2": 0.8,
            "epsilon": 1e-2,
            "muon_a": 1.875,
            "muon_b": -1.25,
            "muon_c": 0.375,
        },
    ),
    "ScheduleFreeAdamW": (
        {},
        {"learning_rate": 0.1, "beta_1": 0.5, "beta_2": 0.8, "epsilon": 1e-2},
        {"learning_rate": 0.1, "warmup_steps": 4, "weight_decay": 0.3},
    ),
}
"""Each optimiser's own settings."""

SHARED: Sequence[Mapping[str, Any]] = (
    {"weight_decay": 0.3},
    {"clipnorm": 0.5},
    {"global_clipnorm": 0.5},
    {"clipvalue": 0.2},
    {"loss_scale_factor": 8.0},
    {"use_ema": True, "ema_momentum": 0.7},
    {"use_ema": True, "ema_momentum": 0.7, "ema_overwrite_frequency": 3},
    {"gradient_accumulation_steps": 3},
)
"""Settings that all optimisers share, each tried with those of `SHARED_BY`."""

SHARED_BY = ("SGD", "Muon", "ScheduleFreeAdamW")
"""One that moves a flat vector, one that moves array by array, one that starts otherwise."""

TOGETHER: Mapping[str, Any] = {
    "gradient_accumulation_steps": 2,
    "use_ema": True,
    "ema_momentum": 0.6,
    "ema_overwrite_frequency": 2,
    "weight_decay": 0.2,
    "clipnorm": 0.7,
}
"""Many of them at once, tried with every optimiser."""

SHAPES = {
    "dense/kernel": (3, 4),
    "dense/bias": (4,),
    "head/kernel": (5, 2),
    "embedding/embeddings": (4, 3),
    "conv/kernel": (2, 3, 2),
    "scale/scale": (),
}
"""Paths and shapes of the arrays that are moved: tall, wide, of every rank."""


def label(case: Any) -> str:
    """Return a readable name for a case of a parametrised test."""
    if isinstance(case, Mapping):
        return ",".join(f"{name}={value}" for name, value in case.items()) or "default"
    return str(case)


def all_cases() -> list[tuple[str, Mapping[str, Any]]]:
    """Return every optimiser with every setting of the table."""
    own = [(name, options) for name, rows in CASES.items() for options in rows]
    pairs = [(name, options) for name in SHARED_BY for options in SHARED]
    pairs += [(name, TOGETHER) for name in CASES]
    return own + [(name, {"learning_rate": 0.1, **options}) for name, options in pairs]


def sequences(steps: int) -> tuple[dict[str, np.ndarray], list[dict[str, np.ndarray]]]:
    """Return first values, and gradients for each step, by path."""
    rng = np.random.default_rng(7)

    def draw() -> dict[str, np.ndarray]:
        return {
            path: np.asarray(rng.normal(size=shape), np.float32) for path, shape in SHAPES.items()
        }

    return draw(), [draw() for _ in range(steps)]


class Stepper:
    """Moves packed arrays as the training program does: compiled, with traced numbers."""

    def __init__(self, optimizer: optimizers.Optimizer, arrays: Mapping[str, Any]) -> None:
        self.optimizer = optimizer
        self.layout = Layout(tuple(np.shape(array) for array in arrays.values()))
        self.paths = list(arrays)
        self.roles = optimizer.roles(self.paths)
        self.numbers = [np.float32(value) for _, value in tunables(optimizer)]
        self.packed = self.layout.pack_host(list(arrays.values()))
        self.state = begin(optimizer, self.layout, self.roles)
        self.steps = 0
        self._move = jax.jit(self._traced)

    def _traced(self, numbers: Any, packed: Any, slopes: Any, state: Any, step: Any) -> Any:
        bound = bind(self.optimizer, iter(numbers))
        return apply_gradients(bound, self.layout, packed, slopes, state, step, roles=self.roles)

    def move(self, gradients: Mapping[str, Any]) -> None:
        """Make one step."""
        slopes = self.layout.pack_host(list(gradients.values()))
        step = jnp.int32(self.steps)
        self.packed, self.state = self._move(self.numbers, self.packed, slopes, self.state, step)
        self.steps += 1

    def values(self) -> dict[str, np.ndarray]:
        """Return the arrays by path."""
        return self._named(self.packed)

    def kept(self) -> dict[str, np.ndarray]:
        """Return the arrays to keep after training, by path."""
        return self._named(finalize(self.optimizer, self.packed, self.state))

    def _named(self, packed: Any) -> dict[str, np.ndarray]:
        return dict(zip(self.paths, self.layout.unpack_host(np.asarray(packed)), strict=True))
