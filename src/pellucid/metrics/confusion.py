"""True and false positives and negatives, counted at thresholds."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from pellucid.description import Refusal
from pellucid.errors import Problem, ShapeError, report
from pellucid.losses.shapes import same_shape
from pellucid.metrics.mean import spread
from pellucid.types import Array

NEVER = -1e10
"""The score that classes get which are not among the top k; below every threshold but itself."""


class Marked(NamedTuple):
    """Predictions, and how much each weighs as a positive and as a negative."""

    scores: Array
    positive: Array
    negative: Array


def mark(
    y_true: Array,
    y_pred: Array,
    weight: Array,
    where: str,
    top_k: int | None = None,
    class_id: int | None = None,
) -> Marked:
    """Return scores beside the weights of their labels, in the shape of the predictions.

    Args:
        y_true: Labels; 0 is negative, anything else positive.
        y_pred: Scores, the same shape.
        weight: Weight of each row, shape (batch,).
        where: Name for messages.
        top_k: Number of highest scores in a row to keep; None for all.
        class_id: The only class to look at; None for all.

    Raises:
        ShapeError: The shapes differ, or there is no such class.
    """
    y_true, y_pred = same_shape(y_true, y_pred.astype(jnp.float32), where)
    if top_k is not None:
        y_pred = _only_top(y_pred, top_k)
    if class_id is not None:
        _check_class(y_pred, class_id, where)
        y_true, y_pred = y_true[..., class_id, None], y_pred[..., class_id, None]
    weights = spread(weight, y_pred)
    is_positive = y_true != 0
    return Marked(
        y_pred, jnp.where(is_positive, weights, 0.0), jnp.where(is_positive, 0.0, weights)
    )


def _check_class(y_pred: Array, class_id: int, where: str) -> None:
    if y_pred.ndim < 2 or class_id >= y_pred.shape[-1]:
        given = f"predictions of shape {y_pred.shape} and class_id={class_id}"
        expected = f"a last axis of at least {class_id + 1} classes"
        report([Problem(where, given, expected)], ShapeError)


def _only_top(scores: Array, k: int) -> Array:
    """Return scores with all but the `k` highest of each row put below every threshold."""
    _, places = lax.top_k(scores, k)
    kept = jnp.sum(jax.nn.one_hot(places, scores.shape[-1]), axis=-2)
    return scores * kept + NEVER * (1 - kept)


def count_at(marked: Marked, thresholds: tuple[float, ...]) -> Array:
    """Return true positives, false positives, true negatives and false negatives.

    A score above a threshold is a positive prediction.

    Returns:
        Shape (4, thresholds).
    """
    limits = jnp.asarray(thresholds, jnp.float32)[:, None]
    above = marked.scores.reshape(1, -1) > limits
    positive, negative = marked.positive.reshape(1, -1), marked.negative.reshape(1, -1)
    found = [
        jnp.sum(jnp.where(above, positive, 0.0), axis=1),
        jnp.sum(jnp.where(above, negative, 0.0), axis=1),
        jnp.sum(jnp.where(above, 0.0, negative), axis=1),
        jnp.sum(jnp.where(above, 0.0, positive), axis=1),
    ]
    return jnp.stack(found)


# -- thresholds as fields ---------------------------------------------------------------


def _is_share(value: Any) -> bool:
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return is_number and bool(0 <= value <= 1)


def to_thresholds(value: Any) -> float | tuple[float, ...] | None:
    """Return a threshold, several, or None; the converter of a field."""
    if value is None:
        return None
    if isinstance(value, (list, tuple, np.ndarray)):
        if len(value) and all(map(_is_share, value)):
            return tuple(map(float, value))
    elif _is_share(value):
        return float(value)
    raise Refusal("a number from 0 to 1, or a list of such numbers")


def as_tuple(thresholds: float | tuple[float, ...] | None, default: float) -> tuple[float, ...]:
    """Return thresholds as a tuple, with `default` where there are none."""
    if thresholds is None:
        return (default,)
    return thresholds if isinstance(thresholds, tuple) else (thresholds,)


def one_or_all(values: Array, thresholds: tuple[float, ...]) -> Array:
    """Return a scalar for a single threshold, else a value for each."""
    return values[0] if len(thresholds) == 1 else values
