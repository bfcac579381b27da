"""Schedules beside Keras's, Optax's and plain Python; and the laws that all of them keep."""

import json
import math

import jax
import jax.numpy as jnp
import keras
import numpy as np
import optax
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import optimizers
from pellucid.description import bind, number, structure, tunables
from pellucid.errors import ArgumentError
from pellucid.optimizers import schedules
from pellucid.optimizers.schedules.catalogue import CLASSES

STEPS = (0, 1, 2, 3, 5, 7, 10, 11, 12, 17, 20, 21, 33, 50, 99, 100, 101, 250, 1000, 12345)

CASES = {
    "ExponentialDecay": (
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.9},
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
    ),
    "InverseTimeDecay": (
        {"initial_learning_rate": 0.1, "decay_steps": 1, "decay_rate": 0.5},
        {"initial_learning_rate": 0.3, "decay_steps": 9.0, "decay_rate": 2.0, "staircase": True},
    ),
    "PolynomialDecay": (
        {"initial_learning_rate": 0.1, "decay_steps": 20},
        {"initial_learning_rate": 0.1, "decay_steps": 50, "power": 0.5, "end_learning_rate": 0.01},
        {"initial_learning_rate": 0.1, "decay_steps": 11, "power": 2.0, "cycle": True},
    ),
    "PiecewiseConstantDecay": (
        {"boundaries": [10], "values": [1.0, 0.5]},
        {"boundaries": [3, 11, 100], "values": [0.1, 0.7, 0.2, 0.05]},
    ),
    "CosineDecay": (
        {"initial_learning_rate": 0.1, "decay_steps": 50},
        {"initial_learning_rate": 0.1, "decay_steps": 20, "alpha": 0.2},
        {
            "initial_learning_rate": 0.0,
            "decay_steps": 30,
            "alpha": 0.1,
            "warmup_target": 0.5,
            "warmup_steps": 11,
        },
        {"initial_learning_rate": 0.2, "decay_steps": 30, "warmup_target": 0.1},
    ),
    "CosineDecayRestarts": (
        {"initial_learning_rate": 0.1, "first_decay_steps": 10},
        {"initial_learning_rate": 0.1, "first_decay_steps": 9, "t_mul": 1.0, "m_mul": 0.8},
        {
            "initial_learning_rate": 0.1,
            "first_decay_steps": 13.0,
            "t_mul": 1.5,
            "m_mul": 0.5,
            "alpha": 0.1,
        },
    ),
}
OURS = {
    "LinearWarmup": (
        {"learning_rate": 0.5, "warmup_steps": 10, "initial_learning_rate": 0.1},
        {"learning_rate": schedules.CosineDecay(1.0, 20), "warmup_steps": 5},
    ),
    "OneCycle": ({"max_learning_rate": 0.5, "total_steps": 100},),
}
LEFT_OUT = {"LearningRateSchedule": "the base class"}

ALL = [
    (name, options) for table in (CASES, OURS) for name, rows in table.items() for options in rows
]
THEIRS = [(name, options) for name, rows in CASES.items() for options in rows]


def label(case):
    return case if isinstance(case, str) else ",".join(f"{k}={v}" for k, v in case.items())


def make(name, options):
    return getattr(schedules, name)(**options)


# -- beside others --------------------------------------------------------------------------


def test_the_table_holds_every_schedule_of_keras():
    theirs = vars(keras.optimizers.schedules)
    classes = {name for name, one in theirs.items() if isinstance(one, type)}
    assert classes == set(CASES) | set(LEFT_OUT)
    assert {cls.__name__ for cls in CLASSES} == set(CASES) | set(OURS)


@pytest.mark.parametrize(("name", "options"), THEIRS, ids=label)
def test_rates_are_those_of_keras(name, options):
    ours, theirs = make(name, options), getattr(keras.optimizers.schedules, name)(**options)
    rates = [float(ours(step)) for step in STEPS]
    expected = [float(theirs(step)) for step in STEPS]
    np.testing.assert_allclose(rates, expected, rtol=1e-5, atol=1e-7)
    assert len(set(rates)) > 1


