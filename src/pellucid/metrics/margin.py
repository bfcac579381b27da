"""Hinge losses as metrics."""

from typing import ClassVar

from pellucid.losses.categorical_hinge import categorical_hinge
from pellucid.losses.hinge import hinge, squared_hinge
from pellucid.metrics.mean import MeanMetric
from pellucid.types import Array


class Hinge(MeanMetric):
    """Mean of `max(1 - y_true * y_pred, 0)`; labels are -1 and 1, or 0 and 1.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.Hinge()([[1.0], [0.0]], [[0.25], [0.25]]))
        1.0
    """

    better: ClassVar[str | None] = "min"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return hinge(y_true, y_pred)


class SquaredHinge(MeanMetric):
    """Mean of `max(1 - y_true * y_pred, 0)**2`; labels are -1 and 1, or 0 and 1.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.SquaredHinge()([[1.0], [0.0]], [[0.0], [1.0]]))
        2.5
    """

    better: ClassVar[str | None] = "min"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return squared_hinge(y_true, y_pred)


class CategoricalHinge(MeanMetric):
    """Mean of `max(best wrong score - right score + 1, 0)`; labels are one-hot.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.CategoricalHinge()([[0.0, 1.0]], [[0.5, 1.0]]))
        0.5
    """

    better: ClassVar[str | None] = "min"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return categorical_hinge(y_true, y_pred)
