"""Windows that slide over arrays with channels last: kernels of convolutions, pools."""

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from jax import lax

from pellucid.processor import apart
from pellucid.types import Array


class Axis(NamedTuple):
    """How a window slides along one axis of space.

    Args:
        size: Number of inputs.
        before: Places before the inputs that windows reach.
        outputs: Number of windows.
        taps: Number of places that a window looks at.
        stride: Distance between windows.
        gap: Distance between the taps of a window.
    """

    size: int
    before: int
    outputs: int
    taps: int
    stride: int
    gap: int

    @property
    def reach(self) -> int:
        """Number of places from a window's first tap to its last."""
        return (self.taps - 1) * self.gap + 1

    @property
    def after(self) -> int:
        """Places after the inputs that windows reach; below 0 where they leave inputs unseen."""
        return (self.outputs - 1) * self.stride + self.reach - self.before - self.size


Axes = tuple[Axis, ...]


def axes_of(
    space: Sequence[int],
    size: Sequence[int],
    strides: Sequence[int],
    padding: str | Sequence[tuple[int, int]],
    gaps: Sequence[int] | None = None,
) -> Axes:
    """Return how a window slides along each axis.

    Args:
        space: Number of inputs along each axis.
        size: Number of taps along each axis.
        strides: Distance between windows along each axis.
        padding: "valid", "same" (an odd place comes after), or (before, after) of each axis.
        gaps: Distance between taps along each axis; None for 1.
    """
    gaps = gaps or (1,) * len(size)
    reach = [(taps - 1) * gap + 1 for taps, gap in zip(size, gaps, strict=True)]
    if isinstance(padding, str):
        padding = lax.padtype_to_pads(space, reach, strides, padding.upper())
    return tuple(
        Axis(inputs, before, (before + inputs + after - covered) // stride + 1, taps, stride, gap)
        for inputs, (before, after), covered, taps, stride, gap in zip(
            space, padding, reach, size, strides, gaps, strict=True
        )
    )


def padded(array: Array, axes: Axes, value: float = 0.0) -> Array:
    """Return inputs, shape (batch, *space, channels), with `value` where windows overhang."""
    return with_margins(array, [(axis.before, axis.after) for axis in axes], value)


def with_margins(
    array: Array,
    margins: Sequence[tuple[int, int]],
    value: float = 0.0,
    between: Sequence[int] | None = None,
) -> Array:
    """Return an array with `value` around and between the elements of its axes of space.

    Args:
        array: Shape (batch, *space, ...).
        margins: Places before and after each axis; below 0 to cut off as many.
        value: What fills them.
        between: Places between the elements of each axis.
    """
    inner = [
        (*margin, places)
        for margin, places in zip(margins, between or [0] * len(margins), strict=True)
    ]
    config = ((0, 0, 0), *inner, *[(0, 0, 0)] * (array.ndim - 1 - len(inner)))
    if not any(map(any, config)):
        return array
    return apart(_laid, array, value=value, config=config)


def _laid(array: Array, value: float, config: Sequence[tuple[int, int, int]]) -> Array:
    return lax.pad(array, np.array(value, array.dtype), config)


def seen(array: Array, axes: Axes, first: int = 1) -> Iterator[Array]:
    """Yield what all windows see at each tap, the last axis changing fastest.

    Args:
        array: Padded inputs; their axes of space begin at `first`.
        axes: How the windows slide.
        first: Position of the first axis of space.
    """
    for tap in itertools.product(*(range(axis.taps) for axis in axes)):
        view = array
        for place, (index, axis) in enumerate(zip(tap, axes, strict=True), first):
            start = index * axis.gap
            end = start + (axis.outputs - 1) * axis.stride + 1
            view = lax.slice_in_dim(view, start, end, axis.stride, place)
        yield view
