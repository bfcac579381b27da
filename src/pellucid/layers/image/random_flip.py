"""The layer that mirrors images at random."""

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import choice, count
from pellucid.initializers import SEED
from pellucid.layers.context import Context
from pellucid.layers.image.random_image import RandomImage
from pellucid.layers.noise import key_for
from pellucid.ops import random
from pellucid.types import Array

AXES = {"horizontal": (2,), "vertical": (1,), "horizontal_and_vertical": (1, 2)}
"""For each mode the axes that are mirrored."""


class RandomFlip(RandomImage):
    """While training, mirror every other image on average.

    Args:
        mode: "horizontal" exchanges left and right, "vertical" top and bottom,
            "horizontal_and_vertical" both at once, as Keras does.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, height, width, channels).
    Output shape:
        The same.

    Raises:
        ArgumentError: `mode` is unknown.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.tile(np.array([1.0, 2.0], "float32").reshape(1, 1, 2, 1), (99, 1, 1, 1))
        >>> layer = pellucid.layers.RandomFlip("horizontal")
        >>> sorted(set(layer(x, training=True)[:, 0, 0, 0].tolist()))
        [1.0, 2.0]

    Differs from Keras: takes batches only, and no bounding boxes.
    """

    input_rank: ClassVar[int | None] = 4

    mode: str = choice(tuple(AXES), default="horizontal_and_vertical")
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def draw(self, key: Array, images: Array) -> Array:
        return random.keep(key, (images.shape[0],), 0.5)

    def transform(self, images: Array, drawn: Array) -> Array:
        mirrored = jnp.flip(images, AXES[self.mode])
        return jnp.where(drawn[:, None, None, None], mirrored, images)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return self.vary(inputs, key_for(context, self.seed))
