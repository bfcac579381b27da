"""Levels to features."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table import as_table
from pellucid.data.table.category_encoding import MOST_LEVELS, CategoryEncoding
from pellucid.data.table.kinds import ColumnKind

KIND = ColumnKind("x", "category", "")
LEVELS = st.lists(st.one_of(st.none(), st.sampled_from("abcde")), min_size=1, max_size=40)


def fit(values):
    table = as_table({"x": values})
    return CategoryEncoding.fit(table, table["x"], KIND)


def encode(encoding, values):
    table = as_table({"x": values})
    features, notes = encoding.encode(table, table["x"])
    return features.tolist(), notes


def test_each_level_is_a_feature():
    encoding = fit(["b", "a", "c"] * 3)
    assert encoding.features == ("x=a", "x=b", "x=c")
    assert encode(encoding, ["c", "a"]) == ([[0, 0, 1], [1, 0, 0]], [])


def test_two_levels_are_one_feature():
    encoding = fit(["M", "F"] * 5)
    assert encoding.features == ("x=M",)
    assert encode(encoding, ["M", "F"]) == ([[1], [-1]], [])


def test_a_level_not_seen_is_none_of_them():
    assert encode(fit(["b", "a", "c"] * 3), ["z"]) == (
        [[0, 0, 0]],
        ["Column 'x': 1 row with levels not seen in training ('z')."],
    )
    assert encode(fit(["M", "F"] * 5), ["z", None])[0] == [[0], [0]]


def test_rare_levels_share_a_feature():
    encoding = fit(["a"] * 50 + ["b"] * 50 + ["c", "d"])
    assert encoding.features == ("x=a", "x=b", "x is rare")
    assert encode(encoding, ["c", "new", "a"]) == (
        [[0, 0, 1], [0, 0, 1], [1, 0, 0]],
        ["Column 'x': 2 rows with levels rare or not seen in training ('c', 'new')."],
    )


def test_missing_values_are_marked_if_seen():
    encoding = fit(["a", "b", "c", None] * 3)
    assert encoding.features[-1] == "x is missing"
    assert encode(encoding, [None]) == ([[0, 0, 0, 1]], [])
    assert encode(fit(["a", "b", "c"] * 3), [None]) == ([[0, 0, 0]], [])


def test_one_level_and_missing_values():
    encoding = fit(["a", None] * 4)
    assert encoding.features == ("x=a", "x is missing")


def test_the_most_frequent_levels_stay():
    values = [f"l{place}" for place in range(MOST_LEVELS + 50) for _ in range(10 + (place < 60))]
    encoding = fit(values)
    assert len(encoding.levels) == MOST_LEVELS
    assert {f"l{place}" for place in range(60)} <= set(encoding.levels)
    assert encoding.rare


def test_nothing_that_varies_is_no_feature():
    assert fit(["a"] * 5) is None
    assert fit([f"l{place}" for place in range(20)]) is None


def test_one_level_however_it_is_stored():
    encoding = fit(["1", "2.0", "3"] * 3)
    assert encoding.levels == ("1", "2", "3")
    assert encode(encoding, [2, 2.0])[0] == encode(encoding, ["2", "2.0"])[0]
    assert fit([True, False] * 5).levels == fit(["false", "true"] * 5).levels


@given(LEVELS, LEVELS)
def test_a_row_is_in_one_level_at_most(training, rows):
    encoding = fit(training)
    if encoding is None:
        return
    features, _ = encode(encoding, rows)
    assert np.shape(features) == (len(rows), len(encoding.features))
    assert np.isin(features, (-1, 0, 1)).all()
    assert (np.abs(features).sum(axis=1) <= 1).all()
    again, _ = encode(encoding, training)
    assert (np.abs(again).sum(axis=1) == 1).all()
