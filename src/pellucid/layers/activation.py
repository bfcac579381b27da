"""The layer that applies an activation function."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pellucid import activations
from pellucid.activations import ActivationLike
from pellucid.description import part
from pellucid.layers.base import Layer
from pellucid.layers.common import activated, activated_shape
from pellucid.layers.context import Context
from pellucid.types import Array, Shape


class Activation(Layer):
    """Apply an activation function to every input.

    Args:
        activation: Name such as "relu", or a function of arrays.

    Input shape:
        (batch, ...).
    Output shape:
        The same, except for functions such as "glu" that halve an axis.

    Raises:
        ArgumentError: The name is unknown; a near one is suggested.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.Activation("relu")(np.array([[-1.0, 2.0]], "float32")).tolist()
        [[0.0, 2.0]]
    """

    passes_mask: ClassVar[bool] = True
    ends_in_activation: ClassVar[bool] = True

    activation: ActivationLike = part(activations.get)

    def output_shape(self, shape: Shape) -> Shape:
        return activated_shape(self.activation, shape)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Any:
        return activated(self.activation, inputs)
