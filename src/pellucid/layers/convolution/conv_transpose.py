"""Transposed convolution: each input writes a window of the outputs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from pellucid.description import option
from pellucid.errors import Problem
from pellucid.layers.convolution.filter_layer import FilterLayer
from pellucid.layers.weight import Weight
from pellucid.layers.window import per_axis
from pellucid.ops import conv
from pellucid.types import Array, PerAxis, Shape


class ConvolutionTranspose(FilterLayer):
    """Base of `Conv1DTranspose`, `Conv2DTranspose` and `Conv3DTranspose`.

    Args:
        output_padding: Rows added at the end of each axis of space, fewer than its stride.
    """

    output_padding: PerAxis = option(
        default=None, convert=per_axis(1, low=0, optional=True), kw_only=True
    )

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        pairs = zip(self.output_padding or (), self.strides, strict=False)
        if any(extra >= stride for extra, stride in pairs):
            yield Problem(
                f"{type(self).__name__}(output_padding=...)",
                str(self.output_padding),
                f"less than strides={self.strides} along each axis",
            )

    def output_sizes(self, sizes: Shape) -> Shape:
        added = self.output_padding or (None,) * self.space
        parts = zip(sizes, self.window.reach, self.strides, added, strict=True)
        return tuple(
            None if size is None else max(0, self._grown(size, reach, stride, extra))
            for size, reach, stride, extra in parts
        )

    def _grown(self, size: int, reach: int, stride: int, extra: int | None) -> int:
        spread = (size - 1) * stride
        if self.padding == "valid":
            return spread + (max(reach, stride) if extra is None else reach + extra)
        return spread + (stride if extra is None else reach % 2 + extra)

    def spatial_problems(self, shape: Shape) -> Sequence[Problem]:
        if 0 not in self.output_sizes(self.sizes_of(shape)):
            return []
        given = f"inputs of shape {(None, *shape)}, for which nothing is left over"
        fix = "Leave output_padding out, or make it larger."
        return [Problem(self.label, given, "outputs of at least one value", fix)]

    def kernels(self, channels: int) -> dict[str, Weight]:
        return {"kernel": self.kernel(self.filters, channels)}

    def convolved(self, weights: Mapping[str, Array], inputs: Array) -> Array:
        return conv.transpose_convolve(
            inputs,
            weights["kernel"],
            self.strides,
            self.padding,
            self.output_padding,
            self.dilation_rate,
        )


class Conv1DTranspose(ConvolutionTranspose):
    """Spread sequences out: each input step writes a window of output steps.

    Each input p adds `inputs[p] @ kernel[t]ᵀ` to `outputs[p·strides + t·dilation_rate]` for all
    taps t of the kernel; a bias and the activation follow. This is the gradient of `Conv1D`, and
    brings back the sizes that it had.

    Args:
        filters: Number of output channels, at least 1.
        kernel_size: Number of steps that the kernel covers.
        strides: By how much the number of steps multiplies.
        padding: "valid" for all that the kernel writes, "same" for sizes exactly `strides` times
            as large.
        output_padding: Steps added at the end, fewer than the stride; None for as many as
            `padding` promises.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps; above 1 only with strides of 1.
        activation: Name or function, applied to the outputs; None for none.
        use_bias: Whether a bias is added to each output channel.
        kernel_initializer: First values of the kernel, shape (size, filters, channels).
        kernel_regularizer: Penalty on the kernel.
        kernel_constraint: Bound on the kernel after each update.
        bias_initializer: First values of the bias, shape (filters,).
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the outputs, summed over a row, averaged over rows.
        bias_constraint: Bound on the bias after each update.

    Input shape:
        (batch, steps, channels); channels before the sizes with data_format="channels_first".
    Output shape:
        (batch, new_steps, filters), channels where the inputs have them.

    Raises:
        ArgumentError: `output_padding` is not below `strides`, or strides and dilation are both
            above 1.
        ShapeError: The inputs have another number of axes, or nothing would be left over.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Conv1DTranspose(4, 3, strides=2, padding="same")
        >>> layer(np.ones((2, 9, 3), "float32")).shape
        (2, 18, 4)

    Source: Dumoulin and Visin, "A Guide to Convolution Arithmetic for Deep Learning" (2016).
    """

    space: ClassVar[int] = 1


class Conv2DTranspose(ConvolutionTranspose):
    """Enlarge images by a learned kernel: each input writes a patch of the output.

    Each input p adds `inputs[p] @ kernel[t]ᵀ` to `outputs[p·strides + t·dilation_rate]` for all
    taps t of the kernel; a bias and the activation follow. This is the gradient of `Conv2D`, and
    brings back the sizes that it had.

    Args:
        filters: Number of output channels, at least 1.
        kernel_size: Height and width of the kernel; one number for both.
        strides: By how much height and width multiply; one number for both.
        padding: "valid" for all that the kernel writes, "same" for sizes exactly `strides` times
            as large.
        output_padding: Rows added at the end of each axis, fewer than its stride; None for as many
            as `padding` promises.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps; above 1 only with strides of 1.
        activation: Name or function, applied to the outputs; None for none.
        use_bias: Whether a bias is added to each output channel.
        kernel_initializer: First values of the kernel, shape (height, width, filters, channels).
        kernel_regularizer: Penalty on the kernel.
        kernel_constraint: Bound on the kernel after each update.
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
        ArgumentError: `output_padding` is not below `strides`, or strides and dilation are both
            above 1.
        ShapeError: The inputs have another number of axes, or nothing would be left over.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Conv2DTranspose(4, 3, strides=2, padding="same")
        >>> layer(np.ones((2, 9, 9, 3), "float32")).shape
        (2, 18, 18, 4)

    Source: Dumoulin and Visin, "A Guide to Convolution Arithmetic for Deep Learning" (2016).
    """

    space: ClassVar[int] = 2

    kernel_size: PerAxis = option(convert=per_axis(2))
    strides: PerAxis = option(default=(1, 1), convert=per_axis(2))
    dilation_rate: PerAxis = option(default=(1, 1), convert=per_axis(2), kw_only=True)
    output_padding: PerAxis = option(
        default=None, convert=per_axis(2, low=0, optional=True), kw_only=True
    )


class Conv3DTranspose(ConvolutionTranspose):
    """Enlarge volumes by a learned kernel: each input writes a block of the output.

    Each input p adds `inputs[p] @ kernel[t]ᵀ` to `outputs[p·strides + t·dilation_rate]` for all
    taps t of the kernel; a bias and the activation follow. This is the gradient of `Conv3D`, and
    brings back the sizes that it had.

    Args:
        filters: Number of output channels, at least 1.
        kernel_size: Depth, height and width of the kernel; one number for all.
        strides: By how much depth, height and width multiply; one number for all.
        padding: "valid" for all that the kernel writes, "same" for sizes exactly `strides` times
            as large.
        output_padding: Rows added at the end of each axis, fewer than its stride; None for as many
            as `padding` promises.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps; above 1 only with strides of 1.
        activation: Name or function, applied to the outputs; None for none.
        use_bias: Whether a bias is added to each output channel.
        kernel_initializer: First values of the kernel, shape (depth, height, width, filters,
            channels).
        kernel_regularizer: Penalty on the kernel.
        kernel_constraint: Bound on the kernel after each update.
        bias_initializer: First values of the bias, shape (filters,).
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the outputs, summed over a row, averaged over rows.
        bias_constraint: Bound on the bias after each update.

    Input shape:
        (batch, depth, height, width, channels); channels before the sizes with
        data_format="channels_first".
    Output shape:
        (batch, new_depth, new_height, new_width, filters), channels where the inputs have them.

    Raises:
        ArgumentError: `output_padding` is not below `strides`, or strides and dilation are both
            above 1.
        ShapeError: The inputs have another number of axes, or nothing would be left over.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Conv3DTranspose(4, 3, strides=2, padding="same")
        >>> layer(np.ones((2, 5, 5, 5, 3), "float32")).shape
        (2, 10, 10, 10, 4)

    Source: Dumoulin and Visin, "A Guide to Convolution Arithmetic for Deep Learning" (2016).
    """

    space: ClassVar[int] = 3

    kernel_size: PerAxis = option(convert=per_axis(3))
    strides: PerAxis = option(default=(1, 1, 1), convert=per_axis(3))
    dilation_rate: PerAxis = option(default=(1, 1, 1), convert=per_axis(3), kw_only=True)
    output_padding: PerAxis = option(
        default=None, convert=per_axis(3, low=0, optional=True), kw_only=True
    )
