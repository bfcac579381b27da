"""Validation rows that were prepared differently, or come from somewhere else."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.unshuffled_data import is_divided_by_class
from pellucid.insight.findings.views import (
    columns,
    is_coded,
    is_number,
    share_text,
    validation_columns,
)
from pellucid.types import NumpyArray
from pellucid.wording import number_text

FEWEST = 20
"""Rows on either side below which quartiles differ by chance."""

FAR, OTHER = 3.0, 3.0
"""Quartile ranges between the middles, and ratio of the ranges, that are too much."""

ROWS = 256
"""Images or sequences of either side that are looked at."""

MANY = 0.2
"""Share of the columns that must differ."""

OF_OTHER_CLASSES = (
    "The validation rows look different: they are of other classes than most training rows. "
    "A score on them says little."
)


def train_val_shift(case: Case) -> Iterator[Finding]:
    """Yield the finding of validation rows on another scale, or in another place.

    Rows of other classes look different by themselves.
    """
    divided = is_divided_by_class(case)
    for one in _shifted(case):
        yield replace(one, meaning=OF_OTHER_CLASSES, cause="unshuffled-data") if divided else one


def _shifted(case: Case) -> Iterator[Finding]:
    train, judged = columns(case), validation_columns(case)
    if train is None or judged is None or train.shape[1] != judged.shape[1]:
        yield from _of_arrays(case)
        return
    if min(len(train), len(judged)) < FEWEST:
        return
    gaps, ratios = _differences(train, judged)
    differing = (gaps > FAR) | (ratios > OTHER)
    if not len(gaps) or differing.mean() <= MANY:
        return
    yield _finding(float(differing.mean()), float(gaps.max()), float(ratios.max()))


def _differences(train: NumpyArray, judged: NumpyArray) -> tuple[NumpyArray, NumpyArray]:
    """Return the distance of the middles and the ratio of the ranges, for spread columns."""
    quartiles = (0.25, 0.5, 0.75)
    low, middle, high = np.nanquantile(_known(train), quartiles, axis=0)
    other_low, other_middle, other_high = np.nanquantile(_known(judged), quartiles, axis=0)
    spread = (high > low) & (other_high > other_low)
    width, other = (high - low)[spread], (other_high - other_low)[spread]
    gaps = np.abs(other_middle - middle)[spread] / width
    return gaps, np.maximum(other / width, width / other)


def _known(table: NumpyArray) -> NumpyArray:
    """Return the columns that have a number, with NaN for what is not finite."""
    held = np.where(np.isfinite(table), table, np.nan)
    return np.where(np.isfinite(held).any(axis=0), held, 0.0)


def _of_arrays(case: Case) -> Iterator[Finding]:
    """Yield the finding for images and sequences: one scale for all their values."""
    if case.validation is None or is_coded(case):
        return
    held = case.train.inputs[0], case.validation.inputs[0]
    if not all(is_number(one) and one.ndim > 2 and len(one) >= FEWEST for one in held):
        return
    train, judged = (np.float64(one[:ROWS]).reshape(min(ROWS, len(one)), -1) for one in held)
    if np.any(train) != np.any(judged):
        yield _empty("validation" if np.any(train) else "training")
        return
    ratio = min(_ratio(train, judged, size) for size in (_high, _mean))
    gap = _gap(train, judged) if held[0].ndim > 3 else 0.0
    if ratio > OTHER or gap > FAR:
        yield _finding(1.0, gap, ratio)


def _high(values: NumpyArray) -> float:
    return float(np.nanquantile(np.abs(values), 0.9))


def _mean(values: NumpyArray) -> float:
    return float(np.nanmean(np.abs(values)))


def _ratio(train: NumpyArray, judged: NumpyArray, size: Callable[[NumpyArray], float]) -> float:
    """Return how much larger one side is; one quantile alone may lie where values jump."""
    sizes = [size(one) for one in (train, judged)]
    return max(sizes) / min(sizes) if min(sizes) > 0 else 1.0


def _gap(train: NumpyArray, judged: NumpyArray) -> float:
    """Return how far apart images are in brightness, which of a series time may change."""
    gaps, _ = _differences(*(one.mean(axis=1, keepdims=True) for one in (train, judged)))
    return float(gaps.max(initial=0.0))


def _empty(which: str) -> Finding:
    return Finding(
        "train-val-shift",
        "warning",
        f"All values of the {which} rows are 0, and those of the others are not. Perhaps they "
        "were not read, or lost in the preparation.",
        {"columns that differ": 1.0},
    )


def _finding(share: float, gap: float, ratio: float) -> Finding:
    return Finding(
        "train-val-shift",
        "warning",
        f"The validation rows look different: {share_text(share)} of the columns have another "
        f"middle or another spread, the spread by a factor of up to {number_text(ratio)}. "
        "Perhaps they were not scaled with the numbers of the training rows; a score on them "
        "says little.",
        {"columns that differ": share, "largest distance": gap, "largest ratio": ratio},
    )
