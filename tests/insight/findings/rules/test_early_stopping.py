"""Early stopping that came too soon, and early stopping that was right."""

import numpy as np
import pytest

from insight.findings.runs import compiled, drawn
from pellucid import Input
from pellucid.callbacks import EarlyStopping
from pellucid.insight.findings.rules.curves import under_trained
from pellucid.insight.findings.rules.early_stopping import impatient_stop
from pellucid.insight.remedies import WaitLonger
from pellucid.layers import Dense
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import SGD


def crossed(key, rows=200, noise=0.0):
    """Return rows of which no single column, and no line, tells the class."""
    x = drawn(key).normal(size=(rows, 6)).astype("float32")
    return x, (x[:, 0] * x[:, 1] + noise * drawn(key, 1).normal(size=rows) > 0).astype(int)


def stopped(rows, validation, **options):
    """Return the run of a network that early stopping ended."""
    model = compiled(
        Input((6,)), Dense(32, "relu"), Dense(1, "sigmoid"), optimizer=SGD(0.1, momentum=0.9)
    )
    policy = EarlyStopping(**options)
    model.fit(*rows, validation_data=validation, epochs=60, callbacks=[policy], verbose=0)
    assert model.history.stopped.startswith("early stopping")
    return model


def test_a_run_that_was_stopped_before_it_had_begun_to_learn_is_told_by_one_that_went_on():
    model = stopped(crossed(31), crossed(32), patience=1, min_delta=0.2)
    diagnosis = model.diagnose()
    found = diagnosis.findings[0]
    assert (found.name, found.severity, found.cause) == ("under-trained", "warning", None)
    assert found.remedies == (WaitLonger(12), WaitLonger(60))
    epochs = len(model.history)
    assert found.evidence["epochs"] == epochs < 5
    x, y = crossed(32)
    right = np.mean((model.predict(x, verbose=0)[:, 0] > 0.5) == y)
    assert found.evidence["score"] == right
    copy, steps = found.evidence["score of the copy"], found.evidence["steps of the copy"]
    assert copy > right + 0.1
    assert steps in (3 * 7 * epochs, 7 * (60 - epochs))
    assert found.meaning == (
        f"Early stopping ended the run after {epochs} epochs of 60, with a score of {right:.4f}; a "
        f"copy that went on for {int(steps)} steps reaches {copy:.4f}. It stopped before it had "
        "learned what it can."
    )


@pytest.mark.parametrize(
    ("rows", "validation"),
    [
        ((crossed(33)[0], drawn(34).integers(0, 2, 200)), crossed(35)),
        (crossed(36, noise=2.0), crossed(37, noise=2.0)),
    ],
    ids=["labels by lot", "classes that overlap"],
)
def test_a_run_that_was_stopped_where_nothing_more_was_to_be_learned_is_sound(rows, validation):
    run = last_case(stopped(rows, validation, patience=3))
    assert [*impatient_stop(run), *under_trained(run)] == []


def test_a_run_that_was_stopped_after_it_had_learned_is_sound():
    run = last_case(stopped(crossed(38, 400), crossed(39), patience=8, restore_best_weights=True))
    assert [*impatient_stop(run), *under_trained(run)] == []
