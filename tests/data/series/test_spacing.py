"""How far apart the rows of a series are."""

import numpy as np
import pytest

from pellucid.data.series import Spacing, find_spacing
from pellucid.errors import ArgumentError, DataError


def every(start, end, unit):
    return np.arange(start, end, dtype=f"datetime64[{unit}]").astype("datetime64[us]")


WORKING = every("2024-01-01", "2024-03-01", "D")
WORKING = WORKING[np.is_busday(WORKING.astype("datetime64[D]"))]
MONTH_ENDS = every("2023-02", "2024-05", "M") - np.timedelta64(1, "D")


@pytest.mark.parametrize(
    ("moments", "words", "seasons"),
    [
        (every("2010-01-01T00", "2010-01-05T00", "h"), "an hour", (24, 168)),
        (every("2024-01-01", "2024-02-01", "D"), "a day", (7, 365)),
        (every("2024-01-01", "2024-03-01", "D")[::7], "a week", (52,)),
        (every("2024-01-01T00:00", "2024-01-01T05:00", "m")[::15], "15 minutes", (96, 672)),
        (every("1949-01", "1951-01", "M"), "a month", (12,)),
        (every("1949-01", "1951-01", "M")[::3], "3 months", (4,)),
        (every("1949", "1960", "Y"), "a year", ()),
        (MONTH_ENDS, "a month", (12,)),
        (np.delete(WORKING, 10), "a trading day", (5,)),
    ],
)
def test_spacings_are_told_apart_and_lead_on(moments, words, seasons):
    spacing = find_spacing(moments, "here")
    assert (str(spacing), spacing.seasons) == (words, seasons)
    if spacing.unit != "trading day":
        steps = np.arange(len(moments))
        assert (spacing.later(moments[0], steps) == moments).all()
        assert (spacing.places(moments) == steps).all()


def test_gaps_are_whole_steps():
    moments = np.delete(every("2024-01-01", "2024-02-01", "D"), [3, 4])
    spacing = find_spacing(moments, "here")
    assert spacing == Spacing("second", 86400)
    assert spacing.places(moments)[2:5].tolist() == [2, 5, 6]


def test_trading_days_go_on_after_the_weekend():
    later = Spacing("trading day", 1).later(np.datetime64("2013-03-01"), np.arange(1, 4))
    assert later.astype("datetime64[D]").astype(str).tolist() == [
        "2013-03-04",
        "2013-03-05",
        "2013-03-06",
    ]


def test_the_last_day_of_a_month_stays_the_last():
    later = Spacing("month end", 1).later(np.datetime64("2023-02-28"), 1)
    assert str(later.astype("datetime64[D]")) == "2023-03-31"
    later = Spacing("month", 1).later(np.datetime64("2024-01-30"), 1)
    assert str(later.astype("datetime64[D]")) == "2024-02-29"


def test_no_one_distance():
    moments = np.append(
        every("2024-01-01", "2024-02-01", "D"), np.datetime64("2024-02-01T05", "us")
    )
    with pytest.raises(DataError) as caught:
        find_spacing(moments, "here")
    assert str(caught.value) == (
        "here: got rows mostly a day apart, but not all whole steps from the first "
        "(2024-02-01T05:00:00), expected one distance between neighbours. Bring them to one "
        "distance first, such as the mean of each day."
    )


def test_two_rows_tell_no_distance():
    with pytest.raises(DataError, match=r"here: got 2 rows, expected at least 3"):
        find_spacing(every("2024-01-01", "2024-01-03", "D"), "here")


def test_a_spacing_from_a_file_is_checked():
    with pytest.raises(ArgumentError, match=r"'fortnight' and 1"):
        Spacing("fortnight", 1)
    with pytest.raises(ArgumentError, match=r"'month' and 0"):
        Spacing("month", 0)
