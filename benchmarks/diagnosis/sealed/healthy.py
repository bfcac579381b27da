"""Healthy set-ups of the sealed part: careful trainings, among them some that look suspicious."""

from typing import Any

from diagnosis.blind import networks as asked
from diagnosis.fresh import networks as stacking
from diagnosis.sealed import networks, readers
from diagnosis.setup import Setup
from diagnosis.sources import Source, divided, standardised, standardised_targets
from diagnosis.unseen import networks as known
from diagnosis.unseen.healthy import BINARY, BOTH, CLASSES, cnn, mlp, rnn, sound
from pellucid import layers, regularizers
from pellucid.optimizers import SGD, Adam, AdamW, RMSprop, schedules

RATED = readers.READERS_OF + readers.WORKS
"""Rows of the table of readers and works."""


def known_scales() -> Any:
    """Return a layer that knows mean and variance of the columns of circuits."""
    return layers.Normalization(
        mean=[50.0, 942.0, 0.5, 6.0], variance=[833.0, 222_000.0, 0.083, 8.3]
    )


def over_batches() -> Any:
    """Return batch normalisation."""
    return layers.BatchNormalization(momentum=0.9)


def some_dropout() -> list[Any]:
    """Return dropout of three tenths."""
    return [layers.Dropout(0.3)]


