"""Pellucid: a deep-learning framework that you can see through.

Everything is imported when it is first used, so that `import pellucid` and the command line
are quick.
"""

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_MODULES = (
    "activations",
    "backend",
    "callbacks",
    "constraints",
    "data",
    "errors",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "report",
    "saving",
    "tasks",
    "training",
    "utils",
)
_NAMES = {
    "Input": "pellucid.layers",
    "Model": "pellucid.models",
    "PellucidError": "pellucid.errors",
    "PellucidWarning": "pellucid.errors",
    "Sequential": "pellucid.models",
    "clone_model": "pellucid.models",
    "load_model": "pellucid.models",
    "model_from_json": "pellucid.models",
}

__all__ = [*_MODULES, *_NAMES, "__version__"]  # noqa: PLE0604

if TYPE_CHECKING:
    from pellucid import (
        activations as activations,
        backend as backend,
        callbacks as callbacks,
        constraints as constraints,
        data as data,
        errors as errors,
        initializers as initializers,
        layers as layers,
        losses as losses,
        metrics as metrics,
        models as models,
        optimizers as optimizers,
        regularizers as regularizers,
        report as report,
        saving as saving,
        tasks as tasks,
        training as training,
        utils as utils,
    )
    from pellucid.errors import PellucidError as PellucidError, PellucidWarning as PellucidWarning
    from pellucid.layers import Input as Input
    from pellucid.models import (
        Model as Model,
        Sequential as Sequential,
        clone_model as clone_model,
        load_model as load_model,
        model_from_json as model_from_json,
    )


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"pellucid.{name}")
    if name in _NAMES:
        found = getattr(importlib.import_module(_NAMES[name]), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module 'pellucid' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
