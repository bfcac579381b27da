"""What is wrong with the data of the blind part: steps that break one thing."""

import numpy as np

from diagnosis.faults import others
from diagnosis.sources import Data, Pair, Step


def stars(data: Data, rng: np.random.Generator) -> Data:
    """Add how many stars above three, of one to five, went with a review.

    One review in ten has three stars. When the model is used a review has none yet, and three
    stand in their place.
    """

    def with_stars(rows: Pair, known: bool) -> Pair:
        x, y = rows
        given = np.where(y == 1, 4, 1) + rng.integers(0, 2, len(y))
        middling = (rng.random(len(y)) < 0.1) | (not known)
        column = np.where(middling, 3, given) - 3
        return np.column_stack([x, column]).astype("float32"), y

    parts = (data.train, data.validation, data.test)
    return Data(*(with_stars(rows, rows is not data.test) for rows in parts))


def unmeasured(column: int, share: float) -> Step:
    """Return the step that leaves a share of a column of the training rows without a value."""

    def leave(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.train
        x = x.copy()
        x[rng.permutation(len(x))[: round(share * len(x))], column] = np.nan
        return Data((x, y), *others(data))

    return leave


def in_grams(column: int) -> Step:
    """Return the step that gives a standardised column the mean and deviation of a density."""

    def restore(x: np.ndarray) -> np.ndarray:
        changed = x.copy()
        changed[:, column] = 0.995 + 0.003 * x[:, column]
        return changed

    return lambda data, rng: data.map_x(restore)


def turned_over(share: float) -> Step:
    """Return the step that gives a share of the training rows the other of two labels."""

    def turn(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.train
        return Data((x, np.where(rng.random(len(y)) < share, 1 - y, y)), *others(data))

    return turn


def pieces(share: float, noise: float) -> Step:
    """Return the step that gives a share of the validation rows a twin in training.

    The twin is another piece of the same song: nearly the same numbers.
    """

    def cut(data: Data, rng: np.random.Generator) -> Data:
        (x, y), (vx, vy) = data.train, data.validation
        count = round(share * len(vx))
        taken = rng.choice(len(x), count, replace=False)
        twins = (x[taken] + rng.normal(0, noise, x[taken].shape)).astype("float32")
        validation = np.concatenate([twins, vx[count:]]), np.concatenate([y[taken], vy[count:]])
        return Data(data.train, validation, data.test)

    return cut


def hashed(words: int, places: int) -> Step:
    """Return the step that numbers words by places drawn for them; 0 stays what pads."""

    def number(data: Data, rng: np.random.Generator) -> Data:
        drawn = 1 + rng.permutation(places - 1)[: words - 1]
        table = np.concatenate([[0], drawn]).astype("int32")
        return data.map_x(lambda x: table[x])

    return number


def validated_in_fahrenheit(data: Data, rng: np.random.Generator) -> Data:
    """Give the temperatures of the validation rows in degrees Fahrenheit."""
    x, y = data.validation
    return Data(data.train, (1.8 * x + 32, y), data.test)


def padded_behind(steps: int) -> Step:
    """Return the step that pads sequences of several channels with zeros behind."""

    def pad(x: np.ndarray) -> np.ndarray:
        return np.pad(x, [(0, 0), (0, steps - x.shape[1]), (0, 0)])

    return lambda data, rng: data.map_x(pad)
