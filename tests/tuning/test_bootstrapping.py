"""The bootstrap: samples, rows left out, and the .632 estimate by hand."""

import json

import numpy as np
import pytest

from pellucid.callbacks import EarlyStopping
from pellucid.errors import ArgumentError, DataError, NonFiniteError
from pellucid.models.renewing import renewed
from pellucid.tuning.bootstrapping import bootstrap
from tuning.set_ups import NUMBERS, X, classifier, line

FIT = {"epochs": 3, "batch_size": 16}


@pytest.fixture(scope="module")
def found():
    return bootstrap(line(), X, NUMBERS, samples=4, metrics="r2", **FIT)


def test_a_sample_has_as_many_rows_and_is_scored_on_those_left_out(found):
    for sample in found.samples:
        assert len(sample.train) == 60
        assert len(np.unique(sample.train)) < 50
        assert set(sample.test) == set(range(60)) - set(sample.train)
    assert not np.array_equal(found.samples[0].train, found.samples[1].train)


def test_a_sample_s_model_is_the_same_model_fitted_alone(found):
    sample = found.samples[2]
    seed = int(np.random.SeedSequence([4, 2]).generate_state(1)[0])
    alone = renewed(line(), seed)
    alone.fit(X[sample.train], NUMBERS[sample.train], verbose=0, **FIT)
    loss = alone.evaluate(X[sample.test], NUMBERS[sample.test], verbose=0)
    assert found.scores["loss"][2] == pytest.approx(loss, rel=1e-5)


def test_the_632_estimate_weighs_left_out_and_apparent(found):
    seed = int(np.random.SeedSequence([4, 4]).generate_state(1)[0])
    alone = renewed(line(), seed)
    alone.fit(X, NUMBERS, verbose=0, **FIT)
    apparent = alone.evaluate(X, NUMBERS, verbose=0)
    assert found.apparent["loss"] == pytest.approx(apparent, rel=1e-5)
    expected = 0.632 * found.scores["loss"].mean() + 0.368 * apparent
    assert found.estimate("loss") == pytest.approx(expected, rel=1e-6)
    low, high = found.interval("loss", 0.5)
    assert (low, high) == pytest.approx(tuple(np.percentile(found.scores["loss"], [25, 75])))


def test_it_prints_and_goes_into_json(found):
    assert str(found).splitlines()[0].split()[:3] == ["score", "left", "out"]
    held = json.loads(found.to_json())
    assert held["scores"]["r2"][".632"] == pytest.approx(found.estimate("r2"))
    assert held["samples"] == 4


def test_whole_groups_are_drawn_and_no_copy_of_a_watched_row_is_trained_on():
    groups = np.arange(60) // 5
    policies = [EarlyStopping("val_loss", patience=1)]
    fit = {**FIT, "callbacks": policies, "validation_split": 0.25}
    for sample in bootstrap(line(), X, NUMBERS, samples=3, groups=groups, **fit).samples:
        parts = [set(groups[one]) for one in (sample.train, sample.watched, sample.test)]
        assert sum(map(len, parts)) == 12


def test_what_is_refused():
    with pytest.raises(ArgumentError) as told:
        bootstrap(line(), X, NUMBERS, samples=1)
    assert str(told.value) == (
        "bootstrap(samples=...): got 1, expected a whole number of at least 2 (how many samples "
        "are drawn)."
    )
    with pytest.raises(
        DataError,
        match=r"  1. bootstrap, sample 4: got training rows of class 0 alone, expected at least "
        r"two classes. Give more rows of the rare class.\n",
    ):
        bootstrap(classifier(), X, np.arange(60) == 5, samples=20)
    with pytest.raises(
        NonFiniteError, match=r"^bootstrap: got a loss that was not finite in all 5"
    ):
        bootstrap(line(1e20), X, NUMBERS, samples=4, epochs=20)
