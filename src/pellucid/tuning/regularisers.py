"""What a strength of each kind of regularisation sets, in a model or in how it is trained."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid import layers
from pellucid.callbacks import SWA, EarlyStopping
from pellucid.errors import Problem, near, report
from pellucid.graph.editing import layer_paths
from pellucid.layers import Layer
from pellucid.layers.image.random_image import RandomImage
from pellucid.models.model import Model
from pellucid.training.policies import listed_callbacks
from pellucid.tuning.blueprint import Blueprint, suggestion
from pellucid.tuning.space import plain

Strength = float | None
"""How strong a regulariser is; None for one that is off, where no number says that."""

STRENGTHS = (0.0, *(float(f"{one:.3g}") for one in np.logspace(-5, 0, 11)))
SHARES = tuple(round(0.1 * tenth, 1) for tenth in range(9))
GRIDS: Mapping[str, tuple[Strength, ...]] = {
    "l1": STRENGTHS,
    "l2": STRENGTHS,
    "weight_decay": STRENGTHS,
    "stddev": STRENGTHS,
    "dropout": SHARES,
    "rate": SHARES,
    "augmentation": (0.0, 0.25, 0.5, 0.75, 1.0),
    "label_smoothing": (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5),
    "mixup": (None, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2),
    "max_value": (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, None),
    "clipnorm": (0.001, 0.01, 0.1, 1.0, 10.0, None),
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

BOUNDS = ("clipnorm", "clipvalue", "global_clipnorm", "max_value")
"""Last parts of the names of bounds, which None takes off."""

OFF = ("mixup", *BOUNDS)
"""Last parts of the names of what None switches off."""

WEAKER_UPWARDS = (*BOUNDS, "epochs", "batch_size", "early_stopping", "units", "filters", "width")
"""Last parts of names whose smaller values are the stronger ones."""

COUNTS = ("epochs", "batch_size", "units", "filters", "width")
"""Last parts of the names of whole numbers."""


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


def strength_text(strength: Strength) -> str:
    """Return how tables and messages call a strength."""
    return "off" if strength is None else f"{strength:g}"


def grid_of(over: str, epochs: int) -> tuple[Strength, ...] | None:
    """Return the strengths to try where none are given; None where nobody knows.

    Args:
        over: Name of the regulariser.
        epochs: Epochs of the fit.
    """
    if over in POLICIES:
        return tuple(float(1 << power) for power in range(epochs.bit_length()))
    return GRIDS.get(over) or GRIDS.get(last_part(over))


def checked_strengths(over: str, found: Sequence[Any], place: str) -> tuple[Strength, ...]:
    """Return strengths in ascending order, one that is off at the weaker end.

    Args:
        over: Name of the regulariser.
        found: What was given.
        place: What messages call it.

    Raises:
        ArgumentError: One is no finite number, or None where that means nothing.
    """
    own = last_part(over)
    report(problem for one in found for problem in _strength_problems(own, one, place))
    different = {_strength(own, one) for one in found}
    numbers = sorted(one for one in different if one is not None)
    if None not in different:
        return tuple(numbers)
    return (*numbers, None) if own in WEAKER_UPWARDS else (None, *numbers)


def _strength(own: str, given: Any) -> Strength:
    """Return a strength as it is set: no mixing is None to `fit`."""
    return None if own == "mixup" and given == 0 else plain(given)


def _strength_problems(own: str, given: Any, place: str) -> Iterator[Problem]:
    if given is None:
        if own not in OFF:
            fix = "" if own in COUNTS or own in POLICIES else "For none write 0."
            yield Problem(place, "None", "numbers", fix)
    elif not isinstance(given, (int, float, np.number)) or not np.isfinite(given):
        fix = "For no bound write None, such as values=[0.1, 1.0, None]." if own in BOUNDS else ""
        yield Problem(place, repr(given), "numbers", fix)
    elif own in BOUNDS and given <= 0:
        fix = "For no bound write None, such as values=[0.1, 1.0, None]."
        yield Problem(place, repr(given), "numbers above 0", fix)


def settings_of(
    blueprint: Blueprint, over: str, fit: Mapping[str, Any], where: str
) -> Callable[[Any], Setting]:
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
    return lambda strength: Setting(dict(_value(name, strength) for name in names))


def _value(name: str, strength: Strength) -> tuple[str, Any]:
    """Return a parameter and its value: of a constraint without a bound the constraint itself."""
    owner, _, own = name.rpartition(".")
    return (owner, None) if own == "max_value" and strength is None else (name, strength)


def _by_policy(over: str, fit: Mapping[str, Any], where: str) -> Callable[[Any], Setting]:
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


def _by_share(factors: Mapping[str, Any]) -> Callable[[Any], Setting]:
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
        fix = _missing(over, [*known])
        report([Problem(f"{where}(over=...)", repr(over), "a parameter of the model", fix)])
    return found


def _missing(over: str, known: Sequence[str]) -> str:
    """Return what to do where a model has no such parameter."""
    full = SHORT.get(over, over)
    owner = full.partition(".")[0]
    layer = getattr(layers, owner, None)
    held = any(name.startswith(f"{owner}.") for name in known)
    if isinstance(layer, type) and issubclass(layer, Layer) and not held:
        return f"The model has no {owner} layer: add one."
    if over in SHORT:
        return f"The model has nothing that it would belong to: {full}."
    close = near(over, [*KINDS, *known])
    if close in SHORT and SHORT[close] not in known:
        return f"Did you mean '{close}'? {_missing(close, known)}"
    return suggestion(over, [*(kind for kind in KINDS if _applies(kind, known)), *known])


def _applies(kind: str, known: Sequence[str]) -> bool:
    """Return whether a model with these parameters has something of a kind."""
    if kind == "augmentation":
        return any(name.startswith("Random") for name in known)
    if kind in OF_KERNELS:
        return any(name.endswith(OF_KERNELS[kind]) for name in known)
    return SHORT.get(kind, kind) in known or kind not in SHORT
