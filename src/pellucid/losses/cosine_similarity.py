"""The cosine of the angle between target and prediction."""

from typing import ClassVar

import jax.numpy as jnp
from jax import lax

from pellucid.description import option
from pellucid.losses.base import Loss
from pellucid.losses.numbers import EPSILON, floating, registered, to_axis
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


def unit_length(x: Array, axis: int) -> Array:
    """Return `x` divided by its length; a vector of zeros stays zero, and so does its gradient."""
    square = jnp.sum(jnp.square(x), axis=axis, keepdims=True)
    return x * lax.rsqrt(jnp.maximum(square, EPSILON**2))


def cosine(y_true: ArrayLike, y_pred: ArrayLike, axis: int = -1) -> Array:
    """Return the cosine of the angle between `y_true` and `y_pred` along `axis`: -1 to 1."""
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "cosine_similarity")
    return jnp.sum(unit_length(y_true, axis) * unit_length(y_pred, axis), axis=axis)


@registered
def cosine_similarity(y_true: ArrayLike, y_pred: ArrayLike, axis: int = -1) -> Array:
    """Return minus the cosine of the angle between targets and predictions.

    -1 where they point the same way, 1 where they are opposite, 0 where one is zero.

    Args:
        y_true: Targets, shape (batch, ..., outputs).
        y_pred: Predictions, the same shape.
        axis: Axis along which the vectors lie.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> pellucid.losses.cosine_similarity([[0.0, 2.0]], [[0.0, 1.0]]).tolist()
        [-1.0]
    """
    return -cosine(y_true, y_pred, axis)


class CosineSimilarity(Loss):
    """Minus the cosine of the angle between target and prediction, whatever their lengths.

    Args:
        axis: Axis along which the vectors lie.
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> float(pellucid.losses.CosineSimilarity()([[0.0, 2.0]], [[0.0, 1.0]]))
        -1.0
    """

    targets: ClassVar[str | None] = "vectors"

    axis: int = option(default=-1, convert=to_axis)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return cosine_similarity(y_true, y_pred, self.axis)
