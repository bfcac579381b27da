"""What is wrong with the data of the sealed part: steps that break one thing."""

import numpy as np

from diagnosis.faults import others
from diagnosis.sources import Data, Pair, Step, standardised


def glitches(column: int, rows: int, value: float) -> Step:
    """Return the step that puts a value of a failing sensor into a few training rows."""

    def spoil(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.train
        x = x.copy()
        x[rng.permutation(len(x))[:rows], column] = value
        return Data((x, y), *others(data))

    return spoil


def row_names(most: int) -> Step:
    """Return the step that adds the number by which a row is known in a data base."""

    def add(data: Data, rng: np.random.Generator) -> Data:
        def named(x: np.ndarray) -> np.ndarray:
            return np.column_stack([x, rng.integers(1, most, len(x))]).astype("float32")

        return data.map_x(named)

    return add


def own_mean(data: Data, rng: np.random.Generator) -> Data:
    """Add the mean target of each piece over the training rows, in which every piece occurs once.

    Other rows hold pieces that were not met, and get the mean of all.
    """
    x, y = data.train

    def unmet(rows: Pair) -> Pair:
        column = np.full(len(rows[0]), y.mean(), "float32")
        return np.column_stack([rows[0], column]), rows[1]

    train = np.column_stack([x, y]).astype("float32"), y
    return Data(train, unmet(data.validation), unmet(data.test))


def in_thousands(share: float) -> Step:
    """Return the step that writes a share of the targets of training and validation rows in a
    unit that is a thousand times as large.
    """

    def mix(data: Data, rng: np.random.Generator) -> Data:
        def mixed(rows: Pair) -> Pair:
            x, y = rows
            return x, np.where(rng.random(len(y)) < share, y / 1000, y).astype("float32")

        return Data(mixed(data.train), mixed(data.validation), data.test)

    return mix


def oversampled(label: int, kept: int, times: int) -> Step:
    """Return the step that copies the few rows of a class before the rows are split.

    Of the class `kept` rows are there, each of which comes `times` times, on either side.
    """

    def copy(data: Data, rng: np.random.Generator) -> Data:
        (x, y), (vx, vy) = data.train, data.validation
        own = rng.permutation(np.repeat(x[y == label][:kept], times, axis=0))
        cut = round(len(own) * len(x) / (len(x) + len(vx)))

        def joined(rows: Pair, copies: np.ndarray) -> Pair:
            x, y = rows
            marks = np.full(len(copies), label, y.dtype)
            x = np.concatenate([x[y != label], copies])
            return x, np.concatenate([y[y != label], marks])

        return Data(joined(data.train, own[:cut]), joined((vx, vy), own[cut:]), data.test)

    return copy


def numbered_otherwise(classes: int) -> Step:
    """Return the step that numbers the classes of the validation rows from another one on."""

    def renumber(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.validation
        return Data(data.train, (x, ((y + 1) % classes).astype(y.dtype)), data.test)

    return renumber


def rare_mark(mark: int, kept: int) -> Step:
    """Return the step that leaves few training rows with one of several marks."""

    def leave(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.train
        marked = np.flatnonzero(y[:, mark] == 1)
        keep = np.sort(np.concatenate([np.flatnonzero(y[:, mark] == 0), marked[:kept]]))
        return Data((x[keep], y[keep]), *others(data))

    return leave


def unlabelled(share: float) -> Step:
    """Return the step that leaves a share of the training rows without a class, written as -1."""

    def leave(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.train
        return Data((x, np.where(rng.random(len(y)) < share, -1, y).astype(y.dtype)), *others(data))

    return leave


def split_by_size(column: int) -> Step:
    """Return the step that splits a file sorted by a column by position: the largest rows are
    validated on, the others are trained on.
    """

    def split(data: Data, rng: np.random.Generator) -> Data:
        x = np.concatenate([data.train[0], data.validation[0]])
        y = np.concatenate([data.train[1], data.validation[1]])
        order, cut = np.argsort(x[:, column], kind="stable"), len(data.train[0])
        first, last = order[:cut], order[cut:]
        return Data((x[first], y[first]), (x[last], y[last]), data.test)

    return split


def with_ratio(above: int, below: int) -> Step:
    """Return the step that standardises the columns and adds the ratio of two, as it is."""

    def add(data: Data, rng: np.random.Generator) -> Data:
        def ratio(x: np.ndarray) -> np.ndarray:
            with np.errstate(divide="ignore", invalid="ignore"):
                return x[:, above] / x[:, below]

        raw = [ratio(x) for x, _ in (data.train, data.validation, data.test)]
        even = standardised(data, rng)
        parts = zip((even.train, even.validation, even.test), raw, strict=True)
        return Data(*((np.column_stack([x, one]), y) for (x, y), one in parts))

    return add


def by_file_name(data: Data, rng: np.random.Generator) -> Data:
    """Give the rows labels in the order of file names without leading zeros: 0, 1, 10, 100, 11."""

    def mixed(rows: Pair) -> Pair:
        x, y = rows
        return x, y[sorted(range(len(y)), key=str)]

    return Data(mixed(data.train), mixed(data.validation), data.test)


def last_only(data: Data, rng: np.random.Generator) -> Data:
    """Put the last training image in the place of all, as a list of one array does."""
    x, y = data.train
    return Data((np.repeat(x[-1:], len(x), axis=0), y), *others(data))


def validated_backwards(data: Data, rng: np.random.Generator) -> Data:
    """Turn the sequences of the validation rows round."""
    x, y = data.validation
    return Data(data.train, (x[:, ::-1].copy(), y), data.test)
