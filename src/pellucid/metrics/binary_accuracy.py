"""How often yes-or-no predictions are right."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import number
from pellucid.losses.numbers import registered
from pellucid.losses.shapes import same_shape
from pellucid.metrics.mean import MeanMetric
from pellucid.types import Array, ArrayLike


@registered
def binary_accuracy(y_true: ArrayLike, y_pred: ArrayLike, threshold: Array | float = 0.5) -> Array:
    """Return 1 where `y_pred > threshold` agrees with the label, else 0.

    Args:
        y_true: Labels 0 and 1, shape (batch, ...).
        y_pred: Probabilities, the same shape.
        threshold: Above it a prediction means 1.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> pellucid.metrics.binary_accuracy([[1], [0]], [[0.9], [0.6]]).tolist()
        [[1.0], [0.0]]
    """
    y_true, y_pred = same_shape(jnp.asarray(y_true), jnp.asarray(y_pred), "binary_accuracy")
    return jnp.equal(y_true, y_pred > threshold).astype(jnp.float32)


class BinaryAccuracy(MeanMetric):
    """How often probabilities lie on the right side of a threshold.

    Args:
        name: Name in logs.
        threshold: Above it a prediction means 1; 0 for logits.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.BinaryAccuracy()
        >>> float(metric([[1], [1], [0], [0]], [[0.98], [1], [0], [0.6]]))
        0.75
    """

    better: ClassVar[str | None] = "max"

    threshold: float = number(default=0.5, kw_only=True)

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return binary_accuracy(y_true, y_pred, self.threshold)
