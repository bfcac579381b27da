"""Categorical crossentropy, for one-hot labels."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import flag, number, option
from pellucid.losses.base import Loss
from pellucid.losses.numbers import (
    floating,
    log_probability,
    registered,
    smooth,
    to_axis,
)
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def categorical_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    from_logits: bool = False,
    label_smoothing: Array | float = 0.0,
    axis: int = -1,
) -> Array:
    """Return `-sum(t * log p)` over the classes.

    Args:
        y_true: One-hot labels or probabilities t, shape (batch, ..., classes).
        y_pred: Probabilities p, the same shape; or logits, of which p is the softmax.
        from_logits: Whether `y_pred` are logits. These never overflow; probabilities are
            divided by their sum and kept 1e-7 away from 0 and 1.
        label_smoothing: From 0 to 1; moves labels towards 1/classes.
        axis: Axis of the classes.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.categorical_crossentropy([[0, 1, 0]], [[0.25, 0.5, 0.25]])
        >>> round(float(loss[0]), 4)
        0.6931

    Source: Goodfellow, Bengio, Courville, "Deep Learning" (2016), 6.2.2.3.

    Differs from Keras: smoothing counts the classes along `axis`, not along the last axis.
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "categorical_crossentropy")
    target = smooth(y_true, label_smoothing, 1.0 / y_true.shape[axis])
    return -jnp.sum(target * log_probability(y_pred, from_logits, axis), axis=axis)


class CategoricalCrossentropy(Loss):
    """Crossentropy of one-hot labels: each row belongs to one of several classes.

    For labels that are class numbers use `SparseCategoricalCrossentropy`.

    Args:
        from_logits: Whether predictions are logits instead of probabilities. A model whose
            last activation is a softmax trains from its logits by itself.
        label_smoothing: From 0 to 1; moves labels towards 1/classes; may be tuned.
        axis: Axis of the classes.
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Raises:
        ArgumentError: `label_smoothing` is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.CategoricalCrossentropy()
        >>> round(float(loss([[0, 1, 0]], [[0.25, 0.5, 0.25]])), 4)
        0.6931

    Source: Goodfellow, Bengio, Courville, "Deep Learning" (2016), 6.2.2.3.
    """

    link: ClassVar[str | None] = "softmax"
    targets: ClassVar[str | None] = "one-hot"

    from_logits: bool = flag(default=False)
    label_smoothing: float = number(
        default=0.0, low=0, high=1, meaning="the share moved to all classes"
    )
    axis: int = option(default=-1, convert=to_axis)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return categorical_crossentropy(
            y_true, y_pred, self.from_logits, self.label_smoothing, self.axis
        )
