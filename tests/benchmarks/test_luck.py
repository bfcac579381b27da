"""The benchmark of how much luck there is in a best score."""

import numpy as np
import pytest
from sklearn.metrics import log_loss, r2_score

pytest.importorskip("pellucid")


def test_values_are_drawn_from_the_whole_space(module):
    luck, searches = module("luck"), module("searches")
    what = searches.JUDGED["table"]((4,), 1, "mean_squared_error")
    rng = np.random.default_rng(0)
    values = [luck.drawn(what, rng) for _ in range(300)]
    rates = np.log10([one["learning_rate"] for one in values])
    low, high = np.log10(1e-4), np.log10(3e-2)
    assert (rates >= low).all()
    assert (rates <= high).all()
    np.testing.assert_allclose(rates.mean(), (low + high) / 2, atol=0.15)
    np.testing.assert_allclose(np.mean([one["dropout"] for one in values]), 0.25, atol=0.03)
    assert {one["width"] for one in values} == {16, 32, 64, 128}


def test_the_best_are_those_of_the_least_validation_loss(module):
    luck = module("luck")
    rng = np.random.default_rng(1)
    truth = rng.normal(size=(30, 1))
    outputs = truth + rng.normal(size=(12, 30, 1))
    trials = luck.Trials(np.arange(12)[::-1], outputs)
    rows = {"loss": "mean_squared_error", "test_y": truth}
    one, few, best, together = luck.compared(trials, rows, 0)
    scores = [r2_score(truth, own) for own in outputs]
    losses = ((outputs - truth) ** 2).mean((1, 2))
    assert one == pytest.approx((np.mean(scores), np.mean(losses)))
    assert best == pytest.approx((scores[11], losses[11]))
    mean = outputs[4:].mean(0)
    assert together == pytest.approx((r2_score(truth, mean), ((mean - truth) ** 2).mean()))
    # Of eight out of twelve the best is one of the five with the least loss.
    assert min(scores[7:]) < few[0] < max(scores[7:])


def test_classes_are_scored_by_accuracy_and_log_loss(module):
    luck = module("luck")
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 2, (40, 1))
    outputs = np.clip(rng.random((9, 40, 1)), 0.01, 0.99)
    rows = {"loss": "binary_crossentropy", "test_y": truth}
    best = list(luck.compared(luck.Trials(np.arange(9), outputs), rows, 0))[2]
    accuracy = np.mean((outputs[0] > 0.5) == truth)
    assert best == pytest.approx((accuracy, log_loss(truth, outputs[0])), rel=1e-5)
