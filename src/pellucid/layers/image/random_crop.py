"""The layer that cuts images out at random."""

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.description import count
from pellucid.initializers import SEED
from pellucid.layers.context import Context
from pellucid.layers.image.random_image import RandomImage, uniform_for_each
from pellucid.layers.noise import key_for
from pellucid.ops import random
from pellucid.ops.resize import resize_middle
from pellucid.types import Array, Shape


class RandomCrop(RandomImage):
    """While training, keep a window of each image, at a place of its own.

    Otherwise, and where an image is smaller than the window, the largest part in its middle
    that has the window's shape is resampled (bilinear) to the window's size.

    Args:
        height: Height of the window in pixels, at least 1.
        width: Width of the window in pixels, at least 1.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, any height, any width, channels).
    Output shape:
        (batch, height, width, channels).

    Raises:
        ArgumentError: A size is not a positive whole number.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.tile(np.arange(3, dtype="float32").reshape(1, 1, 3, 1), (99, 1, 1, 1))
        >>> layer = pellucid.layers.RandomCrop(1, 1)
        >>> sorted(set(layer(x, training=True).ravel().tolist())), layer(x)[0].ravel().tolist()
        ([0.0, 1.0, 2.0], [1.0])

    Differs from Keras: every image has a place of its own, where Keras draws one for the batch;
    outside training the size is what Keras documents, where its code leaves images as they
    are. Takes batches only, and no bounding boxes.
    """

    height: int = count(meaning="the height of the window")
    width: int = count(meaning="the width of the window")
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def output_sizes(self, sizes: Shape) -> Shape:
        return (self.height, self.width)

    def draw(self, key: Array, images: Array) -> tuple[Array, Array]:
        _, height, width, _ = images.shape
        top = uniform_for_each(random.fold(key, 0), images, (0, height - self.height + 1))
        left = uniform_for_each(random.fold(key, 1), images, (0, width - self.width + 1))
        return top.astype(jnp.int32), left.astype(jnp.int32)

    def transform(self, images: Array, drawn: tuple[Array, Array]) -> Array:
        size, channel = (self.height, self.width, images.shape[-1]), jnp.int32(0)
        return jax.vmap(lambda image, *place: lax.dynamic_slice(image, (*place, channel), size))(
            images, *drawn
        )

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        key = key_for(context, self.seed)
        images = self.channels_to_end(inputs)
        _, height, width, _ = images.shape
        if key is None or height < self.height or width < self.width:
            return self.channels_back(resize_middle(images, (self.height, self.width)))
        return self.vary(inputs, key)
