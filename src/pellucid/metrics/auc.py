"""The area under a curve of true against false predictions."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.description import Refusal, choice, count, flag, option
from pellucid.errors import Problem, ShapeError, report
from pellucid.losses.numbers import EPSILON
from pellucid.losses.reduction import divide
from pellucid.metrics.base import Metric
from pellucid.metrics.confusion import mark
from pellucid.metrics.histogram import Confusion, confusion, exceeded, histogram
from pellucid.types import Array, Shape


def _to_curve(value: Any) -> str:
    if isinstance(value, str) and value.upper() in ("ROC", "PR", "PRGAIN"):
        return value.upper()
    raise Refusal("one of 'ROC', 'PR', 'PRGAIN'")


def _numbers(value: Any, expected: str) -> tuple[float, ...] | None:
    if value is None:
        return None
    found = np.asarray(value, object).reshape(-1)
    if not all(isinstance(one, (int, float, np.number)) and one >= 0 for one in found):
        raise Refusal(expected)
    return tuple(map(float, found))


def _to_thresholds(value: Any) -> tuple[float, ...] | None:
    expected = "a list of numbers from 0 to 1"
    found = _numbers(value, expected)
    if found is not None and (not found or max(found) > 1):
        raise Refusal(expected)
    return None if found is None else tuple(sorted(found))


def _to_label_weights(value: Any) -> tuple[float, ...] | None:
    return _numbers(value, "a list with a weight, at least 0, for each label")


class AUC(Metric):
    """Area under the ROC curve or the precision-recall curve, from scores at thresholds.

    For the ROC curve it is the chance that a positive scores higher than a negative. It is
    exact up to the distance between neighbouring thresholds.

    Args:
        num_thresholds: Number of thresholds, evenly from 0 to 1.
        curve: "ROC" (true against false positive rate), "PR" (precision against recall) or
            "PRGAIN" (precision gain against recall gain).
        summation_method: "interpolation" between thresholds, or the "minoring" or "majoring"
            sum of rectangles below or above the curve.
        thresholds: Thresholds of one's own between 0 and 1, in place of `num_thresholds`.
        multi_label: Whether the areas of single labels are averaged; else all scores are
            one heap.
        num_labels: Number of labels, with `multi_label`; found out from the data.
        label_weights: Weight of each label.
        from_logits: Whether predictions are logits; the sigmoid is applied to them.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: An option is unknown or outside its range.
        ShapeError: `multi_label`, and the predictions do not have shape (batch, labels).

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.AUC(num_thresholds=3)([0, 0, 1, 1], [0, 0.5, 0.3, 0.9]))
        0.75

    Source: Davis and Goadrich, "The Relationship Between Precision-Recall and ROC Curves"
    (2006); Flach and Kull, "Precision-Recall-Gain Curves" (2015).
    """

    better: ClassVar[str | None] = "max"

    num_thresholds: int = count(default=200, low=2, meaning="the number of thresholds")
    curve: str = option(default="ROC", convert=_to_curve)
    summation_method: str = choice(
        ("interpolation", "minoring", "majoring"), default="interpolation"
    )
    thresholds: Any = option(default=None, convert=_to_thresholds, kw_only=True)
    multi_label: bool = flag(default=False, kw_only=True)
    num_labels: int | None = count(default=None, optional=True, kw_only=True)
    label_weights: Any = option(default=None, convert=_to_label_weights, kw_only=True)
    from_logits: bool = flag(default=False, kw_only=True)

    def problems(self) -> Iterator[Problem]:
        if self.num_labels is not None and not self.multi_label:
            given = f"num_labels={self.num_labels} without multi_label=True"
            yield Problem("AUC", given, "both or neither", "Add multi_label=True.")

    @property
    def _limits(self) -> tuple[float, ...]:
        inner = self.thresholds
        if inner is None:
            steps = self.num_thresholds - 1
            inner = tuple(place / steps for place in range(1, steps))
        return (-EPSILON, *inner, 1.0 + EPSILON)

    def shaped(self, y_true_shape: Shape, y_pred_shape: Shape) -> Self:
        if not self.multi_label or self.num_labels is not None:
            return self
        return self.replace(num_labels=y_pred_shape[-1])

    def size(self) -> int | tuple[int, ...]:
        bins = len(self._limits) + 1
        if not self.multi_label:
            return (2, bins)
        if self.num_labels is None:
            raise ShapeError(
                f"metric '{self.name}': got multi_label=True without data, expected "
                "num_labels=..., the number of labels."
            )
        return (2, bins, self.num_labels)

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        scores = y_pred.astype(jnp.float32)
        marked = mark(
            y_true, jax.nn.sigmoid(scores) if self.from_logits else scores, weight, self._where
        )
        limits = self._limits
        places = exceeded(marked.scores, limits, self.thresholds is None)
        bins = len(limits) + 1
        if self.multi_label:
            return self._each_label(marked, places, bins)
        if self.label_weights is not None:
            factor = jnp.asarray(self.label_weights, jnp.float32)
            marked = marked._replace(
                positive=marked.positive * factor, negative=marked.negative * factor
            )
        return histogram(marked, places, bins)

    @property
    def _where(self) -> str:
        return f"metric '{self.name}'"

    def _each_label(self, marked: Any, places: Array, bins: int) -> Array:
        shape = marked.scores.shape
        if len(shape) != 2 or shape[1] != (self.num_labels or shape[1]):
            labels = self.num_labels or "labels"
            given = f"predictions of shape {shape} with multi_label=True"
            report([Problem(self._where, given, f"shape (batch, {labels})")], ShapeError)
        own = places * shape[1] + jnp.arange(shape[1])
        return histogram(marked, own, bins * shape[1]).reshape(2, bins, shape[1])

    def compute(self, sums: Array) -> Array:
        found = confusion(sums)
        if self.curve == "PR" and self.summation_method == "interpolation":
            area = _interpolated_precision(found)
        else:
            area = self._area(*_axes(self.curve, found))
        if not self.multi_label:
            return area
        if self.label_weights is None:
            return jnp.mean(area)
        factor = jnp.asarray(self.label_weights, jnp.float32)
        return divide(jnp.sum(area * factor), jnp.sum(factor))

    def _area(self, x: Array, y: Array) -> Array:
        if self.summation_method == "interpolation":
            heights = (y[:-1] + y[1:]) / 2.0
        elif self.summation_method == "minoring":
            heights = jnp.minimum(y[:-1], y[1:])
        else:
            heights = jnp.maximum(y[:-1], y[1:])
        return jnp.sum((x[:-1] - x[1:]) * heights, axis=0)


def _axes(curve: str, found: Confusion) -> tuple[Array, Array]:
    """Return the coordinates of the curve at each threshold."""
    tp, fp, tn, fn = found
    recall = divide(tp, tp + fn)
    if curve == "ROC":
        return divide(fp, fp + tn), recall
    if curve == "PR":
        return recall, divide(tp, tp + fp)
    # Without true positives the gains diverge; they count as recall 0 with precision 1.
    odds = divide(tp + fn, tn + fp)
    recall_gain = jnp.where(tp == 0, 0.0, 1.0 - odds * divide(fn, tp))
    precision_gain = jnp.where(tp == 0, 1.0, 1.0 - odds * divide(fp, tp))
    return jnp.maximum(recall_gain, 0.0), precision_gain


def _interpolated_precision(found: Confusion) -> Array:
    """Return the area under the precision-recall curve, tp and fp growing in straight lines.

    Between thresholds A and B the precision is `(tp_A + slope (p - p_A)) / p` with
    `p = tp + fp`; its integral over recall has the closed form used here.
    """
    tp, fp, _, fn = found
    predicted = tp + fp
    rise = tp[:-1] - tp[1:]
    slope = divide(rise, jnp.maximum(predicted[:-1] - predicted[1:], 0.0))
    intercept = tp[1:] - slope * predicted[1:]
    both = (predicted[:-1] > 0) & (predicted[1:] > 0)
    ratio = jnp.where(both, divide(predicted[:-1], jnp.maximum(predicted[1:], 0.0)), 1.0)
    steps = divide(slope * (rise + intercept * jnp.log(ratio)), jnp.maximum(tp[1:] + fn[1:], 0.0))
    return jnp.sum(steps, axis=0)
