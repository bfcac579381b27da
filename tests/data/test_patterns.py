"""Patterns of points, judged by their geometry."""

import numpy as np
import pytest

from pellucid.data import patterns
from pellucid.errors import ArgumentError

MAKERS = [patterns.make_xor, patterns.make_circles, patterns.make_moons, patterns.make_spirals]


@pytest.mark.parametrize("make", MAKERS)
def test_a_seed_gives_the_same_points_and_classes_are_even(make):
    x, y = make(101, seed=3)
    assert (x.shape, x.dtype, y.shape) == ((101, 2), np.float32, (101,))
    assert abs(np.mean(y) - 0.5) < 0.02
    np.testing.assert_array_equal(make(101, seed=3)[0], x)
    assert not np.array_equal(make(101, seed=4)[0], x)


def test_xor_is_one_where_exactly_one_coordinate_is():
    x, y = patterns.make_xor(400, noise=0.05)
    np.testing.assert_array_equal(y, (x[:, 0] > 0.5) != (x[:, 1] > 0.5))


def test_circles_have_their_radii():
    x, y = patterns.make_circles(100, noise=0)
    np.testing.assert_allclose(np.hypot(*x.T), np.where(y == 1, 0.5, 1.0), rtol=1e-6)


def test_points_of_a_spiral_turn_as_they_run_out():
    x, y = patterns.make_spirals(300, noise=0, classes=3, turns=1.5)
    assert np.bincount(y).tolist() == [100, 100, 100]
    radius, angle = np.hypot(*x.T), np.arctan2(x[:, 1], x[:, 0])
    assert radius.max() == pytest.approx(1)
    turned = angle - 2 * np.pi * (1.5 * radius + y / 3)
    np.testing.assert_allclose(np.cos(turned), 1, atol=1e-5)


def test_messages():
    with pytest.raises(ArgumentError) as caught:
        patterns.make_xor(3, noise=-1)
    assert str(caught.value) == (
        "2 problems:\n"
        "  1. make_xor(rows=...): got 3, expected at least 4.\n"
        "  2. make_xor(noise=...): got -1, expected a number, at least 0."
    )
    with pytest.raises(ArgumentError) as caught:
        patterns.make_spirals(classes=1)
    assert str(caught.value) == (
        "make_spirals(classes=...): got 1, expected a whole number, at least 2."
    )
