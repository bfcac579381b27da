"""Global average pooling: the mean of each channel."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.layers.context import Context
from pellucid.layers.pooling.global_pooling_layer import GlobalPoolingLayer
from pellucid.types import Array


class GlobalAveragePooling(GlobalPoolingLayer):
    """Base of `GlobalAveragePooling1D`, `GlobalAveragePooling2D` and `GlobalAveragePooling3D`."""

    def pooled(self, inputs: Array, context: Context) -> Array:
        return jnp.mean(inputs, self.space_axes, keepdims=self.keepdims)


class GlobalAveragePooling1D(GlobalAveragePooling):
    """Keep the mean of each channel of sequences.

    `outputs[c] = mean inputs[t, c]` over all steps t.

    Where the inputs have a mask, the mean is that of the real steps.

    Args:
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        keepdims: Whether the axes of space stay, with the size 1.

    Input shape:
        (batch, steps, channels); channels before the sizes with data_format="channels_first".
    Output shape:
        (batch, channels); (batch, 1, channels) with keepdims=True, channels where the inputs have
        them.

    Raises:
        ShapeError: The inputs have another number of axes.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.GlobalAveragePooling1D()(np.ones((2, 8, 3), "float32")).shape
        (2, 3)

    Source: Lin, Chen, Yan, "Network in Network" (2014).

    Differs from Keras: a sequence without real steps gives 0, not NaN.
    """

    space: ClassVar[int] = 1

    def pooled(self, inputs: Array, context: Context) -> Array:
        if context.first_mask is None:
            return super().pooled(inputs, context)
        channels = 1 if self.channels_first else 2
        real = jnp.expand_dims(jnp.asarray(context.first_mask, bool), channels)
        total = jnp.sum(inputs, self.space_axes, keepdims=self.keepdims, where=real)
        steps = jnp.sum(real, self.space_axes, keepdims=self.keepdims)
        return total / jnp.maximum(steps, 1).astype(inputs.dtype)


class GlobalAveragePooling2D(GlobalAveragePooling):
    """Keep the mean of each channel of images.

    `outputs[c] = mean inputs[y, x, c]` over all heights y and widths x.

    Args:
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        keepdims: Whether the axes of space stay, with the size 1.

    Input shape:
        (batch, height, width, channels); channels before the sizes with
        data_format="channels_first".
    Output shape:
        (batch, channels); (batch, 1, 1, channels) with keepdims=True, channels where the inputs
        have them.

    Raises:
        ShapeError: The inputs have another number of axes.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.GlobalAveragePooling2D()(np.ones((2, 8, 8, 3), "float32")).shape
        (2, 3)

    Source: Lin, Chen, Yan, "Network in Network" (2014).
    """

    space: ClassVar[int] = 2


class GlobalAveragePooling3D(GlobalAveragePooling):
    """Keep the mean of each channel of volumes.

    `outputs[c] = mean inputs[p, c]` over all places p along depth, height and width.

    Args:
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        keepdims: Whether the axes of space stay, with the size 1.

    Input shape:
        (batch, depth, height, width, channels); channels before the sizes with
        data_format="channels_first".
    Output shape:
        (batch, channels); (batch, 1, 1, 1, channels) with keepdims=True, channels where the inputs
        have them.

    Raises:
        ShapeError: The inputs have another number of axes.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.GlobalAveragePooling3D()(np.ones((2, 8, 8, 8, 3), "float32")).shape
        (2, 3)

    Source: Lin, Chen, Yan, "Network in Network" (2014).
    """

    space: ClassVar[int] = 3
