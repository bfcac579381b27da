"""Searches of scikit-learn whose fits are trained side by side end as they end one by one."""

import threading
import warnings

import joblib
import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import FitFailedWarning
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    RandomizedSearchCV,
    cross_val_score,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pellucid.errors import NonFiniteError
from pellucid.estimators import PellucidClassifier, PellucidRegressor, side_by_side
from pellucid.estimators.side_by_side import take_turns
from pellucid.models.cohort import Cohort

RNG = np.random.default_rng(6)
X = RNG.normal(size=(60, 3)).astype(np.float32)
Y = np.where(X[:, 0] * X[:, 1] > 0, "yes", "no")
SMALL = {"hidden_layer_sizes": (8,), "epochs": 8, "batch_size": 64, "random_state": 3}
RATES = {"learning_rate": [0.01, 0.1, 0.03]}


@pytest.fixture
def cohorts(monkeypatch):
    """Return a list that tells how many fits each training has had."""
    sizes = []

    class Counted(Cohort):
        def __init__(self, candidates):
            sizes.append(len(candidates))
            super().__init__(candidates)

    monkeypatch.setattr(side_by_side, "Cohort", Counted)
    return sizes


def together():
    return joblib.parallel_config(backend="pellucid")


def assert_same_results(one, other):
    told = {name for name in one if not name.endswith("_time")}
    assert told == {name for name in other if not name.endswith("_time")}
    for name in told:
        if name.startswith("param"):
            assert list(one[name]) == list(other[name])
        else:
            np.testing.assert_allclose(one[name], other[name], rtol=1e-5, atol=1e-6)


def test_a_grid_gives_the_same_results_and_is_one_training(cohorts):
    def search():
        model = PellucidClassifier(**SMALL, dropout=0.2)
        scoring = ["accuracy", "neg_log_loss"]
        return GridSearchCV(
            model, RATES, cv=3, scoring=scoring, return_train_score=True, refit="accuracy"
        )

    alone = search().fit(X, Y)
    assert cohorts == []
    with together():
        found = search().fit(X, Y)
    assert cohorts == [9]
    assert_same_results(alone.cv_results_, found.cv_results_)
    np.testing.assert_array_equal(found.predict_proba(X), alone.predict_proba(X))


def test_rows_held_out_and_weights_of_rows_are_each_fit_s_own(cohorts):
    stopped = {**SMALL, "epochs": 30, "early_stopping": True, "n_iter_no_change": 2}
    weights = RNG.integers(1, 4, 60)
    grid = {**RATES, "validation_fraction": [0.2]}

    def search():
        model = PellucidClassifier(**stopped, class_weight="balanced")
        return GridSearchCV(model, grid, cv=3, scoring="neg_log_loss", refit=False)

    alone = search().fit(X, Y, sample_weight=weights)
    with together():
        found = search().fit(X, Y, sample_weight=weights)
    assert cohorts == [9]
    assert_same_results(alone.cv_results_, found.cv_results_)


def test_pipelines_meet_too(cohorts):
    def search():
        steps = make_pipeline(StandardScaler(), PellucidClassifier(**SMALL))
        grid = {"pellucidclassifier__learning_rate": [0.01, 0.1]}
        return GridSearchCV(steps, grid, cv=3, scoring="neg_log_loss", refit=False)

    alone = search().fit(X, Y)
    with together():
        found = search().fit(X, Y)
    assert cohorts == [6]
    assert_same_results(alone.cv_results_, found.cv_results_)


