"""Members of a population end where the same models end alone."""

from dataclasses import replace

import numpy as np
import pytest

import pellucid
from pellucid.backend import set_cores
from pellucid.callbacks import CallbackList, EarlyStopping
from pellucid.errors import ArgumentError
from pellucid.models.fitting import Fit
from pellucid.models.request import Request
from pellucid.training import cache
from pellucid.training import population as population_module
from pellucid.training.population import Member, Population, next_ones
from pellucid.training.state import TrainState

layers = pellucid.layers
RNG = np.random.default_rng(5)
TABLE = RNG.normal(size=(40, 3)).astype(np.float32)
IMAGES = RNG.normal(size=(40, 6, 6, 1)).astype(np.float32)
STEPS = RNG.normal(size=(40, 5, 2)).astype(np.float32)
CLASSES = (TABLE[:, 0] > 0).astype(np.int32)


def mlp(seed, rate=0.01, l2=0.01):
    penalty = pellucid.regularizers.L2(l2)
    inner = [layers.Dense(4, "relu", kernel_regularizer=penalty), layers.Dropout(0.3)]
    return TABLE, network(layers.Input((3,)), inner, seed, rate)


def cnn(seed, rate=0.01):
    inner = [layers.Conv2D(2, 3, activation="relu"), layers.Flatten(), layers.Dropout(0.3)]
    return IMAGES, network(layers.Input((6, 6, 1)), inner, seed, rate)


def lstm(seed, rate=0.01):
    return STEPS, network(layers.Input((5, 2)), [layers.LSTM(3, dropout=0.3)], seed, rate)


