"""Candidates of a cohort end where the same models end alone."""

import gc
import threading
import time
import weakref

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.callbacks import EarlyStopping, LambdaCallback, ReduceLROnPlateau
from pellucid.errors import ArgumentError
from pellucid.models.cohort import Candidate, Cohort, Data
from pellucid.models.renewing import renewed, seeded
from pellucid.training import population as population_module
from pellucid.training.population import Population
from pellucid.training.program import Program
from pellucid.training.trainer import Pace

RNG = np.random.default_rng(3)
X = RNG.normal(size=(60, 3)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] > 0).astype(np.int32)
DATA = Data(X, Y)
FIT = {"epochs": 5, "batch_size": 8, "callbacks": [EarlyStopping("val_loss", patience=1)]}


def mlp(seed=0, width=4, rate=0.01, dropout=0.2):
    model = pellucid.Sequential(
        [
            layers.Input((3,)),
            layers.Dense(width, "relu"),
            layers.Dropout(dropout),
            layers.Dense(2, "softmax"),
        ],
        seed=seed,
    )
    model.compile(
        pellucid.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def assert_alike(trainee, model, train, validation):
    fit = {**trainee.candidate.fit, "verbose": 0}
    history = model.fit(X[train], Y[train], validation_data=(X[validation], Y[validation]), **fit)
    assert trainee.history.history.keys() == history.history.keys()
    for name, values in history.history.items():
        np.testing.assert_allclose(trainee.history.history[name], values, rtol=2e-5, err_msg=name)
    for one, other in zip(trainee.finished().get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_folds_samples_and_parts_of_one_table_share_a_program_and_end_as_alone():
    rows = np.arange(60)
    chosen = [
        (rows[:40], rows[40:]),
        (rows[20:], rows[:20]),
        (RNG.integers(0, 40, 40), rows[40:]),
        (rows[5:30], rows[40:55]),
    ]
    candidates = [
        Candidate(mlp(seed, rate=0.02 * (seed + 1)), DATA, FIT, *pair)
        for seed, pair in enumerate(chosen)
    ]
    cohort = Cohort(candidates)
    assert cohort.programs == 1
    cohort.train()
    assert cohort.going == []
    for seed, (trainee, pair) in enumerate(zip(cohort.trainees, chosen, strict=True)):
        assert_alike(trainee, mlp(seed, rate=0.02 * (seed + 1)), *pair)


def test_other_structures_have_programs_of_their_own():
    rows = np.arange(60)
    pair = rows[:45], rows[45:]
    widths = [4, 6, 4]
    cohort = Cohort([Candidate(mlp(1, width), DATA, FIT, *pair) for width in widths])
    assert cohort.programs == 2
    cohort.train()
    for trainee, width in zip(cohort.trainees, widths, strict=True):
        assert_alike(trainee, mlp(1, width), *pair)


@pytest.mark.parametrize("together", [False, True])
def test_programs_are_traced_one_after_another(together, monkeypatch):
    monkeypatch.setattr(population_module, "computed_together", lambda: together)
    traced, tracing, most, original = [], threading.Lock(), [], Program.trace

    def trace(program, *given):
        most.append(tracing.acquire(blocking=False))
        try:
            time.sleep(0.05)
            traced.append(program)
            return original(program, *given)
        finally:
            if most[-1]:
                tracing.release()

    monkeypatch.setattr(Program, "trace", trace)
    widths = (24, 25, 26) if together else (21, 22, 23)
    cohort = Cohort([Candidate(mlp(width=width), DATA, {"epochs": 1}) for width in widths])
    cohort.train()
    assert len(traced) == len(set(map(id, traced))) == 3
    assert all(most)
    assert cohort.compile_seconds > 0


def test_rungs_and_letting_go_change_nothing_for_those_that_stay():
    pair = np.arange(45), np.arange(45, 60)
    fit = {"epochs": 5, "batch_size": 8}
    cohort = Cohort([Candidate(mlp(seed), DATA, fit, *pair) for seed in (1, 2, 3)])
    cohort.train(until=2)
    assert [len(one.logs) for one in cohort.trainees] == [2, 2, 2]
    cohort.free([0])
    assert cohort.trainees[0].freed
    cohort.train(until=[5, 3, 5])
    assert [len(one.logs) for one in cohort.trainees][:2] == [2, 3]
    cohort.train()
    assert_alike(cohort.trainees[1], mlp(2), *pair)
    assert_alike(cohort.trainees[2], mlp(3), *pair)


def test_three_on_two_cores_take_turns_and_end_as_alone(monkeypatch):
    pair = np.arange(45), np.arange(45, 60)
    fit = {"epochs": 5, "batch_size": 8}
    calls = []

    def advance(population, budgets, own=Population.advance):
        calls.append(budgets)
        return own(population, budgets)

    monkeypatch.setattr(population_module, "get_cores", lambda: 2)
    monkeypatch.setattr(population_module, "computed_together", lambda: False)
    monkeypatch.setattr(Pace, "steps", lambda pace: 7)
    monkeypatch.setattr(Population, "advance", advance)
    cohort = Cohort([Candidate(mlp(seed), DATA, fit, *pair) for seed in (1, 2, 3)])
    cohort.train()
    assert calls[:3] == [[7, 7, 0], [7, 0, 7], [0, 7, 7]]
    for trainee, seed in zip(cohort.trainees, (1, 2, 3), strict=True):
        assert_alike(trainee, mlp(seed), *pair)


def test_a_deadline_leaves_off_and_training_can_go_on():
    pair = np.arange(45), np.arange(45, 60)
    cohort = Cohort([Candidate(mlp(1), DATA, FIT, *pair)])
    cohort.train(deadline=time.perf_counter())
    assert cohort.going == [0]
    assert cohort.trainees[0].logs == []
    cohort.train()
    assert_alike(cohort.trainees[0], mlp(1), *pair)


def test_a_program_that_would_be_ready_after_the_deadline_is_not_begun():
    pair = np.arange(45), np.arange(45, 60)
    Cohort([Candidate(mlp(1), DATA, FIT, *pair)]).train()
    cohort = Cohort([Candidate(mlp(1, width), DATA, FIT, *pair) for width in (4, 13)])
    cohort.train(deadline=time.perf_counter() + 600, compiling=1000)
    assert [one.begun for one in cohort.trainees] == [True, False]
    assert cohort.going == [1]
    assert cohort.longest_compile == 0
    cohort.train(deadline=time.perf_counter() + 600, compiling=1)
    assert cohort.going == []
    assert cohort.longest_compile > 0
    for trainee, width in zip(cohort.trainees, (4, 13), strict=True):
        assert_alike(trainee, mlp(1, width), *pair)


def test_one_that_is_not_finite_leaves_the_others_alone():
    pair = np.arange(45), np.arange(45, 60)
    sick = mlp(1)
    sick.set_weights([np.full_like(one, np.inf) for one in sick.get_weights()])
    cohort = Cohort([Candidate(sick, DATA, FIT, *pair), Candidate(mlp(2), DATA, FIT, *pair)])
    cohort.train()
    assert [one.failed for one in cohort.trainees] == [True, False]
    assert_alike(cohort.trainees[1], mlp(2), *pair)


def test_rows_of_another_table_may_be_scored():
    held = Data(X[45:], Y[45:])
    cohort = Cohort([Candidate(mlp(1), DATA, FIT, np.arange(45), held_out=held)])
    cohort.train()
    assert_alike(cohort.trainees[0], mlp(1), np.arange(45), np.arange(45, 60))


def test_class_weights_of_their_own():
    weights = {0: 3.0, 1: 0.5}
    fit = {**FIT, "callbacks": None, "class_weight": weights}
    cohort = Cohort([Candidate(mlp(1), DATA, fit), Candidate(mlp(1), DATA, {**fit, "epochs": 2})])
    cohort.train()
    history = mlp(1).fit(X, Y, verbose=0, **fit).history
    np.testing.assert_allclose(cohort.trainees[0].history.history["loss"], history["loss"], 2e-5)
    assert len(cohort.trainees[1].logs) == 2


def test_callbacks_that_python_runs_are_refused():
    fit = {"callbacks": [LambdaCallback(), ReduceLROnPlateau()]}
    with pytest.raises(ArgumentError) as told:
        Cohort([Candidate(mlp(), DATA, fit)])
    assert str(told.value) == (
        "callbacks: got LambdaCallback, expected policies that run inside the program, such as "
        "EarlyStopping() or ReduceLROnPlateau(), where models are trained side by side."
    )


def test_a_renewed_model_is_drawn_anew_and_keeps_what_was_set():
    model = mlp(1)
    set_by_hand = np.full((3, 4), 0.5, np.float32)
    model.layers[0].set_weights([set_by_hand, np.zeros(4)])
    one, same, other = renewed(model, 5), renewed(model, 5), renewed(model, 6)
    np.testing.assert_array_equal(one.get_weights()[0], set_by_hand)
    np.testing.assert_array_equal(one.get_weights()[2], same.get_weights()[2])
    assert not np.array_equal(one.get_weights()[2], other.get_weights()[2])
    assert one.optimizer.learning_rate == model.optimizer.learning_rate


def test_a_seeded_model_has_the_weights_of_one_made_with_that_seed():
    model, other = mlp(1), mlp(5)
    by_hand = np.full((2,), 0.5, np.float32)
    model.layers[2].set_weights([model.layers[2].get_weights()[0], by_hand])
    weights = seeded(model, 5).get_weights()
    for one, drawn in zip(weights[:3], other.get_weights()[:3], strict=True):
        np.testing.assert_array_equal(one, drawn)
    np.testing.assert_array_equal(weights[3], by_hand)


def test_a_renewed_model_knows_nothing_of_an_earlier_training():
    fresh, trained = mlp(1), mlp(1)
    trained.fit(X, Y, verbose=0)
    trained.fit(X, Y, verbose=0)
    for one, other in zip(renewed(trained, 1).get_weights(), fresh.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_renewed_model_keeps_the_statistics_of_a_normalization():
    scale = layers.Normalization()
    scale.adapt(X)
    model = pellucid.Sequential([layers.Input((3,)), scale, layers.Dense(1)], seed=1)
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    np.testing.assert_allclose(renewed(model, 2).layers[0].mean, X.mean(axis=0), atol=1e-6)


def test_a_trained_model_is_diagnosed_by_the_rows_that_it_saw_and_those_that_scored_it():
    train, held = np.arange(0, 60, 2), np.arange(1, 60, 2)
    cohort = Cohort([Candidate(mlp(), DATA, FIT, train, held)])
    cohort.train()
    request = cohort.trainees[0].finished().last_run.request
    np.testing.assert_array_equal(request.x, X[train])
    np.testing.assert_array_equal(request.y, Y[train])
    np.testing.assert_array_equal(request.validation_data[0], X[held])
    np.testing.assert_array_equal(request.validation_data[1], Y[held])
    assert request.epochs == 5


def test_weights_of_rows_are_chosen_with_them_also_by_output():
    weight, rows = np.arange(60.0), np.array([4, 2, 4])
    one = Candidate(mlp(), Data(X, Y, weight), FIT, rows).alone()()
    np.testing.assert_array_equal(one.sample_weight, [4, 2, 4])
    x = layers.Input((3,))
    ends = {"a": layers.Dense(1)(x), "b": layers.Dense(1)(x)}
    model = pellucid.Model(x, ends)
    model.compile("sgd", "mse")
    data = Data(X, {"a": X[:, :1], "b": X[:, 1:2]}, {"b": weight})
    found = Candidate(model, data, {}, None, rows).alone()()
    assert found.x is X
    np.testing.assert_array_equal(found.validation_data[1]["b"], X[rows, 1:2])
    np.testing.assert_array_equal(found.validation_data[2]["b"], [4, 2, 4])


def test_a_trained_model_is_gone_when_nobody_holds_it():
    cohort = Cohort([Candidate(mlp(), DATA, {"epochs": 1, "batch_size": 8}, np.arange(40))])
    cohort.train()
    kept = weakref.ref(cohort.trainees[0].finished())
    gc.disable()
    try:
        del cohort
        assert kept() is None
    finally:
        gc.enable()
