"""Correlations of targets and predictions."""

from typing import ClassVar, Self

import jax.numpy as jnp

from pellucid.description import count, option, text
from pellucid.errors import Problem, ShapeError, report
from pellucid.losses.numbers import EPSILON, floating, registered, to_axis
from pellucid.losses.reduction import divide
from pellucid.losses.shapes import same_shape
from pellucid.metrics.base import Metric
from pellucid.metrics.mean import mean_parts, spread, weighted
from pellucid.types import Array, ArrayLike, Shape


def _moments(y_true: ArrayLike, y_pred: ArrayLike, axis: int, where: str) -> tuple[Array, ...]:
    """Return means, variances and the covariance along an axis."""
    y_pred = floating(y_pred)
    y_true = jnp.asarray(y_true, y_pred.dtype)
    y_true, y_pred = same_shape(y_true, y_pred, where)
    if y_pred.shape[axis] < 2:
        given = f"{y_pred.shape[axis]} value along axis {axis} of shape {y_pred.shape}"
        fix = "To correlate over rows use axis=0."
        report([Problem(where, given, "at least 2 to correlate", fix)], ShapeError)
    mean_true, mean_pred = (
        jnp.mean(y_true, axis, keepdims=True),
        jnp.mean(y_pred, axis, keepdims=True),
    )
    apart_true, apart_pred = y_true - mean_true, y_pred - mean_pred
    return (
        jnp.squeeze(mean_true, axis),
        jnp.squeeze(mean_pred, axis),
        jnp.mean(jnp.square(apart_true), axis),
        jnp.mean(jnp.square(apart_pred), axis),
        jnp.mean(apart_true * apart_pred, axis),
    )


def _pearson(mt: Array, mp: Array, vt: Array, vp: Array, covariance: Array) -> Array:
    return covariance / (jnp.sqrt(vt) * jnp.sqrt(vp))


def _concordance(mt: Array, mp: Array, vt: Array, vp: Array, covariance: Array) -> Array:
    return 2.0 * covariance / (vt + vp + jnp.square(mt - mp) + EPSILON)


@registered
def pearson_correlation(y_true: ArrayLike, y_pred: ArrayLike, axis: int = -1) -> Array:
    """Return `cov(t, p) / (std(t) * std(p))` along an axis: -1 to 1; NaN where one is constant.

    Args:
        y_true: Targets t, shape (batch, ..., outputs).
        y_pred: Predictions p, the same shape.
        axis: Axis along which values are correlated.

    Raises:
        ShapeError: The shapes differ, or there is only one value along the axis.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.pearson_correlation([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]).round(4))
        1.0
    """
    return _pearson(*_moments(y_true, y_pred, axis, "pearson_correlation"))


@registered
def concordance_correlation(y_true: ArrayLike, y_pred: ArrayLike, axis: int = -1) -> Array:
    """Return `2 cov(t, p) / (var(t) + var(p) + (mean(t) - mean(p))**2)` along an axis.

    1 only where predictions equal targets: other than Pearson's correlation it also falls
    with a wrong mean or scale.

    Args:
        y_true: Targets t, shape (batch, ..., outputs).
        y_pred: Predictions p, the same shape.
        axis: Axis along which values are correlated.

    Raises:
        ShapeError: The shapes differ, or there is only one value along the axis.

    Example:
        >>> import pellucid
        >>> value = pellucid.metrics.concordance_correlation([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
        >>> round(float(value), 4)
        0.5714

    Source: Lin, "A Concordance Correlation Coefficient to Evaluate Reproducibility" (1989).
    """
    return _concordance(*_moments(y_true, y_pred, axis, "concordance_correlation"))


class _Correlation(Metric):
    """The mean of correlations within rows, or, along axis 0, the correlation over all rows."""

    better: ClassVar[str | None] = "max"

    name: str | None = text(default=None, identity=True)
    axis: int = option(default=-1, convert=to_axis, kw_only=True)
    outputs: int | None = count(default=None, optional=True, kw_only=True)

    def _of_moments(self, *moments: Array) -> Array:
        raise NotImplementedError

    @property
    def _over_rows(self) -> bool:
        return self.axis == 0

    def shaped(self, y_true_shape: Shape, y_pred_shape: Shape) -> Self:
        if self.outputs is not None or not self._over_rows:
            return self
        outputs = 1
        for one in y_pred_shape[1:]:
            outputs *= one or 1
        return self.replace(outputs=outputs)

    def size(self) -> int | tuple[int, ...]:
        if not self._over_rows:
            return 2
        if self.outputs is None:
            raise ShapeError(
                f"metric '{self.name}': got no data yet, expected outputs=..., the number of "
                "outputs."
            )
        return (6, self.outputs)

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        where = f"metric '{self.name}'"
        if not self._over_rows:
            values = self._of_moments(*_moments(y_true, y_pred, self.axis, where))
            return mean_parts(values, weight)
        t, p = same_shape(floating(y_true), floating(y_pred), where)
        weights = spread(weight, t)
        parts = [jnp.ones_like(t), t, p, t * t, p * p, t * p]
        summed = [jnp.sum(weighted(one, weights), axis=0).reshape(-1) for one in parts]
        return jnp.stack(summed)

    def compute(self, sums: Array) -> Array:
        if not self._over_rows:
            return divide(sums[0], sums[1])
        weight = sums[0]
        mt, mp, tt, pp, tp = (divide(one, weight) for one in sums[1:])
        found = self._of_moments(mt, mp, tt - mt * mt, pp - mp * mp, tp - mt * mp)
        return jnp.mean(found)


class PearsonCorrelation(_Correlation):
    """Pearson's correlation of targets and predictions: 1 the same, -1 opposite.

    Args:
        name: Name in logs.
        axis: -1 for the mean over rows of the correlation within a row; 0 for the correlation
            over all rows, averaged over outputs.
        outputs: Number of outputs, with `axis=0`; found out from the data.
        dtype: Type of the result.

    Raises:
        ShapeError: The shapes differ, or there is only one value along the axis.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.PearsonCorrelation(axis=0)
        >>> float(metric([[0.0], [1.0], [0.5]], [[0.25], [0.75], [0.5]]).round(4))
        1.0

    Differs from Keras: with `axis=0` it is the correlation over all rows of all batches,
    not the mean of the batches' correlations.
    """

    def _of_moments(self, *moments: Array) -> Array:
        return _pearson(*moments)


class ConcordanceCorrelation(_Correlation):
    """Concordance correlation of targets and predictions: 1 only where they are equal.

    Args:
        name: Name in logs.
        axis: -1 for the mean over rows of the correlation within a row; 0 for the correlation
            over all rows, averaged over outputs.
        outputs: Number of outputs, with `axis=0`; found out from the data.
        dtype: Type of the result.

    Raises:
        ShapeError: The shapes differ, or there is only one value along the axis.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.ConcordanceCorrelation()
        >>> round(float(metric([[1.0, 2.0, 3.0]], [[2.0, 3.0, 4.0]])), 4)
        0.5714

    Source: Lin, "A Concordance Correlation Coefficient to Evaluate Reproducibility" (1989).

    Differs from Keras: with `axis=0` it is the correlation over all rows of all batches,
    not the mean of the batches' correlations.
    """

    def _of_moments(self, *moments: Array) -> Array:
        return _concordance(*moments)