def test_one_cycle_is_the_curve_of_optax():
    ours = schedules.OneCycle(0.7, 200, warmup_fraction=0.25, start_divisor=10.0)
    theirs = optax.cosine_onecycle_schedule(200, 0.7, pct_start=0.25, div_factor=10.0)
    steps = range(0, 260, 5)
    expected = [float(theirs(step)) for step in steps]
    np.testing.assert_allclose([float(ours(step)) for step in steps], expected, atol=1e-6)


def test_a_warm_up_before_cosine_decay_is_the_curve_of_optax():
    ours = schedules.LinearWarmup(schedules.CosineDecay(0.7, 40), 10, 0.1)
    theirs = optax.warmup_cosine_decay_schedule(0.1, 0.7, 10, 50)
    expected = [float(theirs(step)) for step in range(60)]
    np.testing.assert_allclose([float(ours(step)) for step in range(60)], expected, atol=1e-6)


rates = st.floats(0.0, 10.0, width=32)


@given(
    boundaries=st.lists(st.integers(0, 1000), min_size=1, max_size=6, unique=True).map(sorted),
    step=st.integers(0, 1200),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_a_staircase_of_values_is_the_one_of_python(boundaries, step, data):
    size = len(boundaries) + 1
    values = data.draw(st.lists(rates, min_size=size, max_size=size))
    expected = values[sum(step > boundary for boundary in boundaries)]
    found = schedules.PiecewiseConstantDecay(boundaries, values)(step)
    assert float(found) == pytest.approx(expected)


@given(rate=rates, decay=st.floats(0.0, 1.0, width=32), step=st.integers(0, 100_000))
@settings(max_examples=60, deadline=None)
def test_inverse_time_decay_is_what_decay_was_in_keras_2(rate, decay, step):
    found = schedules.InverseTimeDecay(rate, decay_steps=1, decay_rate=decay)(step)
    assert float(found) == pytest.approx(rate / (1 + decay * step), rel=1e-5)


# -- laws -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "options"), ALL, ids=label)
def test_numbers_are_data(name, options):
    """Other numbers give other rates through the same compiled program."""
    schedule = make(name, options)
    traces = []

    @jax.jit
    def compiled(numbers, step):
        traces.append(step)
        return bind(schedule, iter(numbers))(step)

    plain = [np.float32(value) for _, value in tunables(schedule)]
    found = [float(compiled(plain, jnp.int32(step))) for step in STEPS]
    expected = [float(schedule(step)) for step in STEPS]
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=1e-7)
    compiled([value * np.float32(1.5) for value in plain], jnp.int32(3))
    assert len(traces) == 1
    assert compiled(plain, jnp.int32(3)).dtype == jnp.float32


@pytest.mark.parametrize(("name", "options"), ALL, ids=label)
def test_config_returns_through_json(name, options):
    schedule = make(name, options)
    config = json.loads(json.dumps(schedule.get_config()))
    again = schedules.get({"class": f"schedule.{name}", "config": config})
    assert again.get_config() == schedule.get_config()
    assert structure(again) == structure(schedule)
    assert tunables(again) == tunables(schedule)


@pytest.mark.parametrize(("name", "options"), ALL, ids=label)
def test_rates_are_finite_and_vectorise_over_steps(name, options):
    schedule = make(name, options)
    found = jax.vmap(schedule)(jnp.array(STEPS, jnp.int32))
    assert found.shape == (len(STEPS),)
    assert np.all(np.isfinite(found))
    np.testing.assert_allclose(found, [float(schedule(step)) for step in STEPS], 1e-5, 1e-7)


def test_a_schedule_of_ones_own_has_traced_numbers():
    class Root(schedules.LearningRateSchedule):
        start: float = number(0.1, low=0)

        def __call__(self, step):
            return self.start / jnp.sqrt(step + 1.0)

    optimizer = optimizers.SGD(learning_rate=Root(0.5))
    assert float(optimizer.current_rate(3)) == 0.25
    assert tunables(optimizer)[0] == ("learning_rate.start", 0.5)


