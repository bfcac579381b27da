"""Mean squared error."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.losses.base import Loss
from pellucid.losses.numbers import floating, registered
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def mean_squared_error(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return `mean((y_true - y_pred)**2)` over the last axis.

    Args:
        y_true: Targets, shape (batch, ..., outputs).
        y_pred: Predictions, the same shape.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> pellucid.losses.mean_squared_error([[1.0, 3.0]], [[1.0, 1.0]]).tolist()
        [2.0]
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "mean_squared_error")
    return jnp.mean(jnp.square(y_true - y_pred), axis=-1)


class MeanSquaredError(Loss):
    """Mean squared error, for numbers: `mean((y_true - y_pred)**2)`.

    Args:
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> float(pellucid.losses.MeanSquaredError()([1.0, 2.0], [1.0, 4.0]))
        2.0
    """

    targets: ClassVar[str | None] = "numbers"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return mean_squared_error(y_true, y_pred)
