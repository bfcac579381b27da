"""The layers and the strings that public Keras scripts use beyond the most used names."""

import keras
import numpy as np
import pytest

from models.keras_usage import OTHER_LAYERS, STRINGS, STRINGS_LATER
from pellucid import callbacks, initializers, layers, models, optimizers, utils

X = np.random.default_rng(0).normal(size=(40, 8)).astype("float32")
IMAGES, SEQUENCES = X.reshape(40, 4, 2, 1), X.reshape(40, 4, 2)
BINARY = (X[:, :1] > 0).astype("float32")
CLASSES = np.arange(40) % 6
NUMBERS = np.abs(X[:, :1]) + 1


def same(layer, inputs, expected, **options):
    """Say whether a layer gives what it should."""
    found = np.asarray(layer(inputs, **options))
    return found.shape == np.shape(expected) and np.allclose(found, expected, atol=1e-5)


# -- layers ---------------------------------------------------------------------------------------


def varies(layer):
    """Say whether a layer changes images while training alone."""
    still, moved = layer(IMAGES), layer(IMAGES, training=True)
    return np.array_equal(still, IMAGES) and not np.allclose(moved, IMAGES)


def flips():
    moved = np.asarray(layers.RandomFlip("horizontal")(IMAGES, training=True))
    pairs = zip(moved, IMAGES, IMAGES[:, :, ::-1], strict=True)
    found = [(np.array_equal(one, a), np.array_equal(one, b)) for one, a, b in pairs]
    return set(found) == {(True, False), (False, True)}


def separable():
    ones = {"depthwise_initializer": "ones", "pointwise_initializer": "ones"}
    windows = np.stack([IMAGES[:, row : row + 2].sum(axis=(1, 2)) for row in range(3)], axis=1)
    return same(layers.SeparableConv2D(2, 2, **ones), IMAGES, windows[:, :, None].repeat(2, -1))


def heads():
    layer = layers.MultiHeadAttention(num_heads=2, key_dim=3)
    seen, weights = layer(SEQUENCES, SEQUENCES, return_attention_scores=True)
    sums = np.asarray(weights).sum(axis=-1)
    return seen.shape == SEQUENCES.shape and np.allclose(sums, np.ones((40, 2, 4)), atol=1e-5)


def looks():
    scores = np.exp(SEQUENCES @ SEQUENCES.swapaxes(1, 2))
    expected = scores / scores.sum(axis=-1, keepdims=True) @ SEQUENCES
    return same(layers.Attention(), [SEQUENCES, SEQUENCES], expected)


def entered():
    model = models.Sequential()
    model.add(layers.InputLayer(shape=(8,)))
    model.add(layers.Dense(2))
    return model.predict(X, verbose=0).shape == (40, 2)


def ran():
    layer = layers.RNN(layers.SimpleRNNCell(3), input_shape=(4, 2))
    layer(SEQUENCES)
    kernel, recurrent, bias = layer.get_weights()
    state = np.zeros((40, 3))
    for step in range(4):
        state = np.tanh(SEQUENCES[:, step] @ kernel + state @ recurrent + bias)
    return same(layer, SEQUENCES, state)


NEAREST = IMAGES.repeat(2, axis=1).repeat(2, axis=2)


def counted():
    layer = layers.TextVectorization(output_mode="count")
    layer.adapt(["a cat", "a dog"])
    return layer(["a a cow"]).tolist() == [[1, 2, 0, 0]]


