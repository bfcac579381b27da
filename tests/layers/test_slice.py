"""`x[:, -1]` on a symbolic tensor, beside Keras's and NumPy's."""

import keras
import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError, ShapeError

X = np.random.default_rng(0).normal(size=(2, 5, 4, 3)).astype("float32")

PICKS = {
    "last step": lambda x: x[:, -1],
    "range": lambda x: x[:, 1:3],
    "backwards": lambda x: x[:, ::-1, 1:],
    "every other": lambda x: x[:, :, ::2, 0],
    "behind": lambda x: x[..., 0],
    "between": lambda x: x[:, 0, ..., 1:2],
    "new axis": lambda x: x[:, None],
    "new axis at the end": lambda x: x[:, 0, :, :, None],
    "none left": lambda x: x[:, 5:],
    "all": lambda x: x[:],
    "whole number of numpy": lambda x: x[:, np.int64(2)],
}
NOT_IN_KERAS = ("all", "whole number of numpy")


@pytest.mark.parametrize("name", PICKS)
def test_places_are_picked_as_in_numpy_and_keras(name):
    pick = PICKS[name]
    entry = pellucid.Input(X.shape[1:])
    drawn = pick(entry)
    expected = pick(X)
    assert drawn.shape == (None, *expected.shape[1:])
    np.testing.assert_array_equal(pellucid.Model(entry, drawn)(X), expected)
    if name in NOT_IN_KERAS:
        return
    theirs = keras.Input(X.shape[1:])
    np.testing.assert_array_equal(keras.Model(theirs, pick(theirs))(X), expected)


def test_open_sizes_stay_open_and_are_checked_with_the_data():
    entry = pellucid.Input((None, 3))
    model = pellucid.Model(entry, [entry[:, 1:], entry[:, 2]])
    assert model.output_shape == [(None, None, 3), (None, 3)]
    assert [one.shape for one in model.predict(X[:, :, 0])] == [(2, 4, 3), (2, 3)]
    with pytest.raises(ShapeError) as caught:
        model.predict(X[:, :2, 0])
    assert str(caught.value) == (
        "slice_1 (Slice): got place 2 along axis 1 of inputs of shape (None, 2, 3), expected one "
        "from -2 to 1."
    )


def test_it_trains_and_survives_saving(tmp_path):
    entry = pellucid.Input((5, 3))
    states = layers.LSTM(4, return_sequences=True)(entry)
    model = pellucid.Model(entry, layers.Dense(1)(states[:, -1]))
    model.compile("adam", "mse")
    model.fit(X[:, :, 0], np.arange(2.0), epochs=2, verbose=0)
    model.save(tmp_path / "model.pellucid")
    again = pellucid.load_model(tmp_path / "model.pellucid")
    np.testing.assert_array_equal(again.predict(X[:, :, 0]), model.predict(X[:, :, 0]))


def test_words_are_picked_before_they_are_looked_up():
    entry = pellucid.Input((2,), dtype="string")
    found = layers.StringLookup(vocabulary=["a", "b"])(entry[:, 1:])
    model = pellucid.Model(entry, found)
    assert model.predict(np.array([["x", "b"], ["b", "a"]])).tolist() == [[2], [1]]


ANSWERS = {
    "rows": (
        lambda x: x[0],
        "x[...]: got an index of rows, expected ':' for the batch axis: a model takes every row. "
        "Write for example x[:, 0].",
    ),
    "new batch axis": (
        lambda x: x[None],
        "x[...]: got an index of rows, expected ':' for the batch axis: a model takes every row. "
        "Write for example x[:, 0].",
    ),
    "list": (
        lambda x: x[:, [0, 2]],
        "x[...]: got an index [0, 2], expected whole numbers, slices, None, and ... once. "
        "For others use Lambda(lambda x: ...).",
    ),
    "dots": (
        lambda x: x[..., 0, ...],
        "x[...]: got ... twice, expected whole numbers, slices, None, and ... once. "
        "For others use Lambda(lambda x: ...).",
    ),
    "axes": (
        lambda x: x[:, 0, 0, 0],
        "Slice: got inputs of shape (None, 5, 3), expected at least 4 axes, the batch axis and one "
        "for each part.",
    ),
    "place": (
        lambda x: x[:, 5],
        "Slice: got place 5 along axis 1 of inputs of shape (None, 5, 3), expected one from -5 to "
        "4.",
    ),
    "part": (
        lambda x: layers.Slice([(0, 1, 0)])(x),
        "Slice(parts=...): got [(0, 1, 0)], expected for each axis a whole number, "
        "(start, stop, step), or None for a new axis.",
    ),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_answers(case):
    call, expected = ANSWERS[case]
    with pytest.raises((ArgumentError, ShapeError)) as caught:
        call(pellucid.Input((5, 3), name="x"))
    assert str(caught.value) == expected


def test_a_symbolic_tensor_has_no_steps_to_go_through():
    with pytest.raises(TypeError, match="no values yet to go through"):
        list(pellucid.Input((5, 3)))