def network(entry, inner, seed, rate):
    model = pellucid.Sequential([entry, *inner, layers.Dense(2, "softmax")], seed=seed)
    model.compile(
        pellucid.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def request(x, epochs=6, rows=slice(0, 30), patience=2):
    policy = EarlyStopping("val_loss", patience=patience, restore_best_weights=True)
    return dict(
        x=x[rows],
        y=CLASSES[rows],
        epochs=epochs,
        batch_size=8,
        validation_data=(x[30:], CLASSES[30:]),
        callbacks=[policy],
        verbose=0,
    )


def member(model, **options):
    asked = Request(
        **{
            "validation_split": 0.0,
            "shuffle": True,
            "class_weight": None,
            "sample_weight": None,
            "initial_epoch": 0,
            "steps_per_epoch": None,
            "validation_steps": None,
            "validation_batch_size": None,
            "validation_freq": 1,
            "probe": None,
            **options,
        }
    )
    read = Fit(model, asked, CallbackList(asked.callbacks))
    train, validation = read.tables
    vectors = model.packed(read.recipe)
    return Member(read.recipe, read.options, train, validation, model.seed, *vectors)


def run(population, epochs, budget=7):
    logs = [[] for _ in population.members]
    while going := [one for one in population.going if len(logs[one]) < epochs]:
        left = [
            (epochs - len(logs[number])) * one.steps_per_epoch
            for number, one in enumerate(population.members)
        ]
        budgets = [min(budget, left[n]) if n in going else 0 for n in range(len(left))]
        for number, chunk in enumerate(population.advance(budgets)):
            logs[number] += [] if chunk is None else [one.logs for one in chunk.epochs]
        population.free([one for one in going if len(logs[one]) >= epochs])
    return logs


def alone(model, options):
    history = model.fit(**options).history
    return [dict(zip(history, row, strict=True)) for row in zip(*history.values(), strict=True)]


def assert_same(found, expected):
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert set(one) == set(other)
        for name, value in other.items():
            np.testing.assert_allclose(one[name], value, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("make", [mlp, cnn, lstm])
def test_each_member_has_the_losses_of_the_same_model_alone(make):
    kinds = [(1, 0.01), (2, 0.01), (3, 0.1)]
    made = [make(seed, rate) for seed, rate in kinds]
    logs = run(Population([member(model, **request(x)) for x, model in made]), 6)
    for (x, model), found in zip(made, logs, strict=True):
        assert_same(found, alone(model, request(x)))


def test_members_stop_by_themselves_and_keep_their_best_weights():
    x, model = mlp(7, 0.3)
    options = request(x, patience=1)
    population = Population([member(one, **options) for one in (model, mlp(2)[1])])
    logs = run(population, 6)
    expected = alone(model, options)
    assert len(expected) < 6
    assert_same(logs[0], expected)
    policy = population.states()[0].policies[0]
    best = min(range(len(expected)), key=lambda epoch: expected[epoch]["val_loss"])
    assert int(policy["best_epoch"]) == best


def test_two_devices_share_the_members_and_change_no_result():
    kinds = [(seed, 0.01 * seed) for seed in range(1, 6)]
    logs = []
    for cores in (1, 2):
        set_cores(cores)
        population = Population([member(mlp(*one)[1], **request(TABLE)) for one in kinds])
        population.advance(2)
        population.free([0, 1, 2])
        logs.append([[*population.advance(9)], population.states()])
    set_cores(None)
    for one, other in zip(*logs[0:2], strict=True):
        for left, right in zip(one, other, strict=True):
            if isinstance(left, TrainState):
                np.testing.assert_allclose(left.trained, right.trained, rtol=1e-6, atol=1e-7)
            elif left is not None:
                assert_same([end.logs for end in left.epochs], [end.logs for end in right.epochs])


@pytest.mark.parametrize("make", [mlp, lstm])
def test_members_computed_together_as_on_a_gpu_change_no_result(make, monkeypatch):
    monkeypatch.setattr(population_module, "computed_together", lambda: True)
    cache.clear()
    made = [make(seed, rate) for seed, rate in ((1, 0.01), (2, 0.3))]
    logs = run(Population([member(model, **request(x)) for x, model in made]), 4)
    cache.clear()
    for (x, model), found in zip(made, logs, strict=True):
        assert_same(found, alone(model, request(x, 4)))


def test_one_program_serves_other_seeds_numbers_and_data():
    first = Population([member(mlp(seed)[1], **request(TABLE)) for seed in (1, 2)])
    run(first, 2)
    traced = first.program.traces
    other = Population([member(mlp(seed, 0.05, 0.1)[1], **request(TABLE * 2)) for seed in (8, 9)])
    run(other, 2)
    assert first.program is other.program
    assert first.program.traces == traced


def test_members_may_train_on_rows_of_their_own():
    options = [request(TABLE, 3), request(TABLE, 3, slice(3, 30)), request(TABLE + 1, 3)]
    models = [mlp(seed)[1] for seed in (1, 1, 2)]
    population = Population([member(m, **o) for m, o in zip(models, options, strict=True)])
    for model, own, found in zip(models, options, run(population, 3), strict=True):
        assert_same(found, alone(model, own))


def test_a_member_that_is_not_finite_leaves_the_others_alone():
    _, sound = mlp(1)
    _, wild = mlp(2)
    wild.layers[0].set_weights([np.full((3, 4), 1e30), np.full(4, 1e30)])
    population = Population([member(wild, **request(TABLE)), member(sound, **request(TABLE))])
    chunks = population.advance(4)
    assert [chunk.good for chunk in chunks] == [False, True]
    assert population.going == [1]
    assert population.advance(1)[0] is None


def test_a_freed_member_keeps_its_state():
    population = Population([member(mlp(seed)[1], **request(TABLE)) for seed in (1, 2)])
    population.advance(3)
    population.free([0])
    before = population.states()[0].trained
    assert population.advance(3)[0] is None
    assert np.array_equal(population.states()[0].trained, before)
    assert [int(state.step) for state in population.states()] == [3, 6]


def test_members_of_two_structures_are_refused():
    with pytest.raises(ArgumentError) as told:
        Population([member(mlp(1)[1], **request(TABLE)), member(lstm(1)[1], **request(STEPS))])
    assert str(told.value) == (
        "Population(members=...): got members of 2 kinds, expected members of one kind. "
        "Group them by Member.key, and make a population of each group."
    )


def test_populations_of_any_number_share_what_is_compiled_for_a_core(monkeypatch):
    monkeypatch.setattr(population_module, "computed_together", lambda: False)
    cache.clear()
    x, _ = mlp(1)
    held = [member(mlp(seed, 0.01 * seed)[1], **request(x)) for seed in range(1, 5)]
    four = Population(held)
    assert not four.compiled
    four.advance(1)
    three = Population(held[:3])
    assert three.compiled
    chunks = three.advance(1)
    assert three.program is four.program
    assert four.compile_seconds > 0
    assert three.compile_seconds == 0
    assert len(chunks) == 3


@pytest.mark.slow
def test_on_a_gpu_nearly_as_many_members_share_what_is_compiled(monkeypatch):
    monkeypatch.setattr(population_module, "computed_together", lambda: True)
    cache.clear()
    each = [member(mlp(seed)[1], **request(TABLE)) for seed in range(1, 19)]
    shared = {"train": each[0].train, "validation": each[0].validation}
    held = [replace(one, **shared) for one in each]
    all_of_them = Population(held)
    assert not all_of_them.compiled
    chunks = all_of_them.advance(4)
    traced = all_of_them.program.traces
    one_less = Population(held[:17])
    assert one_less.compiled
    assert not Population(held[:2]).compiled
    for left, right in zip(one_less.advance(4), chunks[:17], strict=True):
        assert_same([end.logs for end in left.epochs], [end.logs for end in right.epochs])
    cache.clear()
    assert one_less.program.traces == traced
    assert len(one_less.states()) == 17


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ({}, []),
        ({4: 10}, [4]),
        ({0: 10, 1: 20}, [1, 0]),
        ({0: 10, 1: 20, 5: 15}, [1, 5]),
        ({0: 9, 1: 9, 2: 8, 3: 9, 7: 9}, [0, 1, 3, 7]),
    ],
)
def test_as_many_go_next_as_leave_no_core_waiting(left, expected, monkeypatch):
    monkeypatch.setattr(population_module, "get_cores", lambda: 2)
    monkeypatch.setattr(population_module, "computed_together", lambda: False)
    assert next_ones(left) == expected


def test_all_go_next_where_a_device_computes_them_together(monkeypatch):
    monkeypatch.setattr(population_module, "get_cores", lambda: 2)
    monkeypatch.setattr(population_module, "computed_together", lambda: True)
    assert next_ones({0: 10, 1: 20, 5: 15}) == [1, 5, 0]
