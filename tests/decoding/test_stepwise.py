"""Words found step by step are those found by reading all words so far again for each."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.decoding import beam, greedy, sample
from pellucid.decoding.stepwise import Stepwise
from pellucid.training import cache

WORDS, START, END, STEPS = 6, 1, 2, 5
SOURCES = np.array([[3, 4, 0, 0], [4, 4, 3, 5], [5, 0, 0, 0]])
LARGE = pellucid.initializers.RandomNormal(stddev=0.9, seed=3)


def vectors(given, mask=True):
    return layers.Embedding(WORDS, 5, mask_zero=mask, embeddings_initializer=LARGE)(given)


def chances(x):
    return layers.Dense(WORDS, activation="softmax", kernel_initializer=LARGE)(x)


def translator(source, said):
    """An encoder in both directions, its states for the decoder, attention: as in translation."""
    reader = layers.LSTM(4, return_sequences=True, return_state=True)
    read, *states = layers.Bidirectional(reader)(vectors(source))
    start = [layers.Concatenate()(states[::2]), layers.Concatenate()(states[1::2])]
    written = layers.LSTM(8, return_sequences=True, recurrent_initializer=LARGE)(
        vectors(said), initial_state=start
    )
    seen = layers.Attention()([written, read])
    return chances(layers.Dense(6, "tanh")(layers.Concatenate()([written, seen])))


def deep(source, said):
    """Two layers, heads, a residual, numbers, normalisation; logits behind another layer."""
    read = layers.GRU(6, return_sequences=True)(vectors(source))
    x = layers.GRU(6, return_sequences=True, recurrent_initializer=LARGE)(vectors(said))
    x = x + layers.MultiHeadAttention(2, 3)(x, read)
    x = layers.LayerNormalization()(2.0 * x)
    x = layers.RNN(layers.SimpleRNNCell(6, recurrent_initializer=LARGE), return_sequences=True)(x)
    logits = layers.Dense(WORDS, kernel_initializer=LARGE)(x)
    return layers.TimeDistributed(layers.Activation("linear"))(logits)


MODELS = {"translator": translator, "deep": deep}


def model_of(body):
    source, said = (layers.Input((None,), dtype="int32") for _ in range(2))
    return pellucid.Model([source, said], body(source, said), seed=1)


def stepwise(model):
    network = model.network
    return Stepwise(network, network.inputs[-1], bare=False).possible


def compared(search, monkeypatch):
    """Return what is found step by step, and by reading all words again."""
    found = search()
    cache.clear()
    monkeypatch.setattr(Stepwise, "possible", False)
    return found, search()


def assert_same(found, whole):
    np.testing.assert_array_equal(found.tokens, whole.tokens)
    np.testing.assert_array_equal(found.length, whole.length)
    np.testing.assert_allclose(found.log_probability, whole.log_probability, rtol=1e-4)


@pytest.mark.parametrize("name", [*MODELS])
def test_beams_with_a_memory_are_those_of_whole_sentences(name, monkeypatch):
    model = model_of(MODELS[name])
    assert stepwise(model)
    search = lambda: beam(model, SOURCES, START, END, STEPS, width=4, length_penalty=1.0)  # noqa: E731
    found, whole = compared(search, monkeypatch)
    assert_same(found, whole)
    # Sequences that are kept change places, so that their memories must.
    assert len({tuple(words[:2]) for row in found.tokens.tolist() for words in row}) > 4


def test_several_first_words_are_read_before_the_first_step(monkeypatch):
    model = model_of(translator)
    begun = np.array([[START, 3, 4], [START, 5, 5], [START, 4, 3]])
    assert_same(*compared(lambda: greedy(model, SOURCES, begun, END, STEPS), monkeypatch))


def language_model():
    words = layers.Input((None,), dtype="int32")
    x = layers.GRU(6, return_sequences=True, recurrent_initializer=LARGE)(vectors(words, False))
    return pellucid.Model(words, chances(layers.Dropout(0.3)(x)), seed=1)


def test_what_is_drawn_is_the_same_too(monkeypatch):
    model = language_model()
    assert stepwise(model)
    begun = np.array([[3, 4], [0, 5], [1, 1]])
    assert_same(*compared(lambda: sample(model, None, begun, END, 8, seed=3), monkeypatch))


def looking_back(x):
    return layers.MultiHeadAttention(1, 4)(x, x, use_causal_mask=True)


OTHERS = {
    "attention to words before": looking_back,
    "positions": lambda x: layers.PositionEmbedding(9)(x),
    "a filter over steps": lambda x: layers.Conv1D(4, 2, padding="causal")(x),
    "states at the end": lambda x: (
        layers.LSTM(4, return_sequences=True, return_state=True)(x)[0]
        + 0 * layers.RepeatVector(9)(layers.LSTM(4)(x))
    ),
    "dropout that goes on": lambda x: layers.Dropout(0.1)(x, training=True),
}


@pytest.mark.parametrize("name", [*OTHERS])
def test_what_needs_more_than_states_is_read_anew(name):
    words = layers.Input((9,), dtype="int32")
    model = pellucid.Model(words, chances(OTHERS[name](vectors(words, False))))
    assert not stepwise(model)
