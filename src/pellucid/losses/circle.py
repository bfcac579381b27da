"""The circle loss, for embeddings."""

from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from pellucid.description import flag, number
from pellucid.losses.base import Loss
from pellucid.losses.numbers import floating, registered
from pellucid.types import Array, ArrayLike


def _log_sum_exp(x: Array, chosen: Array) -> Array:
    """Return the logarithm of the sum of exponentials of the chosen values of each row."""
    return jax.nn.logsumexp(jnp.where(chosen, x, -jnp.inf), axis=1)


def _pairs(
    labels: Array, others: Array, remove_diagonal: bool, rows: Array | None
) -> tuple[Array, Array]:
    """Return which pairs of rows are of one class, and which are not; padding is neither."""
    same = labels.reshape(-1, 1) == others.reshape(1, -1)
    positive, negative = same, ~same
    if remove_diagonal:
        positive = positive & ~jnp.eye(*same.shape, dtype=bool)
    if rows is not None:
        positive, negative = positive & (rows != 0), negative & (rows != 0)
    return positive, negative


def _circle(distance: Array, positive: Array, negative: Array, gamma: Any, margin: Any) -> Array:
    near = gamma * jnp.maximum(margin + distance, 0.0) * (distance - margin)
    far = gamma * jnp.maximum(1.0 + margin - distance, 0.0) * (1.0 - margin - distance)
    complete = jnp.any(positive, axis=1) & jnp.any(negative, axis=1)
    # Rows without a partner or without a stranger have the loss 0 and no gradient.
    score = _log_sum_exp(near, positive | ~complete[:, None])
    score = score + _log_sum_exp(far, negative | ~complete[:, None])
    return jnp.where(complete, jax.nn.softplus(score), 0.0)


@registered
def circle(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    ref_labels: ArrayLike | None = None,
    ref_embeddings: ArrayLike | None = None,
    remove_diagonal: bool = True,
    gamma: Array | float = 80.0,
    margin: Array | float = 0.4,
) -> Array:
    """Return how far rows lie from their class and how near to others, on the unit circle.

    Args:
        y_true: Class numbers, shape (batch,) or (batch, 1).
        y_pred: Embeddings of length 1, shape (batch, features).
        ref_labels: Class numbers of the rows to compare with; those of `y_true` when absent.
        ref_embeddings: Embeddings of the rows to compare with; `y_pred` when absent.
        remove_diagonal: Whether a row is not compared with itself.
        gamma: Scale of the similarities, above 0.
        margin: Slack, from 0 to 1.

    Returns:
        Shape (batch,); 0 for rows without another row of their class.

    Example:
        >>> import pellucid
        >>> embeddings = [[1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]]
        >>> pellucid.losses.circle([0, 0, 1], embeddings).round(3).tolist()
        [0.0, 0.0, 0.0]

    Source: Sun et al., "Circle Loss" (2020).
    """
    y_pred = floating(y_pred)
    labels = jnp.asarray(y_true).astype(jnp.int32)
    others = labels if ref_labels is None else jnp.asarray(ref_labels).astype(jnp.int32)
    references = y_pred if ref_embeddings is None else jnp.asarray(ref_embeddings, y_pred.dtype)
    positive, negative = _pairs(labels, others, remove_diagonal, None)
    distance = jnp.maximum(1.0 - y_pred @ references.T, 0.0)
    return _circle(distance, positive, negative, gamma, margin)


class Circle(Loss):
    """Draws embeddings of one class together and others apart.

    The outputs should have length 1: end the model with `UnitNormalization`.

    Args:
        gamma: Scale of the similarities, above 0; may be tuned.
        margin: Slack, from 0 to 1; may be tuned.
        remove_diagonal: Whether a row is not compared with itself.
        reduction: How the losses of rows become one number; see `Loss`. Rows with the loss 0
            do not count in a mean.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Raises:
        ArgumentError: A number lies outside its range.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.Circle(gamma=1.0)
        >>> round(float(loss([0, 0, 1], [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])), 4)
        1.4497

    Source: Sun et al., "Circle Loss" (2020).
    """

    targets: ClassVar[str | None] = "groups"

    gamma: float = number(default=80.0, above=0, meaning="the scale of the similarities")
    margin: float = number(default=0.4, low=0, high=1, meaning="the slack")
    remove_diagonal: bool = flag(default=True)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return self.values(y_true, y_pred)

    def values(self, y_true: Array, y_pred: Array, rows: Array | None = None) -> Array:
        labels = y_true.astype(jnp.int32)
        positive, negative = _pairs(labels, labels, self.remove_diagonal, rows)
        distance = jnp.maximum(1.0 - y_pred @ y_pred.T, 0.0)
        return _circle(distance, positive, negative, self.gamma, self.margin)

    def counted(self, y_true: Array, values: Array) -> Array | None:
        return values > 0
