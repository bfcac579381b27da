"""The hinge loss for several classes."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.losses.base import Loss
from pellucid.losses.numbers import floating, registered
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def categorical_hinge(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return `max(best wrong score - right score + 1, 0)` over the last axis.

    Args:
        y_true: One-hot labels, shape (batch, ..., classes).
        y_pred: Scores, the same shape; the largest decides.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> pellucid.losses.categorical_hinge([[0.0, 1.0]], [[0.5, 1.0]]).tolist()
        [0.5]
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "categorical_hinge")
    right = jnp.sum(y_true * y_pred, axis=-1)
    wrong = jnp.max((1.0 - y_true) * y_pred, axis=-1)
    return jnp.maximum(wrong - right + 1.0, 0.0)


class CategoricalHinge(Loss):
    """Zero where the right class leads the others by 1, else by how much it falls short.

    Args:
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> float(pellucid.losses.CategoricalHinge()([[0.0, 1.0]], [[0.5, 1.0]]))
        0.5

    Source: Weston and Watkins, "Support Vector Machines for Multi-Class Pattern
    Recognition" (1999).
    """

    targets: ClassVar[str | None] = "one-hot"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return categorical_hinge(y_true, y_pred)
