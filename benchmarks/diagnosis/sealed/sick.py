"""Sick set-ups of the sealed part: healthy ones with one thing broken each."""

from typing import Any

from diagnosis import faults as common
from diagnosis.blind.faults import turned_over
from diagnosis.blind.healthy import one_hot
from diagnosis.sealed import faults
from diagnosis.sealed.healthy import BY_KEY, RATED
from diagnosis.setup import Setup
from diagnosis.sources import standardised, standardised_targets
from diagnosis.unseen.faults import padded_to
from pellucid import callbacks, layers, regularizers
from pellucid.initializers import Constant, Identity, RandomNormal
from pellucid.optimizers import SGD, Adam, AdamW, schedules


def sick(base: str, key: str, what: str, expected: str, **changes: Any) -> Setup:
    """Return a base with one thing broken, as `Setup.broken` says."""
    return BY_KEY[base].broken(key, what, expected, **changes)


def prepared(base: str, *steps: Any) -> Any:
    """Return the data of a base with other steps than its own."""
    return BY_KEY[base].data.but(*steps)


def straight() -> list[Any]:
    """Return a leaky ReLU whose slope below zero is that above."""
    return [layers.LeakyReLU(1.0)]


def nearly_all_dropped() -> list[Any]:
    """Return dropout of the share that was to be kept."""
    return [layers.Dropout(0.95)]


def flipped() -> Any:
    """Return a layer that mirrors every other image while training."""
    return layers.RandomFlip("horizontal")


SCALES = [
    sick(
        "circuits-normalised",
        "circuits-raw",
        "The layer that standardises was forgotten: frequencies are in thousands.",
        "unscaled-inputs ignored-input",
        options={"front": None},
    ),
    sick(
        "circuits-normalised",
        "circuits-across",
        "Layer normalisation of the raw columns: over the columns of a row, not over the rows.",
        "unscaled-inputs ignored-input",
        options={"front": layers.LayerNormalization},
    ),
    sick(
        "circuits-normalised",
        "circuits-milliohms",
        "Impedances in thousandths of an ohm, some hundreds of thousands.",
        "unscaled-targets",
        data=prepared("circuits-normalised", common.target_units(1000.0)),
    ),
    sick(
        "roll-mlp",
        "roll-glitches",
        "A sensor failed in three rows, by 100,000, before the columns were standardised.",
        "unscaled-inputs ignored-input",
        data=prepared("roll-mlp", faults.glitches(0, 3, 1e5), standardised, standardised_targets),
    ),
    sick(
        "hints-dropout",
        "hints-row-names",
        "The number by which a row is known, up to 100,000, came in as a column.",
        "unscaled-inputs",
        steps=(faults.row_names(100_000),),
        shape=(21,),
    ),
    sick(
        "mackey-stacked",
        "mackey-volts",
        "The series in volts: values of about a ten-thousandth.",
        "unscaled-inputs lr-too-low",
        steps=(common.in_other_units(1e-4),),
    ),
    sick(
        "ratings-embedded",
        "ratings-as-amounts",
        "The numbers of readers and works go into a dense layer as if they were amounts.",
        "unscaled-inputs underfit",
        options={"embedded": False},
    ),
    sick(
        "centroids-mlp",
        "centroids-sampling",
        "A column with the sampling rate, 22,050 in every row.",
        "constant-features unscaled-inputs",
        steps=(common.constant_column(22_050.0),),
        shape=(21,),
    ),
]
"""Faults of scale."""

