"""Rows of numbers that are sorted by what is to be foretold."""

import numpy as np
import pytest

from insight.findings.cases import told
from insight.findings.set_ups import compiled, numbers, regression
from pellucid import Input, layers
from pellucid.insight.findings.rules.unshuffled_data import unshuffled_data
from pellucid.insight.remedies import ShuffleBeforeSplit
from pellucid.layers import Dense

TOLD = [("unshuffled-data", "warning")]


def test_a_table_that_is_sorted_by_its_targets_is_told_unless_it_is_shuffled():
    x, y = numbers()
    order = np.argsort(-y)
    assert told(unshuffled_data, regression(), x[order], y[order], shuffle=False) == TOLD
    assert told(unshuffled_data, regression(), x[order], y[order]) == []
    assert told(unshuffled_data, regression(), x, y, shuffle=False) == []


def test_a_series_that_rises_has_its_order():
    rising = np.arange(200.0) / 100
    windows = np.stack([rising + step for step in range(5)], axis=1)[..., None]
    model = compiled(Input((5, 1)), layers.SimpleRNN(4), Dense(1), loss="mse")
    assert told(unshuffled_data, model, windows, rising, shuffle=False) == []


def heaps(classes=3):
    """Return rows of several classes, sorted by class."""
    y = np.repeat(np.arange(classes), 30)
    x = np.random.default_rng(0).normal(size=(len(y), 4)) + 5 * np.eye(classes, 4)[y]
    return x.astype("float32"), y


def classifier(classes=3):
    loss = "sparse_categorical_crossentropy"
    return compiled(Input((4,)), Dense(8, "relu"), Dense(classes, "softmax"), loss=loss)


@pytest.mark.parametrize("share", [0.2, 0.4])
def test_a_split_of_sorted_rows_is_the_cause_of_rows_that_look_different(share):
    model, (x, y) = classifier(), heaps()
    model.fit(x, y, epochs=3, validation_split=share, verbose=0)
    found = model.diagnose()
    assert found.names[:2] == ["unshuffled-data", "train-val-shift"]
    assert found["train-val-shift"].cause == "unshuffled-data"
    assert found["unshuffled-data"].remedies == (ShuffleBeforeSplit(),)
    assert "no-signal" not in found


def test_rows_that_were_shuffled_before_are_silent():
    x, y = heaps()
    order = np.random.default_rng(1).permutation(len(y))
    assert told(unshuffled_data, classifier(), x[order], y[order], validation_split=0.2) == []


def test_few_rows_of_a_common_class_are_chance():
    x, y = heaps(2)
    rare = (np.arange(60) % 10 == 5).astype(int)
    held = x[:12], np.zeros(12, int)
    assert told(unshuffled_data, classifier(2), x, rare, validation_data=held) == []
    assert told(unshuffled_data, classifier(2), x, y, validation_data=held) == TOLD
