"""What is counted: products and sums, loops by their length, meetings of gradients in loops."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

import pellucid
from pellucid import layers
from pellucid.training.work import Work, count, forward_work

X, W = np.ones((4, 3), np.float32), np.ones((3, 5), np.float32)


def looped(x, weights, steps=7):
    return lax.scan(lambda h, _: (jnp.tanh(h @ weights), None), x, length=steps)[0]


@jax.custom_vjp
def looped_with_gradient(x, weights):
    return looped(x, weights)


looped_with_gradient.defvjp(
    lambda x, weights: (looped(x, weights), (x, weights)), lambda kept, slope: kept
)

SQUARE = np.ones((3, 3), np.float32)


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (lambda x: x + x, (X,), Work(12, 0)),
        (lambda x, w: x @ w, (X, W), Work(4 * 3 * 5, 0)),
        (jax.jit(lambda x, w: x @ w), (X, W), Work(4 * 3 * 5, 0)),
        (
            lambda x, k: lax.conv(x, k, (1, 1), "VALID"),
            (np.ones((2, 3, 6, 6), np.float32), np.ones((8, 3, 2, 2), np.float32)),
            Work(2 * 8 * 5 * 5 * 3 * 2 * 2, 0),
        ),
        (looped, (X, SQUARE), Work(7 * (4 * 3 * 3 + 4 * 3), 7)),
        (looped_with_gradient, (X, SQUARE), Work(7 * (4 * 3 * 3 + 4 * 3), 0)),
        (
            lambda x: lax.scan(lambda h, _: (jnp.tanh(h), None), x, length=7)[0],
            (X,),
            Work(7 * 4 * 3, 0),
        ),
        (
            lambda x, w: lax.cond(True, lambda: looped(x, w), lambda: looped(x, w, 2)),
            (X, SQUARE),
            Work(7 * (4 * 3 * 3 + 4 * 3), 7),
        ),
    ],
)
def test_what_is_counted(function, arguments, expected):
    assert count(jax.make_jaxpr(function)(*arguments).jaxpr) == expected


def test_a_network_counts_by_rows_and_open_lengths_are_assumed():
    model = pellucid.Sequential([pellucid.Input((None, 3)), layers.Dense(5, use_bias=False)])
    two, four = (forward_work(model.network, rows).numbers for rows in (2, 4))
    product = 2 * 64 * 3 * 5
    assert product <= two <= 2 * product
    assert four == pytest.approx(2 * two, rel=0.01)


def test_an_open_length_is_one_that_the_network_takes():
    x = layers.Input((None, 4))
    places = layers.PositionEmbedding(10)(x)
    model = pellucid.Model(x, layers.Dense(3)(x + places))
    assert forward_work(model.network, 2).numbers >= 2 * 8 * 4 * 3


class FiveSteps(layers.Layer):
    def apply(self, weights, inputs, context):
        return inputs.reshape((inputs.shape[0], 5, 4))


def test_a_network_that_takes_none_of_the_lengths_is_left_on_one_core():
    model = pellucid.Sequential([layers.Input((None, 4)), FiveSteps()])
    assert forward_work(model.network, 2) == Work(0, 0)
    assert model.predict(np.ones((64, 5, 4))).shape == (64, 5, 4)
