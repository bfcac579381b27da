"""Convolution by XLA's kernels, and its gradients as convolutions of the same kind.

The three products of a convolution are its outputs, the gradient by its inputs and the
gradient by its kernel. As JAX derives them, the latter two have their axes in an order for
which XLA has no quick kernel on a CPU inside a loop: only outside does it put them in order.
Here all three are convolutions of channels-last arrays by kernels (*size, channels, filters).
"""

import math
from collections.abc import Sequence
from functools import partial

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.ops.window import Axes, padded, seen
from pellucid.processor import apart, on_cpu
from pellucid.types import Array

FEW_TERMS = 64
"""Up to so many terms, a sum over windows is quickest as a product with all windows written out."""


# -- the three products ---------------------------------------------------------------------------


def outputs_of(inputs: Array, kernel: Array, axes: Axes, groups: int = 1) -> Array:
    """Return the convolution of inputs (batch, *space, channels), whose groups stay apart."""
    strides, gaps = [axis.stride for axis in axes], [axis.gap for axis in axes]
    margins = [(axis.before, axis.after) for axis in axes]
    return _convolution(inputs, kernel, strides, margins, gaps, groups=groups)


def inputs_of(gradient: Array, kernel: Array, axes: Axes) -> Array:
    """Return the gradient by the inputs: the outputs' spread out, by the mirrored kernel."""
    mirrored = jnp.flip(kernel, tuple(range(len(axes)))).swapaxes(-1, -2)
    margins = [(a.reach - 1 - a.before, a.reach - 1 - a.after) for a in axes]
    strides, gaps = [axis.stride for axis in axes], [axis.gap for axis in axes]
    return _convolution(gradient, mirrored, [1] * len(axes), margins, gaps, spread=strides)


def kernel_of(inputs: Array, gradient: Array, axes: Axes) -> Array:
    """Return the gradient by the kernel: inputs seen at each tap times the outputs' gradient."""
    if math.prod(axis.taps for axis in axes) * inputs.shape[-1] <= FEW_TERMS:
        return _kernel_of_copies(inputs, gradient, axes)
    # Channels take the place of the batch, and the batch that of the channels.
    kernel = _convolution(
        jnp.moveaxis(inputs, (0, -1), (-1, 0)),
        jnp.moveaxis(gradient, 0, -2),
        [axis.gap for axis in axes],
        [(axis.before, axis.after) for axis in axes],
        [axis.stride for axis in axes],
    )
    return jnp.moveaxis(kernel, 0, -2)


def _kernel_of_copies(inputs: Array, gradient: Array, axes: Axes) -> Array:
    channels, filters = inputs.shape[-1], gradient.shape[-1]
    channels_first = apart(jnp.moveaxis, padded(inputs, axes), source=-1, destination=0)
    copies = apart(_copies, channels_first, axes=axes)
    size = [axis.taps for axis in axes]
    products = jnp.matmul(
        copies.reshape(math.prod(size) * channels, -1), gradient.reshape(-1, filters)
    )
    return products.reshape(*size, channels, filters)


def _copies(channels_first: Array, axes: Axes) -> Array:
    return jnp.stack([*seen(channels_first, axes, 2)])


def _convolution(
    inputs: Array,
    kernel: Array,
    strides: Sequence[int],
    margins: Sequence[tuple[int, int]],
    gaps: Sequence[int],
    spread: Sequence[int] | None = None,
    groups: int = 1,
) -> Array:
    filters = kernel.shape[-1]
    if on_cpu() and groups == 1:
        inputs, kernel = _widened(inputs, kernel)
    outputs = lax.conv_general_dilated(
        inputs, kernel, strides, margins, spread, gaps, _channels_last(len(strides)), groups
    )
    return outputs[..., :filters]


def _widened(inputs: Array, kernel: Array) -> tuple[Array, Array]:
    """Return inputs and kernel with channels and filters of zeros that make XLA quicker.

    Its kernel for CPUs takes four channels at a time if there are less than 64 filters, and
    has a quick path from 17 filters or 24 channels on; below, the time hardly shrinks.
    """
    channels, filters = kernel.shape[-2:]
    more_channels = -channels % 4 if channels > 1 and filters < 64 else 0
    more_filters = 20 - filters if channels < 24 and filters < 17 else 0
    inputs = _with_more(inputs, (0, more_channels))
    return inputs, _with_more(kernel, (more_channels, more_filters))


def _with_more(array: Array, more: tuple[int, int]) -> Array:
    widths = [(0, 0)] * (array.ndim - 2) + [(0, count) for count in more]
    return jnp.pad(array, widths) if any(more) else array


def _channels_last(space: int) -> tuple[str, str, str]:
    """Return what the axes of inputs, kernel and outputs mean, in XLA's words."""
    letters = "DHW"[-space:]
    return f"N{letters}C", f"{letters}IO", f"N{letters}C"


# -- convolution, and its transpose, with gradients -----------------------------------------------


@partial(jax.custom_vjp, nondiff_argnums=(2,))
def convolve(inputs: Array, kernel: Array, axes: Axes) -> Array:
    """Return the convolution; it can be differentiated in reverse mode only.

    Args:
        inputs: Shape (batch, *space, channels).
        kernel: Shape (*size, channels, filters).
        axes: How the kernel slides.

    Returns:
        Shape (batch, *outputs, filters).
    """
    return outputs_of(inputs, kernel, axes)


def _keep(first: Array, kernel: Array, axes: Axes) -> tuple[Array, tuple[Array, Array]]:
    return convolve(first, kernel, axes), (first, kernel)


def _gradients(axes: Axes, kept: tuple[Array, Array], gradient: Array) -> tuple[Array, Array]:
    inputs, kernel = kept
    return inputs_of(gradient, kernel, axes), kernel_of(inputs, gradient, axes)


convolve.defvjp(_keep, _gradients)


@partial(jax.custom_vjp, nondiff_argnums=(2,))
def transpose_convolve(inputs: Array, kernel: Array, axes: Axes) -> Array:
    """Return `convolve`'s gradient by its inputs; differentiable in reverse mode only.

    Args:
        inputs: Shape (batch, *outputs, channels), in the place of that convolution's outputs.
        kernel: Shape (*size, filters, channels).
        axes: How the kernel slides over what is returned.

    Returns:
        Shape (batch, *space, filters).
    """
    return inputs_of(inputs, kernel, axes)


def _keep_transpose(inputs: Array, kernel: Array, axes: Axes) -> tuple[Array, tuple[Array, Array]]:
    return transpose_convolve(inputs, kernel, axes), (inputs, kernel)


def _transpose_gradients(
    axes: Axes, kept: tuple[Array, Array], gradient: Array
) -> tuple[Array, Array]:
    inputs, kernel = kept
    return outputs_of(gradient, kernel, axes), kernel_of(gradient, inputs, axes)


transpose_convolve.defvjp(_keep_transpose, _transpose_gradients)
