"""A user's function as a loss."""

from collections.abc import Callable
from typing import Any

from pellucid.description import Refusal, option
from pellucid.losses.base import Loss
from pellucid.losses.shapes import one_a_row, same_rank
from pellucid.types import Array


def _to_function(value: Any) -> Callable[..., Any]:
    if not callable(value) or isinstance(value, type):
        raise Refusal("a function f(y_true, y_pred)")
    return value


class FunctionLoss(Loss):
    """A function `f(y_true, y_pred)` as a loss.

    The function returns a loss for each row, shape (batch, ...), or one number for the whole
    batch. A model with such a loss trains, and is saved without it: a file holds no code.
    Write a subclass of `Loss` where the loss must be saved.

    Args:
        fn: The function; built of `jax.numpy` or of the functions in `pellucid.losses`.
        reduction: How the losses of rows become one number; see `Loss`.
        name: Name in logs; that of the function when absent.
        dtype: Type in which a direct call computes.

    Raises:
        ArgumentError: `fn` is not a function.
        ShapeError: The function returns neither one number nor one for each row.
        NotSaveableError: `get_config` was asked for.

    Example:
        >>> import jax.numpy as jnp, pellucid
        >>> def quartic(y_true, y_pred):
        ...     return jnp.mean((y_true - y_pred) ** 4, axis=-1)
        >>> float(pellucid.losses.get(quartic)([[0.0]], [[2.0]]))
        16.0
    """

    fn: Callable[..., Any] = option(convert=_to_function)

    def __post_init__(self) -> None:
        unnamed = self.name is None
        super().__post_init__()
        if unnamed:
            object.__setattr__(self, "name", getattr(self.fn, "__name__", self.name))

    def call(self, y_true: Array, y_pred: Array) -> Array:
        y_true, y_pred = same_rank(y_true, y_pred)
        return one_a_row(self.fn(y_true, y_pred), y_pred, f"loss '{self.name}'")
