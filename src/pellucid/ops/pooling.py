"""Pooling: one number for each window of each channel, channels last."""

import math

import jax.numpy as jnp
import numpy as np
from jax import lax

from pellucid.types import Array


def max_pool(inputs: Array, size: tuple[int, ...], strides: tuple[int, ...], padding: str) -> Array:
    """Return the largest value of every window.

    Args:
        inputs: Shape (batch, *space, channels).
        size: Size of the window along each axis of space.
        strides: Steps of the window along each axis of space.
        padding: "valid" for whole windows only, "same" for windows that may overhang.

    Returns:
        Shape (batch, *outputs, channels).
    """
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
    sums = _window_sums(inputs, size, strides, padding)
    if padding == "valid":
        return sums / math.prod(size)
    cells = jnp.ones((1, *inputs.shape[1:-1], 1), inputs.dtype)
    return sums / _window_sums(cells, size, strides, padding)


def _window_sums(
    inputs: Array, size: tuple[int, ...], strides: tuple[int, ...], padding: str
) -> Array:
    zero = np.array(0, inputs.dtype)
    return lax.reduce_window(inputs, zero, lax.add, *_windows(size, strides), padding.upper())


def _windows(
    size: tuple[int, ...], strides: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return (1, *size, 1), (1, *strides, 1)
