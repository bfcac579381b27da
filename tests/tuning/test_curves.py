"""Learning and validation curves: each point as it would be alone, and their pictures."""

import json

import numpy as np
import pytest

from pellucid.errors import ArgumentError, DataError, PellucidWarning
from pellucid.models.renewing import renewed
from pellucid.tuning.blueprint import Blueprint
from pellucid.tuning.cross_validation import cross_validate
from pellucid.tuning.folds import Rows, folds_of
from pellucid.tuning.learning_curve import learning_curve
from pellucid.tuning.score_curve import ScoreCurve
from pellucid.tuning.validation_curve import validation_curve
from tuning.set_ups import CLASSES, NUMBERS, X, classifier, line

FIT = {"epochs": 4, "batch_size": 16}
FOLDS = folds_of(2, 1, Rows(60, CLASSES), 4, "test")
SEED = int(np.random.SeedSequence([4, 1]).generate_state(1)[0])
"""Of the second fold's model."""


@pytest.fixture(scope="module")
def rates():
    return validation_curve(
        classifier(), X, CLASSES, "Dropout.rate", [0.0, 0.4], cv=2, metrics="neg_log_loss", **FIT
    )


def test_a_point_is_the_same_model_with_that_value_fitted_alone(rates):
    fold = FOLDS[1]
    alone, _ = Blueprint(classifier(), "test").make({"drop.rate": 0.4}, SEED)
    alone.fit(X[fold.train], CLASSES[fold.train], verbose=0, **FIT)
    for held, numbers in ((rates.training, fold.train), (rates.test, fold.test)):
        loss, accuracy = alone.evaluate(X[numbers], CLASSES[numbers], verbose=0)
        assert held["loss"][1, 1] == pytest.approx(loss, rel=2e-5)
        assert held["accuracy"][1, 1] == pytest.approx(accuracy)
        assert held["neg_log_loss"][1, 1] == pytest.approx(-loss, rel=2e-5)
    assert rates.points == (0.0, 0.4)


def test_the_best_point_has_the_best_mean_on_test_rows(rates):
    means = rates.test["loss"].mean(axis=1)
    assert rates.best("loss") == rates.points[int(means.argmin())]
    assert rates.best("neg_log_loss") == rates.best("loss")


def test_the_picture_has_both_lines_and_bands(rates, tmp_path):
    figure = rates.plot(tmp_path / "rates.png", "loss")
    (panel,) = figure.axes
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("Dropout.rate", "loss")
    assert [line.get_label() for line in panel.lines] == ["training", "test"]
    np.testing.assert_allclose(panel.lines[1].get_ydata(), rates.test["loss"].mean(axis=1))
    assert len(panel.collections) == 2
    assert panel.texts[0].get_text().startswith("best on test rows: ")
    assert (tmp_path / "rates.png").stat().st_size > 5000


def test_it_prints_and_goes_into_json(rates):
    assert str(rates).splitlines()[0].split()[:3] == ["Dropout.rate", "training", "loss"]
    assert json.loads(rates.to_json())["test"]["loss"] == rates.test["loss"].tolist()


def test_structures_and_arguments_of_fit_and_of_functions_vary_too():
    curve = validation_curve(
        classifier, X, CLASSES, "width", [2, 4], cv=2, seed=4, **{**FIT, "epochs": 1}
    )
    assert curve.best() in (2, 4)
    epochs = validation_curve(line(), X, NUMBERS, "epochs", [1, 30], cv=2)
    assert epochs.best("loss") == 30


def test_values_on_a_wide_scale_are_drawn_on_a_logarithmic_axis_and_words_by_name():
    wide = validation_curve(line(), X, NUMBERS, "learning_rate", [0.001, 0.1], cv=2, epochs=1)
    assert wide.plot().axes[0].get_xscale() == "log"
    scores = {"loss": np.array([[1.0, 2.0], [3.0, 4.0]])}
    words = ScoreCurve("activation", ("relu", "tanh"), scores, scores, {"loss": "min"}, 0.0)
    assert [one.get_text() for one in words.plot().axes[0].get_xticklabels()] == ["relu", "tanh"]


