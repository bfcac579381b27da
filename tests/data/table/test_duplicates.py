"""Equal rows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table import as_table
from pellucid.data.table.duplicates import duplicate_groups

ROWS = st.lists(
    st.tuples(st.sampled_from([0.0, 1.5, None]), st.sampled_from(["a", "1", "1.0", None])),
    min_size=1,
    max_size=12,
)


@given(ROWS)
def test_groups_are_those_of_equal_tuples(rows):
    table = as_table(
        {"x": [row[0] for row in rows], "y": ["z" if r[1] is None else r[1] for r in rows]}
    )
    spelled = [(x, {"1.0": "1", None: "z"}.get(y, y)) for x, y in rows]
    groups = duplicate_groups(table, ["x", "y"])
    for one, group in zip(spelled, groups, strict=True):
        same = [other == one for other in spelled]
        np.testing.assert_array_equal(groups == group, same)
    assert sorted(set(groups)) == list(range(len(set(spelled))))


def test_missing_values_are_equal():
    table = as_table({"x": [None, None, 1.0], "y": [None, None, "a"]})
    assert duplicate_groups(table, ["x", "y"]).tolist() == [0, 0, 1]


def test_without_columns_no_rows_are_equal():
    assert duplicate_groups(as_table({"x": [1, 1]}), []).tolist() == [0, 1]
