"""Points of Halton, beside SciPy's measure of how even they lie."""

import numpy as np
import pytest
from scipy.stats import qmc

from pellucid.tuning.halton import halton


@pytest.mark.parametrize(("dimension", "base"), list(enumerate([2, 3, 5, 7, 11, 13])))
def test_as_many_points_as_a_power_of_the_base_fall_into_as_many_equal_parts(dimension, base):
    points = halton(np.arange(base**2), [None] * 6, seed=[4])[:, dimension]
    assert sorted(np.floor(points * base**2).astype(int)) == list(range(base**2))


@pytest.mark.parametrize("dimensions", [2, 4, 8])
def test_they_lie_more_evenly_than_random_ones(dimensions):
    for seed in range(5):
        random = np.random.default_rng(seed).random((64, dimensions))
        even = halton(np.arange(64), [None] * dimensions, [seed])
        assert qmc.discrepancy(even) < 0.6 * qmc.discrepancy(random)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_of_as_many_points_in_a_row_as_options_each_has_another_option(count):
    points = halton(np.arange(6 * count), [None, count, count], seed=[4])
    hands = np.floor(points[:, 1:] * count).astype(int).reshape(6, count, 2)
    np.testing.assert_array_equal(np.sort(hands, axis=1)[..., 0], [list(range(count))] * 6)
    if count > 2:
        assert np.any(hands[..., 0] != hands[..., 1])
        assert np.any(hands[0] != hands[1])


@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (1, 2)])
def test_no_two_dimensions_go_together(pair):
    points = halton(np.arange(144), [None, 3, 3], seed=[0])[:, pair]
    counts, _ = np.histogramdd(points, bins=(3, 3), range=[(0, 1)] * 2)
    assert counts.min() >= 8
    assert counts.max() <= 24


def test_a_point_depends_on_its_number_and_the_seeds_alone():
    def points(first, last, seed):
        return halton(np.arange(first, last), [None, 3, None], seed)

    whole = points(0, 40, [1])
    np.testing.assert_array_equal(np.concatenate([points(0, 7, [1]), points(7, 40, [1])]), whole)
    for other in ([2], [1, 1]):
        assert not np.any(points(0, 40, other)[:, ::2] == whole[:, ::2])
        assert np.any(points(0, 40, other)[:, 1] != whole[:, 1])
    assert whole.min() >= 0
    assert whole.max() < 1
