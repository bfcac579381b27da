"""The best of one rate where another is at least so much."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import count, number
from pellucid.losses.reduction import divide
from pellucid.metrics.base import Metric
from pellucid.metrics.confusion import mark
from pellucid.metrics.histogram import Confusion, confusion, exceeded, histogram
from pellucid.types import Array


def _sensitivity(found: Confusion) -> Array:
    return divide(found.true_positives, found.true_positives + found.false_negatives)


def _specificity(found: Confusion) -> Array:
    return divide(found.true_negatives, found.true_negatives + found.false_positives)


def _precision(found: Confusion) -> Array:
    return divide(found.true_positives, found.true_positives + found.false_positives)


def _best(wanted: Array, constrained: Array, limit: float) -> Array:
    """Return the largest of `wanted` where `constrained` reaches `limit`; 0 if nowhere."""
    return jnp.max(jnp.where(constrained >= limit, wanted, 0.0), initial=0.0)


class _AtThreshold(Metric):
    """A metric of the confusion matrix at evenly spaced thresholds."""

    better: ClassVar[str | None] = "max"

    num_thresholds: int = count(default=200, meaning="the number of thresholds", kw_only=True)
    class_id: int | None = count(
        default=None, low=0, optional=True, meaning="the number of a class", kw_only=True
    )

    @property
    def _limits(self) -> tuple[float, ...]:
        if self.num_thresholds == 1:
            return (0.5,)
        steps = self.num_thresholds - 1
        return tuple(place / steps for place in range(self.num_thresholds))

    def size(self) -> int | tuple[int, ...]:
        return (2, self.num_thresholds + 1)

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        where = f"metric '{self.name}'"
        marked = mark(y_true, y_pred, weight, where, class_id=self.class_id)
        places = exceeded(marked.scores, self._limits, self.num_thresholds > 1)
        return histogram(marked, places, self.num_thresholds + 1)


class SensitivityAtSpecificity(_AtThreshold):
    """Highest sensitivity `tp / (tp + fn)` where the specificity is at least so much.

    Args:
        specificity: Wanted specificity `tn / (tn + fp)`, from 0 to 1.
        num_thresholds: Number of thresholds, evenly from 0 to 1, that are tried.
        class_id: Number of the only class to look at; all when absent.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: `specificity` is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.SensitivityAtSpecificity(0.5)
        >>> float(metric([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8]))
        0.5
    """

    specificity: float = number(low=0, high=1, meaning="the wanted specificity")

    def compute(self, sums: Array) -> Array:
        found = confusion(sums)
        return _best(_sensitivity(found), _specificity(found), self.specificity)


class SpecificityAtSensitivity(_AtThreshold):
    """Highest specificity `tn / (tn + fp)` where the sensitivity is at least so much.

    Args:
        sensitivity: Wanted sensitivity `tp / (tp + fn)`, from 0 to 1.
        num_thresholds: Number of thresholds, evenly from 0 to 1, that are tried.
        class_id: Number of the only class to look at; all when absent.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: `sensitivity` is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.SpecificityAtSensitivity(0.5)
        >>> round(float(metric([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8])), 4)
        0.6667
    """

    sensitivity: float = number(low=0, high=1, meaning="the wanted sensitivity")

    def compute(self, sums: Array) -> Array:
        found = confusion(sums)
        return _best(_specificity(found), _sensitivity(found), self.sensitivity)


class PrecisionAtRecall(_AtThreshold):
    """Highest precision `tp / (tp + fp)` where the recall is at least so much.

    Args:
        recall: Wanted recall `tp / (tp + fn)`, from 0 to 1.
        num_thresholds: Number of thresholds, evenly from 0 to 1, that are tried.
        class_id: Number of the only class to look at; all when absent.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: `recall` is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.PrecisionAtRecall(0.5)
        >>> float(metric([0, 0, 0, 1, 1], [0, 0.3, 0.8, 0.3, 0.8]))
        0.5
    """

    recall: float = number(low=0, high=1, meaning="the wanted recall")

    def compute(self, sums: Array) -> Array:
        found = confusion(sums)
        return _best(_precision(found), _sensitivity(found), self.recall)


class RecallAtPrecision(_AtThreshold):
    """Highest recall `tp / (tp + fn)` where the precision is at least so much.

    Args:
        precision: Wanted precision `tp / (tp + fp)`, from 0 to 1.
        num_thresholds: Number of thresholds, evenly from 0 to 1, that are tried.
        class_id: Number of the only class to look at; all when absent.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: `precision` is not between 0 and 1.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.RecallAtPrecision(0.8)
        >>> float(metric([0, 0, 1, 1], [0, 0.5, 0.3, 0.9]))
        0.5
    """

    precision: float = number(low=0, high=1, meaning="the wanted precision")

    def compute(self, sums: Array) -> Array:
        found = confusion(sums)
        return _best(_sensitivity(found), _precision(found), self.precision)
