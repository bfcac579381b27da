"""Masks on their way through a model: losses, metrics, lists of different lengths."""

import jax
import keras
import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError, ShapeError
from pellucid.ops.recurrence import lstm

IDS = np.array([[1, 2, 3, 0], [0, 0, 2, 1], [3, 0, 1, 0], [1, 1, 2, 3]])
TARGETS = np.linspace(-1, 1, 16).reshape(4, 4, 1).astype("float32")


def model_of(library, **compiling):
    x = library.Input((4,), dtype="int32")
    h = library.layers.Embedding(4, 3, mask_zero=True, name="words")(x)
    h = library.layers.BatchNormalization(name="norm")(h)
    h = library.layers.Concatenate(name="both")([h, library.layers.ReLU(name="bent")(h)])
    model = library.Model(x, library.layers.Dense(1, name="out")(h))
    model.compile(optimizer=library.optimizers.SGD(0.02), loss="mse", **compiling)
    return model


@pytest.mark.parametrize("weighted", [False, True])
def test_masked_steps_do_not_count_as_in_keras(weighted):
    ours, theirs = model_of(pellucid), model_of(keras)
    theirs.set_weights(ours.get_weights())
    weight = np.array([1.0, 2.0, 0.5, 3.0], "float32")
    options = {"epochs": 4, "batch_size": 2, "shuffle": False, "verbose": 0}
    # Keras wants the weight of a row at each of its steps.
    weights = (weight, np.repeat(weight[:, None], 4, axis=1)) if weighted else (None, None)
    given = ours.fit(IDS, TARGETS, sample_weight=weights[0], **options).history["loss"]
    expected = theirs.fit(IDS, TARGETS, sample_weight=weights[1], **options).history["loss"]
    np.testing.assert_allclose(given, expected, rtol=2e-5)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_metrics_leave_masked_steps_out():
    model = model_of(pellucid, metrics=["mae"])
    found = model.evaluate(IDS, TARGETS, verbose=0, return_dict=True)
    distance = np.abs(model.predict(IDS) - TARGETS)[..., 0]
    np.testing.assert_allclose(found["mae"], distance[IDS != 0].mean(), rtol=1e-5)


def test_the_padding_of_a_batch_changes_nothing():
    whole, parts = (model_of(pellucid) for _ in range(2))
    loss = whole.evaluate(IDS[:3], TARGETS[:3], verbose=0, batch_size=3)
    assert parts.evaluate(IDS[:3], TARGETS[:3], verbose=0, batch_size=3) == pytest.approx(loss)


def tagger():
    model = pellucid.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(9, 4, mask_zero=True),
            layers.Dense(1),
        ]
    )
    model.compile(optimizer="sgd", loss="mse", metrics=["mae"])
    return model


SENTENCES = [[1, 2, 3, 4, 5], [6], [7, 8, 1]]
SCORES = [[[0.1]] * 5, [[0.2]], [[0.3]] * 3]


def test_lists_of_different_lengths_equal_padded_arrays():
    listed, arrays = tagger(), tagger()
    x = pellucid.utils.pad_sequences(SENTENCES, padding="post", maxlen=8)
    y = pellucid.utils.pad_sequences(SCORES, padding="post", maxlen=8, dtype="float32")
    options = {"epochs": 3, "batch_size": 3, "shuffle": False, "verbose": 0}
    one = listed.fit(SENTENCES, SCORES, **options).history
    other = arrays.fit(x, y, **options).history
    assert one == other
    found = listed.predict(SENTENCES)
    assert found.shape == (3, 5, 1)
    np.testing.assert_allclose(found, arrays.predict(x)[:, :5], rtol=1e-6)


def test_rows_keep_their_order_in_predictions():
    model = tagger()
    alone = [model.predict([one])[0, :, 0] for one in SENTENCES]
    for row, own in zip(model.predict(SENTENCES), alone, strict=True):
        np.testing.assert_allclose(row[: len(own), 0], own, rtol=1e-6)


def test_batches_by_length_train_and_repeat():
    rng = np.random.default_rng(0)
    x = [rng.integers(1, 9, size).tolist() for size in rng.integers(1, 20, 50)]
    y = [[[float(one)] for one in row] for row in x]
    runs = [tagger().fit(x, y, epochs=2, batch_size=4, verbose=0).history for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0]["loss"][1] < runs[0]["loss"][0]
    padded = pellucid.utils.pad_sequences(x, padding="post", maxlen=20)
    labels = pellucid.utils.pad_sequences(y, padding="post", maxlen=20, dtype="float32")
    options = {"epochs": 2, "batch_size": 4, "verbose": 0, "shuffle": "length"}
    assert tagger().fit(padded, labels, **options).history == runs[0]


@pytest.fixture
def steps_run(monkeypatch):
    """Return a list that gets a value for each step that a long short-term memory makes."""
    made, forward = [], lstm.LSTM.forward

    def counting(self, *given):
        jax.debug.callback(lambda: made.append(1))
        return forward(self, *given)

    monkeypatch.setattr(lstm.LSTM, "forward", counting)
    pellucid.backend.clear_session()
    yield made
    pellucid.backend.clear_session()


def reader():
    model = pellucid.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(9, 2, mask_zero=True),
            layers.LSTM(2),
            layers.Dense(1),
        ]
    )
    model.compile(optimizer="sgd", loss="mse")
    return model


def longest(lengths):
    """Return the sum over batches of four of their greatest lengths."""
    return sum(max(lengths[first : first + 4]) for first in range(0, len(lengths), 4))


