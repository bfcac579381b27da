"""The Poisson loss."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.losses.base import Loss
from pellucid.losses.numbers import EPSILON, floating, registered
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def poisson(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return `mean(y_pred - y_true * log(y_pred + 1e-7))` over the last axis.

    Args:
        y_true: Counts, shape (batch, ..., outputs); not negative.
        y_pred: Expected counts, the same shape; above 0.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.losses.poisson([[2.0]], [[1.0]])[0]), 4)
        1.0
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "poisson")
    return jnp.mean(y_pred - y_true * jnp.log(y_pred + EPSILON), axis=-1)


class Poisson(Loss):
    """Minus the log likelihood of counts, for outputs that are positive rates.

    Args:
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.losses.Poisson()([[2.0]], [[1.0]])), 4)
        1.0
    """

    targets: ClassVar[str | None] = "counts"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return poisson(y_true, y_pred)
