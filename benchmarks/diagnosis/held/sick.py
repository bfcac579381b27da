"""Sick set-ups of the held part: healthy ones with one thing broken each."""

from typing import Any

from diagnosis import faults as common
from diagnosis.blind.faults import turned_over
from diagnosis.held import faults
from diagnosis.held.healthy import BY_KEY, standardised_answers
from diagnosis.setup import Setup
from diagnosis.sources import standardised, standardised_targets
from pellucid import callbacks, constraints, regularizers
from pellucid.initializers import Orthogonal, RandomNormal
from pellucid.optimizers import SGD, Adam, RMSprop


def sick(base: str, key: str, what: str, expected: str, **changes: Any) -> Setup:
    """Return a base with one thing broken, as `Setup.broken` says."""
    return BY_KEY[base].broken(key, what, expected, **changes)


def prepared(base: str, *steps: Any) -> Any:
    """Return the data of a base with other steps than its own."""
    return BY_KEY[base].data.but(*steps)


SCALES = [
    sick(
        "arm-mlp",
        "arm-minutes",
        "Angles in minutes of arc, up to 5,157, into tanh.",
        "unscaled-inputs saturated-units",
        data=prepared("arm-mlp", faults.arc_minutes, standardised_targets),
    ),
    sick(
        "arm-mlp",
        "arm-first-faint",
        "The first angle was standardised and then given in thousands.",
        "ignored-input unscaled-inputs",
        steps=(common.in_other_units(1e-3, 0),),
    ),
    sick(
        "slants-cnn",
        "slants-bytes",
        "Pixels from 0 to 255, for a rate that suits those to 1.",
        "unscaled-inputs lr-too-high exploding-gradient nonfinite-loss",
        data=prepared("slants-cnn"),
    ),
    sick(
        "winds-gru",
        "winds-clock",
        "A channel with the seconds since 1970 was added after the others were standardised.",
        "unscaled-inputs saturated-units collapsed-memory",
        steps=(faults.clock,),
        shape=(8, 9),
    ),
    sick(
        "dews-attention",
        "dews-hectopascals",
        "The weather in its own units, pressures about 1,016.",
        "unscaled-inputs",
        data=prepared("dews-attention", standardised_answers),
    ),
    sick(
        "loudness-two",
        "loudness-hertz",
        "Bandwidths in Hz, some thousands, beside loudnesses of a tenth.",
        "unscaled-targets",
        data=prepared("loudness-two", standardised),
    ),
    sick(
        "weeks-lstm",
        "weeks-kelvin",
        "The temperature to be foretold in Kelvin, about 284.",
        "unscaled-targets",
        data=prepared("weeks-lstm", standardised, common.target_units(1.0, 273.15)),
    ),
]
"""Faults of scale."""

