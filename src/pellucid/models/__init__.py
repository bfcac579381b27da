"""The Keras-shaped face: models to compile, fit, evaluate, predict and save."""

from pellucid.models.model import Model as Model
from pellucid.models.sequential import Sequential as Sequential
from pellucid.models.storing import (
    clone_model as clone_model,
    load_model as load_model,
    model_from_json as model_from_json,
)
