"""The layer that gives rows another shape."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from pellucid.description import Refusal, option
from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array, Shape


def _to_target_shape(value: Any) -> tuple[int, ...]:
    sizes = value if isinstance(value, (tuple, list)) else (value,)
    expected = "sizes without the batch axis, at most one of them -1, such as (7, -1)"
    for size in sizes:
        whole = isinstance(size, (int, np.integer)) and not isinstance(size, bool)
        if not whole or (size < 1 and size != -1):
            raise Refusal(expected)
    if list(sizes).count(-1) > 1:
        raise Refusal(expected)
    return tuple(int(size) for size in sizes)


class Reshape(Layer):
    """Give each row another shape; the values stay in order.

    Args:
        target_shape: Sizes without the batch axis. One may be -1: what is left over.

    Input shape:
        (batch, ...).
    Output shape:
        (batch, *target_shape).

    Raises:
        ShapeError: The number of values in a row does not fit.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.Reshape((2, -1))(np.ones((5, 6), "float32")).shape
        (5, 2, 3)
    """

    any_type: ClassVar[bool] = True

    target_shape: tuple[int, ...] = option(convert=_to_target_shape)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        if None in shape:
            return []
        size = math.prod(one for one in shape if one is not None)
        wanted = math.prod(one for one in self.target_shape if one != -1)
        if size == wanted or (-1 in self.target_shape and size % wanted == 0):
            return []
        exactly = "a multiple of " if -1 in self.target_shape else ""
        given = f"inputs of shape {(None, *shape)}, {size} values a row"
        expected = f"{exactly}{wanted} values for target_shape={self.target_shape}"
        return [Problem(self.label, given, expected)]

    def output_shape(self, shape: Shape) -> Shape:
        if -1 not in self.target_shape:
            return self.target_shape
        rest: int | None = None
        if None not in shape:
            known = math.prod(one for one in self.target_shape if one != -1)
            rest = math.prod(one for one in shape if one is not None) // known
        return tuple(rest if size == -1 else size for size in self.target_shape)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return inputs.reshape((inputs.shape[0], *self.output_shape(inputs.shape[1:])))
