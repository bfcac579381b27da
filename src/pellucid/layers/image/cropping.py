"""The layers that cut off the edges of sequences, images and volumes."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pellucid.description import option
from pellucid.errors import Problem
from pellucid.layers.context import Context
from pellucid.layers.image.edges import Edges, edges_of
from pellucid.layers.spatial import AXES, SpatialLayer
from pellucid.types import Array, Shape


class Cropping(SpatialLayer):
    """Base of the layers that cut off edges.

    Args:
        cropping: How much is cut off at the two ends of each axis of space.
    """

    any_type: ClassVar[bool] = True

    cropping: Edges = option(convert=edges_of(1))

    def spatial_problems(self, shape: Shape) -> Sequence[Problem]:
        axes = zip(AXES[self.space], self.sizes_of(shape), self.cropping, strict=True)
        return [
            Problem(
                f"{self.label}(cropping=...)",
                f"inputs of shape {(None, *shape)}, {size} along {name}",
                f"more than the {sum(ends)} that are cut off there",
            )
            for name, size, ends in axes
            if size is not None and size <= sum(ends)
        ]

    def output_sizes(self, sizes: Shape) -> Shape:
        pairs = zip(sizes, self.cropping, strict=True)
        return tuple(None if size is None else size - sum(ends) for size, ends in pairs)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        kept = [slice(None)] * inputs.ndim
        for axis, (before, after) in zip(self.space_axes, self.cropping, strict=True):
            kept[axis] = slice(before, inputs.shape[axis] - after)
        return inputs[tuple(kept)]


class Cropping1D(Cropping):
    """Cut steps off at the beginning and the end.

    Args:
        cropping: Number of steps (beginning, end), or one number for both.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, steps, channels).
    Output shape:
        (batch, steps - beginning - end, channels).

    Raises:
        ArgumentError: `cropping` does not hold whole numbers from 0.
        ShapeError: No step would be left.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([[[1.0], [2.0], [3.0], [4.0]]], "float32")
        >>> pellucid.layers.Cropping1D((1, 2))(x)[0, :, 0].tolist()
        [2.0]
    """

    space: ClassVar[int] = 1

    cropping: Edges = option(default=(1, 1), convert=edges_of(1))


class Cropping2D(Cropping):
    """Cut rows and columns off the edges of images.

    Args:
        cropping: One number for all sides, (height, width), or
            ((top, bottom), (left, right)).
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, height, width, channels).
    Output shape:
        (batch, height - top - bottom, width - left - right, channels).

    Raises:
        ArgumentError: `cropping` does not hold whole numbers from 0.
        ShapeError: Nothing would be left.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.ones((1, 28, 28, 3), "float32")
        >>> pellucid.layers.Cropping2D(((2, 2), (4, 4)))(x).shape
        (1, 24, 20, 3)
    """

    space: ClassVar[int] = 2

    cropping: Edges = option(default=((0, 0), (0, 0)), convert=edges_of(2))


class Cropping3D(Cropping):
    """Cut off the edges of volumes.

    Args:
        cropping: One number for all sides, (depth, height, width), or a pair
            (beginning, end) for each of them.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, depth, height, width, channels).
    Output shape:
        The same, each axis of space shorter by its two numbers.

    Raises:
        ArgumentError: `cropping` does not hold whole numbers from 0.
        ShapeError: Nothing would be left.

    Example:
        >>> import numpy as np, pellucid
        >>> pellucid.layers.Cropping3D((0, 1, 2))(np.ones((1, 2, 3, 5, 1), "float32")).shape
        (1, 2, 1, 1, 1)
    """

    space: ClassVar[int] = 3

    cropping: Edges = option(default=((1, 1), (1, 1), (1, 1)), convert=edges_of(3))