HEALTHY: list[Setup] = [
    sound(
        "circuits-normalised",
        "Raw columns from hundredths to thousands, which the first layer standardises.",
        Source("circuits", 700, 300, (standardised_targets,)),
        mlp((4,), 1, networks.fronted, front=known_scales, hidden=(32, 16)),
        "mse",
        Adam(5e-3),
        30,
    ),
    sound(
        "phases-batch-norm",
        "Raw columns from hundredths to thousands, and batch normalisation as the first layer.",
        Source("phases", 1200, 350, (standardised_targets,)),
        mlp((4,), 1, networks.fronted, front=over_batches, hidden=(32, 32), activation="tanh"),
        "mse",
        Adam(5e-3),
        40,
    ),
    sound(
        "roll-mlp",
        "How far along a rolled sheet a point lies, two hidden layers of tanh.",
        Source("roll", 600, 300, BOTH),
        mlp((3,), 1, known.dense, hidden=(32, 32), last=None, activation="tanh"),
        "mse",
        Adam(5e-3),
        50,
    ),
    sound(
        "corners-mlp",
        "The sign of a product of three numbers; for some epochs nothing is learned.",
        Source("corners", 3000, 800),
        mlp((6,), 1, known.dense, hidden=(64, 32), last="sigmoid"),
        BINARY,
        Adam(3e-3),
        30,
    ),
    sound(
        "quantiles-mlp",
        "Three shells about 0, GELU, Nesterov's momentum.",
        Source("quantiles", 900, 400),
        mlp((4,), 3, known.dense, hidden=(32, 16), last="softmax", activation="gelu"),
        CLASSES,
        SGD(0.02, momentum=0.9, nesterov=True),
        25,
    ),
    sound(
        "hints-dropout",
        "Four classes by twenty columns of which ten say nothing, dropout.",
        Source("hints", 1000, 400, (standardised,)),
        mlp((20,), 4, known.dense, hidden=(48,), last="softmax", between=some_dropout),
        CLASSES,
        Adam(2e-3),
        25,
    ),
    sound(
        "traits-marks",
        "Four yes or no answers on each digit of 8 x 8, of which several can be yes.",
        Source("traits", 1000, 350, (divided(16),)),
        mlp((64,), 4, known.dense, hidden=(64,), last="sigmoid"),
        BINARY,
        Adam(3e-3),
        25,
        score="marks",
    ),
    sound(
        "sexes-plateau",
        "The sex of abalones, which their measures hardly tell; the limit is reached early.",
        Source("sexes", 1500, 500, (standardised,)),
        mlp((8,), 3, known.dense, hidden=(24,), last="softmax"),
        CLASSES,
        Adam(3e-3),
        20,
    ),
    sound(
        "shells-absolute",
        "The weight of abalones, absolute errors.",
        Source("shells", 1200, 400, BOTH),
        mlp((4,), 1, known.dense, hidden=(24, 24), last=None),
        "mae",
        Adam(3e-3),
        20,
    ),
    sound(
        "rings-poisson",
        "Rings of abalones as counts: an exponential and the loss of Poisson.",
        Source("rings", 1200, 400, (standardised,)),
        mlp((7,), 1, known.dense, hidden=(32, 16), last="exponential"),
        "poisson",
        Adam(3e-3),
        20,
    ),
    sound(
        "petals-few",
        "The width of petals of sixty flowers, eight units and a penalty.",
        Source("petals", 60, 40, BOTH),
        mlp(
            (3,),
            1,
            known.dense,
            hidden=(8,),
            last=None,
            activation="tanh",
            kernel_regularizer=regularizers.L2(1e-3),
        ),
        "mse",
        Adam(1e-2),
        60,
        batch_size=8,
    ),
    sound(
        "glucose-noisy",
        "Sugar in the blood by seven measures, most of it noise; a small rate, long enough.",
        Source("glucose", 420, 150, BOTH),
        mlp(
            (7,),
            1,
            known.dense,
            hidden=(12,),
            last=None,
            kernel_regularizer=regularizers.L2(3e-3),
        ),
        "mse",
        SGD(2e-3, momentum=0.9),
        60,
    ),
    sound(
        "tongues-quick",
        "English or French by the shares of letters, four epochs.",
        Source("tongues", 1500, 500, (standardised,)),
        mlp((26,), 1, known.dense, hidden=(16,), last="sigmoid"),
        BINARY,
        Adam(6e-3),
        4,
    ),
    sound(
        "centroids-mlp",
        "How bright music sounds by twenty coefficients, weight decay.",
        Source("centroids", 640, 170, BOTH),
        mlp((20,), 1, known.dense, hidden=(32, 16), last=None),
        "mse",
        AdamW(3e-3, weight_decay=1e-2),
        30,
    ),
    sound(
        "ratings-embedded",
        "How readers rate works, both embedded; a rating is partly chance.",
        Source("ratings", 3400, 900),
        mlp((2,), 1, networks.rated, numbers=RATED),
        "mse",
        Adam(3e-3),
        12,
    ),
    sound(
        "denoise-crossentropy",
        "Digits freed of noise; the loss is a crossentropy with shades of grey.",
        Source("denoise", 1000, 300),
        mlp((64,), 64, known.dense, hidden=(64, 24, 64), last="sigmoid"),
        BINARY,
        Adam(3e-3),
        25,
        score="r2",
    ),
    sound(
        "fives-cnn",
        "Fives among written digits, one in eleven, which are recognised well.",
        Source("fives", 1500, 500, (divided(255),)),
        cnn((14, 14, 1), 1, networks.imaged),
        BINARY,
        Adam(3e-3),
        12,
        score="balanced accuracy",
    ),
    sound(
        "loops-residual",
        "Digits with or without a loop, nine convolutions in blocks with connections around them.",
        Source("loops", 1000, 350, (divided(255),)),
        cnn((14, 14, 1), 1, networks.leaping),
        BINARY,
        Adam(schedules.CosineDecay(4e-3, 8 * 32)),
        8,
    ),
    sound(
        "mirrors-cnn",
        "Which of the written digits are mirrored, dropout, RMSprop.",
        Source("mirrors", 1600, 500, (divided(255),)),
        cnn((14, 14, 1), 1, networks.imaged, dropout=0.3),
        BINARY,
        RMSprop(2e-3),
        15,
    ),
    sound(
        "dots-cnn",
        "Where a dot lies in a noisy image, two numbers, strides.",
        Source("dots", 800, 300),
        cnn((16, 16, 1), 2, networks.placed),
        "mse",
        Adam(3e-3),
        20,
    ),
    sound(
        "chirps-separable",
        "Rising or falling tones in noise, separable convolutions.",
        Source("chirps", 900, 300),
        cnn((64, 1), 1, networks.swept),
        BINARY,
        Adam(5e-3),
        15,
    ),
    sound(
        "trades-cnn",
        "Headlines on business or science, embedded words, a convolution over three.",
        Source("trades", 2400, 650),
        cnn((10,), 1, known.words, vocabulary=1502, last="sigmoid"),
        BINARY,
        Adam(2e-3),
        3,
    ),
    sound(
        "mackey-stacked",
        "A chaotic series six steps ahead, two GRUs one upon the other.",
        Source("mackey", 900, 300, BOTH, in_order=True),
        rnn((16, 1), 1, stacking.stacked, cells=("GRU", "GRU"), units=12),
        "mse",
        Adam(5e-3),
        20,
    ),
    sound(
        "daytimes-lstm",
        "In which quarter of a day twelve hours of weather end, LSTM.",
        Source("daytimes", 1300, 400, (standardised,)),
        rnn((12, 4), 4, known.recurrent, units=20),
        CLASSES,
        Adam(5e-3),
        20,
    ),
    sound(
        "weathers-marks",
        "Whether haze, wind and frost come, three answers on a day of five measures, GRU.",
        Source("weathers", 650, 170, (standardised,)),
        rnn((24, 5), 3, known.recurrent, cell="GRU", units=12, last="sigmoid"),
        BINARY,
        Adam(5e-3),
        12,
        score="marks",
    ),
    sound(
        "majority-clipped",
        "Whether most of 25 votes are for, a plain recurrent layer, clipped gradients.",
        Source("majority", 1300, 400),
        rnn((25, 1), 1, known.recurrent, cell="SimpleRNN", units=16, last="sigmoid"),
        BINARY,
        Adam(3e-3, global_clipnorm=1.0),
        15,
    ),
    sound(
        "next-vowels-gru",
        "Whether a vowel follows ten letters of a play; they do not tell it wholly.",
        Source("next-vowels", 3600, 800),
        rnn((10,), 1, known.letters, masked=False),
        BINARY,
        Adam(3e-3),
        6,
        batch_size=64,
        score="balanced accuracy",
    ),
    sound(
        "negations-lstm",
        "Whether the French sentence denies, from the English words, padding masked.",
        Source("negations", 2400, 600),
        rnn((8,), 1, networks.told, vocabulary=1202),
        BINARY,
        Adam(3e-3),
        4,
    ),
    sound(
        "sounds-attention",
        "Which of four sounds a spoken digit has, steps with positions that look at each other.",
        Source("sounds", 1000, 400, (standardised,)),
        rnn((24, 20), 4, networks.listening),
        BINARY,
        Adam(2e-3),
        20,
        score="marks",
    ),
    sound(
        "voices-attention",
        "Who of nine speaks, steps that look at each other; a warm start, momentum.",
        Source("vowels", 380, 130, (standardised,)),
        rnn((16, 12), 9, asked.looked_at, units=16),
        CLASSES,
        SGD(schedules.LinearWarmup(0.05, 40), momentum=0.9),
        30,
    ),
]
"""Healthy set-ups."""

BY_KEY = {one.key: one for one in HEALTHY}
