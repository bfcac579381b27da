"""Every loss agrees with Keras on JAX: values, reductions, sample weights and gradients."""

import inspect
import re
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from pellucid import losses

NOT_OURS = {
    "CTC": "needs sequences and their lengths; comes with the layers for sequences",
    "ctc": "needs sequences and their lengths; comes with the layers for sequences",
}
"""Public names of keras.losses that Pellucid does not have, and why."""

ROWS = 6
random = np.random.default_rng(7)


def numbers(*shape):
    return random.normal(size=shape).astype("float32")


def positive(*shape):
    return random.uniform(0.5, 3.0, size=shape).astype("float32")


def shares(*shape):
    return random.uniform(0.05, 0.95, size=shape).astype("float32")


def bits(*shape):
    return random.integers(0, 2, size=shape).astype("float32")


def signs(*shape):
    return 2 * bits(*shape) - 1


def distribution(*shape):
    raw = random.uniform(0.1, 1.0, size=shape)
    return (raw / raw.sum(axis=-1, keepdims=True)).astype("float32")


def labels(classes, *shape):
    return random.integers(0, classes, size=shape).astype("int32")


def one_hot(classes, *shape):
    return np.eye(classes, dtype="float32")[labels(classes, *shape)]


def unit(*shape):
    raw = numbers(*shape)
    return raw / np.linalg.norm(raw, axis=-1, keepdims=True)


@dataclass(frozen=True)
class Case:
    """One loss with options, and arrays to try it on."""

    name: str
    y_true: Any
    y_pred: Any
    options: dict = field(default_factory=dict)

    @property
    def id(self):
        shown = ",".join(f"{key}={value}" for key, value in self.options.items())
        return f"{self.name}({shown})-{np.shape(self.y_true)}-{np.shape(self.y_pred)}"


def regression(name, y_true=numbers, y_pred=numbers, **options):
    return [
        Case(name, y_true(ROWS), y_pred(ROWS), options),
        Case(name, y_true(ROWS, 1), y_pred(ROWS, 1), options),
        Case(name, y_true(ROWS), y_pred(ROWS, 1), options),
        Case(name, y_true(ROWS, 1), y_pred(ROWS), options),
        Case(name, y_true(ROWS, 3), y_pred(ROWS, 3), options),
        Case(name, y_true(ROWS, 2, 3), y_pred(ROWS, 2, 3), options),
        Case(name, y_true(ROWS, 2, 1), y_pred(ROWS, 2), options),
    ]


def binary(name, **options):
    """Cases from probabilities and from logits, one output and several."""
    logits = {**options, "from_logits": True}
    return [
        Case(name, bits(ROWS), shares(ROWS, 1), options),
        Case(name, bits(ROWS, 4), shares(ROWS, 4), options),
        Case(name, shares(ROWS, 2, 3), shares(ROWS, 2, 3), options),
        Case(name, bits(ROWS), 3 * numbers(ROWS, 1), logits),
        Case(name, bits(ROWS, 2, 3), 3 * numbers(ROWS, 2, 3), logits),
    ]


def categorical(name, **options):
    logits = {**options, "from_logits": True}
    return [
        Case(name, one_hot(4, ROWS), distribution(ROWS, 4), options),
        Case(name, distribution(ROWS, 4), shares(ROWS, 4), options),
        Case(name, one_hot(4, ROWS, 2), distribution(ROWS, 2, 4), options),
        Case(name, one_hot(4, ROWS), 3 * numbers(ROWS, 4), logits),
        Case(name, one_hot(4, ROWS, 2), 3 * numbers(ROWS, 2, 4), logits),
    ]


def sparse(name, **options):
    logits = {**options, "from_logits": True}
    return [
        Case(name, labels(4, ROWS), distribution(ROWS, 4), options),
        Case(name, labels(4, ROWS, 1), distribution(ROWS, 4), options),
        Case(name, labels(4, ROWS, 2), distribution(ROWS, 2, 4), options),
        Case(name, labels(4, ROWS).astype("float32"), 3 * numbers(ROWS, 4), logits),
        Case(name, labels(4, ROWS, 2, 1), 3 * numbers(ROWS, 2, 4), logits),
    ]


