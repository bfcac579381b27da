"""Rows to parts."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table import as_table, split_folds, split_rows
from pellucid.errors import ArgumentError, DataError


def parts(split):
    return [split.training, split.validation, split.test]


def table_of(rows):
    return as_table({"x": np.arange(rows) * 1.5}, source="houses.csv")


@given(st.integers(20, 300), st.floats(0.05, 0.4), st.floats(0.05, 0.4), st.integers(0, 99))
def test_each_row_is_in_one_part_of_its_size(rows, validation, test, seed):
    split = split_rows(table_of(rows), validation=validation, test=test, seed=seed)
    assert sorted(np.concatenate(parts(split))) == list(range(rows))
    assert abs(len(split.test) - test * rows) <= 1
    assert abs(len(split.validation) - validation * rows) <= 1


def test_the_seed_decides():
    splits = [split_rows(table_of(100), seed=seed) for seed in (0, 0, 1)]
    assert splits[0].test.tolist() == splits[1].test.tolist()
    assert splits[0].test.tolist() != splits[2].test.tolist()


def test_sorted_rows_are_shuffled():
    split = split_rows(table_of(1000))
    assert 350 < np.median(split.test) < 650


@given(st.integers(0, 50))
def test_each_part_has_its_share_of_each_class(seed):
    labels = np.repeat([0, 1, 2], [500, 100, 20])
    split = split_rows(table_of(620), labels, validation=0.2, test=0.25, seed=seed)
    assert np.bincount(labels[split.test]).tolist() == [125, 25, 5]
    assert np.bincount(labels[split.validation]).tolist() == [100, 20, 4]


def test_each_part_has_its_share_of_a_numbers_range(rng):
    numbers = rng.lognormal(size=400).astype(np.float32)
    split = split_rows(table_of(400), numbers, test=0.2)
    edges = np.quantile(numbers, np.linspace(0, 1, 11))
    counts, _ = np.histogram(numbers[split.test], edges)
    assert counts.tolist() == [8] * 10


def test_a_class_of_one_row_is_one_to_learn_from():
    labels = np.array([0] * 50 + [1] * 50 + [2] + [3] * 2)
    split = split_rows(table_of(103), labels)
    assert 100 in split.training
    assert split.notes == ("Classes with too few rows for each part: 2 (1 row), 3 (2 rows).",)


def copies():
    values = list(range(80)) + list(range(20))
    return as_table({"x": [value * 1.5 for value in values], "id": list(range(100))})


@given(st.integers(0, 200))
def test_equal_rows_stay_together(seed):
    split = split_rows(copies(), columns=["x"], seed=seed)
    part_of = np.empty(100, int)
    for place, part in enumerate(parts(split)):
        part_of[part] = place
    assert part_of[:20].tolist() == part_of[80:].tolist()
    assert split.notes == ("20 rows equal to an earlier one; equal rows stay in one part.",)


def test_rows_are_compared_in_all_columns_by_default():
    assert split_rows(copies()).notes == ()


def test_columns_of_few_values_make_equal_rows_that_mean_nothing():
    table = as_table({"x": [0, 1] * 50})
    split = split_rows(table, test=0.2)
    assert len(split.test) == 20
    assert split.notes == (
        "98 rows equal to an earlier one, as happens where columns have few values; "
        "they are split like all others.",
    )


def test_by_time_the_last_rows_are_the_test(rng):
    days = rng.permutation(100)
    start = datetime.datetime(2020, 1, 1)
    times = [start + datetime.timedelta(days=int(day)) for day in days]
    for values in (days, times, [time.date().isoformat() for time in times]):
        split = split_rows(as_table({"t": values}), time="t", validation=0.1, test=0.2)
        assert days[split.test].tolist() == list(range(80, 100))
        assert days[split.validation].tolist() == list(range(70, 80))
        assert days[split.training].tolist() == list(range(70))
        assert split.notes == ("Split by 't': the last 20 rows are the test.",)


def test_rows_of_one_time_stay_together():
    split = split_rows(as_table({"t": np.repeat(np.arange(10), 10)}), time="t", test=0.25)
    assert split.test.tolist() == list(range(70, 100))


def test_time_in_several_columns(rng):
    order = rng.permutation(48)
    table = as_table({"month": order % 12, "year": order // 12})
    split = split_rows(table, time=["year", "month"], validation=0.25, test=0.25)
    assert order[split.test].tolist() == list(range(36, 48))


@given(st.integers(0, 50))
def test_groups_stay_together(seed):
    rng = np.random.default_rng(seed)
    persons = [f"p{number}" for number in rng.integers(0, 25, 300)]
    split = split_rows(as_table({"person": persons}), groups="person", seed=seed)
    held = [{persons[row] for row in part} for part in parts(split)]
    assert sum(map(len, held)) == len(set(persons))
    assert abs(len(split.test) - 60) <= 25


def test_three_groups_are_one_for_each_part():
    split = split_rows(as_table({"g": ["a"] * 100 + ["b"] * 100 + ["c"] * 100}), groups="g")
    assert [len(part) for part in parts(split)] == [100, 100, 100]
    assert split.notes == (
        "Rows with the same 'g' stay together: training 1 group, validation 1 group, test 1 group.",
    )


def test_parts_not_asked_for_are_empty():
    split = split_rows(table_of(10), validation=0, test=0)
    assert [len(part) for part in parts(split)] == [10, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"validation": 1.2},
            "validation=...: got 1.2, expected a share of the rows, a number from 0 to below 1. "
            "For a fifth say 0.2.",
        ),
        (
            {"test": "0.2"},
            "test=...: got '0.2', expected a share of the rows, a number from 0 to below 1. "
            "For a fifth say 0.2.",
        ),
        (
            {"test": True},
            "test=...: got True, expected a share of the rows, a number from 0 to below 1. "
            "For a fifth say 0.2.",
        ),
        (
            {"validation": 0.6, "test": 0.5},
            "validation=..., test=...: got 0.6 and 0.5, expected shares that leave rows to learn "
            "from.",
        ),
        (
            {"time": "day"},
            "time=...: got no column 'day', expected a column of the table. Known: x.",
        ),
        (
            {"groups": "persn", "columns": ["y"]},
            "2 problems:\n"
            "  1. groups=...: got no column 'persn', expected a column of the table. Known: x.\n"
            "  2. columns=...: got no column 'y', expected a column of the table. Known: x.",
        ),
        (
            {"time": "x", "groups": "x"},
            "time=..., groups=...: got both, expected one of them.",
        ),
        ({"y": np.zeros(3)}, "split_rows(y=...): got 3 values, expected 100, one for each row."),
    ],
)
def test_the_message_for_an_argument(arguments, message):
    with pytest.raises(ArgumentError) as caught:
        split_rows(table_of(100), **arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("columns", "arguments", "message"),
    [
        (
            {"x": [1, 2, 3]},
            {},
            "table: got no validation rows from 3 rows, expected rows in each part. "
            "Give more rows or other shares (training 65%, validation 15%, test 20%).",
        ),
        (
            {"g": ["a", "b"] * 50},
            {"groups": "g"},
            "table: got no test rows from 100 rows, expected rows in each part. "
            "Give more rows or other shares (training 65%, validation 15%, test 20%).",
        ),
        (
            {"t": [1, None] * 10},
            {"time": "t"},
            "table, column 't' (time): got no time in 10 rows (rows 2, 4, 6, 8, 10 and 5 more), "
            "expected a time in each row. Drop these rows.",
        ),
        (
            {"t": ["a", "b"] * 10},
            {"time": "t"},
            "table, column 't' (time): got 'a', 'b' and 18 more, expected dates or numbers.",
        ),
    ],
)
def test_the_message_for_data(columns, arguments, message):
    with pytest.raises(DataError) as caught:
        split_rows(as_table(columns), **arguments)
    assert str(caught.value) == message


def test_one_moment_cannot_be_split():
    with pytest.raises(DataError, match="got no training rows from 100 rows"):
        split_rows(as_table({"t": [5] * 100}), time="t")


# -- folds ----------------------------------------------------------------------------------


def each_row_once(splits, rows):
    for split in splits:
        assert sorted(np.concatenate(parts(split))) == list(range(rows))
    assert sorted(np.concatenate([split.test for split in splits])) == list(range(rows))


@given(st.integers(20, 200), st.integers(2, 10), st.integers(0, 99))
def test_each_row_is_the_test_of_one_fold(rows, folds, seed):
    splits = split_folds(table_of(rows), folds=folds, validation=0.25, seed=seed)
    each_row_once(splits, rows)
    sizes = [len(split.test) for split in splits]
    assert max(sizes) - min(sizes) <= 1
    for split in splits:
        assert abs(len(split.validation) - (rows - len(split.test)) / 4) <= 1


@given(st.integers(0, 50))
def test_each_fold_has_its_share_of_each_class(seed):
    labels = np.repeat([0, 1, 2], [50, 35, 5])
    splits = split_folds(table_of(90), labels, folds=5, validation=0.2, seed=seed)
    assert [np.bincount(labels[split.test]).tolist() for split in splits] == [[10, 7, 1]] * 5


@given(st.integers(0, 50))
def test_equal_rows_stay_in_one_fold_and_on_one_side_of_it(seed):
    splits = split_folds(copies(), folds=4, columns=["x"], seed=seed)
    each_row_once(splits, 100)
    for split in splits:
        for part in parts(split):
            assert set(part[part < 20]) == set(part[part >= 80] - 80)


def test_rows_of_a_group_stay_in_one_fold(rng):
    person = rng.integers(0, 12, 90)
    table = as_table({"x": np.arange(90), "person": person})
    splits = split_folds(table, folds=3, validation=0.3, groups="person")
    each_row_once(splits, 90)
    for split in splits:
        seen = [set(person[part]) for part in parts(split)]
        assert not seen[0] & seen[1]
        assert not (seen[0] | seen[1]) & seen[2]


def test_the_past_predicts_the_future_in_each_fold(rng):
    day = rng.permutation(60)
    splits = split_folds(as_table({"day": day}), folds=5, validation=0.25, time="day")
    tests = [sorted(day[split.test]) for split in splits]
    assert tests == [list(range(10 * fold, 10 * fold + 10)) for fold in range(1, 6)]
    for split in splits:
        assert day[split.training].max() < day[split.validation].min()
        assert day[split.validation].max() < day[split.test].min()


@pytest.mark.parametrize(
    ("columns", "options", "told"),
    [
        (
            {"x": [1, 2, 3]},
            {"folds": 4},
            "houses.csv: got 4 folds of 3 rows, expected rows in each of them. "
            "Ask for fewer folds.",
        ),
        (
            {"x": range(9), "p": list("aaabbbccc")},
            {"folds": 4, "groups": "p"},
            "houses.csv: got 4 folds of 9 rows, expected at least 4 different values of 'p'. "
            "Ask for fewer folds.",
        ),
        (
            {"x": range(9), "year": [1, 1, 1, 2, 2, 2, 3, 3, 3]},
            {"folds": 3, "time": "year"},
            "houses.csv: got 3 folds of 9 rows, expected 4 parts of rows that 'year' tells apart. "
            "Ask for fewer folds.",
        ),
        (
            {"x": range(9), "year": range(9)},
            {"folds": 2, "time": "year", "y": np.repeat([0, 1], [5, 4])},
            "houses.csv, fold 1: got one class alone to learn from, expected at least two "
            "classes. Ask for fewer folds.",
        ),
    ],
)
def test_folds_that_cannot_be_made_are_told(columns, options, told):
    with pytest.raises(DataError) as error:
        split_folds(as_table(columns, source="houses.csv"), **options)
    assert str(error.value) == told


def test_what_is_no_number_of_folds_is_told():
    with pytest.raises(ArgumentError) as error:
        split_folds(table_of(20), folds=1, validation=1.5)
    assert str(error.value) == (
        "2 problems:\n"
        "  1. validation=...: got 1.5, expected a share of the rows, a number from 0 to below 1. "
        "For a fifth say 0.2.\n"
        "  2. folds=...: got 1, expected a whole number of at least 2."
    )
