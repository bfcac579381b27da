"""Normalisation by the root mean square."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp
from jax import lax

from pellucid import initializers
from pellucid.description import axis_number, number
from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.common import as_tuple, axis_problems, inner_axes, known_size
from pellucid.layers.context import Context
from pellucid.layers.weight import Weight
from pellucid.types import Array, Shape


class RMSNormalization(Layer):
    """Divide each row by its root mean square: `scale * x / sqrt(mean(x**2) + epsilon)`.

    Args:
        axis: Axis, or axes, over which the mean is taken.
        epsilon: Added to the mean square, above 0.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Raises:
        ShapeError: The inputs have no such axis, or its size is left open.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([[2.0, -2.0]], "float32")
        >>> pellucid.layers.RMSNormalization()(x).round(2).tolist()
        [[1.0, -1.0]]

    Source: Zhang and Sennrich, "Root Mean Square Layer Normalization" (2019).
    """

    full_precision: ClassVar[bool] = True

    axis: Any = axis_number(default=-1, several=True)
    epsilon: float = number(default=1e-6, above=0, tunable=False)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        return axis_problems(self, as_tuple(self.axis), shape)

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        sizes = tuple(known_size(self, shape, place) for place in inner_axes(self.axis, shape))
        return {"scale": Weight(sizes, initializers.Ones())}

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        x = jnp.asarray(inputs).astype(jnp.promote_types(inputs.dtype, jnp.float32))
        axes = [place + 1 for place in inner_axes(self.axis, x.shape[1:])]
        sizes = [x.shape[axis] if axis in axes else 1 for axis in range(1, x.ndim)]
        mean = jnp.mean(jnp.square(x), axis=axes, keepdims=True)
        outputs = x * lax.rsqrt(mean + self.epsilon) * weights["scale"].reshape(sizes)
        return outputs.astype(inputs.dtype)
