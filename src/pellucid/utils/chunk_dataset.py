"""Rows from wherever they lie, a chunk at a time."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pellucid.data.chunks import ChunkedDataset
from pellucid.data.dataset import Dataset, check_dataset
from pellucid.errors import Problem, report

PLACE = "dataset_from_chunks"


def dataset_from_chunks(
    load: Callable[[int], Any],
    chunk_rows: Sequence[int],
    batch_size: int | None = 32,
    shuffle: bool = True,
    seed: int | None = None,
    buffer_size: int | None = None,
) -> Dataset:
    """Return rows that a function reads a chunk at a time, for data larger than memory.

    While one buffer of rows is trained on, a thread reads the chunks of the next. In each epoch
    the chunks come in a new order and the rows are shuffled within a buffer; which order it is
    follows from the seed and the number of the epoch.

    Args:
        load: Returns the chunk with the given number, counted from 0: (x, y),
            (x, y, sample_weight), or x alone. It is called in a thread, one chunk at a time.
        chunk_rows: Rows of each chunk; some megabytes of them are a good size.
        batch_size: Rows in a batch; None for single rows.
        shuffle: Whether every epoch has its own order.
        seed: Seed of the orders; 0 when None.
        buffer_size: Rows that are shuffled among each other and trained on together, rounded up
            to whole batches; those of eight chunks when None.

    Returns:
        A `Dataset`, which `fit`, `evaluate` and `predict` take.

    Raises:
        ArgumentError: A number out of range, or no chunks.

    Example:
        >>> import numpy as np, pellucid
        >>> def load(number):
        ...     x = np.arange(4 * number, 4 * number + 4)[:, None]
        ...     return x, 2 * x
        >>> rows = pellucid.utils.dataset_from_chunks(load, [4, 4, 4], batch_size=5, shuffle=False)
        >>> [len(x) for x, y in rows]
        [5, 5, 2]

    Differs from Keras: Keras streams through `tf.data`, `torch` loaders or `PyDataset`, which
    shuffle rows or batches; here whole chunks are read and shuffled.
    """
    problems = [*check_dataset(PLACE, batch_size, seed), *check_buffer(PLACE, buffer_size)]
    sizes = np.asarray(chunk_rows)
    if sizes.ndim != 1 or not sizes.size or sizes.dtype.kind not in "iu" or sizes.min() < 0:
        expected = "the number of rows of each chunk, such as [1000, 1000, 500]"
        problems.append(Problem(f"{PLACE}(chunk_rows=...)", repr(chunk_rows), expected))
    elif not sizes.any():
        problems.append(Problem(f"{PLACE}(chunk_rows=...)", "no rows", "at least one"))
    report(problems)
    return ChunkedDataset(load, chunk_rows, batch_size, shuffle, seed or 0, buffer_size)


def check_buffer(where: str, buffer_size: Any) -> list[Problem]:
    """Return what is wrong with the size of a buffer."""
    whole = isinstance(buffer_size, (int, np.integer)) and not isinstance(buffer_size, bool)
    if buffer_size is None or (whole and buffer_size >= 1):
        return []
    expected = "a whole number of at least 1 (rows that are shuffled together), or None"
    return [Problem(f"{where}(buffer_size=...)", repr(buffer_size), expected)]
