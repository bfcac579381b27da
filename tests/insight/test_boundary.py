"""Planes and boundaries, against formulas and against numpy's eigenvectors."""

import numpy as np
import pytest

from pellucid.insight import boundary
from pellucid.insight.plane import choose_plane

RNG = np.random.default_rng(5)
X = RNG.normal(size=(60, 5)) @ RNG.normal(size=(5, 5)) * [1, 10, 100, 1, 1] + [3, 0, 9, 0, 1]
NAMES = ["a", "b", "c", "d", "e"]


def plane_of(features, fixed="median", x=X):
    return choose_plane("test", x, NAMES, features, fixed)


def test_two_features_are_the_axes_and_the_others_stand_still():
    plane = plane_of(("d", 1), {"a": 7.0, 2: -1.0})
    rows = plane.rows(np.array([[0.25, 4.0], [-8.0, 0.5]]))
    expected = [7.0, 4.0, -1.0, 0.25, np.median(X[:, 4])]
    np.testing.assert_array_equal(rows[0], expected)
    np.testing.assert_array_equal(rows[1], [7.0, 0.5, -1.0, -8.0, expected[4]])
    np.testing.assert_array_equal(plane.coordinates(X), X[:, [3, 1]])
    assert plane.names == ("d", "b")
    assert plane.note == "a = 7, c = -1, 1 other feature at the median"
    assert plane_of((0, 1), "mean").origin[3] == pytest.approx(np.mean(X[:, 3]))


def test_principal_components_are_the_eigenvectors_of_the_correlations():
    plane = plane_of("principal")
    values, vectors = np.linalg.eigh(np.corrcoef(X.T))
    for direction, vector in zip(plane.directions, vectors.T[::-1], strict=False):
        assert abs(direction @ vector) > 1 - 1e-9
    shares = [f"{share:.0%}" for share in values[::-1][:2] / values.sum()]
    assert plane.names == (
        f"first component ({shares[0]} of variance)",
        f"second component ({shares[1]} of variance)",
    )
    scores = (X - X.mean(axis=0)) / X.std(axis=0) @ plane.directions.T
    np.testing.assert_allclose(plane.coordinates(X), scores, atol=1e-12)


def test_points_of_the_plane_map_back_exactly():
    points = RNG.normal(size=(40, 2)) * 3
    for plane in (plane_of("principal"), plane_of((2, 0))):
        np.testing.assert_allclose(plane.coordinates(plane.rows(points)), points, atol=1e-12)


def test_rows_that_lie_on_the_plane_come_back_in_their_own_units():
    flat = RNG.normal(size=(50, 2)) @ RNG.normal(size=(2, 5)) * [1, 10, 100, 1, 1] + 4
    plane = plane_of("principal", x=flat)
    np.testing.assert_allclose(plane.rows(plane.coordinates(flat)), flat, rtol=1e-9)


def test_a_constant_feature_does_not_disturb_the_components():
    fixed = X.copy()
    fixed[:, 2] = 8.0
    plane = plane_of("principal", x=fixed)
    np.testing.assert_array_equal(plane.rows(np.ones((1, 2)))[:, 2], [8.0])


def test_the_grid_goes_beyond_the_data_and_rows_are_the_vertical_axis():
    seen = boundary(lambda rows: rows[:, 1], plane_of((0, 1)), X, resolution=9)
    assert seen.horizontal[0] < X[:, 0].min() < X[:, 0].max() < seen.horizontal[-1]
    np.testing.assert_allclose(seen.outputs, np.tile(seen.vertical[:, None], 9))


def test_margins_and_certainty_of_three_classes():
    def predict(rows):
        return np.tile([0.2, 0.5, 0.3], (len(rows), 1))

    seen = boundary(predict, plane_of((0, 1)), X, resolution=2)
    assert seen.classes.tolist() == [[1, 1], [1, 1]]
    np.testing.assert_allclose([seen.margin(n)[0, 0] for n in range(3)], [-0.3, 0.2, -0.2])
    np.testing.assert_allclose(seen.certainty, 0.5)
