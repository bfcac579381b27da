"""The layer that varies the contrast of images at random."""

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


class RandomContrast(RandomImage):
    """While training, change each image's contrast: `(x - mean) * c + mean`.

    The mean is that of the channel in the image; `c` is drawn for the image.

    Args:
        factor: The two numbers (lower, upper), each from 0 to 1, for which `c` lies between
            `1 - lower` and `1 + upper`; one number stands for both.
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
        >>> x = np.array([100.0, 200.0], "float32").reshape(1, 1, 2, 1)
        >>> doubled = pellucid.layers.RandomContrast(0.5)(x, training=True)[0, 0, :, 0]
        >>> bool(25 <= doubled[1] - doubled[0] <= 150), float(doubled.mean())
        (True, 150.0)

    Differs from Keras: one number means what Keras documents; its code draws `c` from
    1 to `1 + factor` then. Takes batches only.
    """

    factor: Any = option(convert=factor_between(0, 1), tunable=True)
    value_range: Range = option(default=(0, 255), convert=to_value_range)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def draw(self, key: Array, images: Array) -> Array:
        lower, upper = self.factor
        return uniform_for_each(key, images, (1 - lower, 1 + upper))

    def transform(self, images: Array, drawn: Array) -> Array:
        mean = jnp.mean(images, axis=(1, 2), keepdims=True)
        return jnp.clip((images - mean) * each(drawn, images) + mean, *self.value_range)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return self.vary(inputs, key_for(context, self.seed))
