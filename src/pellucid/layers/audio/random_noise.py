"""The layer that lays noise under sounds at random."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import count, number
from pellucid.errors import Problem
from pellucid.initializers import SEED
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.noise import key_for
from pellucid.ops import random
from pellucid.types import Array


class RandomNoise(Layer):
    """While training, add noise to each sound, of a strength relative to its own.

    `x + n sqrt(mean(x²)) 10^(-ratio / 20)`: the ratio of signal to noise, in decibel, is drawn
    for each sound evenly between two numbers. `n` is standard normal, white; with `color` its
    power at the frequency `f` is proportional to `f^-e`, and `e` is drawn for each sound evenly
    between 0 and `color`. Below a hundredth of the highest frequency it stays the same.

    Args:
        lowest: Least ratio, decibel: the loudest noise. At 0 it is as loud as the sound.
        highest: Greatest ratio, decibel: the faintest noise.
        color: Greatest exponent: 0 for white noise alone, 1 for white to pink, 2 for white to
            brown, as of hum, wind and rooms.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.

    Input shape:
        (batch, samples).
    Output shape:
        The same.

    Raises:
        ArgumentError: `lowest` is above `highest`.

    Example:
        >>> import numpy as np, pellucid
        >>> sound = np.ones((1, 10_000), "float32")
        >>> noisy = pellucid.layers.RandomNoise(20.0, 20.0)(sound, training=True)
        >>> round(float(noisy.std()), 2)
        0.1

    Source: Bishop, "Training with Noise is Equivalent to Tikhonov Regularization" (1995); for
    colours Timmer and Koenig, "On Generating Power Law Noise" (1995).

    Differs from Keras: it has no such layer.
    """

    input_rank: ClassVar[int | None] = 2

    lowest: float = number(default=10.0, tunable=False, meaning="decibel")
    highest: float = number(default=40.0, tunable=False, meaning="decibel")
    color: float = number(default=0.0, low=0, tunable=False, meaning="exponent of frequency")
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def problems(self) -> Iterator[Problem]:
        if self.lowest > self.highest:
            expected = f"at most highest={self.highest:g}"
            yield Problem("RandomNoise(lowest=...)", f"{self.lowest:g}", expected)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        key = key_for(context, self.seed)
        if key is None:
            return inputs
        strength = jnp.sqrt(jnp.mean(jnp.square(inputs), axis=1, keepdims=True))
        drawn = random.uniform(random.fold(key, 0), (inputs.shape[0], 1))
        ratio = self.lowest + (self.highest - self.lowest) * drawn
        noise = random.normal(random.fold(key, 1), inputs.shape)
        if self.color:
            exponents = self.color * random.uniform(random.fold(key, 2), (inputs.shape[0], 1))
            noise = _coloured(noise, exponents)
        return inputs + strength * (noise * 10 ** (-ratio / 20)).astype(inputs.dtype)


def _coloured(noise: Array, exponents: Array) -> Array:
    """Return white noise with its power at each frequency `f` multiplied by `f^-exponent`."""
    samples = noise.shape[1]
    spectrum = jnp.fft.rfft(noise)
    places = spectrum.shape[1]
    frequencies = np.maximum(np.arange(places), places / 100).astype(np.float32)
    found = jnp.fft.irfft(spectrum * frequencies ** (-exponents / 2), samples)
    return found / jnp.sqrt(jnp.mean(jnp.square(found), axis=1, keepdims=True))
