"""Sick set-ups of the fresh part: healthy ones with one thing broken each."""

from typing import Any

import numpy as np

from diagnosis import faults as common
from diagnosis.fresh.healthy import BOTH, BY_KEY
from diagnosis.fresh.readers import AHEAD
from diagnosis.setup import Setup
from diagnosis.sources import Data, Pair, Source
from diagnosis.unseen.faults import in_validation
from diagnosis.unseen.healthy import normalised
from pellucid import regularizers
from pellucid.optimizers import SGD, Adam, RMSprop, schedules


def sick(base: str, key: str, what: str, expected: str, **changes: Any) -> Setup:
    """Return a base with one thing broken, as `Setup.broken` says."""
    return BY_KEY[base].broken(key, what, expected, **changes)


def not_yet_known(data: Data, rng: np.random.Generator) -> Data:
    """Let the rows held out to the end know no more than is known when a model is used.

    Of what was measured later the last value that is known by then stands there.
    """
    x, y = data.test
    honest = x.copy()
    honest[:, -AHEAD:, -1] = x[:, [-AHEAD - 1], -1]
    return Data(data.train, data.validation, (honest, y))


def entered_twice(data: Data, rng: np.random.Generator) -> Data:
    """Let a list in which many rows stand twice be split: training and validation rows repeat."""
    (x, y), (vx, vy) = data.train, data.validation
    count, held = len(x) // 5, round(0.4 * len(vx))
    x, y = x.copy(), y.copy()
    x[-count:], y[-count:] = x[:count], y[:count]
    taken = rng.choice(len(x) - count, held, replace=False)
    mixed = np.concatenate([x[taken], vx[held:]]), np.concatenate([y[taken], vy[held:]])
    return Data((x, y), mixed, data.test)


def one_row_late(data: Data, rng: np.random.Generator) -> Data:
    """Give each row of training and validation the label of the row before it."""

    def late(rows: Pair) -> Pair:
        return rows[0], np.roll(rows[1], 1)

    return Data(late(data.train), late(data.validation), data.test)


SICK = [
    sick(
        "white-wine-mlp",
        "white-wine-missing",
        "What was not measured is written as -999, in one cell of twenty.",
        "unscaled-inputs",
        steps=(common.holes(0.05, -999.0),),
    ),
    sick(
        "white-wine-mlp",
        "white-wine-twice",
        "Wines that were entered twice lie on both sides of the split.",
        "train-val-overlap",
        steps=(entered_twice,),
        options={"hidden": (128, 64)},
        epochs=60,
        shown="gap",
        curable=False,
    ),
    sick(
        "white-wine-mlp",
        "white-wine-sparse",
        "A penalty of 0.3 on the size of each weight.",
        "over-regularized",
        options={"kernel_regularizer": regularizers.L1(0.3)},
    ),
    sick(
        "hastie-mlp",
        "hastie-lines",
        "Hidden layers with batch normalisation and no activation.",
        "missing-nonlinearity",
        options={"activation": None, "between": normalised},
    ),
    sick(
        "hastie-mlp",
        "hastie-cooled",
        "The length of the cosine was given in epochs, not in steps.",
        "lr-too-low under-trained",
        optimizer=Adam(schedules.CosineDecay(3e-3, 20)),
    ),
    sick(
        "blobs-mlp",
        "blobs-swinging",
        "A rate of 1 with momentum 0.99.",
        "lr-too-high oscillating-loss nonfinite-loss saturated-units exploding-gradient",
        optimizer=SGD(1.0, momentum=0.99),
    ),
    sick(
        "patches-cnn",
        "patches-blue",
        "The validation images were read with red and blue exchanged.",
        "train-val-shift no-signal",
        steps=(in_validation(lambda x: x[..., ::-1].copy()),),
        shown="validation",
        curable=False,
    ),
    sick(
        "patches-cnn",
        "patches-asleep",
        "Adam at a rate of 0.000005.",
        "lr-too-low under-trained not-learning constant-predictions",
        optimizer=Adam(5e-6),
    ),
    sick(
        "speakers-cnn",
        "speakers-tail",
        "One of four people has eight recordings.",
        "class-imbalance",
        steps=(common.rare(1, 8),),
        score="balanced accuracy",
    ),
    sick(
        "speakers-cnn",
        "speakers-noise",
        "Noise of twelve deviations on all inputs while training.",
        "over-regularized",
        options={"noise": 12.0},
    ),
    sick(
        "speakers-cnn",
        "speakers-one-unit",
        "One unit before the four answers.",
        "narrow-layer dead-units underfit",
        options={"hidden": 1},
    ),
    sick(
        "hours-lstm",
        "hours-ahead",
        "A channel holds at each hour what was measured six hours later.",
        "label-leakage",
        data=Source("hours-ahead", 700, 200, (not_yet_known, *BOTH)),
        shape=(12, 5),
    ),
    sick(
        "hours-lstm",
        "hours-faint",
        "Four plain recurrent layers of sigmoid under gradient descent.",
        "vanishing-gradient not-learning collapsed-memory constant-predictions",
        options={"cells": ("SimpleRNN",) * 4, "activation": "sigmoid"},
        optimizer=SGD(0.02),
    ),
    sick(
        "titles-lstm",
        "titles-by-heart",
        "Four hundred headlines, sixty epochs.",
        "overfit too-many-parameters",
        data=Source("titles", 400, 800),
        epochs=60,
        score="log-likelihood",
    ),
    sick(
        "titles-lstm",
        "titles-late",
        "Each row has the label of the row before it.",
        "no-signal overfit not-learning",
        steps=(one_row_late,),
    ),
    sick(
        "titles-lstm",
        "titles-hot",
        "RMSprop at a rate of 0.5.",
        "lr-too-high saturated-units nonfinite-loss",
        optimizer=RMSprop(0.5),
    ),
]
"""Faults of data, model and training."""
