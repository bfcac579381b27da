"""A run made again from its set-up is the same run."""

import numpy as np
import pytest

import pellucid
from pellucid.callbacks import EarlyStopping
from pellucid.layers import Dense, Dropout, Input
from pellucid.models.forks import Tables, prepare, setup_of
from pellucid.training.final_weights import final_weights
from pellucid.training.population import Population

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
    prepared = prepare(setup, metric, [setup.seed], Tables())
    (member,) = prepared.members
    population = Population([member])
    (chunk,) = population.advance(prepared.epochs * member.steps_per_epoch)
    (state,) = population.states()
    return [one.logs for one in chunk.epochs], final_weights(member.recipe, state)


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
    (member,) = prepare(setup, "loss", [4], Tables()).members
    assert np.array_equal(member.trained, model.last_run.start[0])


def test_forks_on_the_same_rows_share_one_table():
    model = make()
    fit(model)
    setup, _ = setup_of(model, model.last_run)
    tables = Tables()
    first, second = (prepare(setup, metric, [1, 2], tables) for metric in ("loss", "accuracy"))
    assert first.members[0].train is second.members[1].train
    assert (first.metric, second.metric) == ("val_loss", "val_weighted_accuracy")
