"""Separable convolution: first along the axes of space, then across the channels."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pellucid import constraints, initializers, regularizers
from pellucid.description import count, option, part
from pellucid.layers.convolution.depthwise_layer import DepthwiseLayer
from pellucid.layers.weight import Weight
from pellucid.layers.window import per_axis, to_padding
from pellucid.ops import conv
from pellucid.types import Array, PerAxis


class SeparableConvolution(DepthwiseLayer):
    """Base of `SeparableConv1D` and `SeparableConv2D`.

    Args:
        filters: Number of output channels, at least 1.
        kernel_size: Size of the depthwise kernels along each axis of space.
        strides: Steps of the depthwise kernels along each axis of space.
        padding: "valid" or "same".
        pointwise_initializer: First values of the kernel that mixes channels.
        pointwise_regularizer: Penalty on that kernel.
        pointwise_constraint: Bound on that kernel after each update.
    """

    filters: int = count(meaning="the number of output channels")
    kernel_size: PerAxis = option(convert=per_axis(1))
    strides: PerAxis = option(default=1, convert=per_axis(1))
    padding: str = option(default="valid", convert=to_padding)
    pointwise_initializer: Any = part(initializers.get, default="glorot_uniform", kw_only=True)
    pointwise_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    pointwise_constraint: Any = part(constraints.get, default=None, kw_only=True)

    def output_channels(self, channels: int) -> int:
        return self.filters

    def kernels(self, channels: int) -> dict[str, Weight]:
        pointwise = Weight(
            (*(1,) * self.space, channels * self.depth_multiplier, self.filters),
            self.pointwise_initializer,
            self.pointwise_regularizer,
            self.pointwise_constraint,
        )
        return {
            "depthwise_kernel": self.depthwise_kernel(channels),
            "pointwise_kernel": pointwise,
        }

    def convolved(self, weights: Mapping[str, Array], inputs: Array) -> Array:
        apart = conv.depthwise(
            inputs, weights["depthwise_kernel"], self.strides, self.padding, self.dilation_rate
        )
        return conv.convolve(apart, weights["pointwise_kernel"], (1,) * self.space, "valid")


class SeparableConv1D(SeparableConvolution):
    """Convolve each channel of sequences by itself, then mix the channels at each step.

    `outputs = activation(depthwise(inputs) @ pointwise_kernel + bias)`, where `depthwise` is what
    `DepthwiseConv1D` computes without bias.

    Args:
        filters: Number of output channels, at least 1.
        kernel_size: Number of steps that the kernel covers.
        strides: Steps of the kernel.
        padding: "valid" for whole windows only, "same" for zeros around the inputs.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps.
        depth_multiplier: Number of depthwise kernels for each channel.
        activation: Name or function, applied to the outputs; None for none.
        use_bias: Whether a bias is added to each output channel.
        depthwise_initializer: First values of the depthwise kernels, shape (size, channels,
            depth_multiplier).
        depthwise_regularizer: Penalty on the depthwise kernels.
        depthwise_constraint: Bound on the depthwise kernels after each update.
        pointwise_initializer: First values of the pointwise kernel, shape (1, channels ·
            depth_multiplier, filters).
        pointwise_regularizer: Penalty on the pointwise kernel.
        pointwise_constraint: Bound on the pointwise kernel after each update.
        bias_initializer: First values of the bias, shape (filters,).
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the outputs, summed over a row, averaged over rows.
        bias_constraint: Bound on the bias after each update.

    Input shape:
        (batch, steps, channels); channels before the sizes with data_format="channels_first".
    Output shape:
        (batch, new_steps, filters), channels where the inputs have them.

    Raises:
        ShapeError: The inputs have another number of axes or are smaller than the kernel.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.SeparableConv1D(4, 3)
        >>> layer(np.ones((2, 9, 3), "float32")).shape
        (2, 7, 4)

    Source: Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions" (2017).
    """

    space: ClassVar[int] = 1


class SeparableConv2D(SeparableConvolution):
    """Convolve each channel of images by itself, then mix the channels at each place.

    `outputs = activation(depthwise(inputs) @ pointwise_kernel + bias)`, where `depthwise` is what
    `DepthwiseConv2D` computes without bias.

    Args:
        filters: Number of output channels, at least 1.
        kernel_size: Height and width of the kernel; one number for both.
        strides: Steps of the kernel along height and width; one number for both.
        padding: "valid" for whole windows only, "same" for zeros around the inputs.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps.
        depth_multiplier: Number of depthwise kernels for each channel.
        activation: Name or function, applied to the outputs; None for none.
        use_bias: Whether a bias is added to each output channel.
        depthwise_initializer: First values of the depthwise kernels, shape (height, width,
            channels, depth_multiplier).
        depthwise_regularizer: Penalty on the depthwise kernels.
        depthwise_constraint: Bound on the depthwise kernels after each update.
        pointwise_initializer: First values of the pointwise kernel, shape (1, 1, channels ·
            depth_multiplier, filters).
        pointwise_regularizer: Penalty on the pointwise kernel.
        pointwise_constraint: Bound on the pointwise kernel after each update.
        bias_initializer: First values of the bias, shape (filters,).
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the outputs, summed over a row, averaged over rows.
        bias_constraint: Bound on the bias after each update.

    Input shape:
        (batch, height, width, channels); channels before the sizes with
        data_format="channels_first".
    Output shape:
        (batch, new_height, new_width, filters), channels where the inputs have them.

    Raises:
        ShapeError: The inputs have another number of axes or are smaller than the kernel.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.SeparableConv2D(4, 3)
        >>> layer(np.ones((2, 9, 9, 3), "float32")).shape
        (2, 7, 7, 4)

    Source: Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions" (2017).
    """

    space: ClassVar[int] = 2

    kernel_size: PerAxis = option(convert=per_axis(2))
    strides: PerAxis = option(default=(1, 1), convert=per_axis(2))
    dilation_rate: PerAxis = option(default=(1, 1), convert=per_axis(2), kw_only=True)
