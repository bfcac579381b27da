"""The Keras-shaped face: models to compile, fit, evaluate, predict and save."""

from pellucid.models.ensemble import Ensemble, Recalibration
from pellucid.models.model import Model
from pellucid.models.sequential import Sequential
from pellucid.models.storing import clone_model, load_model, model_from_json
from pellucid.models.treatment import Treatment

__all__ = [
    "Ensemble",
    "Model",
    "Recalibration",
    "Sequential",
    "Treatment",
    "clone_model",
    "load_model",
    "model_from_json",
]
