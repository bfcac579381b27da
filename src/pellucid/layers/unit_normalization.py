"""Scaling of each row to length one."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pellucid.description import axis_number
from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.common import as_tuple, axis_problems
from pellucid.layers.context import Context
from pellucid.ops.normalize import to_unit_length
from pellucid.types import Array, Shape


class UnitNormalization(Layer):
    """Divide each row by its Euclidean length: `x / sqrt(sum(x**2))`.

    Args:
        axis: Axis, or axes, along which the length is taken.

    Input shape:
        (batch, ...).
    Output shape:
        The same.

    Raises:
        ShapeError: The inputs have no such axis, or it is the batch axis.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([[3.0, 4.0]], "float32")
        >>> print(np.asarray(pellucid.layers.UnitNormalization()(x)).round(4))
        [[0.6 0.8]]
    """

    passes_mask: ClassVar[bool] = True

    axis: Any = axis_number(default=-1, several=True)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        return axis_problems(self, as_tuple(self.axis), shape)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return to_unit_length(inputs, self.axis)
