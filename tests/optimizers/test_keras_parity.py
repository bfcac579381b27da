"""Weights after ten steps, beside Keras's own optimisers on JAX."""

import inspect

import jax
import keras
import numpy as np
import pytest

from optimizers.cases import CASES, SHAPES, Stepper, all_cases, label, sequences
from pellucid import optimizers
from pellucid.optimizers.catalogue import OPTIMIZERS

STEPS = 10

LEFT_OUT = {
    "Optimizer": "the base class",
    "LossScaleOptimizer": "belongs to mixed precision, which comes later",
    "MultiOptimizer": "one optimiser for each part of a network comes later",
}


def keras_optimizers() -> dict[str, type]:
    found = {name: getattr(keras.optimizers, name) for name in dir(keras.optimizers)}
    base = keras.optimizers.Optimizer
    return {
        name: one for name, one in found.items() if isinstance(one, type) and issubclass(one, base)
    }


def test_the_table_holds_every_optimizer_of_keras():
    assert set(CASES) | set(LEFT_OUT) == set(keras_optimizers())
    assert not set(CASES) & set(LEFT_OUT)
    assert set(CASES) == set(OPTIMIZERS.classes)


@pytest.mark.parametrize("name", CASES)
def test_defaults_are_those_of_keras(name):
    theirs = inspect.signature(getattr(keras.optimizers, name)).parameters
    ours = inspect.signature(getattr(optimizers, name)).parameters
    alike = {"exclude_layers": (None, ())}
    for argument, parameter in theirs.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        expected = alike.get(argument, (parameter.default, parameter.default))
        assert (parameter.default, ours[argument].default) == expected, argument


@pytest.mark.parametrize("name", CASES)
def test_numbers_may_be_given_by_place_as_in_keras(name):
    theirs = [one for one in inspect.signature(getattr(keras.optimizers, name)).parameters]
    by_place = [
        argument
        for argument, parameter in inspect.signature(getattr(optimizers, name)).parameters.items()
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    assert by_place == theirs[: len(by_place)]


def keras_variables(values):
    variables = []
    for path, value in values.items():
        layer, own = path.split("/")
        with keras.name_scope(layer):
            variables.append(keras.Variable(value, name=own))
    assert [variable.path for variable in variables] == list(SHAPES)
    return variables


def keras_weights(optimizer, values, gradients):
    """Return Keras's weights after the gradients, and those it would keep after training."""
    variables = keras_variables(values)
    optimizer.build(variables)
    step = jax.jit(optimizer.stateless_apply)
    own = [variable.value for variable in optimizer.variables]
    held = [variable.value for variable in variables]
    for slopes in gradients:
        held, own = step(own, list(slopes.values()), held)
    for variable, value in zip([*variables, *optimizer.variables], [*held, *own], strict=True):
        variable.assign(value)
    moved = [np.asarray(value) for value in held]
    optimizer.finalize_variable_values(variables)
    return moved, [np.asarray(variable.value) for variable in variables]


def assert_alike(ours, theirs, start):
    """Hold our movement to a ten-thousandth of Keras's, and to the rounding of the values."""
    for path, expected in zip(ours, theirs, strict=True):
        moved = np.max(np.abs(expected - start[path]))
        assert moved > 1e-6, f"{path} has not moved"
        np.testing.assert_allclose(
            ours[path], expected, rtol=3e-7, atol=3e-7 + 1e-4 * moved, err_msg=path
        )


def compare(ours, theirs, steps=STEPS):
    start, gradients = sequences(steps)
    stepper = Stepper(ours, start)
    for slopes in gradients:
        stepper.move(slopes)
    moved, kept = keras_weights(theirs, start, gradients)
    assert_alike(stepper.values(), moved, start)
    assert_alike(stepper.kept(), kept, start)


@pytest.mark.parametrize(("name", "options"), all_cases(), ids=label)
def test_weights_after_ten_steps_are_those_of_keras(name, options):
    ours = getattr(optimizers, name)(**options)
    theirs = getattr(keras.optimizers, name)(**options)
    compare(ours, theirs)


@pytest.mark.parametrize("name", ["SGD", "AdamW", "Ftrl", "Lamb", "Adafactor", "Muon"])
@pytest.mark.parametrize("every", [None, 2])
def test_a_schedule_counts_steps_as_in_keras(name, every):
    numbers = {"initial_learning_rate": 0.3, "decay_steps": 3, "decay_rate": 0.5}
    shared = {"weight_decay": 0.1, "gradient_accumulation_steps": every}
    rate = optimizers.schedules.ExponentialDecay(**numbers)
    their_rate = keras.optimizers.schedules.ExponentialDecay(**numbers)
    compare(
        getattr(optimizers, name)(learning_rate=rate, **shared),
        getattr(keras.optimizers, name)(learning_rate=their_rate, **shared),
    )


@pytest.mark.parametrize("name", ["AdamW", "Lamb", "Muon"])
def test_excluded_names_are_not_decayed_as_in_keras(name):
    options = {"learning_rate": 0.1, "weight_decay": 0.5}
    ours = getattr(optimizers, name)(**options)
    theirs = getattr(keras.optimizers, name)(**options)
    for optimizer in (ours, theirs):
        optimizer.exclude_from_weight_decay(var_names=["bias", "scale"])
    compare(ours, theirs)


def test_excluded_variables_are_not_decayed_as_in_keras():
    start, gradients = sequences(STEPS)
    variables = keras_variables(start)
    ours = optimizers.SGD(0.1, weight_decay=0.5)
    theirs = keras.optimizers.SGD(0.1, weight_decay=0.5)
    ours.exclude_from_weight_decay(var_list=variables[:2])
    theirs.exclude_from_weight_decay(var_list=variables[:2])
    stepper = Stepper(ours, start)
    for slopes in gradients:
        stepper.move(slopes)
        theirs.apply(list(slopes.values()), variables)
    moved = [np.asarray(variable.value) for variable in variables]
    assert_alike(stepper.values(), moved, start)


def test_the_parity_test_notices_another_formula():
    theirs = keras.optimizers.Adam(0.1, epsilon=1e-2)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        compare(optimizers.Adam(0.1, epsilon=1.1e-2), theirs)
