"""What the members of a population may differ in, and that each ends as it does alone."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.callbacks import EarlyStopping
from pellucid.models.cohort import Candidate, Cohort, Data

RNG = np.random.default_rng(9)
X = RNG.normal(size=(32, 3)).astype(np.float32)
Y = (X[:, 0] + 0.5 * RNG.normal(size=32) > 0).astype(np.float32)
DATA = Data(X, Y)
TRAIN, HELD = np.arange(24), np.arange(24, 32)

PLAIN = {
    "seed": 1,
    "learning_rate": 0.05,
    "momentum": 0.5,
    "weight_decay": 0.01,
    "clipnorm": 1.0,
    "dropout": 0.2,
    "noise": 0.1,
    "l1": 0.01,
    "l2": 0.01,
    "max_norm": 2.0,
    "label_smoothing": 0.1,
    "scale": 1.0,
    "optimizer": "sgd",
    "activation": "tanh",
    "width": 4,
    "depth": 1,
    "class_weight": {0: 1.0, 1: 2.0},
    "mixup": 0.4,
    "patience": 5,
    "batch_size": 8,
    "rows": TRAIN,
}

NUMBERS = {
    "seed": 2,
    "rows": RNG.choice(TRAIN, 24),
    "learning_rate": 0.2,
    "momentum": 0.9,
    "weight_decay": 0.2,
    "clipnorm": 0.1,
    "dropout": 0.6,
    "noise": 1.0,
    "l1": 0.3,
    "l2": 0.0,
    "max_norm": 0.3,
    "label_smoothing": 0.4,
    "scale": 5.0,
    "class_weight": {0: 4.0, 1: 0.5},
    "mixup": 2.0,
    "patience": 0,
}
"""In these members differ within one program; a seed is also an order of the batches."""

STRUCTURES = {"optimizer": "adam", "activation": "relu", "width": 6, "depth": 2, "batch_size": 12}
"""Each of these takes a program of its own."""


def made(**changes):
    """Return a model, the arguments of its fit and its training rows."""
    kind = {**PLAIN, **changes}
    entry = [layers.Input((3,)), layers.GaussianNoise(kind["noise"])]
    inner = [
        layers.Dense(
            kind["width"],
            kind["activation"],
            kernel_regularizer=pellucid.regularizers.L1L2(kind["l1"], kind["l2"]),
            kernel_constraint=pellucid.constraints.MaxNorm(kind["max_norm"]),
            kernel_initializer=pellucid.initializers.VarianceScaling(kind["scale"]),
        )
        for _ in range(kind["depth"])
    ]
    end = [layers.Dropout(kind["dropout"]), layers.Dense(1, "sigmoid")]
    model = pellucid.Sequential([*entry, *inner, *end], seed=kind["seed"])
    shared = {name: kind[name] for name in ("learning_rate", "weight_decay", "clipnorm")}
    if kind["optimizer"] == "adam":
        rule = pellucid.optimizers.Adam(**shared)
    else:
        rule = pellucid.optimizers.SGD(momentum=kind["momentum"], **shared)
    model.compile(rule, pellucid.losses.BinaryCrossentropy(label_smoothing=kind["label_smoothing"]))
    stop = EarlyStopping("val_loss", min_delta=0.5, patience=kind["patience"])
    names = ("class_weight", "mixup", "batch_size")
    fit = {name: kind[name] for name in names} | {"epochs": 3, "callbacks": [stop]}
    return model, fit, kind["rows"]


def ended(changes):
    """Return the cohort of the plain member and those with each change, trained."""
    kinds = [{}, *({name: value} for name, value in changes.items())]
    candidates = []
    for kind in kinds:
        model, fit, rows = made(**kind)
        candidates.append(Candidate(model, DATA, fit, rows, HELD))
    cohort = Cohort(candidates)
    cohort.train()
    return cohort


@pytest.fixture(scope="module")
def one_program():
    return ended(NUMBERS)


def assert_as_alone(trainee, name, value):
    model, fit, rows = made(**{name: value})
    held = X[HELD], Y[HELD]
    history = model.fit(X[rows], Y[rows], validation_data=held, verbose=0, **fit).history
    for column, values in history.items():
        found = trainee.history.history[column]
        np.testing.assert_allclose(found, values, rtol=2e-5, err_msg=column)
    for one, other in zip(trainee.finished().get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_numbers_seeds_and_rows_share_one_program(one_program):
    assert one_program.programs == 1
    assert set(NUMBERS) | set(STRUCTURES) == set(PLAIN)


@pytest.mark.parametrize(("place", "name"), [*enumerate(NUMBERS, 1)])
def test_a_member_of_another_number_ends_as_alone_and_not_as_the_plain_one(
    one_program, place, name
):
    trainee, plain = one_program.trainees[place], one_program.trainees[0]
    assert_as_alone(trainee, name, NUMBERS[name])
    assert trainee.history.history["loss"] != plain.history.history["loss"]


@pytest.mark.slow
def test_other_structures_have_programs_of_their_own_and_end_as_alone():
    cohort = ended(STRUCTURES)
    assert cohort.programs == 1 + len(STRUCTURES)
    for trainee, (name, value) in zip(cohort.trainees[1:], STRUCTURES.items(), strict=True):
        assert_as_alone(trainee, name, value)
