"""A run made again from its set-up is the same run."""

from dataclasses import replace

import numpy as np
import pytest

import pellucid
from pellucid.callbacks import EarlyStopping
from pellucid.layers import Dense, Dropout, Input
from pellucid.models.cohort import Cohort
from pellucid.models.forks import Shared, prepare, setup_of

RNG = np.random.default_rng(2)
X = RNG.normal(size=(64, 3))
Y = (X[:, 0] > 0).astype(np.int64)


def make():
    layers = [Input((3,)), Dense(4, "relu"), Dropout(0.2), Dense(1, "sigmoid")]
    model = pellucid.Sequential(layers, seed=9)
    model.compile(pellucid.optimizers.Adam(0.05), "binary_crossentropy", metrics=["accuracy"])
    return model


def fit(model, **options):
    return model.fit(
        X, Y, **{"epochs": 5, "batch_size": 8, "validation_split": 0.25, "verbose": 0, **options}
    )


def again(model, metric="loss"):
    """Train the model's last run again, and return its logs and its last weights."""
    setup, _ = setup_of(model, model.last_run)
    prepared = prepare(setup, metric, [setup.seed], Shared())
    Cohort(prepared.trainees).train()
    (trainee,) = prepared.trainees
    return trainee.logs, trainee.weights()


@pytest.mark.parametrize("options", [{}, {"class_weight": {0: 1.0, 1: 3.0}, "shuffle": False}])
def test_the_losses_and_the_weights_are_those_of_the_run(options):
    model = make()
    history = fit(model, **options).history
    logs, (trained, _) = again(model)
    for name, values in history.items():
        np.testing.assert_allclose([row[name] for row in logs], values, rtol=2e-5, atol=1e-6)
    kernel = model.layers[0].get_weights()[0].reshape(-1)
    np.testing.assert_allclose(trained[: len(kernel)], kernel, rtol=1e-4, atol=1e-5)


def test_early_stopping_ends_it_where_it_ended_and_restores_the_same_weights():
    model = make()
    stop = EarlyStopping("val_loss", patience=1, min_delta=0.05, restore_best_weights=True)
    history = fit(model, epochs=20, callbacks=[stop]).history
    logs, (trained, _) = again(model)
    assert len(logs) == len(history["loss"]) < 20
    kernel = model.layers[0].get_weights()[0].reshape(-1)
    np.testing.assert_allclose(trained[: len(kernel)], kernel, rtol=1e-4, atol=1e-5)


def test_a_further_fit_is_made_again_from_the_weights_that_it_went_on_from():
    model = make()
    fit(model)
    assert setup_of(model, model.last_run)[0].weights == {}
    kernel = model.layers[0].get_weights()[0]
    fit(model, epochs=2)
    setup, _ = setup_of(model, model.last_run)
    assert np.array_equal(setup.weights["dense/kernel"], kernel)
    (trainee,) = prepare(setup, "loss", [4], Shared()).trainees
    assert np.array_equal(trainee.member.trained, model.last_run.start[0])


def test_forks_on_the_same_rows_share_one_table():
    model = make()
    fit(model)
    setup, _ = setup_of(model, model.last_run)
    shared = Shared()
    first, second = (prepare(setup, metric, [1, 2], shared) for metric in ("loss", "auc"))
    assert first.trainees[0].member.train is second.trainees[1].member.train
    assert (first.metric, second.metric) == ("val_loss", "val_auc")


def test_what_the_run_reports_is_not_measured_twice_unless_rows_are_weighed():
    model = make()
    fit(model)
    setup, _ = setup_of(model, model.last_run)
    assert prepare(setup, "accuracy", [1], Shared()).metric == "val_accuracy"
    assert setup.validation is not None
    weighed = replace(setup.validation, sample_weight=np.ones(16, np.float32))
    prepared = prepare(replace(setup, validation=weighed), "accuracy", [1], Shared())
    assert prepared.metric == "val_weighted_accuracy"
    assert prepared.extra == ("weighted_accuracy", "val_weighted_accuracy")
