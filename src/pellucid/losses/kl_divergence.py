"""The Kullback-Leibler divergence."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.losses.base import Loss
from pellucid.losses.numbers import EPSILON, floating, registered
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def kl_divergence(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return `sum(y_true * log(y_true / y_pred))` over the last axis.

    Both are kept between 1e-7 and 1, as in Keras.

    Args:
        y_true: Probabilities, shape (batch, ..., classes).
        y_pred: Probabilities, the same shape.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.losses.kl_divergence([[0.5, 0.5]], [[0.25, 0.75]])[0]), 4)
        0.1438

    Source: Kullback and Leibler, "On Information and Sufficiency" (1951).
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "kl_divergence")
    y_true = jnp.clip(y_true, EPSILON, 1.0)
    y_pred = jnp.clip(y_pred, EPSILON, 1.0)
    return jnp.sum(y_true * jnp.log(y_true / y_pred), axis=-1)


class KLDivergence(Loss):
    """How far predicted probabilities are from wanted ones: `sum(t * log(t / p))`.

    Args:
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.KLDivergence()([[0.5, 0.5]], [[0.25, 0.75]])
        >>> round(float(loss), 4)
        0.1438

    Source: Kullback and Leibler, "On Information and Sufficiency" (1951).
    """

    targets: ClassVar[str | None] = "distribution"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return kl_divergence(y_true, y_pred)
