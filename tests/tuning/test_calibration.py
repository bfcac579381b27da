"""Calibration: scikit-learn's table and scores, and the temperature that an optimiser finds."""

import json

import numpy as np
import pytest
from scipy import optimize, special
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError, DataError, PellucidWarning
from pellucid.tuning.calibration import calibration
from tuning.set_ups import NUMBERS, X, line

RNG = np.random.default_rng(7)
ROWS = RNG.normal(size=(600, 3)).astype(np.float32)
TRUE = ROWS @ np.array([[1.0, -0.5, 0.2], [0.3, 0.9, -0.4], [-1.0, 0.2, 0.6]])
KINDS = np.array([RNG.choice(3, p=special.softmax(row)) for row in TRUE])
SECOND = (RNG.random(600) < special.expit(ROWS[:, 0])).astype(int)


def fixed(width, ending, loss, kernel):
    model = pellucid.Sequential([layers.Input((3,)), layers.Dense(width, ending)], seed=2)
    model.compile("sgd", loss)
    model.set_weights([np.asarray(kernel), np.zeros(width)])
    return model


@pytest.fixture(scope="module")
def two():
    model = fixed(1, "sigmoid", "binary_crossentropy", [[3.0], [0.0], [0.0]])
    return model.predict(ROWS, verbose=0)[:, 0].astype(float), calibration(model, ROWS, SECOND)


