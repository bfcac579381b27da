"""Class numbers as one-hot rows."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pellucid.errors import DataError, Problem, report
from pellucid.types import ArrayLike, NumpyArray
from pellucid.wording import count_text

WHERE = "to_categorical(x=...)"


def to_categorical(x: ArrayLike, num_classes: int | None = None) -> NumpyArray:
    """Return class numbers as rows with a one at the class and zeros elsewhere.

    Args:
        x: Whole numbers from 0 to `num_classes - 1`, of any shape; a last axis of size 1 is
            dropped. Floats that are whole, and booleans, will do.
        num_classes: How many classes there are; None for the largest number plus 1.

    Returns:
        Zeros and ones of shape `x.shape + (num_classes,)`, float64 as in Keras.

    Raises:
        DataError: A value is negative, not whole or not below `num_classes`; the message says
            which and in which row.
        ArgumentError: `num_classes` is no positive whole number.

    Example:
        >>> from pellucid.utils import to_categorical
        >>> to_categorical([0, 2, 1])
        array([[1., 0., 0.],
               [0., 0., 1.],
               [0., 1., 0.]])

    Differs from Keras: a negative value is an error, not a class counted from the end; 1.7 is
    an error, not class 1; `num_classes=0` is an error, not None.
    """
    labels = np.asarray(x)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    report(_count_problems(num_classes))
    report(_value_problems(labels, num_classes), DataError)
    whole = labels.astype(np.int64)
    size = int(whole.max()) + 1 if num_classes is None else int(num_classes)
    return np.eye(size)[whole] if size <= SMALL else _scattered(whole, size)


SMALL = 64
"""Up to this many classes rows are copied from a table; above, it would be the larger part."""


def _scattered(labels: NumpyArray, size: int) -> NumpyArray:
    rows = np.zeros((labels.size, size))
    rows[np.arange(labels.size), labels.ravel()] = 1.0
    return rows.reshape(*labels.shape, size)


def _count_problems(num_classes: Any) -> Iterator[Problem]:
    if num_classes is None:
        return
    whole = isinstance(num_classes, (int, np.integer)) and not isinstance(num_classes, bool)
    if not whole or num_classes < 1:
        where = "to_categorical(num_classes=...)"
        yield Problem(where, repr(num_classes), "a whole number at least 1, or None")


def _value_problems(labels: NumpyArray, num_classes: int | None) -> Iterator[Problem]:
    if labels.dtype.kind not in "iufb":
        first = repr(labels.ravel()[0].item()) if labels.size else "nothing"
        fix = "Turn text into numbers by StringLookup, or numpy.unique(x, return_inverse=True)."
        yield Problem(WHERE, f"{first} and the like", "whole numbers", fix)
        return
    if not labels.size:
        if num_classes is None:
            yield Problem(WHERE, "no values", "at least one", "Or give num_classes.")
        return
    not_whole = (
        labels != np.floor(labels) if labels.dtype.kind == "f" else np.zeros_like(labels, bool)
    )
    not_whole |= ~np.isfinite(labels)
    if not_whole.any():
        fix = "These look like measurements, not classes: train on them as they are."
        yield Problem(WHERE, _found(labels, not_whole), "whole numbers", fix)
        return
    if (labels < 0).any():
        fix = "Labels such as -1 and 1 become 0 and 1 by (x + 1) // 2."
        yield Problem(WHERE, _found(labels, labels < 0), "classes counted from 0", fix)
    if num_classes is not None and (labels >= num_classes).any():
        expected = f"at most {num_classes - 1}, for {num_classes} classes count from 0"
        fix = f"Give num_classes={int(labels.max()) + 1}" + (
            f", or subtract 1: the smallest label is {int(labels.min())}."
            if labels.min() > 0
            else "."
        )
        yield Problem(WHERE, _found(labels, labels >= num_classes), expected, fix)


def _found(labels: NumpyArray, wrong: NumpyArray) -> str:
    places = np.argwhere(wrong)
    first = labels[tuple(places[0])].item()
    others = len(places) - 1
    more = f" and {count_text(others, 'other')}" if others else ""
    row = f" in row {places[0][0]}" if labels.ndim else ""
    return f"{first!r}{row}{more}"
