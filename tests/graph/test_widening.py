"""Networks with wider layers, zeros in what is added, compute and learn what narrow ones do."""

from typing import Any

import jax
import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.constraints import FunctionConstraint, MaxNorm
from pellucid.graph.widening import CARRYING, DRAWING, places_within
from pellucid.layers.context import Context
from pellucid.regularizers import L1, L2, OrthogonalRegularizer

RNG = np.random.default_rng(0)
ROWS, STEPS, SIDE = 6, 4, 5
SHAPES = {2: (3,), 3: (STEPS, 2), 4: (SIDE, SIDE, 2), 5: (3, 3, 3, 2)}
"""A shape of inputs for each number of axes."""


def network(inner, shape=(3,), head=1):
    return pellucid.Sequential([layers.Input(shape), *inner, layers.Dense(head)], seed=3).network


def around(kind, width):
    """Return the layers between input and head that make a layer of this class `width` wide."""
    if kind is layers.Embedding:
        return [layers.Embedding(9, width, input_shape=(STEPS,)), layers.GlobalMaxPooling1D()]
    if kind in (layers.SimpleRNN, layers.LSTM, layers.GRU):
        return [layers.Dense(width), kind(width, return_sequences=True), kind(width)]
    if issubclass(kind, (layers.Conv1D, layers.Conv2D, layers.Conv3D)):
        return [kind(width, 2, activation="relu"), kind(width, 2), layers.Flatten()]
    if kind is layers.Dense:
        return [layers.Dense(width, "gelu", kernel_regularizer=L2(0.1)), layers.Dense(width)]
    made = kind("tanh") if kind is layers.Activation else kind(*arguments(kind))
    return [layers.Dense(width), made, *([] if kind is layers.Flatten else [layers.Flatten()])]


def arguments(kind):
    if kind in DRAWING:
        return [0.4]
    return [2] if "AveragePooling" in kind.__name__ and "Global" not in kind.__name__ else []


def axes_of(kind):
    if kind is layers.Embedding:
        return None
    name = kind.__name__
    spatial = next((int(name[-2]) for n in "123" if name.endswith(f"{n}D")), None)
    if kind in (layers.SimpleRNN, layers.LSTM, layers.GRU):
        return 3
    return 2 if spatial is None and kind is not layers.Flatten else (spatial or 1) + 2


def pair(kind):
    axes = axes_of(kind)
    shape = (STEPS,) if axes is None else SHAPES[axes]
    return shape, [network(around(kind, width), shape) for width in (3, 5)]


def gradients(net, values, x):
    def loss(values):
        done = net.apply(values, [x], Context(training=True, key=np.uint32(7)))
        return (done.outputs[0] ** 2).mean() + net.penalty(values) + done.penalty, done.outputs[0]

    found, outputs = jax.grad(loss, has_aux=True)(values)
    return [np.asarray(one) for one in found], np.asarray(outputs)


@pytest.mark.parametrize("kind", CARRYING, ids=lambda kind: kind.__name__)
def test_every_layer_of_the_table_computes_and_learns_the_same_within_a_wider_network(kind):
    shape, (own, wider) = pair(kind)
    x = RNG.normal(size=(ROWS, *shape)).astype(np.float32)
    if kind is layers.Embedding:
        x = RNG.integers(0, 9, (ROWS, STEPS)).astype(np.int32)
    places = places_within(own, wider)
    assert places is not None
    values = [RNG.normal(size=one.spec.shape).astype(np.float32) for one in own.weights]
    padded = []
    for value, kept, weight in zip(values, places, wider.weights, strict=True):
        flat = np.zeros(weight.spec.size, np.float32)
        flat[kept] = value.ravel()
        padded.append(flat.reshape(weight.spec.shape))
    expected, outputs = gradients(own, values, x)
    found, same = gradients(wider, padded, x)
    np.testing.assert_allclose(same, outputs, rtol=2e-5, atol=1e-6)
    assert any(one.size > other.size for one, other in zip(found, expected, strict=True))
    for one, other, kept, number in zip(found, expected, places, range(len(values)), strict=True):
        if number not in own.trained:
            continue
        np.testing.assert_allclose(one.ravel()[kept], other.ravel(), rtol=2e-4, atol=1e-5)
        assert not np.delete(one.ravel(), kept).any()


class Other(layers.Dense):
    """A layer of one's own."""


def hidden(width, activation: Any = "relu", **options):
    return layers.Dense(width, activation, **options)


