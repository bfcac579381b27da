"""The leaky rectified linear unit as a layer."""

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import number
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array


class LeakyReLU(Layer):
    """Leaky rectified linear unit: `x` where positive, else `negative_slope * x`.

    Args:
        negative_slope: Slope below zero, at least 0.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.LeakyReLU(0.5)(np.array([[-1.0, 2.0]], "float32")).tolist()
        [[-0.5, 2.0]]

    Source: Maas et al., "Rectifier Nonlinearities Improve Neural Network Acoustic Models" (2013).
    """

    passes_mask: ClassVar[bool] = True

    negative_slope: float = number(default=0.3, low=0, meaning="the slope below zero")

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        slope = jnp.asarray(self.negative_slope, inputs.dtype)
        return jnp.where(inputs >= 0, inputs, slope * inputs)
