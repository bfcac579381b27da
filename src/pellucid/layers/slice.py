"""The layer that picks places of its inputs: `x[:, -1]` on a symbolic tensor."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from pellucid.description import Refusal, option
from pellucid.errors import Problem, report
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.symbolic import SymbolicTensor, slicers
from pellucid.types import Array, Shape

Part = int | tuple[int | None, int | None, int | None] | None
"""What is picked along an axis: a place, (start, stop, step), or None for a new axis of size 1."""


def _to_parts(value: Any) -> tuple[Part, ...]:
    if not isinstance(value, (tuple, list)):
        raise Refusal("a list with a part for each axis")
    return tuple(_to_part(one) for one in value)


def _to_part(value: Any) -> Part:
    if value is None or _is_whole(value):
        return None if value is None else int(value)
    sizes = value if isinstance(value, (tuple, list)) else ()
    if len(sizes) == 3 and all(one is None or _is_whole(one) for one in sizes) and sizes[2] != 0:
        start, stop, step = (None if one is None else int(one) for one in sizes)
        return start, stop, step
    raise Refusal("for each axis a whole number, (start, stop, step), or None for a new axis")


def _is_whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


class Slice(Layer):
    """Pick places along the axes of each row: `outputs = inputs[:, part, part, ...]`.

    Made by `x[:, -1]` and the like while a model is drawn up.

    Args:
        parts: What is picked along each axis behind the batch axis: a place, which takes the axis
            away, (start, stop, step) as in Python, or None for a new axis of size 1. Axes that
            are not named stay whole.

    Input shape:
        (batch, ...).
    Output shape:
        (batch, ...), without the axes of single places.

    Raises:
        ArgumentError: A part is none of these.
        ShapeError: There are more parts than axes, or no such place.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.arange(6.0).reshape(1, 3, 2)
        >>> pellucid.layers.Slice([-1])(x).tolist()
        [[4.0, 5.0]]
        >>> pellucid.Input((3, 2))[:, 1:, 0].shape
        (None, 2)
    """

    any_type: ClassVar[bool] = True

    parts: tuple[Part, ...] = option(convert=_to_parts)

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        picking = [part for part in self.parts if part is not None]
        given = f"inputs of shape {(None, *shape)}"
        if len(picking) > len(shape):
            expected = f"at least {len(picking) + 1} axes, the batch axis and one for each part"
            return [Problem(self.label, given, expected)]
        return [
            Problem(
                self.label,
                f"place {part} along axis {axis} of {given}",
                f"one from {-size} to {size - 1}",
            )
            for axis, (part, size) in enumerate(zip(picking, shape, strict=False), 1)
            if isinstance(part, int) and size is not None and not -size <= part < size
        ]

    def output_shape(self, shape: Shape) -> Shape:
        left, sizes = [*shape], list[int | None]()
        for part in self.parts:
            if part is None:
                sizes.append(1)
                continue
            size = left.pop(0)
            if isinstance(part, tuple):
                sizes.append(None if size is None else len(range(*slice(*part).indices(size))))
        return (*sizes, *left)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        picked = [slice(*part) if isinstance(part, tuple) else part for part in self.parts]
        return inputs[(slice(None), *picked)]


def pick(tensor: SymbolicTensor, key: Any) -> SymbolicTensor:
    """Draw `tensor[key]`.

    Raises:
        ArgumentError: The key picks rows, or holds more than whole numbers, slices, None and `...`.
    """
    given = [*key] if isinstance(key, tuple) else [key]
    where = f"{tensor.name}[...]"
    strange = [one for one in given if not _is_basic(one)]
    if strange or given.count(Ellipsis) > 1:
        shown = f"an index {strange[0]!r}" if strange else "... twice"
        fix = "For others use Lambda(lambda x: ...)."
        report([Problem(where, shown, "whole numbers, slices, None, and ... once", fix)])
    if Ellipsis in given:
        place, named = given.index(Ellipsis), [one for one in given if one not in (None, Ellipsis)]
        given[place : place + 1] = [slice(None)] * max(0, tensor.ndim - len(named))
    if given[:1] != [slice(None)]:
        fix = "Write for example x[:, 0]."
        expected = "':' for the batch axis: a model takes every row"
        report([Problem(where, "an index of rows", expected, fix)])
    return Slice(tuple(map(_as_part, given[1:])))(tensor)


def _as_part(one: Any) -> Any:
    return (one.start, one.stop, one.step) if isinstance(one, slice) else one


def _is_basic(one: Any) -> bool:
    return one is None or one is Ellipsis or isinstance(one, slice) or _is_whole(one)


slicers.append(pick)
