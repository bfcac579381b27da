"""The layer that hides stripes of spectrograms at random."""

from collections.abc import Mapping

import jax.numpy as jnp

from pellucid.description import count, number
from pellucid.initializers import SEED
from pellucid.layers.context import Context
from pellucid.layers.image.random_image import RandomImage
from pellucid.layers.noise import key_for
from pellucid.ops import random
from pellucid.types import Array


class SpecAugment(RandomImage):
    """While training, hide stripes of bands and stripes of frames of each spectrogram.

    Each stripe begins anywhere and is up to a share of the axis wide; both are drawn for every
    spectrogram. A network must then know a sound by more than one of its parts. Of the paper's
    three changes these are the two masks; its warp of time is `RandomZoom`.

    Args:
        frequency: Most that a stripe of bands covers, as a share of the bands from 0 to 1.
        time: Most that a stripe of frames covers, as a share of the frames.
        stripes: Number of stripes of each kind.
        fill_value: What stands in them; 0, the mean, for normalised spectrograms.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, bands, frames, channels).
    Output shape:
        The same.

    Raises:
        ArgumentError: A share is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> sounds = np.ones((100, 10, 20, 1), "float32")
        >>> hidden = pellucid.layers.SpecAugment(0.5, 0.0)(sounds, training=True) == 0
        >>> bool(hidden.all(axis=2).any(axis=1).mean() > 0.5), bool(hidden.mean() < 0.5)
        (True, True)

    Source: Park et al., "SpecAugment: A Simple Data Augmentation Method for Automatic Speech
    Recognition" (2019).

    Differs from Keras: it has no such layer.
    """

    frequency: float = number(default=0.2, low=0, high=1, meaning="a share of the bands")
    time: float = number(default=0.2, low=0, high=1, meaning="a share of the frames")
    stripes: int = count(default=1)
    fill_value: float = number(default=0.0, tunable=False)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def draw(self, key: Array, images: Array) -> tuple[Array, Array]:
        rows, bands, frames, _ = images.shape
        shape = (rows, self.stripes)
        hidden_bands = _striped(random.fold(key, 0), shape, bands, self.frequency)
        return hidden_bands, _striped(random.fold(key, 1), shape, frames, self.time)

    def transform(self, images: Array, drawn: tuple[Array, Array]) -> Array:
        bands, frames = drawn
        hidden = jnp.logical_or(bands[:, :, None, None], frames[:, None, :, None])
        return jnp.where(hidden, jnp.asarray(self.fill_value, images.dtype), images)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return self.vary(inputs, key_for(context, self.seed))


def _striped(key: Array, shape: tuple[int, int], size: int, share: Array | float) -> Array:
    """Return which of `size` places lie in a stripe: True and False, shape (rows, size)."""
    width = share * size * random.uniform(random.fold(key, 0), shape)
    start = (size - width) * random.uniform(random.fold(key, 1), shape)
    place = jnp.arange(size) + 0.5
    within = (place >= start[..., None]) & (place < (start + width)[..., None])
    return within.any(axis=1)
