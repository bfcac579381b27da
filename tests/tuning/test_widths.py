"""Widths of a search share programs, and each trial is what it is alone."""

import numpy as np
import pytest
from tests.tuning.set_ups import CLASSES, X

import pellucid
from pellucid import layers
from pellucid.callbacks import EarlyStopping
from pellucid.models.cohort import Cohort
from pellucid.models.renewing import renewed
from pellucid.seed import seed_after
from pellucid.tuning import study as study_module
from pellucid.tuning import widths as widths_module
from pellucid.tuning.blueprint import Blueprint
from pellucid.tuning.space import Space
from pellucid.tuning.widths import MOST_ADDED, Widths


def build(units=4, rate=0.2, depth=1, activation="relu"):
    hidden: list[layers.Layer] = []
    for _ in range(depth):
        hidden += [layers.Dense(units, activation), layers.Dropout(rate)]
    members = [layers.Input((3,)), *hidden, layers.Dense(1, "sigmoid")]
    model = pellucid.Sequential(members)
    model.compile(pellucid.optimizers.Adam(0.02), "binary_crossentropy")
    return model


def widths(space, source=build, rows=32):
    return Widths(Blueprint(source, "tune"), Space(space, "tune(space=...)"), X, rows, 0)


def wider(found, values):
    return found.wider(build(**values), values)


@pytest.fixture
def no_least_step(monkeypatch):
    """Let a step of the smallest network take no time, on a core or a GPU."""
    monkeypatch.setattr(widths_module, "STEP_WORK", 0.0)
    monkeypatch.setattr(widths_module, "GPU_STEP_WORK", 0.0)


def units_of(model):
    return next(layer.units for layer in model.layers if hasattr(layer, "units"))


def test_widths_are_found_among_parameters_and_others_left():
    space = {"units": (2, 9), "rate": (0.1, 0.5), "depth": (1, 3), "batch_size": [8, 16]}
    assert widths(space).compiled == {"units": [9]}


def test_a_range_of_billions_is_not_written_out():
    def made(units=4, number=0):
        return build(units)

    assert widths({"units": (2, 9), "number": (0, 10**12)}, made).compiled == {"units": [9]}


def test_programs_that_time_did_not_suffice_for_are_not_counted(monkeypatch):
    slow = property(lambda cohort: 1000.0 * any(one.begun for one in cohort.trainees))
    monkeypatch.setattr(Cohort, "longest_compile", slow)
    space = {"activation": ["relu", "tanh", "elu"]}
    options = {"sampler": "grid", "at_once": 1, "seconds": 600, "epochs": 1, "verbose": 0}
    search = pellucid.tune(build, space, X, CLASSES, **options)
    assert len(search.trials) == search.programs == 1


def test_the_factor_of_all_widths_is_one():
    model = build(8)
    found = widths({"width_factor": (0.5, 2.0), "learning_rate": (1e-3, 1e-1)}, model)
    assert found.compiled == {"width_factor": [2.0]}
    assert units_of(found.wider(model, {"width_factor": 0.5, "learning_rate": 0.01})) == 16


@pytest.mark.usefixtures("no_least_step")
def test_a_program_serves_the_widths_down_to_a_given_share_of_its_cost():
    # Work of a dense layer by its width, but for what the other layers add.
    [compiled] = widths({"units": (100, 1000)}).compiled.values()
    assert compiled[-1] == 1000
    ratios = np.array(compiled[1:]) / compiled[:-1]
    assert len(compiled) == pytest.approx(np.log(10) / np.log(MOST_ADDED) + 1, abs=1.5)
    np.testing.assert_allclose(ratios, MOST_ADDED, rtol=0.03)


@pytest.mark.usefixtures("no_least_step")
def test_options_far_apart_have_programs_of_their_own():
    found = widths({"units": [64, 8, 60, 256]})
    assert found.compiled == {"units": [8, 64, 256]}
    assert units_of(wider(found, {"units": 60})) == 64
    assert wider(found, {"units": 64}) is None


@pytest.mark.usefixtures("no_least_step")
def test_several_widths_share_what_may_be_added():
    def two(first, second):
        members = [layers.Dense(first, "relu"), layers.Dense(second, "relu"), layers.Dense(1)]
        model = pellucid.Sequential([layers.Input((3,)), *members])
        model.compile("adam", "mse")
        return model

    alone = widths({"first": (64, 128)}, lambda first: two(first, 64)).compiled["first"]
    both = widths({"first": (64, 128), "second": (64, 128)}, two).compiled
    assert len(both["first"]) > len(alone)


