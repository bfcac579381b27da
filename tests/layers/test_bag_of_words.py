"""The different words of a text, as scikit-learn's CountVectorizer finds them."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

import pellucid
from pellucid.errors import ArgumentError
from pellucid.layers import BagOfWords, Dense, Embedding, GlobalAveragePooling1D, Input

TEXTS = ["so good", "so good, so long", "not long", "not so good"]
ASKED = ["So, so good!", "never", "not long, so good"]


@pytest.mark.parametrize(("ngrams", "least"), [(None, 1), (2, 1), (2, 2), ((2,), 2), (3, 1)])
def test_terms_are_those_of_scikit_learn(ngrams, least):
    layer = BagOfWords(ngrams=ngrams, min_count=least)
    layer.adapt(TEXTS)
    width = ngrams if isinstance(ngrams, tuple) else (1, ngrams or 1)
    reference = CountVectorizer(
        ngram_range=(width[0], width[-1]), min_df=least, token_pattern=r"\S+", binary=True,
        preprocessor=lambda text: text.lower().replace(",", "").replace("!", ""),
    )  # fmt: skip
    expected = reference.fit_transform(TEXTS)
    terms = layer.get_vocabulary()
    assert terms[0] == ""
    assert sorted(terms[1:]) == sorted(reference.get_feature_names_out())
    counts = [int(expected[:, reference.vocabulary_[term]].sum()) for term in terms[1:]]
    assert counts == sorted(counts, reverse=True)
    given = layer(ASKED)
    for row, found in zip(reference.transform(ASKED).toarray(), given, strict=True):
        names = set(reference.get_feature_names_out()[row > 0])
        assert {terms[one] for one in found if one} == names
        assert len(found[found > 0]) == len(names)


def test_rows_have_one_length_if_asked():
    layer = BagOfWords(output_sequence_length=2, vocabulary=["so", "good", "long"])
    assert layer(["long good so", "good"]).tolist() == [[3, 2], [2, 0]]


def test_a_model_keeps_its_terms_in_the_file(tmp_path):
    layer = BagOfWords(ngrams=2, max_tokens=6)
    layer.adapt(TEXTS)
    assert layer.vocabulary_size() == 6
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
    expected = model.predict(np.array(ASKED), verbose=0)
    assert np.isfinite(expected).all()
    np.testing.assert_array_equal(again.predict(np.array(ASKED), verbose=0), expected)


MESSAGES = [
    (
        lambda: BagOfWords(vocabulary=["a", "b", "a"]),
        "BagOfWords(vocabulary=...): got the repeated terms ['a'], expected every term once.",
    ),
    (
        lambda: BagOfWords(min_count=3).adapt(["a", "a b"]),
        "BagOfWords.adapt(data): got no term, expected at least one that 3 texts hold.",
    ),
    (
        lambda: BagOfWords(vocabulary=["a"]).adapt(["b"]),
        "BagOfWords.adapt(data): got a layer with a fixed vocabulary, expected one that is to "
        "learn it. Make it without vocabulary=...",
    ),
    (
        lambda: BagOfWords()(["a"]),
        "BagOfWords: got no vocabulary yet, expected adapt(data) to be called before the layer is "
        "used or a model built with it. Call it with training data, or pass vocabulary=[...].",
    ),
]


@pytest.mark.parametrize(("call", "message"), MESSAGES, ids=range(len(MESSAGES)))
def test_the_literal_message(call, message):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message
