"""Keras's way of using an optimiser outside of `fit`."""

import gc
import weakref

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from pellucid import optimizers
from pellucid.description import structure, tunables
from pellucid.optimizers.base import note_steps, steps_made
from pellucid.optimizers.schedules import ExponentialDecay


def test_a_training_loop_of_ones_own():
    inputs = np.random.default_rng(0).normal(size=(64, 3)).astype("float32")
    truth = np.array([1.0, -2.0, 0.5], "float32")
    parameters = {"kernel": np.zeros(3, "float32"), "bias": np.zeros((), "float32")}

    def loss(parameters):
        outputs = inputs @ parameters["kernel"] + parameters["bias"]
        return jnp.mean(jnp.square(outputs - inputs @ truth - 4.0))

    optimizer = optimizers.Adam(learning_rate=0.1)
    for _ in range(300):
        parameters = optimizer.apply(jax.grad(loss)(parameters), parameters)
    np.testing.assert_allclose(parameters["kernel"], truth, atol=1e-3)
    assert optimizer.iterations == 300


def test_given_arrays_stay_as_they_are():
    start = [np.ones(2, "float32")]
    optimizers.SGD(0.5).apply([np.ones(2)], start)
    assert start[0].tolist() == [1.0, 1.0]


def test_each_object_keeps_its_own_slots():
    first, second = (optimizers.SGD(1.0, momentum=1.0) for _ in range(2))
    moved = first.apply([np.ones(1)], first.apply([np.ones(1)], [np.zeros(1)]))
    assert float(moved[0][0]) == -3.0
    assert float(second.apply([np.ones(1)], [np.zeros(1)])[0][0]) == -1.0
    assert first.replace(name="copy").iterations == 0


def test_slots_vanish_with_their_optimizer():
    optimizer = optimizers.Adam(0.123)
    optimizer.apply([np.ones(7)], [np.ones(7)])
    held = weakref.ref(optimizer)
    del optimizer
    gc.collect()
    assert held() is None


@pytest.mark.parametrize("rate", [0.25, np.float32(0.25), np.array(0.25), jnp.float32(0.25)])
def test_the_learning_rate_may_be_set(rate):
    optimizer = optimizers.SGD(0.5)
    before = structure(optimizer)
    optimizer.learning_rate = rate
    assert optimizer.learning_rate == 0.25
    assert type(optimizer.learning_rate) is float
    assert structure(optimizer) == before
    assert dict(tunables(optimizer))["learning_rate"] == 0.25
    assert float(optimizer.apply([np.ones(1)], [np.ones(1)])[0][0]) == 0.75


def test_the_learning_rate_may_become_a_schedule():
    optimizer = optimizers.SGD(0.5)
    before = structure(optimizer)
    optimizer.learning_rate = ExponentialDecay(1.0, 1, 0.5)
    assert structure(optimizer) != before
    parameters = [np.zeros(1)]
    for _ in range(3):
        parameters = optimizer.apply([np.ones(1)], parameters)
    assert float(parameters[0][0]) == -1.75


def test_a_wrong_learning_rate_is_refused_when_it_is_set():
    optimizer = optimizers.SGD(0.5)
    with pytest.raises(ValueError, match=r"^SGD\.learning_rate: got -1, expected a number at"):
        optimizer.learning_rate = -1
    assert optimizer.learning_rate == 0.5


def test_iterations_count_updates_of_fit_and_apply():
    optimizer = optimizers.SGD(gradient_accumulation_steps=2)
    assert optimizer.iterations == 0
    note_steps(optimizer, 7)
    assert (optimizer.iterations, steps_made(optimizer)) == (3, 7)
    optimizer.apply([np.ones(1)], [np.ones(1)])
    assert (optimizer.iterations, steps_made(optimizer)) == (4, 8)


def test_accumulated_gradients_are_used_together():
    optimizer = optimizers.SGD(1.0, gradient_accumulation_steps=2)
    first = optimizer.apply([np.array([1.0])], [np.zeros(1)])
    assert float(first[0][0]) == 0.0
    second = optimizer.apply([np.array([3.0])], first)
    assert float(second[0][0]) == -2.0


def test_averages_are_kept_at_the_end():
    optimizer = optimizers.SGD(1.0, use_ema=True, ema_momentum=0.5)
    parameters = [np.zeros(1, "float32")]
    assert optimizer.finalize_variable_values(parameters) is parameters
    for _ in range(2):
        parameters = optimizer.apply([np.ones(1)], parameters)
    assert float(parameters[0][0]) == -2.0
    assert float(optimizer.finalize_variable_values(parameters)[0][0]) == -1.5
    assert optimizers.SGD().finalize_variable_values(parameters) is parameters


def test_paths_of_nested_parameters_decide_what_decays():
    optimizer = optimizers.SGD(1.0, weight_decay=0.5, exclude_from_decay="bias")
    ones = np.ones(1, "float32")
    start = {"dense": {"kernel": ones, "bias": ones}}
    zeros = jax.tree.map(np.zeros_like, start)
    moved = optimizer.apply(zeros, start)
    assert float(moved["dense"]["kernel"][0]) == 0.5
    assert float(moved["dense"]["bias"][0]) == 1.0


def test_exact_paths_exclude_no_others():
    optimizer = optimizers.AdamW()
    optimizer.exclude_from_weight_decay(var_list=["dense/bias"], var_names=["norm"])
    roles = optimizer.roles(["dense/bias", "dense/bias_2", "my_dense/bias", "layer_norm/gamma"])
    assert [role.decays for role in roles] == [False, True, True, False]
    optimizer.exclude_from_weight_decay()
    assert optimizer.roles(["dense/bias"]) == ()
