"""Sequences of different lengths as one array: padding, and how long each of them is."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.data.arrays import bucket
from pellucid.errors import DataError, Problem, ShapeError, report
from pellucid.types import NumpyArray

GRAIN = 4
"""Padded widths are multiples of this, so that similar data share a compiled program."""


def is_ragged(value: Any) -> bool:
    """Return True for a list of sequences of which some are longer than others."""
    objects = isinstance(value, np.ndarray) and value.dtype == object and value.ndim == 1
    if not (objects or isinstance(value, (list, tuple))) or len(value) < 2:
        return False
    if not all(_is_sequence(one) for one in value):
        return False
    return len({len(one) for one in value}) > 1


def _is_sequence(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return True
    return getattr(value, "ndim", 0) > 0 and not hasattr(value, "columns")


def holds_ragged(value: Any) -> bool:
    """Return True if a model's inputs, one or several, hold such a list."""
    if is_ragged(value):
        return True
    parts = value.values() if isinstance(value, Mapping) else value
    return isinstance(parts, (list, tuple, type({}.values()))) and any(map(is_ragged, parts))


def to_arrays(sequences: Sequence[Any], where: str) -> list[NumpyArray]:
    """Return sequences as arrays of numbers, (steps, ...) each.

    Args:
        sequences: Lists or arrays; their first axis counts steps.
        where: What messages call them.

    Raises:
        ShapeError: The steps of some have other sizes than those of the rest.
        DataError: Something in them is no number.
    """
    arrays = [_to_array(one, f"{where}, row {row}") for row, one in enumerate(sequences)]
    filled = [(row, one) for row, one in enumerate(arrays) if len(one)]
    if not filled:
        return arrays
    first, like = filled[0]
    for row, one in filled:
        if one.shape[1:] != like.shape[1:]:
            given = (
                f"steps of shape {like.shape[1:]} in row {first} and {one.shape[1:]} in row {row}"
            )
            report([Problem(where, given, "as many features in every step")], ShapeError)
    # An empty list does not tell how wide its steps would be.
    return [one if len(one) else np.zeros((0, *like.shape[1:]), like.dtype) for one in arrays]


def _to_array(value: Any, where: str) -> NumpyArray:
    try:
        array = np.asarray(value)
    except ValueError:
        expected = "as many features in every step"
        report([Problem(where, "steps of different sizes", expected)], ShapeError)
        raise
    if array.dtype.kind not in "biuf":
        found = f"values of type {array.dtype}"
        report([Problem(where, found, "numbers", "Number words with StringLookup.")], DataError)
    return array


def lay_out(
    arrays: Sequence[NumpyArray],
    width: int,
    value: Any,
    dtype: Any,
    padding: str = "post",
    truncating: str = "post",
) -> NumpyArray:
    """Return sequences as one array (rows, width, ...).

    Args:
        arrays: The sequences, (steps, ...) each.
        width: Number of steps that each gets.
        value: What stands in the steps that are padding.
        dtype: Type of the result.
        padding: "pre" or "post": whether padding comes before or behind the steps.
        truncating: "pre" or "post": whether sequences that are too long lose their first or
            their last steps.
    """
    inner = next((one.shape[1:] for one in arrays if len(one)), ())
    laid = np.full((len(arrays), width, *inner), value, dtype)
    for row, one in enumerate(arrays):
        kept = one[max(0, len(one) - width) :] if truncating == "pre" else one[:width]
        if len(kept) and padding == "pre":
            laid[row, width - len(kept) :] = kept
        elif len(kept):
            laid[row, : len(kept)] = kept
    return laid


def padded(sequences: Sequence[Any], value: float, where: str) -> NumpyArray:
    """Return sequences of different lengths as one array, padding behind the steps.

    The width is the longest length, rounded up so that similar data share it.

    Args:
        sequences: Lists or arrays; their first axis counts steps.
        value: What stands in the steps that are padding.
        where: What messages call the sequences.

    Raises:
        DataError: A real step looks like padding.
        ShapeError: The steps of some have other sizes than those of the rest.
    """
    arrays = to_arrays(sequences, where)
    if not any(len(one) for one in arrays):
        report(
            [Problem(where, "sequences of no steps", "at least one step in one of them")], DataError
        )
    for row, one in enumerate(arrays):
        alike = np.flatnonzero(_is_padding(one[None], value)[0]) if len(one) else []
        if len(alike):
            given = f"{value:g} at step {alike[0]} of row {row}"
            expected = f"other values: {value:g} stands for padding here"
            fix = "Number words from 1, or choose another mask_value."
            report([Problem(where, given, expected, fix)], DataError)
    return lay_out(arrays, padded_width(arrays), value, np.result_type(*arrays))


def padded_width(arrays: Sequence[NumpyArray]) -> int:
    """Return the longest length, rounded up so that similar data share a compiled program."""
    return bucket(max(len(one) for one in arrays), GRAIN)


def _is_padding(array: NumpyArray, value: float) -> NumpyArray:
    """Return for every step of (rows, steps, ...) whether it holds `value` alone."""
    return (array == value).all(axis=tuple(range(2, array.ndim)))


def spans(array: NumpyArray, value: float) -> NumpyArray:
    """Return for each row how many steps lie from its first real one to its last.

    Args:
        array: Sequences with padding, (rows, steps, ...).
        value: What padding consists of.
    """
    real = ~_is_padding(array, value)
    if not real.size:
        return np.zeros(len(array), np.int32)
    first, last = real.argmax(axis=1), real.shape[1] - real[:, ::-1].argmax(axis=1)
    return np.where(real.any(axis=1), last - first, 0).astype(np.int32)
