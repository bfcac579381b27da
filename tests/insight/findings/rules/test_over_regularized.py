"""Weight decay and dropout inside recurrent layers, too strong and as usual."""

import pytest

from insight.findings.cases import case, told
from insight.findings.set_ups import BINARY, binary, compiled, drawn, table
from pellucid import Input, layers
from pellucid.insight.findings.rules.over_regularized import over_regularized
from pellucid.insight.remedies import Rows, Setup
from pellucid.layers import Dense
from pellucid.optimizers import SGD, Adam, AdamW


def decayed(optimizer):
    model = binary()
    model.compile(optimizer, BINARY)
    return model


@pytest.mark.parametrize(
    ("optimizer", "severity"),
    [
        (AdamW(5e-3, weight_decay=40.0), "fault"),
        (Adam(1e-3, weight_decay=4.0), "warning"),
        (SGD(0.1, weight_decay=10.0), "fault"),
    ],
)
def test_decay_that_pulls_harder_than_steps_push_is_told(optimizer, severity):
    assert told(over_regularized, decayed(optimizer), *table()) == [("over-regularized", severity)]


@pytest.mark.parametrize(
    "optimizer", [AdamW(5e-3), AdamW(5e-3, weight_decay=0.3), SGD(0.1, weight_decay=5e-3)]
)
def test_decay_as_usual_is_sound(optimizer):
    assert told(over_regularized, decayed(optimizer), *table()) == []


def test_the_remedy_divides_the_decay():
    model = decayed(AdamW(5e-3, weight_decay=40.0))
    (found,) = over_regularized(case(model, *table()))
    setup = Setup(model.graph, {"optimizer": model.optimizer, "loss": BINARY}, {}, Rows(*table()))
    made = found.remedies[0].apply(setup).compile["optimizer"]
    assert (made.weight_decay, made.learning_rate) == (0.4, 5e-3)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"dropout": 0.9}, [("over-regularized", "warning")]),
        ({"recurrent_dropout": 0.9}, [("over-regularized", "warning")]),
        ({"dropout": 0.3, "recurrent_dropout": 0.3}, []),
    ],
)
def test_dropout_inside_a_recurrent_layer_counts(options, found):
    memory = layers.Bidirectional(layers.GRU(4, **options))
    model = compiled(Input((5, 2)), memory, Dense(1, "sigmoid"))
    x = drawn(90).normal(size=(40, 5, 2))
    assert told(over_regularized, model, x, (x[:, 0, 0] > 0).astype(int)) == found
