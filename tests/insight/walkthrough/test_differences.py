"""A gradient that is wrong is told loudly; a kink is told as what it is."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import pellucid
from insight.walkthrough.networks import compiled
from pellucid import layers


@jax.custom_vjp
def wrong(x):
    return jnp.tanh(x)


wrong.defvjp(lambda x: (jnp.tanh(x), x), lambda x, g: (1.01 * g * (1 - jnp.tanh(x) ** 2),))


@pytest.mark.parametrize("detail", ["scalars", "layers"])
def test_a_wrong_slope_is_told_loudly(detail):
    def bent(x):
        return wrong(x)

    model = compiled(layers.Input((2,)), layers.Dense(2, activation=bent), layers.Dense(1))
    walk = model.walkthrough([0.5, -1.0], [1.0], detail=detail)
    assert not walk.agrees
    wronged = {"scalars": "dL/dw_11", "layers": "dense/kernel"}[detail]
    right = {"scalars": "dL/dw_31", "layers": "dense_1/kernel"}[detail]
    (line,) = [one for one in walk.text().replace("\n", " ").split("!!! ")[1:]]
    told = line.split(". ")[0]
    assert told.startswith("THE GRADIENTS DISAGREE beyond rounding: ")
    assert wronged in told
    assert right not in told
    assert '<p class="loud">THE GRADIENTS DISAGREE' in walk.html()
    assert r"\textbf{THE GRADIENTS DISAGREE" in walk.latex()


@pytest.mark.parametrize("detail", ["scalars", "layers"])
def test_a_kink_is_no_disagreement(detail):
    model = pellucid.Sequential(
        [layers.Input((2,)), layers.Dense(1, activation="relu"), layers.Dense(1)]
    )
    model.set_weights([[[1.0], [1.0]], [0.0], [[2.0]], [0.5]])
    model.compile("sgd", "mse")
    walk = model.walkthrough([1.0, -1.0], [1.0], detail=detail)
    assert walk.agrees
    kinks = [one.name for one in walk.steps[0].agreement.having("kink")]
    assert kinks
    assert "stands at a kink of the loss, as relu has one at 0: its slope is" in " ".join(
        walk.text().split()
    )


def test_large_losses_are_not_taken_for_wrong_gradients():
    model = compiled(layers.Input((2,)), layers.Dense(2, activation="tanh"), layers.Dense(1))
    rng = np.random.default_rng(0)
    x = rng.standard_normal((4, 2))
    for scale in (1e-4, 1.0, 1e4):
        assert model.walkthrough(x, scale * rng.standard_normal((4, 1))).agrees
