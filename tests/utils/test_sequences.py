import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pellucid
from pellucid.errors import ArgumentError
from pellucid.utils import pad_sequences

ends = st.sampled_from(["pre", "post"])
lists = st.lists(st.lists(st.integers(1, 9), max_size=6), min_size=1, max_size=6)


@given(lists, st.one_of(st.none(), st.integers(1, 8)), ends, ends, st.integers(-1, 2))
def test_it_lays_out_as_keras_does(sequences, maxlen, padding, truncating, value):
    options = {"maxlen": maxlen, "padding": padding, "truncating": truncating, "value": value}
    given = pad_sequences(sequences, **options)
    expected = keras.utils.pad_sequences(sequences, **options)
    assert given.dtype == expected.dtype
    np.testing.assert_array_equal(given, expected)


def test_steps_may_have_features():
    sequences = [np.ones((2, 3)), np.full((4, 3), 2.0)]
    options = {"dtype": "float32", "padding": "post", "maxlen": 3}
    given = pad_sequences(sequences, **options)
    np.testing.assert_array_equal(given, keras.utils.pad_sequences(sequences, **options))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"sequences": [[1]], "padding": "left", "truncating": "right"},
            "2 problems:\n  1. pad_sequences(padding=...): got 'left', expected 'pre' or 'post'.\n"
            "  2. pad_sequences(truncating=...): got 'right', expected 'pre' or 'post'.",
        ),
        (
            {"sequences": [[1]], "maxlen": 0},
            "pad_sequences(maxlen=...): got 0, expected a whole number above 0.",
        ),
        (
            {"sequences": [1, 2]},
            "pad_sequences, row 0: got 1, expected a list of numbers. "
            "Put a single sequence in a list: [sequence].",
        ),
        (
            {"sequences": iter([[1]])},
            "pad_sequences: got list_iterator, expected a list of sequences. Write list(...).",
        ),
    ],
)
def test_messages(arguments, message):
    with pytest.raises(ArgumentError) as caught:
        pad_sequences(**arguments)
    assert str(caught.value) == message


def test_old_scripts_find_it_where_they_look():
    assert pellucid.preprocessing.sequence.pad_sequences is pad_sequences
    assert keras.preprocessing.sequence.pad_sequences is keras.utils.pad_sequences
