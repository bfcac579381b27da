"""Rows that are read when they are asked for, because all of them would not fit into memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from pellucid.errors import Problem, report
from pellucid.types import NumpyArray


@dataclass(frozen=True)
class Read:
    """Rows that are read at once.

    Args:
        name: What messages call them.
        load: Reads them: (x, y), (x, y, sample_weight) or x alone.
        rows: How many it gives.
        skip: How many of these, from the first one on, are not wanted.
    """

    name: str
    load: Callable[[], Any]
    rows: int
    skip: int = 0


class Dataset:
    """Rows that are read when they are asked for; `fit`, `evaluate` and `predict` take them so.

    Args:
        load: Returns the rows with the given numbers: (x, y), or x alone where there are no
            labels.
        rows: Number of rows.
        batch_size: Rows in a batch; the last one may have fewer. None for single rows.
        shuffle: Whether every epoch has an order of its own.
        seed: Seed of the orders.
        parallel: Whether several threads may call `load` at once.

    Attributes:
        rows: Number of rows.
        class_names: Names of the classes, where labels are numbers of classes.
        file_paths: The file of each row, where rows are files.
    """

    buffer_rows: int | None = None
    """Rows that are shuffled among each other; None where every row may come at any place."""

    def __init__(
        self,
        load: Callable[[NumpyArray], Any],
        rows: int,
        batch_size: int | None = 32,
        shuffle: bool = False,
        seed: int = 0,
        parallel: bool = False,
    ) -> None:
        self._load, self.rows, self.parallel = load, rows, parallel
        self.batch_size, self.shuffle, self.seed = batch_size, shuffle, seed
        self.class_names: list[str] = []
        self.file_paths: list[str] = []
        self._epoch = 0

    @property
    def order(self) -> NumpyArray:
        """The numbers of the rows in the order of the present epoch."""
        return self.order_of(self._epoch)

    def order_of(self, epoch: int | None) -> NumpyArray:
        """Return the numbers of the rows in the order of an epoch, or in their own for None."""
        numbers = np.arange(self.rows)
        if not self.shuffle or epoch is None:
            return numbers
        return np.random.default_rng([self.seed, epoch]).permutation(numbers)

    def __len__(self) -> int:
        return self.rows if self.batch_size is None else -(-self.rows // self.batch_size)

    def __getitem__(self, number: int) -> Any:
        """Return a batch, (x, y) or x.

        Args:
            number: Its number in the epoch; negative ones count from the end.
        """
        place = number + len(self) if number < 0 else number
        if not 0 <= place < len(self):
            raise IndexError(f"batch {number}: got a number beyond the {len(self)} batches.")
        if self.batch_size is None:
            return _first(self._between(place, place + 1))
        start = place * self.batch_size
        return self._between(start, start + self.batch_size)

    def _between(self, start: int, stop: int) -> Any:
        """Return the rows at these places of the present epoch."""
        return self._load(self.order[start:stop])

    def __iter__(self) -> Iterator[Any]:
        """Yield the batches of one epoch."""
        for number in range(len(self)):
            yield self[number]
        self.on_epoch_end()

    def on_epoch_end(self) -> None:
        """Put the rows in the next epoch's order, for who goes through the batches by hand."""
        self._epoch += 1

    def arrays(self) -> Any:
        """Return all rows at once, in their own order: (x, y), or x alone.

        What fits into memory trains faster so: `fit(*dataset.arrays())`.
        """
        return self._load(np.arange(self.rows))

    # -- reading in the order of an epoch ------------------------------------------------------

    def reads(self, epoch: int | None, start: int, count: int) -> Iterator[Read]:
        """Yield what to read for the rows of an epoch, from place `start` on, one after the other.

        Args:
            epoch: The epoch; None for the rows' own order.
            start: Place of the first row that is wanted.
            count: Rows to read at once, where that is free to choose.
        """
        order = self.order_of(epoch)
        for first in range(start, self.rows, count):
            numbers = order[first : first + count]
            name = f"rows {first} to {first + len(numbers) - 1} of the dataset"
            yield Read(name, partial(self._load, numbers), len(numbers))

    def places(self, epoch: int | None, start: int, count: int) -> NumpyArray | None:
        """Return where rows go that are read one after the other; None where they stay so.

        Args:
            epoch: The epoch; None for the rows' own order.
            start: Place in the epoch of the first row: a multiple of `buffer_rows`.
            count: Rows, at most `buffer_rows`.
        """
        return None


def _first(loaded: Any) -> Any:
    """Return the only row of what was loaded, without the batch axis."""
    return tuple(one[0] for one in loaded) if isinstance(loaded, tuple) else loaded[0]


def check_dataset(where: str, batch_size: Any, seed: Any) -> list[Problem]:
    """Return what is wrong with the arguments that all makers of datasets share."""
    problems = []
    for name, value, low, optional in (
        ("batch_size", batch_size, 1, True),
        ("seed", seed, 0, True),
    ):
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not (whole and value >= low) and not (optional and value is None):
            expected = f"a whole number of at least {low}, or None"
            problems.append(Problem(f"{where}({name}=...)", repr(value), expected))
    return problems


def split_part(
    where: str, rows: int, share: float | None, subset: str | None, seed: int | None
) -> NumpyArray:
    """Return the numbers of the rows of one part, in an order that a seed draws.

    Args:
        where: The function that was called, for messages.
        rows: Number of rows.
        share: Share of the rows in the part "validation"; None for no parts.
        subset: "training" or "validation".
        seed: Seed of the split; both parts need the same.

    Raises:
        ArgumentError: A share without a part, a part without a share, or no seed.
    """
    order = np.random.default_rng(seed or 0).permutation(rows)
    if share is None and subset is None:
        return order
    problems = []
    if subset not in ("training", "validation"):
        expected = "'training' or 'validation'"
        problems.append(Problem(f"{where}(subset=...)", repr(subset), expected))
    number = isinstance(share, (int, float)) and not isinstance(share, bool)
    if not (number and 0 < float(share or 0) < 1):
        expected = "a share of the rows between 0 and 1"
        problems.append(Problem(f"{where}(validation_split=...)", repr(share), expected))
    if seed is None:
        fix = "Both parts are drawn by the same one: seed=0."
        problems.append(Problem(f"{where}(seed=...)", "None", "a seed for the split", fix))
    report(problems)
    held = round(rows * float(share or 0))
    return order[rows - held :] if subset == "validation" else order[: rows - held]
