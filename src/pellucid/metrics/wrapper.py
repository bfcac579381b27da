"""A function as a metric."""

from collections.abc import Callable, Mapping
from typing import Any

import jax.numpy as jnp

from pellucid import losses
from pellucid.description import Refusal, option, text
from pellucid.errors import did_you_mean
from pellucid.losses.shapes import one_a_row, same_rank
from pellucid.losses.turns import in_turn
from pellucid.metrics.accuracy import accuracy
from pellucid.metrics.binary_accuracy import binary_accuracy
from pellucid.metrics.categorical_accuracy import (
    categorical_accuracy,
    sparse_categorical_accuracy,
)
from pellucid.metrics.correlation import concordance_correlation, pearson_correlation
from pellucid.metrics.mean import MeanMetric, mean_parts
from pellucid.metrics.top_k import (
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)
from pellucid.types import Array

_LOSSES = {
    name: one for name, one in vars(losses).items() if getattr(one, "registered_name", "") == name
}
_OWN = (
    accuracy,
    binary_accuracy,
    categorical_accuracy,
    concordance_correlation,
    pearson_correlation,
    sparse_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **_LOSSES,
    **{one.registered_name: one for one in _OWN},  # type: ignore[attr-defined]
}
"""The functions that users and files may name."""


def _to_function(value: Any) -> Any:
    if isinstance(value, Mapping):
        return losses.LOSSES.from_config(value)
    if isinstance(value, str):
        if value not in FUNCTIONS:
            raise Refusal(
                "a function, or the name of a known one", did_you_mean(value, [*FUNCTIONS])
            )
        return FUNCTIONS[value]
    if not callable(value) or isinstance(value, type):
        raise Refusal("a function f(y_true, y_pred)")
    return value


class MeanMetricWrapper(MeanMetric):
    """The weighted mean over rows of what a function `f(y_true, y_pred)` returns.

    A function passed to `compile(metrics=[...])` becomes one of these. It returns a value for
    each row, shape (batch, ...), or one number for the whole batch, which then counts for
    each of its rows.

    Args:
        fn: The function, or the name of a known one; a loss object is taken by its rows.
        name: Name in logs; that of the function when absent.
        dtype: Type of the result.
        arguments: Further keyword arguments for the function.
        **kwargs: More of them.

    Raises:
        ArgumentError: `fn` is not a function.
        ShapeError: The function returns neither one number nor one for each row.
        NotSaveableError: `get_config` was asked for and `fn` is not a known function.

    Example:
        >>> import pellucid
        >>> metric = pellucid.metrics.MeanMetricWrapper("huber", delta=2.0)
        >>> float(metric([[0.0], [0.0]], [[1.0], [4.0]]))
        3.25
    """

    name: str | None = text(default=None, kw_only=True, identity=True)
    fn: Any = option(convert=_to_function)
    arguments: Any = option(default=None)

    def __init__(
        self,
        fn: Any,
        name: str | None = None,
        dtype: str | None = None,
        arguments: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        object.__setattr__(self, "fn", fn)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "dtype", dtype)
        object.__setattr__(self, "arguments", {**(arguments or {}), **kwargs})
        self.__post_init__()

    def __post_init__(self) -> None:
        unnamed = self.name is None
        super().__post_init__()
        if unnamed:
            own = self.fn.name if isinstance(self.fn, losses.Loss) else None
            found = own or getattr(self.fn, "__name__", None) or self.name
            object.__setattr__(self, "name", found)
        if isinstance(self.fn, losses.Loss) or self.fn in _LOSSES.values():
            object.__setattr__(self, "better", "min")

    def values(self, y_true: Array, y_pred: Array) -> Array:
        call = self.fn.call if isinstance(self.fn, losses.Loss) else self.fn
        y_true, y_pred = same_rank(y_true, y_pred)
        found = call(y_true, y_pred, **self.arguments)
        return one_a_row(found, y_pred, f"metric '{self.name}'")

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        values = self.values(y_true, y_pred)
        if values.ndim == 0:
            rows = in_turn(weight)
            values = jnp.broadcast_to(self.values(y_true[rows], y_pred[rows]), weight.shape)
        return mean_parts(values, weight)
