"""Sounds in files as arrays."""

import contextlib
import math
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pellucid.errors import FileError, PellucidError, Problem, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text

ENDINGS = (".wav", ".flac", ".ogg", ".mp3")

MOST_SAMPLES = 500_000_000
"""Samples of a sound above which it is taken for an attack on memory."""


def read_sound(
    path: str | os.PathLike[str], sampling_rate: int | None = None, mono: bool = True
) -> tuple[NumpyArray, int]:
    """Return the samples of a sound, and how many there are in a second.

    Args:
        path: The file: WAV, FLAC, OGG or MP3.
        sampling_rate: Samples a second to bring it to; None for its own.
        mono: Whether the channels are averaged.

    Returns:
        Samples from -1 to 1, float32: shape (samples,), or (samples, channels) unless `mono`.

    Raises:
        FileError: No such file, no sound, or an empty one.
        PellucidError: The package soundfile is not installed.
    """
    with _opened(path, "read_sound") as sound:
        own, samples = sound.samplerate, sound.read(dtype="float32", always_2d=True)
    if not len(samples):
        raise FileError(f"{path}: got a sound of 0 samples, expected some.")
    strange = int((~np.isfinite(samples)).sum())
    if strange:
        given = f"{count_text(strange, 'sample')} of {samples.size:,} NaN or infinite"
        report([Problem(str(path), given, "finite numbers")], FileError)
    found = samples.mean(axis=1) if mono else samples
    rate = own if sampling_rate is None else sampling_rate
    return resampled(found, own, rate), rate


@contextlib.contextmanager
def _opened(path: str | os.PathLike[str], where: str) -> Iterator[Any]:
    """Open a sound, and say it in our words when it is none."""
    soundfile = _soundfile(where)
    if not Path(path).is_file():
        raise FileError(f"{path}: got no such file, expected a sound.")
    if not Path(path).stat().st_size:
        raise FileError(f"{path}: got an empty file, expected a sound.")
    try:
        with soundfile.SoundFile(path) as opened:
            if opened.frames * opened.channels > MOST_SAMPLES:
                given = f"{opened.frames:,} samples in {opened.channels} channels"
                report([Problem(str(path), given, f"at most {MOST_SAMPLES:,}")], FileError)
            yield opened
    except soundfile.SoundFileError as error:
        raise FileError(f"{path}: got what is no sound ({error}).") from None


class SoundForm(NamedTuple):
    """What the head of a file says of a sound.

    Args:
        rate: Samples a second.
        channels: How many there are.
        seconds: How long it is.
    """

    rate: int
    channels: int
    seconds: float


def sound_form(path: str | os.PathLike[str]) -> SoundForm:
    """Return what the head of a file says of a sound, without reading its samples.

    Args:
        path: The file.

    Raises:
        FileError: No such file, no sound, or an empty one.
        PellucidError: The package soundfile is not installed.
    """
    with _opened(path, "sound_form") as sound:
        return SoundForm(sound.samplerate, sound.channels, sound.frames / sound.samplerate)


def resampled(samples: NumpyArray, own: int, wanted: int) -> NumpyArray:
    """Return samples brought from one rate to another, without what the new one cannot hold.

    Args:
        samples: Shape (samples, ...).
        own: Samples a second as they are.
        wanted: Samples a second as they shall be.
    """
    if own == wanted:
        return samples
    from scipy import signal

    common = math.gcd(own, wanted)
    found = signal.resample_poly(samples, wanted // common, own // common, axis=0)
    return found.astype(np.float32)


def of_length(samples: NumpyArray, length: int) -> NumpyArray:
    """Return the first `length` samples, with silence behind them where there are fewer."""
    missing = max(0, length - len(samples))
    pads = [(0, missing)] + [(0, 0)] * (samples.ndim - 1)
    return np.pad(samples[:length], pads)


def trimmed(samples: NumpyArray, rate: int, decibel: float = 60.0) -> NumpyArray:
    """Return a sound without the silence before and behind it.

    Args:
        samples: Shape (samples,).
        rate: Samples a second.
        decibel: Hundredths of a second are silent whose power lies more than this below that of
            the loudest.
    """
    size = max(1, rate // 100)
    pieces = -(-len(samples) // size)
    filled = of_length(samples, pieces * size).reshape(pieces, size).astype(np.float64)
    power = np.square(filled).mean(axis=1)
    heard = np.flatnonzero(power > power.max() * 10 ** (-decibel / 10))
    return samples[heard[0] * size : (heard[-1] + 1) * size] if len(heard) else samples


def middle_of(samples: NumpyArray, length: int) -> NumpyArray:
    """Return the middle `length` samples, with silence on both sides where there are fewer.

    Args:
        samples: Shape (samples,).
        length: How many there shall be.
    """
    spare = len(samples) - length
    if spare >= 0:
        return samples[spare // 2 : spare // 2 + length]
    return np.pad(samples, (-spare // 2, -spare - -spare // 2))


def read_sounds(paths: Sequence[Path], sampling_rate: int | None, length: int | None) -> NumpyArray:
    """Return several sounds as one array, silence behind the shorter ones.

    Returns:
        Shape (sounds, samples, 1).

    Raises:
        FileError: Some are no sounds, or their rates differ and none was asked for; all are told.
    """
    read, broken = [], []
    for path in paths:
        try:
            read.append(read_sound(path, sampling_rate))
        except FileError as error:
            broken.append(str(error))
    rates = {rate: path for (_, rate), path in zip(read, paths, strict=False)}
    if len(rates) > 1 and not broken:
        shown = ", ".join(f"{rate} ({path.name})" for rate, path in sorted(rates.items()))
        broken.append(
            f"sounds: got {shown} samples a second, expected one rate. Name the rate to bring "
            "them to: sampling_rate=16000."
        )
    if broken:
        raise FileError("\n".join(broken))
    size = length or max(len(samples) for samples, _ in read)
    return np.stack([of_length(samples, size) for samples, _ in read])[..., None]


def _soundfile(where: str) -> Any:
    try:
        import soundfile
    except ImportError:
        raise PellucidError(
            f"{where}: got no package soundfile, expected it to read sounds. "
            "Install it with: pip install 'pellucid[audio]'"
        ) from None
    return soundfile
