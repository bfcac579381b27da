"""Sounds as spectra: short-time Fourier transforms, the mel scale, cepstra."""

import math

import jax.numpy as jnp
import numpy as np

from pellucid.types import Array, NumpyArray

MEL_BREAK, MEL_SLOPE = 700.0, 1127.0
"""The mel scale: `mel(f) = 1127 ln(1 + f / 700)`, f in hertz."""


def window(name: str | None, length: int, periodic: bool = True) -> NumpyArray:
    """Return a window: "hann", "hamming", or ones for None.

    `w[n] = a - (1 - a) cos(2πn / period)`, a = 0.5 for Hann's and 0.54 for Hamming's; the period
    is `length`, or one sample less where the window shall be symmetric.
    """
    if name is None:
        return np.ones(length)
    share = {"hann": 0.5, "hamming": 0.54}[name]
    period = length if periodic else max(length - 1, 1)
    return share - (1 - share) * np.cos(2 * np.pi * np.arange(length) / period)


def frames(samples: Array, length: int, step: int) -> Array:
    """Return windows of `length` neighbouring samples, every `step` samples.

    Args:
        samples: Shape (batch, samples).
        length: Samples in a frame.
        step: Samples from the beginning of a frame to that of the next.

    Returns:
        Shape (batch, frames, length).
    """
    count = 1 + (samples.shape[-1] - length) // step
    numbers = step * np.arange(count)[:, None] + np.arange(length)
    return samples[..., numbers]


def magnitudes(samples: Array, length: int, step: int, size: int, taper: NumpyArray) -> Array:
    """Return `|Σ_n w[n] x[t·step + n] exp(-2πi k n / size)|` of frames centred on every step.

    Args:
        samples: Shape (batch, samples), more than half of `size`; mirrored at both ends.
        length: Samples that the window covers.
        step: Samples from frame to frame.
        size: Samples of a transform, at least `length`.
        taper: The window, shape (length,).

    Returns:
        Shape (batch, frames, size // 2 + 1).
    """
    half = size // 2
    mirrored = jnp.pad(samples, ((0, 0), (half, half)), mode="reflect")
    before = (size - length) // 2
    padded = np.pad(taper, (before, size - length - before)).astype(np.float32)
    return jnp.abs(jnp.fft.rfft(frames(mirrored, size, step) * padded, axis=-1))


def mel_matrix(bins: int, size: int, rate: float, low: float, high: float) -> NumpyArray:
    """Return triangles, evenly spaced on the mel scale, that gather the bins of a spectrum.

    Each triangle rises from the centre of the one before to its own and falls to that of the
    next, with height 1, straight on the mel scale. The bin of frequency 0 counts in none.

    Args:
        bins: Number of triangles.
        size: Samples of the transform.
        rate: Samples a second.
        low: Where the first triangle begins, hertz.
        high: Where the last ends, hertz.

    Returns:
        Shape (size // 2 + 1, bins).

    Source: Young et al., "The HTK Book" (2006), section 5.4.
    """

    def mel(hertz: NumpyArray | float) -> NumpyArray:
        return MEL_SLOPE * np.log1p(np.asarray(hertz) / MEL_BREAK)

    own = mel(np.linspace(0, rate / 2, size // 2 + 1))[:, None]
    edges = np.linspace(mel(low), mel(high), bins + 2)
    rising = (own - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - own) / (edges[2:] - edges[1:-1])
    matrix = np.maximum(0, np.minimum(rising, falling))
    matrix[0] = 0
    return matrix.astype(np.float32)


def cosine_matrix(bins: int, coefficients: int) -> NumpyArray:
    """Return the orthonormal cosine transform (type II) of `bins` values, its first coefficients.

    `c[k] = √((1 + [k > 0]) / bins) Σ_n x[n] cos(πk(2n + 1) / (2·bins))`

    Returns:
        Shape (bins, coefficients).
    """
    places = (2 * np.arange(bins)[:, None] + 1) * np.arange(coefficients)
    matrix = np.cos(math.pi * places / (2 * bins)) * math.sqrt(2 / bins)
    matrix[:, 0] /= math.sqrt(2)
    return matrix.astype(np.float32)
