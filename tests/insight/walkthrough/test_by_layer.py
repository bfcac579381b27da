"""The view by layers, of networks that are too large or too wound for single scalars."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import pellucid
from pellucid import layers


def convolution():
    return pellucid.Sequential(
        [
            layers.Input((6, 6, 1)),
            layers.Conv2D(3, 3, activation="relu", name="look"),
            layers.MaxPooling2D(2),
            layers.BatchNormalization(name="norm"),
            layers.Flatten(),
            layers.Dropout(0.25),
            layers.Dense(3, activation="softmax", name="last"),
        ]
    )


def memory():
    return pellucid.Sequential(
        [
            layers.Input((5,), dtype="int32"),
            layers.Embedding(7, 4, mask_zero=True, name="words"),
            layers.LSTM(3, name="read"),
            layers.Dense(3, activation="softmax", name="last"),
        ]
    )


def gated():
    return pellucid.Sequential(
        [
            layers.Input((5, 2)),
            layers.Bidirectional(layers.GRU(3), name="read"),
            layers.Dense(3, activation="softmax", name="last"),
        ]
    )


def attention():
    x = layers.Input((5, 4))
    seen = layers.MultiHeadAttention(2, 3, name="look")(x, x)
    both = layers.LayerNormalization(name="norm")(layers.Add()([x, seen]))
    flat = layers.GlobalAveragePooling1D()(both)
    return pellucid.Model(x, layers.Dense(3, activation="softmax", name="last")(flat))


RNG = np.random.default_rng(4)
WORDS = np.array([[1, 2, 3, 0, 0], [4, 5, 6, 1, 2], [3, 3, 0, 0, 0], [2, 1, 6, 5, 4]])
CASES = {
    "convolution": (convolution, RNG.standard_normal((4, 6, 6, 1))),
    "memory": (memory, WORDS),
    "gated": (gated, RNG.standard_normal((4, 5, 2))),
    "attention": (attention, RNG.standard_normal((4, 5, 4))),
}
LABELS = np.array([0, 2, 1, 2])


@pytest.fixture(scope="module", params=CASES)
def walked(request):
    make, x = CASES[request.param]
    model = make()
    model.compile(pellucid.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model, x, model.walkthrough(x, LABELS, steps=2)


def test_automatic_gradients_and_differences_agree(walked):
    _, _, walk = walked
    assert walk.detail == "layers"
    assert walk.agrees, walk.text()
    for step in walk.steps:
        assert step.agreement.difference_error < 1e-7
        assert not step.agreement.having("kink")


def test_losses_are_those_of_fit(walked):
    model, x, walk = walked
    before = model.get_weights()
    history = model.fit(x, LABELS, batch_size=4, epochs=2, shuffle=False, verbose=0)
    np.testing.assert_allclose(
        history.history["loss"], [step.loss for step in walk.steps], rtol=1e-4
    )
    moved = {
        path: float(np.sqrt(np.mean(np.square(array, dtype="float64"))))
        for path, array in model.variables_by_path.items()
    }
    model.set_weights(before)
    first = walk.steps[0]
    assert {one.path for one in first.weights} <= set(moved)
    for one, again in zip(first.weights, walk.steps[1].weights, strict=True):
        rms = float(np.sqrt(np.mean(np.square(model.variables_by_path[one.path], dtype="float64"))))
        assert one.rms == pytest.approx(rms, rel=1e-6)
        assert again.update > 0
        assert one.largest[0].gradient == pytest.approx(_largest(one), rel=1e-12)


def _largest(weight):
    return max((entry.gradient for entry in weight.largest), key=abs)


def test_every_layer_and_weight_is_told(walked):
    model, _, walk = walked
    text = walk.text()
    for layer in model.layers:
        assert layer.name in text
    for path in model.variables_by_path:
        if "moving" not in path:
            assert path in text
    shown = {one.path: one for one in walk.steps[0].layers}
    assert shown["last"].gives == (4, 3)
    assert shown["last"].signal is not None


def test_signals_are_gradients_by_what_layers_give():
    model = pellucid.Sequential(
        [layers.Input((4, 3)), layers.Dense(2, name="wide"), layers.Flatten(), layers.Dense(1)]
    )
    model.compile("sgd", "mse")
    x, y = RNG.standard_normal((2, 4, 3)).astype("float32"), np.array([[1.0], [2.0]])
    walk = model.walkthrough(x, y)
    kernel, bias, last, offset = (one.astype("float64") for one in model.get_weights())
    hidden = x.astype("float64") @ kernel + bias

    def loss(h):
        return jnp.mean((y - (h.reshape(2, 8) @ last + offset)) ** 2)

    with jax.enable_x64(True):
        signal = np.asarray(jax.grad(loss)(jnp.asarray(hidden)))
    wide = next(one for one in walk.steps[0].layers if one.path == "wide")
    assert wide.takes == ((2, 4, 3),)
    assert wide.gives == (2, 4, 2)
    assert wide.rms == pytest.approx(np.sqrt(np.mean(hidden**2)), rel=1e-12)
    assert wide.signal == pytest.approx(np.sqrt(np.mean(signal**2)), rel=1e-12)
    told = walk.steps[0].weights[0]
    slope = np.einsum("bsi,bsj->ij", x.astype("float64"), signal)
    assert told.gradient == pytest.approx(np.sqrt(np.mean(slope**2)), rel=1e-12)
    assert told.largest[0].gradient == pytest.approx(slope.flat[abs(slope).argmax()], rel=1e-12)
    assert told.largest[0].after == pytest.approx(
        told.largest[0].before - 0.01 * told.largest[0].gradient, rel=1e-12
    )
    assert told.ratio == pytest.approx(told.update / told.rms)