DATA = [
    sick(
        "halves-cnn",
        "halves-divided",
        "Each pixel was standardised by itself, also those that are black in all images: 0 / 0.",
        "nonfinite-data",
        data=prepared("halves-cnn", faults.each_standardised),
        shown="refusal",
    ),
    sick(
        "weeks-lstm",
        "weeks-slipped",
        "The decimal point of one training target in twelve slipped.",
        "label-noise",
        data=prepared(
            "weeks-lstm", faults.slipped_points(0.08), standardised, standardised_targets
        ),
    ),
    sick(
        "callers-many",
        "callers-drawn",
        "Half of the training labels are drawn by lot.",
        "label-noise overfit",
        steps=(common.wrong_labels(0.5, 40),),
    ),
    sick(
        "topics-marks",
        "topics-unmarked",
        "Hasty raters left out six in ten of the marks of the training rows.",
        "label-noise class-imbalance",
        steps=(faults.unmarked(0.6),),
    ),
    sick(
        "echoes-attention",
        "echoes-mistaken",
        "Of the training labels 35 in 100 are wrong.",
        "label-noise overfit",
        steps=(turned_over(0.35),),
    ),
    sick(
        "married-mlp",
        "married-spouse",
        "Whether one is a husband or wife came in as a column.",
        "label-leakage",
        steps=(faults.spouse,),
        shape=(7,),
        shown="gap",
        curable=False,
    ),
    sick(
        "larger-cnn",
        "larger-stamped",
        "Images of one class were stamped white in a corner when they were sorted.",
        "label-leakage",
        steps=(faults.stamped,),
        curable=False,
    ),
    sick(
        "pressures-causal",
        "pressures-same-day",
        "A late join: the pressure that is to be foretold ends the series.",
        "label-leakage",
        data=prepared("pressures-causal", faults.next_step(0), standardised, standardised_targets),
        curable=False,
    ),
    sick(
        "larger-cnn",
        "larger-again",
        "Nine of ten validation images are training images.",
        "train-val-overlap",
        steps=(common.overlap(0.9),),
        shown="gap",
        curable=False,
    ),
    sick(
        "callers-many",
        "callers-quieter",
        "The validation digits were recorded by another microphone, at a fiftieth of the energy.",
        "train-val-shift",
        data=prepared("callers-many", faults.quieter(4.0), standardised),
        shown="validation",
        curable=False,
    ),
    sick(
        "dews-attention",
        "dews-by-warmth",
        "The cold days were trained on and the warm ones validated.",
        "train-val-shift unshuffled-data",
        data=prepared("dews-attention", faults.by_warmth, standardised, standardised_answers),
        shown="validation",
        curable=False,
    ),
    sick(
        "sports-cnn",
        "sports-sorted",
        "News sorted by class, and not shuffled.",
        "unshuffled-data",
        steps=(common.sorted_by_label,),
        fit={"shuffle": False},
    ),
    sick(
        "asked-both-ways",
        "asked-rare",
        "Fifteen sentences that ask among some 1,200 that do not.",
        "class-imbalance constant-predictions",
        steps=(common.rare(1, 15),),
        score="balanced accuracy",
    ),
    sick(
        "infants-momentum",
        "infants-ones",
        "Two thousand columns of ones from a coding of words that never change.",
        "constant-features duplicate-features lr-too-high",
        steps=(common.constant_column(1.0, 2000),),
        shape=(2006,),
    ),
    sick(
        "slants-cnn",
        "slants-apart",
        "Images and targets were shuffled each by an order of its own.",
        "no-signal not-learning overfit constant-predictions",
        steps=(faults.shuffled_apart,),
        curable=False,
    ),
    sick(
        "infants-momentum",
        "infants-from-one",
        "Two classes written as 1 and 2 for a sigmoid.",
        "bad-labels output-range-mismatch output-loss-mismatch",
        steps=(common.relabelled(1),),
        shown="refusal",
    ),
]
"""Faults of the data."""

ENDS = [
    sick(
        "infants-momentum",
        "infants-two-units",
        "Two units of softmax and a binary crossentropy for one column of labels.",
        "output-loss-mismatch refused-data bad-labels",
        network={"outputs": 2, "options": {"hidden": (16,), "last": "softmax"}},
        shown="refusal",
    ),
    sick(
        "topics-marks",
        "topics-categorical",
        "The crossentropy of one class among several where several answers can be yes.",
        "output-loss-mismatch bad-labels",
        loss="categorical_crossentropy",
        options={"last": "softmax"},
    ),
    sick(
        "arm-mlp",
        "arm-relu",
        "ReLU at the end, for places on either side of zero.",
        "output-range-mismatch output-loss-mismatch",
        options={"last": "relu"},
        shown="refusal",
    ),
    sick(
        "rooms-hybrid",
        "rooms-linear",
        "No softmax before a crossentropy of probabilities.",
        "output-loss-mismatch",
        options={"last": "linear"},
        shown="refusal",
    ),
]
"""Faults of the last layer and the loss."""

MODEL = [
    sick(
        "slants-cnn",
        "slants-straight",
        "Convolutions, means and dense layers without an activation.",
        "missing-nonlinearity",
        options={"activation": None},
    ),
    sick(
        "scenes-marks",
        "scenes-loud-start",
        "Kernels drawn with a deviation of 2.",
        "bad-init exploding-gradient dead-units",
        options={"kernel_initializer": RandomNormal(stddev=2.0)},
    ),
    sick(
        "echoes-attention",
        "echoes-loud-start",
        "Vectors of symbols drawn with a deviation of 40.",
        "bad-init exploding-gradient",
        options={"init": RandomNormal(stddev=40.0)},
    ),
    sick(
        "echoes-attention",
        "echoes-frozen",
        "Vectors, attention and the dense layer do not train.",
        "frozen-parameters",
        options={"trainable": False},
    ),
    sick(
        "halves-cnn",
        "halves-dropped",
        "Dropout of 0.9 of the channels and of the units.",
        "over-regularized underfit",
        options={"dropout": 0.9},
    ),
    sick(
        "scenes-marks",
        "scenes-sparse",
        "A penalty of 0.1 on the size of each weight.",
        "over-regularized constant-predictions not-learning",
        options={"kernel_regularizer": regularizers.L1(0.1)},
    ),
    sick(
        "sports-cnn",
        "sports-bound",
        "Kernels whose norms are held below 0.01.",
        "over-regularized not-learning",
        options={"kernel_constraint": constraints.MaxNorm(0.01)},
    ),
    sick(
        "scenes-marks",
        "scenes-squeezed",
        "One filter of one pixel between convolutions and dense layer.",
        "narrow-layer underfit dead-units",
        options={"squeezed": 1},
    ),
    sick(
        "checkers-swish",
        "checkers-small",
        "One layer of four units for sixteen squares.",
        "underfit",
        options={"hidden": (4,)},
    ),
    sick(
        "married-mlp",
        "married-vast",
        "Two layers of 256 units, 150 people and eighty epochs.",
        "overfit too-many-parameters",
        steps=(common.fewer(150),),
        options={"hidden": (256, 256)},
        epochs=80,
        score="log-likelihood",
    ),
    sick(
        "winds-gru",
        "winds-by-heart",
        "GRU of 64 units for 150 rows, a hundred epochs.",
        "overfit too-many-parameters",
        steps=(common.fewer(150),),
        options={"units": 64},
        epochs=100,
        score="log-likelihood",
    ),
]
"""Faults of the model."""

