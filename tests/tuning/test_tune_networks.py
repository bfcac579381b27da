"""Trials of convolutional and recurrent networks end where their configurations end alone."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.callbacks import EarlyStopping
from pellucid.models.renewing import renewed

RNG = np.random.default_rng(5)
IMAGES = RNG.normal(size=(40, 6, 6, 1)).astype(np.float32)
STEPS = RNG.normal(size=(40, 5, 2)).astype(np.float32)
CLASSES = (IMAGES[:, 2, 2, 0] > 0).astype(np.int32)


def cnn(learning_rate, dropout):
    inner = [layers.Conv2D(2, 3, activation="relu"), layers.Flatten(), layers.Dropout(dropout)]
    return network(layers.Input((6, 6, 1)), inner, learning_rate)


def lstm(learning_rate, dropout):
    return network(layers.Input((5, 2)), [layers.LSTM(3, dropout=dropout)], learning_rate)


def network(entry, inner, rate):
    model = pellucid.Sequential([entry, *inner, layers.Dense(2, "softmax")])
    model.compile(pellucid.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    return model


@pytest.mark.slow
@pytest.mark.parametrize(("build", "x"), [(cnn, IMAGES), (lstm, STEPS)])
def test_every_trial_ends_where_its_configuration_ends_alone(build, x):
    stop = EarlyStopping("val_loss", patience=1, restore_best_weights=True)
    fit = {"epochs": 5, "batch_size": 8, "callbacks": [stop], "validation_split": 0.25}
    space = {"learning_rate": (1e-3, 1e-1, "log"), "dropout": (0.1, 0.5)}
    search = pellucid.tune(build, space, x, CLASSES, trials=4, seed=2, verbose=0, **fit)
    for trial in search.trials:
        model = renewed(build(**trial.parameters), 2 + trial.number)
        losses = model.fit(x, CLASSES, verbose=0, **fit).history["val_loss"]
        assert trial.epochs == len(losses)
        assert trial.score == pytest.approx(min(losses), rel=2e-5)
        if trial is search.best:
            pairs = zip(search.best_model.get_weights(), model.get_weights(), strict=True)
            for one, other in pairs:
                np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)
