"""The layer that brings features to mean 0 and variance 1."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import axis_number, flag, option
from pellucid.errors import ArgumentError, DataError, Problem
from pellucid.initializers import Constant, to_numbers
from pellucid.layers.adapting import NotAdapted, batches, not_adapted, set_held
from pellucid.layers.base import Layer
from pellucid.layers.common import as_tuple, axis_problems, inner_axes, known_size
from pellucid.layers.context import Context
from pellucid.layers.weight import Weight
from pellucid.types import Array, NumpyArray, Shape

EPSILON = 1e-7
"""Standard deviations below this count as this, so that a constant feature becomes 0."""


def _to_statistic(value: Any) -> Any:
    return None if value is None else to_numbers(value)


class Normalization(Layer):
    """Bring features to mean 0 and variance 1: `(x - mean) / sqrt(variance)`.

    Mean and variance are given, or learned from data by `adapt`.

    Args:
        axis: Axis, or axes, whose every index has a mean and variance of its own; None for one
            mean and variance of all values.
        mean: Mean, or means that fit the sizes of `axis`; with `variance`.
        variance: Variance, or variances.
        invert: Whether to undo the normalisation instead: `x * sqrt(variance) + mean`.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Raises:
        ArgumentError: Only one of `mean` and `variance` is given, or the layer is used before
            it has either.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Normalization()
        >>> layer.adapt(np.array([[1.0, 10.0], [3.0, 30.0]]))
        >>> layer(np.array([[3.0, 20.0]], "float32")).tolist()
        [[1.0, 0.0]]

    Differs from Keras: a layer that has learned nothing is an error, not the identity; it must
    learn before a model is built with it.
    """

    passes_mask: ClassVar[bool] = True
    mutable: ClassVar[frozenset[str]] = Layer.mutable | {"mean", "variance"}
    full_precision: ClassVar[bool] = True

    axis: Any = axis_number(default=-1, several=True, optional=True)
    mean: Any = option(default=None, convert=_to_statistic, identity=True)
    variance: Any = option(default=None, convert=_to_statistic, identity=True)
    invert: bool = flag(default=False)

    def problems(self) -> Iterator[Problem]:
        where = "Normalization(mean=..., variance=...)"
        if (self.mean is None) != (self.variance is None):
            missing = "mean" if self.mean is None else "variance"
            yield Problem(where, f"no {missing}", "both or neither")
        elif np.shape(self.mean) != np.shape(self.variance):
            given = f"shapes {np.shape(self.mean)} and {np.shape(self.variance)}"
            yield Problem(where, given, "one shape for both")

    def _axes(self) -> tuple[int, ...]:
        return () if self.axis is None else as_tuple(self.axis)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        return axis_problems(self, self._axes(), shape)

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        sizes = tuple(known_size(self, shape, place) for place in inner_axes(self._axes(), shape))
        if self.mean is None:
            message = not_adapted(self, "mean and variance", "both mean=... and variance=...")
            mean = variance = NotAdapted(message)
        else:
            mean, variance = Constant(self.mean), Constant(self.variance)
        return {
            "mean": Weight(sizes, mean, trainable=False),
            "variance": Weight(sizes, variance, trainable=False),
        }

    def adapt(self, data: Any) -> None:
        """Learn mean and variance.

        Args:
            data: Array, lists, frame, or iterable of batches, of the layer's input shape.

        Raises:
            DataError: A value is NaN, infinite or no number.
            ShapeError: The data have no such axis.
        """
        moments = _Moments(self.label)
        for batch in batches(self, data):
            values = _to_finite(self, batch)
            shape = values.shape[1:]
            wrong = self.shape_problems(shape)
            if wrong:
                raise ArgumentError(f"{wrong[0]} For data with one axis write axis=None.")
            kept = [place + 1 for place in inner_axes(self._axes(), shape)]
            moments.add(values, tuple(a for a in range(values.ndim) if a not in kept))
        self.mean, self.variance = moments.mean, moments.variance
        set_held(self, {"mean": moments.mean, "variance": moments.variance})

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        x = jnp.asarray(inputs).astype(jnp.promote_types(inputs.dtype, jnp.float32))
        kept = inner_axes(self._axes(), x.shape[1:])
        sizes = [size if place in kept else 1 for place, size in enumerate(x.shape[1:])]
        mean = weights["mean"].reshape(sizes)
        deviation = jnp.maximum(jnp.sqrt(weights["variance"].reshape(sizes)), EPSILON)
        outputs = x * deviation + mean if self.invert else (x - mean) / deviation
        return outputs.astype(inputs.dtype)


class _Moments:
    """Mean and variance of batches seen one after another (Chan, Golub and LeVeque 1979)."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.count = 0
        self.mean: Any = 0.0
        self.variance: Any = 0.0

    def add(self, values: NumpyArray, axes: tuple[int, ...]) -> None:
        """Take in a batch, whose moments are taken over `axes`."""
        mean, variance = values.mean(axis=axes), values.var(axis=axes)
        if self.count and np.shape(mean) != np.shape(self.mean):
            raise DataError(
                f"{self.label}.adapt(data): got batches with statistics of shapes "
                f"{np.shape(self.mean)} and {np.shape(mean)}, expected batches of one width."
            )
        count = values.size // max(mean.size, 1)
        share = count / (self.count + count)
        distance = mean - self.mean
        self.variance = (1 - share) * self.variance + share * variance
        self.variance = self.variance + share * (1 - share) * distance**2
        self.mean = self.mean + share * distance
        self.count += count


def _to_finite(layer: Layer, batch: NumpyArray) -> NumpyArray:
    try:
        values = batch.astype(np.float64)
    except (TypeError, ValueError):
        raise DataError(
            f"{layer.label}.adapt(data): got values of type {batch.dtype}, expected numbers."
        ) from None
    if not np.isfinite(values).all():
        row = tuple(int(place) for place in np.argwhere(~np.isfinite(values))[0])
        raise DataError(
            f"{layer.label}.adapt(data): got {values[row]} at position {row}, expected finite "
            "numbers. Fill or drop missing values first."
        )
    return values
