"""The layer that turns images at random."""

import math
from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp

from pellucid.description import choice, count, number, option
from pellucid.initializers import SEED
from pellucid.layers.context import Context
from pellucid.layers.image.random_image import RandomImage, factor_between, uniform_for_each
from pellucid.layers.noise import key_for
from pellucid.ops.affine import FILL_MODES, INTERPOLATIONS, affine
from pellucid.types import Array


class RandomRotation(RandomImage):
    """While training, turn each image about its middle by an angle of its own.

    Args:
        factor: Part of a whole turn, from -1 to 1, counter-clockwise where positive. One
            number stands for the range from its negative to itself: 0.1 turns by up to 36
            degrees either way.
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
        ArgumentError: `factor` is out of range, or a name is unknown.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.array([[[[1.0], [2.0]], [[3.0], [4.0]]]], "float32")
        >>> quarter = pellucid.layers.RandomRotation((0.25, 0.25))
        >>> np.asarray(quarter(x, training=True))[0, :, :, 0].round(3).tolist()
        [[2.0, 4.0], [1.0, 3.0]]

    Differs from Keras: takes batches only, and no bounding boxes.
    """

    factor: Any = option(convert=factor_between(-1, 1), tunable=True)
    fill_mode: str = choice(FILL_MODES, default="reflect")
    interpolation: str = choice(INTERPOLATIONS, default="bilinear")
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)
    fill_value: float = number(default=0.0, tunable=False)

    def draw(self, key: Array, images: Array) -> Array:
        return 2 * math.pi * uniform_for_each(key, images, self.factor)

    def transform(self, images: Array, drawn: Array) -> Array:
        matrices = rotations(drawn, *images.shape[1:3])
        return affine(images, matrices, self.interpolation, self.fill_mode, self.fill_value)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return self.vary(inputs, key_for(context, self.seed))


def rotations(angles: Array, height: int, width: int) -> Array:
    """Return where the outputs of turns about the middle by `angles`, in radians, look."""
    cosine, sine = jnp.cos(angles), jnp.sin(angles)
    y, x = (height - 1) / 2, (width - 1) / 2
    rows = [
        [cosine, sine, y - cosine * y - sine * x],
        [-sine, cosine, x + sine * y - cosine * x],
    ]
    return jnp.stack([jnp.stack(row, -1) for row in rows], -2)
