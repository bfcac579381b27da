"""Depthwise convolution: every channel has kernels of its own, and channels do not mix."""

from collections.abc import Mapping
from typing import ClassVar

from pellucid.description import option
from pellucid.layers.convolution.depthwise_layer import DepthwiseLayer
from pellucid.layers.weight import Weight
from pellucid.layers.window import per_axis, to_padding
from pellucid.ops import conv
from pellucid.types import Array, PerAxis


class DepthwiseConvolution(DepthwiseLayer):
    """Base of `DepthwiseConv1D` and `DepthwiseConv2D`.

    Args:
        kernel_size: Size of the kernels along each axis of space.
        strides: Steps of the kernels along each axis of space.
        padding: "valid" or "same".
    """

    kernel_size: PerAxis = option(convert=per_axis(1))
    strides: PerAxis = option(default=1, convert=per_axis(1))
    padding: str = option(default="valid", convert=to_padding)

    def output_channels(self, channels: int) -> int:
        return channels * self.depth_multiplier

    def kernels(self, channels: int) -> dict[str, Weight]:
        return {"kernel": self.depthwise_kernel(channels)}

    def convolved(self, weights: Mapping[str, Array], inputs: Array) -> Array:
        return conv.depthwise(
            inputs, weights["kernel"], self.strides, self.padding, self.dilation_rate
        )


class DepthwiseConv1D(DepthwiseConvolution):
    """Convolve each channel of sequences with kernels of its own.

    `outputs[t, c·m + k] = activation(Σ inputs[t·strides + i·dilation_rate, c] · kernel[i, c, k] +
    bias)`, summed over i, for each channel c and each of its m = depth_multiplier kernels.

    Args:
        kernel_size: Number of steps that the kernel covers.
        strides: Steps of the kernel.
        padding: "valid" for whole windows only, "same" for zeros around the inputs.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps.
        depth_multiplier: Number of kernels, and so of outputs, for each channel.
        activation: Name or function, applied to the outputs; None for none.
        use_bias: Whether a bias is added to each output channel.
        depthwise_initializer: First values of the kernels, shape (size, channels,
            depth_multiplier).
        depthwise_regularizer: Penalty on the kernels.
        depthwise_constraint: Bound on the kernels after each update.
        bias_initializer: First values of the bias, shape (channels · depth_multiplier,).
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the outputs, summed over a row, averaged over rows.
        bias_constraint: Bound on the bias after each update.

    Input shape:
        (batch, steps, channels); channels before the sizes with data_format="channels_first".
    Output shape:
        (batch, new_steps, channels · depth_multiplier), channels where the inputs have them.

    Raises:
        ShapeError: The inputs have another number of axes or are smaller than the kernel.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.DepthwiseConv1D(3, depth_multiplier=2)
        >>> layer(np.ones((2, 9, 3), "float32")).shape
        (2, 7, 6)

    Source: Howard et al., "MobileNets" (2017).
    """

    space: ClassVar[int] = 1


class DepthwiseConv2D(DepthwiseConvolution):
    """Convolve each channel of images with kernels of its own.

    `outputs[y, x, c·m + k] = activation(Σ inputs[y·strides + i·dilation_rate, x·strides +
    j·dilation_rate, c] · kernel[i, j, c, k] + bias)`, summed over i and j, for each channel c and
    each of its m = depth_multiplier kernels.

    Args:
        kernel_size: Height and width of the kernel; one number for both.
        strides: Steps of the kernel along height and width; one number for both.
        padding: "valid" for whole windows only, "same" for zeros around the inputs.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps.
        depth_multiplier: Number of kernels, and so of outputs, for each channel.
        activation: Name or function, applied to the outputs; None for none.
        use_bias: Whether a bias is added to each output channel.
        depthwise_initializer: First values of the kernels, shape (height, width, channels,
            depth_multiplier).
        depthwise_regularizer: Penalty on the kernels.
        depthwise_constraint: Bound on the kernels after each update.
        bias_initializer: First values of the bias, shape (channels · depth_multiplier,).
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the outputs, summed over a row, averaged over rows.
        bias_constraint: Bound on the bias after each update.

    Input shape:
        (batch, height, width, channels); channels before the sizes with
        data_format="channels_first".
    Output shape:
        (batch, new_height, new_width, channels · depth_multiplier), channels where the inputs have
        them.

    Raises:
        ShapeError: The inputs have another number of axes or are smaller than the kernel.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.DepthwiseConv2D(3, depth_multiplier=2)
        >>> layer(np.ones((2, 9, 9, 3), "float32")).shape
        (2, 7, 7, 6)

    Source: Howard et al., "MobileNets" (2017).
    """

    space: ClassVar[int] = 2

    kernel_size: PerAxis = option(convert=per_axis(2))
    strides: PerAxis = option(default=(1, 1), convert=per_axis(2))
    dilation_rate: PerAxis = option(default=(1, 1), convert=per_axis(2), kw_only=True)
