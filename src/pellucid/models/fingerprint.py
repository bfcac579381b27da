"""By what a compiled model is told from others, in any process and on any machine."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from pellucid.description import Description
from pellucid.models.last_run import compile_settings
from pellucid.models.renewing import set_before_training
from pellucid.types import NumpyArray
from pellucid.wording import count_text

DIGITS = 9
"""Digits of a number that count: the last ones depend on the processor that computed it."""

LETTERS = 12
"""Letters of a digest; enough that two models of one search never share one."""


def fingerprint(model: Any) -> dict[str, str]:
    """Return what the model is as short words by name; equal for models that differ in seeds.

    Names of layers do not count, nor do weights that the seed drew. Of a Python function only
    its name counts.

    Args:
        model: A built and compiled model.

    Example:
        >>> import pellucid
        >>> from pellucid.models.fingerprint import fingerprint
        >>> def build(units):
        ...     layers = [pellucid.Input((2,)), pellucid.layers.Dense(units)]
        ...     model = pellucid.Sequential(layers)
        ...     model.compile("sgd", "mse")
        ...     return model
        >>> fingerprint(build(3))["loss"]
        '[MeanSquaredError()]'
        >>> found = [fingerprint(build(units)) for units in (3, 3, 4)]
        >>> found[0] == found[1], found[0] == found[2]
        (True, False)
    """
    network, compiled = model.network, model.compiled
    paths = {weight.path: number for number, weight in enumerate(network.weights)}
    given = {paths[path]: value for path, value in set_before_training(model).items()}
    parts = [
        [words_of(layer) for layer in network.layers],
        [(one.layer, one.inputs, one.settings, one.part) for one in network.nodes],
        [network.inputs, network.outputs, network.shapes, network.dtypes],
        [(number, words_of(given[number])) for number in sorted(given)],
    ]
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:LETTERS]
    size = sum(network.weights[number].spec.size for number in network.lasting)
    settings = compile_settings(compiled)
    return {
        "model": f"{count_text(size, 'weight')} in {count_text(len(network.layers), 'layer')}, "
        f"digest {digest}",
        "optimizer": words_of(settings["optimizer"]),
        "loss": words_of(list(compiled.losses)),
        "loss_weights": words_of(list(compiled.loss_weights)),
        "metrics": words_of([list(one) for one in compiled.metrics]),
        "weighted_metrics": words_of([list(one) for one in compiled.weighted_metrics]),
    }


def words_of(value: Any) -> str:
    """Return a value in words that are the same in every process.

    Example:
        >>> import pellucid
        >>> from pellucid.models.fingerprint import words_of
        >>> words_of([pellucid.optimizers.SGD(0.1 + 0.2), None, len])
        '[SGD(learning_rate=0.3), None, len]'
    """
    if isinstance(value, Description):
        told = [
            f"{one.name}={words}"
            for one in fields(value)  # type: ignore[arg-type]
            if not one.metadata.get("identity")
            and (words := words_of(getattr(value, one.name))) != words_of(one.default)
        ]
        return f"{type(value).__qualname__}({', '.join(told)})"
    if isinstance(value, (bool, str)) or value is None:
        return repr(value)
    if isinstance(value, (int, float, np.number)):
        return f"{value:.{DIGITS}g}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(words_of, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {words_of(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, np.ndarray):
        return _of_array(value)
    return getattr(value, "__qualname__", type(value).__qualname__)


def _of_array(value: NumpyArray) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()[:LETTERS]
    return f"{value.dtype}{value.shape} {digest}"
