"""Convolution over one, two or three axes of space, channels last.

On a GPU or TPU this is the library's convolution. On a CPU, whose quick kernels are for
images and for few of the products that training needs, the formulation depends on the shape:

- kernels of 2 to 5 taps that move place by place over many channels: Winograd's (`winograd.py`);
- a channel by itself: a sum over taps, element by element (`depthwise.py`);
- a sequence: an image one place high; a volume: images whose channels are the kernel's slices;
- groups of channels: one after the other;
- all else: XLA's kernel, for the gradients too (`direct.py`).
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.ops import depthwise as by_channel
from pellucid.ops import direct, winograd
from pellucid.ops.window import Axes, Axis, axes_of, padded, seen
from pellucid.processor import on_cpu
from pellucid.types import Array

LEAST_CHANNELS = 16
"""Channels and filters from which on matrix products outweigh Winograd's transforms."""

LEAST_SAVING = 1.5
"""Multiplications that must be saved, as a ratio, to outweigh them."""

LEAST_WORK = 2**20
"""Multiplications below which the calls of Winograd's dozen kernels take longer than they save."""


def convolve(
    inputs: Array,
    kernel: Array,
    strides: tuple[int, ...],
    padding: str | Sequence[tuple[int, int]],
    dilation: tuple[int, ...] | None = None,
    groups: int = 1,
) -> Array:
    """Return `outputs[b, p, f] = Σ inputs[b, p·strides + t·dilation, c] · kernel[t, c, f]`.

    On a CPU, this and the other functions here can be differentiated in reverse mode only.

    Args:
        inputs: Shape (batch, *space, channels).
        kernel: Shape (*size, channels // groups, filters).
        strides: Steps of the kernel along each axis of space.
        padding: "valid", "same", or the zeros (before, after) each axis of space.
        dilation: Distance between the kernel's taps along each axis; None for 1.
        groups: Number of groups of channels that are convolved apart.

    Returns:
        Shape (batch, *outputs, filters).
    """
    axes = axes_of(inputs.shape[1:-1], kernel.shape[:-2], strides, padding, dilation)
    form = _in_groups_on_cpu if on_cpu() else direct.outputs_of
    return _compiled(form, inputs, kernel, axes, groups)


def depthwise(
    inputs: Array,
    kernel: Array,
    strides: tuple[int, ...],
    padding: str | Sequence[tuple[int, int]],
    dilation: tuple[int, ...] | None = None,
) -> Array:
    """Return every channel convolved with kernels of its own.

    Args:
        inputs: Shape (batch, *space, channels).
        kernel: Shape (*size, channels, multiplier).
        strides: Steps of the kernel along each axis of space.
        padding: "valid", "same", or the zeros (before, after) each axis of space.
        dilation: Distance between the kernel's taps along each axis; None for 1.

    Returns:
        Shape (batch, *outputs, channels · multiplier); a channel's outputs lie side by side.
    """
    *size, channels, multiplier = kernel.shape
    grouped = kernel.reshape(*size, 1, channels * multiplier)
    return convolve(inputs, grouped, strides, padding, dilation, groups=channels)


def transpose_convolve(
    inputs: Array,
    kernel: Array,
    strides: tuple[int, ...],
    padding: str,
    output_padding: tuple[int, ...] | None = None,
    dilation: tuple[int, ...] | None = None,
) -> Array:
    """Return the inputs spread out by `strides` and convolved: `convolve`'s gradient.

    Args:
        inputs: Shape (batch, *space, channels).
        kernel: Shape (*size, filters, channels).
        strides: By how much each axis of space grows.
        padding: "valid" or "same"; "same" makes each axis exactly `strides` times as long.
        output_padding: Rows added at the end of each axis; None for Keras's defaults.
        dilation: Distance between the kernel's taps along each axis; None for 1.

    Returns:
        Shape (batch, *outputs, filters).
    """
    space = inputs.ndim - 2
    gaps, extras = dilation or (1,) * space, output_padding or (None,) * space
    axes = tuple(
        _transposed(padding, *axis)
        for axis in zip(inputs.shape[1:-1], kernel.shape[:-2], strides, gaps, extras, strict=True)
    )
    form = direct.transpose_convolve if on_cpu() else direct.inputs_of
    return _compiled(form, inputs, kernel, axes)


