"""The layer that turns numbers into numbers of bins."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import Refusal, count, number, option
from pellucid.errors import ArgumentError, Problem
from pellucid.initializers import Constant
from pellucid.layers.adapting import batches, not_adapted, set_held
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.encoding import encode, encoded_shape, to_dense, to_mode
from pellucid.layers.weight import Weight
from pellucid.types import Array, NumpyArray, Shape


def _to_boundaries(value: Any) -> tuple[float, ...] | None:
    if value is None:
        return None
    try:
        numbers = [float(one) for one in value]
    except (TypeError, ValueError):
        raise Refusal("a list of numbers in ascending order") from None
    if not numbers or not np.isfinite(numbers).all() or sorted(numbers) != numbers:
        raise Refusal("a list of finite numbers in ascending order")
    return tuple(numbers)


class Discretization(Layer):
    """Say in which bin each number lies.

    Boundaries `b[0] <= b[1] <= ...` make the bins (-inf, b[0]), [b[0], b[1]), ..., [b[-1], inf).
    They are given, or learned by `adapt` as quantiles, so that bins are about equally full.

    Args:
        bin_boundaries: Boundaries in ascending order.
        num_bins: Number of bins to learn, at least 2.
        epsilon: Error of the learned quantiles, between 0 and 1; smaller takes more memory.
        output_mode: "int" for numbers of bins; "one_hot"; "multi_hot" and "count" take the last
            axis as the members of one sample.
        sparse: False.

    Input shape:
        (batch, ...).
    Output shape:
        The same for "int"; (batch, ..., bins) for "one_hot", in place of a last axis of size 1;
        (batch, ..., bins) in place of the last axis for "multi_hot" and "count".

    Raises:
        ArgumentError: Neither `bin_boundaries` nor `num_bins` is given, or the layer is used
            before it has boundaries.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Discretization(bin_boundaries=[0.0, 1.0])
        >>> layer(np.array([[-1.5, 0.0, 3.0]], "float32")).tolist()
        [[0, 1, 2]]

    Differs from Keras: the last axis, not axis 1, holds the members of a sample where inputs
    have more than two axes.
    """

    mutable: ClassVar[frozenset[str]] = Layer.mutable | {"bin_boundaries"}
    full_precision: ClassVar[bool] = True

    bin_boundaries: Any = option(default=None, convert=_to_boundaries)
    num_bins: int | None = count(default=None, low=2, optional=True, meaning="the number of bins")
    epsilon: float = number(default=0.01, above=0, below=1, tunable=False)
    output_mode: str = option(
        default="int", convert=to_mode(("int", "one_hot", "multi_hot", "count"))
    )
    sparse: bool = option(default=False, convert=to_dense)

    def problems(self) -> Iterator[Problem]:
        where = "Discretization(bin_boundaries=..., num_bins=...)"
        if self.bin_boundaries is None and self.num_bins is None:
            yield Problem(where, "neither", "one of them")
        elif self.bin_boundaries is not None and self.num_bins is not None:
            bins = len(self.bin_boundaries) + 1
            if bins > self.num_bins:
                yield Problem(where, f"boundaries of {bins} bins", f"at most {self.num_bins}")

    def _known(self) -> tuple[float, ...]:
        if self.bin_boundaries is None:
            raise ArgumentError(not_adapted(self, "bin boundaries", "bin_boundaries=[...]"))
        return self.bin_boundaries

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        boundaries = np.array(self._known(), np.float32)
        weight = Weight(boundaries.shape, Constant(boundaries), trainable=False)
        return {"boundaries": weight}

    def output_shape(self, shape: Shape) -> Shape:
        return encoded_shape(shape, self.output_mode, len(self._known()) + 1)

    def output_dtype(self, dtype: str) -> str:
        return "int32" if self.output_mode == "int" else self.dtype or "float32"

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Learn the boundaries of `num_bins` about equally full bins.

        Args:
            data: Array, lists, column, or iterable of batches.
            steps: Greatest number of batches taken.

        Raises:
            ArgumentError: The layer was made with fixed boundaries.
        """
        if self.num_bins is None:
            raise ArgumentError(
                f"{self.label}.adapt(data): got a layer with fixed bin_boundaries, expected one "
                "that is to learn them. Make it with num_bins=... instead."
            )
        summary = np.zeros((2, 0), np.float32)
        for batch in batches(self, data, steps):
            values = np.asarray(batch, np.float32)
            joined = np.concatenate((_summarised(values, self.epsilon), summary), axis=1)
            summary = _compressed(joined[:, np.argsort(joined[0])], self.epsilon)
        boundaries = _compressed(summary, 1 / self.num_bins)[0, :-1]
        self.bin_boundaries = boundaries
        set_held(self, {"boundaries": boundaries})

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        boundaries = jnp.asarray(weights["boundaries"])
        bins = jnp.searchsorted(boundaries, jnp.asarray(inputs, jnp.float32), side="right")
        dtype = self.dtype or "float32"
        return encode(bins, self.output_mode, len(self._known()) + 1, dtype)


def _summarised(values: NumpyArray, epsilon: float) -> NumpyArray:
    """Return sorted values taken at even steps, and how many each stands for."""
    ordered = np.sort(values, axis=None)
    step = max(ordered.size * epsilon, 1)
    chosen = ordered[int(step - 1) :: int(step)]
    return np.stack([chosen, np.full_like(chosen, step)])


def _compressed(summary: NumpyArray, epsilon: float) -> NumpyArray:
    """Return a summary with about `1 / epsilon` values, by interpolation between quantiles."""
    if summary.shape[1] * epsilon < 1:
        return summary
    shares = epsilon + np.arange(0.0, 1.0, epsilon)
    reached = summary[1].cumsum()
    values = np.interp(shares, reached / reached[-1], summary[0])
    counts = np.interp(shares, reached / reached[-1], reached)
    return np.stack([values, np.diff(counts, prepend=0)]).astype(np.float32)
