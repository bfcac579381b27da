"""Small models and rows that the tests of evaluation share, so that programs are compiled once."""

import numpy as np

import pellucid
from pellucid import layers

RNG = np.random.default_rng(5)
X = RNG.normal(size=(60, 3)).astype(np.float32)
CLASSES = (X[:, 0] + 0.5 * RNG.normal(size=60) > 0.3).astype(np.int32)
NUMBERS = X @ np.array([1.0, -2.0, 0.5]) + 0.1 * RNG.normal(size=60)


def line(rate=0.2):
    """Return a linear model."""
    model = pellucid.Sequential([layers.Input((3,)), layers.Dense(1)], seed=4)
    model.compile(pellucid.optimizers.SGD(rate), "mse")
    return model


def classifier(width=4, rate=0.2):
    """Return a small network for two classes."""
    members = [layers.Input((3,)), layers.Dense(width, "tanh"), layers.Dropout(rate, name="drop")]
    model = pellucid.Sequential([*members, layers.Dense(1, "sigmoid")], seed=4)
    model.compile(pellucid.optimizers.Adam(0.02), "binary_crossentropy", metrics=["accuracy"])
    return model
