"""Small things that several layers share."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from pellucid.errors import ArgumentError, Problem, ShapeError
from pellucid.layers.base import Layer
from pellucid.layers.context import Context, Result
from pellucid.types import Array, Shape


def known_size(layer: Layer, shape: Shape, axis: int = -1) -> int:
    """Return the size of one axis of `shape`, which a weight's shape needs.

    Raises:
        ShapeError: The size is None.
    """
    size = shape[axis]
    if size is None:
        shown = axis if axis < 0 else axis + 1
        raise ShapeError(
            f"{layer.label}: got inputs of shape {(None, *shape)} with the size of axis {shown} "
            "left open, expected a known size: a weight is as long as that axis. "
            "Give the size in Input(shape=...)."
        )
    return size


def as_tuple(axis: int | Sequence[int]) -> tuple[int, ...]:
    """Return one axis number, or several, as a tuple."""
    return (axis,) if isinstance(axis, int) else tuple(axis)


def axis_problems(
    layer: Layer, axes: Iterable[int], shape: Shape, argument: str = "axis"
) -> list[Problem]:
    """Return what is wrong with `axes`, which count the batch axis, for inputs of `shape`."""
    rank = len(shape) + 1
    wrong = [axis for axis in axes if axis % rank == 0 or not -rank < axis < rank]
    known = f"an axis from 1 to {rank - 1} or from -{rank - 1} to -1"
    if rank == 1:
        known = "inputs with at least 2 axes, the batch axis first"
    elif rank == 2:
        known = "axis 1 or -1"
    given = f"inputs of shape {(None, *shape)}"
    return [
        Problem(f"{layer.label}({argument}={axis})", given, known, "Axis 0 counts the rows.")
        for axis in wrong
    ]


def inner_axes(axes: int | Sequence[int], shape: Shape) -> list[int]:
    """Return `axes`, which count the batch axis, as ascending places in `shape`."""
    rank = len(shape) + 1
    return sorted(axis % rank - 1 for axis in as_tuple(axes))


def penalised(outputs: Array, regularizer: Any, context: Context) -> Any:
    """Return `outputs`, with the penalty on them if there is a regularizer.

    As in Keras the penalty is summed over a row and averaged over the (real) rows.
    """
    if regularizer is None:
        return outputs
    return Result(outputs, penalty=activity_penalty(outputs, regularizer, context))


def activity_penalty(outputs: Any, regularizer: Any, context: Context) -> Array | float:
    """Return the penalty on outputs, one array or several: 0 without a regularizer."""
    if regularizer is None:
        return 0.0
    if isinstance(outputs, list):
        return sum(activity_penalty(one, regularizer, context) for one in outputs)
    if context.rows is None:
        return regularizer(outputs) / outputs.shape[0]
    weight = context.rows.astype(outputs.dtype).reshape((-1,) + (1,) * (outputs.ndim - 1))
    return regularizer(outputs * weight) / jnp.maximum(jnp.sum(context.rows), 1)


def activated(function: Any, outputs: Array) -> Array:
    """Return `function(outputs)`, or `outputs` where there is no activation function."""
    return outputs if function is None else function(outputs)


def activated_shape(function: Any, shape: Shape) -> Shape:
    """Return the shape of `function(x)` for x of `shape`; only known activations keep it surely."""
    name = getattr(function, "registered_name", None)
    if function is None or (name is not None and name != "glu"):
        return shape
    return traced_shape(function, [shape])


def traced_shape(function: Callable[..., Array], shapes: Sequence[Shape]) -> Shape:
    """Return the shape of `function(*arrays)`, no batch axis, without computing anything.

    Sizes left open are tried as 2 and as 3; where the result differs its size is open as well.

    Raises:
        ArgumentError: The result has no batch axis.
    """
    small, large = (_sizes_of_result(function, shapes, size) for size in (2, 3))
    if len(small) != len(large) or not small or small[0] != 2 or large[0] != 3:
        raise ArgumentError(
            f"{getattr(function, '__name__', function)}: got results of shapes {small} and {large} "
            "for 2 and 3 rows, expected one result a row, the batch axis first."
        )
    pairs = zip(small[1:], large[1:], strict=True)
    return tuple(one if one == other else None for one, other in pairs)


def _sizes_of_result(
    function: Callable[..., Array], shapes: Sequence[Shape], size: int
) -> tuple[int, ...]:
    arrays = [
        jax.ShapeDtypeStruct((size, *(size if one is None else one for one in shape)), jnp.float32)
        for shape in shapes
    ]
    return tuple(jax.eval_shape(function, *arrays).shape)