WORKS = {
    "TextVectorization": counted,
    "GlobalMaxPooling2D": lambda: same(layers.GlobalMaxPooling2D(), IMAGES, X.max(1)[:, None]),
    "Permute": lambda: same(layers.Permute((2, 1)), SEQUENCES, SEQUENCES.swapaxes(1, 2)),
    "SeparableConv2D": separable,
    "RandomRotation": lambda: varies(layers.RandomRotation(0.2)),
    "RandomFlip": flips,
    "MultiHeadAttention": heads,
    "InputLayer": entered,
    "GaussianNoise": lambda: varies(layers.GaussianNoise(0.1)),
    "GlobalAveragePooling1D": lambda: same(
        layers.GlobalAveragePooling1D(), SEQUENCES, SEQUENCES.mean(axis=1)
    ),
    "RandomZoom": lambda: varies(layers.RandomZoom(0.3)),
    "Convolution1D": lambda: layers.Convolution1D is layers.Conv1D,
    "Multiply": lambda: same(layers.Multiply(), [X, X + 1], X * (X + 1)),
    "AlphaDropout": lambda: varies(layers.AlphaDropout(0.2)),
    "dot": lambda: np.allclose(layers.dot([X, X], axes=1)[:, 0], (X**2).sum(1), atol=1e-5),
    "Resizing": lambda: same(layers.Resizing(8, 4, interpolation="nearest"), IMAGES, NEAREST),
    "Normalization": lambda: same(layers.Normalization(mean=1.0, variance=4.0), X, (X - 1) / 2),
    "RNN": ran,
    "SimpleRNNCell": ran,
    "Attention": looks,
    "RandomContrast": lambda: varies(layers.RandomContrast(0.5, value_range=(-9, 9))),
    "CenterCrop": lambda: same(layers.CenterCrop(2, 2), IMAGES, IMAGES[:, 1:3]),
    "Conv3D": lambda: same(
        layers.Conv3D(1, 2, kernel_initializer="ones"),
        X.reshape(40, 2, 2, 2, 1),
        X.sum(axis=1).reshape(40, 1, 1, 1, 1),
    ),
    "ELU": lambda: same(layers.ELU(), X, np.where(X > 0, X, np.exp(X) - 1)),
    "Cropping2D": lambda: same(layers.Cropping2D(((1, 2), (1, 0))), IMAGES, IMAGES[:, 1:2, 1:]),
}
"""A check of each layer, which returns True."""


def test_each_layer_stands_in_one_place():
    assert sorted(WORKS) == sorted(OTHER_LAYERS)


@pytest.mark.parametrize("name", WORKS)
def test_layer(name):
    assert WORKS[name]()


# -- strings --------------------------------------------------------------------------------------


def strings(argument):
    """Run a test for each string that scripts pass as `argument`."""
    here = [one for one in STRINGS[argument] if (argument, one) not in STRINGS_LATER]
    return pytest.mark.parametrize("name", here)


@strings("activation")
def test_activation(name):
    layer = layers.Dense(8, activation=name, kernel_initializer="identity")
    assert same(layer, X, keras.activations.get(name)(X))


@strings("optimizer")
def test_optimizer(name):
    ours, theirs = optimizers.get(name), keras.optimizers.get(name)
    assert type(ours).__name__ == type(theirs).__name__
    assert ours.learning_rate == pytest.approx(float(theirs.learning_rate))


@strings("kernel_initializer")
def test_kernel_initializer(name):
    expected = keras.initializers.get(name)
    for layer in (
        layers.Dense(3, kernel_initializer=name),
        layers.LSTM(3, kernel_initializer=name),
    ):
        ours = layer.kernel_initializer
        assert type(ours).__name__ == type(expected).__name__
        for key, value in expected.get_config().items():
            assert key == "seed" or getattr(ours, key) == value


@strings("merge_mode")
def test_merge_mode(name):
    layer = layers.Bidirectional(layers.SimpleRNN(3), merge_mode=name)
    layer(SEQUENCES)
    halves = np.split(np.arange(6), 2)
    parts = []
    for half, x in zip(halves, (SEQUENCES, SEQUENCES[:, ::-1]), strict=True):
        alone = layers.SimpleRNN(3)
        alone(x)
        alone.set_weights([layer.get_weights()[place] for place in half])
        parts.append(np.asarray(alone(x)))
    expected = sum(parts) if name == "sum" else np.concatenate(parts, axis=-1)
    assert same(layer, SEQUENCES, expected)


@strings("padding")
def test_padding(name):
    if name in ("post", "pre"):
        given = [[1, 2, 3], [4]]
        expected = [[1, 2, 3], [4, 0, 0] if name == "post" else [0, 0, 4]]
        assert utils.pad_sequences(given, padding=name).tolist() == expected
        return
    before = {"same": 1, "valid": 0, "causal": 2}[name]
    after = {"same": 1, "valid": 0, "causal": 0}[name]
    wide = np.pad(SEQUENCES, [(0, 0), (before, after), (0, 0)]).sum(axis=-1)
    steps = wide.shape[1] - 2
    expected = sum(wide[:, first : first + steps] for first in range(3))[..., None]
    assert same(layers.Conv1D(1, 3, padding=name, kernel_initializer="ones"), SEQUENCES, expected)


