"""Where a fit's batches come from: rows in memory, or batches made one by one."""

import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pellucid.errors import PellucidWarning, Problem, ShapeError, report
from pellucid.training.trainer import Chunk, Table, Trainer, window_of
from pellucid.wording import count_text

WINDOW = 16
"""Ready batches that one call of the program takes when they are made one by one."""


class MemoryFeed:
    """All rows are on the device; the program picks its batches itself."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer

    def ready(self, seconds: float) -> bool:
        """Say that there are rows."""
        return True

    def advance(self, budget: int) -> Chunk:
        """Make up to `budget` steps."""
        return self.trainer.advance(budget)

    @property
    def data(self) -> Any:
        """The rows from which the last steps took their batches."""
        return self.trainer.data

    def close(self) -> None:
        """Leave everything as it is."""


class StreamFeed:
    """Batches come from Python, a window at a time.

    Args:
        trainer: The program to feed.
        batches: Makes the batches from the first one on.
        steps: Steps in an epoch; None when the end of the batches tells.
        like: A batch whose form all others have.
        position: Batches of the first epoch that are trained on already.
    """

    def __init__(
        self,
        trainer: Trainer,
        batches: Callable[[], Iterator[Table]],
        steps: int | None,
        like: Table,
        position: int = 0,
    ) -> None:
        self.trainer, self.batches, self.steps, self.like = trainer, batches, steps, like
        self._source: Iterator[Table] | None = None
        self._position, self._number = position, 0
        self._ahead: Table | None = None

    def ready(self, seconds: float) -> bool:
        """Say that batches can be asked for."""
        return True

    def close(self) -> None:
        """Leave the generator as it is."""

    def advance(self, budget: int) -> Chunk:
        """Make up to `budget` steps, or fewer where the epoch ends."""
        taken, ended = self._take(min(budget, WINDOW))
        if not taken:
            fix = "A generator that ends can be used once; give one that starts anew."
            expected = "at least one in every epoch"
            report([Problem("fit(x=generator)", "no batch", expected, fix)])
        size = self.trainer.options.batch_size
        self.data = window_of(taken, size, WINDOW)
        chunk = self.trainer.advance_window(self.data, self._position, len(taken), ended)
        self._position = 0 if ended else self._position + len(taken)
        return chunk

    def _take(self, count: int) -> tuple[list[Table], bool]:
        """Return up to `count` batches, and whether they are the epoch's last."""
        if self._ahead is None:
            self._ahead = self._first_of_epoch()
        taken: list[Table] = []
        while self._ahead is not None and len(taken) < count:
            self._check(self._ahead)
            taken.append(self._ahead)
            full = self.steps is not None and self._position + len(taken) >= self.steps
            self._ahead = None if full else self._next()
        ended = self._ahead is None
        if ended and self.steps is None:
            self._source = None
        elif ended and self._position + len(taken) < (self.steps or 0):
            self._tell_short(self._position + len(taken))
        return taken, ended

    def _first_of_epoch(self) -> Table | None:
        """Return the next batch, from the first one on where there is none left."""
        found = self._next()
        if found is None:
            self._source = None
            found = self._next()
        return found

    def _next(self) -> Table | None:
        if self._source is None:
            self._source, self._number = self.batches(), 0
        return next(self._source, None)

    def _tell_short(self, steps: int) -> None:
        given = f"a generator that ended after {count_text(steps, 'step')}"
        problem = Problem("fit(steps_per_epoch=...)", given, f"{self.steps} steps in each epoch")
        warnings.warn(str(problem), PellucidWarning, stacklevel=6)

    def _check(self, batch: Table) -> None:
        where = f"batch {self._number} of the generator"
        self._number += 1
        first, size = self.like, self.trainer.options.batch_size
        if batch.rows > size:
            expected = "no batch to be larger than the first"
            given = f"{batch.rows} rows after a first batch of {size}"
            report([Problem(where, given, expected, "Begin with a full batch.")])
        for name in ("x", "y", "weights"):
            given, expected = _form(getattr(batch, name)), _form(getattr(first, name))
            if given != expected:
                problem = Problem(f"{where}, {name}", given, f"{expected}, as in the first batch")
                report([problem], ShapeError)


def _form(arrays: Sequence[Any]) -> str:
    """Return the shapes of one row of each array, in words."""
    shapes = ["none" if one is None else str(one.shape[1:]) for one in arrays]
    return f"rows of shape {', '.join(shapes)}"


def is_stream(x: Any) -> bool:
    """Return True for generators, iterators and indexable sequences of batches."""
    if hasattr(x, "__next__"):
        return True
    known = hasattr(x, "shape") or hasattr(x, "dtype") or isinstance(x, (list, tuple, dict, str))
    frame = hasattr(x, "columns") or hasattr(x, "to_numpy")
    indexed = hasattr(x, "__getitem__") and hasattr(x, "__len__")
    return not known and not frame and (indexed or hasattr(x, "__iter__"))


def reads_once(x: Any) -> bool:
    """Return True for a generator or an iterator, whose batches are gone once they are read."""
    return hasattr(x, "__next__") and not (hasattr(x, "__getitem__") and hasattr(x, "__len__"))


def refuse_beside(where: str, **given: Any) -> None:
    """Refuse arguments that a generator's batches hold themselves.

    Raises:
        ArgumentError: One is given.
    """
    names = [name for name, value in given.items() if value is not None]
    if names:
        expected = "batches of (x, y) or (x, y, sample_weight) from the generator alone"
        report([Problem(where, f"{' and '.join(names)} beside it", expected)])


def rows_of_steps(steps: int | None, batch_size: int | None) -> int | None:
    """Return how many rows so many steps take; None for all of them."""
    return None if steps is None else steps * (batch_size or 32)


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
