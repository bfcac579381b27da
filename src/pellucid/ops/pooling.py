"""Pooling: one number for each window of each channel, channels last.

On a GPU or TPU this is the library's sum or maximum over windows. On a CPU the gradients of
these are slow. There, what all windows see at one tap is a strided slice of the inputs; pooling
combines the slices, and in the gradient each input asks the windows above it for its share.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from functools import partial, reduce

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from pellucid.ops.window import Axes, axes_of, padded, seen, with_margins
from pellucid.processor import on_cpu
from pellucid.types import Array, NumpyArray

MOST_TAPS = 64
"""Up to so many taps of a window, a chain of slices is short enough to compile."""


def max_pool(inputs: Array, size: tuple[int, ...], strides: tuple[int, ...], padding: str) -> Array:
    """Return the largest value of every window.

    On a CPU, this and `average_pool` can be differentiated in reverse mode only.

    Args:
        inputs: Shape (batch, *space, channels).
        size: Size of the window along each axis of space.
        strides: Steps of the window along each axis of space.
        padding: "valid" for whole windows only, "same" for windows that may overhang.

    Returns:
        Shape (batch, *outputs, channels).
    """
    if _by_slices(size):
        axes = axes_of(inputs.shape[1:-1], size, strides, padding)
        return _compiled(_max_of_slices, inputs, axes)
    start = np.array(-np.inf, inputs.dtype)
    return lax.reduce_window(inputs, start, lax.max, *_windows(size, strides), padding.upper())


def average_pool(
    inputs: Array, size: tuple[int, ...], strides: tuple[int, ...], padding: str
) -> Array:
    """Return the mean of every window, of those values that lie in the inputs.

    Args:
        inputs: Shape (batch, *space, channels).
        size: Size of the window along each axis of space.
        strides: Steps of the window along each axis of space.
        padding: "valid" for whole windows only, "same" for windows that may overhang.

    Returns:
        Shape (batch, *outputs, channels).
    """
    axes = axes_of(inputs.shape[1:-1], size, strides, padding)
    if _by_slices(size):
        sums = _compiled(_sum_of_slices, inputs, axes)
    else:
        zero = np.array(0, inputs.dtype)
        sums = lax.reduce_window(inputs, zero, lax.add, *_windows(size, strides), padding.upper())
    return sums / _counts(axes).astype(inputs.dtype)


def _by_slices(size: Sequence[int]) -> bool:
    return on_cpu() and math.prod(size) <= MOST_TAPS


@partial(jax.jit, static_argnums=(0, 2))
def _compiled(form: Callable[[Array, Axes], Array], inputs: Array, axes: Axes) -> Array:
    """Return `form(inputs, axes)`; compiled as a whole where a layer is called by itself."""
    return form(inputs, axes)


def _windows(
    size: tuple[int, ...], strides: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return (1, *size, 1), (1, *strides, 1)


def _counts(axes: Axes) -> NumpyArray:
    """Return how many inputs lie under each window; broadcasts against the outputs."""
    total = np.ones((), int)
    for axis in axes:
        first = np.arange(axis.outputs) * axis.stride - axis.before
        inside = np.minimum(first + axis.taps, axis.size) - np.maximum(first, 0)
        total = np.multiply.outer(total, inside)
    return total[..., None]


# -- by slices ------------------------------------------------------------------------------------


@partial(jax.custom_vjp, nondiff_argnums=(1,))
def _max_of_slices(inputs: Array, axes: Axes) -> Array:
    return _reduced(jnp.maximum, inputs, axes, -np.inf)


def _max_and_kept(inputs: Array, axes: Axes) -> tuple[Array, tuple[Array, Array]]:
    outputs = _max_of_slices(inputs, axes)
    return outputs, (inputs, outputs)


def _max_gradient(axes: Axes, kept: tuple[Array, Array], gradient: Array) -> tuple[Array]:
    """Return each window's gradient at the first of its largest inputs."""
    inputs, outputs = kept
    views = enumerate(seen(padded(inputs, axes, -np.inf), axes))
    largest = jnp.full(outputs.shape, -1, jnp.int32)
    for tap, view in reversed([*views]):
        largest = jnp.where(view == outputs, tap, largest)
    return (_given_back(gradient, axes, largest),)


