"""Every much-used name and keyword of Keras works as documented, or is listed as coming later."""

import inspect
import operator

import keras
import numpy as np
import pytest
from keras.src.legacy.preprocessing import image as legacy_image

import pellucid
from models.keras_usage import KEYWORDS, LATER, NAMES
from pellucid import callbacks, layers, losses, metrics, models, optimizers, regularizers, utils

X = np.random.default_rng(0).normal(size=(40, 8)).astype("float32")
Y = (X[:, :1] > 0).astype("float32")
CLASSES = np.arange(40) % 3
IMAGES = X.reshape(40, 4, 2, 1)
SEQUENCES = X.reshape(40, 4, 2)


def make(**settings):
    model = models.Sequential()
    model.add(layers.Dense(12, input_dim=8, activation="relu", name="first"))
    model.add(layers.Dense(1, activation="sigmoid"))
    settings = {"loss": "binary_crossentropy", "optimizer": "adam"} | settings
    model.compile(metrics=["accuracy"], **settings)
    return model


def trained():
    model = make()
    model.fit(X, Y, epochs=1, verbose=0)
    return model


def compute(layer, *inputs):
    return np.asarray(layer(inputs[0] if len(inputs) == 1 else list(inputs)))


class Doubler(layers.Layer):
    def apply(self, weights, inputs, context):
        return 2 * inputs


class Counter(callbacks.Callback):
    def __init__(self):
        self.epochs = 0

    def on_epoch_end(self, epoch, logs=None):
        self.epochs += 1
        assert "loss" in logs
        assert self.model is not None


def run_counter():
    counter = Counter()
    make().fit(X, Y, epochs=3, verbose=0, callbacks=[counter])
    return counter.epochs == 3


def round_trip(tmp_path):
    model = trained()
    model.save(tmp_path / "model.pellucid")
    loaded = models.load_model(tmp_path / "model.pellucid")
    return np.array_equal(loaded.predict(X, verbose=0), model.predict(X, verbose=0))


def weights_round_trip(tmp_path):
    model, other = trained(), make()
    model.save_weights(tmp_path / "model.weights.pellucid")
    other.load_weights(tmp_path / "model.weights.pellucid")
    return np.array_equal(other.predict(X, verbose=0), model.predict(X, verbose=0))


def set_weights():
    model, other = trained(), make()
    other.set_weights(model.get_weights())
    return np.array_equal(other.predict(X, verbose=0), model.predict(X, verbose=0))


def checkpointed(tmp_path):
    path = tmp_path / "best-{epoch:02d}.pellucid"
    saver = callbacks.ModelCheckpoint(
        filepath=path, monitor="loss", save_best_only=True, mode="min", verbose=0
    )
    make().fit(X, Y, epochs=3, verbose=0, callbacks=[saver])
    return (tmp_path / "best-01.pellucid").exists()


def custom_loss_metric():
    made = metrics.Mean()
    made.update_state(2.0)
    made.update_state(4.0)
    return float(made.result()) == 3.0


def summarised(capsys):
    make().summary()
    return "Dense" in capsys.readouterr().out


def convolved():
    model = models.Sequential()
    model.add(layers.Conv2D(4, (2, 2), activation="relu", padding="same", input_shape=(4, 2, 1)))
    model.add(layers.MaxPooling2D(pool_size=(2, 2)))
    model.add(layers.Flatten())
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    history = model.fit(IMAGES, Y, epochs=2, batch_size=16, verbose=0).history
    return model.count_params() == 20 + 9 and len(history["loss"]) == 2


def recurrent(layer, **options):
    """Train a recurrent network of an old script: `input_shape`, `return_sequences`."""
    model = models.Sequential()
    model.add(layer(5, return_sequences=True, input_shape=(4, 2), **options))
    model.add(layer(3))
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    history = model.fit(SEQUENCES, Y, epochs=2, batch_size=16, verbose=0).history
    return model.layers[0].output.shape == (None, 4, 5) and len(history["loss"]) == 2


def words():
    reviews = utils.pad_sequences([[1, 2, 3], [4], [5, 6]] * 5, maxlen=6)
    model = models.Sequential()
    model.add(layers.Embedding(7, 4, input_length=6))
    model.add(layers.Bidirectional(layers.LSTM(3, return_sequences=True)))
    model.add(layers.TimeDistributed(layers.Dense(2, activation="relu")))
    model.add(layers.Flatten())
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam")
    model.fit(reviews, np.arange(15) % 2, epochs=1, verbose=0)
    shapes = [layer.output.shape for layer in model.layers]
    return shapes == [(None, 6, 4), (None, 6, 6), (None, 6, 2), (None, 12), (None, 1)]


