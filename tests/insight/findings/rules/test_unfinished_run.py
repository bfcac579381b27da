"""Runs that are ahead of simple models and far from their end, and runs that are at it."""

import numpy as np
import pytest

from insight.findings.runs import compiled, drawn
from pellucid import Input
from pellucid.insight.findings.rules.unfinished_run import unfinished_run
from pellucid.insight.findings.rules.verdict import did_well
from pellucid.insight.remedies import MoreEpochs
from pellucid.layers import Dense
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import Adam


def striped(key, noise=0.0):
    """Return rows in oblique stripes of two classes, as far as noise leaves them to be told."""
    x = drawn(key).normal(size=(800, 5)).astype("float32")
    return x, (np.sin(1.5 * x.sum(axis=1)) + noise * drawn(key, 1).normal(size=800) > 0).astype(int)


def ran(epochs, noise=0.0):
    model = compiled(Input((5,)), Dense(32, "relu"), Dense(1, "sigmoid"), optimizer=Adam(0.02))
    rows, validation = striped(41, noise), striped(42, noise)
    model.fit(*rows, validation_data=validation, epochs=epochs, verbose=0)
    return model


def test_a_run_that_was_cut_short_on_its_way_is_told_by_a_copy_that_went_on():
    model = ran(6)
    assert did_well(last_case(model))
    found = model.diagnose().findings[0]
    assert (found.name, found.severity, found.cause) == ("under-trained", "warning", None)
    assert found.remedies == (MoreEpochs(3), MoreEpochs(10))
    x, y = striped(42)
    right = np.mean((model.predict(x, verbose=0)[:, 0] > 0.5) == y)
    copy = found.evidence["score of the copy"]
    assert found.evidence["score"] == right < copy - 0.05
    assert found.meaning == (
        f"The run ended after 6 epochs (150 steps) with a score of {right:.4f}; a copy that "
        f"went on for 450 steps reaches {copy:.4f}. It stopped before it had learned what it can."
    )


@pytest.mark.parametrize(
    ("epochs", "noise"), [(60, 0.0), (30, 1.0)], ids=["long", "of classes that overlap"]
)
def test_a_run_that_learned_what_there_is_is_sound(epochs, noise):
    assert [*unfinished_run(last_case(ran(epochs, noise)))] == []
