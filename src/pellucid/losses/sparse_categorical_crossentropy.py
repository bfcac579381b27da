"""Categorical crossentropy, for labels that are class numbers."""

from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.description import Refusal, flag, option
from pellucid.losses.base import Loss
from pellucid.losses.numbers import floating, log_probability, registered, to_axis
from pellucid.losses.shapes import class_numbers
from pellucid.types import Array, ArrayLike


@registered
def sparse_categorical_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> Array:
    """Return `-log p[label]` for each row.

    Args:
        y_true: Class numbers from 0, shape (batch, ...) or (batch, ..., 1).
        y_pred: Probabilities p, shape (batch, ..., classes); or logits, of which p is the
            softmax.
        from_logits: Whether `y_pred` are logits. These never overflow; probabilities are
            divided by their sum and kept 1e-7 away from 0 and 1.
        ignore_class: Class number whose rows have the loss 0; None for none.
        axis: Axis of the classes.

    Raises:
        ShapeError: There is not one label for each row of class scores.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.sparse_categorical_crossentropy([1], [[0.25, 0.5, 0.25]])
        >>> round(float(loss[0]), 4)
        0.6931

    Source: Goodfellow, Bengio, Courville, "Deep Learning" (2016), 6.2.2.3.
    """
    y_pred = floating(y_pred)
    where = "sparse_categorical_crossentropy"
    labels = class_numbers(jnp.asarray(y_true), y_pred, where, axis)
    log_p = log_probability(y_pred, from_logits, axis)
    chosen = jax.nn.one_hot(labels, y_pred.shape[axis], axis=axis, dtype=bool)
    losses = -jnp.sum(jnp.where(chosen, log_p, 0.0), axis=axis)
    return losses if ignore_class is None else jnp.where(labels == ignore_class, 0.0, losses)


def to_class(value: Any) -> int | None:
    """Return the number of a class, or None; the converter of a field."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if value is not None and not whole:
        raise Refusal("a class number, such as 255, or None")
    return None if value is None else int(value)


class SparseCategoricalCrossentropy(Loss):
    """Crossentropy of class numbers: each row belongs to one of several classes.

    For one-hot labels use `CategoricalCrossentropy`.

    Args:
        from_logits: Whether predictions are logits instead of probabilities. A model whose
            last activation is a softmax trains from its logits by itself.
        ignore_class: Class number whose rows have no part in the loss nor in its mean.
        axis: Axis of the classes.
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs.
        dtype: Type in which a direct call computes.

    Example:
        >>> import pellucid
        >>> loss = pellucid.losses.SparseCategoricalCrossentropy()
        >>> round(float(loss([1], [[0.25, 0.5, 0.25]])), 4)
        0.6931

    Source: Goodfellow, Bengio, Courville, "Deep Learning" (2016), 6.2.2.3.
    """

    link: ClassVar[str | None] = "softmax"
    targets: ClassVar[str | None] = "labels"

    from_logits: bool = flag(default=False)
    ignore_class: int | None = option(default=None, convert=to_class)
    axis: int = option(default=-1, convert=to_axis, kw_only=True)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        return sparse_categorical_crossentropy(
            y_true, y_pred, self.from_logits, self.ignore_class, self.axis
        )

    def counted(self, y_true: Array, values: Array) -> Array | None:
        if self.ignore_class is None:
            return None
        return y_true.reshape(values.shape) != self.ignore_class