def masks(name, **options):
    return [
        Case(name, bits(ROWS, 3), shares(ROWS, 3), options),
        Case(name, bits(ROWS, 3), shares(ROWS, 3), {**options, "axis": -1}),
        Case(name, bits(ROWS, 2, 3, 1), shares(ROWS, 2, 3, 1), {**options, "axis": (1, 2, 3)}),
    ]


GCE = "CategoricalGeneralizedCrossEntropy"
CATEGORICAL_FOCAL = "CategoricalFocalCrossentropy"

CASES = [
    *regression("MeanSquaredError"),
    *regression("MeanAbsoluteError"),
    *regression("MeanAbsolutePercentageError", positive),
    *regression("MeanSquaredLogarithmicError", positive),
    *regression("Huber"),
    *regression("Huber", delta=0.3),
    *regression("LogCosh"),
    *regression("Poisson", positive, positive),
    *regression("Hinge", signs),
    *regression("Hinge", bits),
    *regression("SquaredHinge", signs),
    *regression("SquaredHinge", bits),
    Case("CosineSimilarity", numbers(ROWS, 3), numbers(ROWS, 3)),
    Case("CosineSimilarity", numbers(ROWS, 4, 3), numbers(ROWS, 4, 3), {"axis": 1}),
    Case("CosineSimilarity", np.zeros((ROWS, 3), "float32"), numbers(ROWS, 3)),
    Case("KLDivergence", distribution(ROWS, 3), distribution(ROWS, 3)),
    Case("KLDivergence", one_hot(3, ROWS, 2), distribution(ROWS, 2, 3)),
    Case("CategoricalHinge", one_hot(3, ROWS), numbers(ROWS, 3)),
    Case("CategoricalHinge", one_hot(3, ROWS, 2), numbers(ROWS, 2, 3)),
    *binary("BinaryCrossentropy"),
    *binary("BinaryCrossentropy", label_smoothing=0.2),
    Case("BinaryCrossentropy", bits(ROWS, 2, 3), shares(ROWS, 2, 3), {"axis": 1}),
    *binary("BinaryFocalCrossentropy"),
    *binary("BinaryFocalCrossentropy", gamma=1.5, label_smoothing=0.1),
    *binary("BinaryFocalCrossentropy", apply_class_balancing=True, alpha=0.4),
    *categorical("CategoricalCrossentropy"),
    *categorical("CategoricalCrossentropy", label_smoothing=0.2),
    Case(
        "CategoricalCrossentropy",
        np.moveaxis(one_hot(4, ROWS, 2), -1, 1),
        np.moveaxis(distribution(ROWS, 2, 4), -1, 1),
        {"axis": 1},
    ),
    *categorical(CATEGORICAL_FOCAL),
    *categorical(CATEGORICAL_FOCAL, alpha=0.6, gamma=1.5, label_smoothing=0.1),
    *categorical(CATEGORICAL_FOCAL, alpha=[0.1, 0.2, 0.3, 0.4]),
    *sparse("SparseCategoricalCrossentropy"),
    *sparse("SparseCategoricalCrossentropy", ignore_class=2),
    *sparse("SparseCategoricalCrossentropy", ignore_class=-1),
    Case(GCE, labels(4, ROWS), distribution(ROWS, 4)),
    Case(GCE, labels(4, ROWS), distribution(ROWS, 4), {"q": 0.2}),
    *masks("Dice"),
    *masks("Tversky"),
    *masks("Tversky", alpha=0.3, beta=0.8),
    Case("Circle", np.array([0, 0, 1, 1, 2, 0]), unit(ROWS, 3)),
    Case("Circle", np.array([0, 0, 1, 1, 2, 0])[:, None], unit(ROWS, 3), {"gamma": 4.0}),
    Case("Circle", labels(2, ROWS), unit(ROWS, 3), {"margin": 0.2, "remove_diagonal": False}),
]

REDUCTIONS = ("sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None)
WEIGHTS = np.array([0.5, 1.0, 2.0, 0.0, 1.0, 3.0], "float32")
FIRST = {case.name: case for case in reversed(CASES)}
REDUCED = [
    case
    for case in CASES
    if case.name == "SparseCategoricalCrossentropy" and "ignore_class" in case.options
]
"""Further cases that are reduced in their own way: some values do not count."""
CLASSES = {name: one for name, one in vars(losses).items() if inspect.isclass(one)}


def pair(case, **more):
    ours = getattr(losses, case.name)(**case.options, **more)
    theirs = getattr(keras.losses, case.name)(**case.options, **more)
    return ours, theirs


def assert_close(ours, theirs):
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=2e-5, atol=2e-6)


