"""Greedy and beam search with models: against all sequences, step by step, and in words."""

import itertools

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.decoding import beam, greedy
from pellucid.errors import ArgumentError, DataError, ShapeError

WORDS, START, END, STEPS = 5, 1, 2, 3
SOURCES = np.array([[3, 4, 0], [4, 4, 3]])


def translator(activation="softmax", steps=None, heads=True):
    """Return a small model of [source, words so far], its weights drawn large."""
    large = pellucid.initializers.RandomNormal(stddev=0.8, seed=4)
    source = layers.Input((None,), dtype="int32", name="source")
    target = layers.Input((steps,), dtype="int32", name="target")
    table = layers.Embedding(WORDS, 6, mask_zero=True, embeddings_initializer=large)
    x, y = table(source), table(target)
    if heads:
        y = y + layers.MultiHeadAttention(2, 3, kernel_initializer=large)(
            y, y, use_causal_mask=True
        )
    seen = layers.Attention()([y, x])
    out = layers.Dense(WORDS, activation=activation, kernel_initializer=large)
    return pellucid.Model([source, target], out(layers.Concatenate()([y, seen])))


MODEL = translator()


def every_sequence(source):
    """Return (log probability, words) of all sequences up to STEPS words, best first."""
    found = []
    for words in itertools.product(range(1, WORDS), repeat=STEPS):
        if END in words:
            words = words[: words.index(END) + 1]
        if words not in [one for _, one in found]:
            so_far = np.array([[START, *words[:-1]]])
            steps = np.asarray(MODEL([source[None], so_far]))[0]
            total = sum(np.log(one[word]) for one, word in zip(steps, words, strict=True))
            found.append((total, words))
    return sorted(found, key=lambda one: -one[0])


def test_a_wide_beam_finds_the_best_sequences_there_are():
    # With 5 words and 3 steps a beam of 5 leaves something out; that of the best 3 it does not.
    found = beam(MODEL, SOURCES, START, END, STEPS, width=WORDS)
    for row, source in enumerate(SOURCES):
        for place, (total, words) in enumerate(every_sequence(source)[:3]):
            assert found.tokens[row, place, : len(words)].tolist() == list(words)
            assert found.log_probability[row, place] == pytest.approx(total, rel=1e-4)
            assert found.length[row, place] == len(words)
            assert found.words(row, place) == [word for word in words if word != END]


@pytest.mark.parametrize(("activation", "steps"), [("softmax", None), (None, 7)])
def test_greedy_takes_the_most_probable_word_step_by_step(activation, steps):
    model = translator(activation, steps)
    found = greedy(model, SOURCES, START, END, max_steps=6)
    for row, source in enumerate(SOURCES):
        words = [START]
        while len(words) < 7 and END not in words:
            so_far = np.array([words + [0] * ((steps or len(words)) - len(words))])
            values = np.array(model([source[None], so_far]))[0, len(words) - 1]
            values[0] = -np.inf
            words.append(int(values.argmax()))
        assert found.tokens[row, 0, : len(words) - 1].tolist() == words[1:]
        assert found.best[row] == [word for word in words[1:] if word != END]
    narrow = beam(model, SOURCES, START, END, max_steps=6, width=1)
    np.testing.assert_array_equal(narrow.tokens, found.tokens)
    np.testing.assert_array_equal(narrow.log_probability, found.log_probability)


def test_probabilities_behind_another_layer_are_known_as_such():
    plain = translator()
    last = plain.layers[-1]
    source, target = (layers.Input((None,), dtype="int32") for _ in range(2))
    model = pellucid.Model([source, target], layers.Reshape((-1, WORDS))(plain([source, target])))
    assert last.activation is not None
    one, other = (greedy(each, SOURCES, START, END, 4) for each in (plain, model))
    np.testing.assert_array_equal(one.tokens, other.tokens)
    np.testing.assert_allclose(one.log_probability, other.log_probability, rtol=1e-5)


def test_batches_and_forms_of_the_source_change_nothing():
    sources = np.resize(SOURCES, (7, 3))
    whole = beam(MODEL, sources, START, END, STEPS, width=2)
    names = MODEL.input_names
    forms = [
        beam(MODEL, sources, START, END, STEPS, width=2, batch_size=3),
        beam(MODEL, {names[0]: sources}, START, END, STEPS, width=2),
        beam(MODEL, sources, np.full((7, 1), START), END, STEPS, width=2),
    ]
    for found in forms:
        np.testing.assert_array_equal(found.tokens, whole.tokens)
        np.testing.assert_allclose(found.log_probability, whole.log_probability, rtol=1e-5)
    lists = beam(MODEL, [[3, 4], [4, 4, 3]], START, END, STEPS, width=2)
    np.testing.assert_array_equal(lists.tokens, whole.tokens[:2])


