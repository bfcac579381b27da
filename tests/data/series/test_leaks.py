"""Columns that hold the future."""

import numpy as np
import pytest

from pellucid.data.series import find_future
from pellucid.data.table import as_table

Y = 100 + np.random.default_rng(1).normal(size=80).cumsum()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.append(Y[1:], np.nan), "it is 'y' 1 step later"),
        (np.append(Y[5:], [np.nan] * 5) * -3 + 7, "it is 'y' 5 steps later"),
        (np.append(np.diff(Y), np.nan), "it is the change of 'y' in the next 1 step"),
        (
            np.append(Y[2:] / Y[:-2] - 1, [np.nan] * 2),
            "it is the relative change of 'y' in the next 2 steps",
        ),
    ],
)
def test_a_column_that_is_the_future_is_found(values, reason):
    (leak,) = find_future(as_table({"x": values, "y": Y}), "y", 1)
    assert (leak.name, leak.reason) == ("x", reason)


def test_past_present_and_noise_are_no_leak():
    noise = np.random.default_rng(2).normal(size=80)
    columns = {"before": np.append(np.nan, Y[:-1]), "now": 2 * Y, "near": Y + 0.01 * noise, "y": Y}
    assert [*find_future(as_table(columns), "y", 1)] == []


def test_the_present_is_a_leak_where_it_is_read_ahead():
    (leak,) = find_future(as_table({"now": 2 * Y, "y": Y}), "y", 1, known=["now"])
    assert leak.reason == "it is 'y' of the same step"
