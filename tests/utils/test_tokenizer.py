"""Words and their numbers are those of Keras's own, older tokenizer."""

import json

import numpy as np
import pytest
from keras.src.legacy.preprocessing import text as keras_text

from pellucid.errors import ArgumentError, FileError
from pellucid.preprocessing.text import (
    Tokenizer,
    hashing_trick,
    one_hot,
    text_to_word_sequence,
    tokenizer_from_json,
)

TEXTS = ["The cat, the DOG!  sat.", "a cat's cradle\n", "zoo the", ["The", "list"], ""]
ASKED = ["the dog the bird cat sat", "!!!", ["list", "The", "bird"]]
OPTIONS = [
    {},
    {"num_words": 4},
    {"oov_token": "<OOV>"},
    {"num_words": 3, "oov_token": "the"},
    {"num_words": 4, "oov_token": "?"},
    {"char_level": True, "oov_token": "?"},
    {"lower": False, "filters": ",.!", "split": " "},
    {"split": "_"},
    {"analyzer": lambda text: text.split("a")},
]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda one: ",".join(one) or "plain")
def test_it_says_what_keras_says(options):
    ours, theirs = Tokenizer(**options), keras_text.Tokenizer(**options)
    for texts in (TEXTS, ["one more text, the last"]):
        ours.fit_on_texts(texts)
        theirs.fit_on_texts(texts)
    assert list(ours.word_index.items()) == list(theirs.word_index.items())
    for name in ("index_word", "word_docs", "index_docs", "word_counts", "document_count"):
        assert getattr(ours, name) == getattr(theirs, name), name
    sequences = theirs.texts_to_sequences(ASKED)
    assert ours.texts_to_sequences(ASKED) == sequences
    wild = [*sequences, [1, 3, 99]]
    assert ours.sequences_to_texts(wild) == theirs.sequences_to_texts(wild)
    for mode in ("binary", "count", "freq", "tfidf"):
        expected = theirs.texts_to_matrix(ASKED, mode)
        np.testing.assert_allclose(ours.texts_to_matrix(ASKED, mode), expected, rtol=1e-12)
    if "analyzer" not in options:
        assert parsed(ours.to_json()) == parsed(theirs.to_json())
        again = tokenizer_from_json(theirs.to_json())
        assert again.texts_to_sequences(ASKED) == sequences
        assert parsed(again.to_json()) == parsed(ours.to_json())


def parsed(text):
    """Return what JSON of a tokenizer says, its inner JSON too."""
    config = json.loads(text)["config"]
    tables = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
    return config | {name: json.loads(config[name]) for name in tables}


def test_sequences_may_stand_for_texts():
    ours, theirs = Tokenizer(num_words=5), keras_text.Tokenizer(num_words=5)
    for one in (ours, theirs):
        one.fit_on_sequences([[1, 2, 2], [2, 4]])
    expected = theirs.sequences_to_matrix([[2, 2, 4], []], "tfidf")
    np.testing.assert_allclose(ours.sequences_to_matrix([[2, 2, 4], []], "tfidf"), expected)


def test_words_and_hashes_are_those_of_keras():
    for options in ({}, {"lower": False}, {"filters": "e", "split": "t"}):
        given = text_to_word_sequence("The tree, THE tent.", **options)
        assert given == keras_text.text_to_word_sequence("The tree, THE tent.", **options)
    expected = keras_text.hashing_trick("the cat, the dog", 50, "md5")
    assert hashing_trick("the cat, the dog", 50, "md5") == expected
    assert one_hot("the cat, the dog", 50) == expected
    assert hashing_trick("the cat", 9, len) == keras_text.hashing_trick("the cat", 9, len)
    assert hashing_trick("a-b", 9, len, analyzer=list) == [2, 2, 2]


MESSAGES = [
    (
        lambda: Tokenizer(num_words=0),
        "Tokenizer(num_words=...): got 0, expected a whole number above 0, or None for all words.",
    ),
    (
        lambda: Tokenizer().fit_on_texts("one text"),
        "Tokenizer.fit_on_texts: got one text, expected a list of texts. Put it in a list: [text].",
    ),
    (
        lambda: Tokenizer().texts_to_matrix(["a"], "tf-idf"),
        "2 problems:\n"
        "  1. Tokenizer.sequences_to_matrix(mode=...): got 'tf-idf', expected one of 'binary', "
        "'count', 'tfidf', 'freq'. Did you mean 'tfidf'?\n"
        "  2. Tokenizer.sequences_to_matrix: got no words, expected num_words=..., or words. Call "
        "fit_on_texts(texts) first.",
    ),
    (
        lambda: Tokenizer(analyzer=str.split).to_json(),
        "Tokenizer.to_json: got a tokenizer with analyzer=..., expected one without: JSON holds "
        "no code. Cut the texts into lists of words yourself.",
    ),
    (
        lambda: hashing_trick("a", 1, "sha"),
        "2 problems:\n"
        "  1. hashing_trick(n=...): got 1, expected a whole number of at least 2.\n"
        "  2. hashing_trick(hash_function=...): got 'sha', expected 'md5' or a function from a "
        "word to a whole number.",
    ),
]


@pytest.mark.parametrize(("call", "message"), MESSAGES, ids=range(len(MESSAGES)))
def test_the_literal_message(call, message):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message


FORGED = [
    ("[]", "tokenizer_from_json: got JSON without 'config', expected what to_json() writes."),
    (
        '{"config": {"num_words": "9"}}',
        "tokenizer_from_json: got '9' for 'num_words', expected int.",
    ),
    (
        json.dumps({"config": {**Tokenizer().get_config(), "word_index": '{"a": "b"}'}}),
        "tokenizer_from_json: got no table of whole numbers for 'word_index', expected one as "
        "JSON.",
    ),
]


@pytest.mark.parametrize(("text", "message"), FORGED, ids=range(len(FORGED)))
def test_a_forged_file_is_refused(text, message):
    with pytest.raises(FileError) as caught:
        tokenizer_from_json(text)
    assert str(caught.value) == message
