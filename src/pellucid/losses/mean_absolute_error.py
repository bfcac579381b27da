"""Mean absolute error."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.losses.base import Loss
from pellucid.losses.numbers import floating, registered
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def mean_absolute_error(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return `mean(|y_true - y_pred|)` over the last axis.

    Args:
        y_true: Targets, shape (batch, ..., outputs).
        y_pred: Predictions, the same shape.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> pellucid.losses.mean_absolute_error([[1.0, 3.0]], [[1.0, 1.0]]).tolist()
        [1.0]
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "mean_absolute_error")
    return jnp.mean(jnp.abs(y_true - y_pred), axis=-1)


class MeanAbsoluteError(Loss):
    """Mean absolute error, for numbers with outliers: `mean(|y_true - y_pred|)`.

    Args:
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> float(pellucid.losses.MeanAbsoluteError()([1.0, 2.0], [1.0, 4.0]))
        1.0
    """

    targets: ClassVar[str | None] = "numbers"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return mean_absolute_error(y_true, y_pred)
