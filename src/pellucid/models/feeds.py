"""Where a fit's batches come from: rows in memory, or batches made one by one."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from pellucid.errors import ArgumentError
from pellucid.training.trainer import Chunk, Table, Trainer, window_of

WINDOW = 16
"""Ready batches that one call of the program takes when they are made one by one."""


class MemoryFeed:
    """All rows are on the device; the program picks its batches itself."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer

    def advance(self, budget: int) -> Chunk:
        """Make up to `budget` steps."""
        return self.trainer.advance(budget)


class StreamFeed:
    """Batches come from Python, a window at a time.

    Args:
        trainer: The program to feed.
        batches: Makes the batches of one epoch.
        first: A batch that was taken to learn the shapes, to be used first.
        steps: Steps in an epoch; None when the end of the batches tells.
    """

    def __init__(
        self,
        trainer: Trainer,
        batches: Callable[[], Iterator[Table]],
        steps: int | None,
    ) -> None:
        self.trainer, self.batches, self.steps = trainer, batches, steps
        self._source: Iterator[Table] | None = None
        self._position = 0
        self._ahead: Table | None = None

    def advance(self, budget: int) -> Chunk:
        """Make up to `budget` steps, or fewer where the epoch ends."""
        taken, ended = self._take(min(budget, WINDOW))
        if not taken:
            raise ArgumentError(
                "fit(x=generator): got no batch, expected at least one in every epoch. A generator "
                "that ends can be used once; give one that starts anew, or steps_per_epoch."
            )
        size = self.trainer.options.batch_size
        window = window_of(taken, size, WINDOW)
        chunk = self.trainer.advance_window(window, self._position, len(taken), ended)
        self._position = 0 if ended else self._position + len(taken)
        return chunk

    def _take(self, count: int) -> tuple[list[Table], bool]:
        """Return up to `count` batches, and whether they are the epoch's last."""
        if self._source is None:
            self._source = self.batches()
            self._ahead = next(self._source, None)
        taken: list[Table] = []
        while self._ahead is not None and len(taken) < count:
            self._check(self._ahead)
            taken.append(self._ahead)
            full = self.steps is not None and self._position + len(taken) >= self.steps
            self._ahead = None if full else next(self._source, None)
        ended = self._ahead is None
        if ended:
            self._source = None
        return taken, ended

    def _check(self, batch: Table) -> None:
        size = self.trainer.options.batch_size
        if batch.rows > size:
            raise ArgumentError(
                f"fit(x=generator): got a batch of {batch.rows} rows after a first one of {size}, "
                "expected no batch to be larger than the first."
            )


def is_stream(x: Any) -> bool:
    """Return True for generators, iterators and indexable sequences of batches."""
    if hasattr(x, "__next__"):
        return True
    known = hasattr(x, "shape") or hasattr(x, "dtype") or isinstance(x, (list, tuple, dict, str))
    frame = hasattr(x, "columns") or hasattr(x, "to_numpy")
    indexed = hasattr(x, "__getitem__") and hasattr(x, "__len__")
    return not known and not frame and (indexed or hasattr(x, "__iter__"))


def raw_batches(x: Any) -> Iterator[Any]:
    """Yield the batches of one epoch from a generator, an iterable or an indexable sequence."""
    if hasattr(x, "__getitem__") and hasattr(x, "__len__"):
        for number in range(len(x)):
            yield x[number]
        if hasattr(x, "on_epoch_end"):
            x.on_epoch_end()
        return
    # Not `yield from`, which would close the user's generator with this one.
    for batch in x:  # noqa: UP028
        yield batch


def limited(batches: Iterator[Any], count: int | None) -> Iterator[Any]:
    """Yield at most `count` batches."""
    return batches if count is None else itertools.islice(batches, count)
