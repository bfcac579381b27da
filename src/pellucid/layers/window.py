"""A window that slides over the axes of space, as a convolution's kernel or a pool does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.description import Refusal
from pellucid.errors import Problem, near
from pellucid.layers.spatial import AXES, SpatialLayer
from pellucid.types import Shape

COMMON_CHANNELS = (1, 3)
MOST_CHANNELS = 4
LEAST_SIDE = 8
"""Sizes by which channels that come first are told; see `_channels_seem_first`."""


def per_axis(
    axes: int, *, low: int = 1, optional: bool = False
) -> Callable[[Any], tuple[int, ...] | None]:
    """Return a converter for fields: a whole number for each of `axes`, or one for all."""

    def convert(value: Any) -> tuple[int, ...] | None:
        if optional and value is None:
            return None
        values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * axes
        if len(values) != axes or not all(_is_whole(one) and one >= low for one in values):
            several = f", or {axes} of them such as {(3,) * axes}" if axes > 1 else ""
            raise Refusal(f"a whole number at least {low}{several}")
        return tuple(int(one) for one in values)

    return convert


def _is_whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def padding_of(*known: str) -> Callable[[Any], str]:
    """Return a converter for fields: one of the known kinds of padding, in any case."""

    def convert(value: Any) -> str:
        found = value.lower() if isinstance(value, str) else value
        if found in known:
            return found
        suggestion = near(value, known) if isinstance(value, str) else None
        fix = f"Did you mean '{suggestion}'?" if suggestion else ""
        raise Refusal("one of " + ", ".join(repr(one) for one in known), fix)

    return convert


CAUSAL = "causal"

to_padding = padding_of("valid", "same")


@dataclass(frozen=True)
class Window:
    """How a window slides.

    Args:
        argument: What its size is called, "kernel_size" or "pool_size".
        size: Number of its taps along each axis of space.
        strides: Its steps along each axis.
        padding: "valid" for whole windows only; "same" or "causal" for as many windows as there
            are strides.
        dilation: Distance between taps along each axis.
    """

    argument: str
    size: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str
    dilation: tuple[int, ...]

    @property
    def reach(self) -> tuple[int, ...]:
        """How far the window extends along each axis, from its first tap to its last."""
        pairs = zip(self.size, self.dilation, strict=True)
        return tuple((taps - 1) * gap + 1 for taps, gap in pairs)

    @property
    def needed(self) -> tuple[int, ...]:
        """The least sizes that inputs may have."""
        return self.reach if self.padding == "valid" else (1,) * len(self.size)

    def counts(self, sizes: Shape) -> Shape:
        """Return the number of windows along each axis of `sizes`; None where that is open."""
        return tuple(
            None if size is None else max(0, (size - needed) // stride + 1)
            for size, needed, stride in zip(sizes, self.needed, self.strides, strict=True)
        )

    def problems(self, layer: SpatialLayer, shape: Shape) -> list[Problem]:
        """Return what is wrong with inputs of `shape` for `layer`: that no window fits in."""
        if 0 not in self.counts(layer.sizes_of(shape)):
            return []
        given = f"inputs of shape {(None, *shape)}"
        least = " × ".join(str(size) for size in self.needed)
        names = " × ".join(AXES[layer.space])
        settings = f"{self.argument}={_shown(self.size)}"
        if max(self.dilation) > 1:
            settings += f", dilation_rate={_shown(self.dilation)}"
        expected = f"at least {least} ({names}) for {settings} and padding='{self.padding}'"
        return [Problem(layer.label, given, expected, self._advice(layer, shape))]

    def _advice(self, layer: SpatialLayer, shape: Shape) -> str:
        if layer.channels_first:
            return "With data_format='channels_first' the first of these sizes is the channels'."
        smaller = f"padding='same', a smaller {self.argument}, or fewer strides before it."
        otherwise = smaller if self.padding == "valid" else ""
        if not _channels_seem_first(shape):
            return otherwise and f"Use {otherwise}"
        advice = (
            "The channels seem to come first: put them last with np.moveaxis(x, 1, -1), "
            "or set data_format='channels_first'."
        )
        return f"{advice} If they do not, use {otherwise}" if otherwise else advice


def _channels_seem_first(shape: Shape) -> bool:
    """Return whether the first size is probably that of the channels.

    It is 1 or 3 before sizes that no image is too small for, or up to 4 before equal ones.
    """
    first, *others = shape
    if first is None or any(one is not None and one < LEAST_SIDE for one in others):
        return False
    square = len(others) > 1 and None not in others and len({*others}) == 1
    return first in COMMON_CHANNELS or (first <= MOST_CHANNELS and square)


def _shown(sizes: tuple[int, ...]) -> str:
    return str(sizes[0] if len(sizes) == 1 else sizes)
