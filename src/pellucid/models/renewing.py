"""New models of the same kind: as a model was before it was ever trained, with another seed."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pellucid.graph.editing import copied
from pellucid.layers import Normalization
from pellucid.layers.variables import variables_of
from pellucid.models.last_run import compile_settings
from pellucid.models.storing import model_around
from pellucid.types import NumpyArray


def renewed(model: Any, seed: int) -> Any:
    """Return a compiled model like `model`, whose first weights `seed` draws.

    Weights that were set before training, such as those of an embedding read from a file or the
    statistics of a `Normalization`, are taken over; what training has changed is not.

    Args:
        model: A built model; compiled, or the copy is not compiled either.
        seed: Seed of weights, order and noise.
    """
    copy = model_around(copied(model.graph), seed)
    copy.name_outputs(model.named_outputs)
    if model.compiled is not None:
        copy.compile(**compile_settings(model.compiled))
    place(copy, set_before_training(model))
    return copy


def seeded(model: Any, seed: int) -> Any:
    """Return a model that was just built, with another seed."""
    if not model.built or all(variables_of(layer) is None for layer in model.graph.layers()):
        model.seed = seed
        return model
    return renewed(model, seed)


def place(model: Any, weights: Mapping[str, NumpyArray]) -> None:
    """Set those of a model's weights that have these paths and shapes."""
    if not weights:
        return
    held = model.variables()
    for weight in model.network.weights:
        value = weights.get(weight.path)
        if value is not None and value.shape == weight.spec.shape:
            held[weight.layer].set(weight.name, value)


def set_before_training(model: Any) -> dict[str, NumpyArray]:
    """Return the weights that were not drawn by the model's seed before its first fit, by path."""
    network = model.network
    if model.progress_made.epochs:
        lasting = [one for one in network.carried if _never_trained(network, one)]
    else:
        lasting = list(network.lasting)
    held = network.values(model.seed)
    fresh = network.drawn(model.seed)
    return {
        network.weights[number].path: held[number]
        for number in lasting
        if number in network.lasting
        and not (number in fresh and np.array_equal(held[number], fresh[number]))
    }


def _never_trained(network: Any, number: int) -> bool:
    layer = network.layers[network.weights[number].layer]
    return isinstance(layer, Normalization) or not layer.trainable
