"""The spectrogram of a sound by kernels that can be trained."""

from collections.abc import Iterator, Mapping, Sequence

import jax.numpy as jnp

from pellucid.description import choice, count, flag
from pellucid.errors import Problem
from pellucid.initializers import STFT
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.spatial import CHANNELS_FIRST, DATA_FORMATS
from pellucid.layers.weight import Weight
from pellucid.ops import conv
from pellucid.types import Array, Shape
from pellucid.wording import count_text

LEAST = 1e-7
"""Powers and magnitudes below it count as it, where a root or a logarithm is taken."""

MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")


class STFTSpectrogram(Layer):
    """Short-time Fourier transform by convolution with windowed sines and cosines.

    `real[t, k] = Σ_n w[n] x[t·frame_step + n] cos(2πkn / fft_length)`, and `imag` with `-sin`.
    The kernels are weights and train with the rest, unless `trainable=False`.

    Args:
        mode: "log" of the magnitude, "magnitude" `√(real² + imag²)`, "psd" (power with the
            frequencies below 0 added to those above), "real", "imag", "angle", or "stft" for
            real parts and then imaginary parts.
        frame_length: Samples of a frame.
        frame_step: Samples from frame to frame; half a frame when None.
        fft_length: Samples of a transform; the power of two from `frame_length` on when None.
        window: "hann", "hamming", or None.
        periodic: Whether the window is that of a period, instead of a symmetric one.
        scaling: "density" or "spectrum": by what the window is divided (its root of summed
            squares, its sum); None for nothing.
        padding: "valid" for whole frames, "same" for zeros around the sound.
        expand_dims: Whether the frequencies get an axis of their own, as in images.
        data_format: "channels_first" or "channels_last"; None is "channels_last".

    Input shape:
        (batch, samples, channels).
    Output shape:
        (batch, frames, channels * bins), bins being fft_length // 2 + 1; with `expand_dims`
        (batch, frames, bins, channels).

    Raises:
        ArgumentError: Lengths that do not fit each other.
        ShapeError: Sounds shorter than a frame, or without an axis of channels.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.STFTSpectrogram(frame_length=64, trainable=False)
        >>> layer(np.zeros((2, 320, 1), "float32")).shape
        (2, 9, 33)

    Source: Allen, "Short Term Spectral Analysis, Synthesis, and Modification by Discrete Fourier
    Transform" (1977).

    Differs from Keras: windows are named, not given as numbers.
    """

    mode: str = choice(MODES, default="log")
    frame_length: int = count(default=256, low=2)
    frame_step: int | None = count(default=None, optional=True)
    fft_length: int | None = count(default=None, optional=True)
    window: str | None = choice(("hann", "hamming", None), default="hann")
    periodic: bool = flag(default=False)
    scaling: str | None = choice(("density", "spectrum", None), default="density")
    padding: str = choice(("valid", "same"), default="valid")
    expand_dims: bool = flag(default=False)
    data_format: str | None = choice(DATA_FORMATS, default=None, kw_only=True)

    def problems(self) -> Iterator[Problem]:
        length = self.frame_length
        if self.frame_step is not None and self.frame_step > length:
            expected = f"at most frame_length={length}"
            yield Problem("STFTSpectrogram(frame_step=...)", str(self.frame_step), expected)
        if self.fft_length is not None and self.fft_length < length:
            expected = f"at least frame_length={length}"
            yield Problem("STFTSpectrogram(fft_length=...)", str(self.fft_length), expected)

    @property
    def _step(self) -> int:
        return self.frame_step or self.frame_length // 2

    @property
    def _bins(self) -> int:
        size = self.fft_length or 1 << (self.frame_length - 1).bit_length()
        return size // 2 + 1

    def shape_problems(self, shape: Shape) -> Sequence[Problem]:
        if len(shape) != 2:
            fix = "Give the channels an axis: x[..., None]." if len(shape) == 1 else ""
            expected = "(batch, samples, channels)"
            return [Problem(self.label, f"inputs of shape {(None, *shape)}", expected, fix)]
        length = self._sizes(shape)[0]
        if length is not None and length < self.frame_length and self.padding == "valid":
            given, fix = f"sounds of {count_text(length, 'sample')}", "Write padding='same'."
            return [Problem(self.label, given, f"at least frame_length={self.frame_length}", fix)]
        return []

    def _sizes(self, shape: Shape) -> Shape:
        """Return samples and channels of inputs of `shape`."""
        return shape[::-1] if self.data_format == CHANNELS_FIRST else shape

    def build(self, shape: Shape) -> Mapping[str, Weight]:
        kernel = (self.frame_length, 1, self._bins)
        return {
            f"{side}_kernel": Weight(
                kernel, STFT(side, self.window, self.scaling, self.periodic), trainable=True
            )
            for side, other in (("real", "imag"), ("imag", "real"))
            if self.mode != other
        }

    def output_shape(self, shape: Shape) -> Shape:
        length, channels = self._sizes(shape)
        steps = None
        if length is not None:
            whole = length if self.padding == "same" else length - self.frame_length + 1
            steps = -(-whole // self._step)
        bins = self._bins * (2 if self.mode == "stft" else 1)
        first = self.data_format == CHANNELS_FIRST
        if self.expand_dims:
            return (channels, steps, bins) if first else (steps, bins, channels)
        joined = None if channels is None else channels * bins
        return (joined, steps) if first else (steps, joined)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        channels_last = jnp.swapaxes(inputs, 1, 2) if self._turned else inputs
        spectrum = self._spectrum(
            {name: self._transform(channels_last, kernel) for name, kernel in weights.items()}
        )
        return self._laid_out(spectrum)

    @property
    def _turned(self) -> bool:
        return self.data_format == CHANNELS_FIRST

    def _transform(self, inputs: Array, kernel: Array) -> Array:
        """Return each channel's transform, shape (batch, channels, frames, bins)."""
        batch, samples, channels = inputs.shape
        apart = jnp.swapaxes(inputs, 1, 2).reshape(batch * channels, samples, 1)
        found = conv.convolve(apart, kernel, (self._step,), self.padding)
        return found.reshape(batch, channels, *found.shape[1:])

    def _spectrum(self, parts: Mapping[str, Array]) -> Array:
        if self.mode in ("real", "imag"):
            return parts[f"{self.mode}_kernel"]
        real, imag = parts["real_kernel"], parts["imag_kernel"]
        if self.mode == "angle":
            return jnp.arctan2(imag, real)
        if self.mode == "stft":
            return jnp.concatenate([real, imag], axis=-1)
        power = real**2 + imag**2
        if self.mode == "psd":
            return power.at[..., 1:-1].multiply(2)
        magnitude = jnp.sqrt(jnp.maximum(power, LEAST))
        return magnitude if self.mode == "magnitude" else jnp.log(jnp.maximum(magnitude, LEAST))

    def _laid_out(self, spectrum: Array) -> Array:
        """Return the spectrum, (batch, channels, frames, bins), with its axes as asked for."""
        batch, channels, steps, bins = spectrum.shape
        if self.expand_dims:
            return spectrum if self._turned else spectrum.transpose(0, 2, 3, 1)
        joined = spectrum.transpose(0, 2, 1, 3).reshape(batch, steps, channels * bins)
        return jnp.swapaxes(joined, 1, 2) if self._turned else joined
