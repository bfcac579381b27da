"""The layer that shifts images at random."""

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp

from pellucid.description import choice, count, number, option
from pellucid.initializers import SEED
from pellucid.layers.context import Context
from pellucid.layers.image.random_image import RandomImage, factor_between, uniform_for_each
from pellucid.layers.noise import key_for
from pellucid.ops import random
from pellucid.ops.affine import FILL_MODES, INTERPOLATIONS, affine
from pellucid.types import Array


class RandomTranslation(RandomImage):
    """While training, shift each image down and to the right by distances of its own.

    Args:
        height_factor: Distance down, as a part of the height from -1 to 1; up where negative.
            One number stands for the range from its negative to itself.
        width_factor: Distance to the right, as a part of the width; likewise.
        fill_mode: The image beyond its edges: "reflect" (d c b a | a b c d | d c b a),
            "constant" (k k k k | a b c d | k k k k), "wrap" (a b c d | a b c d | a b c d) or
            "nearest" (a a a a | a b c d | d d d d).
        interpolation: "bilinear" between the four pixels around, or the "nearest" one.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
        fill_value: The constant k.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, height, width, channels).
    Output shape:
        The same.

    Raises:
        ArgumentError: A factor is out of range, or a name is unknown.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([1.0, 2.0, 3.0, 4.0], "float32").reshape(1, 1, 4, 1)
        >>> layer = pellucid.layers.RandomTranslation(0.0, (0.25, 0.25), fill_mode="constant")
        >>> layer(x, training=True)[0, 0, :, 0].tolist()
        [0.0, 1.0, 2.0, 3.0]

    Differs from Keras: takes batches only, and no bounding boxes.
    """

    height_factor: Any = option(convert=factor_between(-1, 1), tunable=True)
    width_factor: Any = option(convert=factor_between(-1, 1), tunable=True)
    fill_mode: str = choice(FILL_MODES, default="reflect")
    interpolation: str = choice(INTERPOLATIONS, default="bilinear")
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)
    fill_value: float = number(default=0.0, tunable=False)

    def draw(self, key: Array, images: Array) -> tuple[Array, Array]:
        _, height, width, _ = images.shape
        down = height * uniform_for_each(random.fold(key, 0), images, self.height_factor)
        right = width * uniform_for_each(random.fold(key, 1), images, self.width_factor)
        return down, right

    def transform(self, images: Array, drawn: tuple[Array, Array]) -> Array:
        matrices = shifts(*drawn)
        return affine(images, matrices, self.interpolation, self.fill_mode, self.fill_value)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return self.vary(inputs, key_for(context, self.seed))


def shifts(down: Array, right: Array) -> Array:
    """Return where the outputs of shifts by so many pixels look."""
    one, zero = jnp.ones_like(down), jnp.zeros_like(down)
    rows = [[one, zero, -down], [zero, one, -right]]
    return jnp.stack([jnp.stack(row, -1) for row in rows], -2)
