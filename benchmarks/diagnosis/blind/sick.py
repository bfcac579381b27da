"""Sick set-ups of the blind part: healthy ones with one thing broken each."""

from typing import Any

from diagnosis import faults as common
from diagnosis.blind import faults
from diagnosis.blind.healthy import BY_KEY, one_hot
from diagnosis.setup import Setup
from diagnosis.sources import standardised
from pellucid import callbacks
from pellucid.initializers import RandomNormal
from pellucid.optimizers import SGD, Adam, RMSprop


def sick(base: str, key: str, what: str, expected: str, **changes: Any) -> Setup:
    """Return a base with one thing broken, as `Setup.broken` says."""
    return BY_KEY[base].broken(key, what, expected, **changes)


DATA = [
    sick(
        "films-words",
        "films-stars",
        "The stars that a critic gave came in as a column beside the words.",
        "label-leakage",
        steps=(faults.stars,),
        shape=(1501,),
        shown="gap",
        curable=False,
    ),
    sick(
        "films-words",
        "films-scarce-praise",
        "Thirty reviews that praise, among some six hundred that blame.",
        "class-imbalance constant-predictions",
        steps=(common.rare(1, 30),),
        score="balanced accuracy",
    ),
    sick(
        "colours-weighted",
        "colours-unmeasured",
        "Acidity was not measured for a few wines: a column with NaN in one row of a hundred.",
        "nonfinite-data",
        steps=(faults.unmeasured(2, 0.01),),
        shown="refusal",
    ),
    sick(
        "alcohol-mlp",
        "alcohol-joined",
        "A faulty join: the column of acids stands there four hundred times more.",
        "duplicate-features",
        steps=(common.copied_column(0, 400),),
        shape=(410,),
    ),
    sick(
        "alcohol-mlp",
        "alcohol-vintage",
        "A column with the year 2009 in every row, added after the others were standardised.",
        "constant-features unscaled-inputs",
        steps=(common.constant_column(2009.0),),
        shape=(11,),
    ),
    sick(
        "alcohol-mlp",
        "alcohol-grams",
        "Density, which tells most, was left in grams a millilitre: about 0.995 in each row.",
        "ignored-input unscaled-inputs",
        steps=(faults.in_grams(7),),
    ),
    sick(
        "parity-logits",
        "parity-tired",
        "Three in ten training labels are wrong, by tired raters.",
        "label-noise",
        steps=(faults.turned_over(0.3),),
    ),
    sick(
        "songs-cnn",
        "songs-pieces",
        "Each song was cut into pieces before the split: most validation rows have a twin.",
        "train-val-overlap",
        data=BY_KEY["songs-cnn"].data.but(standardised, faults.pieces(0.8, 0.02), one_hot(10)),
        shown="gap",
        curable=False,
    ),
    sick(
        "french-lstm",
        "french-pixels",
        "The length is given in pixels of a screen, seven a letter.",
        "unscaled-targets",
        data=BY_KEY["french-lstm"].data.but(common.target_units(7.0)),
    ),
    sick(
        "french-lstm",
        "french-hashed",
        "Words are numbered by a hash of 8,192 places.",
        "dead-embedding-rows too-many-parameters",
        steps=(faults.hashed(1502, 8192),),
        options={"vocabulary": 8192},
        shown="unused rows",
        curable=False,
    ),
    sick(
        "haze-lstm",
        "haze-raw",
        "Dust, pressure and wind in their own units, up to 1,046.",
        "unscaled-inputs saturated-units collapsed-memory",
        data=BY_KEY["haze-lstm"].data.but(),
        score="log-likelihood",
    ),
    sick(
        "seasons-gru",
        "seasons-fahrenheit",
        "The station sent the validation days in degrees Fahrenheit.",
        "train-val-shift",
        data=BY_KEY["seasons-gru"].data.but(faults.validated_in_fahrenheit, standardised),
        shown="validation",
        curable=False,
    ),
    sick(
        "walks-gru",
        "walks-padded",
        "Walks padded behind to 200 steps, and the mask left out.",
        "collapsed-memory vanishing-gradient",
        steps=(faults.padded_behind(200),),
        shape=(200, 4),
        options={"masked": False},
    ),
]
"""Faults of the data."""

