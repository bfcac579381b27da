"""The Dice loss, for masks."""

from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import option
from pellucid.losses.base import Loss
from pellucid.losses.numbers import EPSILON, floating, registered, to_axes
from pellucid.losses.reduction import expand
from pellucid.losses.shapes import same_shape
from pellucid.types import Array, ArrayLike


def blank(x: Array, rows: Array | None) -> Array:
    """Return `x` with zeros in the rows that are padding."""
    return x if rows is None else jnp.where(expand(rows != 0, x), x, 0)


def keeps_rows(axis: Any) -> bool:
    """Say whether sums over `axis` leave a value for each row, or one for the whole batch."""
    return axis is None or 0 not in (axis if isinstance(axis, tuple) else (axis,))


@registered
def dice(y_true: ArrayLike, y_pred: ArrayLike, axis: Any = None) -> Array:
    """Return `1 - 2 sum(t p) / (sum(t) + sum(p) + 1e-7)`.

    Args:
        y_true: Masks t of 0 and 1, any shape.
        y_pred: Probabilities p, the same shape.
        axis: Axes over which the sums run; None for all, the batch among them.

    Returns:
        The axes that are left; a scalar where `axis` is None.

    Raises:
        ShapeError: The shapes differ.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.losses.dice([1.0, 0.0], [1.0, 1.0])), 4)
        0.3333

    Source: Milletari et al., "V-Net" (2016).
    """
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, "dice")
    common = jnp.sum(y_true * y_pred, axis=axis)
    either = jnp.sum(y_true, axis=axis) + jnp.sum(y_pred, axis=axis)
    return 1.0 - 2.0 * common / (either + EPSILON)


class Dice(Loss):
    """One minus the share that predicted and true mask have in common, for rare foreground.

    Args:
        axis: Axes over which the sums run, such as (1, 2, 3) for one loss an image; None for
            all, the batch among them.
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.losses.Dice()([1.0, 0.0], [1.0, 1.0])), 4)
        0.3333

    Source: Milletari et al., "V-Net" (2016).
    """

    targets: ClassVar[str | None] = "shares"

    axis: Any = option(default=None, convert=to_axes, kw_only=True)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return dice(y_true, y_pred, self.axis)

    def values(self, y_true: Array, y_pred: Array, rows: Array | None = None) -> Array:
        return self.call(blank(y_true, rows), blank(y_pred, rows))

    @property
    def by_row(self) -> bool:
        return keeps_rows(self.axis)