def best_temperature(logits, actual):
    happened = np.arange(len(actual)), actual
    found = optimize.minimize_scalar(
        lambda log: -special.log_softmax(logits / np.exp(log), axis=1)[happened].mean(),
        bounds=(-2, 2),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return np.exp(found.x)


def reliability(actual, probability):
    share, mean = calibration_curve(actual, probability, n_bins=10)
    rows = np.histogram(probability, np.linspace(0, 1, 11))[0]
    return np.sum(np.abs(share - mean) * rows[rows > 0]) / len(actual)


def test_the_table_and_the_scores_are_scikit_learns(two):
    given, found = two
    share, mean = calibration_curve(SECOND, given, n_bins=10)
    np.testing.assert_allclose([row["came true"] for row in found.table], share)
    np.testing.assert_allclose([row["probability"] for row in found.table], mean)
    assert found.plain.brier == pytest.approx(brier_score_loss(SECOND, given))
    assert found.plain.log_loss == pytest.approx(log_loss(SECOND, given), rel=1e-6)
    assert sum(row["rows"] for row in found.table) == 600
    assert found.plain.error == pytest.approx(reliability(SECOND, given))


def test_the_temperature_is_that_of_the_least_log_loss(two):
    given, found = two
    logits = np.stack([np.zeros(600), special.logit(given)], axis=1)
    assert found.temperature == pytest.approx(best_temperature(logits, SECOND), rel=1e-5)
    # The true probabilities are those of a third of the logits.
    assert found.temperature == pytest.approx(3, abs=0.5)
    scaled = found.apply(given[:, None])
    np.testing.assert_allclose(
        scaled[:, 0], special.expit(special.logit(given) / found.temperature)
    )


def test_scaled_scores_are_of_rows_that_the_temperature_has_not_seen(two):
    given, found = two
    seen = found.apply(given[:, None])[:, 0]
    assert found.scaled.log_loss > log_loss(SECOND, seen)
    assert found.scaled.log_loss == pytest.approx(log_loss(SECOND, seen), abs=0.005)
    assert found.scaled.log_loss < found.plain.log_loss
    # Even true probabilities are off by chance.
    true = reliability(SECOND, special.expit(ROWS[:, 0].astype(float)))
    assert found.scaled.error < 1.5 * true < found.plain.error


@pytest.mark.parametrize("from_logits", [False, True])
def test_of_many_classes_the_predicted_one_counts(from_logits):
    loss = pellucid.losses.SparseCategoricalCrossentropy(from_logits=from_logits)
    kernel = 2 * np.linalg.lstsq(ROWS, TRUE, rcond=None)[0]
    model = fixed(3, None if from_logits else "softmax", loss, kernel)
    found = calibration(model, ROWS, KINDS, bins=5)
    logits = ROWS @ kernel
    shares = special.softmax(logits, axis=1)
    assert found.temperature == pytest.approx(best_temperature(logits, KINDS), rel=1e-4)
    right = shares.argmax(axis=1) == KINDS
    share, mean = calibration_curve(right, shares.max(axis=1), n_bins=5)
    np.testing.assert_allclose([row["came true"] for row in found.table], share)
    np.testing.assert_allclose([row["probability"] for row in found.table], mean, rtol=1e-5)
    assert found.plain.brier == pytest.approx(np.sum((shares - np.eye(3)[KINDS]) ** 2) / 600)
    assert found.apply(shares).shape == (600, 3)


def test_it_prints_draws_and_goes_into_json(two, tmp_path):
    _, found = two
    printed = str(found).splitlines()
    assert printed[0].split() == ["from", "to", "rows", "probability", "came", "true"]
    assert printed[-1] == f"Temperature {found.temperature:.3f}: the model is too sure."
    figure = found.plot(tmp_path / "calibration.png")
    labels = [line.get_label() for line in figure.axes[0].lines]
    assert labels == ["perfect", "as it is", f"scaled, temperature {found.temperature:.2f}"]
    assert (tmp_path / "calibration.png").stat().st_size > 5000
    assert json.loads(found.to_json())["plain"]["brier"] == pytest.approx(found.plain.brier)


def test_what_is_refused():
    with pytest.raises(ArgumentError) as told:
        calibration(line(), X, NUMBERS)
    assert str(told.value) == (
        "calibration(model): got a model for numbers, expected one for classes, whose last "
        "activation or loss is sigmoid or softmax."
    )
    model = fixed(1, "sigmoid", "binary_crossentropy", [[3.0], [0.0], [0.0]])
    with pytest.raises(ArgumentError) as told:
        calibration(model, ROWS, SECOND, bins=1)
    assert str(told.value) == "calibration(bins=...): got 1, expected at least 2."
    with pytest.raises(ArgumentError, match="got a generator, which makes batches one by one"):
        calibration(model, (one for one in [(ROWS, SECOND)]), None)
    with pytest.warns(PellucidWarning, match=r"^calibration: got no best temperature from 0.05 to"):
        calibration(model, ROWS, (ROWS[:, 0] > 0).astype(int))
    with pytest.raises(ArgumentError) as told:
        calibration(model, ROWS[:3], SECOND[:3])
    assert str(told.value) == (
        "calibration(x): got 3 rows, expected at least 5. Better are some hundreds."
    )
    with pytest.raises(DataError) as told:
        calibration(model, ROWS[:9], np.ones(9, int))
    assert str(told.value) == (
        "calibration(y): got 9 rows of class 1 alone, expected rows of at least two classes. "
        "Give more rows."
    )
    with pytest.raises(ArgumentError) as told:
        calibration("a model", ROWS, SECOND)
    assert str(told.value) == (
        "calibration(model): got a str, expected a compiled model, trained on other rows."
    )


@pytest.mark.parametrize("wrong", [1.5, -0.25, np.nan])
def test_what_is_no_probability_is_not_scaled(wrong):
    model = fixed(1, "sigmoid", "binary_crossentropy", [[3.0], [0.0], [0.0]])
    found = calibration(model, ROWS, SECOND)
    assert found.apply([0.0, 0.5, 1.0]).tolist() == pytest.approx([0.0, 0.5, 1.0], abs=1e-2)
    with pytest.raises(ArgumentError) as told:
        found.apply([0.5, wrong])
    assert str(told.value) == (
        f"Calibration.apply(probabilities): got {wrong:g}, expected probabilities, from 0 to 1. "
        "Give what predict returns."
    )