def reset():
    model = models.Sequential()
    model.add(layers.LSTM(3, batch_input_shape=(8, 4, 2), stateful=True))
    model.add(layers.Dense(1))
    model.compile(loss="mean_squared_error", optimizer="adam")
    for _ in range(2):
        model.fit(SEQUENCES, Y, epochs=1, batch_size=8, verbose=0, shuffle=False)
        model.reset_states()
    first = model.predict(SEQUENCES, batch_size=8, verbose=0)
    model.reset_states()
    return np.array_equal(model.predict(SEQUENCES, batch_size=8, verbose=0), first)


def adapted():
    layer = layers.Normalization()
    layer.adapt(5 + 3 * X)
    return abs(compute(layer, 5 + 3 * X).mean()) < 1e-5


def frozen():
    model = make()
    model.layers[0].trainable = False
    return len(model.trainable_weights) == 2


def lambda_model():
    model = models.Sequential([layers.Input((8,)), layers.Lambda(lambda x: x * 2)])
    return np.allclose(model.predict(X, verbose=0), 2 * X)


def windows():
    x, y = utils.timeseries_dataset_from_array(np.arange(9), np.arange(2, 9), 2)[0]
    return x[3].tolist() == [3, 4] and y[3] == 5


def pictured(tmp_path):
    pixels = np.arange(12, dtype="float32").reshape(2, 2, 3)
    utils.array_to_img(pixels, scale=False).save(tmp_path / "a.png")
    image = pellucid.preprocessing.image
    return np.array_equal(image.img_to_array(image.load_img(tmp_path / "a.png")), pixels)


def tokenized():
    tokenizer = pellucid.preprocessing.text.Tokenizer()
    tokenizer.fit_on_texts(["a rose is a rose", "A rose!"])
    return tokenizer


def flowing(tmp_path):
    image = pellucid.preprocessing.image
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        utils.array_to_img(np.zeros((3, 2, 3)), scale=False).save(tmp_path / name / "1.png")
    generator = image.ImageDataGenerator(rescale=1 / 255, horizontal_flip=True)
    flow = generator.flow_from_directory(tmp_path, target_size=(4, 5), batch_size=2)
    x, y = next(generator.flow(np.full((6, 4, 4, 1), 255.0), np.arange(6), batch_size=5))
    return next(flow)[0].shape == (2, 4, 5, 3) and x.max() == 1 and y.shape == (5,)


