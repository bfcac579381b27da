"""Rows joined to others."""

import numpy as np
import pytest

from pellucid.models.rows import joined_rows

ONE = ("x",), ("y",)
TWO = ("a", "b"), ("left", "right")


def test_joined_rows_follow_one_another():
    x, y, weight = joined_rows(ONE, ([[1.0], [2.0]], [0, 1], None), ([[3.0]], [2], None))
    np.testing.assert_array_equal(x, [[1], [2], [3]])
    np.testing.assert_array_equal(y, [0, 1, 2])
    assert weight is None


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([0.5, 2.0], [3.0], [0.5, 2, 3]),
        (None, [3.0], [1, 1, 3]),
        ([0.5, 2.0], None, [0.5, 2, 1]),
        ([[1.0, 0.0], [0.0, 1.0]], None, [[1, 0], [0, 1], [1, 1]]),
    ],
)
def test_rows_without_a_weight_weigh_1_beside_others(first, second, expected):
    weight = joined_rows(ONE, ([[1.0], [2.0]], [0, 1], first), ([[3.0]], [2], second))[2]
    np.testing.assert_array_equal(weight, expected)


def test_several_inputs_and_outputs_are_joined_by_name():
    given = {"a": [1.0], "b": ["one"]}, [[0], [5]], {"left": [0.5], "right": [1.5]}
    other = [[2.0], ["two"]], {"right": [6], "left": [1]}, None
    x, y, weight = joined_rows(TWO, given, other)
    assert {name: one.tolist() for name, one in x.items()} == {"a": [1, 2], "b": ["one", "two"]}
    assert {name: one.tolist() for name, one in y.items()} == {"left": [0, 1], "right": [5, 6]}
    assert {name: one.tolist() for name, one in weight.items()} == {
        "left": [0.5, 1],
        "right": [1.5, 1],
    }


def test_sequences_of_different_lengths_stay_sequences():
    x, _, _ = joined_rows(ONE, ([[1, 2], [3]], [0, 1], None), ([[4, 5, 6], [7]], [1, 0], None))
    assert [list(one) for one in x] == [[1, 2], [3], [4, 5, 6], [7]]


def test_labels_in_a_column_follow_flat_ones():
    _, y, _ = joined_rows(ONE, ([[1.0], [2.0]], [0, 1], None), ([[3.0]], [[2]], None))
    np.testing.assert_array_equal(y, [0, 1, 2])
