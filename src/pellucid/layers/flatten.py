"""The layer that makes one axis of all."""

import math
from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import choice
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array, Shape


class Flatten(Layer):
    """Lay the values of each row end to end.

    Args:
        data_format: "channels_first" moves axis 1 to the end before; None or "channels_last"
            takes the values as they lie.

    Input shape:
        (batch, ...).
    Output shape:
        (batch, product of the other sizes).

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.Flatten()(np.ones((2, 3, 4), "float32")).shape
        (2, 12)
    """

    any_type: ClassVar[bool] = True

    data_format: str | None = choice((None, "channels_last", "channels_first"), default=None)

    def output_shape(self, shape: Shape) -> Shape:
        sizes = [size for size in shape if size is not None]
        return (math.prod(sizes) if len(sizes) == len(shape) else None,)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        if self.data_format == "channels_first" and inputs.ndim > 2:
            inputs = jnp.moveaxis(inputs, 1, -1)
        return inputs.reshape((inputs.shape[0], math.prod(inputs.shape[1:])))
