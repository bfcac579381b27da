"""The layer that marks padding."""

from collections.abc import Mapping
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import number
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array


class Masking(Layer):
    """Mark the steps at which every feature equals one value as padding, and set them to 0.

    Layers behind it that look along the steps leave such steps out.

    Args:
        mask_value: The value that padding consists of.

    Input shape:
        (batch, steps, ...).
    Output shape:
        The same.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Masking(mask_value=-1.0)
        >>> x = np.array([[[1.0], [2.0], [-1.0]]], "float32")
        >>> layer(x)[0, :, 0].tolist(), layer.compute_mask(x).tolist()
        ([1.0, 2.0, 0.0], [[True, True, False]])
    """

    minimum_rank: ClassVar[int] = 3

    mask_value: float = number(default=0.0, tunable=False)

    @property
    def padding_value(self) -> float | None:
        return self.mask_value

    def compute_mask(self, inputs: Any, mask: Any = None) -> Array:
        return jnp.any(jnp.asarray(inputs) != self.mask_value, axis=-1)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        real = jnp.any(inputs != self.mask_value, axis=-1, keepdims=True)
        return jnp.where(real, inputs, jnp.zeros_like(inputs))
