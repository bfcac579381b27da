"""Sequences with their classes, wherever they were read from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pellucid.types import NumpyArray
from pellucid.wording import count_text


@dataclass(frozen=True)
class SequenceSet:
    """Sequences of numbers, each with a name, perhaps a class and a group.

    Args:
        steps: The sequences, float32, shape (steps, channels) each.
        names: Where each came from.
        channels: Names of the channels.
        labels: The class of each; None where classes are not known.
        groups: A name for each; what has the same belongs together. None for none.
        test: True for what the data set keeps for the test; None where it does not say.
        notes: Sentences about what was left out.
    """

    steps: list[NumpyArray]
    names: list[str]
    channels: tuple[str, ...]
    labels: list[str] | None = None
    groups: list[str] | None = None
    test: NumpyArray | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    def noted(self, *notes: str) -> "SequenceSet":
        """Return the sequences with further notes."""
        return replace(self, notes=(*self.notes, *notes))


def numbered_channels(count: int) -> tuple[str, ...]:
    """Return names for channels that have none."""
    return tuple(f"channel_{number + 1}" for number in range(count))


def of_most_channels(
    steps: Sequence[NumpyArray], places: Sequence[str]
) -> tuple[list[int], list[str]]:
    """Return which sequences have as many channels as most, and what is wrong with the others.

    Args:
        steps: The sequences, shape (steps, channels) each.
        places: Where each stands, for messages.
    """
    widths = [one.shape[1] for one in steps]
    width = max({*widths}, key=widths.count) if widths else 0
    wrong = [
        f"{place}: got {count_text(one, 'channel')}, expected {width} as in most lines."
        for place, one in zip(places, widths, strict=True)
        if one != width
    ]
    return [number for number, one in enumerate(widths) if one == width], wrong


def joined(parts: Sequence[SequenceSet]) -> SequenceSet:
    """Return several sets with the same channels as one.

    Args:
        parts: The sets; classes are known in all of them or count in none.
    """
    labelled = all(one.labels is not None for one in parts)
    return SequenceSet(
        [steps for one in parts for steps in one.steps],
        [name for one in parts for name in one.names],
        parts[0].channels,
        [label for one in parts for label in one.labels or []] if labelled else None,
        notes=tuple(note for one in parts for note in one.notes),
    )
