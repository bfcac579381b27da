"""Sounds in files as arrays."""

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.errors import FileError, PellucidError, Problem, report
from pellucid.types import NumpyArray

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
    soundfile = _soundfile("read_sound")
    if not Path(path).is_file():
        raise FileError(f"{path}: got no such file, expected a sound.")
    try:
        with soundfile.SoundFile(path) as opened:
            if opened.frames * opened.channels > MOST_SAMPLES:
                given = f"{opened.frames:,} samples in {opened.channels} channels"
                report([Problem(str(path), given, f"at most {MOST_SAMPLES:,}")], FileError)
            own, samples = opened.samplerate, opened.read(dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        raise FileError(f"{path}: got what is no sound ({error}).") from None
    if not len(samples):
        raise FileError(f"{path}: got a sound of 0 samples, expected some.")
    found = samples.mean(axis=1) if mono else samples
    rate = own if sampling_rate is None else sampling_rate
    return resampled(found, own, rate), rate


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
