"""Dates as people write them."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table.dates import (
    DAY_FIRST,
    MONTH_FIRST,
    find_order,
    parse_time,
    parse_times,
)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2010-01-31", "2010-01-31T00:00:00"),
        ("2010/1/2 03:04", "2010-01-02T03:04:00"),
        ("2010.01.02", "2010-01-02T00:00:00"),
        ("1949-01", "1949-01-01T00:00:00"),
        ("2010-01-01T10:00:00Z", "2010-01-01T10:00:00"),
        ("2010-01-01T10:00:00+02:00", "2010-01-01T08:00:00"),
        ("2010-01-01 10:00:00.123456", "2010-01-01T10:00:00"),
        ("01-Mar-2000", "2000-03-01T00:00:00"),
        ("1 March 2000", "2000-03-01T00:00:00"),
        ("Mar 1, 2000", "2000-03-01T00:00:00"),
        ("Wed, 01 Mar 2000 10:00:00 +0100", "2000-03-01T09:00:00"),
        ("3/4/2020 3:04 PM", "2020-03-04T15:04:00"),
        ("3/4/2020 12:04 am", "2020-03-04T00:04:00"),
        ("25.12.2020", "2020-12-25T00:00:00"),
        ("02.03.2020", "2020-03-02T00:00:00"),
    ],
)
def test_parse_time(text, iso):
    assert str(parse_time(text)) == iso


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2010", "20100101", "2010.5", "2010-13-01", "2010-02-30", "192.168.1.1",
     "2010-01-01 25:00", "2010-01-01 10:61", "1-2-3", "32/01/2020", "1 Foo 2000", "2010-1/2"],
)  # fmt: skip
def test_what_is_no_date(text):
    assert parse_time(text) is None


def test_the_order_of_day_and_month():
    assert str(parse_time("03/04/2020", DAY_FIRST)) == "2020-04-03T00:00:00"
    assert find_order(["03/04/2020", "25/12/2020"]) == (DAY_FIRST, True)
    assert find_order(["03/04/2020", "12/25/2020"]) == (MONTH_FIRST, True)
    assert find_order(["03/04/2020"]) == (MONTH_FIRST, False)
    assert find_order(["2020-03-04", "3.4.2020"]) == (MONTH_FIRST, True)


@given(st.datetimes(datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31)))
def test_iso_times_are_read_as_numpy_reads_them(time):
    text = time.replace(microsecond=0).isoformat()
    assert parse_time(text) == np.datetime64(text, "s")


@given(st.dates(datetime.date(1000, 1, 1)), st.sampled_from([DAY_FIRST, MONTH_FIRST]))
def test_dates_in_either_order_are_read_back(date, order):
    form = "%d/%m/%Y" if order == DAY_FIRST else "%m/%d/%Y"
    assert parse_time(date.strftime(form), order) == np.datetime64(date, "s")


def test_parse_times_leaves_gaps():
    times = parse_times(["2020-01-01", "no", "2020-01-01"])
    assert times.dtype == "datetime64[us]"
    assert np.isnat(times).tolist() == [False, True, False]
