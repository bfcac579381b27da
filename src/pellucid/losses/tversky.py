"""The Tversky loss, for masks."""

from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import number, option
from pellucid.losses.base import Loss
from pellucid.losses.dice import blank, keeps_rows
from pellucid.losses.numbers import EPSILON, floating, registered, to_axes
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


@registered
def tversky(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    alpha: Array | float = 0.5,
    beta: Array | float = 0.5,
    axis: Any = None,
) -> Array:
    """Return `1 - c / (c + alpha * sum(t (1 - p)) + beta * sum(p (1 - t)) + 1e-7)`.

    `c = sum(t p)` is what masks t and predictions p have in common.

    Args:
        y_true: Masks t of 0 and 1, any shape.
        y_pred: Probabilities p, the same shape.
        alpha: Weight of what is true and not predicted.
        beta: Weight of what is predicted and not true.
        axis: Axes over which the sums run; None for all, the batch among them.

    Returns:
        The axes that are left; a scalar where `axis` is None.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.losses.tversky([1.0, 0.0], [1.0, 1.0])), 4)
        0.3333

    Source: Salehi et al., "Tversky loss function for image segmentation" (2017). As in
    Keras, `alpha` and `beta` have the places that the paper gives to `beta` and `alpha`.
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "tversky")
    common = jnp.sum(y_true * y_pred, axis=axis)
    missed = jnp.sum(y_true * (1.0 - y_pred), axis=axis)
    invented = jnp.sum(y_pred * (1.0 - y_true), axis=axis)
    return 1.0 - common / (common + missed * alpha + invented * beta + EPSILON)


class Tversky(Loss):
    """The Dice loss with its own weight for what is missed and for what is invented.

    Args:
        alpha: Weight of what is true and not predicted, at least 0; may be tuned.
        beta: Weight of what is predicted and not true, at least 0; may be tuned.
        axis: Axes over which the sums run, such as (1, 2, 3) for one loss an image; None for
            all, the batch among them.
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.losses.Tversky(beta=1.0)([1.0, 0.0], [1.0, 1.0])), 4)
        0.5

    Source: Salehi et al., "Tversky loss function for image segmentation" (2017).
    """

    targets: ClassVar[str | None] = "shares"

    alpha: float = number(default=0.5, low=0, meaning="the weight of what is missed")
    beta: float = number(default=0.5, low=0, meaning="the weight of what is invented")
    axis: Any = option(default=None, convert=to_axes, kw_only=True)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return tversky(y_true, y_pred, self.alpha, self.beta, self.axis)

    def values(self, y_true: Array, y_pred: Array, rows: Array | None = None) -> Array:
        return self.call(blank(y_true, rows), blank(y_pred, rows))

    @property
    def by_row(self) -> bool:
        return keeps_rows(self.axis)
