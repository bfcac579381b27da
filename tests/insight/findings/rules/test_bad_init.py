"""Vectors of codes that begin too large."""

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
