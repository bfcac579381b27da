"""The layer that takes speaker, microphone and level out of spectrograms."""

from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp
from jax import lax

from pellucid.description import flag, number
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.types import Array

EPSILON = 1e-3
"""Added to the variance, so that a sound that never changes becomes 0."""


class SpectrogramNormalization(Layer):
    """Subtract each band's own mean over a sound, and divide by the deviation of all bands.

    `(x - mean[band]) / sqrt(variance + 0.001)`: mean and variance are those of one sound, over
    the frames in which it is heard. A microphone, a room or a voice colours all frames of a
    sound alike, which in decibel is a sum, and so is its loudness: both are gone. The silence
    that fills a sound up to a length does not count.

    Args:
        by_band: Whether each band has a mean of its own; with one for all, only the loudness
            is gone and the colour stays.
        top_db: A frame is heard if its loudest band lies at most so many decibel below the
            loudest of the sound.

    Input shape:
        (batch, bands, frames), decibel, as `MelSpectrogram` gives them.
    Output shape:
        The same.

    Raises:
        ShapeError: The inputs have another number of axes.

    Example:
        >>> import numpy as np, pellucid
        >>> sound = np.array([[[-80.0, -10.0, -20.0, -80.0]]], "float32")
        >>> pellucid.layers.SpectrogramNormalization()(sound).round(2).tolist()
        [[[-13.0, 1.0, -1.0, -13.0]]]

    Source: Atal, "Effectiveness of Linear Prediction Characteristics of the Speech Wave for
    Automatic Speaker Identification and Verification" (1974).

    Differs from Keras: it has no such layer.
    """

    input_rank: ClassVar[int | None] = 3

    by_band: bool = flag(default=True)
    top_db: float = number(default=40.0, above=0, tunable=False, meaning="decibel")

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        x = inputs.astype(jnp.promote_types(inputs.dtype, jnp.float32))
        loudest = jnp.max(x, axis=1, keepdims=True)
        heard = loudest >= jnp.max(loudest, axis=2, keepdims=True) - self.top_db
        frames = jnp.sum(heard, axis=2, keepdims=True)
        mean = jnp.sum(jnp.where(heard, x, 0), axis=2, keepdims=True) / frames
        if not self.by_band:
            mean = jnp.mean(mean, axis=1, keepdims=True)
        distance = x - mean
        squares = jnp.where(heard, jnp.square(distance), 0)
        variance = jnp.sum(squares, axis=(1, 2), keepdims=True) / (frames * x.shape[1])
        return (distance * lax.rsqrt(variance + EPSILON)).astype(inputs.dtype)
