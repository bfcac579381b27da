"""Max pooling: the largest value of every window of each channel."""

from typing import ClassVar

from pellucid.description import option
from pellucid.layers.pooling.pooling_layer import PoolingLayer
from pellucid.layers.window import per_axis
from pellucid.ops import pooling
from pellucid.types import Array, PerAxis


class MaxPooling(PoolingLayer):
    """Base of `MaxPooling1D`, `MaxPooling2D` and `MaxPooling3D`."""

    def pooled(self, inputs: Array) -> Array:
        return pooling.max_pool(inputs, self.window.size, self.window.strides, self.padding)


class MaxPooling1D(MaxPooling):
    """Keep the largest value of every window of sequences, channel by channel.

    `outputs[t, c] = max inputs[t·strides + i, c]` over the steps i of a window.

    Args:
        pool_size: Number of steps that a window covers.
        strides: Steps of the window; None for `pool_size`, so that windows lie side by side.
        padding: "valid" for whole windows only, "same" for windows that may overhang.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, steps, channels); channels before the sizes with data_format="channels_first".
    Output shape:
        (batch, new_steps, channels), channels where the inputs have them.

    Raises:
        ShapeError: The inputs have another number of axes or are smaller than the window.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.MaxPooling1D(2)(np.ones((2, 8, 3), "float32")).shape
        (2, 4, 3)

    Source: Ranzato et al., "Unsupervised Learning of Invariant Feature Hierarchies" (2007).
    """

    space: ClassVar[int] = 1

    pool_size: PerAxis = option(default=2, convert=per_axis(1))


class MaxPooling2D(MaxPooling):
    """Keep the largest value of every window of images, channel by channel.

    `outputs[y, x, c] = max inputs[y·strides + i, x·strides + j, c]` over the places i, j of a
    window.

    Args:
        pool_size: Height and width of a window; one number for both.
        strides: Steps of the window, one number for both; None for `pool_size`, so that windows
            lie side by side.
        padding: "valid" for whole windows only, "same" for windows that may overhang.
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
        >>> pellucid.layers.MaxPooling2D(2)(np.ones((2, 8, 8, 3), "float32")).shape
        (2, 4, 4, 3)

    Source: Ranzato et al., "Unsupervised Learning of Invariant Feature Hierarchies" (2007).
    """

    space: ClassVar[int] = 2

    pool_size: PerAxis = option(default=(2, 2), convert=per_axis(2))
    strides: PerAxis = option(default=None, convert=per_axis(2, optional=True))


class MaxPooling3D(MaxPooling):
    """Keep the largest value of every window of volumes, channel by channel.

    `outputs[p, c] = max inputs[p·strides + t, c]` over the places t of a window, at each place p
    along depth, height and width.

    Args:
        pool_size: Depth, height and width of a window; one number for all.
        strides: Steps of the window, one number for all; None for `pool_size`, so that windows lie
            side by side.
        padding: "valid" for whole windows only, "same" for windows that may overhang.
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
        >>> pellucid.layers.MaxPooling3D(2)(np.ones((2, 8, 8, 8, 3), "float32")).shape
        (2, 4, 4, 4, 3)

    Source: Ranzato et al., "Unsupervised Learning of Invariant Feature Hierarchies" (2007).
    """

    space: ClassVar[int] = 3

    pool_size: PerAxis = option(default=(2, 2, 2), convert=per_axis(3))
    strides: PerAxis = option(default=None, convert=per_axis(3, optional=True))
