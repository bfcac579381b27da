"""Which words are drawn from, and how often each is drawn."""

import jax
import numpy as np
import pytest

from pellucid.ops import random
from pellucid.ops.sampling import Narrowing, draw, narrowed

SHARES = np.array([0.2, 0.5, 0.1, 0.2], np.float32)
ALL = 4

CASES = {
    "all": ((1.0, ALL, 1.0), [0.2, 0.5, 0.1, 0.2]),
    "one": ((1.0, 1, 1.0), [0, 1, 0, 0]),
    # Of equal words the first stays.
    "two": ((1.0, 2, 1.0), [2 / 7, 5 / 7, 0, 0]),
    "share": ((1.0, ALL, 0.6), [2 / 7, 5 / 7, 0, 0]),
    "less than the likeliest": ((1.0, ALL, 0.1), [0, 1, 0, 0]),
    "share of two": ((1.0, 2, 0.6), [0, 1, 0, 0]),
    "cold": ((0.5, ALL, 1.0), np.array([4, 25, 1, 4]) / 34),
    "hot": ((2.0, ALL, 1.0), np.sqrt([2, 5, 1, 2]) / np.sqrt([2, 5, 1, 2]).sum()),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_left_is_shared_out_again(case):
    narrowing, expected = CASES[case]
    found = np.exp(narrowed(np.log(SHARES)[None], Narrowing(*narrowing)))[0]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_words_are_drawn_as_often_as_they_are_probable():
    keys = random.fold(np.uint32(7), np.arange(20_000))
    words = jax.vmap(draw, (0, None))(keys, np.log(SHARES))
    counts = np.bincount(words, minlength=4)
    deviation = np.sqrt(20_000 * SHARES * (1 - SHARES))
    assert (np.abs(counts - 20_000 * SHARES) < 4 * deviation).all()


def test_what_cannot_be_is_never_drawn():
    keys = random.fold(np.uint32(3), np.arange(500))
    words = jax.vmap(draw, (0, None))(keys, np.array([-np.inf, -0.7, -0.7], np.float32))
    assert set(np.asarray(words).tolist()) == {1, 2}
