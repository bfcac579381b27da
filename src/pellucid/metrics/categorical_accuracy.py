"""How often the class with the highest score is the right one."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.losses.numbers import registered
from pellucid.losses.shapes import class_numbers, same_shape
from pellucid.metrics.mean import MeanMetric
from pellucid.types import Array, ArrayLike


@registered
def categorical_accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return 1 where the highest score belongs to the label, else 0.

    Args:
        y_true: One-hot labels, shape (batch, ..., classes).
        y_pred: Scores or probabilities, the same shape.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> pellucid.metrics.categorical_accuracy([[0, 1], [1, 0]], [[0.1, 0.9], [0.2, 0.8]])
        Array([1., 0.], dtype=float32)
    """
    y_true, y_pred = same_shape(jnp.asarray(y_true), jnp.asarray(y_pred), "categorical_accuracy")
    right = jnp.argmax(y_true, axis=-1) == jnp.argmax(y_pred, axis=-1)
    return right.astype(jnp.float32)


@registered
def sparse_categorical_accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return 1 where the highest score belongs to the label, else 0.

    Args:
        y_true: Class numbers from 0, shape (batch, ...) or (batch, ..., 1).
        y_pred: Scores or probabilities, shape (batch, ..., classes).

    Raises:
        ShapeError: There is not one label for each row of scores.

    Example:
        >>> import pellucid
        >>> pellucid.metrics.sparse_categorical_accuracy([1, 0], [[0.1, 0.9], [0.2, 0.8]])
        Array([1., 0.], dtype=float32)
    """
    y_pred = jnp.asarray(y_pred)
    labels = class_numbers(jnp.asarray(y_true), y_pred, "sparse_categorical_accuracy")
    return (labels == jnp.argmax(y_pred, axis=-1)).astype(jnp.float32)


class CategoricalAccuracy(MeanMetric):
    """How often the highest score belongs to the one-hot label.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.CategoricalAccuracy()
        >>> float(metric([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]]))
        0.5
    """

    better: ClassVar[str | None] = "max"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return categorical_accuracy(y_true, y_pred)


class SparseCategoricalAccuracy(MeanMetric):
    """How often the highest score belongs to the class number.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.SparseCategoricalAccuracy()
        >>> float(metric([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0]]))
        0.5
    """

    better: ClassVar[str | None] = "max"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return sparse_categorical_accuracy(y_true, y_pred)
