"""Precision and recall."""

from typing import Any, ClassVar

from pellucid.description import count, option
from pellucid.losses.reduction import divide
from pellucid.metrics.base import Metric
from pellucid.metrics.confusion import (
    NEVER,
    as_tuple,
    count_at,
    mark,
    one_or_all,
    to_thresholds,
)
from pellucid.types import Array


class _Share(Metric):
    """The share of true positives among something, at each threshold."""

    better: ClassVar[str | None] = "max"

    thresholds: Any = option(default=None, convert=to_thresholds)
    top_k: int | None = count(
        default=None, optional=True, meaning="the number of scores to look at"
    )
    class_id: int | None = count(
        default=None, low=0, optional=True, meaning="the number of a class"
    )

    @property
    def _limits(self) -> tuple[float, ...]:
        return as_tuple(self.thresholds, 0.5 if self.top_k is None else NEVER)

    def size(self) -> int | tuple[int, ...]:
        return (4, len(self._limits))

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        where = f"metric '{self.name}'"
        marked = mark(y_true, y_pred, weight, where, self.top_k, self.class_id)
        return count_at(marked, self._limits)


class Precision(_Share):
    """Share of the positive predictions that are right: `tp / (tp + fp)`.

    Args:
        thresholds: Number from 0 to 1, or several: a prediction above it is positive. 1/2
            when absent and `top_k` is, too.
        top_k: Only the `top_k` highest scores of a row can be positive predictions.
        class_id: Number of the only class to look at; all when absent.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: A threshold is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.metrics.Precision()([0, 1, 1, 1], [1, 0, 1, 1])), 4)
        0.6667
    """

    def compute(self, sums: Array) -> Array:
        return one_or_all(divide(sums[0], sums[0] + sums[1]), self._limits)


class Recall(_Share):
    """Share of the positives that are predicted to be positive: `tp / (tp + fn)`.

    Args:
        thresholds: Number from 0 to 1, or several: a prediction above it is positive. 1/2
            when absent and `top_k` is, too.
        top_k: Only the `top_k` highest scores of a row can be positive predictions.
        class_id: Number of the only class to look at; all when absent.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: A threshold is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.metrics.Recall()([0, 1, 1, 1], [1, 0, 1, 1])), 4)
        0.6667
    """

    def compute(self, sums: Array) -> Array:
        return one_or_all(divide(sums[0], sums[0] + sums[3]), self._limits)