def test_an_optimizer_with_a_schedule_returns_through_json():
    rate = schedules.LinearWarmup(schedules.CosineDecay(1.0, 20), 5)
    config = json.loads(json.dumps(optimizers.Adam(rate).get_config()))
    again = optimizers.get({"class": "optimizer.Adam", "config": config})
    assert float(again.current_rate(7)) == pytest.approx(0.5 * (1 + math.cos(math.pi / 10)))


# -- messages -------------------------------------------------------------------------------

WRONG = [
    (
        lambda: schedules.ExponentialDecay(0.1, 0, 0.9),
        "ExponentialDecay(decay_steps=...): got 0, expected a number above 0 "
        "(a number of training steps).",
    ),
    (
        lambda: schedules.ExponentialDecay(-0.1, 10, 0.9),
        "ExponentialDecay(initial_learning_rate=...): got -0.1, expected a number at least 0.",
    ),
    (
        lambda: schedules.PiecewiseConstantDecay([10, 20], [0.1, 0.2]),
        "PiecewiseConstantDecay: got 2 boundaries and 2 values, expected one value more than "
        "boundaries. The last value is the rate after the last boundary.",
    ),
    (
        lambda: schedules.PiecewiseConstantDecay([20, 10], [0.1, 0.2, 0.3]),
        "PiecewiseConstantDecay(boundaries=...): got (20, 10), expected rising steps.",
    ),
    (
        lambda: schedules.PiecewiseConstantDecay([], [0.1]),
        "PiecewiseConstantDecay: got no boundaries, expected at least one. "
        "Use a plain number instead.",
    ),
    (
        lambda: schedules.PiecewiseConstantDecay(10, [0.1, 0.2]),
        "PiecewiseConstantDecay(boundaries=...): got 10, expected a list of numbers.",
    ),
    (
        lambda: schedules.CosineDecay(0.1, 10, warmup_steps=5),
        "CosineDecay: got warmup_steps=5 without warmup_target, expected both or neither. "
        "Add warmup_target=..., the rate at which the warm-up ends.",
    ),
    (
        lambda: schedules.CosineDecayRestarts(0.1, 10, t_mul=0.5),
        "CosineDecayRestarts(t_mul=...): got 0.5, expected a number at least 1.",
    ),
    (
        lambda: schedules.OneCycle(0.1, 10, warmup_fraction=1.0),
        "OneCycle(warmup_fraction=...): got 1.0, expected a number above 0 and below 1.",
    ),
    (
        lambda: optimizers.SGD(learning_rate=schedules.CosineDecay),
        "SGD(learning_rate=...): got <class 'pellucid.optimizers.schedules.cosine.CosineDecay'>, "
        "expected a number at least 0 or a schedule. Make an object of it: CosineDecay(...).",
    ),
    (
        lambda: optimizers.SGD(learning_rate=dict),
        "SGD(learning_rate=...): got <class 'dict'>, expected a number at least 0 or a schedule. "
        "Write a subclass of LearningRateSchedule with __call__(self, step).",
    ),
]


@pytest.mark.parametrize(("build", "message"), WRONG, ids=[message for _, message in WRONG])
def test_wrong_arguments_are_told_in_these_words(build, message):
    with pytest.raises(ArgumentError) as caught:
        build()
    assert str(caught.value) == message


def test_a_constructor_of_ones_own_is_answered_with_fields():
    def with_constructor():
        class Mine(schedules.LearningRateSchedule):
            def __init__(self, start):
                self.start = start

        return Mine

    with pytest.raises(ArgumentError) as caught:
        with_constructor()
    assert str(caught.value) == (
        "Mine: got a schedule with its own __init__, expected declared fields. Write one line "
        "for each argument instead, such as 'warmup_steps: float = 4000', and leave __init__ "
        "and get_config out."
    )


def test_a_schedule_must_define_its_rate():
    class Empty(schedules.LearningRateSchedule):
        pass

    with pytest.raises(NotImplementedError, match=r"^Empty must define __call__\(step\)\.$"):
        Empty()(0)
