"""How far apart the rows of a series are: seconds, months, or trading days."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from pellucid.data.table.table import some
from pellucid.errors import DataError, Problem, report
from pellucid.types import NumpyArray

Unit = Literal["second", "month", "month end", "trading day"]

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 604800
NAMES = {MINUTE: "a minute", HOUR: "an hour", DAY: "a day", WEEK: "a week"}

FEWEST = 3
"""Rows from which a distance can be told."""


@dataclass(frozen=True)
class Spacing:
    """The distance from each step of a series to the next.

    Args:
        unit: "second", "month" (on one day of it), "month end", or "trading day": Monday to
            Friday without holidays.
        size: How many units a step is, at least 1.

    Raises:
        ArgumentError: No such unit, or no such size.

    Example:
        >>> import numpy as np
        >>> from pellucid.data.series import Spacing
        >>> print(Spacing("second", 900), "|", Spacing("month", 1))
        15 minutes | a month
        >>> friday = np.datetime64("2024-05-31", "us")
        >>> Spacing("trading day", 1).later(friday, 1).astype("datetime64[D]").tolist()
        datetime.date(2024, 6, 3)
    """

    unit: Unit
    size: int

    def __post_init__(self) -> None:
        whole = isinstance(self.size, int) and not isinstance(self.size, bool)
        if self.unit not in get_args(Unit) or not whole or not 1 <= self.size <= 10**10:
            given = f"{self.unit!r} and {self.size!r}"
            report([Problem("Spacing(unit, size)", given, "a unit and a size of at least 1")])

    def __str__(self) -> str:
        if self.unit == "trading day":
            return "a trading day"
        if self.unit != "second":
            years, months = divmod(self.size, 12)
            return _counted(months, "month") if months else _counted(years, "year")
        if self.size in NAMES:
            return NAMES[self.size]
        for seconds, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
            if self.size % seconds == 0:
                return _counted(self.size // seconds, name)
        return _counted(self.size, "second")

    @property
    def seasons(self) -> tuple[int, ...]:
        """Steps in a day, a week or a year, as far as a step divides them."""
        if self.unit == "trading day":
            return (5,)
        if self.unit != "second":
            return (12 // self.size,) if 12 % self.size == 0 and self.size < 12 else ()
        if self.size < DAY:
            periods = (DAY, WEEK)
        elif self.size == WEEK:
            return (52,)
        else:
            periods = (WEEK, 365 * DAY)
        return tuple(one // self.size for one in periods if one % self.size == 0)

    @property
    def days(self) -> float:
        """Length of a step in days, on average."""
        if self.unit == "second":
            return self.size / DAY
        return 1.4 if self.unit == "trading day" else 30.44 * self.size

    def later(self, moment: np.datetime64, steps: Any) -> NumpyArray:
        """Return the moments so many steps after one.

        Args:
            moment: Where to begin.
            steps: Whole numbers of at least 0.
        """
        start, ahead = moment.astype("datetime64[us]"), np.asarray(steps, np.int64)
        if self.unit == "second":
            return start + (ahead * self.size).astype("timedelta64[s]")
        day = start.astype("datetime64[D]")
        clock = start - day
        if self.unit == "trading day":
            return np.busday_offset(day, ahead, roll="backward").astype("datetime64[us]") + clock
        month = day.astype("datetime64[M]")
        first = (month + ahead * self.size).astype("datetime64[D]")
        last = (month + ahead * self.size + 1).astype("datetime64[D]") - 1
        into = day - month.astype("datetime64[D]")
        there = last if self.unit == "month end" else np.minimum(first + into, last)
        return there.astype("datetime64[us]") + clock

    def places(self, moments: NumpyArray) -> NumpyArray:
        """Return the step of each moment, the first being step 0; -1 where it lies between steps.

        Args:
            moments: datetime64[us], ascending, shape (rows,).
        """
        if self.unit == "trading day":
            return np.arange(len(moments))
        if self.unit == "second":
            away = (moments - moments[0]).astype("timedelta64[us]").astype(np.int64)
            steps, rest = np.divmod(away, self.size * 1_000_000)
            return np.where(rest == 0, steps, -1)
        months = moments.astype("datetime64[M]").astype(np.int64)
        steps, rest = np.divmod(months - months[0], self.size)
        expected = self.later(moments[0], steps)
        return np.where((rest == 0) & (expected == moments), steps, -1)


def _counted(number: int, noun: str) -> str:
    return f"a {noun}" if number == 1 else f"{number} {noun}s"


def find_spacing(moments: NumpyArray, where: str) -> Spacing:
    """Return how far apart the rows are; gaps of whole steps are allowed.

    Args:
        moments: datetime64[us], ascending and distinct, shape (rows,).
        where: The data, for messages.

    Raises:
        DataError: The rows are fewer than three, or lie at no one distance.

    Example:
        >>> import numpy as np
        >>> from pellucid.data.series import find_spacing
        >>> months = np.arange("1949-01", "1950-01", dtype="datetime64[M]")
        >>> print(find_spacing(months.astype("datetime64[us]"), "passengers"))
        a month
    """
    if len(moments) < FEWEST:
        given = f"{len(moments)} rows"
        report(
            [Problem(where, given, f"at least {FEWEST}, to tell how far apart they are")], DataError
        )
    for find in (_trading, _monthly):
        found = find(moments)
        if found is not None:
            return found
    distances = np.diff(moments).astype("timedelta64[us]").astype(np.int64)
    common = _commonest(distances)
    spacing = Spacing("second", max(1, common // 1_000_000))
    between = np.flatnonzero(spacing.places(moments) < 0)
    if len(between):
        shown = some([str(moment)[:19] for moment in moments[between]], 3)
        given = f"rows mostly {spacing} apart, but not all whole steps from the first ({shown})"
        fix = "Bring them to one distance first, such as the mean of each day."
        report([Problem(where, given, "one distance between neighbours", fix)], DataError)
    return spacing


def _commonest(values: NumpyArray) -> int:
    distinct, counts = np.unique(values, return_counts=True)
    return int(distinct[counts.argmax()])


def _trading(moments: NumpyArray) -> Spacing | None:
    """Return trading days where there are days from Monday to Friday and no others."""
    days = moments.astype("datetime64[D]")
    distances = np.diff(days).astype(np.int64)
    one_clock = len(np.unique(moments - days)) == 1
    if not one_clock or not np.is_busday(days).all() or distances.max() < 3:
        return None
    open_days = int(np.busday_count(days[0], days[-1])) + 1
    usual = _commonest(distances) == 1 and len(days) > open_days / 2
    return Spacing("trading day", 1) if usual else None


def _monthly(moments: NumpyArray) -> Spacing | None:
    """Return months where no two rows are of one month and all lie on one day of it."""
    months = moments.astype("datetime64[M]").astype(np.int64)
    distances = np.diff(months)
    if distances.min() < 1:
        return None
    size = _commonest(distances)
    for unit in ("month", "month end"):
        spacing = Spacing(unit, size)
        start = spacing.later(moments[0], 0)
        if start == moments[0] and (spacing.places(moments) >= 0).all():
            return spacing
    return None
