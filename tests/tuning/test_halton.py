"""Points of Halton, beside SciPy's measure of how even they lie."""

import numpy as np
import pytest
from scipy.stats import qmc

from pellucid.tuning.halton import halton


@pytest.mark.parametrize(("dimension", "base"), list(enumerate([2, 3, 5, 7, 11, 13])))
def test_as_many_points_as_a_power_of_the_base_fall_into_as_many_equal_parts(dimension, base):
    points = halton(0, base**2, 6, seed=4)[:, dimension]
    assert sorted(np.floor(points * base**2).astype(int)) == list(range(base**2))


@pytest.mark.parametrize("dimensions", [2, 4, 8])
def test_they_lie_more_evenly_than_random_ones(dimensions):
    for seed in range(5):
        random = np.random.default_rng(seed).random((64, dimensions))
        even = halton(0, 64, dimensions, seed)
        assert qmc.discrepancy(even) < 0.6 * qmc.discrepancy(random)


def test_a_point_depends_on_its_number_and_the_seed_alone():
    whole = halton(0, 40, 3, seed=1)
    np.testing.assert_array_equal(np.concatenate([halton(0, 7, 3, 1), halton(7, 40, 3, 1)]), whole)
    assert not np.any(halton(0, 40, 3, seed=2) == whole)
    assert whole.min() >= 0
    assert whole.max() < 1
