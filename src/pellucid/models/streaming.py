"""Rows of a dataset on their way to the device, a window at a time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from pellucid.cores import available
from pellucid.data.dataset import Dataset, Read
from pellucid.data.prefetch import Ahead, in_order
from pellucid.errors import PellucidError, Problem, ShapeError, report
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import scorer_for
from pellucid.training.sharding import Sharding
from pellucid.training.trainer import Chunk, Table, Trainer
from pellucid.training.windows import Room, Window, form_text, row_bytes
from pellucid.types import NumpyArray
from pellucid.wording import count_text

WINDOW_BYTES = 64 << 20
"""Bytes of a window, where the dataset does not say how many rows it has; a batch at least."""

READ_BYTES = 8 << 20
"""Bytes that are read at once, where that is free to choose; a row at least."""

KEPT_BYTES = 256 << 20
"""Bytes up to which all rows are kept in memory, so that they are read only once a fit."""

MOST_READERS = 8
"""Threads that read files, at most."""

ToTable = Callable[[str, Any], Table]
"""Makes rows of what was read, given what messages call it."""

Check = Callable[[], None]


def _go_on() -> None:
    """Never leave early."""


def first_rows(dataset: Dataset, to_table: ToTable) -> Table:
    """Return some rows of a dataset, by which those to come are judged."""
    count = min(dataset.rows, dataset.batch_size or 1)
    return read_table(next(dataset.reads(None, 0, count)), to_table)


def load(read: Read) -> Any:
    """Return what is read now; a foreign error gets a note of what was being read."""
    try:
        return read.load()
    except Exception as error:
        if not isinstance(error, PellucidError):
            error.add_note(f"pellucid: this happened while reading {read.name}.")
        raise


def read_table(read: Read, to_table: ToTable, like: Table | None = None) -> Table:
    """Return rows that are read now.

    Args:
        read: What to read.
        to_table: Makes rows of it.
        like: Rows whose form they must have.

    Raises:
        ShapeError: Their number or form is another than was announced.
    """
    table = to_table(read.name, load(read))
    if table.rows != read.rows:
        given = count_text(table.rows, "row")
        report([Problem(read.name, given, f"{read.rows}, as the dataset says")], ShapeError)
    if like is not None and form_text(table) != form_text(like):
        expected, fix = f"{form_text(like)}, as in the first rows", "Pad or cut them to one form."
        report([Problem(read.name, form_text(table), expected, fix)], ShapeError)
    return table.part(slice(read.skip, None)) if read.skip else table


def readers_of(dataset: Dataset) -> int:
    """Return how many threads read a dataset's rows at once."""
    return min(MOST_READERS, available()) if dataset.parallel else 1


