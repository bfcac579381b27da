"""Small steps that several losses share: types, clipping, logarithms that never overflow."""

from collections.abc import Callable
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.description import Refusal
from pellucid.types import Array, ArrayLike

EPSILON = 1e-7
"""Keras's small number: probabilities are kept this far from 0 and 1 before a logarithm."""

F = TypeVar("F", bound=Callable[..., Any])


def registered(function: F) -> F:
    """Let configurations and files speak of `function` by its own name."""
    function.registered_name = function.__name__  # type: ignore[attr-defined]
    return function


def floating(x: ArrayLike) -> Array:
    """Return `x` as a JAX array of floating-point numbers."""
    array = jnp.asarray(x)
    return array if jnp.issubdtype(array.dtype, jnp.floating) else array.astype(jnp.float32)


def clip_probability(p: Array) -> Array:
    """Return `p` kept `EPSILON` away from 0 and 1."""
    return jnp.clip(p, EPSILON, 1.0 - EPSILON)


def log_probability(y_pred: Array, from_logits: bool, axis: int) -> Array:
    """Return the logarithm of class probabilities, from logits or from probabilities.

    Probabilities are divided by their sum first, as Keras does.
    """
    if from_logits:
        return jax.nn.log_softmax(y_pred, axis=axis)
    return jnp.log(clip_probability(y_pred / jnp.sum(y_pred, axis=axis, keepdims=True)))


def binary_log_loss(target: Array, y_pred: Array, from_logits: bool) -> Array:
    """Return `-t log p - (1 - t) log(1 - p)` of each value, from logits or probabilities."""
    if from_logits:
        # log(1 + exp(-|x|)) is exact where softplus(x) - t x would cancel.
        # At 0 JAX takes 1 for the slope of |x|, so that the positive part must have 1 there too.
        positive = jnp.where(y_pred >= 0, y_pred, 0.0)
        return positive - y_pred * target + jnp.log1p(jnp.exp(-jnp.abs(y_pred)))
    p = clip_probability(y_pred)
    return -target * jnp.log(p) - (1.0 - target) * jnp.log(1.0 - p)


def smooth(target: Array, label_smoothing: Array | float, share: float) -> Array:
    """Return `target` moved towards `share` of its mass by `label_smoothing`."""
    return target * (1.0 - label_smoothing) + label_smoothing * share


def _whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def to_axis(value: Any) -> int:
    """Return the number of an axis; the converter of a field."""
    if not _whole(value):
        raise Refusal("the number of an axis, such as -1 for the last")
    return int(value)


def to_axes(value: Any) -> int | tuple[int, ...] | None:
    """Return the number of an axis, a tuple of several, or None; the converter of a field."""
    if value is None or _whole(value):
        return value
    if isinstance(value, (tuple, list)) and all(map(_whole, value)):
        return tuple(int(one) for one in value)
    raise Refusal("an axis such as 1, a tuple of axes such as (1, 2), or None for all")
