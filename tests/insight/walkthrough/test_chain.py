"""The chain rule, scalar by scalar, beside gradients of networks written down independently."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import pellucid
from insight.walkthrough.networks import compiled
from pellucid import layers, losses, regularizers

X3 = np.array([[0.2, -0.4, 1.0], [1.1, 0.3, -0.7], [-0.9, 0.8, 0.1]], "float32")
Y3 = np.array([[0.3], [-0.2], [0.9]], "float32")
CLASSES = np.array([2, 0, 1])


def gradients_of(loss, weights):
    """Return jax.grad of a loss written down here, in float64."""
    with jax.enable_x64(True):
        wide = [jnp.asarray(one, jnp.float64) for one in weights]
        value, slopes = jax.value_and_grad(loss)(wide)
        return float(value), [np.asarray(one) for one in slopes]


def scalar_names(kernels, inputs):
    """Return the names w_ji, b_j of the scalars of Dense layers of these widths, flat."""
    names, before, first = [], range(1, inputs + 1), 1
    for units in kernels:
        own = range(first, first + units)
        comma = "," if own[-1] > 9 else ""
        names.append([f"dL/dw_{j}{comma}{i}" for i in before for j in own])
        names.append([f"dL/db_{j}" for j in own])
        before, first = own, first + units
    return names


def check(model, x, y, loss, widths):
    walk = model.walkthrough(x, y)
    value, slopes = gradients_of(loss, model.get_weights())
    assert walk["L"] == pytest.approx(value, rel=1e-13)
    assert walk.steps[0].loss == pytest.approx(value, rel=1e-13)
    for names, slope in zip(scalar_names(widths, 3), slopes, strict=True):
        for name, one in zip(names, slope.reshape(-1), strict=True):
            assert walk[name] == pytest.approx(one, rel=1e-12, abs=1e-15), name
    assert walk.agrees
    assert "DISAGREE" not in walk.text()
    return walk


def test_two_hidden_layers():
    model = compiled(
        layers.Input((3,)),
        layers.Dense(3, activation="tanh"),
        layers.Dense(2, activation="sigmoid"),
        layers.Dense(1),
    )

    def loss(w):
        h = jnp.tanh(X3[:1] @ w[0] + w[1])
        h = 1 / (1 + jnp.exp(-(h @ w[2] + w[3])))
        return jnp.mean((Y3[:1] - (h @ w[4] + w[5])) ** 2)

    check(model, X3[0], Y3[0], loss, [3, 2, 1])


def softmax_loss(w):
    z = jnp.maximum(X3 @ w[0] + w[1], 0) @ w[2] + w[3]
    p = jnp.exp(z) / jnp.exp(z).sum(axis=1, keepdims=True)
    return -jnp.mean(jnp.log(p[np.arange(3), CLASSES]))


@pytest.mark.parametrize("sparse", [True, False])
def test_softmax_and_crossentropy_of_three_rows(sparse):
    name = "sparse_categorical_crossentropy" if sparse else "categorical_crossentropy"
    model = compiled(
        layers.Input((3,)),
        layers.Dense(4, activation="relu"),
        layers.Dense(3, activation="softmax"),
        loss=name,
    )
    y = CLASSES if sparse else np.eye(3)[CLASSES]
    walk = check(model, X3, y, softmax_loss, [4, 3])
    rows = walk.steps[0].rows
    assert len(rows) == 3
    mean = sum(row[f"dL_{number}/dw_51"] for number, row in enumerate(rows, 1)) / 3
    assert walk["dL/dw_51"] == pytest.approx(mean, rel=1e-14)
    flat = " ".join(walk.text().split())
    assert "dL/dw_51 = (dL_1/dw_51 + dL_2/dw_51 + dL_3/dw_51) / 3 =" in flat


def test_the_slope_of_softmax_and_crossentropy_is_share_minus_label():
    model = compiled(
        layers.Input((3,)),
        layers.Dense(3, activation="softmax"),
        loss="sparse_categorical_crossentropy",
    )
    walk = model.walkthrough(X3[0], 2)
    for unit, label in ((1, 0), (2, 0), (3, 1)):
        expected = walk[f"out_{unit}"] - label
        assert walk[f"dL/din_{unit}"] == pytest.approx(expected, rel=1e-13)


def test_yes_or_no_with_smoothed_labels():
    model = compiled(
        layers.Input((3,)),
        layers.Dense(2, activation="softplus"),
        layers.Dense(1, activation="sigmoid"),
        loss=losses.BinaryCrossentropy(label_smoothing=0.2),
    )
    y = np.array([[1.0], [0.0], [1.0]])

    def loss(w):
        p = 1 / (1 + jnp.exp(-(jnp.log1p(jnp.exp(X3 @ w[0] + w[1])) @ w[2] + w[3])))
        t = 0.8 * y + 0.1
        return -jnp.mean(t * jnp.log(p) + (1 - t) * jnp.log(1 - p))

    # The training program smooths by 0.2 as data, in float64 too.
    check(model, X3, y, loss, [2, 1])


def test_penalties_on_weights_have_their_share():
    both = regularizers.L1L2(l1=0.02, l2=0.03)
    model = compiled(
        layers.Input((3,)),
        layers.Dense(2, activation="tanh", kernel_regularizer="l2", bias_regularizer=both),
        layers.Dense(1),
    )

    def loss(w):
        out = jnp.tanh(X3 @ w[0] + w[1]) @ w[2] + w[3]
        penalty = 0.01 * (w[0] ** 2).sum() + 0.02 * abs(w[1]).sum() + 0.03 * (w[1] ** 2).sum()
        return jnp.mean((Y3 - out) ** 2) + penalty

    walk = check(model, X3, Y3, loss, [2, 1])
    flat = " ".join(walk.text().split())
    assert "/ 3 + 2 · lambda_2 · w_11 =" in flat
    assert "R is the penalty on the weights: L2() on dense/kernel" in flat


@pytest.mark.parametrize(
    "loss", ["mae", losses.Huber(delta=0.3), "log_cosh", losses.MeanSquaredError(reduction="sum")]
)
def test_losses_of_several_outputs(loss):
    model = compiled(layers.Input((3,)), layers.Dense(2, activation="tanh"), loss=loss)
    y = np.array([[0.3, 0.9], [-0.2, 0.1], [0.9, -0.5]], "float32")

    def by_hand(w):
        e = y - jnp.tanh(X3 @ w[0] + w[1])
        if loss == "mae":
            return jnp.mean(abs(e))
        if loss == "log_cosh":
            return jnp.mean(jnp.log(jnp.cosh(e)))
        if isinstance(loss, losses.Huber):
            return jnp.mean(jnp.where(abs(e) <= 0.3, e**2 / 2, 0.3 * abs(e) - 0.3**2 / 2))
        return jnp.sum(jnp.mean(e**2, axis=1))

    check(model, X3, y, by_hand, [2])


QUICK = ("gelu", "relu", "sparsemax")
NAMES = sorted(set(pellucid.activations.ACTIVATIONS) - {"glu", "threshold"})
"""Activations that keep the number of units and need no further number."""


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=() if one in QUICK else pytest.mark.slow) for one in NAMES]
)
def test_every_activation_of_the_library_is_walked(name):
    model = compiled(layers.Input((3,)), layers.Dense(2, activation=name), layers.Dense(1))
    walk = model.walkthrough(X3[0], Y3[0])
    assert walk.detail == "scalars"
    function = pellucid.activations.get(name)

    def loss(w):
        return jnp.mean((Y3[:1] - (function(X3[:1] @ w[0] + w[1]) @ w[2] + w[3])) ** 2)

    check(model, X3[0], Y3[0], loss, [2, 1])


def test_layers_between_are_walked_too():
    model = compiled(
        layers.Input((3, 1)),
        layers.Rescaling(2.0, offset=0.5),
        layers.Flatten(),
        layers.Dense(2, name="wide"),
        layers.Activation("sigmoid"),
        layers.LeakyReLU(0.3),
        layers.Dense(1, name="last"),
    )
    walk = model.walkthrough(X3[0][:, None], Y3[0])
    assert walk.detail == "scalars"
    assert walk.agrees
    w = [one.astype("float64") for one in model.get_weights()]
    hidden = 1 / (1 + np.exp(-((2 * X3[:1].astype("float64") + 0.5) @ w[0] + w[1])))
    e = Y3[0, 0] - (hidden @ w[2] + w[3])[0, 0]
    # Inputs 1 to 3, rescaled 1 to 3, sums 4 and 5, sigmoids 6 and 7, rectified 8 and 9, output 10.
    assert walk["e_10"] == pytest.approx(e, rel=1e-12)
    slope = -2 * e * w[2][0, 0] * hidden[0, 0] * (1 - hidden[0, 0])
    assert walk["dL/dw_42"] == pytest.approx(slope * (2 * X3[0, 1] + 0.5), rel=1e-6)


def test_dropout_shows_the_mask_that_training_draws():
    model = compiled(
        layers.Input((3,)),
        layers.Dense(4, activation="tanh"),
        layers.Dropout(0.5),
        layers.Dense(1),
        optimizer=pellucid.optimizers.SGD(0.125),
    )
    walk = model.walkthrough(X3, Y3)
    masks = [
        [row[f"dout_{unit + 4}/din_{unit + 4}"] for unit in (1, 2, 3, 4)]
        for row in walk.steps[0].rows
    ]
    assert {value for row in masks for value in row} == {0.0, 2.0}
    assert walk.agrees

    def loss(w):
        out = (np.array(masks) * jnp.tanh(X3 @ w[0] + w[1])) @ w[2] + w[3]
        return jnp.mean((Y3 - out) ** 2)

    value, _ = gradients_of(loss, model.get_weights())
    assert walk["L"] == pytest.approx(value, rel=1e-12)
    history = model.fit(X3, Y3, batch_size=3, epochs=1, shuffle=False, verbose=0)
    assert history.history["loss"][0] == pytest.approx(walk["L"], rel=1e-5)
    assert model.get_weights()[3][0] == pytest.approx(walk.steps[0].after["b_9"], rel=1e-5)


def test_frozen_layers_have_no_gradient():
    first = layers.Dense(2, activation="tanh", trainable=False)
    model = compiled(layers.Input((3,)), first, layers.Dense(1))
    walk = model.walkthrough(X3[0], Y3[0])
    assert "dL/dw_31" in walk.steps[0].numbers
    assert "dL/dw_11" not in walk.steps[0].numbers
    assert "dense/kernel[0, 0], not trained" in walk.text()
