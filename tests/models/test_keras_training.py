"""Whole fits beside Keras on JAX: same rows, same weights to begin with, no shuffling."""

import keras
import numpy as np
import pytest

import pellucid

GENERATOR = np.random.default_rng(11)
X = GENERATOR.normal(size=(75, 6)).astype("float32")
BINARY = (X[:, :1] * X[:, 1:2] > 0).astype("float32")
CLASSES = np.digitize(X[:, 0] + X[:, 1], [-0.7, 0.7]).astype("int32")
NUMBER = (X @ np.arange(6.0)[:, None] / 5).astype("float32")
WEIGHT = GENERATOR.uniform(0.1, 2, size=75).astype("float32")


def pair(members, **settings):
    """Return a Pellucid and a Keras model made by the same code, with the same weights."""

    def make(library):
        layers, regularizers = library.layers, library.regularizers
        model = library.Sequential([library.Input((6,)), *members(layers, regularizers)])
        return model

    ours, theirs = make(pellucid), make(keras)
    theirs.set_weights([np.asarray(one) for one in ours.get_weights()])
    ours.compile(**settings)
    theirs.compile(**settings)
    return ours, theirs


def mlp(units, activation):
    def members(layers, regularizers):
        return [layers.Dense(8, activation="relu"), layers.Dense(units, activation=activation)]

    return members


def regularised(layers, regularizers):
    return [
        layers.Dense(
            8,
            activation="tanh",
            kernel_regularizer=regularizers.L2(0.01),
            bias_regularizer="l1",
            activity_regularizer=regularizers.L1(0.003),
        ),
        layers.Dense(1, kernel_constraint="non_neg"),
    ]


