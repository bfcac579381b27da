"""Networks made of attention learn what needs it: reversal, copying, looking up."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.decoding import beam, greedy
from pellucid.optimizers import Adam

WORDS, LONGEST = 9, 5
START, END = 1, 2


def reversals(rows, seed):
    """Return sentences of different lengths and, behind a start, their reversals with an end."""
    rng = np.random.default_rng(seed)
    source, target = np.zeros((rows, LONGEST), int), np.zeros((rows, LONGEST + 2), int)
    target[:, 0] = START
    for row, length in enumerate(rng.integers(2, LONGEST + 1, rows)):
        source[row, :length] = rng.integers(3, WORDS, length)
        target[row, 1 : length + 1] = source[row, :length][::-1]
        target[row, length + 1] = END
    return source, target


def sentences(target):
    return [[word for word in row if word > END] for row in target.tolist()]


def with_lstm(source, target):
    x = layers.Embedding(WORDS, 16, mask_zero=True)(source)
    encoder = layers.LSTM(16, return_sequences=True, return_state=True)
    read, *states = layers.Bidirectional(encoder)(x)
    start = [layers.Concatenate()(states[::2]), layers.Concatenate()(states[1::2])]
    y = layers.Embedding(WORDS, 16, mask_zero=True)(target)
    written = layers.LSTM(32, return_sequences=True)(y, initial_state=start)
    seen = layers.Attention(name="look")([written, read])
    return layers.Concatenate()([written, seen])


def positioned(words):
    x = layers.Embedding(WORDS, 32, mask_zero=True)(words)
    return x + layers.PositionEmbedding(LONGEST + 2)(x)


def thought(x):
    return layers.LayerNormalization()(x + layers.Dense(32)(layers.Dense(64, "relu")(x)))


def looked(x, at, **options):
    seen = layers.MultiHeadAttention(2, 16)(x, at, **options)
    return layers.LayerNormalization()(x + seen)


def with_transformer(source, target):
    x = positioned(source)
    x = thought(looked(x, x))
    y = positioned(target)
    y = looked(y, y, use_causal_mask=True)
    return thought(looked(y, x))


def reverser(body):
    """Return a compiled model that reads a source and continues a target."""
    source = layers.Input((None,), dtype="int32", name="source")
    target = layers.Input((None,), dtype="int32", name="target")
    probabilities = layers.Dense(WORDS, activation="softmax")(body(source, target))
    model = pellucid.Model([source, target], probabilities)
    model.compile(optimizer=Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model


def small_lstm(source, target):
    words = layers.Embedding(WORDS, 32, mask_zero=True)
    read, *states = layers.LSTM(32, return_sequences=True, return_state=True)(words(source))
    written = layers.LSTM(32, return_sequences=True)(words(target), initial_state=states)
    return layers.Concatenate()([written, layers.Attention()([written, read])])


def small_transformer(source, target):
    x, y = positioned(source), positioned(target)
    x = x + layers.MultiHeadAttention(2, 16)(x, x)
    y = y + layers.MultiHeadAttention(2, 16)(y, y, use_causal_mask=True)
    return thought(looked(y, x))


@pytest.mark.parametrize("body", [small_lstm, small_transformer])
def test_a_small_encoder_and_decoder_learn_few_reversals(body):
    model = reverser(body)
    x, y = reversals(96, 0)
    options = {"epochs": 20, "batch_size": 16, "verbose": 0}
    loss = model.fit([x, y[:, :-1]], y[:, 1:], **options).history["loss"]
    # Who knows nothing gives each word that is ever written the same probability.
    assert loss[-1] < 0.2 * np.log(WORDS - END)
    found = greedy(model, x, START, END, max_steps=LONGEST + 1)
    wanted = sentences(y)
    assert np.mean([one == other for one, other in zip(found.best, wanted, strict=True)]) > 0.8


@pytest.mark.slow
@pytest.mark.parametrize("body", [with_lstm, with_transformer])
def test_an_encoder_and_decoder_learn_to_reverse(body):
    model = reverser(body)
    x, y = reversals(1500, 0)
    model.fit([x, y[:, :-1]], y[:, 1:], epochs=8, batch_size=32, verbose=0)
    x, y = reversals(200, 1)
    found = greedy(model, x, START, END, max_steps=LONGEST + 1)
    wanted = sentences(y)
    assert np.mean([one == other for one, other in zip(found.best, wanted, strict=True)]) > 0.95
    wide = beam(model, x, START, END, max_steps=LONGEST + 1, width=3)
    assert (wide.log_probability[:, 0] >= found.log_probability[:, 0] - 1e-4).all()
    for weights in model.attention_maps([x[:1], y[:1, :-1]]).values():
        np.testing.assert_allclose(weights.sum(axis=-1).max(), 1, rtol=1e-5)


def test_a_decoder_alone_learns_to_copy():
    rng = np.random.default_rng(0)
    words = rng.integers(3, WORDS, (1500, 3))
    ends = np.full((1500, 1), END)
    text = np.concatenate([words, ends, words], axis=1)
    given = layers.Input((None,), dtype="int32")
    x = positioned(given)
    for _ in range(2):
        x = thought(looked(x, x, use_causal_mask=True))
    model = pellucid.Model(given, layers.Dense(WORDS)(x))
    loss = pellucid.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=Adam(5e-3), loss=loss)
    model.fit(text[:1300, :-1], text[:1300, 1:], epochs=8, batch_size=32, verbose=0)
    found = greedy(model, None, text[1300:, :4], max_steps=3)
    assert (found.tokens[:, 0] == text[1300:, 4:]).mean() > 0.95


def test_an_encoder_learns_to_look_up_what_stands_behind_a_mark():
    rng = np.random.default_rng(0)
    words = rng.integers(3, WORDS, (2000, LONGEST))
    places = rng.integers(0, LONGEST - 1, 2000)
    words[np.arange(2000), places] = START
    labels = words[np.arange(2000), places + 1]
    given = layers.Input((LONGEST,), dtype="int32")
    x = positioned(given)
    for _ in range(2):
        x = thought(looked(x, x))
    x = layers.Dense(WORDS, activation="softmax")(layers.GlobalAveragePooling1D()(x))
    model = pellucid.Model(given, x)
    model.compile(Adam(5e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(words[:1800], labels[:1800], epochs=8, batch_size=32, verbose=0)
    found = model.evaluate(words[1800:], labels[1800:], verbose=0, return_dict=True)
    assert found["accuracy"] > 0.95
