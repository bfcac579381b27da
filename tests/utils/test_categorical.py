import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pellucid.errors import ArgumentError, DataError
from pellucid.utils import to_categorical

labels = arrays.arrays(
    st.sampled_from(["int8", "uint8", "int64", "float32", "bool"]),
    arrays.array_shapes(max_dims=3, max_side=4),
    elements=st.integers(0, 1),
)


@settings(deadline=None)
@given(labels, st.one_of(st.none(), st.integers(2, 5)))
def test_it_is_what_keras_makes(values, classes):
    ours, theirs = to_categorical(values, classes), keras.utils.to_categorical(values, classes)
    assert ours.dtype == theirs.dtype
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("classes", [None, 7, 64, 65, 200])
def test_many_classes_are_as_few(classes):
    values = np.arange(6).reshape(2, 3) if classes else np.array([0, 99, 3])
    ours = to_categorical(values, classes)
    np.testing.assert_array_equal(ours, keras.utils.to_categorical(values, classes))
    ours[0] = 5.0  # a copy of its own


def test_lists_and_single_numbers_will_do():
    assert to_categorical([0, 2]).tolist() == [[1, 0, 0], [0, 0, 1]]
    assert to_categorical(1, 3).tolist() == [0, 1, 0]
    assert to_categorical([], 3).shape == (0, 3)


WRONG = [
    (
        [0, 1, -1, -1],
        None,
        "to_categorical(x=...): got -1 in row 2 and 1 other, expected classes counted from 0. "
        "Labels such as -1 and 1 become 0 and 1 by (x + 1) // 2.",
    ),
    (
        [1, 2, 3],
        3,
        "to_categorical(x=...): got 3 in row 2, expected at most 2, for 3 classes count from 0. "
        "Give num_classes=4, or subtract 1: the smallest label is 1.",
    ),
    (
        [[0], [5], [7]],
        5,
        "to_categorical(x=...): got 5 in row 1 and 1 other, expected at most 4, "
        "for 5 classes count from 0. Give num_classes=8.",
    ),
    (
        [0.0, 1.7],
        None,
        "to_categorical(x=...): got 1.7 in row 1, expected whole numbers. "
        "These look like measurements, not classes: train on them as they are.",
    ),
    (
        [0.0, np.nan],
        2,
        "to_categorical(x=...): got nan in row 1, expected whole numbers. "
        "These look like measurements, not classes: train on them as they are.",
    ),
    (
        ["cat", "dog"],
        None,
        "to_categorical(x=...): got 'cat' and the like, expected whole numbers. "
        "Turn text into numbers by StringLookup, or numpy.unique(x, return_inverse=True).",
    ),
    ([], None, "to_categorical(x=...): got no values, expected at least one. Or give num_classes."),
    (
        [-2, 9],
        3,
        "2 problems:\n"
        "  1. to_categorical(x=...): got -2 in row 0, expected classes counted from 0. "
        "Labels such as -1 and 1 become 0 and 1 by (x + 1) // 2.\n"
        "  2. to_categorical(x=...): got 9 in row 1, expected at most 2, "
        "for 3 classes count from 0. Give num_classes=10.",
    ),
]


@pytest.mark.parametrize(("values", "classes", "message"), WRONG)
def test_what_is_no_class_is_refused(values, classes, message):
    with pytest.raises(DataError) as error:
        to_categorical(values, classes)
    assert str(error.value) == message


@pytest.mark.parametrize("classes", [0, -3, 2.5, True, "3"])
def test_what_is_no_number_of_classes_is_refused(classes):
    with pytest.raises(ArgumentError) as error:
        to_categorical([0, 1], classes)
    assert str(error.value) == (
        f"to_categorical(num_classes=...): got {classes!r}, "
        "expected a whole number at least 1, or None."
    )
