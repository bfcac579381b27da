"""Mean squared logarithmic error."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.losses.base import Loss
from pellucid.losses.numbers import EPSILON, floating, registered
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def mean_squared_logarithmic_error(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return `mean((log(y_true + 1) - log(y_pred + 1))**2)` over the last axis.

    Numbers below 1e-7 count as 1e-7, as in Keras.

    Args:
        y_true: Targets, shape (batch, ..., outputs); not negative.
        y_pred: Predictions, the same shape.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import math, pellucid
        >>> loss = pellucid.losses.mean_squared_logarithmic_error([[math.e - 1]], [[0.0]])
        >>> round(float(loss[0]), 4)
        1.0
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "mean_squared_logarithmic_error")
    predicted = jnp.log(jnp.maximum(y_pred, EPSILON) + 1.0)
    wanted = jnp.log(jnp.maximum(y_true, EPSILON) + 1.0)
    return jnp.mean(jnp.square(predicted - wanted), axis=-1)


class MeanSquaredLogarithmicError(Loss):
    """Mean squared error of `log(1 + y)`, for counts and prices that span many sizes.

    Args:
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import math, pellucid
        >>> loss = pellucid.losses.MeanSquaredLogarithmicError()([[math.e - 1]], [[0.0]])
        >>> round(float(loss), 4)
        1.0
    """

    targets: ClassVar[str | None] = "counts"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return mean_squared_logarithmic_error(y_true, y_pred)
