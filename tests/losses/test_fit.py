"""Losses that look across rows, or leave some out, train as in Keras, with a ragged last batch."""

import jax.numpy as jnp
import keras
import numpy as np
import pytest

import pellucid

ROWS, BATCH = 10, 4
random = np.random.default_rng(0)
X = random.normal(size=(ROWS, 3)).astype("float32")
CLASSES = random.integers(0, 3, ROWS)
BITS = random.integers(0, 2, (ROWS, 1)).astype("float32")
KERNEL = random.normal(size=(3, 3)).astype("float32")


def root_mean_square(y_true, y_pred):
    """One number for the whole batch, as in many scripts."""
    return jnp.sqrt(jnp.mean((y_true - y_pred) ** 2))


CASES = {
    "ignore_class": (
        lambda library: library.losses.SparseCategoricalCrossentropy(ignore_class=1),
        CLASSES,
        "softmax",
    ),
    "dice": (lambda library: library.losses.Dice(), BITS, "sigmoid"),
    "tversky": (lambda library: library.losses.Tversky(alpha=0.7), BITS, "sigmoid"),
    "one number a batch": (lambda library: root_mean_square, BITS, "sigmoid"),
    "hinge": (lambda library: library.losses.Hinge(), BITS, "tanh"),
}


def fitted(library, make, y, activation):
    """Return the losses and weights of a small model after two epochs."""
    units = 1 if y.ndim > 1 else 3
    layer = library.layers.Dense(units, activation=activation)
    model = library.Sequential([library.layers.Input(shape=(3,)), layer])
    model.compile("sgd", make(library))
    model.set_weights([KERNEL[:, :units], np.zeros(units, "float32")])
    history = model.fit(X, y, batch_size=BATCH, epochs=2, shuffle=False, verbose=0)
    return history.history["loss"], model.get_weights()


@pytest.mark.parametrize("name", CASES)
def test_two_epochs(name):
    ours, theirs = (fitted(library, *CASES[name]) for library in (pellucid, keras))
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-5)
    for mine, other in zip(ours[1], theirs[1], strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-7)
