"""Healthy set-ups of the unseen part: careful trainings, among them some that look unusual."""

from collections.abc import Callable
from typing import Any

import numpy as np

from diagnosis.builders import Network, Written
from diagnosis.setup import Setup
from diagnosis.sources import Data, Source, standardised, standardised_targets
from diagnosis.unseen import networks
from pellucid import callbacks, layers
from pellucid.optimizers import SGD, Adam, AdamW, RMSprop, schedules

CLASSES = "sparse_categorical_crossentropy"
BINARY = "binary_crossentropy"
BOTH = (standardised, standardised_targets)


def sound(
    key: str,
    what: str,
    data: Source,
    network: Network,
    loss: str,
    optimizer: Any,
    epochs: int,
    **more: Any,
) -> Setup:
    """Return a healthy set-up, judged by accuracy or, for numbers, by R2."""
    score = "accuracy" if loss in (CLASSES, BINARY) else "r2"
    given = {"score": score} | more
    return Setup(
        key=key,
        what=what,
        data=data,
        network=network,
        loss=loss,
        optimizer=optimizer,
        epochs=epochs,
        **given,
    )


def mlp(shape: tuple[int, ...], outputs: int, build: Callable[..., Any], **options: Any) -> Network:
    """Return a dense network."""
    return Written(kind="mlp", shape=shape, outputs=outputs, build=build, options=options)


def cnn(shape: tuple[int, ...], outputs: int, build: Callable[..., Any], **options: Any) -> Network:
    """Return a convolutional network."""
    return Written(kind="cnn", shape=shape, outputs=outputs, build=build, options=options)


def rnn(shape: tuple[int, ...], outputs: int, build: Callable[..., Any], **options: Any) -> Network:
    """Return a recurrent network, or one with attention."""
    return Written(kind="rnn", shape=shape, outputs=outputs, build=build, options=options)


def census(data: Data, rng: np.random.Generator) -> Data:
    """Take the logarithm of gains and losses, then standardise the numbers, not the marks."""

    def tamed(x: np.ndarray) -> np.ndarray:
        return np.hstack([x[:, :3], np.log1p(x[:, 3:5]), x[:, 5:]])

    data = data.map_x(tamed)
    mean, deviation = data.train[0][:, :6].mean(axis=0), data.train[0][:, :6].std(axis=0)
    return data.map_x(
        lambda x: np.hstack([(x[:, :6] - mean) / deviation, x[:, 6:]]).astype("float32")
    )


def halved_dropout() -> list[Any]:
    """Return dropout of a half."""
    return [layers.Dropout(0.5)]


def normalised() -> list[Any]:
    """Return batch normalisation."""
    return [layers.BatchNormalization(momentum=0.9)]


def shuffled_marks(data: Data, rng: np.random.Generator) -> Data:
    """Turn over one label in ten of all parts, as raters do who disagree."""
    return data.map_y(lambda y: np.where(rng.random(y.shape) < 0.1, 1 - y, y).astype("int32"))


