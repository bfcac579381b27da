"""From the losses of single rows to the one number that is minimised."""

import jax.numpy as jnp

from pellucid.errors import ShapeError
from pellucid.types import Array

REDUCTIONS = ("sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None)

LAST_AXIS = (
    "The loss takes the mean over the last axis of the labels: to weigh what stands along it, "
    "such as steps, give the labels one axis more, y[..., None]."
)


def expand(weight: Array, values: Array) -> Array:
    """Return `weight` with axes of size 1 added, so that it lies beside `values`.

    A weight of shape (batch, 1) beside values of shape (batch,) loses its last axis.

    Raises:
        ShapeError: The weight does not lie beside the first axes of the values.
    """
    if weight.ndim == values.ndim + 1 and weight.shape[-1] == 1:
        return jnp.squeeze(weight, axis=-1)
    beside = zip(weight.shape, values.shape, strict=False)
    if weight.ndim > values.ndim or any(w not in (1, v) for w, v in beside):
        fix = "" if weight.ndim <= values.ndim else f" {LAST_AXIS}"
        raise ShapeError(
            f"weights: got shape {weight.shape}, expected {values.shape}, one for each value, "
            f"or that of its first axes.{fix}"
        )
    return weight.reshape(weight.shape + (1,) * (values.ndim - weight.ndim))


def divide(numerator: Array, denominator: Array) -> Array:
    """Return the quotient, and 0 where the denominator is 0."""
    empty = denominator == 0
    return jnp.where(empty, 0.0, numerator / jnp.where(empty, 1.0, denominator))


def reduce(
    values: Array,
    weight: Array | None = None,
    rows: Array | None = None,
    counted: Array | None = None,
    reduction: str | None = "sum_over_batch_size",
) -> Array:
    """Return weighted losses reduced to one number, as Keras does.

    `sum(values * weight) / n`, where n is, by `reduction`: the number of values
    ("sum_over_batch_size", "mean"), the sum of the weights ("mean_with_sample_weight"),
    or 1 ("sum"). Padding and values that are not counted have no part in either.

    Args:
        values: Losses, shape (batch, ...); a single number is one loss for the whole batch.
        weight: Sample weights, shape (batch,) or that of the first axes of `values`.
        rows: Shape (batch,); 1 for real rows, 0 for padding. None when all are real.
        counted: Shape of `values`; False where a value is left out, such as an ignored class.
        reduction: One of `REDUCTIONS`; "none" and None return the weighted values.

    Returns:
        A scalar, or an array of the shape of `values`.

    Example:
        >>> import jax.numpy as jnp, pellucid
        >>> values, rows = jnp.array([1.0, 3.0, 99.0]), jnp.array([1.0, 1.0, 0.0])
        >>> float(pellucid.losses.reduce(values, rows=rows))
        2.0

    Differs from Keras: a weight for each row of losses with more axes is spread over them,
    where Keras would line it up with the last axis.
    """
    if values.ndim == 0:
        return _one_for_the_batch(values, weight, rows, reduction)
    kept = jnp.ones(values.shape, bool)
    if rows is not None:
        kept = kept & expand(rows != 0, values)
    if counted is not None:
        kept = kept & counted
    weights = jnp.ones(values.shape, values.dtype)
    if weight is not None:
        weights = jnp.broadcast_to(expand(weight.astype(values.dtype), values), values.shape)
    # `where`, not a product: padding may hold anything, even NaN.
    weighted = jnp.where(kept, values * weights, 0.0)
    if reduction in (None, "none"):
        return weighted
    total = jnp.sum(weighted)
    if reduction == "sum":
        return total
    parts = weights if reduction == "mean_with_sample_weight" else jnp.ones_like(weights)
    return divide(total, jnp.sum(jnp.where(kept, parts, 0.0)))


def _one_for_the_batch(
    value: Array, weight: Array | None, rows: Array | None, reduction: str | None
) -> Array:
    """Return a loss that came as one number, times its weights row by row."""
    if weight is None:
        return value
    return reduce(jnp.broadcast_to(value, weight.shape), weight, rows, reduction=reduction)
