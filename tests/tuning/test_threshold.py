"""Thresholds by cost: the least cost of all, counted by scikit-learn's confusion matrix."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from pellucid.errors import ArgumentError
from pellucid.tuning.threshold import best_threshold


def cost_at(y, probability, threshold, false_positive, false_negative):
    table = confusion_matrix(y, np.asarray(probability) >= threshold, labels=[0, 1])
    return false_positive * table[0, 1] + false_negative * table[1, 0]


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.9, 1.0])), min_size=1),
    st.sampled_from([0.0, 1.0, 3.0]),
    st.sampled_from([0.5, 1.0, 10.0]),
)
def test_no_threshold_costs_less(rows, false_positive, false_negative):
    y, probability = np.array([one for one, _ in rows], int), np.array([one for _, one in rows])
    found = best_threshold(y, probability, false_positive, false_negative)
    costs = [
        cost_at(y, probability, at, false_positive, false_negative)
        for at in (0, 0.05, 0.2, 0.4, 0.45, 0.7, 0.95, 1.0, 1.1)
    ]
    assert found.cost == min(costs)
    own = cost_at(y, probability, found.threshold, false_positive, false_negative)
    assert found.cost == own
    assert found.cost_at_half == cost_at(y, probability, 0.5, false_positive, false_negative)
    assert found.cost == (
        false_positive * found.false_positives + false_negative * found.false_negatives
    )


def test_equally_good_thresholds_yield_to_that_of_true_probabilities():
    y, probability = [0, 0, 1, 1], [0.1, 0.4, 0.6, 0.9]
    assert best_threshold(y, probability).threshold == 0.5
    # Everything from 0.4 to 0.6 is free of cost; with rare misses three quarters would be best.
    dear = best_threshold(y, probability, 3, 1)
    assert (dear.threshold, dear.calibrated, dear.cost) == (0.5, 0.75, 0)


def test_it_prints_draws_and_goes_into_json(tmp_path):
    found = best_threshold([0, 0, 1, 0, 1], [0.1, 0.2, 0.3, 0.6, 0.9], cost_false_negative=5)
    assert str(found) == (
        "Threshold 0.2500: cost 1.0000 over 5 rows (1 false positive and 0 false negatives); at "
        "0.5 it would be 6.0000."
    )
    figure = found.plot(tmp_path / "cost.svg")
    assert figure.axes[0].lines[0].get_ydata().tolist() == [3.0, 2.0, 1.0, 6.0, 5.0, 10.0]
    assert (tmp_path / "cost.svg").stat().st_size > 2000
    assert json.loads(found.to_json())["false_positives"] == 1


def test_what_is_refused():
    with pytest.raises(ArgumentError) as told:
        best_threshold([0, 2], [0.5, 1.5], -1)
    assert str(told.value) == (
        "3 problems:\n"
        "  1. best_threshold(cost_false_positive=...): got -1, expected a finite number of at "
        "least 0.\n"
        "  2. best_threshold(y, probability), y: got 2, expected 1 for positive rows, 0 for "
        "others.\n"
        "  3. best_threshold(y, probability), probability: got 1.5, expected values from 0 to 1."
    )
    with pytest.raises(ArgumentError) as told:
        best_threshold([0, 1], [0.5, 0.6], 0, 0)
    assert str(told.value) == "best_threshold: got two costs of 0, expected at least one above 0."
