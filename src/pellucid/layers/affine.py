"""The learned factor and offset with which normalisations end."""

from collections.abc import Mapping, Sequence
from typing import Any

from pellucid.layers.weight import Weight
from pellucid.types import Array


def affine_weights(layer: Any, sizes: tuple[int, ...]) -> dict[str, Weight]:
    """Return the declarations of `gamma` if the layer scales, and of `beta` if it centers."""
    declared = {}
    if layer.scale:
        declared["gamma"] = Weight(
            sizes, layer.gamma_initializer, layer.gamma_regularizer, layer.gamma_constraint
        )
    if layer.center:
        declared["beta"] = Weight(
            sizes, layer.beta_initializer, layer.beta_regularizer, layer.beta_constraint
        )
    return declared


def affine(outputs: Array, weights: Mapping[str, Array], sizes: Sequence[int]) -> Array:
    """Return `outputs` times `gamma` plus `beta`, where there are such weights, shaped `sizes`."""
    if "gamma" in weights:
        outputs = outputs * weights["gamma"].reshape(sizes)
    if "beta" in weights:
        outputs = outputs + weights["beta"].reshape(sizes)
    return outputs
