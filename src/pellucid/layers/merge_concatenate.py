"""The layer that lays several inputs end to end."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import axis_number
from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.common import axis_problems, inner_axes
from pellucid.layers.context import Context
from pellucid.layers.merge import check_rows, per_value
from pellucid.types import Array, Shape


class Concatenate(Layer):
    """Lay the inputs end to end along one axis.

    Args:
        axis: Axis along which sizes add up.

    Input shape:
        A list of arrays, (batch, ...) each, of equal sizes along all other axes.
    Output shape:
        (batch, ...), the sizes along `axis` added.

    Raises:
        ShapeError: The shapes do not fit together.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.ones((5, 2), "float32"), np.ones((5, 3), "float32")
        >>> pellucid.layers.Concatenate()([a, b]).shape
        (5, 5)
    """

    takes_list: ClassVar[bool] = True
    any_type: ClassVar[bool] = True

    axis: int = axis_number(default=-1)

    def shape_problems(self, shape: Sequence[Shape]) -> Sequence[Problem]:
        if not shape:
            return [Problem(self.label, "0 inputs", "a list of at least 1")]
        wrong = axis_problems(self, [self.axis], shape[0])
        if wrong or self._fit_together(shape):
            return wrong
        given = "inputs of shapes " + " and ".join(str((None, *one)) for one in shape)
        expected = f"equal sizes along every axis but axis {self.axis}"
        return [Problem(self.label, given, expected)]

    def _fit_together(self, shapes: Sequence[Shape]) -> bool:
        if len({len(shape) for shape in shapes}) > 1:
            return False
        (joined,) = inner_axes(self.axis, shapes[0])
        columns = enumerate(zip(*shapes, strict=True))
        return all(place == joined or len({*column} - {None}) <= 1 for place, column in columns)

    def output_shape(self, shape: Sequence[Shape]) -> Shape:
        (joined,) = inner_axes(self.axis, shape[0])
        sizes: list[int | None] = []
        for place, column in enumerate(zip(*shape, strict=True)):
            known = [size for size in column if size is not None]
            if place == joined:
                sizes.append(sum(known) if len(known) == len(column) else None)
            else:
                sizes.append(known[0] if known else None)
        return tuple(sizes)

    def apply(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Array:
        check_rows(self, inputs)
        return jnp.concatenate(inputs, axis=self.axis)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        if mask is None:
            return None
        real = [_spread(one, x) for one, x in zip(mask, inputs, strict=True)]
        return jnp.any(jnp.concatenate(real, axis=self.axis), axis=-1)


def _spread(mask: Array | None, x: Array) -> Array:
    """Return for every value of `x` whether its step is real."""
    if mask is None:
        return jnp.ones(x.shape, bool)
    return jnp.broadcast_to(per_value(mask, x), x.shape)


def concatenate(inputs: Sequence[Any], axis: int = -1, **options: Any) -> Any:
    """Return `inputs` end to end along `axis`: `Concatenate(axis, **options)(inputs)`.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.ones((5, 2), "float32"), np.ones((5, 3), "float32")
        >>> pellucid.layers.concatenate([a, b]).shape
        (5, 5)
    """
    return Concatenate(axis, **options)(inputs)
