"""What several rules ask of a case: its table of numbers, its classes, its targets."""

import numpy as np

from pellucid.insight.findings.case import Case, Data
from pellucid.layers import (
    BagOfWords,
    CategoryEncoding,
    Discretization,
    Embedding,
    IntegerLookup,
    StringLookup,
    SubwordVectorization,
    TextVectorization,
)
from pellucid.losses import resolve
from pellucid.types import NumpyArray

CODED = (
    BagOfWords,
    CategoryEncoding,
    Discretization,
    Embedding,
    IntegerLookup,
    StringLookup,
    SubwordVectorization,
    TextVectorization,
)
"""Layers for which the size of a number means nothing, or is taken out of it."""

CLASS_TARGETS = ("labels", "one-hot", "shares", "signs", "groups", "distribution")
NUMBER_TARGETS = ("numbers", "counts")

MOST_SEQUENCES = 512
"""Sequences of which every step is looked at."""

MOST_VALUES = 2_000_000
"""Values of sequences and images that are looked at by channel."""

MOST_NUMBERS = 2000
"""Numbers in a row up to which rows are compared with each other."""

MOST_CLASSES = 30
"""Distinct whole numbers up to which labels without a loss are taken for classes."""


def is_number(array: NumpyArray) -> bool:
    """Say whether an array holds real numbers."""
    return array.dtype.kind in "biuf"


def is_coded(case: Case, number: int = 0) -> bool:
    """Say whether an input holds codes, such as words by number, and no quantities."""
    return any(
        isinstance(one, CODED) for one in case.network.readers_of(case.network.inputs[number])
    )


def columns(case: Case) -> NumpyArray | None:
    """Return the sampled rows of the first input as a table of float64; None where it is none."""
    return _columns(case, case.train, case.sample)


def channels(case: Case) -> NumpyArray | None:
    """Return the sampled rows of the first input by column.

    Of sequences every step is a row, of images every place.
    """
    array = case.train.inputs[0]
    if array.ndim < 3:
        return columns(case)
    if not is_number(array) or is_coded(case) or not array.size:
        return None
    most = min(MOST_SEQUENCES, max(1, MOST_VALUES // array[0].size))
    return np.asarray(array[case.sample[:most]].reshape(-1, array.shape[-1]), np.float64)


def means(case: Case) -> NumpyArray | None:
    """Return the sampled rows of the first input by column: of sequences, the mean over steps."""
    array = case.train.inputs[0]
    if array.ndim != 3:
        return columns(case)
    if not is_number(array) or is_coded(case):
        return None
    return np.asarray(array[case.sample], np.float64).mean(axis=1)


def flattened(case: Case) -> NumpyArray | None:
    """Return the sampled rows of the first input, each as one row of numbers."""
    array = case.train.inputs[0]
    if not is_number(array) or is_coded(case) or not len(array):
        return None
    flat = array.reshape(len(array), -1)
    if flat.shape[1] > MOST_NUMBERS:
        return None
    return np.asarray(flat[case.sample], np.float64)


def validation_columns(case: Case) -> NumpyArray | None:
    """Return the first rows for validation in the same form."""
    data = case.validation
    return None if data is None else _columns(case, data, np.arange(min(data.rows, 4096)))


def _columns(case: Case, data: Data, rows: NumpyArray) -> NumpyArray | None:
    array = data.inputs[0]
    if not array.size or array.ndim not in (1, 2) or not is_number(array) or is_coded(case):
        return None
    return np.asarray(array.reshape(len(array), -1)[rows], np.float64)


def labels(case: Case) -> NumpyArray | None:
    """Return the labels of the sampled rows; None where there is not a number for each row."""
    held, index = case.train.labels, case.output
    if len(held) <= index or len(held[index]) != case.train.rows or not is_number(held[index]):
        return None
    return held[index][case.sample]


def targets(case: Case) -> str | None:
    """Return what the loss of the output takes its labels for; None where that is not known."""
    loss, y = case.losses[case.output], case.train.labels[case.output]
    if loss is None:
        return None
    shape = (None, *case.network.shapes[case.network.outputs[case.output]])
    return resolve(loss, y.shape, shape).targets


def classes(case: Case) -> NumpyArray | None:
    """Return the class number of each sampled row; None where the labels are no classes."""
    y = labels(case)
    if y is None or not len(y):
        return None
    return class_numbers(y) if _holds_classes(case, y) else None


def class_numbers(y: NumpyArray) -> NumpyArray | None:
    """Return one whole number a row from class numbers or one-hot rows; None for others."""
    if y.ndim > 2 or not np.isfinite(y).all():
        return None
    if y.ndim == 2 and y.shape[1] > 1:
        hot = np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all()
        return y.argmax(axis=1) if hot else None
    flat = y.reshape(-1)
    return flat.astype(np.int64) if (flat == np.floor(flat)).all() else None


def marks(case: Case) -> NumpyArray | None:
    """Return yes or no answers of the sampled rows, (rows, answers); None where there are none.

    Several of them can be yes in a row; one-hot rows are a class.
    """
    y = labels(case)
    if y is None or not len(y) or targets(case) != "shares":
        return None
    return y if are_marks(y) and class_numbers(y) is None else None


def are_marks(y: NumpyArray) -> bool:
    """Say whether each row has several answers, each yes or no."""
    return y.ndim == 2 and y.shape[1] > 1 and bool(np.isin(y, (0, 1)).all())


def _holds_classes(case: Case, y: NumpyArray) -> bool:
    meant = targets(case)
    if meant in CLASS_TARGETS:
        return True
    if meant in NUMBER_TARGETS:
        return y.ndim == 2 and y.shape[1] > 1 and class_numbers(y) is not None
    found = class_numbers(y)
    return found is not None and len(np.unique(found)) <= min(MOST_CLASSES, max(2, len(y) / 5))


def numbers(case: Case) -> NumpyArray | None:
    """Return the numeric targets of the sampled rows, (rows, width); None for classes."""
    y = labels(case)
    if y is None or not len(y) or _holds_classes(case, y):
        return None
    flat = np.asarray(y.reshape(len(y), -1), np.float64)
    return flat if np.isfinite(flat).all() else None


def varying(table: NumpyArray) -> NumpyArray:
    """Return for each column whether its finite values differ."""
    held = np.where(np.isfinite(table), table, np.nan)
    # Unlike min and max these pass over NaN, and need no warning for columns of NaN alone.
    return np.fmin.reduce(held, axis=0) < np.fmax.reduce(held, axis=0)


def share_text(share: float) -> str:
    """Return a share as a percentage, such as "12 %"."""
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"