DATA = [
    sick(
        "glucose-noisy",
        "glucose-ratio",
        "A ratio of two columns, of which the lower one is 0 where it was not measured.",
        "nonfinite-data",
        data=prepared("glucose-noisy", faults.with_ratio(3, 2), standardised_targets),
        shape=(8,),
        shown="refusal",
    ),
    sick(
        "sexes-plateau",
        "sexes-unlabelled",
        "Rows without a label have the class -1.",
        "bad-labels",
        steps=(faults.unlabelled(0.05),),
        shown="refusal",
    ),
    sick(
        "quantiles-mlp",
        "quantiles-copies",
        "A faulty join: the first column stands there five hundred times more.",
        "duplicate-features lr-too-high",
        steps=(common.copied_column(0, 500),),
        shape=(504,),
    ),
    sick(
        "centroids-mlp",
        "centroids-own-mean",
        "The mean target of each piece came in as a column, and each piece occurs once.",
        "label-leakage train-val-shift overfit",
        steps=(faults.own_mean,),
        shape=(21,),
        curable=False,
    ),
    sick(
        "centroids-mlp",
        "centroids-kilohertz",
        "One target in eight is in kilohertz, the others in hertz.",
        "label-noise",
        data=prepared(
            "centroids-mlp", standardised, faults.in_thousands(0.12), standardised_targets
        ),
    ),
    sick(
        "chirps-separable",
        "chirps-mistaken",
        "Of the training labels 38 in 100 are wrong.",
        "label-noise overfit",
        steps=(turned_over(0.38),),
    ),
    sick(
        "sexes-plateau",
        "sexes-oversampled",
        "Of thirty females each was copied twelve times before the split.",
        "train-val-overlap",
        steps=(faults.oversampled(1, 30, 12),),
        score="balanced accuracy",
        shown="gap",
        curable=False,
    ),
    sick(
        "hints-dropout",
        "hints-renumbered",
        "The classes of the validation rows are numbered from another one on.",
        "train-val-shift",
        steps=(faults.numbered_otherwise(4),),
        shown="validation",
        curable=False,
    ),
    sick(
        "petals-few",
        "petals-by-size",
        "A file sorted by the length of petals was split by position.",
        "train-val-shift unshuffled-data",
        data=prepared("petals-few", faults.split_by_size(2), standardised, standardised_targets),
        shown="validation",
        curable=False,
    ),
    sick(
        "chirps-separable",
        "chirps-backwards",
        "The validation tones were read from the end.",
        "train-val-shift",
        steps=(faults.validated_backwards,),
        shown="validation",
        curable=False,
    ),
    sick(
        "quantiles-mlp",
        "quantiles-sorted",
        "Rows sorted by class, and not shuffled.",
        "unshuffled-data",
        steps=(common.sorted_by_label,),
        fit={"shuffle": False},
    ),
    sick(
        "dots-cnn",
        "dots-by-file-name",
        "Labels in the order of file names, 0, 1, 10, 100, 11, beside images in that of numbers.",
        "no-signal not-learning overfit constant-predictions",
        steps=(faults.by_file_name,),
        curable=False,
    ),
    sick(
        "mirrors-cnn",
        "mirrors-last-only",
        "A list of one array: every training image is the last one.",
        "constant-features train-val-shift",
        steps=(faults.last_only,),
        curable=False,
    ),
    sick(
        "traits-marks",
        "traits-rare",
        "Six primes among some six hundred digits that are none.",
        "class-imbalance",
        steps=(faults.rare_mark(3, 6),),
    ),
    sick(
        "fives-cnn",
        "fives-weighted",
        "Weights of classes the wrong way round: 100 for the digits that are no fives.",
        "class-imbalance constant-predictions",
        fit={"class_weight": {0: 100.0, 1: 1.0}},
    ),
    sick(
        "ratings-embedded",
        "ratings-sparse",
        "Numbers as the data base gives them, one in sixty of which occurs.",
        "dead-embedding-rows too-many-parameters",
        steps=(common.spread_words(60),),
        options={"numbers": 60 * RATED},
        shown="unused rows",
        curable=False,
    ),
    sick(
        "negations-lstm",
        "negations-padded",
        "Sentences padded behind to 100 words, and the padding not masked.",
        "collapsed-memory vanishing-gradient",
        steps=(padded_to(100),),
        shape=(100,),
        options={"masked": False},
    ),
]
"""Faults of the data."""

ENDS = [
    sick(
        "quantiles-mlp",
        "quantiles-one-hot",
        "A column a class for a loss that expects class numbers.",
        "output-loss-mismatch bad-labels refused-data",
        steps=(one_hot(3),),
        shown="refusal",
    ),
    sick(
        "sexes-plateau",
        "sexes-one-unit",
        "One sigmoid and a binary crossentropy for three classes.",
        "output-loss-mismatch bad-labels output-range-mismatch",
        loss="binary_crossentropy",
        network={"outputs": 1, "options": {"hidden": (24,), "last": "sigmoid"}},
        shown="refusal",
    ),
    sick(
        "traits-marks",
        "traits-softmax",
        "A softmax where several answers can be yes.",
        "output-loss-mismatch",
        options={"last": "softmax"},
    ),
    sick(
        "tongues-quick",
        "tongues-unbounded",
        "No sigmoid before a binary crossentropy of probabilities.",
        "output-loss-mismatch output-range-mismatch",
        options={"last": None},
        shown="refusal",
    ),
    sick(
        "trades-cnn",
        "trades-tanh",
        "Tanh before a binary crossentropy.",
        "output-loss-mismatch output-range-mismatch",
        options={"last": "tanh"},
        shown="refusal",
    ),
    sick(
        "rings-poisson",
        "rings-linear",
        "The loss of Poisson without the exponential, so that rates can be negative.",
        "output-loss-mismatch output-range-mismatch nonfinite-loss",
        options={"last": None},
    ),
    sick(
        "roll-mlp",
        "roll-softplus",
        "Softplus for standardised targets.",
        "output-range-mismatch output-loss-mismatch",
        options={"last": "softplus"},
        shown="refusal",
    ),
    sick(
        "denoise-crossentropy",
        "denoise-sixteen",
        "Shades from 0 to 16 for a sigmoid.",
        "output-range-mismatch bad-labels output-loss-mismatch",
        steps=(common.target_units(16.0),),
        shown="refusal",
    ),
]
"""Faults of the last layer and the loss."""