def normalised(layers, regularizers):
    # No bias: what is normalised after it has none left, so its gradient is rounding, which Adam
    # divides by its own size to whole steps.
    return [
        layers.Dense(8, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Dense(1),
    ]


def convolutional(layers, regularizers):
    return [
        layers.Reshape((3, 2, 1)),
        layers.Conv2D(4, 2, padding="same", activation="relu", kernel_regularizer="l2"),
        layers.MaxPooling2D(2, strides=1),
        layers.SeparableConv2D(3, (2, 1), padding="same", activation="tanh"),
        layers.Conv2DTranspose(2, 2, strides=2),
        layers.DepthwiseConv2D(2),
        layers.AveragePooling2D((2, 1)),
        layers.GlobalAveragePooling2D(),
        layers.Dense(1),
    ]


CASES = {
    "binary": (
        mlp(1, "sigmoid"),
        {"optimizer": "adam", "loss": "binary_crossentropy", "metrics": ["accuracy", "auc"]},
        BINARY,
        {},
    ),
    "classes": (
        mlp(3, "softmax"),
        {
            "optimizer": "rmsprop",
            "loss": "sparse_categorical_crossentropy",
            "metrics": ["accuracy", "sparse_top_k_categorical_accuracy"],
        },
        CLASSES,
        {},
    ),
    "one-hot": (
        mlp(3, "softmax"),
        {"optimizer": "sgd", "loss": "categorical_crossentropy", "metrics": ["acc"]},
        np.eye(3, dtype="float32")[CLASSES],
        {},
    ),
    "number": (
        mlp(1, None),
        {"optimizer": "nadam", "loss": "mse", "metrics": ["mae", "mse"]},
        NUMBER,
        {},
    ),
    "regularised": (regularised, {"optimizer": "adam", "loss": "mse"}, NUMBER, {}),
    "convolutional": (convolutional, {"optimizer": "adam", "loss": "mse"}, NUMBER, {}),
    "normalised": (normalised, {"optimizer": "adam", "loss": "mae"}, NUMBER, {}),
    "sample weights": (
        mlp(1, None),
        {"optimizer": "adam", "loss": "mse", "metrics": ["mae"], "weighted_metrics": ["mae"]},
        NUMBER,
        {"sample_weight": WEIGHT},
    ),
    "class weights": (
        mlp(3, "softmax"),
        {"optimizer": "adam", "loss": "sparse_categorical_crossentropy"},
        CLASSES,
        {"class_weight": {0: 1.0, 1: 3.0, 2: 0.5}},
    ),
    "validation": (
        mlp(1, "sigmoid"),
        {"optimizer": "adam", "loss": "binary_crossentropy", "metrics": ["accuracy"]},
        BINARY,
        {"validation_split": 0.25},
    ),
    "validation data": (
        mlp(1, None),
        {"optimizer": "adagrad", "loss": "mse", "metrics": ["mae"]},
        NUMBER,
        {"validation_data": (X[:31], NUMBER[:31])},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_history_weights_and_scores_are_those_of_keras(name):
    members, settings, y, options = CASES[name]
    ours, theirs = pair(members, **settings)
    chosen = {"epochs": 3, "batch_size": 16, "shuffle": False, "verbose": 0} | options
    found = ours.fit(X, y, **chosen).history
    expected = theirs.fit(X, y, **chosen).history
    assert set(found) == set(expected)
    for key, values in expected.items():
        np.testing.assert_allclose(found[key], values, rtol=2e-4, atol=2e-5, err_msg=key)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)
    theirs.set_weights([np.asarray(one) for one in ours.get_weights()])
    scores = ours.evaluate(X, y, verbose=0, return_dict=True)
    for key, value in theirs.evaluate(X, y, verbose=0, return_dict=True).items():
        assert scores[key] == pytest.approx(float(value), rel=1e-4, abs=1e-5), key
    np.testing.assert_allclose(
        ours.predict(X, verbose=0), theirs.predict(X, verbose=0), rtol=1e-4, atol=1e-5
    )


def two_headed(library):
    layers = library.layers
    a = library.Input((4,), name="a")
    b = library.Input((2,), name="b")
    hidden = layers.Dense(8, activation="relu", name="hidden")(a)
    number = layers.Dense(1, name="number")(layers.concatenate([hidden, b]))
    classes = layers.Dense(3, activation="softmax", name="classes")(hidden)
    return library.Model([a, b], [number, classes])


def test_several_inputs_and_outputs():
    ours, theirs = two_headed(pellucid), two_headed(keras)
    for name in ("hidden", "number", "classes"):
        theirs.get_layer(name).set_weights(ours.get_layer(name).get_weights())
    x = {"a": X[:, :4], "b": X[:, 4:]}
    y = {"number": NUMBER, "classes": CLASSES}
    histories = []
    for model, order in ((ours, list), (theirs, list)):
        model.compile(
            "adam",
            loss=order(["mse", "sparse_categorical_crossentropy"]),
            loss_weights=[0.5, 2.0],
            metrics=[["mae"], ["accuracy"]],
        )
        labels = y if model is ours else [y["number"], y["classes"]]
        histories.append(
            model.fit(x, labels, epochs=3, batch_size=16, shuffle=False, verbose=0).history
        )
    found, expected = histories
    assert set(found) == set(expected)
    for key in expected:
        np.testing.assert_allclose(found[key], expected[key], rtol=2e-4, atol=1e-5, err_msg=key)


def test_a_shared_layer_gets_the_sum_of_its_gradients():
    def make(library):
        shared = library.layers.Dense(3, activation="tanh", name="shared")
        a, b = library.Input((6,)), library.Input((6,))
        joined = library.layers.Subtract()([shared(a), shared(b)])
        return library.Model([a, b], library.layers.Dense(1, name="end")(joined))

    ours, theirs = make(pellucid), make(keras)
    for name in ("shared", "end"):
        theirs.get_layer(name).set_weights(ours.get_layer(name).get_weights())
    for model in (ours, theirs):
        model.compile("sgd", "mse")
        model.fit([X, X[::-1].copy()], NUMBER, epochs=2, batch_size=16, shuffle=False, verbose=0)
    assert len(ours.get_weights()) == 4
    np.testing.assert_allclose(
        ours.get_layer("shared").get_weights()[0],
        theirs.get_layer("shared").get_weights()[0],
        rtol=1e-4,
        atol=1e-5,
    )


def test_a_frozen_layer_stays():
    def members(layers, regularizers):
        return [layers.Dense(4, name="first"), layers.BatchNormalization(), layers.Dense(1)]

    ours, theirs = pair(members, optimizer="adam", loss="mse")
    for model in (ours, theirs):
        model.layers[0].trainable = False
        model.layers[1].trainable = False
        model.compile("adam", "mse")
    before = ours.layers[0].get_weights()
    moving = ours.layers[1].get_weights()
    for model in (ours, theirs):
        model.fit(X, NUMBER, epochs=2, batch_size=16, shuffle=False, verbose=0)
    np.testing.assert_array_equal(before[0], ours.layers[0].get_weights()[0])
    np.testing.assert_array_equal(moving[2], ours.layers[1].get_weights()[2])
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
    assert [len(ours.trainable_weights), len(ours.non_trainable_weights)] == [
        len(theirs.trainable_weights),
        len(theirs.non_trainable_weights),
    ]


def test_train_on_batch_takes_the_same_steps():
    ours, theirs = pair(mlp(1, None), optimizer="adam", loss="mse")
    for start in (0, 16, 32):
        ours.train_on_batch(X[start : start + 16], NUMBER[start : start + 16])
        theirs.train_on_batch(X[start : start + 16], NUMBER[start : start + 16])
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
