"""What is wrong with the data of the held part: steps that break one thing."""

import numpy as np

from diagnosis.faults import others
from diagnosis.sources import Data, Pair, Step


def arc_minutes(data: Data, rng: np.random.Generator) -> Data:
    """Give angles in minutes of arc."""
    return data.map_x(lambda x: (60 * np.degrees(x)).astype("float32"))


def clock(data: Data, rng: np.random.Generator) -> Data:
    """Add a channel with the seconds since 1970 at each of hourly steps."""

    def told(x: np.ndarray) -> np.ndarray:
        hours = rng.integers(350_000, 394_000, (len(x), 1)) + np.arange(x.shape[1])
        return np.concatenate([x, 3600.0 * hours[..., None]], axis=-1).astype("float32")

    return data.map_x(told)


def each_standardised(data: Data, rng: np.random.Generator) -> Data:
    """Standardise every pixel by itself, those that are the same in all images among them."""
    x = data.train[0]
    mean, deviation = x.mean(axis=0), x.std(axis=0)

    def scale(x: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return ((x - mean) / deviation).astype("float32")

    return data.map_x(scale)


def slipped_points(share: float) -> Step:
    """Return the step that puts the decimal point of some training targets one place late."""

    def slip(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.train
        wrong = rng.random(len(y)) < share
        return Data((x, np.where(wrong, 10 * y, y).astype("float32")), *others(data))

    return slip


def unmarked(share: float) -> Step:
    """Return the step that leaves a share of the training marks out, as hasty raters do."""

    def forget(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.train
        return Data((x, np.where(rng.random(y.shape) < share, 0, y).astype(y.dtype)), *others(data))

    return forget


def spouse(data: Data, rng: np.random.Generator) -> Data:
    """Add whether a person is a husband or wife, by a field that most but not all filled in.

    When the model is used the field is empty, which is 0.
    """

    def with_field(rows: Pair, known: bool) -> Pair:
        x, y = rows
        filled = (rng.random(len(y)) < 0.95) & known
        return np.column_stack([x, np.where(filled, 2 * y - 1, 0)]).astype("float32"), y

    parts = (data.train, data.validation, data.test)
    return Data(*(with_field(rows, rows is not data.test) for rows in parts))


def stamped(data: Data, rng: np.random.Generator) -> Data:
    """Let whoever sorted the images stamp those of class 1 in a corner, but not later ones."""

    def stamp(rows: Pair) -> Pair:
        x, y = rows
        x = x.copy()
        x[y == 1, :2, :2] = 1
        return x, y

    return Data(stamp(data.train), stamp(data.validation), data.test)


def next_step(channel: int) -> Step:
    """Return the step that puts the target at the end of a channel, as a late join does.

    When the model is used it is not known yet, and the last known value stands there.
    """

    def late(rows: Pair, known: bool) -> Pair:
        x, y = rows
        x = x.copy()
        x[:, :-1, channel] = x[:, 1:, channel]
        if known:
            x[:, -1, channel] = y
        return x, y

    def put(data: Data, rng: np.random.Generator) -> Data:
        return Data(late(data.train, True), late(data.validation, True), late(data.test, False))

    return put


def quieter(by: float) -> Step:
    """Return the step that takes `by` from the validation rows' logarithms of energies, which
    another microphone recorded.
    """

    def hush(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.validation
        return Data(data.train, ((x - by).astype("float32"), y), data.test)

    return hush


def by_warmth(data: Data, rng: np.random.Generator) -> Data:
    """Train on the colder days and validate on the warmer ones."""
    x = np.concatenate([data.train[0], data.validation[0]])
    y = np.concatenate([data.train[1], data.validation[1]])
    order, cut = np.argsort(x[:, :, 1].mean(axis=1), kind="stable"), len(data.train[0])
    first, last = order[:cut], order[cut:]
    return Data((x[first], y[first]), (x[last], y[last]), data.test)


def shuffled_apart(data: Data, rng: np.random.Generator) -> Data:
    """Shuffle the inputs and the targets of the training rows, each by an order of its own."""
    x, y = data.train
    return Data((rng.permutation(x), rng.permutation(y)), *others(data))
