"""Sick set-ups of the unseen part: healthy ones with one thing broken each."""

from typing import Any

import numpy as np

from diagnosis import faults as common
from diagnosis.setup import Setup
from diagnosis.sources import standardised
from diagnosis.unseen import faults
from diagnosis.unseen.healthy import BY_KEY
from pellucid import callbacks, regularizers
from pellucid.initializers import RandomNormal, RandomUniform
from pellucid.optimizers import SGD, Adam, AdamW, schedules


def sick(key: str, what: str, base: str, expected: str, *, wider: int = 0, **changes: Any) -> Setup:
    """Return a base with one thing broken, as `Setup.broken` says.

    Its steps add `wider` columns.
    """
    own = BY_KEY[base]
    *before, columns = own.network.shape
    return own.broken(key, what, expected, shape=(*before, columns + wider), **changes)


def prepared(base: str, *steps: Any) -> Any:
    """Return the data of a base with other steps than its own."""
    return BY_KEY[base].data.but(*steps)


DATA = [
    sick(
        "adult-raw",
        "A census as it is stored: weights up to a million, gains up to 99,999.",
        "adult-mlp",
        "unscaled-inputs",
        data=prepared("adult-mlp"),
    ),
    sick(
        "genres-one-raw",
        "One of 57 columns was left out when the others were standardised: it is in millions.",
        "genres-linear",
        "unscaled-inputs",
        steps=(faults.one_column_raw(5, 4e5),),
    ),
    sick(
        "signs-twice",
        "Pixels divided by 255 before a layer that divides by 255.",
        "signs-cnn",
        "unscaled-inputs lr-too-low under-trained",
        steps=(lambda data, rng: data.map_x(lambda x: x / 255),),
        epochs=20,
    ),
    sick(
        "spoken-energy",
        "Energies as they are rather than their logarithms.",
        "spoken-bidirectional",
        "unscaled-inputs saturated-units",
        data=prepared(
            "spoken-bidirectional", lambda data, rng: data.map_x(lambda x: np.exp(x) / 1e6)
        ),
    ),
    sick(
        "volume-shares",
        "The number of traded shares itself, some millions, is to be foretold.",
        "volume-causal",
        "unscaled-targets",
        data=prepared(
            "volume-causal",
            standardised,
            lambda data, rng: data.map_y(lambda y: np.exp(y).astype("float32")),
        ),
    ),
    sick(
        "friedman-offset",
        "Targets about 1,014, as far from zero as years are.",
        "friedman-units",
        "unscaled-targets",
        steps=(common.target_units(1, 1000),),
    ),
    sick(
        "power-small",
        "A household's power in gigawatts: targets of some thousandths.",
        "power-gru",
        "unscaled-targets",
        data=prepared("power-gru", standardised, common.target_units(1e-6)),
    ),
    sick(
        "friedman-logarithm",
        "A column whose logarithm was taken where some values are 0.",
        "friedman-mlp",
        "nonfinite-data",
        steps=(faults.logarithm_of(3),),
        shown="refusal",
    ),
    sick(
        "reviews-four",
        "Praise is written as 4, as in a known set of tweets, blame as 0.",
        "reviews-attention",
        "bad-labels output-loss-mismatch",
        steps=(faults.labels_times(4),),
        shown="refusal",
    ),
    sick(
        "genres-by-position",
        "A file sorted by class, split by position: three of ten classes are only validated on.",
        "genres-linear",
        "bad-labels unshuffled-data train-val-shift",
        steps=(faults.split_by_position(7),),
    ),
    sick(
        "genres-numbered",
        "The row's number in a file that is sorted by class came in as a column.",
        "genres-dropout",
        "label-leakage",
        steps=(faults.row_number,),
        wider=1,
    ),
    sick(
        "power-late",
        "The two weeks end with the day that is to be foretold.",
        "power-gru",
        "label-leakage",
        steps=(faults.answer_in_window,),
    ),
    sick(
        "signs-augmented",
        "Images were copied with a little noise before the split: most validation images have "
        "a twin among the training images.",
        "signs-cnn",
        "train-val-overlap",
        steps=(faults.copied_before_the_split(0.9, 2.0),),
        shown="gap",
        curable=False,
    ),
    sick(
        "adult-rare",
        "Twelve rich people among some fifteen hundred.",
        "adult-mlp",
        "class-imbalance constant-predictions",
        steps=(common.rare(1, 12),),
    ),
    sick(
        "shapes-rare",
        "Seven crosses among more than five hundred squares and discs.",
        "shapes-cnn",
        "class-imbalance",
        steps=(common.rare(2, 7),),
        score="balanced accuracy",
    ),
    sick(
        "spoken-confused",
        "Of each digit's training labels 45 in 100 name the next digit.",
        "spoken-cnn",
        "label-noise",
        steps=(faults.taken_for_the_next(0.45, 10),),
    ),
    sick(
        "signs-other-scale",
        "Validation images in 0 to 1, training images in bytes.",
        "signs-cnn",
        "train-val-shift",
        steps=(faults.in_validation(lambda x: x / 255),),
        shown="validation",
        curable=False,
    ),
    sick(
        "news-other-numbers",
        "The validation texts were numbered by a word list of their own.",
        "news-cnn",
        "train-val-shift no-signal",
        steps=(faults.other_numbers(2000),),
        shown="validation",
        curable=False,
    ),
    sick(
        "friedman-sorted-targets",
        "The targets were sorted, the inputs were not.",
        "friedman-mlp",
        "no-signal not-learning overfit",
        steps=(faults.sorted_targets,),
        curable=False,
    ),
    sick(
        "shapes-black",
        "A mistake in reading: every training image is black.",
        "shapes-cnn",
        "constant-features train-val-shift",
        steps=(faults.in_training(np.zeros_like),),
        curable=False,
    ),
    sick(
        "language-padded",
        "Sentences padded behind to 90 letters, and the padding not masked.",
        "language-gru",
        "collapsed-memory vanishing-gradient",
        steps=(faults.padded_to(90),),
        options={"masked": False},
        wider=70,
    ),
]
"""Faults of the data."""

