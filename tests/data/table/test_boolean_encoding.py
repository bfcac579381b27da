"""Truth values to features."""

import pytest

from pellucid.data.table import as_table
from pellucid.data.table.boolean_encoding import BooleanEncoding
from pellucid.data.table.kinds import ColumnKind

KIND = ColumnKind("x", "boolean", "")


def fit(values):
    table = as_table({"x": values})
    return BooleanEncoding.fit(table, table["x"], KIND)


def encode(encoding, values):
    table = as_table({"x": values})
    features, notes = encoding.encode(table, table["x"])
    return features.tolist(), notes


@pytest.mark.parametrize(
    "values", [[True, False], [1, 0], ["yes", "no"], ["T", "f"], ["TRUE", "False"], ["on", "off"]]
)
def test_true_is_one_and_false_minus_one(values):
    assert encode(fit([True, False]), values) == ([[1], [-1]], [])
    assert fit(values).features == ("x",)


def test_missing_values():
    assert encode(fit([True, False, None]), [None, True])[0] == [[0, 1], [1, 0]]
    assert encode(fit([True, False]), [None])[0] == [[0]]
    assert fit([True, None]).features == ("x", "x is missing")


def test_other_values_count_as_missing_and_are_noted():
    assert encode(fit([0, 1]), [2, "maybe", 1]) == (
        [[0], [0], [1]],
        ["Column 'x': 2 values neither true nor false ('2', 'maybe'); treated as missing."],
    )


def test_what_does_not_vary_is_no_feature():
    assert fit([True, True]) is None
    assert fit([0, 0]) is None
