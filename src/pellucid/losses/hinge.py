"""The hinge loss and its square, for a decision between two signs."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.losses.base import Loss
from pellucid.losses.numbers import floating, registered
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


def _margin(y_true: ArrayLike, y_pred: ArrayLike, where: str) -> Array:
    """Return by how much each prediction falls short of the margin 1; labels 0 count as -1."""
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, where)
    signs = jnp.where(y_true == 0, -1.0, y_true)
    return jnp.maximum(1.0 - signs * y_pred, 0.0)


@registered
def hinge(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return `mean(max(1 - y_true * y_pred, 0))` over the last axis.

    Args:
        y_true: Labels -1 and 1, or 0 and 1, shape (batch, ..., outputs).
        y_pred: Scores, the same shape; the sign decides.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> pellucid.losses.hinge([[1.0], [0.0]], [[0.25], [0.25]]).tolist()
        [0.75, 1.25]

    Differs from Keras: a label 0 counts as -1 in every batch; in Keras only in batches
    without other labels than 0 and 1.
    """
    return jnp.mean(_margin(y_true, y_pred, "hinge"), axis=-1)


@registered
def squared_hinge(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return `mean(max(1 - y_true * y_pred, 0)**2)` over the last axis.

    Args:
        y_true: Labels -1 and 1, or 0 and 1, shape (batch, ..., outputs).
        y_pred: Scores, the same shape; the sign decides.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> pellucid.losses.squared_hinge([[1.0], [0.0]], [[0.5], [1.0]]).tolist()
        [0.25, 4.0]

    Differs from Keras: a label 0 counts as -1 in every batch; in Keras only in batches
    without other labels than 0 and 1.
    """
    return jnp.mean(jnp.square(_margin(y_true, y_pred, "squared_hinge")), axis=-1)


class Hinge(Loss):
    """Zero where the score has the right sign and is at least 1 in size, else straight.

    Args:
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> float(pellucid.losses.Hinge()([[1.0], [0.0]], [[0.25], [0.25]]))
        1.0

    Source: Cortes and Vapnik, "Support-Vector Networks" (1995).
    """

    targets: ClassVar[str | None] = "signs"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return hinge(y_true, y_pred)


class SquaredHinge(Loss):
    """The square of the hinge loss.

    Args:
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> float(pellucid.losses.SquaredHinge()([[1.0], [0.0]], [[0.0], [1.0]]))
        2.5
    """

    targets: ClassVar[str | None] = "signs"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return squared_hinge(y_true, y_pred)
