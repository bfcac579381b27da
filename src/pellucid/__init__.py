"""Pellucid: a deep-learning framework that you can see through.

Everything is imported when it is first used, so that `import pellucid` and the command line
are quick.
"""

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Ensemble",
    "Input",
    "Model",
    "PellucidClassifier",
    "PellucidError",
    "PellucidRegressor",
    "PellucidWarning",
    "Sequential",
    "Tunable",
    "__version__",
    "activations",
    "backend",
    "best_threshold",
    "bootstrap",
    "calibration",
    "callbacks",
    "clone_model",
    "compare",
    "constraints",
    "cross_validate",
    "data",
    "decoding",
    "errors",
    "estimators",
    "initializers",
    "insight",
    "layers",
    "learning_curve",
    "load_model",
    "losses",
    "metrics",
    "model_from_json",
    "models",
    "optimizers",
    "permutation_importance",
    "preprocessing",
    "regularisation_path",
    "regularizers",
    "report",
    "saving",
    "tasks",
    "training",
    "tune",
    "tuning",
    "utils",
    "validation_curve",
]

_HOMES = {
    "Ensemble": "pellucid.models",
    "Input": "pellucid.layers",
    "Model": "pellucid.models",
    "PellucidClassifier": "pellucid.estimators",
    "PellucidError": "pellucid.errors",
    "PellucidRegressor": "pellucid.estimators",
    "PellucidWarning": "pellucid.errors",
    "Sequential": "pellucid.models",
    "Tunable": "pellucid.tunable",
    "best_threshold": "pellucid.tuning.threshold",
    "bootstrap": "pellucid.tuning.bootstrapping",
    "calibration": "pellucid.tuning.calibration",
    "clone_model": "pellucid.models",
    "compare": "pellucid.tuning.comparison",
    "cross_validate": "pellucid.tuning.cross_validation",
    "learning_curve": "pellucid.tuning.learning_curve",
    "load_model": "pellucid.models",
    "model_from_json": "pellucid.models",
    "permutation_importance": "pellucid.tuning.permutation_importance",
    "regularisation_path": "pellucid.tuning.regularisation_path",
    "tune": "pellucid.tuning",
    "validation_curve": "pellucid.tuning.validation_curve",
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
        tuning,
        utils,
    )
    from pellucid.errors import PellucidError, PellucidWarning
    from pellucid.estimators import PellucidClassifier, PellucidRegressor
    from pellucid.layers import Input
    from pellucid.models import (
        Ensemble,
        Model,
        Sequential,
        clone_model,
        load_model,
        model_from_json,
    )
    from pellucid.tunable import Tunable
    from pellucid.tuning import tune
    from pellucid.tuning.bootstrapping import bootstrap
    from pellucid.tuning.calibration import calibration
    from pellucid.tuning.comparison import compare
    from pellucid.tuning.cross_validation import cross_validate
    from pellucid.tuning.learning_curve import learning_curve
    from pellucid.tuning.permutation_importance import permutation_importance
    from pellucid.tuning.regularisation_path import regularisation_path
    from pellucid.tuning.threshold import best_threshold
    from pellucid.tuning.validation_curve import validation_curve


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
