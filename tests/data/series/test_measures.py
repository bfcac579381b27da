"""How far forecasts are off."""

import math

import numpy as np
import pytest

from pellucid.data.series import coverage, naive_scale, score_forecasts, sureness

ACTUAL = np.array([[1.0, np.nan], [4.0, 8.0]])
TOLD = np.array([[2.0, 9.0], [4.0, 4.0]])


def test_scores_by_hand():
    scores = score_forecasts(ACTUAL, TOLD, scale=0.5)
    assert scores["mae"] == pytest.approx(5 / 3)
    assert scores["mase"] == pytest.approx(10 / 3)
    assert scores["smape"] == pytest.approx((200 / 3 + 0 + 200 * 4 / 12) / 3)
    assert scores["rmse"] == pytest.approx(math.sqrt(17 / 3))


def test_zeros_forecast_as_zeros_are_no_error():
    assert score_forecasts(np.zeros((1, 1)), np.zeros((1, 1)), 1.0)["smape"] == 0


def test_the_scale_is_that_of_the_seasonal_naive_forecast():
    assert naive_scale(np.array([1.0, 2.0, 4.0, np.nan, 9.0]), 1) == 1.5
    assert naive_scale(np.array([1.0, 2.0, 4.0, np.nan, 9.0]), 2) == 4.0


def test_coverage_counts_what_came():
    assert coverage(ACTUAL, TOLD - 1, TOLD + 1) == pytest.approx(2 / 3)


def test_sureness_of_independent_errors_is_the_t_of_their_mean():
    generator = np.random.default_rng(0)
    actual = generator.normal(size=(4000, 1))
    one, other = 0.2 * generator.normal(size=(2, 4000, 1))
    gains = np.abs(other) - np.abs(one)
    expected = gains.mean() / (gains.std() / math.sqrt(4000))
    # Lags of independent gains add nothing but noise to their variance.
    assert sureness(actual, actual + one, actual + other) == pytest.approx(expected, abs=0.15)


def test_overlapping_errors_are_less_sure_than_they_look():
    generator = np.random.default_rng(0)
    own = np.repeat(generator.normal(0.3, 1, 100), 12)[:, None]
    zeros = np.zeros_like(own)
    naive = own.mean() / (own.std() / math.sqrt(len(own)))
    actual = np.full((len(own), 12), 10.0)
    told = np.repeat(10 + own, 12, axis=1)
    other = np.full((len(own), 12), 10.0) + zeros
    assert 0 < -sureness(actual, told, other) < abs(naive) * 3
    assert sureness(actual, other, other) == 0
    assert sureness(actual, other, other + 1) == math.inf
