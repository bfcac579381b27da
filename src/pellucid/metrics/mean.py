"""Metrics that are means or sums of a value for each row."""

import jax.numpy as jnp

from pellucid.description import text
from pellucid.losses.reduction import divide, expand
from pellucid.metrics.base import Metric
from pellucid.types import Array, ArrayLike


def spread(weight: Array, values: Array) -> Array:
    """Return the weight of each value: that of its row."""
    return jnp.broadcast_to(expand(weight.astype(jnp.float32), values), values.shape)


def weighted(values: Array, weights: Array) -> Array:
    """Return `values * weights`; 0 where the weight is 0, even for values that are NaN."""
    return jnp.where(weights == 0, 0.0, values.astype(jnp.float32) * weights)


class MeanMetric(Metric):
    """The weighted mean over rows of something that `values` says; base of many metrics.

    Args:
        name: Name in logs; made from the class when absent.
        dtype: Type of the result.
    """

    name: str | None = text(default=None, identity=True)

    def values(self, y_true: Array, y_pred: Array) -> Array:
        """Return a value for each row, shape (batch, ...)."""
        raise NotImplementedError(f"{type(self).__name__} must define values().")

    def counted(self, y_true: Array, values: Array) -> Array | None:
        """Return False for values that have no part in the mean; None when all have."""
        return None

    def size(self) -> int | tuple[int, ...]:
        return 2

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        values = self.values(y_true, y_pred)
        return mean_parts(values, weight, self.counted(y_true, values))

    def compute(self, sums: Array) -> Array:
        return divide(sums[0], sums[1])


def mean_parts(values: Array, weight: Array, counted: Array | None = None) -> Array:
    """Return the sum of weighted values and the sum of weights, both averaged over a row."""
    weights = spread(weight, values)
    if counted is not None:
        weights = jnp.where(counted, weights, 0.0)
    share = values.shape[0] / max(values.size, 1)
    return share * jnp.stack([jnp.sum(weighted(values, weights)), jnp.sum(weights)])


class _OfValues(Metric):
    """A metric of plain values instead of targets and predictions."""

    name: str | None = text(default=None, identity=True)

    def update_state(  # type: ignore[override]
        self, values: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> None:
        """Add values to the sums of direct use.

        Args:
            values: A number, or an array of shape (batch, ...).
            sample_weight: Weight of each row, shape (batch,), or of each value.
        """
        array = jnp.atleast_1d(jnp.asarray(values))
        weight = jnp.ones(array.shape[:1], jnp.float32)
        if sample_weight is not None:
            weight = jnp.atleast_1d(jnp.asarray(sample_weight, jnp.float32))
        self._add(self.update(array, array, weight))


class Mean(_OfValues):
    """The weighted mean of values.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> mean = pellucid.metrics.Mean()
        >>> mean.update_state([1.0, 3.0, 5.0, 7.0], sample_weight=[1, 1, 0, 0])
        >>> float(mean.result())
        2.0
    """

    def size(self) -> int | tuple[int, ...]:
        return 2

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        return mean_parts(y_true, weight)

    def compute(self, sums: Array) -> Array:
        return divide(sums[0], sums[1])


class Sum(_OfValues):
    """The weighted sum of values.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> total = pellucid.metrics.Sum()
        >>> total.update_state([1.0, 3.0, 5.0, 7.0], sample_weight=[1, 1, 0, 0])
        >>> float(total.result())
        4.0
    """

    def size(self) -> int | tuple[int, ...]:
        return 1

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        return jnp.sum(weighted(y_true, spread(weight, y_true)))[None]

    def compute(self, sums: Array) -> Array:
        return sums[0]