def test_other_searches_and_what_else_fits_several(cohorts):
    model = PellucidClassifier(**SMALL)
    with together():
        drawn = RandomizedSearchCV(model, RATES, n_iter=2, cv=3, random_state=0, refit=False)
        drawn.fit(X, Y)
        assert cohorts == [6]
        halving = HalvingGridSearchCV(model, RATES, factor=3, cv=3, random_state=0, refit=False)
        halving.fit(X, Y)
        assert cohorts[1:] == [9, 3]
        scores = cross_val_score(model, X, Y, cv=3)
        assert cohorts[3:] == [3]
        calibrated = CalibratedClassifierCV(model, cv=3).fit(X, Y)
        assert cohorts[4:] == [3]
    np.testing.assert_array_equal(scores, cross_val_score(model, X, Y, cv=3))
    plain = CalibratedClassifierCV(model, cv=3).fit(X, Y)
    np.testing.assert_allclose(calibrated.predict_proba(X), plain.predict_proba(X), rtol=1e-5)


@pytest.mark.slow
def test_searches_within_folds_are_trained_each_as_a_whole(cohorts):
    search = GridSearchCV(PellucidClassifier(**SMALL), RATES, cv=3)
    with together():
        nested = cross_val_score(search, X, Y, cv=2)
    # Each outer fold's search at once; then the winners, refitted, together.
    assert cohorts == [9, 9, 2]
    np.testing.assert_array_equal(nested, cross_val_score(search, X, Y, cv=2))


def test_a_fit_that_fails_fails_alone(cohorts):
    model = PellucidRegressor(**SMALL, optimizer="sgd", activation="linear")
    grid = {"learning_rate": [0.01, 1e30]}
    with together():
        search = GridSearchCV(model, grid, cv=3, refit=False)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            search.fit(X, X[:, 0])
        assert cohorts == [6]
        assert np.isfinite(search.cv_results_["mean_test_score"]).tolist() == [True, False]
        (failed,) = [one for one in told if one.category is FitFailedWarning]
        assert "NonFiniteError: fit: " in str(failed.message)
        search.set_params(error_score="raise")
        with pytest.raises(NonFiniteError, match=r"^fit: "):
            search.fit(X, X[:, 0])


def test_so_many_jobs_are_taken_on_at_once(cohorts):
    with joblib.parallel_config(backend="pellucid", n_jobs=2):
        joblib.Parallel()(joblib.delayed(_fitted)(rate) for rate in (0.01, 0.02, 0.03, 0.04, 0.05))
    assert sum(cohorts) == 5
    assert max(cohorts) == 4  # joblib hands out twice as many as there are jobs


def _fitted(rate):
    return PellucidClassifier(**SMALL, learning_rate=rate).fit(X, Y)


def test_what_waits_is_trained_before_it_is_too_much(cohorts, monkeypatch):
    monkeypatch.setattr(side_by_side, "MOST_BYTES", 1)
    with together():
        cross_val_score(PellucidClassifier(**SMALL), X, Y, cv=3)
    assert cohorts == [1, 1, 1]


def test_an_interrupt_ends_the_calls_that_wait(monkeypatch):
    ended = []

    class Interrupted(Cohort):
        def train(self, *given, **named):
            raise KeyboardInterrupt

    def call():
        try:
            _fitted(0.01)
        except BaseException as error:
            ended.append(type(error).__name__)
            raise

    monkeypatch.setattr(side_by_side, "Cohort", Interrupted)
    filters, before = list(warnings.filters), set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt):
        take_turns([call, call])
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
    assert ended == ["Abandoned", "Abandoned"]
    assert warnings.filters == filters


def test_filters_of_warnings_stay_as_they_were():
    filters = list(warnings.filters)
    with together():
        cross_val_score(PellucidClassifier(**SMALL), X, Y, cv=3)
    assert warnings.filters == filters


def test_jobs_are_counted_and_none_at_all_refused():
    counts = [side_by_side.SideBySide().effective_n_jobs(jobs) for jobs in (None, -1, 1, 3)]
    assert counts == [side_by_side.MOST_CALLS, side_by_side.MOST_CALLS, 1, 3]
    with pytest.raises(ValueError, match="n_jobs == 0 in Parallel has no meaning"):
        side_by_side.SideBySide().effective_n_jobs(0)
