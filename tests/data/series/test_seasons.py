"""Seasons, and where in day, week and year a step lies."""

import numpy as np

from pellucid.data.series import fill_forward, find_cycles, find_season, simple_forecasts, waves
from pellucid.data.table import as_table


def test_the_season_that_repeats_best():
    values = np.tile([3.0, 9.0, 4.0, 4.0, 1.0, 0.0, 2.0], 60)
    assert find_season(values, [7, 365]) == 7
    assert find_season(values[:12], [7, 365]) == 1


def test_a_year_is_a_cycle_once_it_was_seen_twice():
    assert find_cycles(1.0, 3 * 365) == ("week", "year")
    assert find_cycles(1.0, 365) == ("week",)
    assert find_cycles(365.0, 100) == ()


def test_waves_come_round():
    hours = np.arange("2024-01-01T00", "2024-01-15T00", dtype="datetime64[h]")
    found = waves(hours, ("day", "week"))
    assert found.shape == (14 * 24, 8)
    np.testing.assert_allclose(found[:168], found[168:], atol=1e-9)
    np.testing.assert_allclose(found[:24, :4], found[24:48, :4], atol=1e-9)
    assert waves(hours, ()).shape == (14 * 24, 0)


def test_gaps_are_filled_from_the_past_alone():
    table = as_table({"word": [None, "a", None, "b", None]})
    filled = fill_forward(table["word"])
    assert filled.values.tolist() == ["", "a", "a", "b", "b"]
    assert filled.missing.tolist() == [True, False, False, False, False]


def test_drift_goes_on_from_the_first_value():
    values = np.array([np.nan, 2.0, 9.0, 6.0])
    found = simple_forecasts(values, np.array([3]), horizon=2, season=1)
    assert {name: one.tolist() for name, one in found.items()} == {
        "naive": [[6.0, 6.0]],
        "drift": [[8.0, 10.0]],
    }
