"""The learned factor and offset with which normalisations end."""

from typing import Any

from pellucid.layers.weight import Weight


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
