"""The layer that does nothing."""

from collections.abc import Mapping
from typing import ClassVar

from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array


class Identity(Layer):
    """Hand the inputs on as they are; a place to hold, or a branch to skip along.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.Identity()(np.ones((1, 2), "float32")).tolist()
        [[1.0, 1.0]]
    """

    passes_mask: ClassVar[bool] = True
    any_type: ClassVar[bool] = True

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return inputs
