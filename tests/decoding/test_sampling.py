"""Sequences drawn from models: by their probabilities, from the seed alone."""

import itertools

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.decoding import greedy, sample
from pellucid.errors import ArgumentError

WORDS = 4


@pytest.fixture(scope="module")
def chain():
    """Return a model whose next word depends on the last one alone, and its probabilities."""
    words = layers.Input((None,), dtype="int32")
    table = layers.Embedding(WORDS, WORDS)
    model = pellucid.Model(words, layers.Activation("softmax")(table(words)))
    shares = np.random.default_rng(5).dirichlet(np.ones(WORDS), WORDS).astype("float32")
    table.set_weights([np.log(shares)])
    return model, shares


def test_each_word_follows_the_one_before_as_often_as_it_should(chain):
    model, shares = chain
    starts = np.zeros((400, 1), int)
    found = sample(model, None, starts, max_steps=20, seed=1).tokens[:, 0]
    pairs = np.stack([np.hstack([starts, found[:, :-1]]), found]).reshape(2, -1)
    counts = np.zeros((WORDS, WORDS))
    np.add.at(counts, tuple(pairs), 1)
    totals = counts.sum(axis=1, keepdims=True)
    deviation = np.sqrt(shares * (1 - shares) / totals)
    assert (np.abs(counts / totals - shares) < 4.5 * deviation + 1e-3).all()


def test_the_likeliest_word_alone_is_greedy_search(chain):
    model, _ = chain
    starts = np.arange(WORDS)[:, None]
    drawn = sample(model, None, starts, max_steps=6, top_k=1)
    chosen = greedy(model, None, starts, max_steps=6)
    np.testing.assert_array_equal(drawn.tokens, chosen.tokens)
    np.testing.assert_allclose(drawn.log_probability, chosen.log_probability, rtol=1e-5)


def test_the_seed_says_it_all(chain):
    model, shares = chain
    starts = np.zeros((7, 1), int)
    whole = sample(model, None, starts, max_steps=5, seed=3)
    parts = sample(model, None, starts, max_steps=5, seed=3, batch_size=3)
    np.testing.assert_array_equal(whole.tokens, parts.tokens)
    other = sample(model, None, starts, max_steps=5, seed=4)
    assert (whole.tokens != other.tokens).any()
    assert len(np.unique(whole.tokens[:, 0], axis=0)) > 1
    first, *rest = whole.tokens[0, 0]
    path = [0, first, *rest]
    total = sum(np.log(shares[a, b]) for a, b in itertools.pairwise(path))
    assert whole.log_probability[0, 0] == pytest.approx(total, rel=1e-4)


def test_a_sequence_ends_where_its_end_is_drawn(chain):
    model, _ = chain
    found = sample(model, None, np.zeros((50, 1), int), end=2, max_steps=8, seed=2)
    for row in range(50):
        drawn = found.tokens[row, 0].tolist()
        length = drawn.index(2) + 1 if 2 in drawn else 8
        assert found.length[row, 0] == length
        assert found.best[row] == [one for one in drawn[:length] if one != 2]
        assert not any(drawn[length:])


def test_numbers_out_of_range_are_told_together(chain):
    model, _ = chain
    with pytest.raises(ArgumentError) as caught:
        sample(model, None, 1, max_steps=0, temperature=0, top_k=0, top_p=1.5)
    assert str(caught.value) == (
        "4 problems:\n"
        "  1. sample(max_steps=...): got 0, expected a whole number at least 1.\n"
        "  2. sample(temperature=...): got 0, expected a number above 0. For the likeliest word "
        "at every step use top_k=1.\n"
        "  3. sample(top_k=...): got 0, expected a whole number at least 1.\n"
        "  4. sample(top_p=...): got 1.5, expected a share above 0 and at most 1."
    )