def test_a_value_that_does_not_learn_is_told_and_leaves_the_others():
    with pytest.warns(PellucidWarning) as told:
        curve = validation_curve(line(), X, NUMBERS, "learning_rate", [0.1, 1e20], cv=2, epochs=20)
    assert str(told[0].message).startswith(
        "validation_curve: got a loss that was not finite in 2 of 4 trainings (learning_rate "
        "1e+20, fold 1, learning_rate 1e+20, fold 2), expected finite losses."
    )
    assert np.isnan(curve.test["loss"]).tolist() == [[False, False], [True, True]]
    assert curve.best() == 0.1
    assert "NaN" in curve.to_json()


def test_a_learning_curve_trains_on_parts_that_grow():
    curve = learning_curve(line(), X, NUMBERS, sizes=[5, 30], cv=2, seed=4, epochs=4)
    assert curve.points == (5, 30)
    folds = folds_of(2, 1, Rows(60), 4, "test")
    order = np.random.default_rng([4, 1]).permutation(folds[1].train)
    alone = renewed(line(), SEED)
    alone.fit(X[order[-5:]], NUMBERS[order[-5:]], epochs=4, verbose=0)
    trained = alone.evaluate(X[order[-5:]], NUMBERS[order[-5:]], verbose=0)
    tested = alone.evaluate(X[folds[1].test], NUMBERS[folds[1].test], verbose=0)
    assert curve.training["loss"][0, 1] == pytest.approx(trained, rel=2e-5)
    assert curve.test["loss"][0, 1] == pytest.approx(tested, rel=2e-5)
    shares = learning_curve(line(), X, NUMBERS, sizes=(0.5, 1.0), cv=2, seed=4, epochs=4)
    assert shares.points == (15, 30)
    whole = cross_validate(line(), X, NUMBERS, cv=2, epochs=4)
    # All rows in another order make other batches, but no other rows.
    assert shares.test["loss"][1] == pytest.approx(whole.scores["loss"], rel=0.5)


def test_sizes_that_are_none():
    with pytest.raises(ArgumentError) as told:
        learning_curve(line(), X, NUMBERS, cv=2, sizes=[0.5, 2])
    assert str(told.value) == (
        "learning_curve(sizes=...): got [0.5, 2], expected shares above 0 to 1, or whole numbers "
        "of rows from 1 to 30."
    )
    with pytest.raises(DataError) as told:
        learning_curve(classifier(), X, CLASSES, cv=2, sizes=[1])
    assert str(told.value).splitlines()[1] == (
        "  1. learning_curve, 1 training rows, fold 1: got training rows of class 0 alone, "
        "expected at least two classes. Give larger sizes."
    )


def test_an_unknown_parameter():
    with pytest.raises(ArgumentError) as told:
        validation_curve(classifier(), X, CLASSES, "Droput.rate", [0.1])
    assert str(told.value) == (
        "validation_curve: parameter: got 'Droput.rate', expected the name of a parameter. "
        "Did you mean 'Dropout.rate'?"
    )
    with pytest.raises(ArgumentError) as told:
        validation_curve(classifier(), X, CLASSES, "Dropout.rate", [])
    assert str(told.value) == "validation_curve(values=...): got [], expected a list of values."
    with pytest.raises(ArgumentError) as told:
        validation_curve(classifier(), X, CLASSES, "Dropout.rate", 0.1)
    assert str(told.value) == (
        "validation_curve(values=...): got 0.1, expected a list of values. "
        "For one value write [0.1]."
    )
    with pytest.raises(ArgumentError) as told:
        validation_curve(classifier(), X, CLASSES, "Dropout.rate", [0.1, 1.5], cv=2)
    assert str(told.value) == (
        "validation_curve: Dropout.rate 1.5: Dropout(rate=...): got 1.5, expected a number at "
        "least 0 and below 1 (the share of values that is dropped)."
    )
    with pytest.raises(ArgumentError) as told:
        validation_curve(classifier(), X, CLASSES, "zzz", [0.1])
    assert str(told.value).startswith(
        "validation_curve: parameter: got 'zzz', expected the name of a parameter. "
        "There are 'learning_rate', 'width_factor', 'batch_size', 'epochs', "
    )
