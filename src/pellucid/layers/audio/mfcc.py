"""The shape of a sound's spectrum in a few numbers."""

from collections.abc import Iterator, Mapping

import jax.numpy as jnp

from pellucid.description import count
from pellucid.errors import Problem
from pellucid.layers.audio.mel_spectrogram import MelSpectrogram
from pellucid.layers.context import Context
from pellucid.ops import spectrum
from pellucid.types import Array, Shape


class MFCC(MelSpectrogram):
    """Mel-frequency cepstral coefficients: the cosine transform of the loudness by band.

    `c[k] = √((1 + [k > 0]) / B) Σ_b loudness[b] cos(πk(2b + 1) / (2B))`, B bands. The first
    coefficient is the loudness over all, the next ones say how it changes from low to high.

    Args:
        num_coefficients: Number of coefficients, at most `num_mel_bins`.
        fft_length: Samples of a transform.
        sequence_stride: Samples from frame to frame.
        sequence_length: Samples that the window covers; `fft_length` when None.
        window: "hann", "hamming", or None.
        sampling_rate: Samples a second.
        num_mel_bins: Number of bands.
        min_freq: Lowest frequency, hertz.
        max_freq: Highest frequency, hertz; half of `sampling_rate` when None.
        power_to_db: Whether to take decibel first, which is usual.
        top_db: Greatest distance to the loudest value, decibel.
        mag_exp: 2 for powers, 1 for magnitudes.
        min_power: Powers below it count as it.
        ref_power: The power that is 0 decibel.

    Input shape:
        (batch, samples), more than half of `fft_length`.
    Output shape:
        (batch, num_coefficients, 1 + samples // sequence_stride).

    Raises:
        ArgumentError: More coefficients than bands.
        ShapeError: Sounds are too short.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.MFCC(fft_length=256, sequence_stride=128, num_mel_bins=20)
        >>> layer(np.zeros((2, 1024), "float32")).shape
        (2, 13, 9)

    Source: Davis and Mermelstein, "Comparison of Parametric Representations for Monosyllabic Word
    Recognition in Continuously Spoken Sentences" (1980).

    Differs from Keras: it has no such layer.
    """

    num_coefficients: int = count(default=13, kw_only=True)

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        if self.num_coefficients > self.num_mel_bins:
            expected = f"at most num_mel_bins={self.num_mel_bins}"
            yield Problem("MFCC(num_coefficients=...)", str(self.num_coefficients), expected)

    def output_shape(self, shape: Shape) -> Shape:
        return (self.num_coefficients, super().output_shape(shape)[1])

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        matrix = spectrum.cosine_matrix(self.num_mel_bins, self.num_coefficients)
        return jnp.swapaxes(self.bands(inputs) @ matrix, -1, -2).astype(inputs.dtype)
