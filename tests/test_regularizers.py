"""Penalties are those of Keras, with their slopes."""

import inspect
import json

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from pellucid import regularizers
from pellucid.description import bind, tunables
from pellucid.errors import ArgumentError, ShapeError
from pellucid.regularizers import REGULARIZERS

CASES = [
    ("L1", {}),
    ("L1", {"l1": 0.3}),
    ("L2", {}),
    ("L2", {"l2": 0.3}),
    ("L1L2", {}),
    ("L1L2", {"l1": 0.1, "l2": 0.2}),
    ("OrthogonalRegularizer", {}),
    ("OrthogonalRegularizer", {"factor": 0.5, "mode": "columns"}),
]
every = pytest.mark.parametrize(("name", "options"), CASES)


@pytest.fixture
def weight(rng):
    return rng.standard_normal((4, 3)).astype("float32")


def test_every_class_is_compared():
    assert {name for name, _ in CASES} == set(REGULARIZERS.classes)
    public = {one for _, one in inspect.getmembers(keras.regularizers, inspect.isclass)}
    theirs = {one.__name__ for one in public} - {"Regularizer"}
    assert theirs == set(REGULARIZERS.classes)


@every
def test_penalty_and_slope(name, options, weight):
    ours, theirs = (
        getattr(module, name)(**options) for module in (regularizers, keras.regularizers)
    )
    weight = jnp.asarray(weight)
    np.testing.assert_allclose(ours(weight), theirs(weight), rtol=1e-5)
    np.testing.assert_allclose(jax.grad(ours)(weight), jax.grad(theirs)(weight), atol=1e-6)


@every
def test_strengths_may_be_data_of_a_program(name, options, weight):
    made = getattr(regularizers, name)(**options)
    numbers = [number for _, number in tunables(made)]
    assert numbers
    traced = jax.jit(lambda numbers: bind(made, iter(numbers))(weight))
    np.testing.assert_allclose(traced(numbers), made(weight), rtol=1e-6)
    np.testing.assert_allclose(traced([2 * one for one in numbers]), 2 * made(weight), rtol=1e-6)


@every
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_the_penalty_has_the_type_of_the_weight(name, options, dtype, weight):
    penalty = getattr(regularizers, name)(**options)(jnp.asarray(weight, dtype))
    assert str(penalty.dtype) == dtype
    assert penalty.shape == ()


@every
def test_configuration_survives_json(name, options):
    made = getattr(regularizers, name)(**options)
    config = {"class": f"regularizer.{name}", "config": made.get_config()}
    again = regularizers.get(json.loads(json.dumps(config)))
    assert repr(again) == repr(made)


@pytest.mark.parametrize("name", sorted(set(REGULARIZERS.names) - {"l1_l2"}))
def test_names(name):
    theirs = keras.regularizers.get(name)
    assert type(regularizers.get(name)).__name__ == type(theirs).__name__


def test_lower_case_names_are_the_classes():
    assert regularizers.l1(0.5).l1 == 0.5
    assert regularizers.l2(0.5).l2 == 0.5
    assert repr(regularizers.get("l1_l2")) == "L1L2()"
    assert regularizers.l1_l2(l1=0.1, l2=0.2).get_config() == {"l1": 0.1, "l2": 0.2}
    assert regularizers.orthogonal_regularizer is regularizers.OrthogonalRegularizer


def test_a_function_is_taken(weight):
    made = regularizers.get(lambda w: jnp.sum(w))
    np.testing.assert_allclose(made(weight), weight.sum(), rtol=1e-5)


def test_rows_of_zeros_have_a_finite_slope():
    slope = jax.grad(regularizers.OrthogonalRegularizer())(jnp.zeros((3, 2)))
    assert np.isfinite(slope).all()


def test_messages():
    with pytest.raises(ArgumentError) as caught:
        regularizers.L2(-1)
    assert str(caught.value) == (
        "L2(l2=...): got -1, expected a number at least 0 (the strength of the penalty)."
    )
    with pytest.raises(ArgumentError) as caught:
        regularizers.get("l1l")
    assert str(caught.value) == (
        "regularizer: got the unknown name 'l1l', expected a known regularizer. "
        "Did you mean 'l1l2'?"
    )
    with pytest.raises(ShapeError) as caught:
        regularizers.OrthogonalRegularizer()(np.ones(3, "float32"))
    assert str(caught.value) == (
        "OrthogonalRegularizer: got an array of shape (3,), expected a matrix (two axes)."
    )
