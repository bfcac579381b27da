"""Mean errors of predicted numbers."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.losses.log_cosh import log_cosh
from pellucid.losses.mean_absolute_error import mean_absolute_error
from pellucid.losses.mean_absolute_percentage_error import mean_absolute_percentage_error
from pellucid.losses.mean_squared_error import mean_squared_error
from pellucid.losses.mean_squared_logarithmic_error import mean_squared_logarithmic_error
from pellucid.losses.shapes import same_shape
from pellucid.metrics.mean import MeanMetric
from pellucid.types import Array


class MeanSquaredError(MeanMetric):
    """Mean of `(y_true - y_pred)**2`.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.MeanSquaredError()([[0.0], [0.0]], [[1.0], [3.0]]))
        5.0
    """

    better: ClassVar[str | None] = "min"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return mean_squared_error(y_true, y_pred)


class RootMeanSquaredError(MeanMetric):
    """Root of the mean of `(y_true - y_pred)**2`, in the unit of the targets.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.RootMeanSquaredError()([[0.0], [0.0]], [[1.0], [7.0]]))
        5.0
    """

    better: ClassVar[str | None] = "min"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        y_true, y_pred = same_shape(y_true, y_pred, "root_mean_squared_error")
        return jnp.square(y_pred - y_true.astype(jnp.float32))

    def compute(self, sums: Array) -> Array:
        return jnp.sqrt(super().compute(sums))


class MeanAbsoluteError(MeanMetric):
    """Mean of `|y_true - y_pred|`.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.MeanAbsoluteError()([[0.0], [0.0]], [[1.0], [3.0]]))
        2.0
    """

    better: ClassVar[str | None] = "min"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return mean_absolute_error(y_true, y_pred)


class MeanAbsolutePercentageError(MeanMetric):
    """Mean of `|y_true - y_pred|` in percent of the target.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.MeanAbsolutePercentageError()([[2.0]], [[3.0]]))
        50.0
    """

    better: ClassVar[str | None] = "min"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return mean_absolute_percentage_error(y_true, y_pred)


class MeanSquaredLogarithmicError(MeanMetric):
    """Mean of `(log(y_true + 1) - log(y_pred + 1))**2`.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import math, pellucid
        >>> metric = pellucid.metrics.MeanSquaredLogarithmicError()
        >>> round(float(metric([[math.e - 1]], [[0.0]])), 4)
        1.0
    """

    better: ClassVar[str | None] = "min"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return mean_squared_logarithmic_error(y_true, y_pred)


class LogCoshError(MeanMetric):
    """Mean of `log(cosh(y_pred - y_true))`.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.metrics.LogCoshError()([[0.0]], [[10.0]])), 4)
        9.3069
    """

    better: ClassVar[str | None] = "min"
    default_name: ClassVar[str | None] = "logcosh"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return log_cosh(y_true, y_pred)
