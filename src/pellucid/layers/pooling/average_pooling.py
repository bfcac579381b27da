"""Average pooling: the mean of every window of each channel."""

from typing import ClassVar

from pellucid.description import option
from pellucid.layers.pooling.pooling_layer import PoolingLayer
from pellucid.layers.window import per_axis
from pellucid.ops import pooling
from pellucid.types import Array, PerAxis


class AveragePooling(PoolingLayer):
    """Base of `AveragePooling1D`, `AveragePooling2D` and `AveragePooling3D`."""

    def pooled(self, inputs: Array) -> Array:
        return pooling.average_pool(inputs, self.window.size, self.window.strides, self.padding)


class AveragePooling1D(AveragePooling):
    """Keep the mean of every window of sequences, channel by channel.

    `outputs[t, c] = mean inputs[t·strides + i, c]` over the steps i of a window.

    Args:
        pool_size: Number of steps that a window covers.
        strides: Steps of the window; None for `pool_size`, so that windows lie side by side.
        padding: "valid" for whole windows only, "same" for windows that may overhang; the mean is
            then that of the values inside.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, steps, channels); channels before the sizes with data_format="channels_first".
    Output shape:
        (batch, new_steps, channels), channels where the inputs have them.

    Raises:
        ShapeError: The inputs have another number of axes or are smaller than the window.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.AveragePooling1D(2)(np.ones((2, 8, 3), "float32")).shape
        (2, 4, 3)

    Source: LeCun et al., "Handwritten Digit Recognition with a Back-Propagation Network" (1990).
    """

    space: ClassVar[int] = 1


class AveragePooling2D(AveragePooling):
    """Keep the mean of every window of images, channel by channel.

    `outputs[y, x, c] = mean inputs[y·strides + i, x·strides + j, c]` over the places i, j of a
    window.

    Args:
        pool_size: Height and width of a window; one number for both.
        strides: Steps of the window, one number for both; None for `pool_size`, so that windows
            lie side by side.
        padding: "valid" for whole windows only, "same" for windows that may overhang; the mean is
            then that of the values inside.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, height, width, channels); channels before the sizes with
        data_format="channels_first".
    Output shape:
        (batch, new_height, new_width, channels), channels where the inputs have them.

    Raises:
        ShapeError: The inputs have another number of axes or are smaller than the window.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.AveragePooling2D(2)(np.ones((2, 8, 8, 3), "float32")).shape
        (2, 4, 4, 3)

    Source: LeCun et al., "Handwritten Digit Recognition with a Back-Propagation Network" (1990).
    """

    space: ClassVar[int] = 2

    pool_size: PerAxis = option(convert=per_axis(2))
    strides: PerAxis = option(default=None, convert=per_axis(2, optional=True))


class AveragePooling3D(AveragePooling):
    """Keep the mean of every window of volumes, channel by channel.

    `outputs[p, c] = mean inputs[p·strides + t, c]` over the places t of a window, at each place p
    along depth, height and width.

    Args:
        pool_size: Depth, height and width of a window; one number for all.
        strides: Steps of the window, one number for all; None for `pool_size`, so that windows lie
            side by side.
        padding: "valid" for whole windows only, "same" for windows that may overhang; the mean is
            then that of the values inside.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, depth, height, width, channels); channels before the sizes with
        data_format="channels_first".
    Output shape:
        (batch, new_depth, new_height, new_width, channels), channels where the inputs have them.

    Raises:
        ShapeError: The inputs have another number of axes or are smaller than the window.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.AveragePooling3D(2)(np.ones((2, 8, 8, 8, 3), "float32")).shape
        (2, 4, 4, 4, 3)

    Source: LeCun et al., "Handwritten Digit Recognition with a Back-Propagation Network" (1990).
    """

    space: ClassVar[int] = 3

    pool_size: PerAxis = option(convert=per_axis(3))
    strides: PerAxis = option(default=None, convert=per_axis(3, optional=True))