UNITS = {
    "categorical_crossentropy": (6, "softmax", np.eye(6, dtype="float32")[CLASSES]),
    "sparse_categorical_crossentropy": (6, "softmax", CLASSES),
    "kullback_leibler_divergence": (6, "softmax", np.full((40, 6), 1 / 6, "float32")),
    "categorical_hinge": (6, None, np.eye(6, dtype="float32")[CLASSES]),
    "binary_crossentropy": (1, "sigmoid", BINARY),
    "hinge": (1, "tanh", 2 * BINARY - 1),
    "squared_hinge": (1, "tanh", 2 * BINARY - 1),
    "mean_squared_logarithmic_error": (1, "relu", NUMBERS),
}
"""For losses of classes and the like: units and activation of the outputs, and labels."""


def model_for(loss, **compiling):
    units, activation, y = UNITS.get(loss, (1, None, NUMBERS))
    model = models.Sequential([layers.Input((8,)), layers.Dense(units, activation=activation)])
    model.compile(loss=loss, **compiling)
    return model, y


RENAMED = {"kullback_leibler_divergence": "kl_divergence", "logcosh": "log_cosh"}
"""What Keras 3 calls losses whose older names it no longer takes."""


@strings("loss")
def test_loss(name):
    model, y = model_for(name)
    found = model.evaluate(X, y, batch_size=40, verbose=0)
    expected = keras.losses.get(RENAMED.get(name, name))(y, model.predict(X, verbose=0))
    assert found == pytest.approx(float(np.mean(expected)), rel=1e-4)


MEASURED = {
    "accuracy": "binary_crossentropy",
    "acc": "binary_crossentropy",
    "sparse_categorical_accuracy": "sparse_categorical_crossentropy",
    "sparse_top_k_categorical_accuracy": "sparse_categorical_crossentropy",
}
"""With which loss metrics of classes are tried; the others with "mse"."""

BY_HAND = {
    "accuracy": lambda y, p: np.mean((p > 0.5) == y),
    "sparse_categorical_accuracy": lambda y, p: np.mean(p.argmax(axis=1) == y),
    "sparse_top_k_categorical_accuracy": lambda y, p: np.mean(p.argmin(axis=1) != y),
    "mae": lambda y, p: np.mean(np.abs(y - p)),
    "mse": lambda y, p: np.mean((y - p) ** 2),
    "RootMeanSquaredError": lambda y, p: np.sqrt(np.mean((y - p) ** 2)),
}
BY_HAND |= {
    "acc": BY_HAND["accuracy"],
    "mean_absolute_error": BY_HAND["mae"],
    "mean_squared_error": BY_HAND["mse"],
}


@pytest.fixture(scope="module")
def measured():
    """Return the value of every metric beside the labels and what the model predicts."""
    found = {}
    for loss in ("binary_crossentropy", "sparse_categorical_crossentropy", "mse"):
        names = [one for one in STRINGS["metrics"] if MEASURED.get(one, "mse") == loss]
        model, y = model_for(loss, metrics=names)
        values = model.evaluate(X, y, verbose=0, return_dict=True)
        guessed = model.predict(X, verbose=0)
        found |= {name: (values[name], y, guessed) for name in names}
    return found


@strings("metrics")
def test_metric(name, measured):
    value, y, guessed = measured[name]
    assert value == pytest.approx(BY_HAND[name](y, guessed), rel=1e-4)


@pytest.fixture(scope="module")
def monitored():
    """Return what was logged, and could be watched, of models with each spelling of a metric."""
    found = set()
    for loss, metric in (
        ("binary_crossentropy", "accuracy"),
        ("binary_crossentropy", "acc"),
        ("mse", "mae"),
    ):
        model, y = model_for(loss, metrics=[metric])
        names = ["loss", "val_loss", metric, f"val_{metric}"]
        stops = [callbacks.EarlyStopping(monitor=name, patience=9) for name in names]
        found |= {*model.fit(X, y, validation_split=0.25, callbacks=stops, verbose=0).history}
    return found


@strings("monitor")
def test_monitor(name, monitored):
    assert name in monitored


@strings("mode")
def test_mode(name):
    if name == "fan_avg":
        scaled = initializers.VarianceScaling(mode=name, distribution="uniform")((50, 70))
        assert np.abs(scaled).max() == pytest.approx(np.sqrt(3 / 60), rel=0.01)
    elif name == "horizontal":
        assert flips()
    else:
        # The loss falls in every epoch: who waits for it to rise waits for one epoch.
        model, y = model_for("mse", optimizer=optimizers.SGD(0.01))
        stop = callbacks.EarlyStopping(monitor="loss", mode=name, patience=1)
        loss = model.fit(X, y, epochs=4, callbacks=[stop], verbose=0).history["loss"]
        assert loss == sorted(loss, reverse=True)
        assert len(loss) == {"min": 4, "auto": 4, "max": 2}[name]
