"""The layer for the scalar product of two inputs."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp
from jax import lax

from pellucid.description import Refusal, flag, option
from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.common import axis_problems
from pellucid.layers.context import Context
from pellucid.layers.merge import check_rows, inputs_text
from pellucid.ops.normalize import to_unit_length
from pellucid.types import Array, Shape


def _to_axes(value: Any) -> int | tuple[int, int]:
    axes = value if isinstance(value, (tuple, list)) else (value, value)
    if len(axes) != 2 or any(isinstance(a, bool) or not isinstance(a, int) for a in axes):
        raise Refusal("an axis number, or one for each of two inputs, such as (2, 1)")
    return (axes[0], axes[1]) if isinstance(value, (tuple, list)) else axes[0]


class Dot(Layer):
    """Multiply two inputs along one axis of each and sum: for each row, `sum_k(a[k] * b[k])`.

    Args:
        axes: Axis of both inputs along which to sum, or one for each.
        normalize: Whether vectors along these axes are scaled to length 1 first, which makes
            the result the cosine of the angle between them.

    Input shape:
        Two arrays, (batch, ...) each, of equal size along `axes`.
    Output shape:
        (batch, remaining axes of the first, remaining axes of the second); (batch, 1) if none
        remain.

    Raises:
        ShapeError: The sizes along `axes` differ, or there are not two inputs.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0, 2.0]], "float32"), np.array([[3.0, 4.0]], "float32")
        >>> pellucid.layers.Dot(axes=1)([a, b]).tolist()
        [[11.0]]
    """

    takes_list: ClassVar[bool] = True

    axes: Any = option(convert=_to_axes)
    normalize: bool = flag(default=False)

    def _pair(self) -> tuple[int, int]:
        return self.axes if isinstance(self.axes, tuple) else (self.axes, self.axes)

    def shape_problems(self, shape: Sequence[Shape]) -> Sequence[Problem]:
        if len(shape) != 2:
            return [Problem(self.label, inputs_text(len(shape)), "a list of 2")]
        pairs = list(zip(self._pair(), shape, strict=True))
        wrong = [
            problem for axis, one in pairs for problem in axis_problems(self, [axis], one, "axes")
        ]
        if wrong:
            return wrong
        first, second = ((None, *one)[axis] for axis, one in pairs)
        if first is None or second is None or first == second:
            return []
        given = f"inputs of shapes {(None, *shape[0])} and {(None, *shape[1])}"
        return [Problem(self.label, given, f"equal sizes along axes={self.axes}")]

    def output_shape(self, shape: Sequence[Shape]) -> Shape:
        rest: list[int | None] = []
        for axis, one in zip(self._pair(), shape, strict=True):
            place = axis % (len(one) + 1) - 1
            rest += [*one[:place], *one[place + 1 :]]
        return tuple(rest) or (1,)

    def apply(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Array:
        check_rows(self, inputs)
        dtype = jnp.promote_types(inputs[0].dtype, inputs[1].dtype)
        pairs = zip(self._pair(), inputs, strict=True)
        (first, a), (second, b) = ((axis % x.ndim, jnp.asarray(x, dtype)) for axis, x in pairs)
        if self.normalize:
            a, b = to_unit_length(a, first), to_unit_length(b, second)
        product = lax.dot_general(a, b, (((first,), (second,)), ((0,), (0,))))
        return product if product.ndim > 1 else product[:, None]


def dot(inputs: Sequence[Any], axes: Any = -1, **options: Any) -> Any:
    """Return the scalar product of two inputs: `Dot(axes, **options)(inputs)`.

    Example:
        >>> import numpy as np, pellucid
        >>> a, b = np.array([[1.0, 2.0]], "float32"), np.array([[3.0, 4.0]], "float32")
        >>> pellucid.layers.dot([a, b], axes=1).tolist()
        [[11.0]]
    """
    return Dot(axes, **options)(inputs)
