"""Lookup layers give what Keras documents, and learn their vocabularies as Keras does."""

import jax
import numpy as np
import pandas as pd
import polars as pl
import pytest

from pellucid.errors import ArgumentError, DataError
from pellucid.layers import CategoryEncoding, IntegerLookup, StringLookup

VOCABULARY = [12, 36, 1138, 42]

# Inputs and outputs of the examples in Keras's documentation.
DOCUMENTED = [
    (
        IntegerLookup,
        {"vocabulary": VOCABULARY},
        [[12, 1138, 42], [42, 1000, 36]],
        [[1, 3, 4], [4, 0, 2]],
    ),
    (
        IntegerLookup,
        {"vocabulary": VOCABULARY, "num_oov_indices": 2},
        [[12, 1138, 42], [37, 1000, 36]],
        [[2, 4, 5], [1, 0, 3]],
    ),
    (
        IntegerLookup,
        {"vocabulary": VOCABULARY, "output_mode": "one_hot"},
        [12, 36, 1138, 42, 7],
        np.eye(5)[[1, 2, 3, 4, 0]].tolist(),
    ),
    (
        IntegerLookup,
        {"vocabulary": VOCABULARY, "output_mode": "multi_hot"},
        [[12, 1138, 42, 42], [42, 7, 36, 7]],
        [[0, 1, 0, 1, 1], [1, 0, 1, 0, 1]],
    ),
    (
        IntegerLookup,
        {"vocabulary": VOCABULARY, "output_mode": "count"},
        [[12, 1138, 42, 42], [42, 7, 36, 7]],
        [[0, 1, 0, 1, 2], [2, 0, 1, 0, 1]],
    ),
    (
        IntegerLookup,
        {"vocabulary": VOCABULARY, "output_mode": "tf_idf", "idf_weights": [0.25, 0.75, 0.6, 0.4]},
        [[12, 1138, 42, 42], [42, 7, 36, 7]],
        [[0, 0.25, 0, 0.6, 0.8], [1.0, 0, 0.75, 0, 0.4]],
    ),
    (
        IntegerLookup,
        {
            "vocabulary": [-1, *VOCABULARY],
            "output_mode": "tf_idf",
            "idf_weights": [0.9, 0.25, 0.75, 0.6, 0.4],
        },
        [[12, 1138, 42, 42], [42, 7, 36, 7]],
        [[0, 0.25, 0, 0.6, 0.8], [1.8, 0, 0.75, 0, 0.4]],
    ),
    (
        IntegerLookup,
        {"vocabulary": VOCABULARY, "invert": True},
        [[1, 3, 4], [4, 0, 2]],
        [[12, 1138, 42], [42, -1, 36]],
    ),
    (
        StringLookup,
        {"vocabulary": ["a", "b", "c", "d"]},
        [["a", "c", "d"], ["d", "z", "b"]],
        [[1, 3, 4], [4, 0, 2]],
    ),
    (
        StringLookup,
        {"vocabulary": ["a", "b", "c", "d"], "output_mode": "one_hot"},
        ["a", "b", "c", "d", "z"],
        np.eye(5)[[1, 2, 3, 4, 0]].tolist(),
    ),
    (
        StringLookup,
        {"vocabulary": ["a", "b", "c", "d"], "output_mode": "count"},
        [["a", "c", "d", "d"], ["d", "z", "b", "z"]],
        [[0, 1, 0, 1, 2], [2, 0, 1, 0, 1]],
    ),
    (
        StringLookup,
        {
            "vocabulary": ["a", "b", "c", "d"],
            "output_mode": "tf_idf",
            "idf_weights": [0.25, 0.75, 0.6, 0.4],
        },
        [["a", "c", "d", "d"], ["d", "z", "b", "z"]],
        [[0, 0.25, 0, 0.6, 0.8], [1.0, 0, 0.75, 0, 0.4]],
    ),
    (
        StringLookup,
        {"vocabulary": ["a", "b", "c", "d"], "invert": True},
        [[1, 3, 4], [4, 0, 2]],
        [["a", "c", "d"], ["d", "[UNK]", "b"]],
    ),
]


@pytest.mark.parametrize(("layer", "options", "inputs", "expected"), DOCUMENTED)
def test_documented_results(layer, options, inputs, expected):
    outputs = np.asarray(layer(**options)(np.array(inputs)))
    if outputs.dtype.kind == "U":
        assert outputs.tolist() == expected
    else:
        np.testing.assert_allclose(outputs, expected, rtol=1e-6)


def test_documented_adaptation_of_integers():
    layer = IntegerLookup()
    layer.adapt(np.array([[12, 1138, 42], [42, 1000, 36]]))
    assert layer.get_vocabulary() == [-1, 42, 1138, 1000, 36, 12]
    assert layer.vocabulary_size() == 6


def test_documented_adaptation_of_strings():
    layer = StringLookup()
    layer.adapt(np.array([["a", "c", "d"], ["d", "z", "b"]]))
    assert layer.get_vocabulary() == ["[UNK]", "d", "z", "c", "b", "a"]


