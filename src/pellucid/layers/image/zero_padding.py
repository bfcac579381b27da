"""The layers that put zeros around steps, images and volumes."""

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import option
from pellucid.layers.context import Context
from pellucid.layers.image.edges import Edges, edges_of
from pellucid.layers.spatial import SpatialLayer
from pellucid.types import Array, Shape


class ZeroPadding(SpatialLayer):
    """Base of the layers that put zeros around.

    Args:
        padding: How many zeros are put at the two ends of each axis of space.
    """

    any_type: ClassVar[bool] = True

    padding: Edges = option(convert=edges_of(1))

    def output_sizes(self, sizes: Shape) -> Shape:
        pairs = zip(sizes, self.padding, strict=True)
        return tuple(None if size is None else size + sum(ends) for size, ends in pairs)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        widths = [(0, 0)] * inputs.ndim
        for axis, ends in zip(self.space_axes, self.padding, strict=True):
            widths[axis] = ends
        return jnp.pad(inputs, widths)


class ZeroPadding1D(ZeroPadding):
    """Put steps of zeros before and after.

    Args:
        padding: Number of steps (before, after), or one number for both.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, steps, channels).
    Output shape:
        (batch, before + steps + after, channels).

    Raises:
        ArgumentError: `padding` does not hold whole numbers from 0.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([[[1.0], [2.0]]], "float32")
        >>> pellucid.layers.ZeroPadding1D((1, 2))(x)[0, :, 0].tolist()
        [0.0, 1.0, 2.0, 0.0, 0.0]
    """

    space: ClassVar[int] = 1

    padding: Edges = option(default=1, convert=edges_of(1))


class ZeroPadding2D(ZeroPadding):
    """Put rows and columns of zeros around images.

    Args:
        padding: One number for all sides, (height, width), or
            ((top, bottom), (left, right)).
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, height, width, channels).
    Output shape:
        (batch, top + height + bottom, left + width + right, channels).

    Raises:
        ArgumentError: `padding` does not hold whole numbers from 0.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.ones((1, 2, 2, 3), "float32")
        >>> pellucid.layers.ZeroPadding2D(((1, 0), (2, 2)))(x).shape
        (1, 3, 6, 3)
    """

    space: ClassVar[int] = 2

    padding: Edges = option(default=(1, 1), convert=edges_of(2))


class ZeroPadding3D(ZeroPadding):
    """Put zeros around volumes.

    Args:
        padding: One number for all sides, (depth, height, width), or a pair
            (before, after) for each of them.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, depth, height, width, channels).
    Output shape:
        The same, each axis of space longer by its two numbers.

    Raises:
        ArgumentError: `padding` does not hold whole numbers from 0.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.ZeroPadding3D((0, 1, 2))(np.ones((1, 2, 2, 2, 1), "float32")).shape
        (1, 2, 4, 6, 1)
    """

    space: ClassVar[int] = 3

    padding: Edges = option(default=((1, 1), (1, 1), (1, 1)), convert=edges_of(3))
