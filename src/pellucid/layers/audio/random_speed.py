"""The layer that plays sounds faster and slower at random."""

import math
from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from pellucid.description import count, number
from pellucid.initializers import SEED
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.noise import key_for
from pellucid.ops import random
from pellucid.types import Array


class RandomSpeed(Layer):
    """While training, play each sound faster or slower, as a tape would.

    `y(t) = x(c + s (t - c))` about the middle `c`, between samples on the straight line, silence
    beyond the ends. The speed `s` is drawn for each sound between `1 / (1 + factor)` and
    `1 + factor`, evenly on a scale of ratios. All pitches move with it, a voice's own and those
    of its throat, so that one speaker sounds like another of larger or smaller build.

    Args:
        factor: Most that a speed exceeds 1, above 0: 0.2 for speeds from 0.83 to 1.2.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.

    Input shape:
        (batch, samples).
    Output shape:
        The same.

    Raises:
        ArgumentError: The factor is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> sounds = np.zeros((100, 99), "float32")
        >>> sounds[:, 40:60] = 1.0
        >>> lengths = pellucid.layers.RandomSpeed(1.0)(sounds, training=True).sum(axis=1)
        >>> bool(lengths.min() < 13), bool(lengths.max() > 30)
        (True, True)

    Source: Ko et al., "Audio Augmentation for Speech Recognition" (2015).

    Differs from Keras: it has no such layer.
    """

    input_rank: ClassVar[int | None] = 2

    factor: float = number(above=0, tunable=False, meaning="most that a speed exceeds 1")
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        key = key_for(context, self.seed)
        if key is None:
            return inputs
        samples = inputs.shape[1]
        drawn = random.uniform(random.fold(key, 0), (inputs.shape[0], 1))
        speeds = jnp.exp(math.log1p(self.factor) * (2 * drawn - 1))
        middle = (samples - 1) / 2
        places = middle + speeds * (jnp.arange(samples) - middle)
        before = jnp.floor(places)
        share, before = (places - before).astype(inputs.dtype), before.astype(jnp.int32)
        return (1 - share) * _heard(inputs, before) + share * _heard(inputs, before + 1)


def _heard(sounds: Array, places: Array) -> Array:
    """Return the samples at `places`, 0 where there are none."""
    last = sounds.shape[1] - 1
    found = jnp.take_along_axis(sounds, jnp.clip(places, 0, last), axis=1)
    return jnp.where((places >= 0) & (places <= last), found, jnp.zeros_like(found))
