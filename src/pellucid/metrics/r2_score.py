"""The coefficient of determination."""

from typing import Any, ClassVar, Self

import jax.numpy as jnp

from pellucid.description import choice, count
from pellucid.errors import Problem, ShapeError, report
from pellucid.losses.reduction import divide
from pellucid.losses.shapes import same_shape
from pellucid.metrics.base import Metric
from pellucid.metrics.mean import spread, weighted
from pellucid.types import Array, Shape

AGGREGATIONS = (None, "uniform_average", "variance_weighted_average")


class R2Score(Metric):
    """Share of the targets' variance that is explained: `1 - sum((t - p)**2) / sum((t - mean)**2)`.

    1 is perfect, 0 no better than the mean of the targets, and worse is below 0. Where all
    targets are equal it is 1 for perfect predictions, else 0, as in scikit-learn.

    Args:
        class_aggregation: "uniform_average" over outputs, "variance_weighted_average", or
            None for a score for each output.
        num_regressors: Number of inputs, for the adjusted score
            `1 - (1 - r2) (n - 1) / (n - num_regressors - 1)` of n rows; 0 for the plain one,
            which also stands in where n is too small.
        outputs: Number of outputs; found out from the data.
        name: Name in logs.
        dtype: Type of the result.

    Raises:
        ArgumentError: An option is unknown or outside its range.
        ShapeError: Predictions do not have shape (batch, outputs).

    Example:
        >>> import pellucid
        >>> float(pellucid.metrics.R2Score()([[1.0], [2.0], [3.0]], [[1.0], [2.0], [2.0]]))
        0.5

    Source: Wright, "Correlation and Causation" (1921).

    Differs from Keras: n counts rows whose weight is not 0, not rows times outputs; equal
    targets give 1 or 0, never NaN.
    """

    better: ClassVar[str | None] = "max"

    class_aggregation: str | None = choice(AGGREGATIONS, default="uniform_average")
    num_regressors: int = count(default=0, low=0, meaning="the number of inputs")
    outputs: int | None = count(default=None, optional=True, kw_only=True)

    def shaped(self, y_true_shape: Shape, y_pred_shape: Shape) -> Self:
        if self.outputs is not None:
            return self
        return self.replace(outputs=y_pred_shape[-1] if len(y_pred_shape) > 1 else 1)

    def size(self) -> int | tuple[int, ...]:
        if self.outputs is None:
            raise ShapeError(
                f"metric '{self.name}': got no data yet, expected outputs=..., the number of "
                "outputs."
            )
        return (5, self.outputs)

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        where = f"metric '{self.name}'"
        y_true, y_pred = same_shape(y_true.astype(jnp.float32), y_pred, where)
        if y_pred.ndim == 1:
            y_true, y_pred = y_true[:, None], y_pred[:, None]
        if y_pred.ndim != 2:
            given = f"predictions of shape {y_pred.shape}"
            report([Problem(where, given, "shape (batch, outputs)")], ShapeError)
        weights = spread(weight, y_true)
        parts: list[Any] = [
            weights,
            weighted(y_true, weights),
            weighted(jnp.square(y_true), weights),
            weighted(jnp.square(y_true - y_pred), weights),
            weights != 0,
        ]
        return jnp.stack([jnp.sum(one, axis=0).astype(jnp.float32) for one in parts])

    def compute(self, sums: Array) -> Array:
        weight, total, squares, missed, rows = sums
        varied = squares - total * divide(total, weight)
        perfect = (missed == 0) & (weight > 0)
        scores = jnp.where(varied <= 0, perfect, 1.0 - divide(missed, varied))
        if self.class_aggregation is None:
            found = scores
        elif self.class_aggregation == "uniform_average":
            found = jnp.mean(scores)
        else:
            found = divide(jnp.sum(varied * scores), jnp.sum(varied))
        if self.num_regressors == 0:
            return found
        left = rows[0] - self.num_regressors - 1.0
        return jnp.where(left > 0, 1.0 - (1.0 - found) * divide(rows[0] - 1.0, left), found)
