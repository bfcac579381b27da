"""Embedding, Masking and AttachMask: what they mark, and what they refuse."""

import numpy as np
import pytest

import pellucid
from pellucid.errors import ArgumentError, DataError, ShapeError
from pellucid.layers import (
    LSTM,
    Add,
    AttachMask,
    BatchNormalization,
    Dense,
    Embedding,
    GlobalAveragePooling1D,
    Input,
    Masking,
)


def test_masking_marks_and_blanks_padding():
    layer = Masking(mask_value=9.0)
    x = np.array([[[9.0, 9.0], [1.0, 9.0]]], "float32")
    assert layer(x).tolist() == [[[0.0, 0.0], [1.0, 9.0]]]
    assert layer.compute_mask(x).tolist() == [[False, True]]


def test_embedding_marks_zero_only_where_asked():
    ids = np.array([[3, 0]])
    assert Embedding(4, 2).compute_mask(ids) is None
    assert Embedding(4, 2, mask_zero=True).compute_mask(ids).tolist() == [[True, False]]


def test_a_sequential_model_may_begin_with_an_embedding():
    model = pellucid.Sequential([Embedding(5, 3, input_length=4), pellucid.layers.Flatten()])
    assert model.output_shape == (None, 12)
    model = pellucid.Sequential([Embedding(5, 3)])
    assert model.predict([[1, 2], [3, 4]]).shape == (2, 2, 3)


def test_a_number_outside_the_table_is_told():
    model = pellucid.Sequential([Input((2,), dtype="int32"), Embedding(3, 1, name="words")])
    with pytest.raises(DataError) as caught:
        model.predict([[0, 1], [2, 5]])
    assert str(caught.value) == (
        "x, for words (Embedding): got 5 in row 1, expected whole numbers from 0 to 2. "
        "Make the table larger, input_dim=6."
    )
    with pytest.raises(DataError) as caught:
        model.predict([[0, -1], [2, 2]])
    assert str(caught.value) == (
        "x, for words (Embedding): got -1 in row 0, expected whole numbers from 0 to 2. "
        "Number the categories from 0."
    )


def told(call):
    with pytest.raises((ArgumentError, ShapeError)) as caught:
        call()
    return str(caught.value)


X = np.ones((2, 5, 3), "float32")
SHORT = "got shape (None, 4), expected shape (None, 5), one value for each step of (None, 5, 3). "
MARKS = "True or 1 marks a real step."


@pytest.mark.parametrize(
    "layer", [Dense(3), LSTM(3), GlobalAveragePooling1D(), BatchNormalization()], ids=repr
)
def test_a_mask_of_another_shape_is_told(layer):
    label = type(layer).__name__
    assert told(lambda: layer(Input((5, 3)), mask=Input((4,)))) == f"{label}(mask=...): " + (
        SHORT + MARKS
    )
    assert told(lambda: layer(X, mask=np.ones((2, 4)), training=True)) == (
        f"{label}(mask=...): got shape (2, 4), expected shape (2, 5), one value for each step of "
        "(2, 5, 3). True or 1 marks a real step."
    )
    assert told(lambda: layer(X, mask=np.ones((1, 5)), training=True)) == (
        f"{label}(mask=...): got shape (1, 5), expected shape (2, 5), one value for each step of "
        "(2, 5, 3). True or 1 marks a real step."
    )
    assert told(lambda: layer(Input((5, 3)), mask=Input((5, 3)))) == (
        f"{label}(mask=...): got shape (None, 5, 3), expected shape (None, 5), one value for each "
        "step of (None, 5, 3). True or 1 marks a real step."
    )


@pytest.mark.parametrize("layer", [LSTM, GlobalAveragePooling1D, BatchNormalization])
def test_a_mask_of_other_steps_in_a_model_of_open_length_is_told(layer):
    x, mask = Input((None, 3)), Input((None,))
    made = layer(3, name="own") if layer is LSTM else layer(name="own")
    model = pellucid.Model([x, mask], made(x, mask=mask))
    expected = f"own ({layer.__name__})(mask=...): {SHORT}{MARKS}"
    assert told(lambda: model.predict([X, np.ones((2, 4))])) == expected
    model.compile("sgd", "mse")
    sizes = (5, 3) if layer is BatchNormalization else model.output_shape[1:]
    y = np.random.default_rng(0).normal(size=(2, *sizes))
    assert told(lambda: model.fit([X, np.ones((2, 4))], y, verbose=0)) == expected


def test_the_name_for_messages_is_kept_in_a_file(tmp_path):
    x, mask = Input((None, 3)), Input((None,))
    model = pellucid.Model([x, mask], Dense(3, name="own")(x, mask=mask))
    model.save(tmp_path / "model.pellucid")
    again = pellucid.load_model(tmp_path / "model.pellucid")
    expected = f"own (Dense)(mask=...): {SHORT}{MARKS}"
    assert told(lambda: again.predict([X, np.ones((2, 4))])) == expected


@pytest.mark.parametrize(
    "layer", [LSTM(3), GlobalAveragePooling1D(), BatchNormalization()], ids=repr
)
def test_a_mask_may_be_a_list(layer):
    rows = [[True, True, False, False, False], [False, True, True, True, True]]
    x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
    expected = np.asarray(layer(x, mask=np.array(rows), training=True))
    for given in (rows, tuple(rows), [np.array(row) for row in rows], [np.array(rows)]):
        np.testing.assert_array_equal(layer(x, mask=given, training=True), expected)


def test_masks_that_are_none_are_told():
    assert told(lambda: Dense(3)(X, mask=[[1, 0], [1]])) == (
        "Dense(mask=...): got rows of different lengths, expected as many values in each row. "
        "Fill them up with False."
    )
    assert told(lambda: Dense(3)(Input((5, 3)), mask=np.ones((2, 5)))) == (
        "Dense(mask=...): got an array beside symbolic inputs, expected a symbolic tensor. "
        "Let it enter the model by an Input."
    )
    assert told(lambda: Dense(3)(X, mask=Input((5,)))) == (
        "Dense(mask=...): got a symbolic tensor beside arrays, expected an array."
    )
    assert told(lambda: Add()([X, X], mask=np.ones((2, 5)))) == (
        "Add(mask=...): got 1 mask, expected a list of 2, None for an input without one."
    )
    assert told(lambda: Dense(3)(X, mask=[np.ones((2, 5))] * 2)) == (
        "Dense(mask=...): got 2 masks, expected a list of 1, None for an input without one."
    )
    assert told(lambda: AttachMask()([Input((5, 3))])) == (
        "AttachMask: got 1 inputs, expected an array and its mask."
    )


def test_masking_needs_steps():
    with pytest.raises(ShapeError) as caught:
        Masking()(Input((5,)))
    assert str(caught.value) == (
        "Masking: got inputs of shape (None, 5), expected at least 3 axes, the batch axis first. "
        "Add an axis, such as x[:, None]."
    )