def test_sequences_are_read_to_the_end_of_the_longest_of_their_batch(steps_run):
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 30, 26).tolist()
    lists = [rng.integers(1, 9, size).tolist() for size in lengths]
    padded = pellucid.utils.pad_sequences(lists, padding="post")
    before = pellucid.utils.pad_sequences(lists, padding="pre")

    def steps(x, shuffle):
        steps_run.clear()
        reader().fit(x, np.arange(26.0), batch_size=4, shuffle=shuffle, verbose=0)
        jax.effects_barrier()
        return len(steps_run)

    assert steps(padded, False) == steps(before, False) == longest(lengths)
    # One window holds all rows, so that batches follow one another in order of length.
    by_length = longest(sorted(lengths))
    assert steps(lists, True) == steps(padded, "length") == steps(before, "length") == by_length
    assert steps(padded, True) > 1.2 * by_length


def visits(x, **options):
    """Return how often each of 26 sequences was trained on; each is a word of its own, repeated.

    With a learning rate of 1/4 the summed squared error halves what a row lacks at each visit.
    """
    model = pellucid.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(27, 1, mask_zero=True, embeddings_initializer="zeros"),
            layers.GlobalAveragePooling1D(),
        ]
    )
    loss = pellucid.losses.MeanSquaredError(reduction="sum")
    model.compile(optimizer=pellucid.optimizers.SGD(0.25), loss=loss)
    wanted = np.arange(1.0, 27.0)
    model.fit(x, wanted, batch_size=4, verbose=0, **options)
    return -np.log2(1 - model.get_weights()[0][1:, 0] / wanted)


@pytest.mark.parametrize("epochs", [1, 3])
def test_batches_by_length_hold_every_row_once_an_epoch(epochs):
    lengths = np.random.default_rng(0).integers(1, 30, 26)
    lists = [[row + 1] * length for row, length in enumerate(lengths.tolist())]
    padded = pellucid.utils.pad_sequences(lists, padding="post")
    for x, shuffle in ((lists, True), (padded, "length"), (padded, True)):
        seen = visits(x, shuffle=shuffle, epochs=epochs)
        np.testing.assert_allclose(seen, epochs, rtol=1e-5)


SERIES = np.arange(6.0).reshape(2, 3, 1)


def test_messages():
    plain = pellucid.Sequential([layers.Input((None, 1)), layers.Dense(1)])
    plain.compile(loss="mse")
    lists = [np.ones((2, 1)), np.ones((3, 1))]
    with pytest.raises(ShapeError) as caught:
        plain.predict(lists)
    assert str(caught.value) == (
        "x: got rows of different lengths, expected rows of one length, or a model whose first "
        "layer knows padding. Begin the model with Masking(mask_value=...) or "
        "Embedding(..., mask_zero=True), or pad them yourself with pellucid.utils.pad_sequences."
    )
    with pytest.raises(ArgumentError) as caught:
        plain.fit(SERIES, SERIES, shuffle="length", verbose=0)
    assert str(caught.value) == (
        "fit(shuffle=...): got 'length' where nothing tells the lengths, expected a model whose "
        "first layer knows padding. Begin it with Masking(...) or Embedding(..., mask_zero=True)."
    )
    with pytest.raises(ArgumentError) as caught:
        plain.fit(SERIES, SERIES, shuffle="lenght", verbose=0)
    assert str(caught.value) == (
        "fit(shuffle=...): got 'lenght', expected True, False or 'length'."
    )
    with pytest.raises(ShapeError) as caught:
        tagger().fit(SENTENCES, [SCORES[0], SCORES[2], SCORES[1]], verbose=0)
    assert str(caught.value) == "y, row 1: got 3 labels, expected 1 label, one for each step."


def summed():
    model = pellucid.Sequential(
        [layers.Input((None, 3)), layers.Masking(), layers.LSTM(2), layers.Dense(1)]
    )
    model.compile(optimizer="sgd", loss="mse")
    return model


WIDTHS = [(2, 3), (4, 5), (4, 3)]


@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize("as_lists", [False, True])
def test_sequences_of_other_widths_are_told_by_their_rows(number, as_lists):
    x = [np.ones(shape) for shape in WIDTHS[:number]]
    if as_lists:
        x = [one.tolist() for one in x]
    for call in (summed().predict, lambda x: summed().fit(x, np.ones(number), verbose=0)):
        with pytest.raises(ShapeError) as caught:
            call(x)
        assert str(caught.value) == (
            "x: got steps of shape (3,) in row 0 and (5,) in row 1, expected as many features in "
            "every step."
        )


def test_columns_in_several_arrays_are_told_to_be_joined():
    with pytest.raises(ArgumentError) as caught:
        summed().predict([np.ones((4, 3)), np.ones((4, 2))])
    assert str(caught.value) == (
        "x: got a list of 2 arrays, expected one array. Join their columns first: "
        "np.concatenate([...], axis=1)."
    )


def test_a_call_may_draw_outside_training_too():
    def make():
        x = pellucid.Input((200,))
        return pellucid.Model(x, layers.Dropout(0.5)(x, training=True))

    first, again = make(), make()
    ones = np.ones((2, 200), "float32")
    draws = [first.predict(ones) for _ in range(2)]
    assert {*np.unique(draws)} == {0.0, 2.0}
    assert (draws[0] != draws[1]).any()
    np.testing.assert_array_equal([again.predict(ones) for _ in range(2)], draws)


def test_an_inner_model_and_a_call_decide_about_training():
    inner = pellucid.Sequential([layers.Input((4,)), layers.Dropout(0.5)])
    x = pellucid.Input((4,))
    never = pellucid.Model(x, inner(x, training=False))
    ones = np.ones((2, 4), "float32")
    assert np.asarray(never(ones, training=True)).tolist() == ones.tolist()
    assert np.asarray(inner(ones, training=True)).tolist() != ones.tolist()
    again = pellucid.model_from_json(never.to_json())
    assert np.asarray(again(ones, training=True)).tolist() == ones.tolist()
