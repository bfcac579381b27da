"""How well predicted probabilities fit, as metrics."""

from typing import Any, ClassVar

from pellucid.description import flag, number, option
from pellucid.losses.binary_crossentropy import binary_crossentropy
from pellucid.losses.categorical_crossentropy import categorical_crossentropy
from pellucid.losses.kl_divergence import kl_divergence
from pellucid.losses.numbers import to_axis
from pellucid.losses.poisson import poisson
from pellucid.losses.sparse_categorical_crossentropy import (
    sparse_categorical_crossentropy,
    to_class,
)
from pellucid.metrics.mean import MeanMetric
from pellucid.types import Array


class KLDivergence(MeanMetric):
    """Mean Kullback-Leibler divergence of predicted from wanted probabilities.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.KLDivergence()
        >>> round(float(metric([[0.5, 0.5]], [[0.25, 0.75]])), 4)
        0.1438
    """

    better: ClassVar[str | None] = "min"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return kl_divergence(y_true, y_pred)


class Poisson(MeanMetric):
    """Mean of `y_pred - y_true * log(y_pred)`, for counts.

    Args:
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.metrics.Poisson()([[2.0]], [[1.0]])), 4)
        1.0
    """

    better: ClassVar[str | None] = "min"

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return poisson(y_true, y_pred)


class BinaryCrossentropy(MeanMetric):
    """Mean crossentropy of yes-or-no labels.

    Args:
        name: Name in logs.
        from_logits: Whether predictions are logits instead of probabilities.
        label_smoothing: From 0 to 1; moves labels towards 1/2.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> round(float(pellucid.metrics.BinaryCrossentropy()([[1.0]], [[0.5]])), 4)
        0.6931
    """

    better: ClassVar[str | None] = "min"

    from_logits: bool = flag(default=False, kw_only=True)
    label_smoothing: float = number(default=0.0, low=0, high=1, kw_only=True)

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return binary_crossentropy(y_true, y_pred, self.from_logits, self.label_smoothing)


class CategoricalCrossentropy(MeanMetric):
    """Mean crossentropy of one-hot labels.

    Args:
        name: Name in logs.
        from_logits: Whether predictions are logits instead of probabilities.
        label_smoothing: From 0 to 1; moves labels towards 1/classes.
        axis: Axis of the classes.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.CategoricalCrossentropy()
        >>> round(float(metric([[0, 1, 0]], [[0.25, 0.5, 0.25]])), 4)
        0.6931
    """

    better: ClassVar[str | None] = "min"

    from_logits: bool = flag(default=False, kw_only=True)
    label_smoothing: float = number(default=0.0, low=0, high=1, kw_only=True)
    axis: int = option(default=-1, convert=to_axis, kw_only=True)

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return categorical_crossentropy(
            y_true, y_pred, self.from_logits, self.label_smoothing, self.axis
        )


class SparseCategoricalCrossentropy(MeanMetric):
    """Mean crossentropy of class numbers.

    Args:
        name: Name in logs.
        from_logits: Whether predictions are logits instead of probabilities.
        ignore_class: Class number whose rows have no part in the mean.
        axis: Axis of the classes.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.SparseCategoricalCrossentropy()
        >>> round(float(metric([1], [[0.25, 0.5, 0.25]])), 4)
        0.6931

    Differs from Keras: rows of the ignored class never count in the mean; in Keras they
    count, with the loss 0, where there are no sample weights.
    """

    better: ClassVar[str | None] = "min"

    from_logits: bool = flag(default=False, kw_only=True)
    ignore_class: int | None = option(default=None, convert=to_class, kw_only=True)
    axis: int = option(default=-1, convert=to_axis, kw_only=True)

    def values(self, y_true: Array, y_pred: Array) -> Array:
        return sparse_categorical_crossentropy(
            y_true, y_pred, self.from_logits, self.ignore_class, self.axis
        )

    def counted(self, y_true: Array, values: Array) -> Any:
        if self.ignore_class is None:
            return None
        return y_true.reshape(values.shape) != self.ignore_class
