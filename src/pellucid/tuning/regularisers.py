"""What a strength of each kind of regularisation sets, in a model or in how it is trained."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.callbacks import SWA, EarlyStopping
from pellucid.errors import Problem, report
from pellucid.graph.editing import layer_paths
from pellucid.layers import Layer
from pellucid.layers.image.random_image import RandomImage
from pellucid.models.model import Model
from pellucid.training.policies import listed_callbacks
from pellucid.tuning.blueprint import Blueprint, suggestion

STRENGTHS = (0.0, *(float(f"{one:.3g}") for one in np.logspace(-5, 0, 11)))
SHARES = tuple(round(0.1 * tenth, 1) for tenth in range(9))
GRIDS: Mapping[str, tuple[float, ...]] = {
    "l1": STRENGTHS,
    "l2": STRENGTHS,
    "weight_decay": STRENGTHS,
    "stddev": STRENGTHS,
    "dropout": SHARES,
    "rate": SHARES,
    "augmentation": (0.0, 0.25, 0.5, 0.75, 1.0),
    "label_smoothing": (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5),
    "mixup": (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2),
    "max_value": (0.25, 0.5, 1.0, 2.0, 4.0, 8.0),
    "clipnorm": (0.001, 0.01, 0.1, 1.0, 10.0),
    "ema": (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999),
}
"""Strengths that are tried where none are given, by the last part of the name."""

OF_KERNELS = {
    "l1": "kernel_regularizer.l1",
    "l2": "kernel_regularizer.l2",
    "max_norm": "kernel_constraint.max_value",
}
"""Short names of what all layers with a kernel have or can be given."""

SHORT = {
    "clipnorm": "optimizer.clipnorm",
    "weight_decay": "optimizer.weight_decay",
    "label_smoothing": "loss.label_smoothing",
    "dropout": "Dropout.rate",
    "noise": "GaussianNoise.stddev",
}
"""Short names of parameters."""

POLICIES = {"early_stopping": EarlyStopping, "swa": SWA}
"""Policies of a fit, by what their strength is called."""

KINDS = (*OF_KERNELS, *SHORT, "augmentation", "ema", "mixup", *POLICIES)
"""Names of all that a model has of one kind."""

FACTORS = ("factor", "height_factor", "width_factor", "frequency", "time")
"""Fields of the layers that vary images and spectrograms, 0 of which leaves them as they are."""

WEAKER_UPWARDS = (
    "epochs",
    "batch_size",
    "early_stopping",
    "units",
    "filters",
    "clipnorm",
    "clipvalue",
    "max_value",
    "width",
)
"""Last parts of names whose smaller values are the stronger ones."""


@dataclass(frozen=True)
class Setting:
    """What one strength sets.

    Args:
        values: Parameters of a blueprint, by name.
        policies: What is added to the callbacks of the fit.
    """

    values: Mapping[str, Any]
    policies: Sequence[Any] = ()


def last_part(over: str) -> str:
    """Return the last part of what a name stands for."""
    return {**OF_KERNELS, **SHORT}.get(over, over).rpartition(".")[2]


def grid_of(over: str, epochs: int) -> tuple[float, ...] | None:
    """Return the strengths to try where none are given; None where nobody knows.

    Args:
        over: Name of the regulariser.
        epochs: Epochs of the fit.
    """
    if over in POLICIES:
        return tuple(float(1 << power) for power in range(epochs.bit_length()))
    return GRIDS.get(over) or GRIDS.get(last_part(over))


def settings_of(
    blueprint: Blueprint, over: str, fit: Mapping[str, Any], where: str
) -> Callable[[float], Setting]:
    """Return what tells for each strength what it sets.

    Args:
        blueprint: The model.
        over: Name of the regulariser, or of one parameter.
        fit: Arguments of `fit`.
        where: The function that the user called.

    Raises:
        ArgumentError: The model has no such thing, or the fit has the policy already.
    """
    if over in POLICIES:
        return _by_policy(over, fit, where)
    source = blueprint.source
    if not isinstance(source, Model):
        blueprint.check([over])
        return lambda strength: Setting({over: strength})
    if over == "ema":
        return lambda strength: Setting(
            {"optimizer.use_ema": True, "optimizer.ema_momentum": strength}
        )
    if over == "augmentation":
        return _by_share(_factors(source, where))
    names = _names(blueprint, source, over, where)
    return lambda strength: Setting(dict.fromkeys(names, strength))


def _by_policy(over: str, fit: Mapping[str, Any], where: str) -> Callable[[float], Setting]:
    kind, epochs = POLICIES[over], fit.get("epochs", 1)
    report(
        Problem(f"{where}(callbacks=...)", f"{one!r} beside over='{over}'", "none of its kind")
        for one in listed_callbacks(fit.get("callbacks"))
        if isinstance(one, kind)
    )
    if kind is SWA:
        return lambda strength: Setting({}, [SWA(start=epochs - strength)])
    return lambda strength: Setting(
        {}, [EarlyStopping(patience=strength, restore_best_weights=True)]
    )


def _factors(source: Model, where: str) -> dict[str, Any]:
    """Return how much the layers of a model vary what comes in, by the names of parameters."""
    found = {
        f"{path}.{name}": getattr(layer, name)
        for path, layer in layer_paths(source.graph)
        if isinstance(layer, RandomImage)
        for name in FACTORS
        if getattr(layer, name, None) is not None
    }
    if not found:
        fix = "Such as RandomRotation(0.1). RandomFlip and RandomCrop have no strength."
        expected = "a model with layers that vary images by a factor"
        report([Problem(f"{where}(over=...)", "'augmentation'", expected, fix)])
    return found


def _by_share(factors: Mapping[str, Any]) -> Callable[[float], Setting]:
    """Return what multiplies factors, each a number or a range, by the strength."""

    def scaled(factor: Any, strength: float) -> Any:
        several = isinstance(factor, tuple)
        return tuple(one * strength for one in factor) if several else factor * strength

    return lambda strength: Setting(
        {name: scaled(factor, strength) for name, factor in factors.items()}
    )


def _has(layer: Layer, parameter: str) -> bool:
    return hasattr(layer, parameter.partition(".")[0])


def _names(blueprint: Blueprint, source: Model, over: str, where: str) -> list[str]:
    """Return the names of the parameters that are meant."""
    if over in OF_KERNELS:
        own = OF_KERNELS[over]
        found = [f"{path}.{own}" for path, layer in layer_paths(source.graph) if _has(layer, own)]
    else:
        found = [SHORT.get(over, over)]
    known = [*blueprint.known()]
    missing = [name for name in found if name not in known]
    if missing or not found:
        fix = suggestion(over, [*KINDS, *known])
        if over in SHORT:
            fix = f"The model has nothing that it would belong to: {SHORT[over]}."
        report([Problem(f"{where}(over=...)", repr(over), "a parameter of the model", fix)])
    return found
