"""Batch normalisation."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp
from jax import lax

from pellucid import constraints, initializers, regularizers
from pellucid.description import axis_number, flag, number, part
from pellucid.errors import Problem
from pellucid.layers.affine import affine_weights
from pellucid.layers.base import Layer
from pellucid.layers.common import axis_problems, inner_axes, known_size
from pellucid.layers.context import Context, Result
from pellucid.layers.weight import Weight
from pellucid.types import Array, Shape


class BatchNormalization(Layer):
    """Normalise each channel over the batch, then scale and shift it.

    `gamma * (x - mean) / sqrt(variance + epsilon) + beta`.

    While training, mean and variance are those of the batch, and moving averages of them
    are kept: `moving = momentum * moving + (1 - momentum) * batch`. Otherwise, and when
    `trainable` is False, the moving averages are used.

    Args:
        axis: Axis of the channels.
        momentum: Share of the old value in the moving averages, from 0 to 1.
        epsilon: Added to the variance, above 0.
        center: Whether `beta` is added.
        scale: Whether `gamma` multiplies.
        beta_initializer: First values of beta.
        gamma_initializer: First values of gamma.
        moving_mean_initializer: First values of the moving mean.
        moving_variance_initializer: First values of the moving variance.
        beta_regularizer: Penalty on beta.
        gamma_regularizer: Penalty on gamma.
        beta_constraint: Bound on beta after each update.
        gamma_constraint: Bound on gamma after each update.

    Input shape:
        (batch, ..., channels) for `axis=-1`.
    Output shape:
        The same.

    Raises:
        ShapeError: The inputs have no such axis, or its size is left open.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([[1.0], [3.0]], "float32")
        >>> pellucid.layers.BatchNormalization()(x, training=True).round(2).tolist()
        [[-1.0], [1.0]]

    Source: Ioffe and Szegedy, "Batch Normalization" (2015).

    Differs from Keras: rows that pad a batch do not count. `renorm` and `synchronized` are not
    offered.
    """

    passes_mask: ClassVar[bool] = True
    minimum_rank: ClassVar[int] = 2
    full_precision: ClassVar[bool] = True

    axis: int = axis_number(default=-1)
    momentum: float = number(default=0.99, low=0, high=1)
    epsilon: float = number(default=1e-3, above=0, tunable=False)
    center: bool = flag(default=True)
    scale: bool = flag(default=True)
    beta_initializer: Any = part(initializers.get, default="zeros")
    gamma_initializer: Any = part(initializers.get, default="ones")
    moving_mean_initializer: Any = part(initializers.get, default="zeros")
    moving_variance_initializer: Any = part(initializers.get, default="ones")
    beta_regularizer: Any = part(regularizers.get, default=None)
    gamma_regularizer: Any = part(regularizers.get, default=None)
    beta_constraint: Any = part(constraints.get, default=None)
    gamma_constraint: Any = part(constraints.get, default=None)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        return axis_problems(self, [self.axis], shape)

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        sizes = (known_size(self, shape, *inner_axes(self.axis, shape)),)
        declared = affine_weights(self, sizes)
        declared["moving_mean"] = Weight(sizes, self.moving_mean_initializer, trainable=False)
        declared["moving_variance"] = Weight(
            sizes, self.moving_variance_initializer, trainable=False
        )
        return declared

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Any:
        x = jnp.asarray(inputs).astype(jnp.promote_types(inputs.dtype, jnp.float32))
        channels = self.axis % x.ndim
        if not (context.training and self.trainable):
            mean, variance = weights["moving_mean"], weights["moving_variance"]
            return self._normalised(x, channels, mean, variance, weights).astype(inputs.dtype)
        mean = _mean_per_channel(x, channels, context)
        distance = x - _along(mean, channels, x.ndim)
        variance = _mean_per_channel(jnp.square(distance), channels, context)
        outputs = self._normalised(x, channels, mean, variance, weights).astype(inputs.dtype)
        state = {
            "moving_mean": self._moved(weights["moving_mean"], mean),
            "moving_variance": self._moved(weights["moving_variance"], variance),
        }
        return Result(outputs, state)

    def _moved(self, average: Array, latest: Array) -> Array:
        return average * self.momentum + latest * (1 - self.momentum)

    def _normalised(
        self,
        x: Array,
        channels: int,
        mean: Array,
        variance: Array,
        weights: Mapping[str, Array],
    ) -> Array:
        factor = lax.rsqrt(variance + self.epsilon)
        if self.scale:
            factor = factor * weights["gamma"]
        outputs = (x - _along(mean, channels, x.ndim)) * _along(factor, channels, x.ndim)
        return outputs + _along(weights["beta"], channels, x.ndim) if self.center else outputs


def _along(vector: Array, axis: int, rank: int) -> Array:
    """Return `vector` shaped so that it runs along `axis` of an array of `rank` axes."""
    return vector.reshape([-1 if place == axis else 1 for place in range(rank)])


def _mean_per_channel(x: Array, channels: int, context: Context) -> Array:
    mask = context.first_mask
    if mask is not None and mask.ndim == x.ndim - 1 and channels == mask.ndim:
        return _mean_of_real_steps(x, mask, context)
    over_rows = context.mean_over_rows(x)
    others = [axis for axis in range(over_rows.ndim) if axis != channels - 1]
    return jnp.mean(over_rows, axis=others)


def _mean_of_real_steps(x: Array, mask: Array, context: Context) -> Array:
    if context.rows is not None:
        mask = mask & (context.rows != 0).reshape((-1,) + (1,) * (mask.ndim - 1))
    real = mask[..., None]
    axes = tuple(range(mask.ndim))
    return jnp.sum(jnp.where(real, x, 0), axis=axes) / jnp.maximum(jnp.sum(real, axis=axes), 1)
