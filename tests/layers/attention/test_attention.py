"""What the table of examples does not show: ways of calling, masks for pairs, models, names."""

import keras
import numpy as np
import pytest
from keras.src import backend

import pellucid
from pellucid import layers

RNG = np.random.default_rng(0)
QUERY = RNG.standard_normal((2, 3, 4)).astype("float32")
VALUE = RNG.standard_normal((2, 5, 4)).astype("float32")
PAIRS = RNG.random((2, 3, 5)) > 0.4
PAIRS[0, 1] = False
REAL = {
    "query": np.array([[1, 1, 0], [1, 1, 1]], bool),
    "value": np.array([[1, 1, 0, 1, 1], [0, 1, 1, 1, 0]], bool),
    "key": np.array([[0, 1, 1, 1, 1], [1, 1, 1, 1, 1]], bool),
}


def pair(name, *arguments, **options):
    """Return the layer and Keras's with the same weights."""
    ours = getattr(layers, name)(*arguments, **options)
    theirs = getattr(keras.layers, name)(*arguments, **options)
    ours(QUERY, VALUE)
    theirs.build(QUERY.shape, VALUE.shape)
    for one in theirs.weights:
        one.assign(RNG.standard_normal(one.shape))
    ours.set_weights(theirs.get_weights())
    return ours, theirs


def masked(array, mask):
    """Return Keras's tensor of an array to which a layer before attached a mask."""
    tensor = keras.ops.convert_to_tensor(array)
    backend.set_keras_mask(tensor, keras.ops.convert_to_tensor(mask))
    return tensor


MASKS = {
    "rows, queries, keys": PAIRS,
    "queries, keys": PAIRS[0],
    "one row": PAIRS[:1],
    "one query": PAIRS[:, :1],
    "heads": RNG.random((2, 2, 3, 5)) > 0.4,
    "numbers": PAIRS.astype("int32"),
}


