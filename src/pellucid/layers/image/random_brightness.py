"""The layer that varies the brightness of images at random."""

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp

from pellucid.description import count, option
from pellucid.initializers import SEED
from pellucid.layers.context import Context
from pellucid.layers.image.random_image import (
    RandomImage,
    Range,
    each,
    factor_between,
    to_value_range,
    uniform_for_each,
)
from pellucid.layers.noise import key_for
from pellucid.types import Array


class RandomBrightness(RandomImage):
    """While training, add a number to every pixel of an image, drawn for that image.

    Args:
        factor: What is added, as a part of `value_range` from -1 (black) to 1 (white). One
            number stands for the range from its negative to itself.
        value_range: The least and the greatest value of a pixel; outputs are kept between.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, height, width, channels).
    Output shape:
        The same.

    Raises:
        ArgumentError: `factor` is out of range, or `value_range` is none.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([10.0, 250.0], "float32").reshape(1, 1, 2, 1)
        >>> layer = pellucid.layers.RandomBrightness((0.2, 0.2))
        >>> layer(x, training=True)[0, 0, :, 0].tolist()
        [61.0, 255.0]

    Differs from Keras: takes batches only.
    """

    factor: Any = option(convert=factor_between(-1, 1), tunable=True)
    value_range: Range = option(default=(0, 255), convert=to_value_range)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def draw(self, key: Array, images: Array) -> Array:
        low, high = self.value_range
        return (high - low) * uniform_for_each(key, images, self.factor)

    def transform(self, images: Array, drawn: Array) -> Array:
        return jnp.clip(images + each(drawn, images), *self.value_range)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return self.vary(inputs, key_for(context, self.seed))
