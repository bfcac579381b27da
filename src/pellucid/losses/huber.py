"""The Huber loss."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import number
from pellucid.losses.base import Loss
from pellucid.losses.numbers import floating, registered
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def huber(y_true: ArrayLike, y_pred: ArrayLike, delta: Array | float = 1.0) -> Array:
    """Return the mean over the last axis of a loss that is square near 0 and straight beyond.

    `e**2 / 2` where `|e| <= delta`, else `delta * |e| - delta**2 / 2`, with the error
    `e = y_pred - y_true`.

    Args:
        y_true: Targets, shape (batch, ..., outputs).
        y_pred: Predictions, the same shape.
        delta: Error at which the loss turns straight, above 0.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> pellucid.losses.huber([[0.0], [0.0]], [[1.0], [3.0]]).tolist()
        [0.5, 2.5]

    Source: Huber, "Robust Estimation of a Location Parameter" (1964).
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "huber")
    delta = jnp.asarray(delta, y_pred.dtype)
    size = jnp.abs(y_pred - y_true)
    straight = delta * size - 0.5 * jnp.square(delta)
    return jnp.mean(jnp.where(size <= delta, 0.5 * jnp.square(size), straight), axis=-1)


class Huber(Loss):
    """Square for small errors and straight for large ones, for numbers with outliers.

    Args:
        delta: Error at which the loss turns straight, above 0; may be tuned.
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Raises:
        ArgumentError: `delta` is not a positive number.

    Example:
        >>> import pellucid
        >>> float(pellucid.losses.Huber(delta=2.0)([[0.0], [0.0]], [[1.0], [4.0]]))
        3.25

    Source: Huber, "Robust Estimation of a Location Parameter" (1964).
    """

    default_name: ClassVar[str | None] = "huber_loss"
    targets: ClassVar[str | None] = "numbers"

    delta: float = number(
        default=1.0, above=0, meaning="the error at which the loss turns straight"
    )

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return huber(y_true, y_pred, self.delta)
