"""Many sounds as one array: one rate, one channel, no silence around, one length."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.left_out import left_out, read_each
from pellucid.data.sounds import middle_of, read_sound, sound_form, trimmed
from pellucid.types import NumpyArray
from pellucid.wording import count_text

MOST_RATE = 22_050
"""Samples a second above which sounds are not taken unless asked: what tells them apart is heard
far below."""

MOST_SECONDS = 10.0
"""Length above which sounds are cut to their middle unless asked, so that memory suffices."""

LEAST_SECONDS = 0.1

WHOLE = 0.98
"""Share of the sounds that the length chosen by data holds as a whole."""


@dataclass(frozen=True)
class Sounds:
    """Sounds as a network takes them.

    Args:
        x: float32, shape (sounds, samples).
        numbers: Which of the files they were.
        rate: Samples a second.
        seconds: Length of each.
        notes: Sentences about what was chosen, and about the files that were left out.
    """

    x: NumpyArray
    numbers: list[int]
    rate: int
    seconds: float
    notes: tuple[str, ...]


def read_sound_files(
    paths: Sequence[Path], rate: int | None, seconds: float | None, where: Any
) -> Sounds:
    """Read sounds whatever their rates, channels and lengths; leave out what is none.

    Args:
        paths: The files.
        rate: Samples a second; None for the commonest, at most 22,050.
        seconds: Length to which all are brought; None to choose one that nearly all fit in.
        where: The data, for messages.

    Raises:
        FileError: More than 5 % cannot be read.
        PellucidError: The package soundfile is not installed.
    """
    numbers, forms, broken = read_each(paths, sound_form)
    common = Counter(own for own, _ in forms).most_common(1)
    rate = rate or (min(common[0][0], MOST_RATE) if common else MOST_RATE)
    known = [paths[number] for number in numbers]
    kept, found, unread = read_each(known, partial(_heard, rate=rate))
    notes = left_out([*broken, *unread], len(paths), "sound", where)
    lengths = [len(one) for one in found]
    seconds = seconds or _seconds(lengths, rate)
    length = round(seconds * rate)
    x = np.stack([middle_of(one, length) for one in found])
    told = _told([forms[one] for one in kept], rate)
    told.append(_length_told(lengths, length, seconds))
    return Sounds(x, [numbers[one] for one in kept], rate, seconds, (*notes, *told))


def _heard(path: Path, rate: int) -> NumpyArray:
    return trimmed(read_sound(path, rate)[0], rate)


def _seconds(lengths: Sequence[int], rate: int) -> float:
    """Return a whole number of twentieths of a second in which nearly all sounds fit."""
    twentieths = np.ceil(np.round(np.quantile(lengths, WHOLE) / rate * 20, 6))
    return float(np.clip(twentieths / 20, LEAST_SECONDS, MOST_SECONDS))


def _told(forms: Sequence[tuple[int, int]], rate: int) -> list[str]:
    """Return what was done with rates and channels, in words."""
    told = [f"{rate:,} samples a second of each sound, trimmed of silence."]
    others = Counter(own for own, _ in forms if own != rate)
    if others:
        shown = ", ".join(f"{count_text(n, 'sound')} of {own:,}" for own, n in others.items())
        told.append(f"Brought to that rate: {shown}.")
    several = Counter(channels for _, channels in forms if channels > 1)
    if several:
        shown = ", ".join(f"{count_text(n, 'sound')} of {own}" for own, n in several.items())
        told.append(f"Channels averaged: {shown}.")
    return told


def _length_told(lengths: Sequence[int], length: int, seconds: float) -> str:
    cut = sum(one > length for one in lengths)
    rest = f"; of {count_text(cut, 'longer one')} the middle" if cut else ""
    return f"{seconds:g} seconds of each, silence around shorter ones{rest}."
