"""Generalised crossentropy, for labels of which some are wrong."""

from typing import ClassVar

import jax
import jax.numpy as jnp

from pellucid.description import number
from pellucid.losses.base import Loss
from pellucid.losses.numbers import EPSILON, floating, registered
from pellucid.losses.shapes import class_numbers
from pellucid.types import Array, ArrayLike


@registered
def categorical_generalized_cross_entropy(
    y_true: ArrayLike, y_pred: ArrayLike, q: Array | float
) -> Array:
    """Return `(1 - p[label]**q) / q` for each row.

    Args:
        y_true: Class numbers from 0, shape (batch, ...) or (batch, ..., 1).
        y_pred: Probabilities p, shape (batch, ..., classes).
        q: Between 0 and 1: near 0 like crossentropy, near 1 like the mean absolute error.

    Raises:
        ShapeError: There is not one label for each row of class scores.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.categorical_generalized_cross_entropy(
        ...     [1], [[0.75, 0.25]], q=0.5
        ... )
        >>> loss.tolist()
        [1.0]

    Source: Zhang and Sabuncu, "Generalized Cross Entropy Loss for Training Deep Neural
    Networks with Noisy Labels" (2018).
    """
    y_pred = floating(y_pred)
    where = "categorical_generalized_cross_entropy"
    labels = class_numbers(jnp.asarray(y_true), y_pred, where)
    chosen = jax.nn.one_hot(labels, y_pred.shape[-1], dtype=y_pred.dtype)
    p = jnp.sum(y_pred * chosen, axis=-1)
    # Away from 0, where the slope of the power is infinite.
    return (1.0 - jnp.power(jnp.maximum(p, EPSILON), q)) / q


class CategoricalGeneralizedCrossEntropy(Loss):
    """Crossentropy that forgives some wrong labels: `(1 - p[label]**q) / q`.

    Args:
        q: Between 0 and 1; the larger, the more is forgiven; may be tuned.
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Raises:
        ArgumentError: `q` is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.CategoricalGeneralizedCrossEntropy(q=0.5)
        >>> float(loss([1], [[0.75, 0.25]]))
        1.0

    Source: Zhang and Sabuncu, "Generalized Cross Entropy Loss for Training Deep Neural
    Networks with Noisy Labels" (2018).
    """

    targets: ClassVar[str | None] = "labels"

    q: float = number(default=0.5, above=0, below=1, meaning="how much is forgiven")

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return categorical_generalized_cross_entropy(y_true, y_pred, self.q)
