"""Dates to features."""

from collections.abc import Iterator
from typing import Self

import numpy as np

from pellucid.data.table.dates import DAY_FIRST, MONTH_FIRST
from pellucid.data.table.encoding import ColumnEncoding
from pellucid.data.table.fields import to_texts
from pellucid.data.table.kinds import ColumnKind
from pellucid.data.table.table import Column, Table
from pellucid.data.table.values import times_of
from pellucid.description import choice, flag, number, option
from pellucid.errors import Problem, did_you_mean
from pellucid.types import NumpyArray

CYCLES: dict[str, float] = {"month": 12.0, "weekday": 7.0, "hour": 24.0}
"""Parts of a time that come round, and after how many of their units."""


class DateEncoding(ColumnEncoding):
    """Dates: the time that has passed, and where in the year, week and day they lie.

    The time passed is standardised over the training rows, and says the year too. Month, day of
    the week and hour lie on circles (`sin` and `cos`), so that December is beside January; those
    that do not vary in training are left out.

    Args:
        name: Name of the column.
        mean: Mean of the training rows in days since 1970-01-01.
        deviation: Their standard deviation in days, above 0.
        parts: Which of "month", "weekday" and "hour" are features.
        missing: Whether a feature marks missing dates: they were seen in training.
        order: Order of day and month in `03/04/2020`.
    """

    mean: float = number(tunable=False)
    deviation: float = number(above=0, tunable=False)
    parts: tuple[str, ...] = option(convert=to_texts(high=len(CYCLES)))
    missing: bool = flag()
    order: str | None = choice((None, DAY_FIRST, MONTH_FIRST), default=None)

    def problems(self) -> Iterator[Problem]:
        for part in self.parts:
            if part not in CYCLES:
                fix = did_you_mean(part, list(CYCLES))
                yield Problem("DateEncoding(parts=...)", repr(part), "a part of a date", fix)

    @classmethod
    def fit(cls, table: Table, column: Column, kind: ColumnKind) -> Self | None:
        """Return the encoding learned from training rows; None if the dates do not vary."""
        times = times_of(table, column, kind.order)
        present = times[~np.isnat(times)]
        missing = len(present) < len(times)
        if not len(present) or (present.min() == present.max() and not missing):
            return None
        days = _days(present)
        parts = [name for name in CYCLES if len(np.unique(_part(present, name))) > 2]
        deviation = float(days.std()) or 1.0
        return cls(column.name, float(days.mean()), deviation, tuple(parts), missing, kind.order)

    @property
    def features(self) -> tuple[str, ...]:
        circles = [f"{self.name} {part} {wave}" for part in self.parts for wave in ("sin", "cos")]
        missing = [f"{self.name} is missing"] if self.missing else []
        return (f"{self.name} time", *circles, *missing)

    def encode(self, table: Table, column: Column) -> tuple[NumpyArray, list[str]]:
        times = times_of(table, column, self.order)
        gone = np.isnat(times)
        filled = np.where(gone, np.datetime64(0, "us"), times)
        features = [np.where(gone, 0.0, (_days(filled) - self.mean) / self.deviation)]
        for part in self.parts:
            angle = 2 * np.pi * _part(filled, part) / CYCLES[part]
            features += [np.where(gone, 0.0, wave(angle)) for wave in (np.sin, np.cos)]
        if self.missing:
            features.append(gone.astype(np.float64))
        return np.stack(features, axis=1), []


def _days(times: NumpyArray) -> NumpyArray:
    return times.astype("datetime64[us]").astype(np.int64) / 86_400e6


def _part(times: NumpyArray, name: str) -> NumpyArray:
    if name == "month":
        return times.astype("datetime64[M]").astype(np.int64) % 12
    if name == "weekday":
        return (times.astype("datetime64[D]").astype(np.int64) + 3) % 7
    return times.astype("datetime64[h]").astype(np.int64) % 24