MODEL = [
    sick(
        "signs-one-hot",
        "Class numbers for a loss that expects one column a class.",
        "signs-cnn",
        "output-loss-mismatch bad-labels refused-data",
        loss="categorical_crossentropy",
        shown="refusal",
    ),
    sick(
        "friedman-tanh",
        "Tanh for targets from 0 to 30.",
        "friedman-units",
        "output-range-mismatch output-loss-mismatch",
        options={"last": "tanh"},
        shown="refusal",
    ),
    sick(
        "autoencoder-standardised",
        "Standardised digits to be given back by a sigmoid.",
        "digits-autoencoder",
        "output-range-mismatch output-loss-mismatch",
        steps=(lambda data, rng: data.map_y(lambda y: ((y - 0.3) / 0.38).astype("float32")),),
        shown="refusal",
    ),
    sick(
        "shapes-linear",
        "Convolutions without an activation.",
        "shapes-cnn",
        "missing-nonlinearity",
        options={"leaky": False},
    ),
    sick(
        "friedman-positive",
        "Kernels that begin between 0 and 1, none below.",
        "friedman-mlp",
        "bad-init",
        options={"kernel_initializer": RandomUniform(0, 1), "hidden": (48, 24, 24)},
    ),
    sick(
        "genres-wild",
        "Kernels drawn with a deviation of 1, as numpy draws them.",
        "genres-dropout",
        "bad-init exploding-gradient",
        options={"kernel_initializer": RandomNormal(stddev=1.0), "hidden": (128, 128)},
    ),
    sick(
        "signs-dropped",
        "Dropout of 0.9 before and after the dense layer.",
        "signs-cnn",
        "over-regularized",
        options={"dropout": 0.9},
    ),
    sick(
        "genres-decayed",
        "A penalty of 0.2 on squared weights.",
        "genres-dropout",
        "over-regularized",
        options={"kernel_regularizer": regularizers.L2(0.2)},
    ),
    sick(
        "red-wine-decayed",
        "AdamW whose weight decay was given as 30.",
        "red-wine-norm",
        "over-regularized",
        optimizer=AdamW(5e-3, weight_decay=30.0),
    ),
    sick(
        "signs-frozen",
        "Convolutions frozen as for a trained base, but never trained.",
        "signs-cnn",
        "frozen-parameters",
        options={"trainable": False},
    ),
    sick(
        "genres-two-units",
        "A layer of two units before ten genres.",
        "genres-dropout",
        "narrow-layer underfit",
        options={"hidden": (128, 2)},
    ),
]
"""Faults of the model."""

