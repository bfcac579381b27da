"""Group normalisation."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp
from jax import lax

from pellucid import constraints, initializers, regularizers
from pellucid.description import Refusal, axis_number, flag, number, option, part
from pellucid.errors import Problem
from pellucid.layers.affine import affine, affine_weights
from pellucid.layers.base import Layer
from pellucid.layers.common import axis_problems, inner_axes, known_size
from pellucid.layers.context import Context
from pellucid.layers.weight import Weight
from pellucid.types import Array, Shape


def _to_groups(value: Any) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or (value < 1 and value != -1):
        raise Refusal("a whole number at least 1, or -1 for one group a channel")
    return value


class GroupNormalization(Layer):
    """Normalise groups of channels of each row: zero mean and unit variance within a group.

    `gamma * (x - mean) / sqrt(variance + epsilon) + beta`, mean and variance over a group's
    channels and all other axes of the row.

    Args:
        groups: Number of groups, which divides the number of channels; -1 for one a channel.
        axis: Axis of the channels.
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
        (batch, ..., channels) for `axis=-1`.
    Output shape:
        The same.

    Raises:
        ShapeError: The number of channels is left open, or not a multiple of `groups`.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([[1.0, 3.0, 10.0, 30.0]], "float32")
        >>> pellucid.layers.GroupNormalization(groups=2)(x).round(2).tolist()
        [[-1.0, 1.0, -1.0, 1.0]]

    Source: Wu and He, "Group Normalization" (2018).
    """

    passes_mask: ClassVar[bool] = True
    full_precision: ClassVar[bool] = True

    groups: int = option(default=32, convert=_to_groups)
    axis: int = axis_number(default=-1)
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
        wrong = axis_problems(self, [self.axis], shape)
        if wrong:
            return wrong
        channels = shape[inner_axes(self.axis, shape)[0]]
        if channels is None or self.groups == -1 or channels % self.groups == 0:
            return []
        given = f"inputs of shape {(None, *shape)} with {channels} channels"
        expected = f"a multiple of groups={self.groups}"
        return [Problem(self.label, given, expected, "Choose groups that divide the channels.")]

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        sizes = (known_size(self, shape, *inner_axes(self.axis, shape)),)
        return affine_weights(self, sizes)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        x = jnp.asarray(inputs).astype(jnp.promote_types(inputs.dtype, jnp.float32))
        x = jnp.moveaxis(x, self.axis, -1)
        channels = x.shape[-1]
        groups = channels if self.groups == -1 else self.groups
        grouped = x.reshape((*x.shape[:-1], groups, channels // groups))
        axes = [*range(1, x.ndim - 1), x.ndim]
        distance = grouped - jnp.mean(grouped, axis=axes, keepdims=True)
        variance = jnp.mean(jnp.square(distance), axis=axes, keepdims=True)
        outputs = (distance * lax.rsqrt(variance + self.epsilon)).reshape(x.shape)
        outputs = affine(outputs, weights, (channels,))
        return jnp.moveaxis(outputs, -1, self.axis).astype(inputs.dtype)