WORKS = {
    "preprocessing.image.ImageDataGenerator": flowing,
    "ImageDataGenerator.flow_from_directory": flowing,
    "ImageDataGenerator.flow": flowing,
    "layers.Dense": lambda: compute(layers.Dense(4), X).shape == (40, 4),
    "Model.compile": lambda: make().loss == "binary_crossentropy",
    "Model.fit": lambda: len(make().fit(X, Y, epochs=2, verbose=0).history["loss"]) == 2,
    "models.Sequential": lambda: len(make().layers) == 2,
    "Sequential.add": lambda: make().output_shape == (None, 1),
    "Model.evaluate": lambda: len(trained().evaluate(X, Y, verbose=0)) == 2,
    "Model.predict": lambda: trained().predict(X, verbose=0).shape == (40, 1),
    "utils.to_categorical": lambda: utils.to_categorical(CLASSES, 3).shape == (40, 3),
    "utils.timeseries_dataset_from_array": windows,
    "preprocessing.image.load_img": pictured,
    "preprocessing.image.img_to_array": pictured,
    "Model.summary": summarised,
    "models.Model": lambda: same_model(),
    "layers.Input": lambda: layers.Input(shape=(8,)).shape == (None, 8),
    "layers.Dropout": lambda: np.array_equal(compute(layers.Dropout(0.5), X), X),
    "layers.Flatten": lambda: compute(layers.Flatten(), X.reshape(40, 2, 4)).shape == (40, 8),
    "History.history": lambda: set(make().fit(X, Y, verbose=0).history) == {"loss", "accuracy"},
    "layers.Activation": lambda: compute(layers.Activation("relu"), X).min() == 0,
    "optimizers.Adam": lambda: (
        make(optimizer=optimizers.Adam(0.01)).optimizer.learning_rate == 0.01
    ),
    "optimizers.SGD": lambda: make(optimizer=optimizers.SGD()).optimizer.learning_rate == 0.01,
    "(model or layer) .layers": lambda: [one.units for one in make().layers] == [12, 1],
    "callbacks.EarlyStopping": lambda: (
        len(
            make().fit(
                X,
                Y,
                epochs=9,
                verbose=0,
                callbacks=[callbacks.EarlyStopping(monitor="loss", min_delta=9, patience=2)],
            )
        )
        == 3
    ),
    "layers.BatchNormalization": lambda: compute(layers.BatchNormalization(), X).shape == (40, 8),
    "Model.save": round_trip,
    "models.load_model": round_trip,
    "callbacks.ModelCheckpoint": checkpointed,
    "layers.Layer": lambda: np.array_equal(compute(Doubler(), X), 2 * X),
    "subclass of layers.Layer": lambda: np.array_equal(compute(Doubler(), X), 2 * X),
    "Model.get_weights": lambda: (
        [one.shape for one in make().get_weights()][:2] == [(8, 12), (12,)]
    ),
    "layers.Reshape": lambda: compute(layers.Reshape((2, 4)), X).shape == (40, 2, 4),
    "optimizers.RMSprop": lambda: make(optimizer=optimizers.RMSprop(1e-4)).optimizer.rho == 0.9,
    "(model or layer) .trainable": frozen,
    "regularizers.l2": lambda: float(regularizers.l2(0.1)(np.full(10, 2.0))) == pytest.approx(4.0),
    "(model or layer) .output": lambda: ends()[1] == (None, 12),
    "layers.Add": lambda: np.allclose(compute(layers.Add(), X, X), 2 * X),
    "layers.Lambda": lambda_model,
    "Model.load_weights": weights_round_trip,
    "(model or layer) .input": lambda: ends()[0] == (None, 8),
    "layers.concatenate": lambda: np.asarray(layers.concatenate([X, X])).shape == (40, 16),
    "layers.Concatenate": lambda: compute(layers.Concatenate(), X, X).shape == (40, 16),
    "Model.save_weights": weights_round_trip,
    "losses.categorical_crossentropy": lambda: (
        np.asarray(losses.categorical_crossentropy(np.eye(3), np.full((3, 3), 1 / 3))).tolist()
        == pytest.approx([np.log(3)] * 3)
    ),
    "layers.ReLU": lambda: compute(layers.ReLU(), X).min() == 0,
    "losses.sparse_categorical_crossentropy": lambda: (
        np.asarray(
            losses.sparse_categorical_crossentropy(np.arange(3), np.full((3, 3), 1 / 3))
        ).tolist()
        == pytest.approx([np.log(3)] * 3)
    ),
    "(model or layer) .name": lambda: make().layers[0].name == "first",
    "Model.set_weights": set_weights,
    "Model.build": lambda: built(),
    "callbacks.Callback": run_counter,
    "subclass of callbacks.Callback": run_counter,
    "Model.get_layer": lambda: make().get_layer("first").units == 12,
    "layers.LeakyReLU": lambda: compute(layers.LeakyReLU(), -(X[:, :1] ** 2)).max() <= 0,
    "(model or layer) .trainable_weights": lambda: len(make().trainable_weights) == 4,
    "callbacks.ReduceLROnPlateau": lambda: (
        "learning_rate"
        in make()
        .fit(X, Y, verbose=0, callbacks=[callbacks.ReduceLROnPlateau(monitor="loss")])
        .history
    ),
    "(model or layer) .optimizer": lambda: isinstance(make().optimizer, optimizers.Adam),
    "losses.SparseCategoricalCrossentropy": lambda: (
        float(
            losses.SparseCategoricalCrossentropy(from_logits=True)(np.arange(3), np.zeros((3, 3)))
        )
        == pytest.approx(np.log(3))
    ),
    "(model or layer) .weights": lambda: len(make().weights) == 4,
    "metrics.SparseCategoricalAccuracy": lambda: (
        float(metrics.SparseCategoricalAccuracy()(np.arange(3), np.eye(3))) == 1.0
    ),
    "metrics.Mean": custom_loss_metric,
    "layers.Rescaling": lambda: np.allclose(compute(layers.Rescaling(1 / 255), X), X / 255),
    "layers.add": lambda: np.allclose(np.asarray(layers.add([X, X])), 2 * X),
    "(model or layer) .trainable_variables": lambda: len(make().trainable_variables) == 4,
    "layers.RepeatVector": lambda: compute(layers.RepeatVector(3), X).shape == (40, 3, 8),
    "Metric.update_state": custom_loss_metric,
    "(model or layer) .metrics_names": lambda: trained().metrics_names == ["loss", "accuracy"],
    "losses.MeanSquaredError": lambda: float(losses.MeanSquaredError()(Y, Y + 2)) == 4.0,
    "backend.clear_session": lambda: pellucid.backend.clear_session() is None,
    "losses.BinaryCrossentropy": lambda: (
        float(losses.BinaryCrossentropy(from_logits=True)(Y, np.zeros_like(Y)))
        == pytest.approx(np.log(2))
    ),
    "(preprocessing layer).adapt": adapted,
    "optimizers.Nadam": lambda: make(optimizer=optimizers.Nadam()).optimizer.beta_1 == 0.9,
    "layers.LayerNormalization": lambda: abs(compute(layers.LayerNormalization(), X).mean()) < 1e-4,
    "(model or layer) .inputs": lambda: [one.shape for one in make().inputs] == [(None, 8)],
    "layers.LSTM": lambda: recurrent(layers.LSTM, dropout=0.2, recurrent_dropout=0.2),
    "layers.GRU": lambda: recurrent(layers.GRU),
    "layers.SimpleRNN": lambda: recurrent(layers.SimpleRNN, activation="relu"),
    "layers.Embedding": words,
    "layers.Bidirectional": words,
    "layers.TimeDistributed": words,
    "utils.pad_sequences": words,
    "Model.reset_states": reset,
    "layers.Conv2D": convolved,
    "layers.MaxPooling2D": convolved,
    "layers.Convolution2D": lambda: layers.Convolution2D is layers.Conv2D,
    "layers.Conv1D": lambda: (
        compute(layers.Conv1D(filters=3, kernel_size=2), SEQUENCES).shape == (40, 3, 3)
    ),
    "layers.Conv2DTranspose": lambda: (
        compute(layers.Conv2DTranspose(3, 2, strides=2, padding="same"), IMAGES).shape
        == (40, 8, 4, 3)
    ),
    "layers.MaxPooling1D": lambda: np.array_equal(
        compute(layers.MaxPooling1D(), SEQUENCES), SEQUENCES.reshape(40, 2, 2, 2).max(axis=2)
    ),
    "layers.AveragePooling2D": lambda: np.allclose(
        compute(layers.AveragePooling2D((4, 2)), IMAGES)[:, 0, 0, 0], X.mean(axis=1), atol=1e-6
    ),
    "layers.GlobalAveragePooling2D": lambda: np.allclose(
        compute(layers.GlobalAveragePooling2D(), IMAGES)[:, 0], X.mean(axis=1), atol=1e-6
    ),
    "layers.GlobalMaxPooling1D": lambda: np.array_equal(
        compute(layers.GlobalMaxPooling1D(), SEQUENCES), SEQUENCES.max(axis=1)
    ),
    "layers.ZeroPadding2D": lambda: (
        compute(layers.ZeroPadding2D(padding=(2, 1)), IMAGES).shape == (40, 8, 4, 1)
    ),
    "layers.UpSampling2D": lambda: compute(layers.UpSampling2D(), IMAGES).shape == (40, 8, 4, 1),
    "layers.SpatialDropout1D": lambda: np.array_equal(
        compute(layers.SpatialDropout1D(0.5), SEQUENCES), SEQUENCES
    ),
    "preprocessing.text.Tokenizer": lambda: tokenized().word_index == {"a": 1, "rose": 2, "is": 3},
    "Tokenizer.fit_on_texts": lambda: tokenized().document_count == 2,
    "Tokenizer.texts_to_sequences": lambda: (
        tokenized().texts_to_sequences(["a rose has"]) == [[1, 2]]
    ),
    "Optimizer.apply_gradients": lambda: hasattr(optimizers.SGD, "apply"),
}
"""A check of each name: called with the fixtures it names, returns True."""


