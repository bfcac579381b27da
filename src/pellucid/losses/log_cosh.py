"""The logarithm of the hyperbolic cosine of the error."""

import math
from typing import ClassVar

import jax
import jax.numpy as jnp

from pellucid.losses.base import Loss
from pellucid.losses.numbers import floating, registered
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def log_cosh(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return `mean(log(cosh(y_pred - y_true)))` over the last axis, without overflow.

    Args:
        y_true: Targets, shape (batch, ..., outputs).
        y_pred: Predictions, the same shape.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.losses.log_cosh([[0.0]], [[10.0]])[0]), 4)
        9.3069
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "log_cosh")
    error = y_pred - y_true
    return jnp.mean(error + jax.nn.softplus(-2.0 * error) - math.log(2.0), axis=-1)


class LogCosh(Loss):
    """Nearly `e**2 / 2` for small errors e and `|e| - log 2` for large ones; smooth everywhere.

    Args:
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.losses.LogCosh()([[0.0]], [[10.0]])), 4)
        9.3069
    """

    targets: ClassVar[str | None] = "numbers"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return log_cosh(y_true, y_pred)
