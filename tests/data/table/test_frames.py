"""Anybody's tables."""

import datetime

import numpy as np
import pandas
import polars
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table import as_table
from pellucid.errors import DataError

DAY = datetime.datetime(2020, 1, 2, 3)
VALUES = {
    "whole": [1, 2, 3],
    "real": [1.5, None, 3.5],
    "flag": [True, False, None],
    "all": [True, False, True],
    "when": [DAY, None, DAY],
    "word": ["x", None, "?"],
    "code": ["007", "008", "009"],
    "digits": ["1", "2.5", "NA"],
}
EXPECTED = {
    "whole": ("number", [1.0, 2.0, 3.0]),
    "real": ("number", [1.5, None, 3.5]),
    "flag": ("boolean", [True, False, None]),
    "all": ("boolean", [True, False, True]),
    "when": ("time", [DAY, None, DAY]),
    "word": ("text", ["x", None, None]),
    "code": ("text", ["007", "008", "009"]),
    "digits": ("number", [1.0, 2.5, None]),
}
SOURCES = {
    "dict": dict,
    "pandas": pandas.DataFrame,
    "pandas objects": lambda values: pandas.DataFrame(values, dtype=object),
    "pandas nullable": lambda values: pandas.DataFrame(values).convert_dtypes(),
    "polars": polars.DataFrame,
    "pyarrow": pyarrow.table,
    "dict of pandas series": lambda values: {n: pandas.Series(v) for n, v in values.items()},
    "dict of polars series": lambda values: {n: polars.Series(v) for n, v in values.items()},
}


def content(column):
    pairs = zip(column.values.tolist(), column.missing, strict=True)
    return column.storage, [None if gone else value for value, gone in pairs]


@pytest.mark.parametrize("source", SOURCES)
def test_one_table_from_all_sources(source):
    table = as_table(SOURCES[source](VALUES))
    assert {column.name: content(column) for column in table} == EXPECTED


def test_pandas_sorts_of_columns():
    frame = pandas.DataFrame(
        {
            "category": pandas.Categorical(["a", "b", None]),
            "zoned": pandas.to_datetime(["2020-01-01T12:00+02:00"] * 3),
            "span": pandas.to_timedelta([1, 2, 3], unit="h"),
        }
    )
    table = as_table(frame)
    assert content(table["category"]) == ("text", ["a", "b", None])
    assert content(table["zoned"])[1][0] == datetime.datetime(2020, 1, 1, 10)
    assert content(table["span"]) == ("number", [3600.0, 7200.0, 10800.0])


def test_polars_sorts_of_columns():
    frame = polars.DataFrame(
        {
            "date": [datetime.date(2020, 1, 1), None],
            "enum": polars.Series(["a", "b"], dtype=polars.Enum(["a", "b"])),
            "decimal": polars.Series(["1.5", "2.5"]).cast(polars.Decimal(4, 2)),
            "list": [[1], [2]],
        }
    )
    table = as_table(frame)
    assert content(table["date"]) == ("time", [datetime.datetime(2020, 1, 1), None])
    assert content(table["enum"]) == ("text", ["a", "b"])
    assert content(table["decimal"]) == ("number", [1.5, 2.5])
    assert table.names == ("date", "enum", "decimal")
    assert table.notes == ("Columns that hold lists or structures left out: list.",)


def test_arrays():
    table = as_table(np.array([[1.0, np.nan], [3.0, 4.0]]))
    assert (table.names, table.positional) == (("column_1", "column_2"), True)
    assert content(table["column_2"]) == ("number", [None, 4.0])
    assert as_table(np.array([["a", "1"], ["b", "2"]]))["column_2"].storage == "number"
    records = np.array([(1, "a")], dtype=[("n", "i4"), ("s", "U3")])
    assert as_table(records).names == ("n", "s")


def test_numbers_too_long_for_a_float_stay_text():
    big = 2**53 + 1
    for source in (
        {"id": [big, 1]},
        {"id": np.array([big, 1])},
        pandas.DataFrame({"id": [big, 1]}),
    ):
        assert as_table(source)["id"].values.tolist() == [str(big), "1"]


def test_mixed_values_are_text():
    assert content(as_table({"x": [1, "a", None, 2.5, True]})["x"]) == (
        "text",
        ["1", "a", None, "2.5", "true"],
    )


def test_a_table_is_itself():
    table = as_table({"x": [1]})
    assert as_table(table) is table


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "table: got no columns, expected at least one."),
        (
            np.zeros(3),
            "table: got an array of shape (3,), expected an array of shape (rows, columns).",
        ),
        (
            {"x": np.zeros((2, 2))},
            "column 'x': got shape (2, 2), expected one value a row, shape (rows,).",
        ),
        ({"x": 3}, "column 'x': got a int, expected an array, a list or a series."),
        (
            7,
            "table: got a int, expected a path, a data frame, a dict of columns "
            "or an array of shape (rows, columns).",
        ),
        (
            {"x": [1, 2], "y": [1]},
            "table: got columns of different lengths (x: 2, y: 1), expected one length.",
        ),
        (
            polars.DataFrame({"x": [[1]]}),
            "table: got only lists and structures, expected plain values.",
        ),
    ],
)  # fmt: skip
def test_the_message(data, message):
    with pytest.raises(DataError) as caught:
        as_table(data)
    assert str(caught.value) == message


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False), st.integers(-(2**53), 2**53))))
def test_numbers_are_kept(numbers):
    column = as_table({"x": numbers})["x"]
    assert content(column)[1] == numbers
