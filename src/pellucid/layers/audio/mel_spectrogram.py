"""The spectrogram of a sound as ears hear it."""

from collections.abc import Iterator, Mapping, Sequence

import jax.numpy as jnp

from pellucid.description import choice, count, flag, number
from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.ops import spectrum
from pellucid.types import Array, Shape
from pellucid.wording import count_text

DECIBEL = 10.0


class MelSpectrogram(Layer):
    """How loud a sound is in bands of pitch, from frame to frame.

    Frames of the samples are windowed and transformed (`X`), their bins' powers `|X|^mag_exp`
    gathered by triangles on the mel scale `1127 ln(1 + f / 700)`, and, with `power_to_db`, taken
    in decibel: `10 log10(max(power, min_power) / ref_power)`, none more than `top_db` below the
    loudest of the same sound.

    Args:
        fft_length: Samples of a transform; a power of two is quickest.
        sequence_stride: Samples from frame to frame.
        sequence_length: Samples that the window covers; `fft_length` when None.
        window: "hann", "hamming", or None.
        sampling_rate: Samples a second.
        num_mel_bins: Number of bands.
        min_freq: Lowest frequency, hertz.
        max_freq: Highest frequency, hertz; half of `sampling_rate` when None.
        power_to_db: Whether to take decibel.
        top_db: Greatest distance to the loudest value, decibel.
        mag_exp: 2 for powers, 1 for magnitudes.
        min_power: Powers below it count as it.
        ref_power: The power that is 0 decibel.

    Input shape:
        (batch, samples), more than half of `fft_length`.
    Output shape:
        (batch, num_mel_bins, 1 + samples // sequence_stride).

    Raises:
        ArgumentError: The window is longer than the transform, or frequencies out of order.
        ShapeError: Sounds are too short.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.MelSpectrogram(256, 128, num_mel_bins=20, sampling_rate=8000)
        >>> layer(np.zeros((2, 1024), "float32")).shape
        (2, 20, 9)

    Source: Young et al., "The HTK Book" (2006), section 5.4.

    Differs from Keras: the loudest value is that of the same sound, not of the whole batch, so
    that a sound's spectrogram does not depend on its neighbours; a single sound needs a batch
    axis; windows are named.
    """

    fft_length: int = count(default=2048, low=2)
    sequence_stride: int = count(default=512)
    sequence_length: int | None = count(default=None, optional=True)
    window: str | None = choice(("hann", "hamming", None), default="hann")
    sampling_rate: int = count(default=16000, meaning="samples a second")
    num_mel_bins: int = count(default=128)
    min_freq: float = number(default=20.0, low=0, tunable=False, meaning="hertz")
    max_freq: float | None = number(
        default=None, above=0, tunable=False, optional=True, meaning="hertz"
    )
    power_to_db: bool = flag(default=True)
    top_db: float = number(default=80.0, above=0, tunable=False)
    mag_exp: float = number(default=2.0, above=0, tunable=False)
    min_power: float = number(default=1e-10, above=0, tunable=False)
    ref_power: float = number(default=1.0, above=0, tunable=False)

    def problems(self) -> Iterator[Problem]:
        own, highest = type(self).__name__, self.sampling_rate / 2
        if (self.sequence_length or 0) > self.fft_length:
            expected = f"at most fft_length={self.fft_length}"
            yield Problem(f"{own}(sequence_length=...)", str(self.sequence_length), expected)
        if not self.min_freq < self._highest <= highest:
            given = f"{self._highest:g} with min_freq={self.min_freq:g}"
            expected = f"above min_freq and at most {highest:g}, half of the sampling rate"
            yield Problem(f"{own}(max_freq=...)", given, expected)

    @property
    def _highest(self) -> float:
        return self.sampling_rate / 2 if self.max_freq is None else self.max_freq

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        if len(shape) != 1:
            fix = "Give sounds of one channel: x.mean(axis=-1)." if len(shape) == 2 else ""
            return [
                Problem(self.label, f"inputs of shape {(None, *shape)}", "(batch, samples)", fix)
            ]
        if shape[0] is not None and shape[0] <= self.fft_length // 2:
            expected = f"more than {self.fft_length // 2}, half of fft_length"
            fix = "Pad the sounds, or choose a smaller fft_length."
            return [
                Problem(self.label, f"sounds of {count_text(shape[0], 'sample')}", expected, fix)
            ]
        return []

    def output_shape(self, shape: Shape) -> Shape:
        length = shape[0]
        steps = None if length is None else 1 + self._padding(length) // self.sequence_stride
        return (self.num_mel_bins, steps)

    def _padding(self, length: int) -> int:
        """Return the samples beyond one transform once both ends are mirrored."""
        return length + 2 * (self.fft_length // 2) - self.fft_length

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        return jnp.swapaxes(self.bands(inputs), -1, -2).astype(inputs.dtype)

    def bands(self, samples: Array) -> Array:
        """Return the bands of each frame, shape (batch, frames, bands), in full precision."""
        samples = samples.astype(jnp.promote_types(samples.dtype, jnp.float32))
        covered = self.sequence_length or self.fft_length
        taper = spectrum.window(self.window, covered)
        found = spectrum.magnitudes(samples, covered, self.sequence_stride, self.fft_length, taper)
        matrix = spectrum.mel_matrix(
            self.num_mel_bins, self.fft_length, self.sampling_rate, self.min_freq, self._highest
        )
        powers = found**self.mag_exp @ matrix
        return self._decibel(powers) if self.power_to_db else powers

    def _decibel(self, powers: Array) -> Array:
        reference = max(self.ref_power, self.min_power)
        loud = DECIBEL * jnp.log10(jnp.maximum(powers, self.min_power) / reference)
        loudest = loud.max(axis=(-1, -2), keepdims=True)
        return jnp.maximum(loud, loudest - self.top_db)
