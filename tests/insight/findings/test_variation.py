"""How much still differs between rows at each layer, by NumPy."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.insight.findings.variation import read_variation
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe

X = np.random.default_rng(1).normal(1.0, 2.0, (12, 3)).astype("float32")


def variation(model, *feeds):
    recipe = Recipe(model.network, Objective(()), None)
    return read_variation(recipe, model.packed(recipe), feeds)


def share(values):
    return np.sqrt(values.var(axis=0).mean()) / np.sqrt(np.mean(values**2))


def test_it_is_the_deviation_over_rows_by_the_size():
    model = pellucid.Sequential(
        [pellucid.Input((3,)), layers.Dense(4, "relu"), layers.Dense(2)], seed=1
    )
    first, last = model.get_weights()[::2]
    hidden = np.maximum(X @ first, 0)
    assert variation(model, X) == pytest.approx(
        {"dense": share(hidden), "dense_1": share(hidden @ last)}, rel=1e-5
    )


def test_rows_that_are_all_alike_or_nothing_vary_by_nothing():
    model = pellucid.Sequential([pellucid.Input((3,)), layers.Dense(4)], seed=1)
    assert variation(model, np.ones((5, 3), "float32"))["dense"] < 1e-6
    assert variation(model, np.zeros((5, 3), "float32")) == {"dense": 0.0}


def test_of_a_layer_that_gives_several_the_first_counts():
    entry = pellucid.Input((4, 3))
    out, state = layers.SimpleRNN(2, return_state=True, name="memory")(entry)
    model = pellucid.Model(entry, [out, state], seed=1)
    x = X.reshape(3, 4, 3)
    expected = np.asarray(model.predict(x, verbose=0)[0])
    assert variation(model, x) == pytest.approx({"memory": share(expected)}, rel=1e-5)
