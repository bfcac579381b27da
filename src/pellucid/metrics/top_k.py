"""How often the right class is among the k with the highest scores."""

from typing import ClassVar

import jax
import jax.numpy as jnp

from pellucid.description import count, flag, text
from pellucid.losses.numbers import registered
from pellucid.losses.shapes import class_numbers, same_shape
from pellucid.metrics.mean import MeanMetric
from pellucid.types import Array, ArrayLike


def _in_top_k(labels: Array, scores: Array, k: int) -> Array:
    """Return 1 where fewer than `k` scores are above that of the label; ties are in favour."""
    chosen = jax.nn.one_hot(labels, scores.shape[-1], dtype=bool)
    own = jnp.sum(jnp.where(chosen, scores, 0), axis=-1, keepdims=True)
    own = jnp.where(jnp.isnan(own), -jnp.inf, own)
    return (jnp.sum(scores > own, axis=-1) < k).astype(jnp.float32)


@registered
def top_k_categorical_accuracy(y_true: ArrayLike, y_pred: ArrayLike, k: int = 5) -> Array:
    """Return 1 where the label is among the `k` highest scores, else 0.

    Args:
        y_true: One-hot labels, shape (batch, ..., classes).
        y_pred: Scores or probabilities, the same shape.
        k: Number of scores to look at.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> pellucid.metrics.top_k_categorical_accuracy([[0, 0, 1]], [[0.1, 0.9, 0.8]], k=2)
        Array([1.], dtype=float32)
    """
    y_true, y_pred = jnp.asarray(y_true), jnp.asarray(y_pred)
    y_true, y_pred = same_shape(y_true, y_pred, "top_k_categorical_accuracy")
    return _in_top_k(jnp.argmax(y_true, axis=-1), y_pred, k)


@registered
def sparse_top_k_categorical_accuracy(
    y_true: ArrayLike, y_pred: ArrayLike, k: int = 5, from_sorted_ids: bool = False
) -> Array:
    """Return 1 where the label is among the `k` highest scores, else 0.

    Args:
        y_true: Class numbers from 0, shape (batch, ...) or (batch, ..., 1).
        y_pred: Scores, shape (batch, ..., classes); or class numbers, best first.
        k: Number of scores to look at.
        from_sorted_ids: Whether `y_pred` are class numbers, best first.

    Raises:
        ShapeError: There is not one label for each row of scores.

    Example:
        >>> import pellucid
        >>> pellucid.metrics.sparse_top_k_categorical_accuracy([2], [[0.1, 0.9, 0.8]], k=2)
        Array([1.], dtype=float32)
    """
    y_pred = jnp.asarray(y_pred)
    labels = class_numbers(jnp.asarray(y_true), y_pred, "sparse_top_k_categorical_accuracy")
    if from_sorted_ids:
        return jnp.any(labels[..., None] == y_pred[..., :k], axis=-1).astype(jnp.float32)
    return _in_top_k(labels, y_pred, k)


class TopKCategoricalAccuracy(MeanMetric):
    """How often the one-hot label is among the `k` highest scores.

    Args:
        k: Number of scores to look at.
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.TopKCategoricalAccuracy(k=1)
        >>> float(metric([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]]))
        0.5
    """

    better: ClassVar[str | None] = "max"

    k: int = count(default=5, meaning="the number of scores to look at")
    name: str | None = text(default=None, kw_only=True, identity=True)

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return top_k_categorical_accuracy(y_true, y_pred, self.k)


class SparseTopKCategoricalAccuracy(MeanMetric):
    """How often the class number is among the `k` highest scores.

    Args:
        k: Number of scores to look at.
        name: Name in logs.
        from_sorted_ids: Whether predictions are class numbers, best first.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.SparseTopKCategoricalAccuracy(k=1)
        >>> float(metric([2, 1], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]]))
        0.5
    """

    better: ClassVar[str | None] = "max"

    k: int = count(default=5, meaning="the number of scores to look at")
    name: str | None = text(default=None, kw_only=True, identity=True)
    from_sorted_ids: bool = flag(default=False, kw_only=True)

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return sparse_top_k_categorical_accuracy(y_true, y_pred, self.k, self.from_sorted_ids)
