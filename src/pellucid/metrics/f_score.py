"""F scores: precision and recall in one number."""

from typing import Any, ClassVar, Self

import jax.numpy as jnp

from pellucid.description import Refusal, choice, count, number, option
from pellucid.errors import Problem, ShapeError, report
from pellucid.losses.numbers import EPSILON
from pellucid.losses.shapes import same_shape
from pellucid.metrics.base import Metric
from pellucid.metrics.mean import spread, weighted
from pellucid.types import Array, Shape

AVERAGES = (None, "micro", "macro", "weighted")


def _to_threshold(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= 1:
        return float(value)
    raise Refusal("a number above 0 and at most 1, or None for the highest score of a row")


class _FScore(Metric):
    better: ClassVar[str | None] = "max"

    average: str | None = choice(AVERAGES, default=None)
    threshold: float | None = option(default=None, convert=_to_threshold, kw_only=True)
    outputs: int | None = count(default=None, optional=True, kw_only=True)

    @property
    def _strength(self) -> Any:
        """How many times as much as precision recall counts."""
        return 1.0

    def shaped(self, y_true_shape: Shape, y_pred_shape: Shape) -> Self:
        return self if self.outputs is not None else self.replace(outputs=y_pred_shape[-1])

    def size(self) -> int | tuple[int, ...]:
        if self.average == "micro":
            return (4,)
        if self.outputs is None:
            raise ShapeError(
                f"metric '{self.name}': got no data yet, expected outputs=..., the number of "
                "classes."
            )
        return (4, self.outputs)

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        where = f"metric '{self.name}'"
        y_true, y_pred = same_shape(y_true.astype(jnp.float32), y_pred, where)
        if y_pred.ndim != 2:
            given = f"predictions of shape {y_pred.shape}"
            report([Problem(where, given, "shape (batch, classes)")], ShapeError)
        chosen = self._chosen(y_pred)
        weights = spread(weight, chosen)
        axis = None if self.average == "micro" else 0
        parts = (chosen * y_true, chosen * (1 - y_true), (1 - chosen) * y_true, y_true)
        return jnp.stack([jnp.sum(weighted(one, weights), axis=axis) for one in parts])

    def _chosen(self, y_pred: Array) -> Array:
        """Return 1 for the classes that are predicted, else 0."""
        if self.threshold is not None:
            return (y_pred > self.threshold).astype(jnp.float32)
        best = jnp.max(y_pred, axis=-1, keepdims=True)
        return ((y_pred >= best) & (jnp.abs(y_pred) > 1e-9)).astype(jnp.float32)

    def compute(self, sums: Array) -> Array:
        hit, invented, missed, true = sums
        precision = hit / (hit + invented + EPSILON)
        recall = hit / (hit + missed + EPSILON)
        square = self._strength**2
        score = precision * recall / (square * precision + recall + EPSILON) * (1 + square)
        if self.average == "weighted":
            return jnp.sum(score * true / (jnp.sum(true) + EPSILON))
        return score if self.average is None else jnp.mean(score)


class FBetaScore(_FScore):
    """Mean of precision and recall, in which recall counts `beta` times as much.

    `(1 + beta**2) * precision * recall / (beta**2 * precision + recall)`.

    Args:
        average: None for a score for each class, "macro" for their mean, "weighted" for the
            mean weighted by how many rows each class has, "micro" for one score of all
            predictions in a heap.
        beta: How much recall counts, above 0.
        threshold: Classes above it are predicted, from 0 to 1; None for the highest of a row.
        outputs: Number of classes; found out from the data.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: An option is unknown or outside its range.
        ShapeError: Predictions do not have shape (batch, classes).

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.FBetaScore(beta=2.0, threshold=0.5)
        >>> metric([[1, 0], [1, 0], [1, 1]], [[0.9, 0], [0.2, 1], [0.9, 1]]).round(2)
        Array([0.71, 0.83], dtype=float32)

    Source: van Rijsbergen, "Information Retrieval" (1979).
    """

    default_name: ClassVar[str | None] = "fbeta_score"

    beta: float = number(default=1.0, above=0, meaning="how much recall counts")

    @property
    def _strength(self) -> Any:
        return self.beta


class F1Score(_FScore):
    """Harmonic mean of precision and recall.

    Args:
        average: None for a score for each class, "macro" for their mean, "weighted" for the
            mean weighted by how many rows each class has, "micro" for one score of all
            predictions in a heap.
        threshold: Classes above it are predicted, from 0 to 1; None for the highest of a row.
        outputs: Number of classes; found out from the data.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: An option is unknown or outside its range.
        ShapeError: Predictions do not have shape (batch, classes).

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.F1Score(average="macro", threshold=0.5)
        >>> round(float(metric([[1], [1], [0]], [[0.9], [0.2], [0.8]])), 4)
        0.5

    Source: van Rijsbergen, "Information Retrieval" (1979).
    """