TRAINING = [
    sick(
        "adult-deep-sigmoid",
        "Seven hidden layers of sigmoid under gradient descent.",
        "adult-mlp",
        "vanishing-gradient constant-predictions not-learning",
        options={"hidden": (24,) * 7, "activation": "sigmoid"},
        optimizer=SGD(0.05),
    ),
    sick(
        "friedman-without-skips",
        "Twenty-one layers of sigmoid without connections around them.",
        "friedman-residual",
        "vanishing-gradient not-learning constant-predictions",
        options={"skip": False, "activation": "sigmoid", "blocks": 10},
    ),
    sick(
        "order-forgotten",
        "A plain recurrent layer of sigmoid in place of the LSTM.",
        "order-lstm",
        "vanishing-gradient collapsed-memory not-learning",
        options={"cell": "SimpleRNN", "activation": "sigmoid"},
    ),
    sick(
        "language-explodes",
        "A plain recurrent layer of ReLU that starts as a large random matrix.",
        "language-gru",
        "exploding-gradient bad-init nonfinite-loss",
        options={
            "cell": "SimpleRNN",
            "activation": "relu",
            "recurrent_initializer": RandomNormal(stddev=1.0),
        },
    ),
    sick(
        "signs-killed",
        "Gradient descent at 0.5 with momentum 0.9, which switches ReLU off.",
        "signs-cnn",
        "dead-units lr-too-high",
        optimizer=SGD(0.5, momentum=0.9),
    ),
    sick(
        "circles-saturated",
        "Coordinates of about a hundred into a layer of sigmoid.",
        "circles-sigmoid",
        "unscaled-inputs saturated-units",
        steps=(common.in_other_units(100.0),),
    ),
    sick(
        "language-hot",
        "Adam at a rate of 0.3.",
        "language-gru",
        "lr-too-high saturated-units",
        optimizer=Adam(0.3),
    ),
    sick(
        "attention-hot",
        "Adam at a rate of 0.3.",
        "reviews-attention",
        "lr-too-high",
        optimizer=Adam(0.3),
    ),
    sick(
        "attention-cold",
        "Adam at a rate of 0.00001, as for a trained model.",
        "reviews-attention",
        "lr-too-low under-trained not-learning",
        optimizer=Adam(1e-5),
    ),
    sick(
        "spoken-decayed",
        "A rate that halves at every ten steps rather than epochs.",
        "spoken-bidirectional",
        "lr-too-low under-trained",
        optimizer=Adam(schedules.ExponentialDecay(8e-3, 10, 0.5)),
    ),
    sick(
        "airline-runs-away",
        "Gradient descent at 0.1 with momentum 0.95.",
        "airline-few",
        "lr-too-high nonfinite-loss exploding-gradient",
        optimizer=SGD(0.1, momentum=0.95),
    ),
    sick(
        "adult-full-batch",
        "All 2,000 rows in one batch, in as many epochs.",
        "adult-mlp",
        "batch-too-large under-trained lr-too-low",
        batch_size=2000,
    ),
    sick(
        "spoken-alone",
        "Batch normalisation over one sound at a time.",
        "spoken-cnn",
        "batch-too-small",
        batch_size=1,
        epochs=1,
    ),
    sick(
        "reviews-overfit",
        "Thirty epochs without dropout.",
        "reviews-attention",
        "overfit too-many-parameters",
        options={"dropout": 0.0},
        epochs=30,
        score="log-likelihood",
    ),
    sick(
        "red-wine-overfit",
        "Two layers of 128 units, two hundred and fifty epochs.",
        "red-wine-norm",
        "overfit too-many-parameters",
        options={"hidden": (128, 128), "between": None},
        epochs=250,
    ),
    sick(
        "movement-impatient",
        "Early stopping that waits one epoch for a gain of 0.1.",
        "movement-cnn",
        "under-trained",
        fit={"callbacks": [callbacks.EarlyStopping(patience=1, min_delta=0.1)]},
    ),
    sick(
        "shapes-cut-short",
        "One epoch.",
        "shapes-cnn",
        "under-trained",
        epochs=1,
    ),
]
"""Faults of the training."""

SICK = DATA + MODEL + TRAINING