def snake_case(name):
    return keras.src.utils.naming.to_snake_case(name)


def weights_for(case):
    """Sample weights that Keras can line up with this case's losses."""
    ours, _ = pair(case, reduction=None)
    shape = ours(case.y_true, case.y_pred).shape
    return np.broadcast_to(WEIGHTS.reshape((-1,) + (1,) * max(0, len(shape) - 1)), shape or (ROWS,))


def assert_same_value(case, **more):
    ours, theirs = pair(case, **more)
    assert_close(ours(case.y_true, case.y_pred), theirs(case.y_true, case.y_pred))
    weight = weights_for(case)
    weighted = theirs(case.y_true, case.y_pred, sample_weight=weight)
    assert_close(ours(case.y_true, case.y_pred, sample_weight=weight), weighted)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_value(case):
    assert_same_value(case)


@pytest.mark.parametrize("reduction", [one for one in REDUCTIONS if one != "sum_over_batch_size"])
@pytest.mark.parametrize("case", [*FIRST.values(), *REDUCED], ids=lambda case: case.id)
def test_reduction(case, reduction):
    assert_same_value(case, reduction=reduction)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_gradient(case):
    ours, theirs = pair(case)
    y_true, y_pred = jnp.asarray(case.y_true), jnp.asarray(case.y_pred)
    weight = jnp.asarray(weights_for(case))
    expected = jax.grad(lambda y: theirs(y_true, y, sample_weight=weight))(y_pred)
    found = jax.grad(lambda y: ours.total(y_true, y, weight))(y_pred)
    if case.name == "CosineSimilarity" and not np.any(case.y_true):
        expected = np.zeros_like(expected)  # Keras divides 0 by 0 here
    assert_close(found, expected)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_function(case):
    name = snake_case(case.name)
    if case.name == GCE and not case.options:
        case = Case(case.name, case.y_true, case.y_pred, {"q": 0.5})
    theirs = getattr(keras.losses, name)
    y_true, y_pred = keras.src.losses.loss.squeeze_or_expand_to_same_rank(
        jnp.asarray(case.y_true), jnp.asarray(case.y_pred)
    )
    expected = theirs(y_true, y_pred, **case.options)
    assert_close(getattr(losses, name)(case.y_true, case.y_pred, **case.options), expected)


@pytest.mark.parametrize("name", sorted({case.name for case in CASES}))
def test_constructor_has_kerass_arguments_and_defaults(name):
    theirs = inspect.signature(getattr(keras.losses, name)).parameters
    ours = inspect.signature(getattr(losses, name)).parameters
    assert set(ours) == set(theirs)
    differing = {key for key in ours if ours[key].default != theirs[key].default}
    assert differing <= {"name"}
    assert getattr(losses, name)().name == getattr(keras.losses, name)().name


def test_the_table_is_complete():
    public = {name for name in dir(keras.losses) if re.match("[A-Za-z]", name)}
    tried = {case.name for case in CASES}
    covered = tried | {snake_case(name) for name in tried}
    rest = public - covered - set(NOT_OURS) - {"Loss", "get", "serialize", "deserialize"}
    assert not rest
    assert all(hasattr(losses, name) for name in public - set(NOT_OURS))
    assert not any(hasattr(losses, name) for name in NOT_OURS)


def test_every_loss_of_ours_is_in_the_table():
    own = {name for name, one in CLASSES.items() if issubclass(one, losses.Loss)}
    assert own - {case.name for case in CASES} == {"Loss", "FunctionLoss"}
    assert set(losses.LOSSES.classes) == own - {"Loss", "FunctionLoss"}


def test_every_name_that_keras_knows_is_known():
    for name, known in keras.src.losses.ALL_OBJECTS_DICT.items():
        if name in NOT_OURS or name in ("Loss", "LossFunctionWrapper"):
            continue
        same = losses.get(known.__name__)
        assert type(losses.get(name)) is type(same)
