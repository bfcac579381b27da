"""How far a network is trusted, and how wide the intervals are."""

import numpy as np
import pytest

from pellucid.data.series import Design
from pellucid.errors import ArgumentError
from pellucid.tasks.forecast_trust import choose_mixture, margins_of

GENERATOR = np.random.default_rng(7)
ACTUAL = GENERATOR.normal(10, 1, size=(60, 1))
SIMPLE = {"naive": ACTUAL + 1, "seasonal naive": ACTUAL + 0.8, "drift": ACTUAL + 0.1}
PLAIN = Design(horizon=1, season=1, window=2, recent=0, base="last")


def test_a_network_that_is_right_has_the_whole_share():
    found = choose_mixture(ACTUAL, SIMPLE, {"alone": {1.0: ACTUAL}})
    assert (found.share, found.naive) == (1.0, "seasonal naive")
    assert found.sureness > 1e6


def test_the_share_undoes_what_a_network_overdoes():
    found = choose_mixture(ACTUAL, SIMPLE, {"alone": {1.0: ACTUAL - 0.8}})
    assert found.share == 0.5


def test_the_quieter_of_two_that_are_equally_near():
    told = {"beside": {0.0: ACTUAL, 0.5: ACTUAL, 1.0: ACTUAL + 5}}
    assert choose_mixture(ACTUAL, SIMPLE, told).loudness == 0.0


def test_luck_gets_no_share():
    naive = GENERATOR.normal(size=(60, 1))
    own = naive + 0.01 * GENERATOR.normal(size=(60, 1))
    found = choose_mixture(np.zeros((60, 1)), {"naive": naive}, {"alone": {1.0: own}})
    assert found.share == 0.0
    assert found.sureness < 2.58


def test_margins_are_the_quantile_of_the_distances():
    values = ACTUAL + np.arange(1, 61)[:, None] / 10
    (margin,) = margins_of(ACTUAL, values, PLAIN, [0.9])[0.9]
    # Of 60 distances the 55th: one more than nine tenths, as so few values ask for.
    assert margin == pytest.approx(5.5)


def test_margins_never_shrink_with_the_steps():
    away = np.array([[1.0, 3.0, 2.0]])
    margins = margins_of(np.zeros((20, 3)), np.repeat(away, 20, axis=0), PLAIN, [0.5])[0.5]
    assert margins == pytest.approx([1.0, 3.0, 3.0])


def test_what_is_missing_says_nothing_of_the_margins():
    actual = np.where(np.arange(60)[:, None] < 5, np.nan, ACTUAL)
    values = np.where(np.arange(60)[:, None] < 5, 1e9, ACTUAL + 1)
    assert margins_of(actual, values, PLAIN, [0.9])[0.9] == pytest.approx([1.0])


def test_too_few_values_for_a_level():
    with pytest.raises(
        ArgumentError, match=r"level=...: got 0.99 with 60 values of the validation"
    ):
        margins_of(ACTUAL, ACTUAL + 1, PLAIN, [0.99])