MODEL = [
    sick(
        "parity-logits",
        "parity-flat",
        "The activations of the hidden layers were forgotten.",
        "missing-nonlinearity",
        options={"activation": None},
    ),
    sick(
        "parity-logits",
        "parity-squashed",
        "A sigmoid before a loss that expects logits.",
        "output-loss-mismatch",
        options={"last": "sigmoid"},
        shown="refusal",
    ),
    sick(
        "haze-lstm",
        "haze-softmax",
        "A softmax on the one unit of the answer.",
        "output-loss-mismatch",
        options={"last": "softmax"},
        shown="refusal",
    ),
    sick(
        "thirds-selu",
        "thirds-loud-start",
        "Kernels drawn from a normal distribution with a deviation of 1.",
        "bad-init exploding-gradient",
        options={"kernel_initializer": RandomNormal(stddev=1.0)},
    ),
    sick(
        "turned-cnn",
        "turned-thinned",
        "Images thinned to four by four places before the first convolution.",
        "underfit",
        options={"pooled": 3},
    ),
    sick(
        "utterances-attention",
        "utterances-tiny",
        "Two units and one head in the place of 24 and two.",
        "underfit narrow-layer",
        options={"units": 2, "heads": 1},
    ),
]
"""Faults of the model."""

TRAINING = [
    sick(
        "thirds-selu",
        "thirds-deep-sigmoid",
        "Twelve hidden layers of sigmoid in the place of three of SELU.",
        "vanishing-gradient not-learning constant-predictions",
        options={"hidden": (48,) * 12, "activation": "sigmoid"},
    ),
    sick(
        "walks-gru",
        "walks-exploding",
        "A plain recurrent layer of ReLU with recurrent weights of deviation 1.",
        "exploding-gradient bad-init nonfinite-loss",
        options={
            "cell": "SimpleRNN",
            "activation": "relu",
            "recurrent_initializer": RandomNormal(stddev=1.0),
        },
    ),
    sick(
        "pixels-cnn",
        "pixels-overflow",
        "Gradient descent at a rate of 2.",
        "nonfinite-loss lr-too-high exploding-gradient",
        optimizer=SGD(2.0, momentum=0.9),
    ),
    sick(
        "turned-cnn",
        "turned-dead",
        "A rate of 0.2 with momentum 0.9, which switches ReLU off.",
        "dead-units lr-too-high",
        optimizer=SGD(0.2, momentum=0.9),
    ),
    sick(
        "colours-weighted",
        "colours-jammed",
        "RMSprop at a rate of 10, which drives tanh to its ends.",
        "saturated-units lr-too-high oscillating-loss",
        optimizer=RMSprop(10.0),
        score="log-likelihood",
    ),
    sick(
        "alcohol-mlp",
        "alcohol-swinging",
        "A fixed rate of 0.15 with momentum 0.9.",
        "oscillating-loss lr-too-high",
        optimizer=SGD(0.15, momentum=0.9),
    ),
    sick(
        "utterances-attention",
        "utterances-hot",
        "RMSprop at a rate of 0.3.",
        "lr-too-high oscillating-loss",
        optimizer=RMSprop(0.3),
    ),
    sick(
        "seasons-gru",
        "seasons-cold",
        "Adam at a rate of 0.00002.",
        "lr-too-low under-trained not-learning",
        optimizer=Adam(2e-5),
    ),
    sick(
        "ages-coded",
        "ages-slow",
        "Plain gradient descent at a rate of 0.001.",
        "lr-too-low under-trained",
        optimizer=SGD(1e-3),
    ),
    sick(
        "shops-rnn",
        "shops-one-answer",
        "A weight of 40 for one of two classes that are equally frequent.",
        "constant-predictions class-imbalance",
        fit={"class_weight": {0: 1.0, 1: 40.0}},
    ),
    sick(
        "films-words",
        "films-by-heart",
        "Eighty epochs in the place of eight.",
        "overfit too-many-parameters",
        epochs=80,
        score="log-likelihood",
    ),
    sick(
        "hands-moved",
        "hands-impatient",
        "Early stopping that waits for one epoch only, for a gain of 0.1.",
        "under-trained",
        fit={"callbacks": [callbacks.EarlyStopping(patience=1, min_delta=0.1)]},
    ),
    sick(
        "turned-cnn",
        "turned-whole",
        "All 1,500 images in one batch, in as many epochs.",
        "batch-too-large under-trained lr-too-low",
        batch_size=1500,
    ),
    sick(
        "songs-cnn",
        "songs-alone",
        "Batch normalisation over one song at a time.",
        "batch-too-small",
        batch_size=1,
        epochs=2,
    ),
]
"""Faults of the training."""

SICK = DATA + MODEL + TRAINING