class Windows:
    """The rows of a dataset as windows, in which they lie in the order of an epoch.

    Args:
        dataset: The rows.
        to_table: Makes rows that fit the model of what was read.
        like: Some of the rows.
        batch: Rows in a batch; a window holds whole ones.
        rows: Rows to take, from the first on; all when None.
        size: Rows in a window; what takes up 64 MB when None.
    """

    def __init__(
        self,
        dataset: Dataset,
        to_table: ToTable,
        like: Table,
        batch: int,
        rows: int | None = None,
        size: int | None = None,
    ) -> None:
        self.dataset, self.to_table, self.batch = dataset, to_table, batch
        self.like = like.part([0])
        self.rows = dataset.rows if rows is None else min(rows, dataset.rows)
        self.row_bytes = row_bytes(self.like)
        self.batches = -(-self.rows // batch)
        fitting = max(1, WINDOW_BYTES // (self.row_bytes * batch)) * batch
        self.size = min(size or fitting, self.batches * batch)

    @property
    def small(self) -> bool:
        """Whether all rows may be kept in memory."""
        return self.row_bytes * self.rows <= KEPT_BYTES

    def whole(self, check: Check = _go_on) -> Table:
        """Return all rows in their own order."""
        kept = Room(self.like, self.rows)
        _Read(self._tables(None, 0, check), self.dataset, None).fill(kept, 0, self.rows)
        return kept.table()

    def of_epoch(
        self,
        sharding: Sharding,
        epoch: int | None,
        check: Check = _go_on,
        first: int = 0,
        kept: Table | None = None,
    ) -> Iterator[Window]:
        """Yield the windows of an epoch.

        Args:
            sharding: Where they lie.
            epoch: Its number; None for the rows' own order.
            check: Is called now and then, to leave early.
            first: Number of the first window that is wanted.
            kept: All rows, where they are in memory.
        """
        start = first * self.size
        if kept is None:
            source: Any = _Read(self._tables(epoch, start, check), self.dataset, epoch)
        else:
            source = _Kept(kept, self.dataset.order_of(epoch))
        for begin in range(start, self.rows, self.size):
            # Nothing here holds the window while it is used: two exist at most.
            yield self._filled(source, begin).window(sharding)

    def of_run(
        self, sharding: Sharding, first: int, last: int, check: Check = _go_on
    ) -> Iterator[Window]:
        """Yield the windows of one epoch after the other.

        Args:
            sharding: Where they lie.
            first: Number of the first batch that is wanted, counted from that of epoch 0.
            last: Number of the batch at which to end.
            check: Is called now and then, to leave early.
        """
        epoch, place = divmod(first, self.batches)
        again = last > (epoch + 1) * self.batches
        kept = self.whole(check) if again and self.small else None
        while epoch * self.batches < last:
            number = place * self.batch // self.size
            yield from self.of_epoch(sharding, epoch, check, number, kept)
            epoch, place = epoch + 1, 0

    def _filled(self, source: Any, start: int) -> Room:
        room = Room(self.like, self.size)
        source.fill(room, start, min(self.size, self.rows - start))
        return room

    def _tables(self, epoch: int | None, start: int, check: Check) -> Iterator[Table]:
        """Yield the rows of an epoch, from place `start` on, as they are read."""
        count = max(1, READ_BYTES // self.row_bytes)
        calls = (
            partial(read_table, one, self.to_table, self.like)
            for one in self.dataset.reads(epoch, start, count)
        )
        for table in in_order(calls, readers_of(self.dataset)):
            check()
            yield table


def loaded(dataset: Dataset) -> Iterator[tuple[str, Any]]:
    """Yield what a dataset reads, in the rows' own order, and what messages call it.

    The next is read in another thread while the last is used.
    """

    def named(read: Read) -> tuple[str, Any]:
        return read.name, load(read)

    def run(check: Check) -> Iterator[tuple[str, Any]]:
        reads = dataset.reads(None, 0, dataset.batch_size or 1)
        for one in in_order((partial(named, read) for read in reads), readers_of(dataset)):
            check()
            yield one

    with Ahead(run) as ahead:
        yield from ahead


class _Kept:
    """Rows in memory, from which windows are filled in a given order."""

    def __init__(self, table: Table, order: NumpyArray) -> None:
        self._table, self._order = table, order

    def fill(self, room: Room, start: int, count: int) -> None:
        room.add(self._table.part(self._order[start : start + count]))


class _Read:
    """Rows that are read table by table, of which the rest of the last one waits."""

    def __init__(self, tables: Iterator[Table], dataset: Dataset, epoch: int | None) -> None:
        self._tables, self._dataset, self._epoch = tables, dataset, epoch
        self._rest: Table | None = None

    def fill(self, room: Room, start: int, count: int) -> None:
        places = self._dataset.places(self._epoch, start, count)
        while room.filled < count:
            table = self._take(count - room.filled)
            end = room.filled + table.rows
            room.add(table, None if places is None else places[room.filled : end])

    def _take(self, most: int) -> Table:
        """Return the next rows, `most` of them at most."""
        table = next(self._tables) if self._rest is None else self._rest
        self._rest = table.part(slice(most, None)) if table.rows > most else None
        return table.part(slice(most)) if table.rows > most else table


class DatasetFeed:
    """Batches come from a dataset, a window at a time, the next of which is read meanwhile.

    Args:
        trainer: The program to feed, with the state from which it goes on.
        windows: The rows.
        steps: Steps in an epoch; where they are not those of the dataset, it is gone through
            again and again, whatever epoch it is.
        epochs: Epochs to make, the present one counted.
        validation: Rows to score at the end of each epoch.
    """

    def __init__(
        self,
        trainer: Trainer,
        windows: Windows,
        steps: int,
        epochs: int,
        validation: Windows | None = None,
    ) -> None:
        self.trainer, self.windows, self.steps, self.validation = (
            trainer,
            windows,
            steps,
            validation,
        )
        state = trainer.state
        assert state is not None
        epoch, self._position = int(state.epoch), int(state.position)
        first = epoch * steps + self._position
        self._made = first % windows.batches % (windows.size // windows.batch)
        self._window: Window | None = None
        run = partial(windows.of_run, trainer.program.sharding, first, (epoch + epochs) * steps)
        self._ahead = Ahead(run)

    @property
    def data(self) -> Any:
        """The rows from which the last steps took their batches."""
        return None if self._window is None else self._window.rows

    def ready(self, seconds: float) -> bool:
        """Wait for rows, at most so many seconds, and say whether there are some."""
        return self._left > 0 or self._ahead.ready(seconds)

    @property
    def _left(self) -> int:
        """Batches of the window that were not trained on yet."""
        return (
            0 if self._window is None else -(-self._window.count // self.windows.batch) - self._made
        )

    def advance(self, budget: int) -> Chunk:
        """Make up to `budget` steps, or fewer where the window or the epoch ends."""
        if not self._left:
            self._made = self._made if self._window is None else 0
            self._window = None
            self._window = next(self._ahead)
        window = self._window
        assert window is not None
        steps = min(budget, self._left, self.steps - self._position)
        ends = self._position + steps == self.steps
        chunk = self.trainer.advance_window(
            window.rows,
            self._position - self._made,
            steps,
            ends and self.validation is None,
            window.count,
        )
        self._made += chunk.steps
        if self.validation is not None and chunk.good and chunk.position == self.steps:
            chunk = self._scored(window, chunk)
        self._position = chunk.position
        return chunk

    def _scored(self, window: Window, made: Chunk) -> Chunk:
        """Score the validation rows, and end the epoch."""
        assert self.validation is not None
        recipe, state = self.trainer.recipe, self.trainer.state
        assert state is not None
        own = Recipe(recipe.network, recipe.objective, None)
        weights = np.asarray(state.trained), np.asarray(state.carried)
        sums, _ = sums_over(own, weights, self.validation)
        ended = self.trainer.end_epoch(window.rows, sums.astype(np.float32))
        return replace(ended, steps=made.steps, readings=made.readings, seconds=made.seconds)

    def close(self) -> None:
        """End the thread that reads."""
        self._ahead.close()


def sums_over(recipe: Recipe, weights: tuple[Any, Any], windows: Windows) -> tuple[NumpyArray, Any]:
    """Return the sums of losses and metrics over the rows of a dataset.

    Beside them: the weights that are not trained, which batches of stateful layers change.

    Args:
        recipe: What is scored.
        weights: The trained weights and the others.
        windows: The rows.
    """
    scorer = scorer_for(recipe, windows.batch)
    (trained, carried), total = weights, np.zeros(recipe.objective.size)
    with Ahead(partial(windows.of_epoch, scorer.sharding, None)) as ahead:
        for window in ahead:
            count = np.int32(window.count)
            sums, moved = scorer.run(trained, carried, recipe.hyper(), window.rows, count)
            carried = moved if recipe.network.stateful else carried
            total += np.asarray(sums, np.float64)
    return total, carried
