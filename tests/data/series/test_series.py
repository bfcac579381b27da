"""Rows in the order of time, one for each step."""

import numpy as np
import pytest

from pellucid.data.series import Spacing, series_of
from pellucid.data.table import as_table
from pellucid.errors import DataError

DAYS = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-06"]


def series(dates=DAYS, spacing=None, **columns):
    return series_of(as_table({"day": dates, **columns}), ["day"], spacing)


def test_absent_steps_become_missing_rows_of_every_sort_of_column():
    found = series(n=[1, 2, 3, 6], word=["a", "b", "c", "f"], truth=[True, False, True, True])
    assert len(found) == found.table.rows == 6
    for column in found.table:
        assert column.missing.tolist() == [False] * 3 + [True] * 2 + [False]
    assert found.table["word"].values.tolist() == ["a", "b", "c", "", "", "f"]
    assert found.notes == ("2 steps are absent (2024-01-04, 2024-01-05); they count as missing.",)
    assert "day" not in found.table


def test_the_newest_first_is_sorted_and_told():
    found = series(DAYS[::-1], n=[6, 3, 2, 1])
    assert found.table["n"].values[[0, 5]].tolist() == [1, 6]
    assert found.notes[0] == (
        "The rows were not in the order of time (row 2 is the first); they are sorted."
    )


def test_a_time_that_stands_there_twice():
    with pytest.raises(DataError) as caught:
        series([*DAYS, "2024-01-02"], n=range(5))
    assert str(caught.value) == (
        "table, time 'day': got 2024-01-02 twice (rows 2, 3), expected each time "
        "once. Drop one of the two or average them; if the file holds several series, give one "
        "file for each."
    )


def long(*more, **columns):
    """Forty days, with further rows behind them."""
    days = [str(np.datetime64("2024-01-01") + one) for one in range(40)]
    return series([*days, *more], **columns)


def test_a_row_that_stands_there_twice_counts_once():
    found = long("2024-01-03", "2024-01-05", n=[*range(40), 2, 4], word=["a"] * 42)
    assert found.table["n"].values.tolist() == [*range(40)]
    assert found.notes[1] == "2 rows left out, the same as the one before (rows 4, 7)."


def test_few_rows_that_differ_at_one_time_do_not_lose_the_others():
    found = long("2024-01-03", n=[*range(40), 70])
    assert found.table["n"].values[[1, 3]].tolist() == [1, 3]
    assert found.table["n"].missing.tolist() == [one == 2 for one in range(40)]
    assert found.notes[1:] == (
        "2 rows left out, different at one time (2024-01-03; rows 3, 4).",
        "1 step is absent (2024-01-03); it counts as missing.",
    )


def test_many_rows_that_differ_at_one_time_are_refused():
    with pytest.raises(DataError) as caught:
        long("2024-01-03", "2024-01-03", "2024-01-09", n=range(43))
    assert str(caught.value) == (
        "table, time 'day': got 2024-01-03 twice (rows 3, 4, 5), and 1 more such time, expected "
        "each time once. Drop one of the two or average them; if the file holds several series, "
        "give one file for each."
    )


def test_trading_days_have_holidays_and_no_gaps():
    days = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-05", "2024-01-08"]
    found = series(days, n=range(5))
    assert len(found) == 5
    assert found.notes == (
        "Trading days: Monday to Friday, 1 working day without a row; each row counts as one step.",
    )


def test_more_gaps_than_rows():
    with pytest.raises(DataError, match=r"got 4 rows where 100 steps would be"):
        series(["2024-01-01", "2024-01-02", "2024-01-03", "2024-04-09"], n=range(4))


def test_another_distance_than_in_training():
    with pytest.raises(DataError, match=r"expected steps of a week from the first on, as in train"):
        series(spacing=Spacing("second", 604800), n=range(4))
