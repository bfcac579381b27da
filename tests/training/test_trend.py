"""Slope, roughness and gap of curves, by hand."""

import math

import numpy as np
import pytest

from pellucid.training.trend import gap, roughness, slope


def test_the_slope_is_that_of_the_least_squares_line():
    # Through (0, 4), (1, 1), (2, 1): slope -3/2; mean 2.
    assert slope([4.0, 1.0, 1.0]) == pytest.approx(-0.75)


def test_values_that_were_not_logged_keep_their_place():
    assert slope([4.0, None, 2.0, math.nan, 0.0]) == pytest.approx(-0.5)
    assert roughness([1.0, None, 2.0, math.inf, 3.0]) == 0


@pytest.mark.parametrize("values", [[], [1.0], [0.0, 0.0, 0.0], [None, math.nan]])
def test_there_may_be_nothing_to_tell(values):
    assert slope(values) is None
    assert roughness(values) is None


def test_roughness_does_not_depend_on_steepness_or_scale():
    noise = np.array([0.0, 0.1, -0.1, 0.1, 0.0])
    level = roughness([*(1 + noise)])
    apart = [0.1 - (0 - 0.1) / 2, -0.1 - 0.1, 0.1 - (-0.1 + 0) / 2]
    assert level == pytest.approx(np.sqrt(np.mean(np.square(apart))) / 1.02)
    assert roughness([*(10 * (1 + noise))]) == pytest.approx(level)
    tilted = [*(1 + noise + np.linspace(0.5, -0.5, 5))]
    assert roughness(tilted) == pytest.approx(level)


def test_the_gap_is_none_where_a_side_is_missing():
    assert gap([0.5, 0.4, 0.0, 0.2], [0.6, None, 0.1, 0.1]) == [
        pytest.approx(0.2),
        None,
        None,
        pytest.approx(-0.5),
    ]
