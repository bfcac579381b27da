"""Numbers to features of one scale."""

from typing import Self

import numpy as np

from pellucid.data.table.encoding import ColumnEncoding
from pellucid.data.table.kinds import ColumnKind
from pellucid.data.table.notation import NOTATIONS, number_text
from pellucid.data.table.table import Column, Table
from pellucid.data.table.values import numbers_of
from pellucid.description import choice, flag, number
from pellucid.types import NumpyArray
from pellucid.wording import count_text

REACH = 3.0
"""Bound of a squashed number, in interquartile ranges."""

LEAST_DEVIATION = 0.3
"""Columns that hardly ever leave one value are not stretched further, lest rare rows shout."""

HUGE = 1e100
"""Far beyond this bound squashing changes nothing, but squares would overflow."""


class NumberEncoding(ColumnEncoding):
    """Numbers, brought near 0 and 1 by robust scaling, smooth squashing and standardising.

    `z = (x - center) / spread`, `s = z / sqrt(1 + (z / 3)^2)`, feature `(s - mean) / deviation`.
    Squashing leaves the bulk of the values as they are and keeps tails, which may reach thousands
    of interquartile ranges, from drowning it; an absurd value in a new row stays bounded.
    A missing value is taken as the median and marked in a feature of its own.

    Args:
        name: Name of the column.
        center: Median of the training rows.
        spread: Their interquartile range, above 0.
        mean: Mean of their squashed values.
        deviation: Standard deviation of these, at least 0.3 when learned.
        low: Smallest value in training, for notes on values far from all seen.
        high: Largest.
        missing: Whether a feature marks missing values: they were seen in training.
        notation: How the numbers are written, if not plainly.

    Source: Holzmueller, Grinsztajn, Steinwart, "Better by Default" (2024), section 3.
    """

    center: float = number(tunable=False)
    spread: float = number(above=0, tunable=False)
    mean: float = number(tunable=False)
    deviation: float = number(above=0, tunable=False)
    low: float = number(tunable=False)
    high: float = number(tunable=False)
    missing: bool = flag()
    notation: str | None = choice((None, *NOTATIONS), default=None)

    @classmethod
    def fit(cls, table: Table, column: Column, kind: ColumnKind) -> Self | None:
        """Return the encoding learned from training rows; None if the numbers do not vary."""
        numbers = numbers_of(table, column, kind.notation)
        gone = np.isnan(numbers)
        present = numbers[~gone]
        if not present.size or (present.min() == present.max() and not gone.any()):
            return None
        center, spread = _centre(present)
        squashed = _squash(numbers, center, spread)
        squashed[gone] = 0.0
        return cls(
            column.name,
            center,
            spread,
            float(squashed.mean()),
            max(float(squashed.std()), LEAST_DEVIATION),
            float(present.min()),
            float(present.max()),
            bool(gone.any()),
            kind.notation,
        )

    @property
    def features(self) -> tuple[str, ...]:
        return (self.name, f"{self.name} is missing") if self.missing else (self.name,)

    def encode(self, table: Table, column: Column) -> tuple[NumpyArray, list[str]]:
        numbers = numbers_of(table, column, self.notation)
        gone = np.isnan(numbers)
        squashed = _squash(numbers, self.center, self.spread)
        squashed[gone] = 0.0
        features = [(squashed - self.mean) / self.deviation]
        if self.missing:
            features.append(gone.astype(np.float64))
        notes = [*self._far(table, numbers), *self._gone(gone)]
        return np.stack(features, axis=1), notes

    def _far(self, table: Table, numbers: NumpyArray) -> list[str]:
        width = self.high - self.low
        far = (numbers > self.high + width) | (numbers < self.low - width)
        if not far.any():
            return []
        low, high = (number_text(float(f"{one:.6g}")) for one in (self.low, self.high))
        return [
            f"Column '{self.name}': {count_text(int(far.sum()), 'value')} far outside what was "
            f"seen in training, {low} to {high} ({table.place(far)})."
        ]

    def _gone(self, gone: NumpyArray) -> list[str]:
        if self.missing or not gone.any():
            return []
        center = number_text(float(f"{self.center:.6g}"))
        return [
            f"Column '{self.name}': {count_text(int(gone.sum()), 'missing value')}, none in "
            f"training; the median {center} is used."
        ]


def _centre(present: NumpyArray) -> tuple[float, float]:
    """Return the median, and the interquartile range of all numbers or of those unlike it."""
    low, median, high = np.quantile(present, (0.25, 0.5, 0.75))
    others = present[present != median]
    if high == low and others.size:
        # Most rows hold one value: the others alone say how wide the numbers spread.
        low, high = np.quantile(others, (0.25, 0.75))
    if high == low:
        low, high = present.min(), present.max()
    return float(median), float(high - low) or 1.0


def _squash(numbers: NumpyArray, center: float, spread: float) -> NumpyArray:
    with np.errstate(over="ignore"):
        scaled = np.clip((numbers - center) / spread, -HUGE, HUGE)
    return scaled / np.hypot(1.0, scaled / REACH)
