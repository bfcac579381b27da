"""Levels of a category to features."""

from collections import Counter
from typing import Self

import numpy as np

from pellucid.data.table.encoding import ColumnEncoding
from pellucid.data.table.fields import to_texts
from pellucid.data.table.kinds import ColumnKind
from pellucid.data.table.table import Column, Table, some
from pellucid.data.table.values import levels_of
from pellucid.description import flag, option
from pellucid.types import NumpyArray
from pellucid.wording import count_text

MOST_LEVELS = 100
"""Levels that get a feature of their own; the rarer ones share one."""


def least_rows(rows: int) -> int:
    """Return how many training rows a level needs to get a feature: 1 %, from 2 to 10.

    Example:
        >>> from pellucid.data.table.category_encoding import least_rows
        >>> least_rows(150), least_rows(500), least_rows(30_000)
        (2, 5, 10)
    """
    return min(10, max(2, -(-rows // 100)))


class CategoryEncoding(ColumnEncoding):
    """Levels, each a feature that is 1 where the row holds it, else 0.

    Two levels alone are one feature of 1 and -1. Levels too rare to learn from share a feature,
    which also stands for levels never seen; without it these are 0 in all features.

    Args:
        name: Name of the column.
        levels: Levels with a feature of their own.
        rare: Whether there is a feature for all other levels.
        missing: Whether a feature marks missing values: they were seen in training.
    """

    levels: tuple[str, ...] = option(convert=to_texts())
    rare: bool = flag()
    missing: bool = flag()

    @classmethod
    def fit(cls, table: Table, column: Column, kind: ColumnKind) -> Self | None:
        """Return the encoding learned from training rows; None if nothing varies."""
        values = levels_of(column)
        counts = Counter(values[~column.missing].tolist())
        least = least_rows(len(column))
        common = sorted(
            (level for level in counts if counts[level] >= least),
            key=lambda level: (-counts[level], level),
        )
        levels = sorted(common[:MOST_LEVELS])
        rare, missing = len(levels) < len(counts), bool(column.missing.any())
        if len(levels) + rare + missing < 2:
            return None
        return cls(column.name, tuple(levels), rare, missing)

    @property
    def features(self) -> tuple[str, ...]:
        names = [f"{self.name}={level}" for level in self.levels]
        names = names[1:] if self._paired else names
        names += [f"{self.name} is rare"] if self.rare else []
        return (*names, *([f"{self.name} is missing"] if self.missing else []))

    @property
    def _paired(self) -> bool:
        return len(self.levels) == 2 and not self.rare

    def encode(self, table: Table, column: Column) -> tuple[NumpyArray, list[str]]:
        values = levels_of(column)
        known = {level: place for place, level in enumerate(self.levels)}
        places = np.array([known.get(level, -1) for level in values], np.int64)
        places[column.missing] = -1
        features = places[:, None] == np.arange(len(self.levels))
        if self._paired:
            features = features[:, 1:] * 1.0 - features[:, :1]
        other = (places < 0) & ~column.missing
        if self.rare:
            features = np.column_stack([features, other])
        if self.missing:
            features = np.column_stack([features, column.missing])
        return features.astype(np.float64), self._notes(values[other])

    def _notes(self, others: NumpyArray) -> list[str]:
        if not len(others):
            return []
        shown = some([repr(level) for level in sorted(set(others))], 3)
        sort = "rare or not seen" if self.rare else "not seen"
        return [
            f"Column '{self.name}': {count_text(len(others), 'row')} with levels {sort} in "
            f"training ({shown})."
        ]
