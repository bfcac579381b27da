"""The layer that colours sounds at random."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from pellucid.description import count, number
from pellucid.initializers import SEED
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.noise import key_for
from pellucid.ops import random
from pellucid.types import Array


class FilterAugment(Layer):
    """While training, make some bands of each sound louder and others fainter.

    A microphone, a room and a voice colour all frames of a sound alike. The gain of each band is
    a polygon over the bands, the same in all frames; its corners are evenly spaced, and their
    heights normal numbers drawn for each sound.

    Args:
        deviation: Standard deviation of the corners' heights, decibel.
        corners: How many there are, the two ends among them.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.

    Input shape:
        (batch, bands, frames), decibel, as `MelSpectrogram` gives them.
    Output shape:
        The same.

    Raises:
        ArgumentError: An argument is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> sounds = np.zeros((500, 9, 2), "float32")
        >>> gains = pellucid.layers.FilterAugment(6.0, corners=2)(sounds, training=True)
        >>> bool((gains[..., 0] == gains[..., 1]).all()), round(float(gains[:, 0].std()))
        (True, 6)

    Source: Nam, Kim and Park, "FilterAugment: An Acoustic Environmental Data Augmentation
    Method" (2022), its linear form; there the places of the corners are drawn as well.

    Differs from Keras: it has no such layer.
    """

    input_rank: ClassVar[int | None] = 3

    deviation: float = number(default=4.0, low=0, tunable=False, meaning="decibel")
    corners: int = count(default=5, low=2)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        key = key_for(context, self.seed)
        if key is None:
            return inputs
        rows, bands, _ = inputs.shape
        heights = self.deviation * random.normal(random.fold(key, 0), (rows, self.corners))
        places = np.linspace(0, self.corners - 1, bands)
        distances = np.abs(places - np.arange(self.corners)[:, None])
        gains = heights @ np.maximum(0, 1 - distances).astype(np.float32)
        return inputs + gains[..., None].astype(inputs.dtype)