@partial(jax.jit, static_argnums=(0, 3, 4))
def _compiled(form: Callable[..., Array], *arguments: Any) -> Array:
    """Return `form(*arguments)`; compiled as a whole where a layer is called by itself."""
    return form(*arguments)


def _transposed(
    padding: str, size: int, taps: int, stride: int, gap: int, extra: int | None
) -> Axis:
    """Return the axis of what is returned, over which a kernel slides to give the inputs."""
    reach = (taps - 1) * gap + 1
    if padding == "valid":
        before = 0
        total = 2 * (reach - 1) + (max(reach, stride) - reach if extra is None else extra)
    else:
        total = reach + stride - 2 if extra is None else reach + reach % 2 - 2 + extra
        before = reach - 1 - min((total + 1) // 2, reach - 1)
    returned = (size - 1) * stride + 1 + total - reach + 1
    return Axis(returned, before, size, taps, stride, gap)


# -- on a CPU -------------------------------------------------------------------------------------


def _in_groups_on_cpu(inputs: Array, kernel: Array, axes: Axes, groups: int) -> Array:
    if groups == 1:
        return _convolve_on_cpu(inputs, kernel, axes)
    if kernel.shape[-2] == 1:
        kernel = kernel.reshape(*kernel.shape[:-2], groups, -1)
        return lax.collapse(by_channel.convolve(inputs, kernel, axes), inputs.ndim - 1)
    pairs = zip(jnp.split(inputs, groups, -1), jnp.split(kernel, groups, -1), strict=True)
    return jnp.concatenate([_convolve_on_cpu(*pair, axes) for pair in pairs], -1)


def _convolve_on_cpu(inputs: Array, kernel: Array, axes: Axes) -> Array:
    tiling = winograd.tiling(axes)
    if tiling is not None and _worthwhile(tiling, inputs, kernel):
        return winograd.convolve(inputs, kernel, tiling)
    if len(axes) == 1:
        height = Axis(1, 0, 1, 1, 1, 1)
        return jnp.squeeze(direct.convolve(inputs[:, None], kernel[None], (height, *axes)), 1)
    if len(axes) == 3:
        return _convolve_volumes(inputs, kernel, axes)
    return direct.convolve(inputs, kernel, axes)


def _worthwhile(tiling: winograd.Tiling, inputs: Array, kernel: Array) -> bool:
    channels, filters = kernel.shape[-2:]
    sums = math.prod(tiles.outputs * tiles.taps for tiles in tiling)
    return (
        inputs.dtype in (jnp.float32, jnp.float64)
        and min(channels, filters) >= LEAST_CHANNELS
        and winograd.saving(tiling) >= LEAST_SAVING
        and inputs.shape[0] * sums * channels * filters >= LEAST_WORK
    )


def _convolve_volumes(inputs: Array, kernel: Array, axes: Axes) -> Array:
    """Return volumes convolved as images, with the channels of all slices under the kernel."""
    depth, *sides = axes
    batch, _, *image, channels = inputs.shape
    slices = jnp.stack([*seen(padded(inputs, (depth,)), (depth,))], axis=-2)
    images = slices.reshape(batch * depth.outputs, *image, depth.taps * channels)
    flat = jnp.moveaxis(kernel, 0, -3).reshape(*kernel.shape[1:3], -1, kernel.shape[-1])
    outputs = _convolve_on_cpu(images, flat, tuple(sides))
    return outputs.reshape(batch, depth.outputs, *outputs.shape[1:])
