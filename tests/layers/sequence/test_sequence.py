"""Embedding, Masking and AttachMask: what they mark, and what they refuse."""

import numpy as np
import pytest

import pellucid
from pellucid.errors import DataError, ShapeError
from pellucid.layers import AttachMask, Dense, Embedding, Input, Masking


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


def test_a_mask_of_another_shape_is_told():
    x, mask = Input((5, 2)), Input((4,))
    with pytest.raises(ShapeError) as caught:
        Dense(3)(x, mask=mask)
    assert str(caught.value) == (
        "AttachMask: got a mask of shape (None, 4), expected shape (None, 5), one value for each "
        "step of (None, 5, 2). True or 1 marks a real step."
    )
    with pytest.raises(ShapeError) as caught:
        AttachMask()([x])
    assert str(caught.value) == "AttachMask: got 1 inputs, expected an array and its mask."


def test_masking_needs_steps():
    with pytest.raises(ShapeError) as caught:
        Masking()(Input((5,)))
    assert str(caught.value) == (
        "Masking: got inputs of shape (None, 5), expected at least 3 axes, the batch axis first. "
        "Add an axis, such as x[:, None]."
    )
