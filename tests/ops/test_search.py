"""Beam search against all sequences there are."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from pellucid.ops.search import beam_search

WORDS, END, STEPS = 4, 3, 3
TABLE = np.random.default_rng(3).standard_normal((2, 2, WORDS, WORDS, WORDS)).astype("float32")
"""Scores of the next word by row, parity of the place, and the two words before."""


def next_words(tokens, place, rows=2):
    row = jnp.arange(tokens.shape[0]) // (tokens.shape[0] // rows)
    before, last = tokens[:, jnp.maximum(place - 1, 0)], tokens[:, place]
    return jax.nn.log_softmax(jnp.asarray(TABLE)[row, place % 2, before, last])


def forgetful(next_words):
    """Return what remembers nothing, and looks at all words so far instead."""
    return lambda memory, tokens, place: (next_words(tokens, place), memory)


def every_sequence(row, penalty):
    """Return (score, log probability, words) of all sequences, best first."""
    found = []
    for count in range(1, STEPS + 1):
        for words in itertools.product(range(WORDS), repeat=count):
            if END in words[:-1] or (count < STEPS and words[-1] != END):
                continue
            tokens = np.zeros((2, 1 + STEPS), "int32")
            total = 0.0
            for place, word in enumerate(words):
                total += float(next_words(jnp.asarray(tokens), place)[row, word])
                tokens[:, place + 1] = word
            found.append((total / count**penalty, total, list(words)))
    return sorted(found, key=lambda one: -one[0])


def search(width, penalty=0.0, end=END, steps=STEPS):
    start = jnp.zeros((2, 1), jnp.int32)
    named = forgetful(next_words)
    return jax.jit(lambda: beam_search(named, (), start, steps, end, width, penalty, padding=9))()


@pytest.mark.parametrize("penalty", [0.0, 1.0])
def test_a_beam_as_wide_as_all_sequences_finds_them_in_order(penalty):
    found = search(WORDS**STEPS, penalty)
    for row in range(2):
        expected = every_sequence(row, penalty)
        count = int(np.isfinite(found.log_probability[row]).sum())
        assert count == len(expected)
        for place, (score, total, words) in enumerate(expected):
            tokens = found.tokens[row, place].tolist()
            assert tokens == [0, *words, *[9] * (STEPS - len(words))]
            assert int(found.length[row, place]) == len(words)
            np.testing.assert_allclose(found.score[row, place], score, rtol=1e-5)
            np.testing.assert_allclose(found.log_probability[row, place], total, rtol=1e-5)


def test_a_beam_of_one_is_greedy_and_a_wider_one_is_no_worse():
    narrow, wide = search(1), search(2)
    for row in range(2):
        tokens, words = np.zeros((2, 1 + STEPS), "int32"), []
        while len(words) < STEPS and END not in words:
            words.append(int(jnp.argmax(next_words(jnp.asarray(tokens), len(words))[row])))
            tokens[:, len(words)] = words[-1]
        assert narrow.tokens[row, 0].tolist() == [0, *words, *[9] * (STEPS - len(words))]
    assert (wide.log_probability[:, 0] >= narrow.log_probability[:, 0]).all()


def test_equal_words_are_taken_in_their_order():
    def even(tokens, place):
        return jnp.full((tokens.shape[0], WORDS), -jnp.log(WORDS))

    found = beam_search(forgetful(even), (), jnp.zeros((1, 1), jnp.int32), 2, -1, 3)
    assert found.tokens[0].tolist() == [[0, 0, 0], [0, 0, 1], [0, 0, 2]]


def test_without_an_end_all_steps_are_made():
    assert (np.asarray(search(2, end=-1).length) == STEPS).all()


def test_the_loop_stops_when_all_have_ended():
    def ends(tokens, place):
        assert place.shape == ()
        return jnp.log(jnp.where(jnp.arange(WORDS) == END, 1.0, 0.0)) * jnp.ones((len(tokens), 1))

    found = beam_search(forgetful(ends), (), jnp.zeros((1, 2), jnp.int32), 1000, END, 2)
    assert found.tokens[0, 0, :4].tolist() == [0, 0, END, 0]
    assert found.log_probability.tolist() == [[0.0, -np.inf]]


@pytest.mark.parametrize("width", [1, 3])
def test_what_is_remembered_follows_the_sequences_that_are_kept(width):
    """The memory is the word before the last: with it the table is looked up as from the words."""

    def remembering(memory, tokens, place):
        row = jnp.arange(len(tokens)) // (len(tokens) // 2)
        last = tokens[:, place]
        found = jax.nn.log_softmax(jnp.asarray(TABLE)[row, place % 2, memory[0], last])
        return found, [last]

    start, steps = jnp.zeros((2, 1), jnp.int32), 6
    memory = [jnp.zeros(2 * width, jnp.int32)]
    found = beam_search(remembering, memory, start, steps, END, width)
    whole = beam_search(forgetful(next_words), (), start, steps, END, width)
    for one, other in zip(found, whole, strict=True):
        np.testing.assert_array_equal(one, other)
