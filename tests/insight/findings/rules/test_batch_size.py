"""Batches that a copy shows to be too small or too large, and batches as they suit."""

import pytest

from insight.findings.runs import compiled, rows
from pellucid import Input
from pellucid.insight.findings.rules.batch_size import unfit_batch
from pellucid.insight.remedies import SetBatchSize
from pellucid.layers import Dense
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import SGD


def ran(rate, batch_size, epochs):
    """Return a run with momentum, in which a step goes ten times as far as its rate says."""
    optimizer = SGD(rate, momentum=0.9)
    model = compiled(Input((6,)), Dense(8, "relu"), Dense(1, "sigmoid"), optimizer=optimizer)
    model.fit(*rows(), batch_size=batch_size, epochs=epochs, verbose=0)
    return model


@pytest.mark.parametrize(
    ("run", "name", "words"),
    [
        ((0.1, 1, 10), "batch-too-small", "With 1 row in a step chance decides where it goes"),
        ((0.03, 90, 3), "batch-too-large", "Batches of 90 rows leave 9 steps, too few"),
    ],
)
def test_a_copy_with_batches_as_usual_shows_what_a_batch_does(run, name, words):
    model = ran(*run)
    (found,) = unfit_batch(last_case(model))
    assert (found.name, found.severity, found.remedies) == (name, "warning", (SetBatchSize(32),))
    assert found.meaning.startswith(words)
    assert found.evidence["score of the copy"] > found.evidence["score"]
    assert name in model.diagnose().names[:2]


@pytest.mark.parametrize(
    "run",
    [(0.01, 1, 5), (0.1, 90, 20), (1e-5, 1, 2)],
    ids=["a rate for it", "long enough", "a rate too low"],
)
def test_a_batch_that_is_not_what_is_wrong_is_not_blamed(run):
    assert [*unfit_batch(last_case(ran(*run)))] == []
