"""The layer that repeats each row's vector."""

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import count
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array, Shape


class RepeatVector(Layer):
    """Repeat each row's vector `n` times, which makes a series of it.

    Args:
        n: Number of repetitions, at least 1.

    Input shape:
        (batch, features).
    Output shape:
        (batch, n, features).

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.RepeatVector(3)(np.ones((5, 2), "float32")).shape
        (5, 3, 2)
    """

    input_rank: ClassVar[int | None] = 2
    any_type: ClassVar[bool] = True

    n: int = count(meaning="the number of repetitions")

    def output_shape(self, shape: Shape) -> Shape:
        return (self.n, *shape)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return jnp.repeat(inputs[:, None, :], self.n, axis=1)