MODEL = [
    sick(
        "corners-mlp",
        "corners-straight",
        "Leaky ReLU with a slope of 1 below zero: straight lines.",
        "missing-nonlinearity",
        options={"activation": None, "between": straight},
    ),
    sick(
        "roll-mlp",
        "roll-loud-start",
        "Kernels drawn with a deviation of 5 before tanh.",
        "bad-init saturated-units",
        options={"kernel_initializer": RandomNormal(stddev=5.0)},
    ),
    sick(
        "daytimes-lstm",
        "daytimes-jammed",
        "Kernels of the LSTM drawn with a deviation of 10: its gates are open or shut.",
        "bad-init saturated-units exploding-gradient",
        options={
            "kernel_initializer": RandomNormal(stddev=10.0),
            "recurrent_initializer": RandomNormal(stddev=10.0),
        },
    ),
    sick(
        "sounds-attention",
        "sounds-loud-start",
        "Kernels of dense layers and attention drawn with a deviation of 2.",
        "bad-init exploding-gradient",
        options={"init": RandomNormal(stddev=2.0)},
    ),
    sick(
        "hints-dropout",
        "hints-dead",
        "Biases of the hidden layer begin at -10.",
        "dead-units bad-init",
        options={"bias_initializer": Constant(-10.0)},
    ),
    sick(
        "hints-dropout",
        "hints-kept",
        "The share to keep, 0.95, was given as the share to drop.",
        "over-regularized",
        options={"between": nearly_all_dropped},
        score="log-likelihood",
    ),
    sick(
        "petals-few",
        "petals-quiet",
        "A penalty of 20 on the squared activations of the hidden layer.",
        "over-regularized constant-predictions",
        options={"activity_regularizer": regularizers.L2(20.0)},
    ),
    sick(
        "weathers-marks",
        "weathers-bound",
        "Penalties of 3 on the squared weights of the GRU.",
        "over-regularized constant-predictions",
        options={
            "kernel_regularizer": regularizers.L2(3.0),
            "recurrent_regularizer": regularizers.L2(3.0),
        },
    ),
    sick(
        "mirrors-cnn",
        "mirrors-flipped",
        "Every other image is mirrored while training, which is what is asked.",
        "over-regularized not-learning underfit",
        options={"front": flipped},
    ),
    sick(
        "negations-lstm",
        "negations-frozen",
        "Embedding and LSTM frozen as if they had been trained.",
        "frozen-parameters",
        options={"trainable": False},
    ),
    sick(
        "denoise-crossentropy",
        "denoise-narrow",
        "A code of one number in the middle.",
        "narrow-layer underfit",
        options={"hidden": (64, 1, 64)},
    ),
    sick(
        "sounds-attention",
        "sounds-places-alone",
        "The vectors of positions stand in the place of the steps rather than being added.",
        "not-learning constant-predictions",
        options={"added": False},
    ),
    sick(
        "dots-cnn",
        "dots-averaged",
        "The mean over places, of those that are asked for.",
        "underfit not-learning",
        options={"pooled": True},
    ),
    sick(
        "mackey-stacked",
        "mackey-one-unit",
        "GRUs of one unit.",
        "underfit narrow-layer",
        options={"units": 1},
    ),
    sick(
        "glucose-noisy",
        "glucose-vast",
        "Two layers of 512 and 256 units under Adam, without a penalty.",
        "overfit too-many-parameters",
        options={"hidden": (512, 256), "kernel_regularizer": None},
        optimizer=Adam(2e-3),
    ),
    sick(
        "centroids-mlp",
        "centroids-decayed",
        "A weight decay of 30.",
        "over-regularized constant-predictions",
        optimizer=AdamW(3e-3, weight_decay=30.0),
    ),
    sick(
        "ratings-embedded",
        "ratings-thin",
        "Vectors of one number.",
        "narrow-layer underfit",
        options={"width": 1},
    ),
    sick(
        "ratings-embedded",
        "ratings-few",
        "Five hundred ratings for 150 vectors, a hundred epochs.",
        "overfit too-many-parameters",
        steps=(common.fewer(500),),
        epochs=100,
    ),
]
"""Faults of the model."""