_max_of_slices.defvjp(_max_and_kept, _max_gradient)


@partial(jax.custom_vjp, nondiff_argnums=(1,))
def _sum_of_slices(inputs: Array, axes: Axes) -> Array:
    return _reduced(jnp.add, inputs, axes, 0.0)


def _sum_and_kept(inputs: Array, axes: Axes) -> tuple[Array, None]:
    return _sum_of_slices(inputs, axes), None


def _sum_gradient(axes: Axes, kept: None, gradient: Array) -> tuple[Array]:
    return (_given_back(gradient, axes),)


_sum_of_slices.defvjp(_sum_and_kept, _sum_gradient)


def _reduced(
    combine: Callable[[Array, Array], Array], inputs: Array, axes: Axes, value: float
) -> Array:
    return reduce(combine, seen(padded(inputs, axes, value), axes))


def _given_back(gradient: Array, axes: Axes, chosen: Array | None = None) -> Array:
    """Return for each input the sum of what windows give to it.

    The input at place `stride · t + q` lies under the windows `t`, `t - 1`, ..., at their taps
    `q`, `q + stride`, ...

    Args:
        gradient: What each window gives: shape (batch, *outputs, channels).
        axes: How the windows slide.
        chosen: The number of the only tap to which each window gives; None for all taps.
    """
    blocks = [-(-(axis.before + axis.size) // axis.stride) for axis in axes]
    above = [-(-axis.taps // axis.stride) for axis in axes]
    margins = [
        (windows - 1, count - axis.outputs)
        for windows, count, axis in zip(above, blocks, axes, strict=True)
    ]
    gradient = with_margins(gradient, margins)
    chosen = None if chosen is None else with_margins(chosen, margins, -1)
    terms = []
    for back in itertools.product(*map(range, above)):
        first = [windows - 1 - step for windows, step in zip(above, back, strict=True)]
        taps = _taps_of_block(axes, back)
        given = _block_slice(gradient, first, blocks)
        agreed = taps >= 0 if chosen is None else taps == _block_slice(chosen, first, blocks)
        terms.append(jnp.where(agreed, given, 0))
    total = sum(terms[1:], terms[0])
    for place in range(1, len(axes) + 1):
        total = lax.collapse(total, place, place + 2)
    rest = [
        (-axis.before, axis.before + axis.size - count * axis.stride)
        for count, axis in zip(blocks, axes, strict=True)
    ]
    return with_margins(total, rest)


def _block_slice(array: Array, first: Sequence[int], blocks: Sequence[int]) -> Array:
    """Return `blocks` windows from `first` on, each axis of them followed by one for its places."""
    for place, (start, count) in enumerate(zip(first, blocks, strict=True), 1):
        array = lax.slice_in_dim(array, start, start + count, axis=place)
    return jnp.expand_dims(array, tuple(range(2, 2 * len(blocks) + 1, 2)))


def _taps_of_block(axes: Axes, back: Sequence[int]) -> NumpyArray:
    """Return at which tap a window sees each place of the block that lies `back` strides on.

    Shape (1, 1, stride, 1, stride, ..., 1); -2 where the window does not reach.
    """
    numbers, reached = np.zeros((1,), int), np.ones((1,), bool)
    for axis, steps in zip(axes, back, strict=True):
        tap = np.arange(axis.stride) + steps * axis.stride
        numbers = numbers[..., None, None] * axis.taps + tap
        reached = reached[..., None, None] & (tap < axis.taps)
    return np.where(reached, numbers, -2)[..., None].astype(np.int32)
