"""Skewed numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pellucid.data.table.skew import SKEWED, Symmetry, skewness

NUMBERS = st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=40).map(np.array)


def test_skewness_is_scipys(rng):
    numbers = rng.lognormal(size=500)
    np.testing.assert_allclose(skewness(numbers), stats.skew(numbers), rtol=1e-12)
    assert skewness(np.ones(3)) == 0


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rng.lognormal(0, 1.5, 2000),
        lambda rng: 1e6 * rng.lognormal(0, 1.5, 2000),
        lambda rng: rng.pareto(3, 2000),
        lambda rng: rng.lognormal(0, 1.5, 2000) - 5,
        lambda rng: -rng.lognormal(0, 1.5, 2000),
    ],
)
def test_skewed_numbers_become_symmetric(rng, draw):
    numbers = draw(rng)
    symmetry = Symmetry.of(numbers)
    assert abs(skewness(numbers)) > SKEWED
    assert abs(skewness(symmetry.apply(numbers))) < abs(skewness(numbers)) / 2


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_the_unit_does_not_matter(rng, scale):
    numbers = rng.lognormal(0, 1.5, 300)
    one, other = Symmetry.of(numbers), Symmetry.of(scale * numbers)
    np.testing.assert_allclose(other.apply(scale * numbers), one.apply(numbers), rtol=1e-9)


def test_numbers_that_hardly_lean_are_left_alone(rng):
    for numbers in (
        rng.normal(size=300),
        rng.exponential(size=200) ** 0.7,
        np.array([0.0] * 99 + [1]),
    ):
        assert Symmetry.of(numbers) == Symmetry()
    np.testing.assert_array_equal(Symmetry().apply(np.arange(3)), np.arange(3))


@given(NUMBERS)
def test_the_inverse_brings_numbers_back(numbers):
    symmetry = Symmetry.of(numbers)
    back = symmetry.invert(symmetry.apply(numbers))
    np.testing.assert_allclose(back, numbers, rtol=1e-9, atol=1e-9 * np.abs(numbers).max())


def test_absurd_outputs_stay_finite():
    assert np.isfinite(Symmetry(0.0, 1.0).invert(np.array([-1e9, 1e9]))).all()