SIGNALS = [
    sick(
        "shells-absolute",
        "shells-faint",
        "Twelve layers of ReLU with kernels drawn with a deviation of 0.05.",
        "bad-init vanishing-gradient not-learning constant-predictions",
        options={"hidden": (24,) * 12, "kernel_initializer": RandomNormal(stddev=0.05)},
    ),
    sick(
        "majority-clipped",
        "majority-explodes",
        "ReLU and a recurrent matrix of 1.6 along its diagonal.",
        "exploding-gradient bad-init nonfinite-loss",
        options={"activation": "relu", "recurrent_initializer": Identity(gain=1.6)},
    ),
]
"""Faults of the signals that go through the network."""

TRAINING = [
    sick(
        "quantiles-mlp",
        "quantiles-hot",
        "A rate of 10 with momentum.",
        "lr-too-high nonfinite-loss exploding-gradient",
        optimizer=SGD(10.0, momentum=0.9, nesterov=True),
    ),
    sick(
        "quantiles-mlp",
        "quantiles-swinging",
        "A momentum of 0.999.",
        "lr-too-high oscillating-loss nonfinite-loss exploding-gradient",
        optimizer=SGD(0.02, momentum=0.999, nesterov=True),
    ),
    sick(
        "quantiles-mlp",
        "quantiles-clipped",
        "Gradients clipped to a norm of 0.0001.",
        "lr-too-low not-learning under-trained",
        optimizer=SGD(0.02, momentum=0.9, nesterov=True, global_clipnorm=1e-4),
    ),
    sick(
        "mirrors-cnn",
        "mirrors-hot",
        "Adam at a rate of 1.",
        "lr-too-high dead-units",
        optimizer=Adam(1.0),
    ),
    sick(
        "sounds-attention",
        "sounds-hot",
        "Adam at a rate of 0.2.",
        "lr-too-high dead-units",
        optimizer=Adam(0.2),
    ),
    sick(
        "ratings-embedded",
        "ratings-cold",
        "Plain gradient descent at a rate of 0.0001.",
        "lr-too-low under-trained not-learning",
        optimizer=SGD(1e-4),
    ),
    sick(
        "daytimes-lstm",
        "daytimes-endless-warm-up",
        "A warm start of 200,000 steps in a run of 820.",
        "lr-too-low under-trained not-learning",
        optimizer=Adam(schedules.LinearWarmup(5e-3, 200_000)),
    ),
    sick(
        "traits-marks",
        "traits-hasty-plateau",
        "The rate is divided by 100 after each epoch that gains less than a half.",
        "lr-too-low under-trained",
        fit={"callbacks": [callbacks.ReduceLROnPlateau(factor=0.01, patience=1, min_delta=0.5)]},
    ),
    sick(
        "roll-mlp",
        "roll-wrong-way",
        "Early stopping in the mode `max`: a falling loss ends the run, the worst is restored.",
        "under-trained",
        fit={
            "callbacks": [
                callbacks.EarlyStopping(mode="max", patience=2, restore_best_weights=True)
            ]
        },
    ),
    sick(
        "corners-mlp",
        "corners-cut-short",
        "One epoch.",
        "under-trained",
        epochs=1,
    ),
    sick(
        "next-vowels-gru",
        "next-vowels-whole",
        "All 3,600 rows in one batch, in as many epochs.",
        "batch-too-large under-trained lr-too-low",
        batch_size=3600,
    ),
    sick(
        "quantiles-mlp",
        "quantiles-one-row",
        "One row in a step, at the rate that suits 32.",
        "batch-too-small lr-too-high oscillating-loss",
        batch_size=1,
        epochs=8,
    ),
    sick(
        "loops-residual",
        "loops-pairs",
        "Batch normalisation over two images at a time.",
        "batch-too-small",
        batch_size=2,
        epochs=2,
    ),
]
"""Faults of the training."""

SICK = SCALES + DATA + ENDS + MODEL + SIGNALS + TRAINING
