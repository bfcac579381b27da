"""Rows of numbers that are sorted by what is to be foretold."""

import numpy as np

from insight.findings.cases import told
from insight.findings.set_ups import compiled, numbers, regression
from pellucid import Input, layers
from pellucid.insight.findings.rules.unshuffled_data import unshuffled_data
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
