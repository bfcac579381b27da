"""Counts of grams, smoothed: against the formula, symbol by symbol."""

import numpy as np
import pytest

from pellucid.data.ngrams import learn_ngrams

SEQUENCE = np.random.default_rng(2).choice(4, 300, p=[0.5, 0.3, 0.15, 0.05])


def by_the_formula(known, context, symbol, symbols):
    """Return P(symbol | context) as Witten and Bell write it."""
    shorter = by_the_formula(known, context[1:], symbol, symbols) if context else 1 / symbols
    width = len(context) + 1
    grams = [tuple(known[at : at + width]) for at in range(len(known) - width + 1)]
    following = [gram[-1] for gram in grams if gram[:-1] == context]
    if not following:
        return shorter
    kinds = len(set(following))
    return (following.count(symbol) + kinds * shorter) / (len(following) + kinds)


@pytest.mark.parametrize("order", [1, 2, 4])
def test_probabilities_are_those_of_the_formula(order):
    known, new = SEQUENCE[:250].tolist(), SEQUENCE[250:]
    found = np.exp(learn_ngrams(np.array(known), 4, order).log_probabilities(new))
    for place, symbol in enumerate(new.tolist()):
        context = tuple(new[max(place - order + 1, 0) : place].tolist())
        assert found[place] == pytest.approx(by_the_formula(known, context, symbol, 4))


def test_a_symbol_never_seen_is_still_possible_and_all_add_up_to_one():
    model = learn_ngrams(np.array([0, 1, 0, 1]), 3, 3)
    last = [np.exp(model.log_probabilities(np.array([0, 1, one])))[-1] for one in range(3)]
    assert min(last) > 0
    assert sum(last) == pytest.approx(1)


def test_grams_too_long_for_a_number_are_left_out():
    assert len(learn_ngrams(np.array([5, 7]), 100_000, 8).tables) == 3
