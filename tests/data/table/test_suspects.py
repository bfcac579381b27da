"""Numbers that perhaps mean "no value"."""

import pytest

from pellucid.data.table import as_table, infer_kinds
from pellucid.data.table.suspects import suspect_values

BULK = [50 + place % 37 for place in range(100)]


def notes(values):
    return list(suspect_values(as_table({"x": values})["x"]))


@pytest.mark.parametrize(
    ("extra", "value", "rows"), [([0] * 5, 0, 5), ([-999] * 3, -999, 3), ([9999] * 40, 9999, 40)]
)
def test_a_value_far_from_the_rest_is_noted(extra, value, rows):
    assert notes(BULK + extra) == [
        f"Column 'x': {rows} rows hold {value}, all others lie between 50 and 86. If {value} "
        f"stands for a missing value, say so: missing={{'x': [{value}]}}."
    ]


@pytest.mark.parametrize(
    "values",
    [
        BULK,
        [*BULK, 0],
        [place % 18 for place in range(100)],
        [0] * 150 + BULK,
        [place / 100 for place in range(100)] + [0] * 9,
        [0, 0, 0, 5, 6, 7],
        ["a", "b"] * 50,
    ],
)
def test_ordinary_values_are_not(values):
    assert notes(values) == []


def test_the_notes_are_those_of_the_kinds_unless_given():
    table = as_table({"x": BULK + [0] * 5})
    assert len(infer_kinds(table).notes) == 1
    assert infer_kinds(table, kinds={"x": "number"}).notes == ()
