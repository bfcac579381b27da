"""How often predictions are right, where they are compared as they stand."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.losses.numbers import registered
from pellucid.losses.shapes import same_shape
from pellucid.metrics.mean import MeanMetric
from pellucid.types import Array, ArrayLike


@registered
def accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> Array:
    """Return 1 where `y_true == y_pred`, else 0.

    Args:
        y_true: Labels, shape (batch, ...).
        y_pred: Predicted labels, the same shape.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> pellucid.metrics.accuracy([1, 2, 3], [0, 2, 3]).tolist()
        [0.0, 1.0, 1.0]
    """
    y_true, y_pred = same_shape(jnp.asarray(y_true), jnp.asarray(y_pred), "accuracy")
    return jnp.equal(y_true, y_pred).astype(jnp.float32)


class Accuracy(MeanMetric):
    """How often predictions equal labels exactly.

    For scores and probabilities use `BinaryAccuracy`, `CategoricalAccuracy` or
    `SparseCategoricalAccuracy`; "accuracy" in `compile` chooses among these.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.Accuracy()([1, 2, 3, 4], [0, 2, 3, 4]))
        0.75
    """

    better: ClassVar[str | None] = "max"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return accuracy(y_true, y_pred)