def same_model():
    entry = layers.Input(shape=(8,))
    model = models.Model(inputs=entry, outputs=layers.Dense(2)(entry))
    return model.predict(X, verbose=0).shape == (40, 2)


def ends():
    model = make()
    return model.layers[0].input.shape, model.layers[0].output.shape


def built():
    model = models.Sequential([layers.Dense(3)])
    model.build((None, 5))
    return model.count_params() == 18


KEYWORDS_ANSWERED = {
    ("optimizers.SGD", "lr"): "'lr' is now called 'learning_rate'",
    ("optimizers.Adam", "lr"): "'lr' is now called 'learning_rate'",
    ("Model.fit", "nb_epoch"): "'nb_epoch' is now called 'epochs'",
    ("layers.Dense", "init"): "'init' is now called 'kernel_initializer'",
    ("optimizers.SGD", "decay"): "decay",
    ("Model.fit_generator", "validation_data"): "'fit_generator' is now called 'fit'",
    ("Model.fit_generator", "epochs"): "'fit_generator' is now called 'fit'",
    ("Model.fit_generator", "steps_per_epoch"): "'fit_generator' is now called 'fit'",
    ("Model.fit_generator", "validation_steps"): "'fit_generator' is now called 'fit'",
}
"""Keywords that Keras 3 no longer takes, and part of what the message says."""

