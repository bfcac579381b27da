"""Classes of which a part has the label of one other, and classes that merely overlap."""

import numpy as np
import pytest

import pellucid
from pellucid.insight.findings.rules.confused_labels import confused_labels
from pellucid.layers import Dense, Input
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import SGD


def heaps(deviation):
    """Return points of five heaps in a row, and their numbers."""
    number = np.arange(400) % 5
    places = 4.0 * np.eye(5)[number]
    noise = np.random.default_rng(5).normal(0, deviation, places.shape)
    return (places + noise).astype(np.float32), number


def learned(x, y):
    model = pellucid.Sequential([Input((5,)), Dense(5, "softmax")], seed=0)
    model.compile(SGD(0.3), "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=20, verbose=0)
    return last_case(model)


def mistaken(y, of):
    """Return labels of which two of five in some classes name the next class."""
    return np.where(np.isin(y, of) & (np.arange(len(y)) < 0.4 * len(y)), (y + 1) % 5, y)


@pytest.mark.parametrize("of", [(0, 1, 2, 3, 4), (2,)])
def test_classes_that_have_the_label_of_one_other_are_told(of):
    x, y = heaps(0.5)
    given = mistaken(y, of)
    looked_at = learned(x, given)
    (found,) = confused_labels(looked_at)
    chances = looked_at.outputs[0]
    second = np.sort(chances, axis=1)[np.isin(chances.argmax(axis=1), of), -2].mean()
    assert (found.name, found.severity) == ("label-noise", "warning")
    assert found.evidence["classes"] == len(of)
    assert found.evidence["chance of the second"] == pytest.approx(second)
    assert 0.3 < second < 0.4
    dropped = np.array(found.remedies[0].rows)
    # Where every class is confused, the classes that are likelier by a little are as often wrong.
    assert len(of) > 1 or np.isin(dropped, np.flatnonzero(given != y)).mean() > 0.95


@pytest.mark.parametrize("deviation", [0.5, 2.0, 4.0])
def test_classes_that_are_right_are_sound_however_they_overlap(deviation):
    assert [*confused_labels(learned(*heaps(deviation)))] == []
