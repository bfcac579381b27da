"""Healthy set-ups of the held part: careful trainings, from which the sick ones are broken."""

import numpy as np

from diagnosis.held import networks
from diagnosis.sealed import networks as sealed
from diagnosis.setup import Setup
from diagnosis.sources import Data, Source, divided, standardised
from diagnosis.unseen import networks as known
from diagnosis.unseen.healthy import BINARY, BOTH, CLASSES, cnn, mlp, rnn, sound
from pellucid import regularizers
from pellucid.optimizers import SGD, Adam, AdamW, Nadam, RMSprop, schedules


def standardised_answers(data: Data, rng: np.random.Generator) -> Data:
    """Give each of several targets mean 0 and deviation 1 over the training rows."""
    y = data.train[1]
    mean, deviation = y.mean(axis=0), y.std(axis=0)
    return data.map_y(lambda y: ((y - mean) / deviation).astype("float32"))


HEALTHY: list[Setup] = [
    sound(
        "topics-marks",
        "Which of five topics a text touches, by how often 24 words stand in it.",
        Source("topics", 1300, 400, (standardised,)),
        mlp((24,), 5, known.dense, hidden=(32,), last="sigmoid"),
        BINARY,
        Adam(2e-3),
        12,
        score="marks",
    ),
    sound(
        "arm-mlp",
        "Where the hand of an arm is by its three angles, two answers, tanh.",
        Source("arm", 1000, 350, BOTH),
        mlp((3,), 2, known.dense, hidden=(48, 48), last=None, activation="tanh"),
        "mse",
        Adam(5e-3),
        40,
    ),
    sound(
        "infants-momentum",
        "Infants among abalones by six measures, momentum.",
        Source("infants", 1400, 500, (standardised,)),
        mlp((6,), 1, known.dense, hidden=(16,), last="sigmoid"),
        BINARY,
        SGD(0.02, momentum=0.9),
        15,
    ),
    sound(
        "loudness-two",
        "Loudness and bandwidth of music by twenty coefficients, two answers, Huber's loss.",
        Source("loudness", 640, 170, (standardised, standardised_answers)),
        mlp((20,), 2, known.dense, hidden=(32,), last=None, activation="elu"),
        "huber",
        AdamW(3e-3, weight_decay=1e-2),
        30,
    ),
    sound(
        "smoke-mlp",
        "Nitric oxides about Boston by thirteen measures, a penalty.",
        Source("smoke", 330, 88, BOTH),
        mlp(
            (13,),
            1,
            known.dense,
            hidden=(32, 16),
            last=None,
            kernel_regularizer=regularizers.L2(1e-3),
        ),
        "mse",
        Adam(5e-3),
        50,
        batch_size=16,
    ),
    sound(
        "married-mlp",
        "Who is married, by six columns of a census, which tell it in part.",
        Source("married", 1800, 600, (standardised,)),
        mlp((6,), 1, known.dense, hidden=(16,), last="sigmoid"),
        BINARY,
        RMSprop(2e-3),
        12,
    ),
    sound(
        "checkers-swish",
        "The dark squares of a board of 4 x 4, two layers of SiLU.",
        Source("checkers", 1800, 500),
        mlp((2,), 1, known.dense, hidden=(48, 48), last="sigmoid", activation="silu"),
        BINARY,
        Adam(1e-2),
        50,
    ),
    sound(
        "callers-many",
        "Forty classes, who says which digit, by sixty energies.",
        Source("callers", 1300, 350, (standardised,)),
        mlp((60,), 40, known.dense, hidden=(96,), last="softmax"),
        CLASSES,
        Adam(3e-3),
        20,
    ),
    sound(
        "larger-cnn",
        "Which of two written digits side by side is larger, dropout.",
        Source("larger", 2600, 600, (divided(255),)),
        cnn((14, 28, 1), 1, sealed.imaged, dropout=0.2),
        BINARY,
        Adam(3e-3),
        10,
    ),
    sound(
        "halves-cnn",
        "The lower halves of digits from the upper ones, 32 answers.",
        Source("halves", 1000, 350, (divided(16),)),
        cnn((4, 8, 1), 32, networks.completed),
        "mse",
        Adam(2e-3),
        25,
    ),
    sound(
        "slants-cnn",
        "How much a written digit leans, momentum and a falling rate.",
        Source("slants", 1200, 400, (divided(255),)),
        cnn((14, 14, 1), 1, networks.pictured, filters=(8, 8, 16, 16), last=None),
        "mse",
        SGD(schedules.CosineDecay(0.05, 12 * 38), momentum=0.9),
        12,
    ),
    sound(
        "pressures-causal",
        "The change of air pressure in six hours, dilated convolutions, batch normalisation.",
        Source("pressures", 860, 300, BOTH),
        cnn((24, 4), 1, networks.causal),
        "mse",
        Adam(4e-3),
        20,
    ),
    sound(
        "scenes-marks",
        "Which of three shapes are on a noisy image, three answers.",
        Source("scenes", 1400, 400),
        cnn((18, 18, 1), 3, networks.pictured, filters=(12, 12, 16, 16), last="sigmoid"),
        BINARY,
        Nadam(schedules.CosineDecay(3e-3, 12 * 44)),
        12,
        score="marks",
    ),
    sound(
        "sports-cnn",
        "News on sports or on the world, embedded words, a convolution over four.",
        Source("sports", 2400, 600),
        cnn((18,), 1, networks.phrased, vocabulary=1502),
        BINARY,
        Adam(1e-3),
        4,
    ),
    sound(
        "weeks-lstm",
        "The mean temperature of a week by four weeks before it, LSTM.",
        Source("weeks", 700, 220, BOTH, in_order=True),
        rnn((28, 1), 1, known.recurrent, units=12, last=None),
        "mse",
        Adam(3e-3),
        15,
    ),
    sound(
        "winds-gru",
        "From which side the wind will blow, by eight hours of weather, GRU.",
        Source("winds", 1800, 500, (standardised,)),
        rnn((8, 8), 4, known.recurrent, cell="GRU", units=16),
        CLASSES,
        Adam(3e-3),
        12,
    ),
    sound(
        "rooms-hybrid",
        "In which of three buildings one walks, few rows; a convolution and a GRU.",
        Source("rooms", 190, 60, (standardised,)),
        rnn((24, 4), 3, networks.surveyed),
        CLASSES,
        Adam(2e-3),
        40,
        batch_size=16,
    ),
    sound(
        "asked-both-ways",
        "Whether a sentence asks, by its words, an LSTM in both directions.",
        Source("asked", 2400, 600),
        rnn((7,), 1, networks.both_ways, vocabulary=1002),
        BINARY,
        Adam(3e-3),
        4,
    ),
    sound(
        "echoes-attention",
        "Whether the last of twelve symbols stood there before, attention.",
        Source("echoes", 3000, 800),
        rnn((12,), 1, networks.recalled, vocabulary=16),
        BINARY,
        Adam(5e-3),
        15,
    ),
    sound(
        "smoothed-steps",
        "Waves freed of noise, an answer for each step, GRU in both directions.",
        Source("smoothed", 800, 300),
        rnn((40, 1), 40, networks.restored),
        "mse",
        Adam(5e-3),
        15,
    ),
    sound(
        "dews-attention",
        "Warmth and dew point in six hours, steps that look at each other, a falling rate.",
        Source("dews", 850, 300, (standardised, standardised_answers)),
        rnn((24, 4), 2, networks.foretold),
        "mse",
        Adam(schedules.CosineDecay(3e-3, 15 * 27)),
        15,
    ),
]
"""Healthy set-ups."""

BY_KEY = {one.key: one for one in HEALTHY}