APART = {
    "an activation that gives more than 0 for 0": lambda width: [hidden(width, "sigmoid")],
    "an activation over all features": lambda width: [hidden(width, "softmax")],
    "a function of one's own": lambda width: [hidden(width, lambda x: x)],
    "a layer as an activation": lambda width: [hidden(width, layers.ReLU(threshold=0.5))],
    "a mean over features": lambda width: [hidden(width), layers.LayerNormalization()],
    "noise that is added": lambda width: [hidden(width), layers.GaussianNoise(0.1)],
    "a layer of one's own": lambda width: [Other(width, "relu")],
    "another axis": lambda width: [hidden(width), layers.BatchNormalization(axis=1)],
    "a penalty over all units": lambda width: [
        hidden(width, kernel_regularizer=OrthogonalRegularizer())
    ],
    "a penalty with a slope at 0": lambda width: [hidden(width, kernel_regularizer=L1(0.1))],
    "a penalty on outputs": lambda width: [
        hidden(width, activity_regularizer=OrthogonalRegularizer())
    ],
    "a bound of one's own": lambda width: [
        hidden(width, kernel_constraint=FunctionConstraint(lambda kernel: kernel + 1))
    ],
    "masks by the place of a flat feature": lambda width: [
        layers.Reshape((3, 1)),
        hidden(width),
        layers.Flatten(),
        layers.Dropout(0.2),
    ],
    "gates over all units": lambda width: [
        layers.Reshape((3, 1)),
        layers.LSTM(width, recurrent_activation=pellucid.activations.softmax),
    ],
    "another number of layers": lambda width: [hidden(4) for _ in range(width)],
    "another activation": lambda width: [hidden(width, "relu" if width == 3 else "tanh")],
    "another kernel": lambda width: [layers.Reshape((9 // 3, 1)), layers.Conv1D(2, width - 2)],
}


@pytest.mark.parametrize("inner", APART.values(), ids=APART)
def test_what_would_not_learn_the_same_is_left_apart(inner):
    assert places_within(network(inner(3)), network(inner(5))) is None


def test_outputs_are_of_one_width():
    assert places_within(network([hidden(3)], head=1), network([hidden(3)], head=2)) is None


def test_a_number_of_features_that_is_left_open_is_left_apart():
    own, wider = (
        pellucid.Sequential([layers.Input((None, 1)), hidden(width), layers.Flatten()]).network
        for width in (3, 5)
    )
    assert own.shapes[-1] == wider.shapes[-1] == (None,)
    assert places_within(own, wider) is None


def test_a_layer_that_is_called_twice_is_left_apart():
    def made(width):
        x = layers.Input((2, 3))
        inner, shared = layers.Dense(width, "relu")(x), layers.Dense(4)
        steps = layers.GlobalMaxPooling1D()(layers.Dense(2 * width, "relu")(inner))
        return pellucid.Model(x, [shared(layers.Flatten()(inner)), shared(steps)]).network

    assert places_within(made(3), made(5)) is None


def test_a_narrower_network_holds_no_wider_one():
    narrow, wide = (network([hidden(width)]) for width in (3, 5))
    assert places_within(wide, narrow) is None


def test_bounds_of_weights_stay_and_equal_networks_are_their_own_places():
    own, wider = (network([hidden(width, kernel_constraint=MaxNorm(1.0))]) for width in (3, 5))
    assert places_within(own, wider) is not None
    same = places_within(own, own)
    assert same is not None
    assert [one.tolist() for one in same] == [[*range(w.spec.size)] for w in own.weights]


def test_gates_and_flat_positions_keep_their_zeros_apart():
    own, wider = (network([layers.LSTM(width)], (STEPS, 1)) for width in (2, 3))
    places = places_within(own, wider)
    assert places is not None
    names = [weight.name for weight in own.weights]
    assert places[names.index("bias")].tolist() == [0, 1, 3, 4, 6, 7, 9, 10]
    assert places[names.index("recurrent_kernel")].reshape(2, 8)[1].tolist() == [
        12, 13, 15, 16, 18, 19, 21, 22
    ]  # fmt: skip
    own, wider = (
        network([layers.Conv1D(width, 2), layers.Flatten()], (STEPS, 1)) for width in (2, 3)
    )
    places = places_within(own, wider)
    assert places is not None
    heads = [one.tolist() for one, weight in zip(places, own.weights, strict=True)]
    assert heads[2] == [0, 1, 3, 4, 6, 7]
