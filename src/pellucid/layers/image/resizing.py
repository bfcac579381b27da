"""The layer that brings images to one size."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from pellucid.description import choice, count, flag, number
from pellucid.errors import Problem
from pellucid.layers.context import Context
from pellucid.layers.image.image_layer import ImageLayer
from pellucid.ops.resize import (
    INTERPOLATIONS,
    crop_to_aspect_ratio,
    pad_to_aspect_ratio,
    resize,
)
from pellucid.types import Array, Shape


class Resizing(ImageLayer):
    """Resample images to one height and width.

    Args:
        height: New height in pixels, at least 1.
        width: New width in pixels, at least 1.
        interpolation: "bilinear", "nearest", "bicubic", "lanczos3" or "lanczos5".
        crop_to_aspect_ratio: Whether the edges are cut off first, so that nothing is
            stretched.
        pad_to_aspect_ratio: Whether a frame is put around first, so that nothing is
            stretched.
        fill_mode: "constant", the only kind of frame.
        fill_value: Value of the frame.
        antialias: Whether, where an axis shrinks, every pixel counts and not the nearest few
            only.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, any height, any width, channels), of any number type.
    Output shape:
        (batch, height, width, channels). Whole numbers stay whole: they are rounded, and kept
        within the range of their type.

    Raises:
        ArgumentError: A size is not a positive whole number, a name is unknown, or images are
            to be cropped and padded at once.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([[[[0.0], [1.0], [2.0], [3.0]]]], "float32")
        >>> pellucid.layers.Resizing(1, 2)(x)[0, 0, :, 0].tolist()
        [0.5, 2.5]
        >>> pellucid.layers.Resizing(32, 32)(np.zeros((1, 50, 40, 3), "uint8")).dtype
        dtype('uint8')

    Source: Keys, "Cubic convolution interpolation for digital image processing" (1981), for
    "bicubic"; Duchon, "Lanczos filtering in one and two dimensions" (1979).

    Differs from Keras: takes batches only, and no bounding boxes.
    """

    any_type: ClassVar[bool] = True

    height: int = count(meaning="the new height")
    width: int = count(meaning="the new width")
    interpolation: str = choice(INTERPOLATIONS, default="bilinear")
    crop_to_aspect_ratio: bool = flag(default=False)
    pad_to_aspect_ratio: bool = flag(default=False)
    fill_mode: str = choice(("constant",), default="constant")
    fill_value: float = number(default=0.0, tunable=False)
    antialias: bool = flag(default=False)

    def problems(self) -> Iterator[Problem]:
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            given = "crop_to_aspect_ratio=True and pad_to_aspect_ratio=True"
            yield Problem(type(self).__name__, given, "one of them at most")

    def output_sizes(self, sizes: Shape) -> Shape:
        return (self.height, self.width)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        images, size = self.channels_to_end(inputs), (self.height, self.width)
        if self.crop_to_aspect_ratio:
            images = crop_to_aspect_ratio(images, size)
        elif self.pad_to_aspect_ratio:
            images = pad_to_aspect_ratio(images, size, self.fill_value)
        resized = resize(images, size, self.interpolation, self.antialias)
        return self.channels_back(resized)