def test_adapted_document_weights_follow_their_formula():
    layer = StringLookup(output_mode="tf_idf")
    layer.adapt(np.array([["a", "a", "b"], ["a", "c", "c"]]))
    assert layer.get_vocabulary() == ["[UNK]", "a", "c", "b"]
    known = np.log(1 + 2 / (1 + np.array([2, 1, 1])))
    outputs = layer(np.array([["a", "a", "z"]]))
    np.testing.assert_allclose(outputs, [[known.mean(), 2 * known[0], 0, 0]], rtol=1e-6)


def test_a_mask_term_has_the_first_place_or_is_left_out():
    words = np.array([["", "b", "x"]])
    as_places = StringLookup(vocabulary=["a", "b"], mask_token="")
    assert as_places.get_vocabulary() == ["", "[UNK]", "a", "b"]
    assert as_places(words).tolist() == [[0, 3, 1]]
    as_vectors = StringLookup(vocabulary=["a", "b"], mask_token="", output_mode="count")
    assert as_vectors.get_vocabulary() == ["[UNK]", "a", "b"]
    assert as_vectors(words).tolist() == [[1, 0, 1]]
    numbers = IntegerLookup(vocabulary=[5, 6], mask_token=0, output_mode="multi_hot")
    assert numbers(np.array([[0, 6, 9]])).tolist() == [[1, 0, 1]]
    assert IntegerLookup(vocabulary=[5, 6], mask_token=0)(np.array([[0, 6, 9]])).tolist() == [
        [0, 3, 1]
    ]


def test_special_terms_may_lead_a_given_vocabulary():
    given = StringLookup(vocabulary=["", "[UNK]", "a"], mask_token="")
    assert given.get_vocabulary() == ["", "[UNK]", "a"]
    assert given.get_vocabulary(include_special_tokens=False) == ["a"]


def test_max_tokens_keeps_the_most_frequent():
    layer = StringLookup(max_tokens=3)
    layer.adapt(["a", "b", "b", "c", "c", "c"])
    assert layer.get_vocabulary() == ["[UNK]", "c", "b"]
    padded = StringLookup(max_tokens=6, pad_to_max_tokens=True, output_mode="multi_hot")
    padded.adapt(["a", "b"])
    assert padded(np.array([["a"]])).tolist() == [[0, 0, 1, 0, 0, 0]]


@pytest.mark.parametrize(
    "data",
    [
        np.array(["a", "b", "a"]),
        np.array(["a", "b", "a"], dtype=object),
        np.array([b"a", b"b", b"a"]),
        ["a", "b", "a"],
        [["a"], ["b", "a"]],
        pl.Series(["a", "b", "a"]),
        pd.Series(["a", "b", "a"]),
        pl.DataFrame({"word": ["a", "b", "a"]}),
        [np.array(["a", "b"]), np.array(["a"])],
        iter([["a", "b"], ["a"]]),
        (batch for batch in [(np.array(["a", "b"]), np.array([0, 1])), (np.array(["a"]), [1])]),
    ],
    ids=lambda data: type(data).__name__,
)
def test_adapt_takes_arrays_lists_columns_and_batches(data):
    layer = StringLookup()
    layer.adapt(data)
    assert layer.get_vocabulary() == ["[UNK]", "a", "b"]


def test_adapt_takes_only_the_batches_it_is_told():
    layer = StringLookup()
    layer.adapt(iter([["a"], ["b"], ["c"]]), steps=2)
    assert layer.get_vocabulary() == ["[UNK]", "b", "a"]


def test_adapting_again_replaces_what_was_learned():
    layer = StringLookup()
    layer.adapt(["a"])
    layer.adapt(["b", "c"])
    assert layer.get_vocabulary() == ["[UNK]", "c", "b"]


def test_set_vocabulary_replaces_and_checks():
    layer = StringLookup()
    layer.set_vocabulary(["x", "y"])
    assert layer(np.array(["y"])).tolist() == [2]
    with pytest.raises(ArgumentError, match="repeated"):
        layer.set_vocabulary(["x", "x"])
    assert layer.get_vocabulary() == ["[UNK]", "x", "y"]


def test_integers_that_a_program_cannot_hold_are_looked_up_before_it():
    large = 2**40
    layer = IntegerLookup(vocabulary=[large, 7])
    assert layer.on_host
    assert layer(np.array([7, large, large + 1])).tolist() == [2, 1, 0]
    assert not IntegerLookup(vocabulary=[7]).on_host
    back = IntegerLookup(vocabulary=[large, 7], invert=True)
    assert back(np.array([1])).tolist() == [large]


def test_compiled_lookup_equals_the_one_on_the_host(rng):
    layer = IntegerLookup(vocabulary=[5, -3, 8, 100], num_oov_indices=3, mask_token=9)
    numbers = rng.integers(-10, 12, (50, 4)).astype("int32")
    np.testing.assert_array_equal(jax.jit(layer)(numbers), layer(numbers))


def test_whole_floats_are_whole_numbers():
    assert IntegerLookup(vocabulary=[5, 6])(np.array([6.0, 7.0])).tolist() == [2, 0]


