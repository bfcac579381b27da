"""Searches that outlive their process."""

import contextlib
import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import optuna
import pytest
from sqlalchemy.exc import OperationalError

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError, FileError, PellucidWarning
from pellucid.models.cohort import Cohort
from pellucid.tuning import Halving, searching, store
from pellucid.tuning.halving import Schedule
from pellucid.tuning.space import Space
from pellucid.tuning.store import Store
from pellucid.tuning.trial import Trial

SOURCE = Path(pellucid.__file__).parent.parent
SPACE = {"learning_rate": (1e-3, 1e-1, "log"), "dropout": (0.1, 0.5)}
RNG = np.random.default_rng(3)
X = RNG.normal(size=(60, 3)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] > 0).astype(np.int32)


def build(learning_rate=0.01, dropout=0.2):
    members = [layers.Input((3,)), layers.Dense(4, "relu"), layers.Dropout(dropout)]
    model = pellucid.Sequential([*members, layers.Dense(2, "softmax")])
    model.compile(pellucid.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy")
    return model


def search(storage=None, **options):
    fit = {"trials": 12, "epochs": 3, "batch_size": 8, "at_once": 3, "seed": 5, "verbose": 0}
    return pellucid.tune(build, SPACE, X, Y, storage=storage, **{**fit, **options})


def assert_same(one, other):
    assert [trial.number for trial in one.trials] == [trial.number for trial in other.trials]
    for left, right in zip(one.trials, other.trials, strict=True):
        assert left.parameters == right.parameters
        np.testing.assert_allclose(left.scores, right.scores, rtol=1e-5)
        assert (left.state, left.epochs, left.kept) == (right.state, right.epochs, right.kept)


def test_a_search_goes_on_where_it_ended(tmp_path):
    path = tmp_path / "search.db"
    begun = search(path, trials=4)
    both = search(path, trials=8)
    assert_same(both, search(trials=8))
    assert [one.seconds for one in both.trials[:4]] == [one.seconds for one in begun.trials]
    assert search(path, trials=8).best_model.get_weights()[0].shape == (3, 4)


KILLED = """
import sys
sys.path[:0] = [{source!r}, {tests!r}]
from test_store import search
search({storage!r}, verbose=1, **{options!r})
"""


def killed_at_random_moments(storage, times, options):
    """Kill a search so often, each time in one of its next rounds; return what was kept then."""
    code = KILLED.format(
        source=str(SOURCE), tests=str(Path(__file__).parent), storage=storage, options=options
    )
    moments, kept = random.Random(times), []
    for _ in range(times):
        process = subprocess.Popen([sys.executable, "-uc", code], stdout=subprocess.PIPE)
        for _ in range(moments.randint(1, 2)):
            assert process.stdout.readline(), "the search was over before it could be killed"
        time.sleep(moments.uniform(0, 0.05))
        assert process.poll() is None, "the search was over before it could be killed"
        process.kill()
        process.communicate()
        kept.append(read(storage))
    return kept


def read(storage):
    with Store(storage, "search", Space(SPACE, ""), False, "tune") as held:
        return held.read()


def assert_nothing_is_lost_or_repeated(storage, times, **options):
    kept = killed_at_random_moments(storage, times, options)
    found = search(storage, **options)
    for before, after in zip(kept, [*kept[1:], found.trials], strict=True):
        # The same with the seconds that it took: it was not made again.
        assert before == [one for one in after if one.number in {one.number for one in before}]
    assert len(kept[0]) < len(kept[-1]) < len(found.trials)
    study = optuna.load_study(study_name="search", storage=storage)
    assert len(study.trials) == len(found.trials)
    assert_same(found, search(**options))


SEEDED = {"sampler": "tpe", "asking_share": 1}


def test_a_killed_search_loses_and_repeats_nothing(tmp_path):
    storage = f"sqlite:///{tmp_path / 'search.db'}"
    assert_nothing_is_lost_or_repeated(storage, 2, trials=45, **SEEDED)


@pytest.mark.slow
@pytest.mark.parametrize("halving", [None, "successive"])
def test_a_search_that_is_killed_twenty_times_loses_and_repeats_nothing(tmp_path, halving):
    storage = f"sqlite:///{tmp_path / 'search.db'}"
    assert_nothing_is_lost_or_repeated(storage, 20, trials=250, halving=halving, **SEEDED)


def test_a_round_that_time_did_not_suffice_to_begin_is_made_as_a_whole(tmp_path, monkeypatch):
    def of_two_widths(storage):
        def build(learning_rate, width):
            members = [layers.Input((3,)), layers.Dense(width), layers.Dense(2, "softmax")]
            model = pellucid.Sequential(members)
            loss = "sparse_categorical_crossentropy"
            model.compile(pellucid.optimizers.Adam(learning_rate), loss)
            return model

        space = {"learning_rate": [0.003, 0.01, 0.03], "width": [4, 5]}
        options = {"sampler": "grid", "halving": Halving(3, first=1), "epochs": 9, "seed": 5}
        fit = {"batch_size": 8, "verbose": 0}
        return pellucid.tune(
            build, space, X, Y, at_once=6, seconds=600, storage=storage, **options, **fit
        )

    path, train, calls = tmp_path / "search.db", Cohort.train, []

    def of_one_width(cohort, until=None, deadline=None, tell=None, compiling=0.0):
        calls.append(until)
        cohort.free([number for number in range(6) if number % 2] if len(calls) == 1 else [])
        train(cohort, until, deadline, tell, compiling)

    with monkeypatch.context() as there:
        there.setattr(Cohort, "train", of_one_width)
        begun = of_two_widths(path)
    assert [one.number for one in begun.trials] == [0, 2, 4]
    assert_same(of_two_widths(path), of_two_widths(None))


def test_what_differs_from_the_search_that_was_begun_is_told(tmp_path):
    path = tmp_path / "search.db"
    search(path, trials=1)
    with pytest.raises(ArgumentError) as told:
        search(path, trials=1, seed=6)
    assert str(told.value) == (
        "tune(storage=...): 'search': got seed 6, expected 5, with which that search was begun. "
        "Write seed=5 to go on with it, or give the new search another storage, or another "
        "name=..."
    )
    assert len(search(path, trials=1, seed=6, name="another").trials) == 1


def network(width=4, loss="binary_crossentropy", metrics=("accuracy",), name=None, seed=0):
    members = [layers.Input((3,)), layers.Dense(width, "relu", name=name), layers.Dropout(0.2)]
    model = pellucid.Sequential([*members, layers.Dense(1, "sigmoid")], seed=seed)
    model.compile(pellucid.optimizers.Adam(), loss, metrics=list(metrics))
    return model


@pytest.mark.parametrize(
    ("changed", "options", "told"),
    [
        (
            {"width": 5},
            {},
            "got model '26 weights in 4 layers, digest fddf9a7d25c4', expected '21 weights in 4 "
            "layers, digest 3d752d3f745d'",
        ),
        (
            {"loss": "mse"},
            {},
            "got loss '[MeanSquaredError()]', expected '[BinaryCrossentropy()]'",
        ),
        ({"metrics": ()}, {}, """got metrics '[[]]', expected "[['accuracy']]\""""),
        ({}, {"at_once": 4}, "got at_once 4, expected 3"),
        ({}, {"sampler": "random"}, "got sampler 'random', expected 'adaptive'"),
        (
            {},
            {"validation_data": (X[:9] + 1, Y[:9])},
            "got judging rows with the checksum 75553545, expected 504077015",
        ),
    ],
)
def test_another_model_or_other_judges_are_refused(tmp_path, changed, options, told):
    def begin(storage, model, **more):
        fit = {"validation_data": (X[:9], Y[:9]), "at_once": 3, "seed": 5}
        space = {"learning_rate": (1e-3, 1e-1, "log")}
        options = {"trials": 1, "epochs": 1, "verbose": 0, **fit, **more}
        return pellucid.tune(model, space, X, Y, storage=storage, **options)

    path = tmp_path / "search.db"
    begin(path, network())
    # What an automatic name and the seed of a model are called tells nothing of its trials.
    begin(path, network(name="first", seed=3))
    with pytest.raises(ArgumentError) as error:
        begin(path, network(**changed), **options)
    assert str(error.value) == (
        f"tune(storage=...): 'search': {told}, with which that search was begun. "
        "Give the new search another storage, or another name=..."
    )


def test_what_a_build_function_makes_is_part_of_the_search(tmp_path):
    path = tmp_path / "search.db"
    search(path, trials=1)

    def other(learning_rate, dropout):
        return network()

    fit = {"trials": 1, "epochs": 3, "batch_size": 8, "at_once": 3, "seed": 5, "verbose": 0}
    with pytest.raises(ArgumentError, match=r"got model '21 weights .*, expected '26 weights"):
        pellucid.tune(other, SPACE, X, Y, storage=path, **fit)


def trial(number):
    values = {"rate": 0.1}
    return Trial(number, values, "complete", 0.5, (0.5,), {"loss": 0.4}, 3, (2,), 3, 0.1, "random")


def test_processes_share_rounds_and_a_lost_one_is_taken_over(tmp_path):
    space, schedule = Space({"rate": (0.0, 1.0)}, ""), Schedule(3, 2, None, 6)
    first, second = (Store(tmp_path / "a.db", "s", space, False, "tune") for _ in range(2))
    assert first.claim(schedule).number == 0
    assert second.claim(schedule).number == 1
    first.write([trial(0), trial(1)])
    assert first.claim(schedule).number == 2
    first.close()
    second.write([trial(2), trial(3)])
    assert second.claim(schedule).number == 2
    second.write([trial(4), trial(5), trial(4)])
    assert second.claim(schedule) is None
    assert second.read() == [trial(number) for number in range(6)]
    second.close()


def test_a_claim_of_a_process_that_is_gone_is_void(tmp_path, monkeypatch):
    space, schedule = Space({"rate": (0.0, 1.0)}, ""), Schedule(3, 2, None, 4)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    lost = Store(tmp_path / "a.db", "s", space, False, "tune")
    with monkeypatch.context() as there:
        there.setattr(os, "getpid", lambda: gone.pid)
        assert lost.claim(schedule).number == 0
    with Store(tmp_path / "a.db", "s", space, False, "tune") as other:
        assert other.claim(schedule).number == 0
    lost.close()


def test_a_storage_that_cannot_be_opened_is_told(tmp_path):
    with pytest.raises(ArgumentError, match=r"tune\(storage=...\): got '.*', expected a storage"):
        search(tmp_path / "no such folder" / "search.db")


def test_a_storage_that_fails_on_the_way_is_told(tmp_path, monkeypatch):
    path = tmp_path / "search.db"
    monkeypatch.setattr(store, "PATIENCE_SECONDS", 0.1)
    write = Store.write

    def locked(self, trials):
        with contextlib.closing(sqlite3.connect(path)) as other:
            other.execute("BEGIN EXCLUSIVE")
            write(self, trials)

    with monkeypatch.context() as there:
        there.setattr(Store, "write", locked)
        with pytest.raises(FileError) as told:
            search(path, trials=1)
    assert str(told.value) == (
        "tune(storage=...): 'search': got one that failed (database is locked), expected one that "
        "can be read and written. Another program holds it. When that is done, make the same call "
        "again: finished trials that were written are kept."
    )
    assert len(search(path, trials=1).trials) == 1


def test_a_file_that_is_none_of_optuna_s_is_told(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("no database")
    with pytest.raises(ArgumentError) as told:
        search(path)
    assert str(told.value) == (
        f"tune(storage=...): got '{path}', expected a storage that Optuna can open, such as "
        "'sqlite:///search.db' (file is not a database). Mend it, or name another, and make the "
        "same call again: finished trials that were written are kept."
    )
    with pytest.raises(ArgumentError) as told:
        search(3)
    assert str(told.value) == (
        "tune(storage=...): got 3, expected a path, the URL of a database, or a storage of Optuna."
    )


def test_who_finds_only_rounds_of_others_waits_for_them_and_takes_over_what_is_lost(
    tmp_path, monkeypatch
):
    path = tmp_path / "search.db"
    monkeypatch.setattr(searching, "WAIT_SECONDS", 0.05)
    first = search(path, trials=1, at_once=1)
    other = Store(path, "search", first._task.space, False, "tune")
    schedule = Schedule(first._task.fit["epochs"], 1, None, 2)
    assert other.claim(schedule).number == 1
    waited = []

    def sleep(seconds):
        waited.append(seconds)
        if len(waited) == 2:
            other.close()

    monkeypatch.setattr(searching.time, "sleep", sleep)
    found = search(path, trials=2, at_once=1)
    assert [one.number for one in found.trials] == [0, 1]
    assert waited == [0.05, 0.05]


def test_who_is_outrun_in_making_the_tables_opens_them_again(tmp_path, monkeypatch):
    tried = []

    class Outrun(optuna.storages.RDBStorage):
        def __init__(self, url, **options):
            tried.append(url)
            if len(tried) < 3:
                raise OperationalError("CREATE TABLE", {}, Exception("table a already exists"))
            super().__init__(url, **options)

    monkeypatch.setattr(optuna.storages, "RDBStorage", Outrun)
    monkeypatch.setattr(store, "RACE_SECONDS", 0.0)
    with Store(tmp_path / "a.db", "s", Space({"rate": (0.0, 1.0)}, ""), False, "tune") as made:
        assert made.read() == []
    assert len(tried) == 3
    tried.clear()
    monkeypatch.setattr(store, "ATTEMPTS", 2)
    with pytest.raises(ArgumentError, match=r"\(.*table a already exists.*\)"):
        Store(tmp_path / "a.db", "s", Space({"rate": (0.0, 1.0)}, ""), False, "tune")


def interrupted_after(method, calls):
    """Return the method as one that is interrupted when it has done its work so many times."""
    made = []

    def interrupted(*given, **options):
        found = method(*given, **options)
        made.append(found)
        if len(made) == calls:
            raise KeyboardInterrupt
        return found

    return interrupted


@pytest.mark.parametrize(("method", "calls"), [("claim", 3), ("read", 6), ("write", 2)])
def test_an_interrupt_while_the_storage_is_at_work_keeps_the_trials(
    tmp_path, monkeypatch, method, calls
):
    whole = search(tmp_path / "whole.db", trials=9, at_once=3)
    with monkeypatch.context() as there:
        there.setattr(Store, method, interrupted_after(getattr(Store, method), calls))
        with pytest.warns(PellucidWarning) as told:
            cut = search(tmp_path / "cut.db", trials=9, at_once=3)
    assert [str(one.message) for one in told] == ["tune: interrupted; the trials so far are kept"]
    assert 3 <= len(cut.trials) < 9
    assert_same(search(tmp_path / "cut.db", trials=9, at_once=3), whole)


def test_a_claim_is_let_go_once_though_that_was_interrupted(tmp_path, monkeypatch):
    space, schedule = Space({"rate": (0.0, 1.0)}, ""), Schedule(3, 2, None, 6)
    held = Store(tmp_path / "a.db", "s", space, False, "tune")
    assert held.claim(schedule).number == 0
    tell = interrupted_after(held._claims.tell, 1)
    monkeypatch.setattr(held._claims, "tell", tell)
    with pytest.raises(KeyboardInterrupt):
        held.claim(schedule)
    held.close()
    with Store(tmp_path / "a.db", "s", space, False, "tune") as other:
        assert other.claim(schedule).number == 0
