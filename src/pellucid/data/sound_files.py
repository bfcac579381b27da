"""Many sounds as one array: one rate, one channel, no silence around, one length."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.file_rows import FileRows, find_rows
from pellucid.data.left_out import left_out, read_each
from pellucid.data.room import Room, needed
from pellucid.data.sounds import SoundForm, middle_of, read_sound, sound_form, trimmed
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
        x: float32, shape (sounds, samples): an array, or rows in files.
        numbers: Which of the files they were.
        rate: Samples a second.
        seconds: Length of each.
        form: Sentences about the rate and length that all were brought to.
        notes: Sentences about the files that were left out, and those that were another form.
        memory: Bytes that they take in memory, or would take.
    """

    x: NumpyArray | FileRows
    numbers: list[int]
    rate: int
    seconds: float
    form: tuple[str, ...]
    notes: tuple[str, ...]
    memory: int


def read_sound_files(
    paths: Sequence[Path],
    rate: int | None,
    seconds: float | None,
    where: Any,
    room: Room | None = None,
) -> Sounds:
    """Read sounds whatever their rates, channels and lengths; leave out what is none.

    Args:
        paths: The files.
        rate: Samples a second; None for the commonest, at most 22,050.
        seconds: Length to which all are brought; None to choose one that nearly all fit in.
        where: The data, for messages.
        room: What they may take of memory; more are left in their files. Half of what there is
            when None.

    Raises:
        FileError: More than 5 % cannot be read.
        PellucidError: The package soundfile is not installed.
    """
    numbers, forms, broken = read_each(paths, sound_form)
    common = Counter(own.rate for own in forms).most_common(1)
    rate = rate or (min(common[0][0], MOST_RATE) if common else MOST_RATE)
    known = [paths[number] for number in numbers]
    memory = _memory(forms, rate, seconds)
    fits = (room or Room.of(None)).holds(memory)
    heard = partial(_heard, rate=rate)
    whole: list[NumpyArray] = []
    if fits:
        kept, whole, unread = read_each(known, heard)
        lengths = [len(one) for one in whole]
    else:
        kept, lengths, unread = read_each(known, lambda path: len(heard(path)))
    notes = left_out([*broken, *unread], len(paths), "sound", where)
    seconds = seconds or _seconds(lengths, rate)
    length = round(seconds * rate)
    if fits:
        x: NumpyArray | FileRows = np.stack([middle_of(one, length) for one in whole])
    else:
        cut = partial(_cut, rate=rate, length=length)
        _, x, _ = find_rows([known[one] for one in kept], cut, (length,), np.float32)
    form = (
        f"{rate:,} samples a second of each sound, trimmed of silence.",
        f"{seconds:g} seconds of each, silence around shorter ones.",
    )
    others = _others([forms[one] for one in kept], lengths, rate, length)
    return Sounds(x, [numbers[one] for one in kept], rate, seconds, form, (*notes, *others), memory)


def _memory(forms: Sequence[SoundForm], rate: int, seconds: float | None) -> int:
    """Return the bytes that sounds take in memory, as their heads tell."""
    if not forms:
        return 0
    lengths = [one.seconds for one in forms]
    each = seconds or min(float(np.quantile(lengths, WHOLE)), MOST_SECONDS)
    a_second = rate * np.dtype(np.float32).itemsize
    return needed(round(len(forms) * each * a_second), reading=round(sum(lengths) * a_second))


def _heard(path: Path, rate: int) -> NumpyArray:
    return trimmed(read_sound(path, rate)[0], rate)


def _cut(path: Path, rate: int, length: int) -> NumpyArray:
    return middle_of(_heard(path, rate), length)


def _seconds(lengths: Sequence[int], rate: int) -> float:
    """Return a whole number of twentieths of a second in which nearly all sounds fit."""
    twentieths = np.ceil(np.round(np.quantile(lengths, WHOLE) / rate * 20, 6))
    return float(np.clip(twentieths / 20, LEAST_SECONDS, MOST_SECONDS))


def _others(
    forms: Sequence[SoundForm], lengths: Sequence[int], rate: int, length: int
) -> Iterator[str]:
    """Yield what was done with sounds of other rates, of channels, and with longer ones."""
    others = Counter(one.rate for one in forms if one.rate != rate)
    if others:
        shown = ", ".join(f"{count_text(n, 'sound')} of {own:,}" for own, n in others.items())
        yield f"Brought to {rate:,} samples a second: {shown}."
    several = Counter(one.channels for one in forms if one.channels > 1)
    if several:
        shown = ", ".join(f"{count_text(n, 'sound')} of {own}" for own, n in several.items())
        yield f"Channels averaged: {shown}."
    cut = sum(one > length for one in lengths)
    if cut:
        yield f"Cut to the middle {length / rate:g} seconds: {count_text(cut, 'longer sound')}."