HEALTHY = [
    sound(
        "adult-mlp",
        "A census, a quarter of it above 50,000 a year; numbers standardised, words as marks.",
        Source("adult", 2000, 700, (census,)),
        mlp((36,), 1, networks.dense, hidden=(32,), last="sigmoid"),
        BINARY,
        Adam(2e-3),
        10,
        score="balanced accuracy",
    ),
    sound(
        "genres-dropout",
        "Genres of music, standardised, a wide layer and dropout of a half.",
        Source("genres", 640, 170, (standardised,)),
        mlp((57,), 10, networks.dense, hidden=(128,), last="softmax", between=halved_dropout),
        CLASSES,
        Adam(2e-3),
        30,
    ),
    sound(
        "genres-linear",
        "Genres of music, standardised, no hidden layer, gradient descent with momentum.",
        Source("genres", 640, 170, (standardised,)),
        mlp((57,), 10, networks.dense, hidden=(), last="softmax"),
        CLASSES,
        SGD(0.02, momentum=0.9),
        25,
    ),
    sound(
        "red-wine-norm",
        "Marks of wines, batch normalisation, weight decay; tasters disagree.",
        Source("red-wine", 850, 250, BOTH),
        mlp((11,), 1, networks.dense, hidden=(32, 16), last=None, between=normalised),
        "mse",
        AdamW(2e-3, weight_decay=1e-2),
        15,
    ),
    sound(
        "friedman-mlp",
        "A function of five of ten columns, two hidden layers of ELU.",
        Source("friedman", 900, 350, BOTH),
        mlp((10,), 1, networks.dense, hidden=(48, 24), last=None, activation="elu"),
        "mse",
        Adam(5e-3),
        30,
    ),
    sound(
        "friedman-units",
        "The same with targets from 0 to 30, as they are.",
        Source("friedman", 900, 350, (standardised,)),
        mlp((10,), 1, networks.dense, hidden=(48, 24), last=None, activation="elu"),
        "mse",
        Adam(1e-2),
        40,
    ),
    sound(
        "friedman-residual",
        "Sixteen layers in eight blocks with connections around them.",
        Source("friedman", 900, 350, BOTH),
        mlp((10,), 1, networks.residual),
        "mse",
        Adam(1e-3),
        15,
    ),
    sound(
        "circles-sigmoid",
        "Two rings, one hidden layer of sigmoid.",
        Source("circles", 500, 250),
        mlp((2,), 1, networks.dense, hidden=(16,), last="sigmoid", activation="sigmoid"),
        BINARY,
        Adam(0.05),
        30,
    ),
    sound(
        "circles-raters",
        "Two rings of which one label in ten is turned over.",
        Source("circles", 500, 250, (shuffled_marks,)),
        mlp((2,), 1, networks.dense, hidden=(16,), last="sigmoid", activation="tanh"),
        BINARY,
        Adam(0.02),
        20,
    ),
    sound(
        "xor-full-batch",
        "Exclusive or, all rows in one batch, three hundred steps.",
        Source("xor", 400, 250),
        mlp((2,), 1, networks.dense, hidden=(16,), last="sigmoid", activation="tanh"),
        BINARY,
        SGD(0.5, momentum=0.9),
        300,
        batch_size=400,
    ),
    sound(
        "sinc-plateau",
        "A curve with noise; the noise is reached long before the end.",
        Source("sinc", 500, 200, BOTH),
        mlp((1,), 1, networks.dense, hidden=(32, 32), last=None, activation="tanh"),
        "mse",
        Adam(5e-3),
        150,
    ),
    sound(
        "airline-few",
        "Next month's passengers from twelve months, 84 rows in order.",
        Source("airline", 84, 24, BOTH, in_order=True),
        mlp((12,), 1, networks.dense, hidden=(16,), last=None),
        "mse",
        Adam(5e-3),
        60,
        batch_size=8,
    ),
    sound(
        "digits-autoencoder",
        "Digits of 8 x 8, given back from a code of twelve numbers.",
        Source("digit-copies", 1000, 300),
        mlp((64,), 64, networks.autoencoder),
        "mse",
        Adam(3e-3),
        30,
    ),
    sound(
        "signs-cnn",
        "Photographs of hands in bytes, which the first layer rescales; 400 images, dropout.",
        Source("signs", 400, 100),
        cnn((20, 20, 3), 10, networks.photographs),
        CLASSES,
        Adam(3e-3),
        40,
    ),
    sound(
        "spoken-cnn",
        "Spoken digits as pictures of sound, batch normalisation, RMSprop.",
        Source("spoken-images", 800, 300, (standardised,)),
        cnn((24, 20, 1), 10, networks.spectrogram),
        CLASSES,
        RMSprop(2e-3),
        8,
    ),
    sound(
        "shapes-cnn",
        "Squares, discs and crosses, strides, leaky ReLU, Nesterov's momentum.",
        Source("shapes", 800, 300),
        cnn((16, 16, 1), 3, networks.strided),
        CLASSES,
        SGD(0.05, momentum=0.9, nesterov=True),
        15,
    ),
    sound(
        "movement-cnn",
        "Four radio signals along time, two convolutions; early stopping.",
        Source("movement", 200, 57, (standardised,)),
        cnn((32, 4), 1, networks.signals),
        BINARY,
        Adam(2e-3),
        80,
        fit={"callbacks": [callbacks.EarlyStopping(patience=10, restore_best_weights=True)]},
    ),
    sound(
        "volume-causal",
        "Tomorrow's trade of a share from ten days, causal convolutions.",
        Source("volume", 1400, 300, BOTH, in_order=True),
        cnn(
            (10, 2), 1, networks.signals, last=None, padding="causal", filters=(16,), largest=False
        ),
        "mse",
        Adam(2e-3),
        15,
    ),
    sound(
        "news-cnn",
        "Topics of news, embedded words, a convolution over three at a time.",
        Source("news", 2500, 600),
        cnn((24,), 4, networks.words),
        CLASSES,
        Adam(2e-3),
        5,
    ),
    sound(
        "news-unknown",
        "Topics of news of which only 150 words are known; the mean of their vectors.",
        Source("news-few-words", 2500, 600),
        mlp((24,), 4, networks.bag, vocabulary=152),
        CLASSES,
        Adam(1e-2),
        10,
    ),
    sound(
        "language-gru",
        "English or French by at most twenty letters, GRU, padding masked.",
        Source("language", 2400, 600),
        rnn((20,), 1, networks.letters),
        BINARY,
        Adam(5e-3),
        4,
    ),
    sound(
        "shakespeare-gru",
        "The next letter of a play from twelve; some letters are rare.",
        Source("shakespeare", 5000, 800),
        rnn((12,), 27, networks.letters, masked=False, last="softmax"),
        CLASSES,
        Adam(5e-3),
        8,
        batch_size=64,
    ),
    sound(
        "order-lstm",
        "Which two of 24 symbols came first; for some epochs little happens.",
        Source("order", 1400, 400),
        rnn((24, 6), 4, networks.recurrent),
        CLASSES,
        Adam(1e-2),
        20,
    ),
    sound(
        "spoken-bidirectional",
        "Spoken digits, two recurrent layers with normalisation, a falling rate.",
        Source("spoken", 800, 300, (standardised,)),
        rnn((24, 20), 10, networks.speech),
        CLASSES,
        Adam(schedules.CosineDecay(8e-3, 12 * 25)),
        12,
    ),
    sound(
        "power-gru",
        "A household's power tomorrow from two weeks, GRU, Huber's loss.",
        Source("power", 900, 250, BOTH, in_order=True),
        rnn((14, 7), 1, networks.recurrent, cell="GRU", units=12, last=None),
        "huber",
        Adam(2e-3),
        12,
    ),
    sound(
        "reviews-attention",
        "Praise or blame of films, words that look at each other, dropout.",
        Source("reviews", 4000, 700),
        rnn((24,), 1, networks.attention, dropout=0.5),
        BINARY,
        Adam(1e-3),
        2,
    ),
]
"""Healthy set-ups."""

BY_KEY = {one.key: one for one in HEALTHY}
