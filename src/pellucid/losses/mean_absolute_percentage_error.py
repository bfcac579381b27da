"""Mean absolute percentage error."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.losses.base import Loss
from pellucid.losses.numbers import EPSILON, floating, registered
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def mean_absolute_percentage_error(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return `100 * mean(|y_true - y_pred| / max(|y_true|, 1e-7))` over the last axis.

    Args:
        y_true: Targets, shape (batch, ..., outputs); none of them near 0.
        y_pred: Predictions, the same shape.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> pellucid.losses.mean_absolute_percentage_error([[2.0, 4.0]], [[1.0, 4.0]]).tolist()
        [25.0]
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "mean_absolute_percentage_error")
    share = jnp.abs((y_true - y_pred) / jnp.maximum(jnp.abs(y_true), EPSILON))
    return 100.0 * jnp.mean(share, axis=-1)


class MeanAbsolutePercentageError(Loss):
    """Mean absolute error in percent of the target, for positive numbers of many sizes.

    Args:
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> float(pellucid.losses.MeanAbsolutePercentageError()([2.0, 4.0], [1.0, 4.0]))
        25.0
    """

    targets: ClassVar[str | None] = "numbers"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return mean_absolute_percentage_error(y_true, y_pred)
