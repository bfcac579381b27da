"""Functions that bend what they are given, and functions that do not."""

import jax.numpy as jnp
import numpy as np
import pytest

from pellucid import activations
from pellucid.insight.straightness import is_straight

STRAIGHT = {
    "itself": lambda x: x,
    "a line": lambda x: 3 - 2 * x,
    "a part": lambda x: x[:, 1:],
    "a mixture": lambda x: x @ np.arange(12).reshape(4, 3),
    "a mean": lambda x: x.mean(axis=1),
    "one answer": lambda x: jnp.ones((len(x), 2)),
    "far from its bend": lambda x: jnp.maximum(x, -1000.0),
}


@pytest.mark.parametrize("name", STRAIGHT)
def test_lines_mixtures_and_constants_are_straight(name):
    assert is_straight(STRAIGHT[name], (4,))


def test_of_the_known_activations_only_the_identity_is_straight():
    known = [name for name in sorted(activations.ACTIVATIONS) if name != "threshold"]
    found = [name for name in known if is_straight(activations.get(name), (4,))]
    assert found == ["linear"]


def test_an_open_size_is_no_hindrance():
    assert is_straight(lambda x: 2 * x, (None, 2))
    assert not is_straight(jnp.tanh, (None, 2))


def test_what_cannot_be_computed_is_not_straight():
    assert not is_straight(lambda x: x.reshape(5), (4,))