@pytest.mark.parametrize("returned", [False, True])
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("shape", MASKS)
def test_masks_for_pairs_are_keras(shape, padded, returned):
    ours, theirs = pair("MultiHeadAttention", 2, 3)
    # Keras lays masks of steps over those of heads askew.
    padded = padded and shape != "heads"
    options = {"attention_mask": MASKS[shape], "use_causal_mask": padded}
    if padded:
        options |= {"value_mask": REAL["value"], "key_mask": REAL["key"]}
    if returned:
        options["return_attention_scores"] = True
    query = masked(QUERY, REAL["query"]) if padded else QUERY
    expected = theirs(query, VALUE, VALUE, **options)
    if padded:
        options["query_mask"] = REAL["query"]
    given = ours(QUERY, VALUE, VALUE, **options)
    for one, other in zip(*((x if returned else [x]) for x in (given, expected)), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dropout", [0.0, 0.5])
@pytest.mark.parametrize("name", ["MultiHeadAttention", "GroupQueryAttention"])
def test_a_query_that_may_see_nothing_gets_what_keras_gives(name, dropout):
    sizes = (2, 3) if name == "MultiHeadAttention" else (3, 4, 2)
    ours, theirs = pair(name, *sizes, dropout=dropout)
    nothing = np.zeros((2, 5), bool)
    expected = theirs(QUERY, VALUE, value_mask=nothing)
    np.testing.assert_allclose(ours(QUERY, VALUE, value_mask=nothing), expected, 1e-5, 1e-6)


def test_names_shapes_and_first_values_are_keras():
    options = {"value_dim": 5, "output_shape": (2, 3), "use_gate": True}
    ours, theirs = pair("MultiHeadAttention", 2, 30, **options)
    declared = ours.declared([(3, 4), (5, 4)])
    assert [f"{theirs.name}/{name}" for name in declared] == [one.path for one in theirs.weights]
    assert [one.shape for one in declared.values()] == [one.shape for one in theirs.weights]
    first = ours.init(0, [(3, 4), (5, 4)])
    # Glorot's limit for a product from 4 to 2 x 30, and from 2 x 5 to 2 x 3 values.
    assert np.abs(first["query/kernel"]).max() == pytest.approx(np.sqrt(6 / 64), rel=0.05)
    assert np.abs(first["attention_output/kernel"]).max() == pytest.approx(
        np.sqrt(6 / 16), rel=0.05
    )
    assert not first["value/bias"].any()


def test_ways_of_calling():
    layer = layers.MultiHeadAttention(2, 3)
    expected = np.asarray(layer(QUERY, VALUE, VALUE, attention_mask=PAIRS))
    ways = [
        layer(QUERY, VALUE, attention_mask=PAIRS),
        layer(query=QUERY, value=VALUE, attention_mask=PAIRS.tolist()),
        layer(QUERY, key=VALUE, value=VALUE, attention_mask=PAIRS),
        layer([QUERY, VALUE, VALUE, PAIRS]),
    ]
    for found in ways:
        assert np.asarray(found).tobytes() == expected.tobytes()
    assert layer(QUERY, VALUE, query_mask=None, return_attention_scores=False).shape == (2, 3, 4)


def embedded(library, names=("source", "target")):
    """Return a model in which queries and keys have padding, and the weights are an output."""
    kinds = library.layers
    source, target = (library.Input((4,), dtype="int32", name=name) for name in names)
    table = kinds.Embedding(6, 4, mask_zero=True, name="words")
    query, value = table(target), table(source)
    seen, weights = kinds.MultiHeadAttention(2, 3, name="heads")(
        query, value, use_causal_mask=True, return_attention_scores=True
    )
    # Keras takes the mask from what goes into heads, so that it is gone for layers behind.
    looked = kinds.Attention(use_scale=True, name="look")([seen, table(source)])
    summed = kinds.GlobalAveragePooling1D(name="mean")(kinds.Dense(3, name="out")(looked))
    return library.Model([source, target], [summed, weights])


SOURCE = np.array([[1, 2, 0, 0], [3, 0, 4, 5]])
TARGET = np.array([[2, 2, 1, 0], [5, 0, 0, 0]])


def test_padding_goes_through_a_model_as_in_keras(tmp_path):
    ours, theirs = embedded(pellucid), embedded(keras)
    theirs.set_weights(ours.get_weights())
    expected = theirs.predict([SOURCE, TARGET], verbose=0)
    given = ours.predict([SOURCE, TARGET], verbose=0)
    ours.save(tmp_path / "model.pellucid")
    again = pellucid.load_model(tmp_path / "model.pellucid").predict([SOURCE, TARGET], verbose=0)
    for one, loaded, other in zip(given, again, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(one, loaded)


def test_masks_of_outputs_are_keras():
    real = [REAL["query"], REAL["value"]]
    for name, sizes in (("MultiHeadAttention", (2, 3)), ("GroupQueryAttention", (3, 4, 2))):
        layer = getattr(layers, name)(*sizes)
        np.testing.assert_array_equal(layer.compute_mask([QUERY, VALUE], real), real[0])
        assert layer.compute_mask([QUERY, VALUE], None) is None
    expected = keras.layers.Attention().compute_mask([QUERY, VALUE], real)
    np.testing.assert_array_equal(layers.Attention().compute_mask([QUERY, VALUE], real), expected)


def test_a_mask_of_steps_that_are_attended_over_two_axes():
    grid = RNG.standard_normal((2, 3, 2, 4)).astype("float32")
    real = RNG.random((2, 3)) > 0.4
    real[:, 0] = True
    layer = layers.MultiHeadAttention(2, 3)
    options = {"return_attention_scores": True}
    _, weights = layer(grid, grid, value_mask=real, **options)
    assert weights.shape == (2, 2, 3, 2, 3, 2)
    seen = np.asarray(weights).sum(axis=(1, 2, 3, 5)) > 0
    np.testing.assert_array_equal(seen, real)
    flat = grid.reshape(2, 6, 4)
    _, expected = layer(flat, flat, value_mask=np.repeat(real, 2, axis=1), **options)
    np.testing.assert_allclose(weights, expected.reshape(weights.shape), rtol=1e-5)


def test_dropout_drops_weights_only_while_training():
    layer = layers.MultiHeadAttention(2, 3, dropout=0.5)
    still = np.asarray(layer(QUERY, VALUE))
    assert (np.asarray(layer(QUERY, VALUE, training=True)) != still).any()
    assert np.asarray(layer(QUERY, VALUE)).tobytes() == still.tobytes()


def test_a_rate_of_dropout_is_data_of_the_program_unless_it_is_none():
    from pellucid.description import structure

    rates = [layers.MultiHeadAttention(2, 3, dropout=rate) for rate in (0.0, 0.1, 0.2)]
    assert structure(rates[1]) == structure(rates[2]) != structure(rates[0])
