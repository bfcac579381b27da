"""Layer normalisation."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp
from jax import lax

from pellucid import constraints, initializers, regularizers
from pellucid.description import axis_number, flag, number, part
from pellucid.errors import Problem
from pellucid.layers.affine import affine, affine_weights
from pellucid.layers.base import Layer
from pellucid.layers.common import as_tuple, axis_problems, inner_axes, known_size
from pellucid.layers.context import Context
from pellucid.layers.weight import Weight
from pellucid.types import Array, Shape


class LayerNormalization(Layer):
    """Normalise each row by itself: `gamma * (x - mean) / sqrt(variance + epsilon) + beta`.

    Args:
        axis: Axis, or axes, over which mean and variance are taken.
        epsilon: Added to the variance, above 0.
        center: Whether `beta` is added.
        scale: Whether `gamma` multiplies.
        beta_initializer: First values of beta.
        gamma_initializer: First values of gamma.
        beta_regularizer: Penalty on beta.
        gamma_regularizer: Penalty on gamma.
        beta_constraint: Bound on beta after each update.
        gamma_constraint: Bound on gamma after each update.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Raises:
        ShapeError: The inputs have no such axis, or its size is left open.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([[1.0, 3.0]], "float32")
        >>> pellucid.layers.LayerNormalization()(x).round(2).tolist()
        [[-1.0, 1.0]]

    Source: Ba, Kiros and Hinton, "Layer Normalization" (2016).
    """

    passes_mask: ClassVar[bool] = True
    full_precision: ClassVar[bool] = True

    axis: Any = axis_number(default=-1, several=True)
    epsilon: float = number(default=1e-3, above=0, tunable=False)
    center: bool = flag(default=True)
    scale: bool = flag(default=True)
    beta_initializer: Any = part(initializers.get, default="zeros")
    gamma_initializer: Any = part(initializers.get, default="ones")
    beta_regularizer: Any = part(regularizers.get, default=None)
    gamma_regularizer: Any = part(regularizers.get, default=None)
    beta_constraint: Any = part(constraints.get, default=None)
    gamma_constraint: Any = part(constraints.get, default=None)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        return axis_problems(self, as_tuple(self.axis), shape)

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        sizes = tuple(known_size(self, shape, place) for place in inner_axes(self.axis, shape))
        return affine_weights(self, sizes)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        x = jnp.asarray(inputs).astype(jnp.promote_types(inputs.dtype, jnp.float32))
        axes = [place + 1 for place in inner_axes(self.axis, x.shape[1:])]
        sizes = [x.shape[axis] if axis in axes else 1 for axis in range(1, x.ndim)]
        distance = x - jnp.mean(x, axis=axes, keepdims=True)
        variance = jnp.mean(jnp.square(distance), axis=axes, keepdims=True)
        outputs = distance * lax.rsqrt(variance + self.epsilon)
        return affine(outputs, weights, sizes).astype(inputs.dtype)
