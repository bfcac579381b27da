"""Binary crossentropy."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import flag, number, option
from pellucid.losses.base import Loss
from pellucid.losses.numbers import (
    binary_log_loss,
    floating,
    registered,
    smooth,
    to_axis,
)
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def binary_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    from_logits: bool = False,
    label_smoothing: Array | float = 0.0,
    axis: int = -1,
) -> Array:
    """Return the mean of `-t log p - (1 - t) log(1 - p)` over an axis.

    Args:
        y_true: Labels t from 0 to 1, shape (batch, ..., outputs).
        y_pred: Probabilities p, the same shape; or logits, of which p is the sigmoid.
        from_logits: Whether `y_pred` are logits. These never overflow; probabilities are
            kept 1e-7 away from 0 and 1.
        label_smoothing: From 0 to 1; moves labels towards 1/2.
        axis: Axis over which the mean is taken.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.binary_crossentropy([[1.0]], [[-10000.0]], from_logits=True)
        >>> loss.tolist()
        [10000.0]

    Source: Goodfellow, Bengio, Courville, "Deep Learning" (2016), 6.2.2.2.
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "binary_crossentropy")
    target = smooth(y_true, label_smoothing, 0.5)
    return jnp.mean(binary_log_loss(target, y_pred, from_logits), axis=axis)


class BinaryCrossentropy(Loss):
    """Crossentropy of yes-or-no labels, one or several for each row.

    Args:
        from_logits: Whether predictions are logits instead of probabilities. A model whose
            last activation is a sigmoid trains from its logits by itself.
        label_smoothing: From 0 to 1; moves labels towards 1/2; may be tuned.
        axis: Axis over which the mean is taken.
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Raises:
        ArgumentError: `label_smoothing` is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.BinaryCrossentropy()
        >>> round(float(loss([[1.0], [0.0]], [[0.5], [0.5]])), 4)
        0.6931

    Source: Goodfellow, Bengio, Courville, "Deep Learning" (2016), 6.2.2.2.
    """

    link: ClassVar[str | None] = "sigmoid"
    targets: ClassVar[str | None] = "shares"

    from_logits: bool = flag(default=False)
    label_smoothing: float = number(default=0.0, low=0, high=1, meaning="the share moved to 1/2")
    axis: int = option(default=-1, convert=to_axis)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return binary_crossentropy(
            y_true, y_pred, self.from_logits, self.label_smoothing, self.axis
        )
