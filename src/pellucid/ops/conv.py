"""Convolution over one, two or three axes of space, channels last."""

from collections.abc import Sequence

import jax.numpy as jnp
from jax import lax

from pellucid.types import Array

Pairs = tuple[tuple[int, int], ...]
"""Rows of zeros before and after the inputs, for each axis of space."""


def convolve(
    inputs: Array,
    kernel: Array,
    strides: tuple[int, ...],
    padding: str | Sequence[tuple[int, int]],
    dilation: tuple[int, ...] | None = None,
    groups: int = 1,
) -> Array:
    """Return `outputs[b, p, f] = Σ inputs[b, p·strides + t·dilation, c] · kernel[t, c, f]`.

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
    space = inputs.ndim - 2
    gaps = dilation or (1,) * space
    pairs = padding_pairs(inputs.shape[1:-1], kernel.shape[:-2], strides, padding, gaps)
    return lax.conv_general_dilated(
        inputs,
        kernel,
        strides,
        pairs,
        rhs_dilation=gaps,
        dimension_numbers=_channels_last(space),
        feature_group_count=groups,
    )


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
    axes = range(inputs.ndim - 2)
    gaps = dilation or (1,) * len(axes)
    pairs = [
        _transposed_pair(
            (kernel.shape[axis] - 1) * gaps[axis] + 1,
            strides[axis],
            padding,
            None if output_padding is None else output_padding[axis],
        )
        for axis in axes
    ]
    mirrored = jnp.flip(kernel, tuple(axes)).swapaxes(-1, -2)
    return lax.conv_general_dilated(
        inputs,
        mirrored,
        (1,) * len(axes),
        pairs,
        lhs_dilation=strides,
        rhs_dilation=gaps,
        dimension_numbers=_channels_last(len(axes)),
    )


def padding_pairs(
    space: Sequence[int],
    size: Sequence[int],
    strides: Sequence[int],
    padding: str | Sequence[tuple[int, int]],
    dilation: Sequence[int],
) -> Pairs:
    """Return the zeros before and after each axis; "same" puts an odd one after."""
    if not isinstance(padding, str):
        return tuple((int(low), int(high)) for low, high in padding)
    reach = [(taps - 1) * gap + 1 for taps, gap in zip(size, dilation, strict=True)]
    return tuple(lax.padtype_to_pads(space, reach, strides, padding.upper()))


def _transposed_pair(reach: int, stride: int, padding: str, extra: int | None) -> tuple[int, int]:
    """Return the zeros around spread-out inputs for a kernel that reaches over `reach` rows."""
    if padding == "valid":
        return reach - 1, max(reach, stride) - 1 if extra is None else reach - 1 + extra
    total = reach + stride - 2 if extra is None else reach + reach % 2 - 2 + extra
    before = min((total + 1) // 2, reach - 1)
    return before, total - before


def _channels_last(space: int) -> tuple[str, str, str]:
    letters = "DHW"[-space:]
    return f"N{letters}C", f"{letters}IO", f"N{letters}C"
