"""Projections are those of Keras, and land where they promise."""

import inspect
import json

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from pellucid import constraints
from pellucid.constraints import CONSTRAINTS
from pellucid.description import bind, tunables
from pellucid.errors import ArgumentError

CASES = [
    ("MaxNorm", {}),
    ("MaxNorm", {"max_value": 0.7, "axis": 1}),
    ("MaxNorm", {"max_value": 0.7, "axis": [0, 1]}),
    ("MinMaxNorm", {}),
    ("MinMaxNorm", {"min_value": 0.5, "max_value": 0.6, "rate": 0.3, "axis": 1}),
    ("NonNeg", {}),
    ("UnitNorm", {}),
    ("UnitNorm", {"axis": 1}),
]
every = pytest.mark.parametrize(("name", "options"), CASES)


@pytest.fixture
def weight(rng):
    return rng.standard_normal((5, 4)).astype("float32")


def test_every_class_is_compared():
    assert {name for name, _ in CASES} == set(CONSTRAINTS.classes)
    public = {one for _, one in inspect.getmembers(keras.constraints, inspect.isclass)}
    assert {one.__name__ for one in public} - {"Constraint"} == set(CONSTRAINTS.classes)


@every
def test_projection(name, options, weight):
    ours, theirs = (getattr(module, name)(**options) for module in (constraints, keras.constraints))
    np.testing.assert_allclose(ours(weight), theirs(weight), rtol=1e-5, atol=1e-6)


@every
def test_numbers_may_be_data_of_a_program(name, options, weight):
    made = getattr(constraints, name)(**options)
    numbers = [number for _, number in tunables(made)]
    traced = jax.jit(lambda numbers: bind(made, iter(numbers))(weight))
    np.testing.assert_allclose(traced(numbers), made(weight), rtol=1e-5, atol=1e-6)


@every
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_the_type_is_kept(name, options, dtype, weight):
    assert str(getattr(constraints, name)(**options)(jnp.asarray(weight, dtype)).dtype) == dtype


@every
def test_zeros_stay_finite(name, options):
    assert np.isfinite(getattr(constraints, name)(**options)(np.zeros((5, 4), "float32"))).all()


def test_promises_are_kept(weight):
    norms = np.linalg.norm(constraints.MaxNorm(0.5)(weight), axis=0)
    assert (norms <= 0.5 + 1e-6).all()
    small = weight * 0.01
    np.testing.assert_allclose(constraints.MaxNorm(0.5)(small), small, rtol=1e-4)
    norms = np.linalg.norm(constraints.MinMaxNorm(1.5, 1.6)(weight), axis=0)
    assert ((norms >= 1.5 - 1e-5) & (norms <= 1.6 + 1e-5)).all()
    norms = np.linalg.norm(constraints.UnitNorm(axis=1)(weight), axis=1)
    np.testing.assert_allclose(norms, 1, rtol=1e-5)
    assert (np.asarray(constraints.NonNeg()(weight)) >= 0).all()


@every
def test_configuration_survives_json(name, options):
    made = getattr(constraints, name)(**options)
    config = {"class": f"constraint.{name}", "config": made.get_config()}
    again = constraints.get(json.loads(json.dumps(config)))
    assert repr(again) == repr(made)


@pytest.mark.parametrize("name", sorted(CONSTRAINTS.names))
def test_names(name):
    assert type(constraints.get(name)).__name__ == type(keras.constraints.get(name)).__name__


def test_lower_case_names_are_the_classes():
    assert constraints.max_norm(3).max_value == 3
    assert constraints.min_max_norm is constraints.MinMaxNorm
    assert constraints.non_neg is constraints.NonNeg
    assert constraints.unit_norm(axis=1).axis == 1


def test_a_function_is_taken(weight):
    made = constraints.get(lambda w: jnp.clip(w, -0.1, 0.1))
    assert abs(np.asarray(made(weight))).max() <= 0.1


WRONG = [
    (
        lambda: constraints.get("maxnrm"),
        "constraint: got the unknown name 'maxnrm', expected a known constraint. "
        "Did you mean 'MaxNorm'?",
    ),
    (
        lambda: constraints.MaxNorm(-1),
        "MaxNorm(max_value=...): got -1, expected a number at least 0.",
    ),
    (
        lambda: constraints.UnitNorm(axis="rows"),
        "UnitNorm(axis=...): got 'rows', expected an axis number, or several such as (1, 2).",
    ),
    (
        lambda: constraints.MinMaxNorm(rate=1.5),
        "MinMaxNorm(rate=...): got 1.5, expected a number at least 0 and at most 1.",
    ),
]


@pytest.mark.parametrize(("make", "message"), WRONG)
def test_messages(make, message):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message
