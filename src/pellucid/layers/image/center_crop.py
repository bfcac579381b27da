"""The layer that keeps the middle of images."""

from collections.abc import Mapping

from pellucid.description import count
from pellucid.layers.context import Context
from pellucid.layers.image.image_layer import ImageLayer
from pellucid.ops.resize import resize_middle
from pellucid.types import Array, Shape


class CenterCrop(ImageLayer):
    """Keep a window in the middle of each image.

    Where an image is smaller than the window, the largest part in its middle that has the
    window's shape is resampled (bilinear) to the window's size.

    Args:
        height: Height of the window in pixels, at least 1.
        width: Width of the window in pixels, at least 1.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, any height, any width, channels).
    Output shape:
        (batch, height, width, channels). Where an odd number of pixels is cut off, one more
        goes at the bottom or right.

    Raises:
        ArgumentError: A size is not a positive whole number.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.arange(5, dtype="float32").reshape(1, 1, 5, 1)
        >>> pellucid.layers.CenterCrop(1, 3)(x)[0, 0, :, 0].tolist()
        [1.0, 2.0, 3.0]

    Differs from Keras: takes batches only, and no bounding boxes.
    """

    height: int = count(meaning="the height of the window")
    width: int = count(meaning="the width of the window")

    def output_sizes(self, sizes: Shape) -> Shape:
        return (self.height, self.width)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return self.channels_back(self._window(self.channels_to_end(inputs)))

    def _window(self, images: Array) -> Array:
        top, left = (images.shape[1] - self.height) // 2, (images.shape[2] - self.width) // 2
        if top < 0 or left < 0:
            return resize_middle(images, (self.height, self.width))
        return images[:, top : top + self.height, left : left + self.width]
