"""Focal binary crossentropy."""

from typing import ClassVar

import jax
import jax.numpy as jnp

from pellucid.description import flag, number, option
from pellucid.losses.base import Loss
from pellucid.losses.numbers import (
    EPSILON,
    binary_log_loss,
    floating,
    registered,
    smooth,
    to_axis,
)
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def binary_focal_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    apply_class_balancing: bool = False,
    alpha: Array | float = 0.25,
    gamma: Array | float = 2.0,
    from_logits: bool = False,
    label_smoothing: Array | float = 0.0,
    axis: int = -1,
) -> Array:
    """Return binary crossentropy times `(1 - p_t)**gamma`, averaged over an axis.

    `p_t = t p + (1 - t)(1 - p)` is the probability given to the right answer: rows that are
    already right weigh little.

    Args:
        y_true: Labels t from 0 to 1, shape (batch, ..., outputs).
        y_pred: Probabilities p, the same shape; or logits, of which p is the sigmoid.
        apply_class_balancing: Whether label 1 weighs `alpha` and label 0 `1 - alpha`.
        alpha: Weight of label 1, from 0 to 1.
        gamma: Strength of the focus, at least 0; 0 for none.
        from_logits: Whether `y_pred` are logits; these never overflow.
        label_smoothing: From 0 to 1; moves labels towards 1/2.
        axis: Axis over which the mean is taken.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.binary_focal_crossentropy([[1.0]], [[0.5]])
        >>> round(float(loss[0]), 4)
        0.1733

    Source: Lin et al., "Focal Loss for Dense Object Detection" (2017).
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "binary_focal_crossentropy")
    target = smooth(y_true, label_smoothing, 0.5)
    p = jax.nn.sigmoid(y_pred) if from_logits else y_pred
    p_t = target * p + (1.0 - target) * (1.0 - p)
    # Away from 0, where the slope of a power below 1 is infinite.
    focus = jnp.power(jnp.maximum(1.0 - p_t, EPSILON), gamma)
    losses = focus * binary_log_loss(target, y_pred, from_logits)
    if apply_class_balancing:
        losses = losses * (target * alpha + (1.0 - target) * (1.0 - alpha))
    return jnp.mean(losses, axis=axis)


class BinaryFocalCrossentropy(Loss):
    """Binary crossentropy that attends to the rows that are still wrong, for rare labels.

    Args:
        apply_class_balancing: Whether label 1 weighs `alpha` and label 0 `1 - alpha`.
        alpha: Weight of label 1, from 0 to 1; may be tuned.
        gamma: Strength of the focus, at least 0; may be tuned.
        from_logits: Whether predictions are logits instead of probabilities.
        label_smoothing: From 0 to 1; moves labels towards 1/2; may be tuned.
        axis: Axis over which the mean is taken.
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Raises:
        ArgumentError: A number lies outside its range.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.BinaryFocalCrossentropy()
        >>> round(float(loss([[1.0]], [[0.5]])), 4)
        0.1733

    Source: Lin et al., "Focal Loss for Dense Object Detection" (2017).
    """

    link: ClassVar[str | None] = "sigmoid"
    targets: ClassVar[str | None] = "shares"

    apply_class_balancing: bool = flag(default=False)
    alpha: float = number(default=0.25, low=0, high=1, meaning="the weight of label 1")
    gamma: float = number(default=2.0, low=0, meaning="the strength of the focus")
    from_logits: bool = flag(default=False)
    label_smoothing: float = number(default=0.0, low=0, high=1, meaning="the share moved to 1/2")
    axis: int = option(default=-1, convert=to_axis)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return binary_focal_crossentropy(
            y_true,
            y_pred,
            self.apply_class_balancing,
            self.alpha,
            self.gamma,
            self.from_logits,
            self.label_smoothing,
            self.axis,
        )
