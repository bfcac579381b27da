"""Trainings that are in good order: those that the sick ones were broken from, and others that
look unusual and are well.
"""

from typing import Any

import numpy as np

from diagnosis.builders import Builder, Cnn, Mlp, Rnn
from diagnosis.setup import Setup
from diagnosis.sources import Data, Source, divided, standardised, standardised_targets
from pellucid import callbacks
from pellucid.losses import SparseCategoricalCrossentropy
from pellucid.optimizers import SGD, Adam, RMSprop, schedules

CLASSES = "sparse_categorical_crossentropy"
BINARY = "binary_crossentropy"
BOTH = (standardised, standardised_targets)


def well(
    key: str, what: str, data: Source, network: Builder, optimizer: Any, epochs: int, **more: Any
) -> Setup:
    """Return a healthy set-up with the loss that its last activation asks for."""
    loss = {"softmax": CLASSES, "sigmoid": BINARY, None: "mse"}[network.last]
    more = {"loss": loss, "score": "r2" if network.last is None else "accuracy"} | more
    return Setup(
        key=key,
        what=what,
        data=data,
        network=network,
        optimizer=optimizer,
        epochs=epochs,
        **more,
    )


def three_to_one(data: Data, rng: np.random.Generator) -> Data:
    """Leave one row of class 1 for three of class 0 in the training rows."""
    x, y = data.train
    zeros = np.flatnonzero(y == 0)
    kept = np.concatenate([zeros, np.flatnonzero(y == 1)[: len(zeros) // 3]])
    kept = rng.permutation(kept)
    return Data((x[kept], y[kept]), data.validation, data.test)


def noisy(share: float) -> Any:
    """Return the step that adds noise, in deviations of a standardised column, to all inputs."""

    def add(data: Data, rng: np.random.Generator) -> Data:
        return data.map_x(lambda x: (x + rng.normal(0, share, x.shape)).astype("float32"))

    return add


def noisy_targets(data: Data, rng: np.random.Generator) -> Data:
    """Add noise of the targets' own deviation to all targets."""
    return data.map_y(lambda y: (y + rng.normal(0, 1, y.shape)).astype("float32"))


def flipped(share: float) -> Any:
    """Return the step that turns over a share of all binary labels, as people do who disagree."""

    def flip(data: Data, rng: np.random.Generator) -> Data:
        return data.map_y(lambda y: np.where(rng.random(y.shape) < share, 1 - y, y).astype("int32"))

    return flip


BASES = [
    well(
        "iris-mlp",
        "Iris, standardised, one hidden layer.",
        Source("iris", 90, 30, (standardised,)),
        Mlp(shape=(4,), hidden=(16,), outputs=3, last="softmax"),
        Adam(1e-2),
        40,
        batch_size=16,
    ),
    well(
        "wine-mlp",
        "Wine, standardised, two hidden layers.",
        Source("wine", 100, 39, (standardised,)),
        Mlp(shape=(13,), hidden=(32, 16), outputs=3, last="softmax"),
        Adam(3e-3),
        25,
        batch_size=16,
    ),
    well(
        "wine-sgd",
        "Wine, standardised, plain gradient descent.",
        Source("wine", 100, 39, (standardised,)),
        Mlp(shape=(13,), hidden=(32,), outputs=3, last="softmax"),
        SGD(0.1),
        25,
        batch_size=16,
    ),
    well(
        "cancer-mlp",
        "Breast cancer, standardised, two hidden layers, one sigmoid unit.",
        Source("cancer", 340, 114, (standardised,)),
        Mlp(shape=(30,), hidden=(32, 16), outputs=1, last="sigmoid"),
        Adam(2e-3),
        12,
    ),
    well(
        "digits-mlp",
        "Digits of 8 x 8, divided by 16, two hidden layers.",
        Source("digits", 900, 300, (divided(16),)),
        Mlp(shape=(64,), hidden=(64, 32), outputs=10, last="softmax"),
        Adam(3e-3),
        10,
    ),
    well(
        "digits-sgd",
        "Digits of 8 x 8, divided by 16, gradient descent with momentum.",
        Source("digits", 900, 300, (divided(16),)),
        Mlp(shape=(64,), hidden=(64, 32), outputs=10, last="softmax", init="he_normal"),
        SGD(0.05, momentum=0.9),
        12,
    ),
    well(
        "digits-deep",
        "Digits of 8 x 8, eight hidden layers with the start of He.",
        Source("digits", 900, 300, (divided(16),)),
        Mlp(shape=(64,), hidden=(32,) * 8, outputs=10, last="softmax", init="he_normal"),
        Adam(1e-3),
        16,
    ),
    well(
        "boston-mlp",
        "Houses of Boston, inputs and prices standardised.",
        Source("boston", 300, 100, BOTH),
        Mlp(shape=(13,), hidden=(32, 16), outputs=1, last=None),
        Adam(5e-3),
        40,
    ),
    well(
        "diabetes-mlp",
        "Diabetes, inputs and targets standardised; most of the targets is noise.",
        Source("diabetes", 260, 90, BOTH),
        Mlp(shape=(10,), hidden=(16,), outputs=1, last=None),
        Adam(3e-3),
        25,
    ),
    well(
        "abalone-mlp",
        "Age of abalones, inputs and targets standardised.",
        Source("abalone", 1200, 400, BOTH),
        Mlp(shape=(10,), hidden=(32, 16), outputs=1, last=None),
        Adam(3e-3),
        20,
    ),
    well(
        "sonar-mlp",
        "Rocks or mines by sonar, standardised, dropout and a penalty.",
        Source("sonar", 120, 44, (standardised,)),
        Mlp(shape=(60,), hidden=(32,), outputs=1, last="sigmoid", dropout=0.3, l2=1e-3),
        Adam(3e-3),
        20,
        batch_size=16,
    ),
    well(
        "pima-mlp",
        "Diabetes of the Pima, standardised; the classes overlap.",
        Source("pima", 460, 154, (standardised,)),
        Mlp(shape=(8,), hidden=(16,), outputs=1, last="sigmoid"),
        Adam(5e-3),
        20,
    ),
    well(
        "wheat-mlp",
        "Three kinds of wheat, standardised.",
        Source("wheat", 126, 42, (standardised,)),
        Mlp(shape=(7,), hidden=(24,), outputs=3, last="softmax", activation="tanh"),
        Adam(1e-2),
        30,
        batch_size=16,
    ),
    well(
        "moons-mlp",
        "Two moons, two hidden layers.",
        Source("moons", 600, 300),
        Mlp(shape=(2,), hidden=(24, 24), outputs=1, last="sigmoid"),
        Adam(5e-3),
        25,
    ),
    well(
        "spirals-mlp",
        "Three spirals, three hidden layers.",
        Source("spirals", 900, 300),
        Mlp(shape=(2,), hidden=(48, 48, 24), outputs=3, last="softmax", init="he_normal"),
        Adam(1e-2),
        40,
    ),
    well(
        "digits-cnn",
        "Digits of 8 x 8, divided by 16, two convolutions.",
        Source("digit-images", 700, 300, (divided(16),)),
        Cnn(shape=(8, 8, 1), hidden=(32,), outputs=10, last="softmax"),
        Adam(5e-3),
        12,
    ),
    well(
        "mnist-cnn",
        "Digits of MNIST at half size, divided by 255, two convolutions.",
        Source("mnist", 1000, 300, (divided(255),)),
        Cnn(shape=(14, 14, 1), hidden=(32,), outputs=10, last="softmax"),
        Adam(5e-3),
        8,
    ),
    well(
        "mnist-cnn-sgd",
        "Digits of MNIST at half size, divided by 255, gradient descent with momentum.",
        Source("mnist", 1000, 300, (divided(255),)),
        Cnn(shape=(14, 14, 1), hidden=(32,), outputs=10, last="softmax"),
        SGD(0.03, momentum=0.9),
        8,
    ),
    well(
        "ecg-cnn",
        "Heartbeats, two convolutions along time.",
        Source("ecg", 110, 45, (standardised,)),
        Cnn(shape=(96, 1), filters=(16, 16), size=5, outputs=1, last="sigmoid", hidden=(16,)),
        Adam(2e-3),
        15,
        batch_size=16,
    ),
    well(
        "vowels-cnn",
        "Speakers by their vowels, two convolutions along time.",
        Source("vowels", 380, 130, (standardised,)),
        Cnn(shape=(16, 12), filters=(16, 16), hidden=(32,), outputs=9, last="softmax"),
        Adam(3e-3),
        20,
    ),
    well(
        "temperatures-cnn",
        "Tomorrow's lowest temperature from 14 days, one convolution along time.",
        Source("temperatures", 1000, 300, BOTH, in_order=True),
        Cnn(shape=(14, 1), filters=(16,), hidden=(16,), outputs=1, last=None),
        Adam(3e-3),
        8,
    ),
    well(
        "vowels-gru",
        "Speakers by their vowels, GRU.",
        Source("vowels", 380, 130, (standardised,)),
        Rnn(shape=(16, 12), outputs=9, last="softmax"),
        Adam(1e-2),
        15,
    ),
    well(
        "digit-rows-lstm",
        "Digits of 8 x 8 read row by row, LSTM.",
        Source("digit-rows", 800, 300, (divided(16),)),
        Rnn(shape=(8, 8), cell="LSTM", units=32, outputs=10, last="softmax"),
        Adam(1e-2),
        15,
    ),
    well(
        "sines-rnn",
        "Which of three frequencies a noisy sine has, plain recurrent layer.",
        Source("sines", 600, 300),
        Rnn(shape=(30, 1), cell="SimpleRNN", outputs=3, last="softmax"),
        Adam(2e-3),
        15,
    ),
    well(
        "temperatures-gru",
        "Tomorrow's lowest temperature from 14 days, GRU.",
        Source("temperatures", 1000, 300, BOTH, in_order=True),
        Rnn(shape=(14, 1), units=16, outputs=1, last=None),
        Adam(5e-3),
        10,
    ),
    well(
        "pollution-lstm",
        "The next hour's fine dust from 8 hours of six measurements, LSTM.",
        Source("pollution", 1200, 300, BOTH),
        Rnn(shape=(8, 6), cell="LSTM", units=24, outputs=1, last=None),
        Adam(5e-3),
        12,
    ),
    well(
        "adding-gru",
        "The sum of two marked numbers among ten, GRU.",
        Source("adding", 2000, 500),
        Rnn(shape=(10, 2), outputs=1, last=None),
        Adam(1e-2),
        12,
    ),
    well(
        "lag-rnn",
        "A symbol to be remembered over 29 steps of noise, plain recurrent layer.",
        Source("lag", 800, 300),
        Rnn(shape=(30, 4), cell="SimpleRNN", outputs=4, last="softmax"),
        Adam(1e-2),
        12,
    ),
    well(
        "sentences-gru",
        "Good or bad reviews, embedded words with padding masked, GRU.",
        Source("sentences", 1200, 350),
        Rnn(shape=(20,), vocabulary=1002, units=16, outputs=1, last="sigmoid"),
        Adam(5e-3),
        3,
    ),
]
"""What the sick set-ups were broken from."""

BASE = {one.key: one for one in BASES}


def variation(key: str, what: str, base: str, **changes: Any) -> Setup:
    """Return a healthy set-up that differs from a base in a way that is no fault."""
    return BASE[base].but(key=key, what=what, **changes)


VARIATIONS = [
    variation(
        "digits-sparse",
        "A wide layer of ReLU of which most units are off for any one row.",
        "digits-mlp",
        network={"hidden": (256,)},
        epochs=12,
    ),
    variation(
        "cancer-noisy",
        "Noise of half a deviation on every column.",
        "cancer-mlp",
        data=BASE["cancer-mlp"].data.then(noisy(0.5)),
        epochs=12,
    ),
    variation(
        "digits-quick",
        "A learning rate that is high and works: Adam at 0.01.",
        "digits-mlp",
        optimizer=Adam(0.01),
    ),
    variation(
        "wine-quick",
        "A learning rate that is high and works: gradient descent at 0.5.",
        "wine-sgd",
        optimizer=SGD(0.5),
        epochs=15,
    ),
    variation(
        "digits-plateau",
        "Three layers of sigmoid: little happens for some epochs, then the digits are learned.",
        "digits-mlp",
        network={"hidden": (64, 32, 32), "activation": "sigmoid"},
        optimizer=Adam(2e-3),
        epochs=40,
    ),
    variation(
        "adding-plateau",
        "A plain recurrent layer that is for some epochs little better than the mean.",
        "adding-gru",
        network={"cell": "SimpleRNN", "units": 48},
        optimizer=Adam(2e-3),
        epochs=25,
    ),
    variation(
        "iris-few",
        "45 flowers to train on.",
        "iris-mlp",
        data=Source("iris", 45, 30, (standardised,)),
    ),
    variation(
        "cancer-three-to-one",
        "Three rows of one class for each of the other.",
        "cancer-mlp",
        data=BASE["cancer-mlp"].data.then(three_to_one),
    ),
    variation(
        "digits-dropout",
        "Dropout of a half after each hidden layer.",
        "digits-mlp",
        network={"hidden": (128, 64), "dropout": 0.5},
        epochs=25,
    ),
    variation(
        "mnist-batch-norm",
        "Convolutions with batch normalisation.",
        "mnist-cnn",
        network={"batch_norm": True},
    ),
    variation(
        "digits-tanh",
        "Hidden layers of tanh.",
        "digits-mlp",
        network={"activation": "tanh"},
    ),
    variation(
        "digits-deep-tanh",
        "Six hidden layers of tanh with the start of Glorot.",
        "digits-deep",
        network={"hidden": (32,) * 6, "activation": "tanh", "init": "glorot_uniform"},
    ),
    variation(
        "boston-noisy-target",
        "As much noise in the prices as they vary.",
        "boston-mlp",
        data=BASE["boston-mlp"].data.then(noisy_targets),
        network={"hidden": (8,)},
        optimizer=Adam(3e-3),
        epochs=25,
    ),
    variation(
        "diabetes-stopped",
        "A run that early stopping ended, with the best weights restored.",
        "diabetes-mlp",
        network={"hidden": (32, 16)},
        epochs=100,
        fit={"callbacks": [callbacks.EarlyStopping(patience=8, restore_best_weights=True)]},
    ),
    variation(
        "pima-annotators",
        "One label in twenty turned over, as people do who disagree.",
        "pima-mlp",
        data=BASE["pima-mlp"].data.then(flipped(0.05)),
        epochs=12,
    ),
    variation(
        "vowels-bidirectional",
        "Two LSTMs, one in each direction.",
        "vowels-gru",
        network={"cell": "LSTM", "units": 16, "both": True},
    ),
    variation(
        "sines-dropout",
        "A GRU with dropout on its inputs.",
        "sines-rnn",
        network={"cell": "GRU", "recurrent": {"dropout": 0.1}},
        optimizer=Adam(1e-2),
    ),
    well(
        "sentences-cnn",
        "Good or bad reviews, embedded words, a convolution over three words at a time.",
        Source("sentences", 1200, 350),
        Cnn(shape=(20,), vocabulary=1002, filters=(16,), outputs=1, last="sigmoid", average=True),
        Adam(5e-3),
        3,
    ),
    variation(
        "digits-rmsprop",
        "RMSprop whose rate falls along a cosine.",
        "digits-mlp",
        optimizer=RMSprop(schedules.CosineDecay(3e-3, 10 * 29)),
    ),
    variation(
        "abalone-huber",
        "Huber's loss and a batch of 64.",
        "abalone-mlp",
        loss="huber",
        batch_size=64,
        optimizer=Adam(1e-2),
    ),
    variation(
        "temperatures-rnn",
        "A plain recurrent layer over 14 days.",
        "temperatures-gru",
        network={"cell": "SimpleRNN"},
    ),
    variation(
        "mnist-logits",
        "Logits, and a loss that is told so.",
        "mnist-cnn",
        network={"last": "linear"},
        loss=SparseCategoricalCrossentropy(from_logits=True),
    ),
]
"""Healthy set-ups that a quick judge may take for sick."""

HEALTHY = BASES + VARIATIONS
BY_KEY = {one.key: one for one in HEALTHY}
