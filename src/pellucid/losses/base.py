"""The contract of a loss."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import choice
from pellucid.errors import ShapeError
from pellucid.losses.named import Named
from pellucid.losses.reduction import REDUCTIONS, expand, reduce
from pellucid.losses.turns import in_turn
from pellucid.types import Array, ArrayLike


class Loss(Named):
    """How wrong predictions are: a number for each row, and a rule to make one of them.

    A loss of one's own says in `call` how wrong each row is:

        >>> import jax.numpy as jnp, pellucid
        >>> class Quartic(pellucid.losses.Loss):
        ...     scale: float = 1.0
        ...     def call(self, y_true, y_pred):
        ...         return self.scale * jnp.mean((y_true - y_pred) ** 4, axis=-1)
        >>> float(Quartic(scale=2.0)([[1.0], [0.0]], [[0.0], [0.0]]))
        1.0

    Args:
        reduction: "sum_over_batch_size" or "mean" for the mean over all values, "sum",
            "mean_with_sample_weight" for the sum divided by the sum of the weights, "none"
            or None for no reduction.
        name: Name in logs; made from the class when absent.
        dtype: Type in which a direct call computes; None for float32.

    Differs from Keras: options of one's own are fields of the class, not attributes set in a
    constructor, so that they are checked, saved, and known to compiled programs.
    """

    kind: ClassVar[str] = "loss"
    link: ClassVar[str | None] = None
    """The activation that `from_logits` stands for, "sigmoid" or "softmax"; None for neither."""
    targets: ClassVar[str | None] = None
    """What the targets are: "numbers", "counts", "shares" (in 0..1), "signs", "one-hot" rows
    or class "labels"; None where nothing is known."""

    reduction: str | None = choice(REDUCTIONS, default="sum_over_batch_size", kw_only=True)
    dtype: str | None = choice((None, "float16", "bfloat16", "float32"), default=None, kw_only=True)

    # -- what a loss defines ------------------------------------------------------------

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return one loss for each row; a pure function that JAX can trace.

        Args:
            y_true: Targets, shape (batch, ...).
            y_pred: Predictions, shape (batch, ...).

        Returns:
            Shape (batch, ...), usually that of `y_pred` without its last axis.
        """
        raise NotImplementedError(f"{type(self).__name__} must define call().")

    def counted(self, y_true: Array, values: Array) -> Array | None:
        """Return False for values that have no part in a mean; None when all have."""
        return None

    def values(self, y_true: Array, y_pred: Array, rows: Array | None = None) -> Array:
        """Return what `call` returns for a batch of which some rows may be padding.

        Losses that look across rows leave the padding out. Where `call` makes one number of
        the whole batch, the real rows are repeated in turn in the place of the padding.

        Args:
            y_true: Targets, shape (batch, ...).
            y_pred: Predictions, shape (batch, ...).
            rows: Shape (batch,); 1 for real rows, 0 for padding. None when all are real.
        """
        values = jnp.asarray(self.call(y_true, y_pred))
        if rows is None or values.ndim > 0:
            return values
        turn = in_turn(rows)
        return self.call(y_true[turn], y_pred[turn])

    @property
    def by_row(self) -> bool:
        """Whether the first axis of what `call` returns is the batch."""
        return True

    # -- what follows from it -----------------------------------------------------------

    def reduce(
        self,
        values: Array,
        weight: Array | None = None,
        rows: Array | None = None,
        counted: Array | None = None,
    ) -> Array:
        """Return `values` reduced by this loss's rule; see `losses.reduce`."""
        return reduce(values, weight, rows, counted, self.reduction)

    def total(
        self,
        y_true: Array,
        y_pred: Array,
        weight: Array | None = None,
        rows: Array | None = None,
        mask: Array | None = None,
    ) -> Array:
        """Return the loss of a batch, padding left out; what a compiled program minimises.

        Args:
            y_true: Targets, shape (batch, ...).
            y_pred: Predictions, shape (batch, ...).
            weight: Sample weights, shape (batch,) or that of the first axes of the losses,
                or None.
            rows: Shape (batch,); 1 for real rows, 0 for padding. None when all are real.
            mask: Shape (batch, steps); False for steps that do not count.

        Raises:
            ShapeError: The shapes do not fit, or weights meet a loss summed over the batch.
        """
        values = self.values(y_true, y_pred, rows)
        if not self.by_row:
            if weight is not None:
                raise ShapeError(
                    f"loss '{self.name}': got sample weights for losses that are sums over the "
                    "batch, expected none. Leave the batch, axis 0, out of the loss's axis."
                )
            rows = None
        counted = self.counted(y_true, values)
        if mask is not None and mask.ndim <= values.ndim:
            real = jnp.broadcast_to(expand(mask, values) != 0, values.shape)
            counted = real if counted is None else counted & real
        return self.reduce(values, weight, rows, counted)

    def __call__(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Array:
        """Return the loss of predictions, reduced.

        Args:
            y_true: Targets, shape (batch, ...).
            y_pred: Predictions, shape (batch, ...).
            sample_weight: Weight of each row, shape (batch,), or of each value.

        Raises:
            ShapeError: The shapes of targets and predictions do not fit.
        """
        dtype = self.dtype or "float32"
        targets, predictions = jnp.asarray(y_true), jnp.asarray(y_pred, dtype)
        if self.targets != "labels":
            targets = targets.astype(dtype)
        weight = None if sample_weight is None else jnp.asarray(sample_weight, dtype)
        return self.total(targets, predictions, weight)
