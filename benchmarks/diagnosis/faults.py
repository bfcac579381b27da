"""What can be wrong with data: steps that break one thing."""

import numpy as np

from diagnosis.sources import Data, Pair, Step


def holes(share: float, value: float = np.nan) -> Step:
    """Return the step that puts NaN, or another value, into a share of the inputs' cells."""

    def punch(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.train
        holed = np.where(rng.random(x.shape) < share, value, x).astype("float32")
        return Data((holed, y), data.validation, data.test)

    return punch


def missing_targets(data: Data, rng: np.random.Generator) -> Data:
    """Leave one training row in twenty without a target."""
    x, y = data.train
    return Data((x, np.where(rng.random(y.shape) < 0.05, np.nan, y)), data.validation, data.test)


def in_other_units(factor: float, *columns: int) -> Step:
    """Return the step that multiplies columns or channels, all without any named."""

    def scale(data: Data, rng: np.random.Generator) -> Data:
        factors = np.ones(data.train[0].shape[-1], "float32")
        factors[list(columns) or slice(None)] = factor
        return data.map_x(lambda x: x * factors)

    return scale


def moved(by: float, times: float = 1.0) -> Step:
    """Return the step that turns inputs x into `times` x + `by`."""
    return lambda data, rng: data.map_x(lambda x: (times * x + by).astype("float32"))


def target_units(times: float, by: float = 0.0) -> Step:
    """Return the step that turns targets y into `times` y + `by`."""
    return lambda data, rng: data.map_y(lambda y: (times * y + by).astype("float32"))


def constant_column(value: float, copies: int = 1) -> Step:
    """Return the step that adds columns or channels that hold one value."""

    def widen(x: np.ndarray) -> np.ndarray:
        column = np.full((*x.shape[:-1], copies), value, "float32")
        return np.concatenate([x, column], axis=-1)

    return lambda data, rng: data.map_x(widen)


def copied_column(column: int, copies: int) -> Step:
    """Return the step that adds copies of one column or channel."""

    def widen(x: np.ndarray) -> np.ndarray:
        return np.concatenate([x, np.repeat(x[..., [column]], copies, axis=-1)], axis=-1)

    return lambda data, rng: data.map_x(widen)


def leak(noise: float) -> Step:
    """Return the step that adds a column made from the label.

    When the model is used the label is not known yet: the column of the rows held out to the end
    is that of other rows.
    """

    def add(data: Data, rng: np.random.Generator) -> Data:
        mean, deviation = data.train[1].mean(), data.train[1].std()

        def with_column(x: np.ndarray, y: np.ndarray) -> np.ndarray:
            column = (y - mean) / deviation + rng.normal(0, noise, y.shape)
            wide = np.broadcast_to(column.reshape(-1, *[1] * (x.ndim - 1)), (*x.shape[:-1], 1))
            return np.concatenate([x, wide], axis=-1).astype("float32")

        (x, y), (vx, vy), (tx, ty) = data.train, data.validation, data.test
        stale = rng.permutation(ty)
        return Data((with_column(x, y), y), (with_column(vx, vy), vy), (with_column(tx, stale), ty))

    return add


def overlap(share: float) -> Step:
    """Return the step that puts training rows in the place of a share of the validation rows."""

    def copy(data: Data, rng: np.random.Generator) -> Data:
        (x, y), (vx, vy) = data.train, data.validation
        count = round(share * len(vx))
        taken = rng.choice(len(x), count, replace=False)
        mixed = np.concatenate([x[taken], vx[count:]]), np.concatenate([y[taken], vy[count:]])
        return Data(data.train, mixed, data.test)

    return copy


def rare(label: int, kept: int) -> Step:
    """Return the step that leaves a few training rows of one class, and as large a share of
    the validation rows.
    """

    def thin(rows: Pair, count: int) -> Pair:
        x, y = rows
        of_class = np.flatnonzero(y == label)
        keep = np.sort(np.concatenate([np.flatnonzero(y != label), of_class[:count]]))
        return x[keep], y[keep]

    def leave(data: Data, rng: np.random.Generator) -> Data:
        share = len(data.validation[0]) / len(data.train[0])
        validation = thin(data.validation, max(round(kept * share), 1))
        return Data(thin(data.train, kept), validation, data.test)

    return leave


def relabelled(change: float, times: int = 1) -> Step:
    """Return the step that turns the labels y of training and validation into `times` y + change.

    The rows held out to the end keep the labels that a repaired model shall give.
    """

    def move(rows: Pair) -> Pair:
        return rows[0], (times * rows[1] + change).astype(rows[1].dtype)

    return lambda data, rng: Data(move(data.train), move(data.validation), data.test)


def halves(data: Data, rng: np.random.Generator) -> Data:
    """Write classes as 0, 0.5, 1 ... in training and validation rows."""
    (x, y), (vx, vy) = data.train, data.validation
    return Data((x, (y / 2).astype("float32")), (vx, (vy / 2).astype("float32")), data.test)


def wrong_labels(share: float, classes: int) -> Step:
    """Return the step that gives a share of the training rows a random class."""

    def spoil(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.train
        drawn = rng.integers(0, classes, y.shape).astype(y.dtype)
        return Data((x, np.where(rng.random(y.shape) < share, drawn, y)), *others(data))

    return spoil


def others(data: Data) -> tuple[Pair, Pair]:
    """Return the validation rows and those held out to the end."""
    return data.validation, data.test


def misjoined(data: Data, rng: np.random.Generator) -> Data:
    """Give the training and validation rows each other's labels, as a wrong join does."""
    (x, y), (vx, vy) = data.train, data.validation
    return Data((x, rng.permutation(y)), (vx, rng.permutation(vy)), data.test)


def shifted_validation(times: float, by: float = 0.0) -> Step:
    """Return the step that prepares the validation rows otherwise: x becomes `times` x + `by`."""

    def shift(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.validation
        return Data(data.train, ((times * x + by).astype("float32"), y), data.test)

    return shift


def sorted_by_label(data: Data, rng: np.random.Generator) -> Data:
    """Sort the training rows by their labels."""
    x, y = data.train
    order = np.argsort(y, kind="stable")
    return Data((x[order], y[order]), *others(data))


def spread_words(times: int) -> Step:
    """Return the step that numbers words so that most numbers stand for none."""
    return lambda data, rng: data.map_x(lambda x: x * times)


def fewer(rows: int) -> Step:
    """Return the step that leaves the first training rows only."""

    def cut(data: Data, rng: np.random.Generator) -> Data:
        x, y = data.train
        return Data((x[:rows], y[:rows]), *others(data))

    return cut
