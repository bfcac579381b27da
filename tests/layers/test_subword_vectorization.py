"""Pieces of words live in the model and its file."""

import numpy as np
import pytest

import pellucid
from pellucid.data.subwords import learn_subwords
from pellucid.errors import ArgumentError, DataError
from pellucid.layers import Dense, Embedding, GlobalAveragePooling1D, Input, SubwordVectorization

TEXTS = ["low lower lowest", "new newer newest"]


def test_it_gives_the_numbers_of_the_vocabulary_and_takes_them_back():
    layer = SubwordVectorization(24)
    layer.adapt(TEXTS)
    vocabulary = learn_subwords(TEXTS, 24)
    assert layer.get_vocabulary() == list(vocabulary.tokens)
    assert layer.vocabulary_size() == len(vocabulary)
    given = layer(["newest", "low newest lower"])
    rows = [vocabulary.encode("newest"), vocabulary.encode("low newest lower")]
    assert [[one for one in row if one] for row in given.tolist()] == rows
    assert given.shape == (2, len(rows[1]))
    assert layer.decode(given) == ["newest", "low newest lower"]


def test_letters_become_small_and_rows_have_one_length_if_asked():
    layer = SubwordVectorization(24, standardize="lower", output_sequence_length=2)
    layer.adapt(TEXTS)
    given = layer(["NEWEST LOWEST NEWEST", "low"])
    assert given.shape == (2, 2)
    assert layer.decode(given)[1] == "low"


def test_a_model_keeps_its_pieces_in_the_file(tmp_path):
    layer = SubwordVectorization(24)
    layer.adapt(TEXTS)
    model = pellucid.Sequential(
        [
            Input((), dtype="string"),
            layer,
            Embedding(layer.vocabulary_size(), 2, mask_zero=True),
            GlobalAveragePooling1D(),
            Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    model.save(tmp_path / "model.pellucid")
    again = pellucid.models.load_model(tmp_path / "model.pellucid")
    asked = np.array(["newest lowly", "lower"])
    expected = model.predict(asked, verbose=0)
    np.testing.assert_array_equal(again.predict(asked, verbose=0), expected)


MESSAGES = [
    (
        lambda: SubwordVectorization(vocabulary=["a", "a"]),
        ArgumentError,
        "SubwordVectorization(vocabulary=...): got pieces: got 'a' twice, expected each piece "
        "once, expected different pieces.",
    ),
    (
        lambda: SubwordVectorization()(["a"]),
        ArgumentError,
        "SubwordVectorization: got no vocabulary yet, expected adapt(data) to be called before the "
        "layer is used or a model built with it. Call it with training data, or pass "
        "vocabulary=[...].",
    ),
    (
        lambda: SubwordVectorization(vocabulary=["a"]).adapt(["b"]),
        ArgumentError,
        "SubwordVectorization.adapt(data): got a layer with a fixed vocabulary, expected one that "
        "is to learn it. Make it without vocabulary=...",
    ),
    (
        lambda: SubwordVectorization(vocabulary=["a"])(np.array([1.5])),
        DataError,
        "SubwordVectorization: got values of type float32, expected text. For whole numbers use "
        "IntegerLookup.",
    ),
]


@pytest.mark.parametrize(("call", "kind", "message"), MESSAGES, ids=range(len(MESSAGES)))
def test_the_literal_message(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value) == message