SIGNALS = [
    sick(
        "callers-many",
        "callers-deep-sigmoid",
        "Ten hidden layers of sigmoid in the place of one of ReLU.",
        "vanishing-gradient not-learning constant-predictions",
        options={"hidden": (96,) * 10, "activation": "sigmoid"},
    ),
    sick(
        "scenes-marks",
        "scenes-faint",
        "Seven convolutions of sigmoid.",
        "vanishing-gradient not-learning constant-predictions",
        options={"filters": (12, 12, 12, 12, 12, 16, 16), "activation": "sigmoid"},
    ),
    sick(
        "smoothed-steps",
        "smoothed-explodes",
        "Plain recurrent layers of ReLU whose recurrent kernels begin at twice a rotation.",
        "exploding-gradient bad-init nonfinite-loss lr-too-high",
        options={
            "cell": "SimpleRNN",
            "activation": "relu",
            "recurrent_initializer": Orthogonal(gain=2.0),
        },
    ),
    sick(
        "smoke-mlp",
        "smoke-exponential",
        "Exponentials in the place of ReLU.",
        "nonfinite-loss exploding-gradient bad-init lr-too-high",
        options={"activation": "exponential", "hidden": (32, 32, 16)},
    ),
    sick(
        "smoke-mlp",
        "smoke-killed",
        "Adam at a rate of 3, which switches ReLU off.",
        "dead-units lr-too-high",
        optimizer=Adam(3.0),
    ),
]
"""Faults of the signals that go through the network."""

TRAINING = [
    sick(
        "weeks-lstm",
        "weeks-hot",
        "RMSprop at a rate of 1.",
        "lr-too-high saturated-units oscillating-loss",
        optimizer=RMSprop(1.0),
    ),
    sick(
        "scenes-marks",
        "scenes-hot",
        "Gradient descent at a rate of 1 with momentum 0.9.",
        "lr-too-high dead-units nonfinite-loss exploding-gradient",
        optimizer=SGD(1.0, momentum=0.9),
    ),
    sick(
        "infants-momentum",
        "infants-swinging",
        "A rate of 3 with momentum 0.95.",
        "lr-too-high oscillating-loss nonfinite-loss dead-units",
        optimizer=SGD(3.0, momentum=0.95),
        score="log-likelihood",
    ),
    sick(
        "larger-cnn",
        "larger-cold",
        "Adam at a rate of 0.000003.",
        "lr-too-low under-trained not-learning",
        optimizer=Adam(3e-6),
    ),
    sick(
        "rooms-hybrid",
        "rooms-cold",
        "Plain gradient descent at a rate of 0.001.",
        "lr-too-low under-trained not-learning",
        optimizer=SGD(1e-3),
    ),
    sick(
        "checkers-swish",
        "checkers-cut-short",
        "Two epochs.",
        "under-trained",
        epochs=2,
    ),
    sick(
        "halves-cnn",
        "halves-hasty",
        "Early stopping that waits for one epoch only, for a gain of 0.05.",
        "under-trained",
        fit={"callbacks": [callbacks.EarlyStopping(patience=1, min_delta=0.05)]},
    ),
    sick(
        "arm-mlp",
        "arm-whole",
        "All 1,000 rows in one batch, in as many epochs.",
        "batch-too-large under-trained lr-too-low",
        batch_size=1000,
    ),
    sick(
        "pressures-causal",
        "pressures-alone",
        "Batch normalisation over one series at a time.",
        "batch-too-small",
        batch_size=1,
        epochs=2,
    ),
]
"""Faults of the training."""

SICK = SCALES + DATA + ENDS + MODEL + SIGNALS + TRAINING
