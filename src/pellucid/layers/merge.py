"""What the layers share that make one array of several."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.errors import Problem, ShapeError
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array, Shape


class Merge(Layer):
    """Base of the layers that combine several inputs value by value.

    Sizes must be equal, or 1, which is repeated. An input with fewer axes gets axes of size 1
    after its batch axis, as in Keras.
    """

    takes_list: ClassVar[bool] = True
    number_of_inputs: ClassVar[int | None] = None
    """How many inputs there must be; None for any number above 0."""

    def merge(self, inputs: Sequence[Array], real: Sequence[Array | bool]) -> Array:
        """Return the combination of arrays that have the same number of axes.

        Args:
            inputs: The arrays.
            real: For each of them where it is no padding, in sizes that are repeated to its own;
                True where it has no mask.
        """
        raise NotImplementedError(f"{type(self).__name__} must define merge().")

    def shape_problems(self, shape: Sequence[Shape]) -> Sequence[Problem]:
        return self._number_problems(shape) or self._size_problems(shape)

    def _number_problems(self, shapes: Sequence[Shape]) -> list[Problem]:
        wanted = self.number_of_inputs
        if (wanted is None and shapes) or len(shapes) == wanted:
            return []
        expected = f"a list of {wanted}" if wanted else "a list of at least 1"
        return [Problem(self.label, inputs_text(len(shapes)), expected)]

    def _size_problems(self, shapes: Sequence[Shape]) -> list[Problem]:
        if merged_shape(shapes) is not None:
            return []
        given = "inputs of shapes " + " and ".join(str((None, *shape)) for shape in shapes)
        expected = "equal sizes, or 1, along every axis"
        fix = "Bring them to one width first, for example with Dense."
        return [Problem(self.label, given, expected, fix)]

    def output_shape(self, shape: Sequence[Shape]) -> Shape:
        merged = merged_shape(shape)
        return () if merged is None else merged

    def apply(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Array:
        check_rows(self, inputs)
        masks = context.mask or [None] * len(inputs)
        rank = max(one.ndim for one in inputs)
        real = [
            True if mask is None else _with_rank(per_value(mask, one), rank)
            for mask, one in zip(masks, inputs, strict=True)
        ]
        return self.merge([_with_rank(one, rank) for one in inputs], real)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        if mask is None or any(one is None for one in mask):
            return None
        return functools.reduce(jnp.logical_or, mask)


def per_value(mask: Array, x: Array) -> Array:
    """Return the mask of steps with axes of size 1 for what each step of `x` holds."""
    return mask.reshape(mask.shape + (1,) * (x.ndim - mask.ndim))


def inputs_text(number: int) -> str:
    """Return "1 input", "2 inputs"."""
    return f"{number} input" + ("" if number == 1 else "s")


def check_rows(layer: Layer, inputs: Sequence[Array]) -> None:
    """Refuse inputs with different numbers of rows.

    Raises:
        ShapeError: The sizes of the first axes differ.
    """
    rows = [one.shape[0] for one in inputs]
    if len(set(rows)) > 1:
        shown = " and ".join(str(number) for number in rows)
        raise ShapeError(f"{layer.label}: got inputs of {shown} rows, expected as many in each.")


def _with_rank(x: Array, rank: int) -> Array:
    return jnp.reshape(x, (x.shape[0], *(1,) * (rank - x.ndim), *x.shape[1:]))


def merged_shape(shapes: Sequence[Shape]) -> Shape | None:
    """Return the shape that all `shapes` can be repeated to; None if there is none."""
    rank = max((len(shape) for shape in shapes), default=0)
    padded = [(1,) * (rank - len(shape)) + tuple(shape) for shape in shapes]
    sizes: list[int | None] = []
    for column in zip(*padded, strict=True):
        known = {size for size in column if size not in (1, None)}
        if len(known) > 1:
            return None
        left_open = None if None in column else 1
        sizes.append(known.pop() if known else left_open)
    return tuple(sizes)
