"""Global max pooling: the largest value of each channel."""

from typing import ClassVar

import jax.numpy as jnp

from pellucid.layers.context import Context
from pellucid.layers.pooling.global_pooling_layer import GlobalPoolingLayer
from pellucid.types import Array


class GlobalMaxPooling(GlobalPoolingLayer):
    """Base of `GlobalMaxPooling1D`, `GlobalMaxPooling2D` and `GlobalMaxPooling3D`."""

    def pooled(self, inputs: Array, context: Context) -> Array:
        return jnp.max(inputs, self.space_axes, keepdims=self.keepdims)


class GlobalMaxPooling1D(GlobalMaxPooling):
    """Keep the largest value of each channel of sequences.

    `outputs[c] = max inputs[t, c]` over all steps t.

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
        >>> pellucid.layers.GlobalMaxPooling1D()(np.ones((2, 8, 3), "float32")).shape
        (2, 3)

    Source: Collobert et al., "Natural Language Processing (Almost) from Scratch" (2011).
    """

    space: ClassVar[int] = 1


class GlobalMaxPooling2D(GlobalMaxPooling):
    """Keep the largest value of each channel of images.

    `outputs[c] = max inputs[y, x, c]` over all heights y and widths x.

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
        >>> pellucid.layers.GlobalMaxPooling2D()(np.ones((2, 8, 8, 3), "float32")).shape
        (2, 3)

    Source: Oquab et al., "Is Object Localization for Free?" (2015).
    """

    space: ClassVar[int] = 2


class GlobalMaxPooling3D(GlobalMaxPooling):
    """Keep the largest value of each channel of volumes.

    `outputs[c] = max inputs[p, c]` over all places p along depth, height and width.

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
        >>> pellucid.layers.GlobalMaxPooling3D()(np.ones((2, 8, 8, 8, 3), "float32")).shape
        (2, 3)

    Source: Oquab et al., "Is Object Localization for Free?" (2015).
    """

    space: ClassVar[int] = 3
