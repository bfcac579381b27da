"""What is wrong with the data of the unseen part: steps that break one thing."""

from collections.abc import Callable

import numpy as np

from diagnosis.faults import others
from diagnosis.sources import Data, Pair, Step


def in_training(change: Callable[[np.ndarray], np.ndarray]) -> Step:
    """Return the step that changes the inputs of the training rows only."""
    return lambda data, rng: Data((change(data.train[0]), data.train[1]), *others(data))


def in_validation(change: Callable[[np.ndarray], np.ndarray]) -> Step:
    """Return the step that changes the inputs of the validation rows only."""

    def prepare(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.validation
        return Data(data.train, (change(x), y), data.test)

    return prepare


def logarithm_of(column: int) -> Step:
    """Return the step that takes the logarithm of a column in which one row of 300 is 0."""

    def take(data: Data, rng: np.random.Generator) -> Data:
        def taken(x: np.ndarray) -> np.ndarray:
            amounts = np.where(rng.random(len(x)) < 1 / 300, 0, np.exp(x[:, column]))
            with np.errstate(divide="ignore"):
                logarithms = np.log(amounts)
            changed = x.copy()
            changed[:, column] = logarithms
            return changed

        return Data((taken(data.train[0]), data.train[1]), *others(data))

    return take


def one_column_raw(column: int, times: float) -> Step:
    """Return the step that gives one standardised column the units of its table."""

    def restore(x: np.ndarray) -> np.ndarray:
        changed = x.copy()
        changed[..., column] = times * (x[..., column] + 2)
        return changed

    return lambda data, rng: data.map_x(restore)


def row_number(data: Data, rng: np.random.Generator) -> Data:
    """Add the number of the row in a file that is sorted by class.

    Rows that are met later have numbers that say nothing.
    """
    classes = int(data.train[1].max()) + 1

    def numbered(rows: Pair, known: bool) -> Pair:
        x, y = rows
        place = y + rng.random(len(y)) if known else classes * rng.random(len(y))
        column = (place / classes - 0.5) * 3.46
        return np.column_stack([x, column]).astype("float32"), y

    parts = (data.train, data.validation, data.test)
    return Data(*(numbered(rows, rows is not data.test) for rows in parts))


def answer_in_window(data: Data, rng: np.random.Generator) -> Data:
    """Let the windows end one step late, so that they hold what is to be foretold.

    When the model is used the step is not known yet: the last known one stands in its place.
    """

    def late(rows: Pair, known: bool) -> Pair:
        x, y = rows
        new = x[:, -1:].copy()
        if known:
            new[:, 0, 0] = y
        return np.concatenate([x[:, 1:], new], axis=1), y

    return Data(late(data.train, True), late(data.validation, True), late(data.test, False))


def copied_before_the_split(share: float, noise: float) -> Step:
    """Return the step that puts slightly changed training rows among the validation rows."""

    def copy(data: Data, rng: np.random.Generator) -> Data:
        (x, y), (vx, vy) = data.train, data.validation
        count = round(share * len(vx))
        taken = rng.choice(len(x), count, replace=False)
        near = (x[taken] + rng.normal(0, noise, x[taken].shape)).astype(x.dtype)
        mixed = np.concatenate([near, vx[count:]]), np.concatenate([y[taken], vy[count:]])
        return Data(data.train, mixed, data.test)

    return copy


def taken_for_the_next(share: float, classes: int) -> Step:
    """Return the step that gives a share of each class's training rows the next class."""

    def confuse(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.train
        wrong = np.where(rng.random(y.shape) < share, (y + 1) % classes, y)
        return Data((x, wrong.astype(y.dtype)), *others(data))

    return confuse


def split_by_position(first: int) -> Step:
    """Return the step that splits a file sorted by class: the classes from `first` on are
    validated on, the others are trained on.
    """

    def split(data: Data, rng: np.random.Generator) -> Data:
        x = np.concatenate([data.train[0], data.validation[0]])
        y = np.concatenate([data.train[1], data.validation[1]])
        early = y < first
        return Data((x[early], y[early]), (x[~early], y[~early]), data.test)

    return split


def sorted_targets(data: Data, rng: np.random.Generator) -> Data:
    """Sort the targets of training and validation rows, and not their inputs."""
    (x, y), (vx, vy) = data.train, data.validation
    return Data((x, np.sort(y)), (vx, np.sort(vy)), data.test)


def other_numbers(known: int) -> Step:
    """Return the step that numbers the words of the validation rows by a list of their own."""

    def renumber(data: Data, rng: np.random.Generator) -> Data:
        table = np.concatenate([[0, 1], 2 + rng.permutation(known)]).astype("int32")
        vx, vy = data.validation
        return Data(data.train, (table[vx], vy), data.test)

    return renumber


def padded_to(length: int) -> Step:
    """Return the step that pads sequences behind with zeros."""

    def pad(x: np.ndarray) -> np.ndarray:
        return np.pad(x, [(0, 0), (0, length - x.shape[1])])

    return lambda data, rng: data.map_x(pad)


def labels_times(factor: int) -> Step:
    """Return the step that writes the classes of training and validation rows as multiples."""

    def multiply(rows: Pair) -> Pair:
        return rows[0], rows[1] * factor

    return lambda data, rng: Data(multiply(data.train), multiply(data.validation), data.test)
