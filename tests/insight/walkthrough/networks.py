"""Small networks that several tests walk through, with weights that are the same in every run."""

import numpy as np

import pellucid
from pellucid import layers


def compiled(*members, optimizer="sgd", loss="mse", seed=5, scale=0.7):
    """Return a compiled model with weights drawn from a normal distribution."""
    model = pellucid.Sequential([*members])
    rng = np.random.default_rng(seed)
    model.set_weights([scale * rng.standard_normal(one.shape) for one in model.get_weights()])
    model.compile(optimizer, loss)
    return model


def classic(loss, optimizer="sgd"):
    """Return two inputs, two hidden sigmoid units, one linear output."""
    model = pellucid.Sequential(
        [
            layers.Input((2,)),
            layers.Dense(2, activation="sigmoid", name="hidden"),
            layers.Dense(1, name="output"),
        ]
    )
    hidden = [[0.15, 0.25], [0.2, 0.3]], [0.35, 0.35]
    output = [[0.4], [-0.45]], [0.6]
    model.set_weights([*hidden, *output])
    model.compile(optimizer, loss)
    return model


X, Y = [0.05, 0.1], [0.9]
