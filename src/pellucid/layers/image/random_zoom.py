"""The layer that enlarges and shrinks images at random."""

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


class RandomZoom(RandomImage):
    """While training, let each image show more, or less, of its height and width.

    Args:
        height_factor: By what part the height that is seen grows, from -1 to 1: 0.2 zooms out,
            so that 1.2 times the image's height is seen; -0.2 zooms in on 0.8 times its
            height. One number stands for the range from its negative to itself.
        width_factor: The same for the width; None for the factor drawn for the height, which
            keeps the shape of things.
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
        >>> x = np.array([1.0, 2.0, 3.0], "float32").reshape(1, 1, 3, 1)
        >>> layer = pellucid.layers.RandomZoom(0.0, (-0.5, -0.5))
        >>> layer(x, training=True)[0, 0, :, 0].tolist()
        [1.5, 2.0, 2.5]

    Differs from Keras: takes batches only, and no bounding boxes.
    """

    height_factor: Any = option(convert=factor_between(-1, 1), tunable=True)
    width_factor: Any = option(
        default=None, convert=factor_between(-1, 1, optional=True), tunable=True
    )
    fill_mode: str = choice(FILL_MODES, default="reflect")
    interpolation: str = choice(INTERPOLATIONS, default="bilinear")
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)
    fill_value: float = number(default=0.0, tunable=False)

    def draw(self, key: Array, images: Array) -> tuple[Array, Array]:
        tall = 1 + uniform_for_each(random.fold(key, 0), images, self.height_factor)
        if self.width_factor is None:
            return tall, tall
        return tall, 1 + uniform_for_each(random.fold(key, 1), images, self.width_factor)

    def transform(self, images: Array, drawn: tuple[Array, Array]) -> Array:
        matrices = zooms(*drawn, *images.shape[1:3])
        return affine(images, matrices, self.interpolation, self.fill_mode, self.fill_value)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return self.vary(inputs, key_for(context, self.seed))


def zooms(tall: Array, wide: Array, height: int, width: int) -> Array:
    """Return where outputs look that show so many times the height and width, about the middle."""
    zero = jnp.zeros_like(tall)
    rows = [
        [tall, zero, (1 - tall) * ((height - 1) / 2)],
        [zero, wide, (1 - wide) * ((width - 1) / 2)],
    ]
    return jnp.stack([jnp.stack(row, -1) for row in rows], -2)
