"""Rows in files on their way to a network, when they are too many for memory."""

from typing import Any

import numpy as np

from pellucid.data.dataset import Dataset
from pellucid.data.file_rows import FileRows
from pellucid.data.room import Room, amount_text
from pellucid.models.streaming import KEPT_BYTES, MOST_READERS, READ_BYTES, WINDOW_BYTES
from pellucid.training.program import order_of_rows
from pellucid.types import NumpyArray
from pellucid.wording import count_text

AT_ONCE = 2 * (2 * WINDOW_BYTES + 2 * (MOST_READERS + 1) * READ_BYTES + KEPT_BYTES)
"""Bytes that rows in files take at most: two windows, what is read as it was read and as numbers,
and what is kept; for those to learn from, and for those that say when to stop."""


class InMemoryOrder(Dataset):
    """A dataset whose rows are shuffled as `fit` shuffles rows in memory, for the same weights."""

    def order_of(self, epoch: int | None) -> NumpyArray:
        """Return the numbers of the rows in the order of an epoch, or in their own for None."""
        if not self.shuffle or epoch is None:
            return np.arange(self.rows)
        return order_of_rows(self.seed, epoch, self.rows)


def dataset_of(
    x: FileRows, labels: NumpyArray | None = None, batch_size: int = 32, seed: int | None = None
) -> Dataset:
    """Return rows in files as `fit` and `predict` take them.

    Args:
        x: The rows.
        labels: What the network shall say of each; None where nothing is known.
        batch_size: Rows in a batch.
        seed: Seed of the model that learns from them; None for rows in their own order.
    """

    def load(numbers: NumpyArray) -> Any:
        rows = x.array(numbers)
        return rows if labels is None else (rows, labels[numbers])

    return InMemoryOrder(load, len(x), batch_size, seed is not None, seed or 0, parallel=True)


def streams_text(rows: int, size: int, room: Room, noun: str) -> str:
    """Return a sentence that says why rows stay in their files.

    Args:
        rows: How many there are.
        size: Bytes that they would take in memory.
        room: What they may take.
        noun: One of them, in words.
    """
    half = "half of what there is (in training memory says otherwise)"
    which = "as was asked" if room.chosen else half
    return (
        f"{count_text(rows, noun)} would take {amount_text(size)} of memory, more than "
        f"{amount_text(room.size)}, {which}: they stay in their files and are read when they are "
        f"needed, at most {amount_text(AT_ONCE)} of them at a time."
    )
