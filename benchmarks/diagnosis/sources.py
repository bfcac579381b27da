"""The data of the set-ups: rows that a reader gives, dealt into three parts and prepared."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain, pairwise

import numpy as np

from diagnosis import readers
from diagnosis.blind import readers as blind
from diagnosis.fresh import readers as fresh
from diagnosis.held import readers as held
from diagnosis.readers import Pair
from diagnosis.sealed import readers as sealed
from diagnosis.unseen import readers as unseen

PARTS = (readers, unseen, fresh, blind, sealed, held)
READERS = dict(chain.from_iterable(part.READERS.items() for part in PARTS))
MADE_OR_PACKAGED = frozenset(chain.from_iterable(part.MADE_OR_PACKAGED for part in PARTS))


@dataclass(frozen=True)
class Data:
    """Rows to train on, to validate on while training, and to judge by afterwards."""

    train: Pair
    validation: Pair
    test: Pair

    def map_x(self, change: Callable[[np.ndarray], np.ndarray]) -> "Data":
        """Return the data with the inputs of all three parts changed."""
        parts = (self.train, self.validation, self.test)
        return Data(*((change(x), y) for x, y in parts))

    def map_y(self, change: Callable[[np.ndarray], np.ndarray]) -> "Data":
        """Return the data with the labels of all three parts changed."""
        parts = (self.train, self.validation, self.test)
        return Data(*((x, change(y)) for x, y in parts))


Step = Callable[[Data, np.random.Generator], Data]


@dataclass(frozen=True)
class Source:
    """A data set, how many rows of it are used, and how they are prepared.

    Args:
        name: A key of `READERS`.
        rows: Rows to train on.
        held: Rows to validate on, and as many at most to judge by.
        steps: What is done to the three parts, in order.
        in_order: Whether the parts follow each other in time, rather than being drawn at random.
    """

    name: str
    rows: int
    held: int
    steps: tuple[Step, ...] = ()
    in_order: bool = False

    def __call__(self, seed: int) -> Data:
        x, y = READERS[self.name]()
        rng = np.random.default_rng([seed, 7])
        if self.in_order:
            first = int(rng.integers(0, len(x) - self.rows - 2 * self.held + 1))
            order = np.arange(first, first + self.rows + 2 * self.held)
        else:
            order = rng.permutation(len(x))
        ends = (0, self.rows, self.rows + self.held, self.rows + 2 * self.held)
        cuts = [order[begin:end] for begin, end in pairwise(ends)]
        data = Data(*((x[rows], y[rows]) for rows in cuts))
        for number, step in enumerate(self.steps):
            data = step(data, np.random.default_rng([seed, number]))
        return data

    def but(self, *steps: Step) -> "Source":
        """Return the source with other steps."""
        return replace(self, steps=steps)

    def then(self, *steps: Step) -> "Source":
        """Return the source with further steps."""
        return replace(self, steps=self.steps + steps)


def standardised(data: Data, rng: np.random.Generator) -> Data:
    """Give each column, or channel, of the inputs mean 0 and deviation 1 over the training rows."""
    x = data.train[0]
    axes = tuple(range(x.ndim - 1))
    mean, deviation = x.mean(axes), x.std(axes)
    return data.map_x(lambda x: ((x - mean) / deviation).astype("float32"))


def standardised_targets(data: Data, rng: np.random.Generator) -> Data:
    """Give the targets mean 0 and deviation 1 over the training rows."""
    y = data.train[1]
    mean, deviation = y.mean(), y.std()
    return data.map_y(lambda y: ((y - mean) / deviation).astype("float32"))


def divided(most: float) -> Step:
    """Return the step that divides the inputs by their largest possible value."""
    return lambda data, rng: data.map_x(lambda x: (x / most).astype("float32"))
