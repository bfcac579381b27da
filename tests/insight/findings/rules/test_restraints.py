"""What keeps weights and steps small is offered to be taken off, and nothing where nothing does."""

import numpy as np
import pytest

from insight.findings.cases import case
from insight.findings.set_ups import compiled
from pellucid import Input, layers
from pellucid.constraints import MaxNorm
from pellucid.insight.findings.rules.restraints import loosened
from pellucid.insight.remedies import ClipGradients, LiftConstraints, SetBatchSize
from pellucid.layers import Dense
from pellucid.optimizers import SGD

BOUNDED = layers.SimpleRNN(3, recurrent_constraint=MaxNorm(0.2))


@pytest.mark.parametrize(
    ("layer", "optimizer", "batch", "expected"),
    [
        (BOUNDED, SGD(0.1), 5, (LiftConstraints(),)),
        (layers.Bidirectional(BOUNDED), SGD(0.1), 5, (LiftConstraints(),)),
        (layers.SimpleRNN(3), SGD(0.1, clipnorm=1e-4), 5, (ClipGradients(),)),
        (layers.SimpleRNN(3), SGD(0.1, clipvalue=1.0), 5, ()),
        (layers.SimpleRNN(3), SGD(0.1), 1, (SetBatchSize(32),)),
    ],
)
def test_restraints_are_taken_off(layer, optimizer, batch, expected):
    model = compiled(Input((4, 2)), layer, Dense(1), loss="mse")
    model.compile(optimizer, "mse")
    given = case(model, np.zeros((8, 4, 2)), np.arange(8.0), batch_size=batch)
    assert loosened(given) == expected
