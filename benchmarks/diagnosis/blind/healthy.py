"""Healthy set-ups of the blind part: careful trainings, from which the sick ones are broken."""

import numpy as np

from diagnosis.blind import networks
from diagnosis.setup import Setup
from diagnosis.sources import Data, Source, Step, divided, standardised
from diagnosis.unseen import networks as known
from diagnosis.unseen.healthy import (
    BINARY,
    BOTH,
    CLASSES,
    cnn,
    halved_dropout,
    mlp,
    rnn,
    sound,
)
from pellucid import callbacks, losses
from pellucid.optimizers import SGD, Adam, AdamW, RMSprop, schedules


def one_hot(classes: int) -> Step:
    """Return the step that writes each label as a row with a one at its class."""
    marks = np.eye(classes, dtype="float32")
    return lambda data, rng: data.map_y(lambda y: marks[y])


def standardised_targets_only(data: Data, rng: np.random.Generator) -> Data:
    """Give the targets mean 0 and deviation 1 over the training rows; the inputs are codes."""
    y = data.train[1]
    mean, deviation = y.mean(), y.std()
    return data.map_y(lambda y: ((y - mean) / deviation).astype("float32"))


def brightness(data: Data, rng: np.random.Generator) -> Data:
    """Divide inputs and targets by 255."""
    return data.map_x(lambda x: x / 255).map_y(lambda y: y / 255)


HEALTHY: list[Setup] = [
    sound(
        "films-words",
        "Praise or blame of films by which of 1,500 words they hold, dropout of a half.",
        Source("films", 1300, 300),
        mlp((1500,), 1, known.dense, hidden=(32,), last="sigmoid", between=halved_dropout),
        BINARY,
        Adam(5e-4),
        8,
    ),
    sound(
        "colours-weighted",
        "Red wines among white ones, three in twenty, weighed by class; tanh, RMSprop.",
        Source("colours", 900, 400, (standardised,)),
        mlp((11,), 1, known.dense, hidden=(24,), last="sigmoid", activation="tanh"),
        BINARY,
        RMSprop(2e-3),
        15,
        fit={"class_weight": {0: 0.6, 1: 3.3}},
        score="balanced accuracy",
    ),
    sound(
        "alcohol-mlp",
        "Alcohol of wines from ten measures, gradient descent with a falling rate.",
        Source("alcohol", 1200, 400, BOTH),
        mlp((10,), 1, known.dense, hidden=(32, 16), last=None),
        "mse",
        SGD(schedules.CosineDecay(0.05, 30 * 38), momentum=0.9),
        30,
    ),
    sound(
        "parity-logits",
        "Odd or even digits of 8 x 8, one unit without activation and a loss of logits.",
        Source("parity", 1150, 300, (divided(16),)),
        mlp((64,), 1, known.dense, hidden=(48, 24), last=None),
        losses.BinaryCrossentropy(from_logits=True),
        Adam(2e-3),
        20,
        score="accuracy",
    ),
    sound(
        "ages-coded",
        "Age from eight words of a census, embedded; some words are rare, the ages vary widely.",
        Source("census-ages", 3000, 800, (standardised_targets_only,)),
        mlp((8,), 1, networks.coded),
        "mse",
        Adam(2e-3),
        12,
    ),
    sound(
        "thirds-selu",
        "Spoken digits by the energies of three thirds, three layers of SELU, weight decay.",
        Source("spoken-thirds", 1000, 400, (standardised,)),
        mlp(
            (60,),
            10,
            known.dense,
            hidden=(48, 48, 48),
            last="softmax",
            activation="selu",
            kernel_initializer="lecun_normal",
        ),
        CLASSES,
        AdamW(2e-3, weight_decay=1e-2),
        20,
    ),
    sound(
        "songs-cnn",
        "Genres of music from twenty coefficients, one-hot labels smoothed, a rate that falls.",
        Source("songs", 640, 170, (standardised, one_hot(10))),
        cnn((20, 2), 10, networks.cepstral),
        losses.CategoricalCrossentropy(label_smoothing=0.1),
        Adam(3e-3),
        25,
        fit={"callbacks": [callbacks.ReduceLROnPlateau(factor=0.5, patience=4)]},
        score="accuracy",
    ),
    sound(
        "turned-cnn",
        "By how many quarters a written digit is turned, momentum and a warm start.",
        Source("turned", 1500, 400, (divided(255),)),
        cnn((14, 14, 1), 4, networks.upright),
        CLASSES,
        SGD(schedules.LinearWarmup(0.02, 50), momentum=0.9),
        12,
    ),
    sound(
        "hands-moved",
        "Photographs of hands, moved and turned a little in training; dropout.",
        Source("hands", 400, 100),
        cnn((20, 20, 1), 10, networks.moved_hands),
        CLASSES,
        Adam(4e-3),
        50,
    ),
    sound(
        "pixels-cnn",
        "The pixel beside a patch of a photograph, convolutions, RMSprop.",
        Source("pixels", 1000, 350, (brightness,)),
        cnn((9, 8, 1), 1, networks.neighbour),
        "mse",
        RMSprop(1e-3),
        20,
    ),
    sound(
        "seasons-gru",
        "In which season thirty days lie, by their lowest temperatures, in order of time.",
        Source("seasons", 700, 200, (standardised,), in_order=True),
        rnn((30, 1), 4, known.recurrent, cell="GRU", units=16),
        CLASSES,
        Adam(5e-3),
        20,
    ),
    sound(
        "haze-lstm",
        "Whether there is haze in six hours, by a day of five measures; recurrent dropout.",
        Source("haze", 700, 250, (standardised,)),
        rnn((24, 5), 1, known.recurrent, units=16, last="sigmoid", recurrent_dropout=0.2),
        BINARY,
        Adam(2e-3),
        12,
    ),
    sound(
        "walks-gru",
        "Walks of unequal length, zeros behind, which are masked; 200 rows, early stopping.",
        Source("walks", 200, 57),
        rnn((65, 4), 1, networks.walked),
        BINARY,
        Adam(5e-3),
        40,
        batch_size=16,
        fit={"callbacks": [callbacks.EarlyStopping(patience=10, restore_best_weights=True)]},
    ),
    sound(
        "utterances-attention",
        "Who of nine speaks, steps that look at each other, one-hot labels, weight decay.",
        Source("vowels", 380, 130, (standardised, one_hot(9))),
        rnn((16, 12), 9, networks.looked_at),
        "categorical_crossentropy",
        AdamW(2e-3, weight_decay=1e-2),
        25,
        score="accuracy",
    ),
    sound(
        "french-lstm",
        "How long the French sentence is, from the words of the English one; log-cosh.",
        Source("french-lengths", 8000, 800, (standardised_targets_only,)),
        rnn((7,), 1, networks.worded, vocabulary=1502, dropout=0.2),
        "log_cosh",
        Adam(2e-3),
        4,
        batch_size=64,
    ),
    sound(
        "shops-rnn",
        "Whether a sentence is on goods or on films, a plain recurrent layer, dropout.",
        Source("shops", 1200, 350),
        rnn(
            (16,),
            1,
            networks.worded,
            vocabulary=1202,
            cell="SimpleRNN",
            units=16,
            last="sigmoid",
            dropout=0.4,
        ),
        BINARY,
        Adam(2e-3),
        4,
    ),
]
"""Healthy set-ups."""

BY_KEY = {one.key: one for one in HEALTHY}
