"""The cosine of the angle between targets and predictions."""

from typing import ClassVar

from pellucid.description import option
from pellucid.losses.cosine_similarity import cosine
from pellucid.losses.numbers import to_axis
from pellucid.metrics.mean import MeanMetric
from pellucid.types import Array


class CosineSimilarity(MeanMetric):
    """Mean cosine of the angle between target and prediction: 1 the same way, -1 opposite.

    Args:
        name: Name in logs.
        axis: Axis along which the vectors lie.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.CosineSimilarity()([[0.0, 2.0]], [[0.0, 1.0]]))
        1.0
    """

    better: ClassVar[str | None] = "max"

    axis: int = option(default=-1, convert=to_axis, kw_only=True)

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return cosine(y_true, y_pred, self.axis)
