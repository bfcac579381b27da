"""Healthy set-ups of the fresh part, from each of which some sick ones are broken."""

from diagnosis.fresh import networks
from diagnosis.sources import Source, divided, standardised
from diagnosis.unseen import networks as known
from diagnosis.unseen.healthy import BINARY, BOTH, CLASSES, cnn, mlp, rnn, sound
from pellucid.optimizers import SGD, Adam, RMSprop

HEALTHY = [
    sound(
        "white-wine-mlp",
        "Marks of white wines, two hidden layers; tasters disagree.",
        Source("white-wine", 1400, 400, BOTH),
        mlp((11,), 1, known.dense, hidden=(48, 24), last=None),
        "mse",
        Adam(2e-3),
        12,
    ),
    sound(
        "hastie-mlp",
        "Whether ten numbers lie outside a ball, which no single one tells.",
        Source("hastie", 1400, 400),
        mlp((10,), 1, known.dense, hidden=(64, 32), last="sigmoid"),
        BINARY,
        Adam(3e-3),
        20,
    ),
    sound(
        "blobs-mlp",
        "Five heaps of points that overlap, one layer of tanh, momentum.",
        Source("blobs", 700, 300, (standardised,)),
        mlp((6,), 5, known.dense, hidden=(32,), last="softmax", activation="tanh"),
        CLASSES,
        SGD(0.05, momentum=0.9),
        20,
    ),
    sound(
        "patches-cnn",
        "Small squares of two photographs, divided by 255, the mean over places.",
        Source("patches", 1200, 400, (divided(255),)),
        cnn((12, 12, 3), 1, networks.squares),
        BINARY,
        Adam(5e-3),
        15,
    ),
    sound(
        "speakers-cnn",
        "Who of four people speaks, convolutions along time, RMSprop.",
        Source("speakers", 800, 300, (standardised,)),
        cnn((24, 20), 4, networks.voices),
        CLASSES,
        RMSprop(1e-3),
        12,
    ),
    sound(
        "bumps-cnn",
        "How many bumps a noisy series has, as a number.",
        Source("bumps", 900, 300, BOTH),
        cnn((48, 1), 1, networks.counter),
        "mse",
        Adam(5e-3),
        30,
    ),
    sound(
        "hours-lstm",
        "The temperature in six hours from twelve, which the last ones nearly tell.",
        Source("hours", 700, 200, BOTH),
        rnn((12, 4), 1, networks.stacked),
        "mse",
        Adam(5e-3),
        20,
    ),
    sound(
        "titles-lstm",
        "Topics of headlines by ten words, embedded, padding masked, LSTM.",
        Source("titles", 4000, 800),
        rnn((10,), 4, networks.headlines),
        CLASSES,
        Adam(3e-3),
        2,
    ),
]
"""Healthy set-ups."""

BY_KEY = {one.key: one for one in HEALTHY}
