"""Intersection over union, for masks."""

from collections.abc import Iterator
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import Refusal, count, flag, number, option
from pellucid.errors import Problem
from pellucid.losses.numbers import EPSILON, to_axis
from pellucid.losses.shapes import same_shape
from pellucid.losses.sparse_categorical_crossentropy import to_class
from pellucid.metrics.base import Metric
from pellucid.metrics.mean import spread
from pellucid.types import Array


def _to_classes(value: Any) -> tuple[int, ...]:
    items = tuple(value) if isinstance(value, (list, tuple, range, np.ndarray)) else ()
    whole = all(isinstance(one, (int, np.integer)) and one >= 0 for one in items)
    if not items or not whole:
        raise Refusal("a list of class numbers, such as [0, 1]")
    return tuple(map(int, items))


class _Overlap(Metric):
    """A metric of the confusion matrix of class numbers."""

    better: ClassVar[str | None] = "max"

    @property
    def _classes(self) -> int:
        """Number of classes."""
        raise NotImplementedError

    @property
    def _targets(self) -> tuple[int, ...]:
        """Classes over which the mean is taken."""
        return tuple(range(self._classes))

    @property
    def _ignored(self) -> int | None:
        return None

    def _numbers(self, y_true: Array, y_pred: Array) -> tuple[Array, Array]:
        """Return true and predicted class numbers."""
        raise NotImplementedError

    def size(self) -> int | tuple[int, ...]:
        return (self._classes, self._classes)

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        true, predicted = self._numbers(y_true, y_pred)
        true, predicted = same_shape(
            true.astype(jnp.int32), predicted.astype(jnp.int32), f"metric '{self.name}'"
        )
        weights = spread(weight, true)
        classes = self._classes
        known = (true >= 0) & (true < classes) & (predicted >= 0) & (predicted < classes)
        if self._ignored is not None:
            known = known & (true != self._ignored)
        place = jnp.where(known, true * classes + predicted, 0)
        flat = jnp.zeros(classes * classes, jnp.float32)
        added = jnp.where(known, weights, 0.0).reshape(-1)
        return flat.at[place.reshape(-1)].add(added).reshape(classes, classes)

    def compute(self, sums: Array) -> Array:
        targets = np.asarray(self._targets)
        both = jnp.diag(sums)[targets]
        either = (jnp.sum(sums, axis=0) + jnp.sum(sums, axis=1))[targets] - both
        present = either > 1e-9
        shares = jnp.where(present, both / (either + EPSILON), 0.0)
        return jnp.sum(shares) / (jnp.sum(present) + EPSILON)


def _class_problems(where: str, chosen: tuple[int, ...], classes: int) -> Iterator[Problem]:
    for one in chosen:
        if one >= classes:
            given = f"class {one} in target_class_ids"
            yield Problem(where, given, f"class numbers from 0 to {classes - 1}")


class _ManyClasses(_Overlap):
    """Overlap of several classes, which stand on one axis where they are one-hot or scores."""

    num_classes: int = count(meaning="the number of classes")
    ignore_class: int | None = option(default=None, convert=to_class, kw_only=True)
    axis: int = option(default=-1, convert=to_axis, kw_only=True)

    @property
    def _classes(self) -> int:
        return self.num_classes

    @property
    def _ignored(self) -> int | None:
        return self.ignore_class

    @property
    def _sparse(self) -> tuple[bool, bool]:
        """Whether labels, and whether predictions, are class numbers."""
        raise NotImplementedError

    def _numbers(self, y_true: Array, y_pred: Array) -> tuple[Array, Array]:
        sparse_true, sparse_pred = self._sparse
        return (
            y_true if sparse_true else jnp.argmax(y_true, axis=self.axis),
            y_pred if sparse_pred else jnp.argmax(y_pred, axis=self.axis),
        )


class _Numbered(_ManyClasses):
    """Labels are class numbers, unless said otherwise."""

    sparse_y_true: bool = flag(default=True, kw_only=True)
    sparse_y_pred: bool = flag(default=True, kw_only=True)

    @property
    def _sparse(self) -> tuple[bool, bool]:
        return self.sparse_y_true, self.sparse_y_pred


class _OneHot(_ManyClasses):
    """Labels are one-hot, and predictions scores unless said otherwise."""

    sparse_y_pred: bool = flag(default=False, kw_only=True)

    @property
    def _sparse(self) -> tuple[bool, bool]:
        return False, self.sparse_y_pred


