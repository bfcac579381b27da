"""What keeps weights and steps small is offered to be taken off, and nothing where nothing does."""

import numpy as np
import pytest

from insight.findings.cases import case
from insight.findings.set_ups import compiled
from pellucid import Input, layers
from pellucid.constraints import MaxNorm
from pellucid.insight.findings.rules.restraints import loosened
from pellucid.insight.remedies import ClipGradients, LiftConstraints
from pellucid.layers import Dense
from pellucid.optimizers import SGD

BOUNDED = layers.SimpleRNN(3, recurrent_constraint=MaxNorm(0.2))


@pytest.mark.parametrize(
    ("layer", "optimizer", "expected"),
    [
        (BOUNDED, SGD(0.1), (LiftConstraints(),)),
        (layers.Bidirectional(BOUNDED), SGD(0.1), (LiftConstraints(),)),
        (layers.SimpleRNN(3), SGD(0.1, clipnorm=1e-4), (ClipGradients(),)),
        (layers.SimpleRNN(3), SGD(0.1, clipvalue=1.0), ()),
    ],
)
def test_restraints_are_taken_off(layer, optimizer, expected):
    model = compiled(Input((4, 2)), layer, Dense(1), loss="mse")
    model.compile(optimizer, "mse")
    assert loosened(case(model, np.zeros((8, 4, 2)), np.arange(8.0))) == expected
