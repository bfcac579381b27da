"""The contract of a metric."""

import weakref
from typing import Any, ClassVar, Self

import jax.numpy as jnp

from pellucid.description import choice
from pellucid.losses.named import Named
from pellucid.types import Array, ArrayLike, Shape

_sums: "weakref.WeakKeyDictionary[Any, Array]" = weakref.WeakKeyDictionary()
"""What metrics have summed up in direct use, kept beside them."""


class Metric(Named):
    """A sum over rows, and a function of that sum.

    Because it is a sum, a metric of many batches is that of all their rows, in whatever
    order and pieces they come. A metric of one's own says how many numbers it sums, what a
    batch adds to them, and what they come to:

        >>> import jax.numpy as jnp, pellucid
        >>> class LargestMiss(pellucid.metrics.Metric):
        ...     limit: float = 1.0
        ...     def size(self):
        ...         return 2
        ...     def update(self, y_true, y_pred, weight):
        ...         missed = jnp.any(jnp.abs(y_true - y_pred) > self.limit, axis=-1)
        ...         return jnp.stack([jnp.sum(missed * weight), jnp.sum(weight)])
        ...     def compute(self, sums):
        ...         return sums[0] / sums[1]
        >>> float(LargestMiss()([[0.0], [0.0]], [[3.0], [0.5]]))
        0.5

    Args:
        name: Name in logs; made from the class when absent.
        dtype: Type of the result; sums are always float32.

    Differs from Keras: a subclass describes its sums with `size`, `update` and `compute`
    instead of making variables and assigning to them.
    """

    kind: ClassVar[str] = "metric"
    better: ClassVar[str | None] = None
    """"min" or "max", whichever is better; None where nobody can tell."""

    dtype: str | None = choice((None, "float16", "bfloat16", "float32"), default=None, kw_only=True)

    # -- what a metric defines ----------------------------------------------------------

    def size(self) -> int | tuple[int, ...]:
        """Return how many numbers are summed up, or the shape of the array of sums."""
        raise NotImplementedError(f"{type(self).__name__} must define size().")

    def update(self, y_true: Array, y_pred: Array, weight: Array) -> Array:
        """Return what a batch adds to the sums; a pure function that JAX can trace.

        Args:
            y_true: Targets, shape (batch, ...).
            y_pred: Predictions, shape (batch, ...).
            weight: Weight of each row, shape (batch,), or of each step, shape (batch, steps);
                0 for padding, which adds nothing.
        """
        raise NotImplementedError(f"{type(self).__name__} must define update().")

    def compute(self, sums: Array) -> Array:
        """Return the metric that the sums come to; a pure function that JAX can trace."""
        raise NotImplementedError(f"{type(self).__name__} must define compute().")

    def shaped(self, y_true_shape: Shape, y_pred_shape: Shape) -> Self:
        """Return the metric that knows these shapes (batch axis first), if it needs to.

        Metrics that keep sums for each output cannot tell their `size` before.
        """
        return self

    # -- what follows from it -----------------------------------------------------------

    def result(self, sums: Array | None = None) -> Array:
        """Return the metric that `sums` come to; those of direct use when absent."""
        if sums is None:
            sums = _sums.get(self)
        if sums is None:
            sums = jnp.zeros(self.size(), jnp.float32)
        found = self.compute(sums)
        return found if self.dtype is None else jnp.asarray(found, self.dtype)

    def update_state(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        sample_weight: ArrayLike | None = None,
    ) -> None:
        """Add a batch to the sums of direct use.

        Args:
            y_true: Targets, shape (batch, ...).
            y_pred: Predictions, shape (batch, ...).
            sample_weight: Weight of each row, shape (batch,); may have more of the axes of
                the targets. 1 when absent.

        Raises:
            ShapeError: The shapes of targets and predictions do not fit.
        """
        targets, predictions = jnp.asarray(y_true), jnp.asarray(y_pred)
        weight = jnp.ones(targets.shape[:1], jnp.float32)
        if sample_weight is not None:
            weight = jnp.asarray(sample_weight, jnp.float32)
        self._add(self.update(targets, predictions, weight))

    def _add(self, more: Array) -> None:
        held = _sums.get(self)
        _sums[self] = more if held is None else held + more

    def reset_state(self) -> None:
        """Forget what has been summed up in direct use."""
        _sums.pop(self, None)

    def __call__(self, *args: Any, **kwargs: Any) -> Array:
        """Add a batch as `update_state` does, and return the result so far."""
        self.update_state(*args, **kwargs)
        return self.result()
