"""Convolution: each output sees a window of the inputs, and all windows the same kernel."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from pellucid.description import count, option
from pellucid.errors import Problem
from pellucid.layers.convolution.filter_layer import FilterLayer
from pellucid.layers.weight import Weight
from pellucid.layers.window import CAUSAL, padding_of, per_axis
from pellucid.ops import conv
from pellucid.types import Array, PerAxis, Shape


class Convolution(FilterLayer):
    """Base of `Conv1D`, `Conv2D` and `Conv3D`.

    Args:
        groups: Number of groups of channels that are convolved apart.
    """

    groups: int = count(default=1, meaning="the number of groups of channels", kw_only=True)

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        if self.filters % self.groups:
            yield Problem(
                f"{type(self).__name__}(filters=...)",
                str(self.filters),
                f"a multiple of groups={self.groups}",
                "Every group gives as many of the output channels.",
            )

    def spatial_problems(self, shape: Shape) -> Sequence[Problem]:
        found = [*super().spatial_problems(shape)]
        channels = shape[self.channel_axis]
        if channels is not None and channels % self.groups:
            given = f"inputs of shape {(None, *shape)} with {channels} channels"
            expected = f"a multiple of groups={self.groups}"
            fix = "Choose groups that divide the channels."
            found.append(Problem(self.label, given, expected, fix))
        return found

    def kernels(self, channels: int) -> dict[str, Weight]:
        return {"kernel": self.kernel(channels // self.groups, self.filters)}

    def convolved(self, weights: Mapping[str, Array], inputs: Array) -> Array:
        padding = self.padding
        if padding == CAUSAL:
            padding = [(reach - 1, 0) for reach in self.window.reach]
        return conv.convolve(
            inputs, weights["kernel"], self.strides, padding, self.dilation_rate, self.groups
        )


class Conv1D(Convolution):
    """Convolve sequences: each output step sees a window of the input steps.

    `outputs[t] = activation(Σ inputs[t·strides + i·dilation_rate] @ kernel[i] + bias)`, summed
    over i.

    Args:
        filters: Number of output channels, at least 1.
        kernel_size: Number of steps that the kernel covers.
        strides: Steps of the kernel.
        padding: "valid" for whole windows only, "same" for zeros around the inputs, "causal" for
            zeros before them: no output then sees later steps.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps; above 1 only with strides of 1.
        groups: Number of groups of channels that are convolved apart; divides channels and
            filters.
        activation: Name or function, applied to the outputs; None for none.
        use_bias: Whether a bias is added to each output channel.
        kernel_initializer: First values of the kernel, shape (size, channels / groups, filters).
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
        ArgumentError: `groups` does not divide `filters`, or strides and dilation are both above
            1.
        ShapeError: The inputs have another number of axes, channels that `groups` does not divide,
            or are smaller than the kernel.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Conv1D(4, 3, activation="relu")
        >>> layer(np.ones((2, 9, 3), "float32")).shape
        (2, 7, 4)

    Source: Waibel et al., "Phoneme Recognition Using Time-Delay Neural Networks" (1989); causal
    and dilated: van den Oord et al., "WaveNet" (2016).
    """

    space: ClassVar[int] = 1

    padding: str = option(default="valid", convert=padding_of("valid", "same", CAUSAL))


def _kernel_of(given: Mapping[str, Any]) -> str:
    """Return how the sides of a kernel are written that Keras 1 took one by one."""
    return f"Write kernel_size=({given.get('nb_row', '...')}, {given.get('nb_col', '...')})."


def _padding_of(given: Mapping[str, Any]) -> str:
    """Return what `border_mode` is called, and what changed with it."""
    return (
        "'border_mode' is now called 'padding', and a kernel's sides are written together: "
        "Conv2D(32, (3, 3))."
    )


class Conv2D(Convolution):
    """Convolve images: each output sees a small patch of the input.

    `outputs[y, x] = activation(Σ inputs[y·strides + i·dilation_rate, x·strides + j·dilation_rate]
    @ kernel[i, j] + bias)`, summed over i and j.

    Args:
        filters: Number of output channels, at least 1.
        kernel_size: Height and width of the kernel; one number for both.
        strides: Steps of the kernel along height and width; one number for both.
        padding: "valid" for whole windows only, "same" for zeros around the inputs.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps; above 1 only with strides of 1.
        groups: Number of groups of channels that are convolved apart; divides channels and
            filters.
        activation: Name or function, applied to the outputs; None for none.
        use_bias: Whether a bias is added to each output channel.
        kernel_initializer: First values of the kernel, shape (height, width, channels / groups,
            filters).
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
        ArgumentError: `groups` does not divide `filters`, or strides and dilation are both above
            1.
        ShapeError: The inputs have another number of axes, channels that `groups` does not divide,
            or are smaller than the kernel.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Conv2D(4, 3, activation="relu")
        >>> layer(np.ones((2, 9, 9, 3), "float32")).shape
        (2, 7, 7, 4)

    Source: LeCun et al., "Gradient-Based Learning Applied to Document Recognition" (1998).
    """

    space: ClassVar[int] = 2
    removed: ClassVar[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
        "border_mode": _padding_of,
        "nb_col": _kernel_of,
        "nb_row": _kernel_of,
    }

    kernel_size: PerAxis = option(convert=per_axis(2))
    strides: PerAxis = option(default=(1, 1), convert=per_axis(2))
    dilation_rate: PerAxis = option(default=(1, 1), convert=per_axis(2), kw_only=True)


class Conv3D(Convolution):
    """Convolve volumes: each output sees a small block of the input.

    `outputs[p] = activation(Σ inputs[p·strides + t·dilation_rate] @ kernel[t] + bias)`, summed
    over the taps t of the kernel, at each place p along depth, height and width.

    Args:
        filters: Number of output channels, at least 1.
        kernel_size: Depth, height and width of the kernel; one number for all.
        strides: Steps of the kernel along depth, height and width; one number for all.
        padding: "valid" for whole windows only, "same" for zeros around the inputs.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        dilation_rate: Distance between the kernel's taps; above 1 only with strides of 1.
        groups: Number of groups of channels that are convolved apart; divides channels and
            filters.
        activation: Name or function, applied to the outputs; None for none.
        use_bias: Whether a bias is added to each output channel.
        kernel_initializer: First values of the kernel, shape (depth, height, width, channels /
            groups, filters).
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
        ArgumentError: `groups` does not divide `filters`, or strides and dilation are both above
            1.
        ShapeError: The inputs have another number of axes, channels that `groups` does not divide,
            or are smaller than the kernel.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.Conv3D(4, 3, activation="relu")
        >>> layer(np.ones((2, 5, 5, 5, 3), "float32")).shape
        (2, 3, 3, 3, 4)

    Source: Ji et al., "3D Convolutional Neural Networks for Human Action Recognition" (2010).
    """

    space: ClassVar[int] = 3

    kernel_size: PerAxis = option(convert=per_axis(3))
    strides: PerAxis = option(default=(1, 1, 1), convert=per_axis(3))
    dilation_rate: PerAxis = option(default=(1, 1, 1), convert=per_axis(3), kw_only=True)
