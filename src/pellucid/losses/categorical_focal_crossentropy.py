"""Focal categorical crossentropy."""

import math
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import Refusal, flag, number, option
from pellucid.losses.base import Loss
from pellucid.losses.numbers import (
    EPSILON,
    floating,
    log_probability,
    registered,
    smooth,
    to_axis,
)
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def categorical_focal_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    alpha: Any = 0.25,
    gamma: Array | float = 2.0,
    from_logits: bool = False,
    label_smoothing: Array | float = 0.0,
    axis: int = -1,
) -> Array:
    """Return `-sum(alpha * (1 - p)**gamma * t * log p)` over the classes.

    Args:
        y_true: One-hot labels or probabilities t, shape (batch, ..., classes).
        y_pred: Probabilities p, the same shape; or logits, of which p is the softmax.
        alpha: Weight of all classes, or a list with one weight for each class.
        gamma: Strength of the focus on rows that are still wrong, at least 0; 0 for none.
        from_logits: Whether `y_pred` are logits; these never overflow.
        label_smoothing: From 0 to 1; moves labels towards 1/classes.
        axis: Axis of the classes.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.categorical_focal_crossentropy([[0, 1]], [[0.5, 0.5]])
        >>> round(float(loss[0]), 4)
        0.0433

    Source: Lin et al., "Focal Loss for Dense Object Detection" (2017).
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "categorical_focal_crossentropy")
    target = smooth(y_true, label_smoothing, 1.0 / y_true.shape[axis])
    log_p = log_probability(y_pred, from_logits, axis)
    # Away from 0, where the slope of a power below 1 is infinite.
    focus = jnp.power(jnp.maximum(-jnp.expm1(log_p), EPSILON), gamma)
    weight = jnp.asarray(alpha, y_pred.dtype)
    if weight.ndim == 1:
        weight = jnp.moveaxis(weight.reshape((1,) * (y_pred.ndim - 1) + (-1,)), -1, axis)
    return -jnp.sum(weight * focus * target * log_p, axis=axis)


def _is_weight(value: Any) -> bool:
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and bool(value >= 0)


def _to_alpha(value: Any) -> Any:
    if hasattr(value, "aval"):
        return value
    several = isinstance(value, (list, tuple, np.ndarray))
    weights = list(value) if several else [value]
    if not weights or not all(map(_is_weight, weights)):
        raise Refusal("a number at least 0, or a list with one such number for each class")
    return tuple(map(float, weights)) if several else float(value)


class CategoricalFocalCrossentropy(Loss):
    """Categorical crossentropy that attends to the rows that are still wrong.

    Args:
        alpha: Weight of all classes (may be tuned), or a list with one for each class.
        gamma: Strength of the focus, at least 0; may be tuned.
        from_logits: Whether predictions are logits instead of probabilities.
        label_smoothing: From 0 to 1; moves labels towards 1/classes; may be tuned.
        axis: Axis of the classes.
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Raises:
        ArgumentError: A number lies outside its range.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.CategoricalFocalCrossentropy(alpha=[0.25, 0.75])
        >>> round(float(loss([[0, 1]], [[0.5, 0.5]])), 4)
        0.13

    Source: Lin et al., "Focal Loss for Dense Object Detection" (2017).
    """

    link: ClassVar[str | None] = "softmax"
    targets: ClassVar[str | None] = "one-hot"

    alpha: Any = option(default=0.25, convert=_to_alpha, tunable=True)
    gamma: float = number(default=2.0, low=0, meaning="the strength of the focus")
    from_logits: bool = flag(default=False)
    label_smoothing: float = number(
        default=0.0, low=0, high=1, meaning="the share moved to all classes"
    )
    axis: int = option(default=-1, convert=to_axis)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return categorical_focal_crossentropy(
            y_true,
            y_pred,
            self.alpha,
            self.gamma,
            self.from_logits,
            self.label_smoothing,
            self.axis,
        )