class _Chosen(_ManyClasses):
    """The mean is taken over chosen classes only."""

    target_class_ids: Any = option(convert=_to_classes)

    def problems(self) -> Iterator[Problem]:
        yield from _class_problems(type(self).__name__, self.target_class_ids, self.num_classes)

    @property
    def _targets(self) -> tuple[int, ...]:
        return self.target_class_ids


class IoU(_Chosen, _Numbered):
    """Mean intersection over union, `tp / (tp + fp + fn)`, of chosen classes.

    Args:
        num_classes: Number of classes.
        target_class_ids: Numbers of the classes over which the mean is taken.
        ignore_class: Number of a label whose pixels do not count.
        sparse_y_true: Whether labels are class numbers; else one-hot.
        sparse_y_pred: Whether predictions are class numbers; else scores.
        axis: Axis of the classes in one-hot labels and scores.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: A class number is not below `num_classes`.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.IoU(num_classes=2, target_class_ids=[0])
        >>> round(float(metric([0, 0, 1, 1], [0, 1, 0, 1])), 4)
        0.3333

    Differs from Keras: sample weights may be fractions; Keras rounds them down.
    """


class BinaryIoU(_Overlap):
    """Mean intersection over union of yes-or-no masks.

    Args:
        target_class_ids: Which of the classes 0 and 1 the mean is taken over.
        threshold: At or above it a prediction means 1.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: A class number is neither 0 nor 1.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.BinaryIoU(target_class_ids=[0, 1], threshold=0.3)
        >>> round(float(metric([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7])), 4)
        0.3333
    """

    target_class_ids: Any = option(default=(0, 1), convert=_to_classes)
    threshold: float = number(default=0.5)

    def problems(self) -> Iterator[Problem]:
        yield from _class_problems("BinaryIoU", self.target_class_ids, 2)

    @property
    def _classes(self) -> int:
        return 2

    @property
    def _targets(self) -> tuple[int, ...]:
        return self.target_class_ids

    def _numbers(self, y_true: Array, y_pred: Array) -> tuple[Array, Array]:
        return y_true, y_pred >= self.threshold


class MeanIoU(_Numbered):
    """Mean intersection over union of all classes that occur.

    Args:
        num_classes: Number of classes.
        ignore_class: Number of a label whose pixels do not count.
        sparse_y_true: Whether labels are class numbers; else one-hot.
        sparse_y_pred: Whether predictions are class numbers; else scores.
        axis: Axis of the classes in one-hot labels and scores.
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.MeanIoU(num_classes=2)
        >>> round(float(metric([0, 0, 1, 1], [0, 1, 0, 1])), 4)
        0.3333

    Differs from Keras: sample weights may be fractions; Keras rounds them down.
    """


class OneHotIoU(_Chosen, _OneHot):
    """Mean intersection over union of chosen classes, for one-hot labels.

    Args:
        num_classes: Number of classes.
        target_class_ids: Numbers of the classes over which the mean is taken.
        ignore_class: Number of a label whose pixels do not count.
        sparse_y_pred: Whether predictions are class numbers; else scores.
        axis: Axis of the classes.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: A class number is not below `num_classes`.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.OneHotIoU(num_classes=2, target_class_ids=[0])
        >>> scores = [[0.9, 0.1], [0.2, 0.8], [0.1, 0.9]]
        >>> round(float(metric([[1, 0], [1, 0], [0, 1]], scores)), 4)
        0.5

    Differs from Keras: sample weights may be fractions; Keras rounds them down.
    """


class OneHotMeanIoU(_OneHot):
    """Mean intersection over union of all classes that occur, for one-hot labels.

    Args:
        num_classes: Number of classes.
        ignore_class: Number of a label whose pixels do not count.
        sparse_y_pred: Whether predictions are class numbers; else scores.
        axis: Axis of the classes.
        name: Name in logs.
        dtype: Type of the result.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.OneHotMeanIoU(num_classes=2)
        >>> scores = [[0.9, 0.1], [0.2, 0.8], [0.1, 0.9]]
        >>> round(float(metric([[1, 0], [1, 0], [0, 1]], scores)), 4)
        0.5

    Differs from Keras: sample weights may be fractions; Keras rounds them down.
    """