def test_several_places_for_unknown_terms_are_all_used():
    layer = StringLookup(vocabulary=["a"], num_oov_indices=4)
    places = layer(np.array([f"word {number}" for number in range(100)]))
    assert set(places.tolist()) == {0, 1, 2, 3}
    assert places.tolist() == layer(np.array([f"word {n}" for n in range(100)])).tolist()


@pytest.mark.parametrize("layer", [StringLookup, IntegerLookup])
def test_an_unlearned_layer_says_how_to_teach_it(layer):
    with pytest.raises(ArgumentError) as caught:
        layer(name="words")(np.array(["a"]))
    assert str(caught.value) == (
        f"words ({layer.__name__}): got no vocabulary yet, expected adapt(data) to be called "
        "before the layer is used or a model built with it. "
        "Call it with training data, or pass vocabulary=[...]."
    )


WRONG = [
    (
        lambda: StringLookup(vocabulary=["a", "a", "b"]),
        ArgumentError,
        "StringLookup(vocabulary=...): got the repeated terms ['a'], expected every term once.",
    ),
    (
        lambda: StringLookup(vocabulary="words.txt"),
        ArgumentError,
        "StringLookup(vocabulary=...): got 'words.txt', expected a list of strings. "
        "Read a file first, one term a line: open(path).read().splitlines().",
    ),
    (
        lambda: StringLookup(vocabulary=["a", "b"], mask_token="b"),
        ArgumentError,
        "StringLookup(vocabulary=...): got mask_token='b' among the terms, "
        "expected it left out, or ['b', '[UNK]'] at the start.",
    ),
    (
        lambda: IntegerLookup(vocabulary=[1, 2, 3], max_tokens=3),
        ArgumentError,
        "IntegerLookup(vocabulary=...): got 4 terms, expected at most max_tokens=3.",
    ),
    (
        lambda: IntegerLookup(vocabulary=[1.5]),
        ArgumentError,
        "IntegerLookup(vocabulary=...): got [1.5], expected a list of at least one whole number.",
    ),
    (
        lambda: StringLookup(vocabulary=["a"], output_mode="tf_idf"),
        ArgumentError,
        "StringLookup(vocabulary=...): got no idf_weights, "
        "expected idf_weights=... for output_mode='tf_idf'.",
    ),
    (
        lambda: StringLookup(output_mode="onehot"),
        ArgumentError,
        "StringLookup(output_mode=...): got 'onehot', expected one of 'int', 'one_hot', "
        "'multi_hot', 'count', 'tf_idf'. Did you mean 'one_hot'?",
    ),
    (
        lambda: StringLookup(vocabulary=["a"]).adapt(["b"]),
        ArgumentError,
        "StringLookup.adapt(data): got a layer with a fixed vocabulary, "
        "expected one that is to learn it. Make it without vocabulary=...",
    ),
    (
        lambda: StringLookup().adapt([]),
        ArgumentError,
        "StringLookup.adapt(data): got no values, expected at least one row.",
    ),
    (
        lambda: StringLookup().adapt("words"),
        ArgumentError,
        "StringLookup.adapt(data): got str, expected an array, a list, a column of a frame, "
        "or an iterable of batches.",
    ),
    (
        lambda: StringLookup().adapt(["a", None]),
        DataError,
        "StringLookup: got None among the terms, expected text. "
        "Fill missing values first, for example with ''.",
    ),
    (
        lambda: StringLookup(vocabulary=["a"])(np.array([1.5], "float32")),
        DataError,
        "StringLookup: got values of type float32, expected text. "
        "For whole numbers use IntegerLookup.",
    ),
    (
        lambda: StringLookup(vocabulary=["a"], num_oov_indices=0)(np.array(["b"])),
        DataError,
        "StringLookup: got the unknown term 'b', expected terms of the vocabulary. "
        "Set num_oov_indices=1 to give unknown ones a place.",
    ),
    (
        lambda: IntegerLookup(vocabulary=[1], num_oov_indices=0)(np.array([1, 9])),
        DataError,
        "IntegerLookup: got the unknown integer 9, expected integers of the vocabulary. "
        "Set num_oov_indices=1 to give unknown ones a place.",
    ),
    (
        lambda: IntegerLookup(vocabulary=[1])(np.array([0.5])),
        DataError,
        "IntegerLookup: got values of type float32 that are not all whole numbers, "
        "expected whole numbers. For text use StringLookup, for other numbers Discretization.",
    ),
    (
        lambda: CategoryEncoding(4)(np.array([[1, 4]])),
        DataError,
        "CategoryEncoding: got 4, expected whole numbers from 0 to 3 (num_tokens=4).",
    ),
    (
        lambda: CategoryEncoding(4, sparse=True),
        ArgumentError,
        "CategoryEncoding(sparse=...): got True, expected False: arrays are dense here.",
    ),
]


@pytest.mark.parametrize(("make", "error", "message"), WRONG)
def test_messages(make, error, message):
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value) == message


def test_category_encoding_in_a_compiled_program_takes_a_strange_number_as_absent():
    encoded = jax.jit(CategoryEncoding(3, "count"))(np.array([[1, 7, -1]]))
    assert encoded.tolist() == [[0, 1, 0]]