@pytest.mark.parametrize(
    "space",
    [
        {"units": (4, 8), "activation": ["sigmoid"]},
        {"units": [5]},
        {"units": [4.0, 8.0]},
        {"rate": (0.1, 0.5)},
        {"epochs": (2, 5)},
    ],
)
def test_nothing_is_shared_where_it_would_not_be_the_same(space):
    def made(units=4, rate=0.2, activation="relu"):
        return build(int(units), rate, 1, activation)

    assert widths(space, made).compiled == {}


def test_a_function_that_refuses_a_wider_model_is_asked_no_more_of():
    def picky(units=4, rate=0.1):
        if units == 8 and rate > 0.3:
            raise ValueError("too wide for this rate")
        return build(units, rate)

    found = widths({"units": (4, 8), "rate": (0.0, 0.5)}, picky)
    assert found.compiled == {"units": [8]}
    assert wider(found, {"units": 5, "rate": 0.4}) is None
    assert units_of(wider(found, {"units": 5, "rate": 0.2})) == 8


def test_models_that_differ_in_numbers_alone_have_the_same_wider_one():
    made = []

    def counted(units=4, rate=0.2, activation="relu"):
        made.append(units)
        return build(units, rate, 1, activation)

    space = {"units": (4, 8), "rate": (0.1, 0.5), "activation": ["relu", "tanh"]}
    found = widths(space, counted)
    assert found.compiled == {"units": [8]}
    made.clear()
    values = [
        {"units": 5, "rate": 0.2, "activation": "relu"},
        {"units": 5, "rate": 0.4, "activation": "relu"},
        {"units": 5, "rate": 0.4, "activation": "tanh"},
    ]
    first, second, third = (wider(found, one) for one in values)
    assert first is second
    assert first is not third
    assert made == [8, 8]


def test_no_more_wider_models_are_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(widths_module, "MOST_KEPT", 2)
    found = widths({"units": (4, 8)})
    first = wider(found, {"units": 4})
    assert wider(found, {"units": 4}) is first
    others = [wider(found, {"units": units}) for units in (5, 6)]
    assert wider(found, {"units": 6}) is others[-1]
    assert wider(found, {"units": 4}) is not first


def test_a_gpu_s_steps_are_so_short_that_options_far_apart_share_a_program(monkeypatch):
    assert widths({"units": [32, 512]}).compiled == {"units": [32, 512]}
    monkeypatch.setattr(widths_module, "on_cpu", lambda: False)
    assert widths({"units": [32, 512]}).compiled == {"units": [512]}


def test_every_trial_of_a_range_of_widths_is_its_configuration_alone():
    stop = EarlyStopping("val_loss", patience=1, restore_best_weights=True)
    fit = {"epochs": 4, "batch_size": 8, "callbacks": [stop], "validation_split": 0.25}
    space = {"units": (2, 9), "rate": (0.1, 0.5)}
    search = pellucid.tune(build, space, X, CLASSES, trials=6, seed=2, verbose=0, **fit)
    assert len({trial.parameters["units"] for trial in search.trials}) > 2
    assert search.programs == 1
    for trial in search.trials[:3]:
        model = renewed(build(**trial.parameters), seed_after(2, trial.number))
        losses = model.fit(X, CLASSES, verbose=0, **fit).history["val_loss"]
        assert trial.epochs == len(losses)
        assert trial.score == pytest.approx(min(losses), rel=2e-5)


def test_a_trial_is_the_same_whatever_it_is_trained_beside():
    fit = {"epochs": 2, "batch_size": 8, "validation_split": 0.25, "verbose": 0, "seed": 3}
    space = {"units": (2, 9)}
    together = pellucid.tune(build, space, X, CLASSES, trials=4, sampler="random", **fit)
    apart = pellucid.tune(build, space, X, CLASSES, trials=4, sampler="random", at_once=1, **fit)
    assert len({one.parameters["units"] for one in together.trials}) > 1
    assert [one.score for one in together.trials] == [one.score for one in apart.trials]


def test_a_curve_over_widths_shares_programs_too(monkeypatch):
    cohorts = []
    original = study_module.Cohort
    monkeypatch.setattr(
        study_module, "Cohort", lambda given: cohorts.append(original(given)) or cohorts[-1]
    )
    fit = {"cv": 2, "epochs": 2, "verbose": 0}
    curves = [
        pellucid.validation_curve(build(8), X, CLASSES, "dense.units", values, **fit)
        for values in ([6, np.int64(7), 8], [6])
    ]
    assert [one.programs for one in cohorts] == [1, 1]
    np.testing.assert_allclose(curves[0].test["loss"][0], curves[1].test["loss"][0], rtol=2e-5)
