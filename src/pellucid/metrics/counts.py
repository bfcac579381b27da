"""Numbers of true and false positives and negatives."""

from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import option
from pellucid.metrics.base import Metric
from pellucid.metrics.confusion import as_tuple, count_at, mark, one_or_all, to_thresholds
from pellucid.types import Array


class _Count(Metric):
    """Weighted number of predictions of one kind, at each threshold."""

    row: ClassVar[int]

    thresholds: Any = option(default=None, convert=to_thresholds)

    @property
    def _limits(self) -> tuple[float, ...]:
        return as_tuple(self.thresholds, 0.5)

    def size(self) -> int | tuple[int, ...]:
        return len(self._limits)

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        marked = mark(y_true, y_pred, weight, f"metric '{self.name}'")
        return count_at(marked, self._limits)[self.row]

    def compute(self, sums: Array) -> Array:
        return one_or_all(jnp.asarray(sums), self._limits)


class TruePositives(_Count):
    """Weighted number of positives predicted to be positive.

    Args:
        thresholds: Number from 0 to 1, or several: a prediction above it is positive. 1/2
            when absent.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: A threshold is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.TruePositives()([0, 1, 1, 1], [1, 0, 1, 1]))
        2.0
    """

    row: ClassVar[int] = 0
    better: ClassVar[str | None] = "max"


class FalsePositives(_Count):
    """Weighted number of negatives predicted to be positive.

    Args:
        thresholds: Number from 0 to 1, or several: a prediction above it is positive. 1/2
            when absent.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: A threshold is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.FalsePositives()([0, 1, 0, 0], [0, 0, 1, 1]))
        2.0
    """

    row: ClassVar[int] = 1
    better: ClassVar[str | None] = "min"


class TrueNegatives(_Count):
    """Weighted number of negatives predicted to be negative.

    Args:
        thresholds: Number from 0 to 1, or several: a prediction above it is positive. 1/2
            when absent.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: A threshold is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.TrueNegatives()([0, 1, 0, 0], [1, 1, 0, 0]))
        2.0
    """

    row: ClassVar[int] = 2
    better: ClassVar[str | None] = "max"


class FalseNegatives(_Count):
    """Weighted number of positives predicted to be negative.

    Args:
        thresholds: Number from 0 to 1, or several: a prediction above it is positive. 1/2
            when absent.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: A threshold is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.FalseNegatives()([0, 1, 1, 1], [0, 1, 0, 0]))
        2.0
    """

    row: ClassVar[int] = 3
    better: ClassVar[str | None] = "min"
