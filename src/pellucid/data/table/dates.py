"""Text to times: the ways in which people write dates."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from pellucid.types import NumpyArray

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

DAY_FIRST, MONTH_FIRST = "day first", "month first"
"""The two orders in which `03/04/2020` may be meant."""

_CLOCK = (
    r"(?:(?:T|\s+|\s*,\s*)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?" + _CLOCK
)
_YEAR_LAST = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<then>\d{1,2})(?P=mark)(?P<year>\d{4})" + _CLOCK
)
_DAY_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?P<day>\d{1,2})(?:\.\s*|[-/\s]+)(?P<name>[A-Za-z]{3,9})\.?"
    r"[-/,\s]+(?P<year>\d{4})" + _CLOCK
)
_MONTH_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},\s+)?(?P<name>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})"
    + _CLOCK
)
_NUMBERS = re.compile(r"\d")


def parse_time(text: str, order: str = MONTH_FIRST) -> np.datetime64 | None:
    """Return the time that `text` writes, to the second and in UTC, or None.

    Example:
        >>> from pellucid.data.table.dates import parse_time
        >>> str(parse_time("3 May 2020")), str(parse_time("2020-05")), parse_time("soon")
        ('2020-05-03T00:00:00', '2020-05-01T00:00:00', None)
    """
    if not _NUMBERS.search(text) or len(text) > 40:
        return None
    for pattern in (_YEAR_FIRST, _YEAR_LAST, _DAY_NAMED, _MONTH_NAMED):
        match = pattern.fullmatch(text)
        if match:
            return _assemble(match.groupdict(), order)
    return None


def _assemble(parts: dict[str, str | None], order: str) -> np.datetime64 | None:
    day, month = parts.get("day") or "1", parts.get("month")
    if parts.get("mark") == "." and not (parts.get("day") or "first" in parts):
        return None  # 2010.5 is a number
    if "first" in parts:
        # With full stops the day comes first wherever they are in use.
        pair = (parts["first"], parts["then"])
        day, month = pair if order == DAY_FIRST or parts["mark"] == "." else pair[::-1]
    if parts.get("name"):
        short = str(parts["name"]).lower()[:3]
        month = str(MONTHS.index(short) + 1) if short in MONTHS else None
    clock = _clock(parts)
    if month is None or day is None or clock is None:
        return None
    try:
        date = np.datetime64(f"{parts['year']}-{int(month):02d}-{int(day):02d}", "s")
    except ValueError:
        return None
    return date + np.timedelta64(clock, "s")


def _clock(parts: dict[str, str | None]) -> int | None:
    """Return the seconds since midnight in UTC, or None for an hour such as 25."""
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    half = (parts.get("half") or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 60:
        return None
    zone = (parts.get("zone") or "").replace(":", "")
    offset = 0
    if zone[:1] in ("+", "-") and zone:
        sign = 1 if zone[0] == "+" else -1
        offset = sign * (int(zone[1:3]) * 3600 + int(zone[3:5]) * 60)
    return hour * 3600 + minute * 60 + second - offset


def find_order(values: Iterable[str]) -> tuple[str, bool]:
    """Return the order of day and month, and whether the values leave no doubt about it.

    Example:
        >>> from pellucid.data.table.dates import find_order
        >>> find_order(["03/04/2020", "25/12/2020"]), find_order(["03/04/2020"])
        (('day first', True), ('month first', False))
    """
    pairs = [
        (int(match["first"]), int(match["then"]))
        for match in (_YEAR_LAST.fullmatch(value) for value in values)
        if match and match["mark"] != "."
    ]
    if any(first > 12 for first, _ in pairs):
        return DAY_FIRST, True
    if any(then > 12 for _, then in pairs):
        return MONTH_FIRST, True
    return MONTH_FIRST, not pairs


def parse_times(values: Sequence[str], order: str = MONTH_FIRST) -> NumpyArray:
    """Return times as datetime64[us], NaT where a value is none; equal texts are read once.

    Example:
        >>> from pellucid.data.table.dates import parse_times
        >>> parse_times(["1949-01", "soon"]).astype("datetime64[D]").tolist()
        [datetime.date(1949, 1, 1), None]
    """
    known = {text: parse_time(text, order) for text in set(values)}
    nothing = np.datetime64("NaT", "s")
    found = [nothing if (time := known[value]) is None else time for value in values]
    return np.array(found, "datetime64[us]")
