"""The layers that repeat steps, rows and columns, or fill in between them."""

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import choice, option
from pellucid.layers.context import Context
from pellucid.layers.spatial import SpatialLayer
from pellucid.layers.window import per_axis
from pellucid.ops.resize import INTERPOLATIONS, resize
from pellucid.types import Array, PerAxis, Shape


class UpSampling(SpatialLayer):
    """Base of the layers that make axes of space longer by whole factors.

    Args:
        size: How many times as long each axis of space becomes.
    """

    any_type: ClassVar[bool] = True

    size: PerAxis = option(convert=per_axis(1))

    def output_sizes(self, sizes: Shape) -> Shape:
        pairs = zip(sizes, self.size, strict=True)
        return tuple(None if size is None else size * factor for size, factor in pairs)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        for axis, factor in zip(self.space_axes, self.size, strict=True):
            inputs = jnp.repeat(inputs, factor, axis)
        return inputs


class UpSampling1D(UpSampling):
    """Repeat every step.

    Args:
        size: How often, at least 1.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, steps, channels).
    Output shape:
        (batch, steps * size, channels).

    Raises:
        ArgumentError: `size` is not a positive whole number.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([[[1.0], [2.0]]], "float32")
        >>> pellucid.layers.UpSampling1D(2)(x)[0, :, 0].tolist()
        [1.0, 1.0, 2.0, 2.0]
    """

    space: ClassVar[int] = 1

    size: PerAxis = option(default=2, convert=per_axis(1))


class UpSampling2D(UpSampling):
    """Enlarge images by whole factors.

    Args:
        size: Factors for height and width, or one for both.
        data_format: "channels_first" or "channels_last"; None is "channels_last".
        interpolation: "nearest" repeats rows and columns; "bilinear", "bicubic", "lanczos3"
            and "lanczos5" compute values in between, as `Resizing` does.

    Input shape:
        (batch, height, width, channels).
    Output shape:
        (batch, height * size[0], width * size[1], channels).

    Raises:
        ArgumentError: `size` does not hold positive whole numbers, or a name is unknown.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([[[[1.0], [2.0]]]], "float32")
        >>> pellucid.layers.UpSampling2D((1, 2))(x)[0, 0, :, 0].tolist()
        [1.0, 1.0, 2.0, 2.0]
        >>> pellucid.layers.UpSampling2D((1, 2), interpolation="bilinear")(x)[0, 0, :, 0].tolist()
        [1.0, 1.25, 1.75, 2.0]
    """

    space: ClassVar[int] = 2

    size: PerAxis = option(default=(2, 2), convert=per_axis(2))
    interpolation: str = choice(INTERPOLATIONS, default="nearest", kw_only=True)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        if self.interpolation == "nearest":
            return super().apply(weights, inputs, context)
        images = self.channels_to_end(inputs)
        _, height, width, _ = images.shape
        size = (height * self.size[0], width * self.size[1])
        return self.channels_back(resize(images, size, self.interpolation))


class UpSampling3D(UpSampling):
    """Repeat planes, rows and columns.

    Args:
        size: Factors for depth, height and width, or one for all.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, depth, height, width, channels).
    Output shape:
        (batch, depth * size[0], height * size[1], width * size[2], channels).

    Raises:
        ArgumentError: `size` does not hold positive whole numbers.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.UpSampling3D((1, 2, 3))(np.ones((5, 2, 2, 2, 1), "float32")).shape
        (5, 2, 4, 6, 1)
    """

    space: ClassVar[int] = 3

    size: PerAxis = option(default=(2, 2, 2), convert=per_axis(3))