def test_a_length_penalty_orders_by_the_mean():
    found = beam(MODEL, SOURCES, START, END, STEPS, width=4, length_penalty=1.0)
    np.testing.assert_allclose(found.score, found.log_probability / found.length, rtol=1e-5)
    assert (np.diff(found.score) <= 0).all()


def test_a_model_of_words_alone_goes_on_with_what_is_given():
    words = layers.Input((None,), dtype="int32")
    # The word behind n is n + 1.
    table = layers.Embedding(4, 4)
    model = pellucid.Model(words, table(words))
    table.set_weights([9 * np.roll(np.eye(4, dtype="float32"), 1, axis=1)])
    found = greedy(model, None, np.array([[0, 1], [2, 0]]), max_steps=5)
    assert found.tokens[:, 0].tolist() == [[2, 3, 0, 1, 2], [1, 2, 3, 0, 1]]
    assert found.best == found.tokens[:, 0].tolist()
    assert greedy(model, None, 1, end=0, max_steps=9).best == [[2, 3]]


def looking_ahead():
    words = layers.Input((None,), dtype="int32")
    x = layers.Embedding(WORDS, 4)(words)
    return pellucid.Model(words, layers.Dense(WORDS)(layers.MultiHeadAttention(1, 4)(x, x)))


def ending_in(last, shape=(None,), kind="int32"):
    words = layers.Input(shape, dtype=kind, name="words")
    return pellucid.Model(words, last(words))


CASES = {
    "order": (
        lambda: greedy(looking_ahead(), None, START),
        ArgumentError,
        "greedy: got a model in which a word changes what is predicted before it, expected one "
        "that only looks back. Call attention with use_causal_mask=True; let LSTM and GRU run "
        "forwards only.",
    ),
    "output": (
        lambda: greedy(ending_in(layers.Dense(3), (4,)), None, START),
        ShapeError,
        "greedy: got a model whose output has shape (None, 3), expected the next word's "
        "probabilities at each step, (None, steps, words).",
    ),
    "input": (
        lambda: beam(ending_in(layers.Dense(3), (4, 2)), None, START),
        ShapeError,
        "beam: got a model whose last input 'words' has shape (None, 4, 2), expected the words "
        "so far there, (None, steps). The source comes first: Model([source, target], ...).",
    ),
    "numbers": (
        lambda: beam(MODEL, SOURCES, START, END, 0, 0, -1.0, True),
        ArgumentError,
        "4 problems:\n"
        "  1. beam(max_steps=...): got 0, expected a whole number at least 1.\n"
        "  2. beam(width=...): got 0, expected a whole number at least 1.\n"
        "  3. beam(batch_size=...): got True, expected a whole number at least 1.\n"
        "  4. beam(length_penalty=...): got -1.0, expected a number at least 0.",
    ),
    "words": (
        lambda: beam(MODEL, SOURCES, 0, 5, width=6),
        ArgumentError,
        "3 problems:\n"
        "  1. beam(end=...): got 5, expected a whole number from 0 to 4, or None.\n"
        "  2. beam(start=...): got 0, which the model takes for padding, expected another word.\n"
        "  3. beam(width=...): got 6, expected at most 5, the number of words.",
    ),
    "start": (
        lambda: greedy(MODEL, SOURCES, np.ones((2, 1, 1), int)),
        ShapeError,
        "greedy(start=...): got an array of shape (2, 1, 1) and type int64, expected a whole "
        "number, or the first words of every sequence, (rows, begun).",
    ),
    "unknown start": (
        lambda: greedy(MODEL, SOURCES, 7),
        ArgumentError,
        "greedy(start=...): got 7, expected a whole number from 0 to 4.",
    ),
    "length": (
        lambda: greedy(translator(steps=4), SOURCES, START, max_steps=5),
        ArgumentError,
        "greedy(max_steps=...): got 5 behind 1 to start with, expected at most 4: the model "
        "takes 4 words. Leave the length open: Input((None,)).",
    ),
    "rows": (
        lambda: greedy(MODEL, SOURCES, np.ones((3, 1), int)),
        DataError,
        "data: got different numbers of rows (source has 2, target has 3), expected one number.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_answers(case):
    call, error, expected = CASES[case]
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == expected