CALLS = {
    ("optimizers.SGD", "lr"): lambda: optimizers.SGD(lr=0.1),
    ("optimizers.Adam", "lr"): lambda: optimizers.Adam(lr=0.1),
    ("Model.fit", "nb_epoch"): lambda: make().fit(X, Y, nb_epoch=3),
    ("layers.Dense", "init"): lambda: layers.Dense(3, init="uniform"),
    ("optimizers.SGD", "decay"): lambda: optimizers.SGD(0.1, decay=0.01),
}


def found(name):
    """Return the Pellucid object that a name stands for."""
    for owner in (models.Model, models.Sequential, pellucid.preprocessing.image.ImageDataGenerator):
        if name.startswith(f"{owner.__name__}."):
            return getattr(owner, name.split(".")[1])
    return operator.attrgetter(name)(pellucid)


def found_in_keras(name):
    """Return the Keras object that a name stands for; what Keras 3 hides is still there."""
    tail = name.removeprefix("preprocessing.image.")
    hidden = tail.startswith("ImageDataGenerator")
    return operator.attrgetter(tail)(legacy_image) if hidden else operator.attrgetter(name)(keras)


def test_each_name_stands_in_one_place():
    assert len(NAMES) == 120
    assert len(KEYWORDS) == 100
    assert set(WORKS) & set(LATER) == set()
    assert set(NAMES) - set(WORKS) - set(LATER) == set()


@pytest.mark.parametrize("name", [name for name in NAMES if name in WORKS])
def test_name(name, request):
    check = WORKS[name]
    fixtures = {one: request.getfixturevalue(one) for one in inspect.signature(check).parameters}
    assert check(**fixtures)


HERE = [pair for pair in KEYWORDS if pair[0] not in LATER and pair not in KEYWORDS_ANSWERED]


@pytest.mark.parametrize(("name", "keyword"), HERE)
def test_keyword_is_taken(name, keyword):
    parameters = inspect.signature(found(name)).parameters
    assert keyword in parameters


@pytest.mark.parametrize(("name", "keyword"), HERE)
def test_keyword_has_keras_default(name, keyword):
    parameters = inspect.signature(found_in_keras(name)).parameters
    if keyword not in parameters:  # Dense(input_dim=...) goes through **kwargs there.
        pytest.skip("Keras takes it in **kwargs")
    default, own = parameters[keyword].default, inspect.signature(found(name)).parameters[keyword]
    if default is inspect.Parameter.empty or default is None:
        pytest.skip("no default to compare")
    shown = getattr(own.default, "registered_name", own.default)
    assert shown == default


@pytest.mark.parametrize("pair", KEYWORDS_ANSWERED, ids=".".join)
def test_keyword_of_old_is_answered(pair):
    if pair[0] == "Model.fit_generator":
        with pytest.raises(AttributeError, match="'fit_generator' is now called 'fit'"):
            make().fit_generator(iter([]))
        return
    with pytest.raises(pellucid.PellucidError, match=KEYWORDS_ANSWERED[pair]):
        CALLS[pair]()
