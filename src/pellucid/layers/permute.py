"""The layer that reorders axes."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import Refusal, option
from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array, Shape


def _to_dims(value: Any) -> tuple[int, ...]:
    if not isinstance(value, (tuple, list)) or sorted(value) != list(range(1, len(value) + 1)):
        raise Refusal("every axis once, counted from 1, such as (2, 1)")
    return tuple(value)


class Permute(Layer):
    """Reorder the axes of each row.

    Args:
        dims: The old axes in their new order, counted from 1; the batch axis stays first.

    Input shape:
        (batch, ...), with as many axes after the first as `dims` has numbers.
    Output shape:
        The same sizes in the order of `dims`.

    Raises:
        ArgumentError: `dims` does not hold every axis once.
        ShapeError: The inputs have another number of axes.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.Permute((2, 1))(np.ones((5, 2, 3), "float32")).shape
        (5, 3, 2)
    """

    any_type: ClassVar[bool] = True

    dims: tuple[int, ...] = option(convert=_to_dims)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        if len(shape) == len(self.dims):
            return []
        given = f"inputs of shape {(None, *shape)}"
        expected = f"{len(self.dims) + 1} axes, the batch axis first, for dims={self.dims}"
        return [Problem(self.label, given, expected)]

    def output_shape(self, shape: Shape) -> Shape:
        return tuple(shape[axis - 1] for axis in self.dims)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return jnp.transpose(inputs, (0, *self.dims))
