"""Activation functions as numbers, over the whole catalogue, against finite differences."""

import jax
import numpy as np
import pytest

from pellucid import activations, layers
from pellucid.errors import ArgumentError
from pellucid.insight import activation_curve
from pellucid.insight.activation_curve import ARGUMENTS, catalogue

STEP = 1e-6
VECTORS = ("glu", "log_softmax", "softmax", "sparsemax")


def values(name, x):
    """Return the function at x, in float64, straight from the catalogue."""
    function, arguments = activations.ACTIVATIONS[name], ARGUMENTS.get(name, ())
    with jax.enable_x64(True):
        given = np.stack([x, np.zeros_like(x)], axis=1) if name in VECTORS else x
        found = np.asarray(function(given, *arguments))
    return found[:, 0] if name in VECTORS else found


def test_the_catalogue_is_complete_and_names_each_function_once():
    assert set(catalogue()) <= set(activations.ACTIVATIONS)
    functions = [activations.ACTIVATIONS[name] for name in catalogue()]
    assert len(set(functions)) == len(functions)
    assert set(functions) == set(activations.ACTIVATIONS.values())


@pytest.mark.parametrize("name", catalogue())
def test_the_derivative_is_that_of_finite_differences(name):
    curve = activation_curve(name)
    before, here, after = (values(name, curve.x + step) for step in (-STEP, 0.0, STEP))
    np.testing.assert_allclose(curve.y, here, rtol=1e-12, atol=1e-12)
    left, right = (here - before) / STEP, (after - here) / STEP
    # At a kink there is no derivative; no known function has more than two.
    smooth = np.abs(right - left) < 1e-3 * (1 + np.abs(right))
    assert np.sum(~smooth) <= 2
    between = (after - before) / (2 * STEP)
    np.testing.assert_allclose(curve.slope[smooth], between[smooth], rtol=1e-6, atol=1e-6)


RANGES = {
    "celu": (-1, np.inf),
    "elu": (-1, np.inf),
    "exponential": (0, np.inf),
    "gelu": (-0.16997, np.inf),
    "glu": (-np.inf, np.inf),
    "hard_shrink": (-np.inf, np.inf),
    "hard_sigmoid": (0, 1),
    "hard_silu": (-0.375, np.inf),
    "hard_tanh": (-1, 1),
    "leaky_relu": (-np.inf, np.inf),
    "linear": (-np.inf, np.inf),
    "log_sigmoid": (-np.inf, 0),
    "log_softmax": (-np.inf, 0),
    "mish": (-0.30884, np.inf),
    "relu": (0, np.inf),
    "relu6": (0, 6),
    "selu": (-1.0507009873554805 * 1.6732632423543772, np.inf),
    "sigmoid": (0, 1),
    "silu": (-0.27846, np.inf),
    "soft_shrink": (-np.inf, np.inf),
    "softmax": (0, 1),
    "softplus": (0, np.inf),
    "softsign": (-1, 1),
    "sparse_plus": (0, np.inf),
    "sparse_sigmoid": (0, 1),
    "sparsemax": (0, 1),
    "squareplus": (0, np.inf),
    "tanh": (-1, 1),
    "tanh_shrink": (-np.inf, np.inf),
    "threshold": (0, np.inf),
}
"""As their authors state them."""


@pytest.mark.parametrize("name", catalogue())
def test_the_range_is_that_of_the_paper(name):
    curve = activation_curve(name)
    np.testing.assert_allclose((curve.low, curve.high), RANGES[name], atol=1e-5)


FLAT = {
    # s (1 - s) = 0.05, 1 - tanh^2 = 0.05 and 1 / (1 + |x|)^2 = 0.05, solved by hand.
    "sigmoid": [(-np.inf, -2.8872709), (2.8872709, np.inf)],
    "tanh": [(-np.inf, -2.1783342), (2.1783342, np.inf)],
    "softsign": [(-np.inf, -3.4721360), (3.4721360, np.inf)],
    "relu": [(-np.inf, 0)],
    "hard_tanh": [(-np.inf, -1), (1, np.inf)],
    "hard_shrink": [(-0.5, 0.5)],
    "exponential": [(-np.inf, np.log(0.05))],
    "leaky_relu": [],
    "linear": [],
}


@pytest.mark.parametrize("name", FLAT)
def test_where_it_saturates(name):
    np.testing.assert_allclose(activation_curve(name).flat, FLAT[name] or (), atol=0.011)


def test_a_function_of_ones_own_and_a_layer():
    def cube(x):
        return x**3

    curve = activation_curve(cube, limits=(-1.0, 1.0))
    assert curve.name == "cube"
    np.testing.assert_allclose(curve.slope, 3 * curve.x**2, atol=1e-12)
    assert [end for one in curve.flat for end in one] == []
    leaky = activation_curve(layers.LeakyReLU(negative_slope=0.5))
    assert leaky.name == "LeakyReLU"
    np.testing.assert_allclose(leaky.slope[:600], 0.5)


def test_an_unknown_name_is_answered():
    with pytest.raises(ArgumentError) as caught:
        activation_curve("rellu")
    assert str(caught.value) == (
        "activation: got the unknown name 'rellu', expected a known activation. "
        "Did you mean 'relu'?"
    )
