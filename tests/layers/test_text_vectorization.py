"""Texts become what Keras 3.15 on TensorFlow makes of them (written down from a run of it)."""

import numpy as np
import pandas as pd
import pytest

import pellucid
from pellucid.errors import ArgumentError, DataError
from pellucid.layers import Dense, Embedding, GlobalAveragePooling1D, Input, TextVectorization

TEXTS = ["The cat, the DOG!  sat.", "a cat's cradle\n", "zoo the"]
ASKED = ["the dog the bird cat sat", "!!!"]

WORDS = ["the", "zoo", "sat", "dog", "cradle", "cats", "cat", "a"]

KERAS = [
    ({}, ["", "[UNK]", *WORDS], [[2, 5, 2, 1, 8, 4], [0] * 6]),
    ({"output_sequence_length": 3}, ["", "[UNK]", *WORDS], [[2, 5, 2], [0, 0, 0]]),
    ({"max_tokens": 4}, ["", "[UNK]", "the", "zoo"], [[2, 1, 2, 1, 1, 1], [0] * 6]),
    (
        {"output_mode": "multi_hot"},
        ["[UNK]", *WORDS],
        [[1, 1, 0, 1, 1, 0, 0, 1, 0], [0] * 9],
    ),
    (
        {"output_mode": "count", "ngrams": (2,)},
        ["[UNK]", "zoo the", "the dog", "the cat", "dog sat", "cats cradle", "cat the", "a cats"],
        [[4, 0, 1, 0, 0, 0, 0, 0], [0] * 8],
    ),
    (
        {"standardize": "strip_punctuation", "output_mode": "multi_hot"},
        ["[UNK]", "the", "zoo", "sat", "cradle", "cats", "cat", "a", "The", "DOG"],
        [[1, 1, 0, 1, 0, 0, 1, 0, 0, 0], [0] * 10],
    ),
    (
        {"standardize": None},
        ["", "[UNK]", "the", "zoo", "sat.", "cradle", "cat,", "cat's", "a", "The", "DOG!"],
        [[2, 1, 2, 1, 1, 1], [1, 0, 0, 0, 0, 0]],
    ),
]


@pytest.mark.parametrize(
    ("options", "vocabulary", "expected"), KERAS, ids=lambda one: str(one)[:40]
)
def test_a_text_becomes_what_keras_makes_of_it(options, vocabulary, expected):
    layer = TextVectorization(**options)
    layer.adapt(TEXTS)
    assert layer.get_vocabulary() == vocabulary
    assert layer.vocabulary_size() == len(vocabulary)
    np.testing.assert_array_equal(layer(ASKED), expected)
    np.testing.assert_array_equal(layer(np.array(ASKED)[:, None]), expected)


def test_weights_of_documents_are_those_of_keras():
    layer = TextVectorization(output_mode="tf_idf")
    layer.adapt(TEXTS)
    weighed = layer(ASKED)
    once, twice = np.log1p(3 / 2), np.log1p(3 / 3)
    expected = [np.mean([twice, *[once] * 7]), 2 * twice, 0, once, once, 0, 0, once, 0]
    np.testing.assert_allclose(weighed, [expected, [0] * 9], rtol=1e-6)


def test_characters_and_neighbours():
    assert TextVectorization(split="character").tokens(["Ab c"]) == [["a", "b", " ", "c"]]
    assert TextVectorization(split=None, standardize="lower").tokens(["A b"]) == [["a b"]]
    layer = TextVectorization(ngrams=3)
    assert layer.tokens(["a b c"]) == [["a", "b", "c", "a b", "b c", "a b c"]]


def test_letters_of_every_language_become_small():
    assert TextVectorization().tokens(["Straße ÉTÉ İ"])[0][:2] == ["straße", "été"]


def test_columns_batches_and_bytes_are_texts_too():
    layers = [TextVectorization() for _ in range(3)]
    layers[0].adapt(pd.Series(TEXTS))
    layers[1].adapt(np.array([one]) for one in TEXTS)
    layers[2].adapt(np.array([one.encode() for one in TEXTS]))
    assert [one.get_vocabulary() for one in layers] == [["", "[UNK]", *WORDS]] * 3


def test_a_model_takes_texts_and_keeps_its_vocabulary_in_the_file(tmp_path):
    layer = TextVectorization()
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
    model.fit(np.array(TEXTS), np.array([0.0, 1.0, 2.0]), verbose=0)
    model.save(tmp_path / "model.pellucid")
    again = pellucid.models.load_model(tmp_path / "model.pellucid")
    expected = model.predict(np.array(ASKED), verbose=0)
    np.testing.assert_array_equal(again.predict(np.array(ASKED), verbose=0), expected)


def test_the_vocabulary_may_be_given_and_replaced():
    layer = TextVectorization(vocabulary=["dog", "cat"])
    np.testing.assert_array_equal(layer(["cat dog cow"]), [[3, 2, 1]])
    layer.set_vocabulary(["cow"])
    np.testing.assert_array_equal(layer(["cat dog cow"]), [[1, 1, 2]])


MESSAGES = [
    (
        lambda: TextVectorization(standardize=str.lower),
        ArgumentError,
        "TextVectorization(standardize=...): got lower, expected a name: a model file holds no "
        "code. Change the texts before the layer, and say standardize=None.",
    ),
    (
        lambda: TextVectorization(standardize="lowr"),
        ArgumentError,
        "TextVectorization(standardize=...): got 'lowr', expected one of "
        "'lower_and_strip_punctuation', 'lower', 'strip_punctuation', None. Did you mean 'lower'?",
    ),
    (
        lambda: TextVectorization(ngrams=0),
        ArgumentError,
        "TextVectorization(ngrams=...): got 0, expected a whole number of at least 1, or a tuple "
        "of them, such as (2, 3).",
    ),
    (
        lambda: TextVectorization(output_mode="count", output_sequence_length=3),
        ArgumentError,
        "TextVectorization(output_sequence_length=...): got output_mode='count', expected "
        "output_mode='int'.",
    ),
    (
        lambda: TextVectorization()(["a"]),
        ArgumentError,
        "TextVectorization: got no vocabulary yet, expected adapt(data) to be called before the "
        "layer is used or a model built with it. Call it with training data, or pass "
        "vocabulary=[...].",
    ),
    (
        lambda: TextVectorization(vocabulary=["a"]).adapt(["b"]),
        ArgumentError,
        "TextVectorization.adapt(data): got a layer with a fixed vocabulary, expected one that "
        "is to learn it. Make it without vocabulary=...",
    ),
    (
        lambda: TextVectorization(vocabulary=["a"])(np.array(["a", None], object)),
        DataError,
        "TextVectorization: got None among the terms, expected text. Fill missing values first, "
        "for example with ''.",
    ),
]


@pytest.mark.parametrize(("call", "kind", "told"), MESSAGES)
def test_what_is_told(call, kind, told):
    with pytest.raises(kind) as error:
        call()
    assert str(error.value) == told


def test_an_empty_list_is_still_a_list_of_no_inputs():
    with pytest.raises(ArgumentError, match=r"^Dense: got a list of 0 inputs, expected one input"):
        Dense(1)([])
