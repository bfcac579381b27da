"""Rows that lie in chunks, each of which is read as a whole."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from pellucid.data.arrays import to_array
from pellucid.data.dataset import Dataset, Read
from pellucid.types import NumpyArray

BUFFER_CHUNKS = 8
"""Chunks whose rows are shuffled among each other, where nothing else is asked for."""


class ChunkedDataset(Dataset):
    """Rows that are read a chunk at a time: the parts of a table, files, answers of a data base.

    In each epoch the chunks come in a new order, and the rows are shuffled in a buffer of
    several chunks.

    Args:
        load: Returns the chunk with the given number: (x, y), (x, y, sample_weight) or x alone.
        chunk_rows: Rows of each chunk.
        batch_size: Rows in a batch; the last one may have fewer. None for single rows.
        shuffle: Whether every epoch has an order of its own.
        seed: Seed of the orders.
        buffer_size: Rows that are shuffled among each other, rounded up to whole batches; those
            of eight chunks when None.
        name: Returns what messages call the chunk with the given number.
    """

    def __init__(
        self,
        load: Callable[[int], Any],
        chunk_rows: Sequence[int],
        batch_size: int | None = 32,
        shuffle: bool = False,
        seed: int = 0,
        buffer_size: int | None = None,
        name: Callable[[int], str] = "chunk {}".format,
    ) -> None:
        self.chunk_rows = np.asarray(chunk_rows, np.int64)
        super().__init__(self._chosen, int(self.chunk_rows.sum()), batch_size, shuffle, seed)
        self._read, self._name = load, name
        batch = batch_size or 1
        wanted = buffer_size or int(BUFFER_CHUNKS * -(-self.rows // len(self.chunk_rows)))
        self.buffer_rows = -(-wanted // batch) * batch
        self._held: tuple[tuple[int, int], Any] | None = None

    def order_of(self, epoch: int | None) -> NumpyArray:
        """Return the numbers of the rows in the order of an epoch, or in their own for None."""
        firsts = np.cumsum(self.chunk_rows) - self.chunk_rows
        lying = np.split(np.arange(self.rows), firsts[1:])
        order = np.concatenate([lying[one] for one in self._chunks(epoch)])
        for start in range(0, self.rows, self._buffer):
            part = order[start : start + self._buffer]
            part[:] = part[self._drawn(epoch, start, len(part))]
        return order

    def on_epoch_end(self) -> None:
        """Put the rows in the next epoch's order, for who goes through the batches by hand."""
        super().on_epoch_end()
        self._held = None

    def arrays(self) -> Any:
        """Return all rows at once, in their own order: (x, y), or x alone."""
        return _joined([self._read(number) for number in range(len(self.chunk_rows))])

    def reads(self, epoch: int | None, start: int, count: int) -> Iterator[Read]:
        """Yield the chunks of an epoch, from the one with place `start` on; see `Dataset`."""
        passed = 0
        for number in self._chunks(epoch):
            rows = int(self.chunk_rows[number])
            if rows and passed + rows > start:
                load = partial(self._read, int(number))
                yield Read(self._name(int(number)), load, rows, max(0, start - passed))
            passed += rows

    def places(self, epoch: int | None, start: int, count: int) -> NumpyArray | None:
        """Return where rows go that are read one after the other; see `Dataset`."""
        if not self.shuffle or epoch is None:
            return None
        places = np.empty(count, np.int64)
        places[self._drawn(epoch, start, count)] = np.arange(count)
        return places

    @property
    def _buffer(self) -> int:
        assert self.buffer_rows is not None
        return self.buffer_rows

    def _chunks(self, epoch: int | None) -> NumpyArray:
        """Return the numbers of the chunks in the order of an epoch."""
        numbers = np.arange(len(self.chunk_rows))
        if not self.shuffle or epoch is None:
            return numbers
        return np.random.default_rng([self.seed, epoch]).permutation(numbers)

    def _drawn(self, epoch: int | None, start: int, count: int) -> NumpyArray:
        """Return which of the rows of a buffer stands at each of its places."""
        if not self.shuffle or epoch is None:
            return np.arange(count)
        return np.random.default_rng([self.seed, epoch, start // self._buffer]).permutation(count)

    def _between(self, start: int, stop: int) -> Any:
        first = start // self._buffer * self._buffer
        if self._held is None or self._held[0] != (self._epoch, first):
            self._held = None
            self._held = (self._epoch, first), self._filled(first)
        part = slice(start - first, stop - first)
        return _mapped(lambda array: array[part], self._held[1])

    def _filled(self, start: int) -> Any:
        """Return the rows of the buffer that begins at a place of the present epoch."""
        count = min(self._buffer, self.rows - start)
        parts, rows = [], 0
        for one in self.reads(self._epoch, start, count):
            parts.append(_mapped(lambda array, skip=one.skip: array[skip:], one.load()))
            rows += one.rows - one.skip
            if rows >= count:
                break
        index = self._drawn(self._epoch, start, count)
        return _mapped(lambda array: array[index], _joined(parts))

    def _chosen(self, numbers: NumpyArray) -> Any:
        return _mapped(lambda array: array[numbers], self.arrays())


def _joined(parts: Sequence[Any]) -> Any:
    """Return what chunks hold as one."""
    return _mapped(lambda *arrays: np.concatenate(arrays), *parts)


def _mapped(function: Callable[..., NumpyArray], first: Any, *others: Any) -> Any:
    """Return what comes of the arrays that stand at the same place, in the form they come in."""
    if isinstance(first, Mapping):
        return {key: _mapped(function, *(one[key] for one in (first, *others))) for key in first}
    if isinstance(first, tuple) or _is_list_of_arrays(first):
        return tuple(_mapped(function, *column) for column in zip(first, *others, strict=True))
    return function(*(to_array(one, "a chunk", text=True) for one in (first, *others)))


def _is_list_of_arrays(value: Any) -> bool:
    return isinstance(value, list) and all(getattr(one, "ndim", 0) for one in value)
