import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.errors import ArgumentError
from pellucid.utils import normalize

VALUES = np.random.default_rng(1).normal(size=(3, 4, 5))


@pytest.mark.parametrize("axis", [-1, 1, 2, -2])
@pytest.mark.parametrize("order", [1, 2, 3, np.inf])
def test_it_is_what_keras_makes(axis, order):
    np.testing.assert_allclose(
        normalize(VALUES, axis, order), keras.utils.normalize(VALUES, axis, order), rtol=1e-12
    )


@settings(deadline=None)
@given(st.integers(-3, 2), st.sampled_from([0.5, 1, 2, np.inf]))
def test_every_vector_has_length_one(axis, order):
    lengths = np.linalg.norm(normalize(VALUES, axis, order), order, axis)
    np.testing.assert_allclose(lengths, 1.0)


def test_zeros_stay_zeros():
    assert normalize([[0.0, 0.0], [0.0, 2.0]]).tolist() == [[0, 0], [0, 1]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"axis": 2},
            "normalize(axis=...): got 2, expected an axis of an array of shape (2, 2).",
        ),
        ({"order": 0}, "normalize(order=...): got 0, expected a number above 0."),
    ],
)
def test_what_cannot_be_is_refused(options, message):
    with pytest.raises(ArgumentError) as error:
        normalize(np.ones((2, 2)), **options)
    assert str(error.value) == message
