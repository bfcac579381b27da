"""Vectors of codes, and recurrent weights, that begin too large."""

import numpy as np
import pytest

from insight.findings.cases import case, told
from insight.findings.set_ups import compiled, drawn
from pellucid import Input, initializers, layers
from pellucid.insight.findings.rules.bad_init import bad_init
from pellucid.layers import Dense

CODES = drawn(71).integers(0, 12, (60, 5))
Y = np.arange(60) % 2


def reader(initializer):
    return compiled(
        Input((5,)),
        layers.Embedding(12, 4, embeddings_initializer=initializer, name="vectors"),
        layers.GlobalAveragePooling1D(),
        Dense(1, "sigmoid"),
    )


@pytest.mark.parametrize(
    ("deviation", "found"),
    [
        (0.05, []),
        (1.0, []),
        (40.0, [("bad-init", "warning")]),
        (400.0, [("bad-init", "fault")]),
    ],
)
def test_vectors_of_codes_that_begin_large_are_told(deviation, found):
    assert told(bad_init, reader(initializers.RandomNormal(stddev=deviation)), CODES, Y) == found


def test_it_says_which_layer_and_how_large():
    (found,) = bad_init(case(reader(initializers.Constant(20.0)), CODES, Y))
    assert (found.layer, found.evidence) == ("vectors", {"size": 20.0})
    assert found.meaning == (
        "The vectors of 'vectors' begin with a typical size of 20.000, where 1 or less is right. "
        "Layers behind them are driven to their ends, and a step moves the vectors by next to "
        "nothing."
    )


def stepper(activation, gain):
    recurrent = initializers.Orthogonal(gain=gain, seed=1)
    return compiled(
        Input((8, 3)),
        layers.SimpleRNN(6, activation, recurrent_initializer=recurrent, name="memory"),
        Dense(1, "sigmoid"),
    )


SERIES = drawn(72).normal(size=(60, 8, 3))
GROWN = [("bad-init", "warning")]


@pytest.mark.parametrize(
    ("activation", "gain", "found"),
    [
        ("relu", 1.4, []),
        ("relu", 2.0, GROWN),
        ("linear", 2.0, GROWN),
        ("tanh", 2.0, []),
        ("tanh", 3.0, GROWN),
    ],
)
def test_recurrent_weights_that_make_a_state_grow_are_told(activation, gain, found):
    assert told(bad_init, stepper(activation, gain), SERIES, Y) == found


@pytest.mark.parametrize(
    ("activation", "why"),
    [
        ("relu", "Nothing bounds what its units give, so that it grows from step to step."),
        (
            "tanh",
            "Its units are driven to the ends of their activation, where the gradient is nearly 0.",
        ),
    ],
)
def test_it_says_what_becomes_of_the_state(activation, why):
    (found,) = bad_init(case(stepper(activation, 3.0), SERIES, Y))
    assert found.meaning == (
        "The recurrent weights of 'memory' are too large: each step can make a state 3.0000 times "
        f"as large, where about 1 is right. {why}"
    )


def test_a_layer_that_runs_both_ways_is_looked_into():
    recurrent = layers.SimpleRNN(6, "relu", recurrent_initializer=initializers.Orthogonal(gain=2))
    both = layers.Bidirectional(recurrent, name="both")
    (found,) = bad_init(case(compiled(Input((8, 3)), both, Dense(1, "sigmoid")), SERIES, Y))
    assert found.layer == "both/forward_simple_rnn"
