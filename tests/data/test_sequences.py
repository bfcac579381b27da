import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.sequences import (
    holds_ragged,
    is_ragged,
    padded,
    padded_width,
    spans,
    to_arrays,
)
from pellucid.errors import DataError, ShapeError

lists = st.lists(st.lists(st.integers(1, 9), max_size=12), min_size=2, max_size=8)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([[1, 2], [3]], True),
        ([np.zeros((3, 2)), np.zeros((4, 2))], True),
        (np.array([[1], [1, 2]], dtype=object), True),
        ([[1, 2], [3, 4]], False),
        ([1, 2], False),
        ([[1, 2]], False),
        ("ab", False),
        (np.zeros((2, 3)), False),
        (["ab", "c"], False),
    ],
)
def test_is_ragged(value, expected):
    assert is_ragged(value) is expected


def test_several_inputs_may_hold_a_ragged_one():
    ragged, plain = [[1], [1, 2]], [[1], [2]]
    assert holds_ragged({"a": plain, "b": ragged})
    assert holds_ragged([plain, ragged])
    assert not holds_ragged([plain, plain])
    assert not holds_ragged(np.zeros((2, 2)))


@given(lists.filter(any))
def test_padding_loses_nothing_and_spans_tell_the_lengths(sequences):
    array = padded(sequences, 0, "x")
    assert array.shape == (len(sequences), padded_width(to_arrays(sequences, "x")))
    assert array.shape[1] % 4 == 0
    for row, sequence in zip(array, sequences, strict=True):
        assert row[: len(sequence)].tolist() == sequence
        assert not row[len(sequence) :].any()
    assert spans(array, 0).tolist() == [len(one) for one in sequences]
    assert spans(array[:, ::-1], 0).tolist() == [len(one) for one in sequences]


def test_a_span_reaches_over_padding_within():
    assert spans(np.array([[0, 3, 0, 5, 0, 0], [0] * 6]), 0).tolist() == [3, 0]
    features = np.array([[[0.0, 1.0], [0.0, 0.0], [2.0, 0.0]]])
    assert spans(features, 0.0).tolist() == [3]


def test_steps_that_look_like_padding_are_refused():
    with pytest.raises(DataError) as caught:
        padded([[1, 2], [3, 0, 4]], 0, "x")
    assert str(caught.value) == (
        "x: got 0 at step 1 of row 1, expected other values: 0 stands for padding here. "
        "Number words from 1, or choose another mask_value."
    )


def test_steps_of_unequal_width_are_refused():
    with pytest.raises(ShapeError) as caught:
        padded([np.ones((2, 3)), np.ones((4, 5))], 0.0, "x")
    assert str(caught.value) == (
        "x: got steps of shape (3,) in row 0 and (5,) in row 1, "
        "expected as many features in every step."
    )
    with pytest.raises(ShapeError) as caught:
        padded([[[1, 2], [3]], [[1, 2]]], 0.0, "x")
    assert str(caught.value) == (
        "x, row 0: got steps of different sizes, expected as many features in every step."
    )


def test_sequences_of_no_steps_are_refused():
    with pytest.raises(DataError) as caught:
        padded([[], []], 0, "x")
    assert str(caught.value) == (
        "x: got sequences of no steps, expected at least one step in one of them."
    )
    assert spans(np.zeros((2, 0)), 0).tolist() == [0, 0]


def test_words_are_refused():
    with pytest.raises(DataError) as caught:
        padded([["a", "b"], ["c"]], 0, "x")
    assert str(caught.value) == (
        "x, row 0: got values of type <U1, expected numbers. Number words with StringLookup."
    )
