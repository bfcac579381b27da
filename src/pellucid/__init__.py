"""Pellucid: a deep-learning framework that you can see through.

Everything is imported when it is first used, so that `import pellucid` and the command line
are quick.
"""

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Input",
    "Model",
    "PellucidClassifier",
    "PellucidError",
    "PellucidRegressor",
    "PellucidWarning",
    "Sequential",
    "__version__",
    "activations",
    "backend",
    "callbacks",
    "clone_model",
    "constraints",
    "data",
    "decoding",
    "errors",
    "estimators",
    "initializers",
    "insight",
    "layers",
    "load_model",
    "losses",
    "metrics",
    "model_from_json",
    "models",
    "optimizers",
    "preprocessing",
    "regularizers",
    "report",
    "saving",
    "tasks",
    "training",
    "utils",
]

_HOMES = {
    "Input": "pellucid.layers",
    "Model": "pellucid.models",
    "PellucidClassifier": "pellucid.estimators",
    "PellucidError": "pellucid.errors",
    "PellucidRegressor": "pellucid.estimators",
    "PellucidWarning": "pellucid.errors",
    "Sequential": "pellucid.models",
    "clone_model": "pellucid.models",
    "load_model": "pellucid.models",
    "model_from_json": "pellucid.models",
}
"""Where the classes and functions live; every other public name is a module."""

if TYPE_CHECKING:
    from pellucid import (
        activations,
        backend,
        callbacks,
        constraints,
        data,
        decoding,
        errors,
        estimators,
        initializers,
        insight,
        layers,
        losses,
        metrics,
        models,
        optimizers,
        preprocessing,
        regularizers,
        report,
        saving,
        tasks,
        training,
        utils,
    )
    from pellucid.errors import PellucidError, PellucidWarning
    from pellucid.estimators import PellucidClassifier, PellucidRegressor
    from pellucid.layers import Input
    from pellucid.models import Model, Sequential, clone_model, load_model, model_from_json


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        found = getattr(importlib.import_module(_HOMES[name]), name)
        globals()[name] = found
        return found
    if name in __all__:
        return importlib.import_module(f"pellucid.{name}")
    raise AttributeError(f"module 'pellucid' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
