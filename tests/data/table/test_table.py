"""The table type."""

import numpy as np
import pytest

from pellucid.data.table import Column, Table, as_table
from pellucid.data.table.table import some
from pellucid.errors import DataError


def people():
    return as_table({"age": [31.0, None, 7.0], "city": ["Rome", "Oslo", None]}, source="people.csv")


def test_storage_of_each_sort():
    table = as_table(
        {
            "n": [1, 2],
            "b": [True, None],
            "t": np.array(["2020-01-01", "NaT"], "datetime64[D]"),
            "s": ["x", "y"],
        }
    )
    assert [column.storage for column in table] == ["number", "boolean", "time", "text"]
    assert [column.missing.tolist() for column in table] == [
        [False, False],
        [False, True],
        [False, True],
        [False, False],
    ]


def test_take_select_without_rename():
    table = people()
    assert table.take(np.array([2, 0]))["age"].values.tolist() == [7.0, 31.0]
    assert table.take(np.array([True, False, True])).rows == 2
    assert table.select(["city", "age"]).names == ("city", "age")
    assert table.without("age").names == ("city",)
    assert table.renamed({"age": "years"}).names == ("years", "city")
    assert table.renamed({"age": "years"})["years"].name == "years"


def test_notes_source_and_places_stay_with_the_rows():
    column = Column("x", np.array([1.0, 2.0, 3.0]), np.zeros(3, bool))
    table = Table([column], source="f", notes=["n"], lines=np.array([2, 4, 5]))
    taken = table.noted("m").take(np.array([2, 1]))
    assert (taken.source, taken.notes) == ("f", ("n", "m"))
    assert taken.place(0) == "line 5"
    assert taken.place([0, 1]) == "lines 5, 4"
    assert people().place(np.array([True, False, True])) == "rows 1, 3"


def test_distinct_values_are_counted_and_follow_the_rows():
    column = as_table({"x": ["b", "a", "b", None]})["x"]
    assert column.counts() == {"b": 2, "a": 1}
    assert column.take(np.array([1, 3])).counts() == {"a": 1}
    numbers = as_table({"x": [2.0, np.nan, 1.0, 2.0]})["x"]
    assert numbers.coded.codes.tolist() == [1, -1, 0, 1]
    assert numbers.take(np.array([0, 1])).tally()[0].tolist() == [2.0]


def test_an_unknown_column():
    with pytest.raises(DataError) as caught:
        people()["agee"]
    assert str(caught.value) == (
        "people.csv: got no column 'agee', expected a column of the table. Did you mean 'age'?"
    )


def test_columns_of_different_lengths_and_equal_names():
    one, two = (Column("x", np.zeros(n), np.zeros(n, bool)) for n in (1, 2))
    with pytest.raises(DataError) as caught:
        Table([one, two.renamed("y")])
    assert str(caught.value) == (
        "table: got columns of different lengths (x: 1, y: 2), expected one length."
    )
    with pytest.raises(DataError, match="2 columns 'x', expected different names"):
        Table([one, one])


def test_what_is_shown():
    assert repr(people()) == "Table('people.csv', 3 rows, columns: age, city)"
    assert some(range(7)) == "0, 1, 2, 3, 4 and 2 more"
    assert len(people()) == 3
    assert "age" in people()


def test_an_unknown_column_is_told_with_the_others_in_their_order():
    table = as_table({f"column_{number}": [1] for number in (1, 2, 10, 11)})
    assert str(table.unknown("target")).endswith("Known: column_1, column_2, column_10, column_11.")
    assert str(table.unknown("colum_10")).endswith("Did you mean 'column_10'?")
