"""When each row was."""

import numpy as np
import pytest

from pellucid.data.series import find_time, moments_of
from pellucid.data.table import as_table
from pellucid.errors import DataError


def days(moments):
    return moments.astype("datetime64[D]").astype(str).tolist()


def test_a_column_of_dates_is_found_before_columns_of_parts():
    table = as_table({"year": [2020, 2021], "sold": [1, 2], "Date": ["2020-01-01", "2020-01-02"]})
    assert find_time(table) == ("Date",)


def test_parts_are_found_from_coarse_to_fine():
    table = as_table({"hour": [0, 1], "Day": [1, 1], "month": [5, 5], "year": [2010, 2010]})
    assert find_time(table) == ("year", "month", "Day", "hour")
    moments = moments_of(table, find_time(table))
    assert moments.astype(str).tolist() == [
        "2010-05-01T00:00:00.000000",
        "2010-05-01T01:00:00.000000",
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1949-01", "1949-02"], ["1949-01-01", "1949-02-01"]),
        (["25/12/2020", "01/02/2021"], ["2020-12-25", "2021-02-01"]),
        (np.array(["2020-01-01", "2020-02-29"], "datetime64[D]"), ["2020-01-01", "2020-02-29"]),
        ([1700, 1701], ["1700-01-01", "1701-01-01"]),
    ],
)
def test_one_column(values, expected):
    assert days(moments_of(as_table({"when": values}), ["when"])) == expected


def fails(columns, time):
    with pytest.raises(DataError) as caught:
        moments_of(as_table(columns), time)
    return str(caught.value)


def test_dates_that_cannot_be_read():
    columns = {"Date": ["2020-01-01", "soon", "2020-01-03"]}
    assert fails(columns, ["Date"]) == (
        "table, time 'Date': got 'soon' (row 2), expected dates such as 2013-03-01. Correct or "
        "drop these rows, or name the column of time: time=..."
    )


def test_a_row_without_a_time():
    assert fails({"Date": ["2020-01-01", None]}, ["Date"]) == (
        "table, time 'Date': got no time in 1 row (row 2), expected a time in each row. "
        "Drop these rows."
    )


def test_parts_out_of_range():
    columns = {"year": [2010, 2010], "month": [1, 13], "day": [1, 1], "hour": [0, 24]}
    assert fails(columns, [*columns]) == (
        "2 problems:\n"
        "  1. table, time 'month': got 13 (row 2), expected whole numbers from 1 to 12.\n"
        "  2. table, time 'hour': got 24 (row 2), expected whole numbers from 0 to 23."
    )
    assert fails({"year": [2011], "month": [2], "day": [29]}, ["year", "month", "day"]) == (
        "table, time 'year', 'month', 'day': got a day that its month does not have (row 1), "
        "expected dates. Correct these rows."
    )


def test_numbers_that_are_no_parts():
    assert fails({"year": [2011], "hour": [2]}, ["year", "hour"]) == (
        "table, time: got numbers in 'year', 'hour', expected columns called 'year', 'month', "
        "'day', 'hour' and so on, without a hole."
    )


def test_no_column_of_time():
    with pytest.raises(DataError) as caught:
        find_time(as_table({"a": [1, 2], "b": ["x", "y"]}))
    assert str(caught.value) == (
        "table: got no column of dates among 'a', 'b', expected one that says when each row was, "
        "or columns 'year', 'month' and so on. Name it with time=..., or add one of dates such as "
        "2013-03-01. Rows without a time are a table: it has a target and no horizon."
    )
