"""Searches: every trial ends where the same configuration ends alone."""

import json
import time

import numpy as np
import pytest

import pellucid
from pellucid import Tunable, layers
from pellucid.callbacks import EarlyStopping
from pellucid.errors import ArgumentError, DataError, NonFiniteError, PellucidWarning
from pellucid.models.cohort import Cohort
from pellucid.models.renewing import renewed
from pellucid.tuning import Halving, NestedScore, course, searching, winner
from pellucid.tuning.folds import Rows, folds_of
from pellucid.tuning.proposing import Grid, Round
from pellucid.tuning.space import Space
from pellucid.tuning.validation import check_sorted

FIFTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
RNG = np.random.default_rng(3)
X = RNG.normal(size=(60, 3)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] > 0).astype(np.int32)
SPACE = {"learning_rate": (1e-3, 1e-1, "log"), "dropout": (0.1, 0.5), "width": [4, 6]}
FIT = {"batch_size": 8, "epochs": 4}


def build(learning_rate=0.01, dropout=0.2, width=4):
    model = pellucid.Sequential(
        [
            layers.Input((3,)),
            layers.Dense(width, "relu"),
            layers.Dropout(dropout),
            layers.Dense(2, "softmax"),
        ]
    )
    adam = pellucid.optimizers.Adam(learning_rate)
    model.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def tune(space=SPACE, model=build, **options):
    return pellucid.tune(model, space, X, Y, **{"verbose": 0, "seed": 5, **FIT, **options})


def alone(trial, patience=4, **options):
    model = renewed(build(**trial.parameters), 5 + trial.number)
    stop = EarlyStopping("val_loss", patience=patience, restore_best_weights=True)
    fit = {"validation_split": 0.2, **FIT, **options}
    return model, model.fit(X, Y, callbacks=[stop], verbose=0, **fit)


def assert_same_weights(one, other):
    for left, right in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-4, atol=1e-6)


def test_every_trial_ends_where_its_configuration_ends_alone():
    stop = EarlyStopping("val_loss", patience=1, restore_best_weights=True)
    search = tune(trials=6, callbacks=[stop])
    assert {one.parameters["width"] for one in search.trials} == {4, 6}
    for trial in search.trials:
        _, history = alone(trial, patience=1)
        losses = history.history["val_loss"]
        assert trial.epochs == len(losses)
        assert trial.score == pytest.approx(min(losses), rel=2e-5)
        best = int(np.argmin(losses))
        assert trial.kept == (best + 1,)
        assert trial.metrics["accuracy"] == pytest.approx(history.history["accuracy"][best])
    assert search.best.score == min(one.score for one in search.trials)


def test_trials_of_the_same_values_differ_in_their_seeds():
    search = tune({"learning_rate": [0.05]}, trials=3)
    assert len({one.score for one in search.trials}) == 3


def test_seeds_begin_anew_after_the_largest():
    first, second = tune({"learning_rate": [0.05]}, trials=2, seed=2**32 - 1).trials
    assert second.score == tune({"learning_rate": [0.05]}, trials=1, seed=0).trials[0].score
    assert first.score != second.score


def test_the_best_model_is_that_of_its_configuration_alone():
    search = tune(trials=4)
    model, _ = alone(search.best)
    assert_same_weights(search.best_model, model)
    assert_same_weights(search.refit(all_rows=False), model)
    score = search.best_model.evaluate(X[48:], Y[48:], verbose=0)[0]
    assert score == pytest.approx(search.best.score, rel=2e-5)
    names = {"x": X, "y": Y}
    exec(search.code, names)
    assert_same_weights(names["model"], model)


def test_the_best_model_is_diagnosed_by_the_rows_that_it_was_trained_on():
    request = tune(trials=1).best_model.last_run.request
    np.testing.assert_array_equal(request.x, X[:48])
    np.testing.assert_array_equal(request.validation_data[1], Y[48:])


def trained_again(monkeypatch):
    """Return a list that says, from now on, how many models are trained again for each wish."""
    counts = []

    def counted(candidates):
        counts.append(len(candidates))
        return Cohort(candidates)

    monkeypatch.setattr(winner, "Cohort", counted)
    return counts


def test_an_ensemble_is_the_mean_of_the_best_trials(monkeypatch, tmp_path):
    counts = trained_again(monkeypatch)
    options = {"trials": 5, "storage": tmp_path / "search.db"}
    search = tune(**options)
    found = search.ensemble(5)
    each = [alone(one)[0].predict(X, verbose=0) for one in search.trials]
    np.testing.assert_allclose(found.predict(X), np.mean(each, axis=0), rtol=1e-4, atol=1e-6)
    assert {one.parameters["width"] for one in search.trials} == {4, 6}
    again = tune(**options).ensemble(5)
    np.testing.assert_allclose(again.predict(X), found.predict(X), rtol=1e-4, atol=1e-6)
    assert counts == [0, 5]
    path = tmp_path / "ensemble.pellucid"
    found.save(path)
    np.testing.assert_array_equal(pellucid.Ensemble.load(path).predict(X), found.predict(X))


def test_the_eight_best_trials_are_kept_as_they_were_trained(monkeypatch):
    counts = trained_again(monkeypatch)
    search = tune(trials=12, epochs=1, at_once=4)
    ensemble = search.ensemble(10)
    assert counts == [2]
    best = search.best_model
    best.fit(X, Y, epochs=2, verbose=0)
    trained_on = best.predict(X, verbose=0)
    members = ensemble.predict_members(X)
    for answers, trial in zip(members, search.ranked, strict=False):
        model, _ = alone(trial, epochs=1)
        np.testing.assert_allclose(answers, model.predict(X, verbose=0), rtol=1e-4, atol=1e-6)
    fewer = search.ensemble().predict_members(X)
    assert len(fewer) == 8
    assert counts == [2, 0]
    np.testing.assert_array_equal(fewer, members[:8])
    np.testing.assert_array_equal(best.predict(X, verbose=0), trained_on)


def test_after_folds_an_ensemble_is_of_models_of_all_rows():
    search = tune({"learning_rate": (1e-3, 1e-1, "log")}, trials=3, cv=2)
    answers = search.ensemble(2).predict_members(X)
    np.testing.assert_allclose(answers[0], search.best_model.predict(X, verbose=0), atol=1e-6)


def test_an_ensemble_needs_trials_that_can_answer_together():
    def pair(learning_rate):
        entry = layers.Input((3,))
        ends = [layers.Dense(1, name=name)(entry) for name in ("one", "other")]
        model = pellucid.Model(entry, ends)
        model.compile(pellucid.optimizers.SGD(learning_rate), ["mse", "mse"])
        return model

    space = {"learning_rate": (0.01, 0.1)}
    search = tune(space, trials=3, epochs=1)
    assert len(search.ensemble()) == 3
    assert len(search.ensemble(np.int64(2))) == 2
    for size in (1, 4, 2.0, True):
        with pytest.raises(ArgumentError) as problem:
            search.ensemble(size)
        assert str(problem.value) == (
            f"search.ensemble(size=...): got {size!r}, expected a whole number from 2 to 3, the "
            "trials that have a score."
        )
    with pytest.raises(ArgumentError) as problem:
        tune(space, trials=1, epochs=1).ensemble()
    assert str(problem.value) == (
        "search.ensemble: got 1 trial with a score, expected at least two."
    )
    both = pellucid.tune(pair, space, X, [Y, Y], trials=2, epochs=1, verbose=0)
    with pytest.raises(ArgumentError) as problem:
        both.ensemble(2)
    assert str(problem.value) == (
        "search.ensemble: got models of 2 outputs, expected models of one output."
    )
    model = pellucid.Sequential([layers.Input((3,)), layers.Dense(1, "sigmoid")])
    model.compile("sgd", "mse", metrics=["accuracy"])
    losses = {"loss": ["mse", "binary_crossentropy"]}
    mixed = tune(losses, model, sampler="grid", epochs=1, metric="val_accuracy")
    with pytest.raises(ArgumentError) as problem:
        mixed.ensemble(2)
    assert str(problem.value) == (
        "search.ensemble: got models of different losses, BinaryCrossentropy, MeanSquaredError, "
        "expected models of one loss. Take one loss in the space: outputs that mean different "
        "things have no mean."
    )


def test_an_ensemble_takes_no_mean_of_logits():
    def of_logits(logits):
        end = layers.Dense(1, None if logits else "sigmoid")
        model = pellucid.Sequential([layers.Input((3,)), end], name="told")
        loss = pellucid.losses.BinaryCrossentropy(from_logits=logits)
        model.compile(pellucid.optimizers.SGD(0.1), loss)
        return model

    for seed in range(2):
        search = tune({"logits": [True, False]}, of_logits, sampler="grid", seed=seed)
        with pytest.raises(ArgumentError) as problem:
            search.ensemble(2)
        assert str(problem.value) == (
            "search.ensemble: got 'told', whose outputs are logits, expected members that end in "
            'sigmoid: the mean is one of probabilities. End it in activation="sigmoid", and '
            "compile without from_logits=True."
        )


def test_trials_that_halving_let_go_of_join_an_ensemble_last():
    search = tune(trials=9, epochs=9, halving="successive")
    ended = [one for one in search.ranked if one.state == "complete"]
    assert len(ended) == 1
    assert len(search.ensemble()) == 2
    members = search.ensemble(3).predict_members(X)
    others = [one for one in search.ranked if one.state == "freed"]
    for answers, trial in zip(members, [*ended, *others], strict=False):
        model, _ = alone(trial, patience=9, epochs=trial.epochs)
        np.testing.assert_allclose(answers, model.predict(X, verbose=0), rtol=1e-4, atol=1e-6)


def test_what_is_done_to_a_model_later_does_not_change_its_search():
    model = build()
    options = {"trials": 9, "epochs": 1, "seed": 5}
    search = tune({"learning_rate": (1e-3, 1e-1, "log")}, model, **options)
    code, answers = search.code, search.refit(all_rows=False).predict(X, verbose=0)
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.layers[0].trainable = False
    search.best_model.compile("rmsprop", "mse")
    assert search.code == code
    again = search.refit(all_rows=False)
    np.testing.assert_array_equal(again.predict(X, verbose=0), answers)
    ensemble = search.ensemble(9)
    np.testing.assert_allclose(ensemble.predict_members(X)[0], answers, rtol=1e-4, atol=1e-6)
    loss = ensemble.model.compiled.losses[0]
    assert isinstance(loss, pellucid.losses.SparseCategoricalCrossentropy)


@pytest.mark.parametrize("mean", ["SWA", "use_ema"])
def test_scores_are_of_the_weights_with_which_a_trial_ends(mean):
    def averaged(learning_rate):
        members = [layers.Dense(6, "relu"), layers.BatchNormalization(), layers.Dense(1)]
        model = pellucid.Sequential([layers.Input((3,)), *members])
        ema = {"use_ema": True, "ema_momentum": 0.9} if mean == "use_ema" else {}
        model.compile(pellucid.optimizers.Adam(learning_rate, **ema), "mse", metrics=["mae"])
        return model

    calls = [pellucid.callbacks.SWA(start=1)] if mean == "SWA" else []
    space = {"learning_rate": (1e-2, 1e-1, "log")}
    for judged in ({}, {"validation_data": (X[:20], Y[:20])}):
        search = tune(space, averaged, trials=2, callbacks=calls, **judged)
        x, y = judged.get("validation_data", (X[48:], Y[48:]))
        found = search.best_model.evaluate(x, y, verbose=0, return_dict=True)
        assert search.best.score == pytest.approx(found["loss"], rel=1e-5)
        assert search.best.metrics["val_mae"] == pytest.approx(found["mae"], rel=1e-5)


HELD_X, HELD_Y = -X[:12], Y[:12]


@pytest.mark.parametrize("held", [None, (HELD_X, HELD_Y), (HELD_X, HELD_Y, np.full(12, 2.0))])
def test_all_rows_train_the_winner_for_as_many_epochs_as_were_best(held):
    search = tune(trials=4, validation_data=held)
    model = search.refit()
    epochs = search.best.kept[0]
    expected = renewed(build(**search.best.parameters), 5 + search.best.number)
    x, y = (X, Y) if held is None else (np.concatenate([X, HELD_X]), np.concatenate([Y, HELD_Y]))
    weight = None if held is None or len(held) == 2 else np.repeat([1.0, 2.0], [60, 12])
    expected.fit(x, y, sample_weight=weight, verbose=0, epochs=epochs, batch_size=8)
    assert_same_weights(model, expected)


def test_nested_scores_are_of_models_of_all_rows_but_the_fold_and_of_those_held_out():
    options = {"trials": 2, "seed": 5, "validation_data": (HELD_X, HELD_Y), "verbose": 0, **FIT}
    search = pellucid.tune(build, SPACE, X, Y, nested=2, **options)
    folds = folds_of(2, 1, Rows(60, Y), 5, "tune")
    for fold, score in zip(folds, search.nested.scores, strict=True):
        model = pellucid.tune(build, SPACE, X[fold.train], Y[fold.train], **options).refit()
        found = model.evaluate(X[fold.test], Y[fold.test], verbose=0, return_dict=True)
        assert score == pytest.approx(found["loss"], rel=1e-4)


def test_folds_judge_by_their_mean():
    search = tune(trials=2, cv=3)
    pairs = search._task.validation.parts
    assert sorted(np.concatenate([one.validation for one in pairs])) == list(range(60))
    trial = search.trials[0]
    scores = []
    for part in pairs:
        model = renewed(build(**trial.parameters), 5)
        held = X[part.validation], Y[part.validation]
        history = model.fit(X[part.train], Y[part.train], validation_data=held, verbose=0, **FIT)
        scores.append(min(history.history["val_loss"]))
    np.testing.assert_allclose(trial.scores, scores, rtol=2e-5)
    assert trial.score == pytest.approx(np.mean(scores), rel=2e-5)
    assert trial.trained == 12


def test_on_permuted_labels_the_nested_score_is_chance():
    labels = np.random.default_rng(8).permutation(np.arange(60) % 2)
    options = {"trials": 4, "verbose": 0, "seed": 5, "metric": "val_accuracy", **FIT}
    space = {"learning_rate": (1e-3, 1e-1, "log")}
    search = pellucid.tune(build, space, X, labels, nested=2, **options)
    found = search.nested
    # 60 answers by chance lie within three standard deviations of a half.
    assert abs(found.mean - 0.5) < 3 * np.sqrt(0.25 / 60)
    assert str(found) in str(search)
    folds = folds_of(2, 1, Rows(60, labels), 5, "tune")
    for fold, score, parameters in zip(folds, found.scores, found.parameters, strict=True):
        rows, held = fold.train, fold.test
        by_hand = pellucid.tune(build, space, X[rows], labels[rows], **options)
        assert by_hand.best.parameters == parameters
        model = by_hand.refit()
        expected = model.evaluate(X[held], labels[held], verbose=0, return_dict=True)["accuracy"]
        assert score == pytest.approx(expected, abs=1e-6)
    # The last fold's model is still at hand: its loss is reported beside the score.
    loss = model.evaluate(X[held], labels[held], verbose=0, return_dict=True)["loss"]
    assert found.reported["loss"][-1] == pytest.approx(loss, rel=2e-5)
    assert str(found).startswith(f"Nested: accuracy {found.mean:.4f} ± {found.sd:.4g}, loss ")
    assert search.to_dict()["nested"]["reported"] == {"loss": list(found.reported["loss"])}


def test_a_nested_score_that_is_not_finite_can_be_written():
    found = NestedScore("loss", (0.5, float("nan")), ({}, {}))
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["scores"] == [0.5, "NaN"]


def test_halving_lets_go_of_all_but_the_best_of_each_rung():
    space = {"learning_rate": (1e-3, 1e-1, "log")}
    search = tune(space, trials=9, halving=Halving(factor=3, first=1), epochs=9)
    epochs = [one.epochs for one in search.trials]
    assert sorted(epochs) == [1] * 6 + [3] * 2 + [9]
    firsts = [alone(one, epochs=1)[1].history["val_loss"][0] for one in search.trials]
    staying = np.argsort(firsts)[:3]
    assert sorted(np.flatnonzero(np.array(epochs) > 1)) == sorted(staying)
    assert [one.state for one in search.trials].count("freed") == 8


def test_hyperband_begins_at_all_rungs_in_turn():
    space = {"learning_rate": (1e-3, 1e-1, "log")}
    search = tune(space, trials=13, halving="hyperband", epochs=9, at_once=9)
    assert [one.epochs for one in search.trials[9:]].count(9) >= 1
    assert min(one.epochs for one in search.trials[9:]) == 3


def test_hyperband_goes_through_all_its_kinds_of_rounds():
    search = tune({"learning_rate": (1e-3, 1e-1, "log")}, trials=17, halving="hyperband", epochs=9)
    # 17 trials are one turn of Li et al. (2018) with R = 9: 10 of at first 1 epoch, 5 of 3, 2 of 9.
    epochs = [one.epochs for one in search.trials]
    assert [min(epochs[:10]), min(epochs[10:15]), min(epochs[15:])] == [1, 3, 9]
    successive = tune({"learning_rate": [0.01]}, trials=17, halving="successive", epochs=9)
    assert sorted(one.epochs for one in successive.trials) == [1] * 12 + [3] * 4 + [9]


def test_a_budget_of_epochs_ends_the_search():
    space = {"learning_rate": (1e-3, 1e-1, "log")}
    search = tune(space, total_epochs=20, at_once=2)
    assert sum(one.trained for one in search.trials) == 20
    assert len(search.trials) == 5


def test_numbers_of_numpy_are_numbers(tmp_path):
    space = {"learning_rate": (1e-3, 1e-1, "log")}
    whole = {"trials": 3, "epochs": 2, "batch_size": 16, "at_once": 2, "total_epochs": 6}
    told = tune(space, **{name: np.int64(one) for name, one in whole.items()})
    assert told.columns()["val_loss"] == tune(space, **whole).columns()["val_loss"]
    told.to_json(tmp_path / "search.json")


@pytest.mark.parametrize(("epochs", "trials"), [(2, 3), (3, 2)])
def test_no_trial_begins_for_which_the_epochs_that_are_left_do_not_suffice(epochs, trials):
    search = tune({"learning_rate": (1e-3, 1e-1, "log")}, total_epochs=7, epochs=epochs)
    assert [one.epochs for one in search.trials] == [epochs] * trials


def test_a_budget_of_epochs_holds_where_their_number_is_a_parameter():
    search = tune({"epochs": [1, 3]}, total_epochs=4, epochs=2, sampler="grid")
    assert sum(one.trained for one in search.trials) <= 4


def test_a_grid_needs_no_budget():
    search = tune({"learning_rate": [0.01, 0.1], "dropout": [0.1, 0.2, 0.3]}, sampler="grid")
    tried = [tuple(one.parameters.values()) for one in search.trials]
    assert sorted(tried) == [(rate, drop) for rate in (0.01, 0.1) for drop in (0.1, 0.2, 0.3)]
    assert "of the grid's" not in str(search)


def test_a_few_of_a_grid_lie_spread_over_it():
    space = Space({"rate": (0.0, 1.0), "drop": (0.0, 1.0)}, "space")
    grid = Grid(0)
    every = [tuple(one.values.values()) for one in grid.propose(space, Round(0, 0, 25), (), 1.0)]
    assert len(set(every)) == 25
    assert {rate for rate, _ in every[:6]} == {drop for _, drop in every[:6]} == set(FIFTHS)
    later = grid.propose(space, Round(1, 20, 5), (), 1.0)
    assert [tuple(one.values.values()) for one in later] == every[20:]


def test_a_grid_that_is_not_made_as_a_whole_says_so():
    search = tune({"learning_rate": [0.01, 0.1, 0.2]}, sampler="grid", trials=2)
    assert "2 trials of the grid's 3 in " in str(search)


def test_an_optimizer_and_a_loss_are_choices():
    model = pellucid.Sequential([pellucid.Input((2,)), layers.Dense(1)], seed=3)
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    space = {"optimizer": ["adam", pellucid.optimizers.SGD(0.1)], "loss": ["mae", "mse"]}
    with pytest.warns(PellucidWarning, match="a space of several losses"):
        search = pellucid.tune(model, space, x, x[:, 0], sampler="grid", epochs=2, verbose=0)
    assert len(search.trials) == 4
    for trial in search.trials:
        parts = [pellucid.Input((2,)), layers.Dense(1)]
        alone = pellucid.Sequential(parts, seed=3 + trial.number)
        alone.compile(trial.parameters["optimizer"], trial.parameters["loss"])
        history = alone.fit(x, x[:, 0], epochs=2, validation_split=0.2, verbose=0)
        assert trial.score == pytest.approx(min(history.history["val_loss"]), rel=1e-5)


def test_marks_beside_a_space_keep_their_defaults_and_that_is_told(capsys):
    mark = pellucid.Tunable(0.1, 0.0, 0.5)
    model = pellucid.Sequential([pellucid.Input((2,)), layers.Dropout(mark), layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.ones((10, 2), np.float32)
    space = {"learning_rate": [0.1], "epochs": [1]}
    search = pellucid.tune(model, space, x, x[:, 0], trials=1, epochs=1, verbose=1)
    assert capsys.readouterr().out.startswith(
        "search: the space says what is tried; the model's marks keep their defaults: dropout.rate"
    )
    assert search.table().splitlines()[0].split()[-3:] == ["epochs", "trained", "state"]
    columns = search.columns()
    assert (columns["epochs"], columns["epochs trained"]) == ([1], [1])


def test_a_seeded_search_with_a_learning_sampler_is_the_same_again():
    space = {"learning_rate": (1e-3, 1e-1, "log"), "dropout": (0.1, 0.5)}
    options = {"trials": 12, "sampler": "tpe", "at_once": 4, "asking_share": 1}
    one, same = (tune(space, **options) for _ in range(2))
    assert [trial.proposed_by for trial in one.trials] == ["random"] * 4 + ["tpe"] * 8
    assert [t.parameters for t in one.trials] == [t.parameters for t in same.trials]
    assert [t.score for t in one.trials] == [t.score for t in same.trials]


def test_asking_is_kept_to_its_share_of_the_time():
    space = {"learning_rate": (1e-3, 1e-1, "log")}
    search = tune(space, trials=8, sampler="tpe", at_once=4, asking_share=1e-9)
    assert {one.proposed_by for one in search.trials} == {"random"}


def test_a_sampler_of_optuna_may_be_given():
    import optuna

    sampler = optuna.samplers.RandomSampler(seed=1)
    space = {"learning_rate": (1e-3, 1e-1, "log"), "width": [4, 6]}
    search = tune(space, trials=4, sampler=sampler, at_once=2, asking_share=1)
    assert search.trials[3].proposed_by == "RandomSampler"


def test_one_that_is_not_finite_fails_and_the_others_go_on():
    search = tune({"learning_rate": [0.01, 1e30]}, sampler="grid")
    assert [one.state for one in search.trials] == ["complete", "failed"]
    assert search.best.number == 0
    assert search.ranked[-1].score is None
    assert "1 failed" in str(search)


def test_marks_in_a_model_are_its_space():
    model = pellucid.Sequential(
        [
            layers.Input((3,)),
            layers.Dense(Tunable(4, options=[4, 6]), "relu", name="hidden"),
            layers.Dropout(Tunable(0.2, 0.1, 0.5), name="drop"),
            layers.Dense(2, "softmax"),
        ]
    )
    adam = pellucid.optimizers.Adam(Tunable(0.01, 1e-3, 1e-1, log=True))
    model.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
    search = tune(None, model, trials=2)
    assert search._task.space.to_dict() == {
        "learning_rate": {"low": 1e-3, "high": 1e-1, "log": True, "step": None},
        "hidden.units": {"options": [4, 6]},
        "drop.rate": {"low": 0.1, "high": 0.5, "log": False, "step": None},
    }
    assert search.best_model.get_layer("hidden").units == search.best.parameters["hidden.units"]


def test_a_model_without_marks_proposes_a_space():
    search = tune(None, build(), trials=1)
    assert list(search.best.parameters) == [
        "learning_rate",
        "Dense.kernel_regularizer.l2",
        "Dropout.rate",
        "width_factor",
    ]


def test_a_search_can_be_read_by_other_programs(tmp_path):
    search = tune(trials=4)
    read = json.loads(search.to_json(tmp_path / "search.json").read_text())
    assert read["best"] == search.best.number
    assert [one["score"] for one in read["trials"]] == [one.score for one in search.trials]
    assert search.columns()["width"] == [one.parameters["width"] for one in search.trials]
    assert str(search).splitlines()[2].split()[0] == str(search.best.number)


def test_pictures_of_a_search(tmp_path):
    search = tune(trials=8)
    figure = search.parallel_coordinates(tmp_path / "parallel.png")
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) == 3]
    assert len(lines) == 8
    best = search.best.parameters
    places = [
        np.log10(best["learning_rate"] / 1e-3) / 2,
        (best["dropout"] - 0.1) / 0.4,
        (best["width"] - 4) / 2,
    ]
    np.testing.assert_allclose(lines[-1].get_ydata(), places, atol=1e-6)
    search.contour("learning_rate", "dropout", tmp_path / "contour.svg")
    search.contour("learning_rate", "width")
    with pytest.raises(ArgumentError) as told:
        search.contour("learning_rat", "width")
    assert str(told.value) == (
        "search.contour: got 'learning_rat', expected a parameter of the search. "
        "Did you mean 'learning_rate'?"
    )
    with pytest.raises(ArgumentError) as told:
        search.contour("width", "width")
    assert str(told.value) == (
        "search.contour: got 'width' twice, expected two different parameters."
    )


def test_an_error_of_the_build_function_tells_the_values():
    def broken(learning_rate, width):
        return 1 / (width - 4)

    with pytest.raises(ZeroDivisionError) as told:
        tune({"learning_rate": [0.1], "width": [4]}, broken, trials=1)
    assert told.value.__notes__ == ["tune: raised by broken(learning_rate=0.1, width=4)."]


MESSAGES = [
    (
        SPACE,
        {},
        "tune: got no budget, expected trials, seconds or total_epochs. For example trials=50.",
    ),
    (
        {"widht": [4]},
        {"trials": 1},
        "tune: parameter: got 'widht', expected the name of a parameter. Did you mean 'width'?",
    ),
    (
        SPACE,
        {"trials": 1, "metric": "val_acuracy"},
        "tune(metric=...): got 'val_acuracy', expected one of loss, accuracy, val_loss, "
        "val_accuracy, which the model reports. Did you mean 'val_accuracy'?",
    ),
    (
        SPACE,
        {"trials": 1, "metric": "val_roc_auc"},
        "tune(metric=...): got 'val_roc_auc', expected one of loss, accuracy, val_loss, "
        "val_accuracy, which the model reports. Compile the model with metrics=['auc']; the score "
        "is then called 'val_auc'.",
    ),
    (
        SPACE,
        {"trials": 0},
        "tune(trials=...): got 0, expected a whole number of at least 1.",
    ),
    (
        SPACE,
        {"trials": 1, "sampler": "sobel"},
        "tune(sampler=...): got 'sobel', expected 'adaptive', 'random', 'sobol', 'grid', 'tpe', "
        "'cma-es' or a sampler of Optuna. Did you mean 'sobol'?",
    ),
    (
        SPACE,
        {"trials": 1, "sampler": "BayesianOptimization"},
        "tune(sampler=...): got 'BayesianOptimization', expected 'adaptive', 'random', 'sobol', "
        "'grid', 'tpe', 'cma-es' or a sampler of Optuna. Search by a model of earlier scores is "
        "called 'adaptive' or 'tpe' here.",
    ),
    (
        SPACE,
        {"trials": 1, "sampler": "hyperband"},
        "tune(sampler=...): got 'hyperband', expected 'adaptive', 'random', 'sobol', 'grid', "
        "'tpe', 'cma-es' or a sampler of Optuna. Hyperband goes with any sampler: "
        "halving='hyperband'.",
    ),
    (
        SPACE,
        {"trials": 1, "mode": "lowest"},
        "tune(mode=...): got 'lowest', expected 'auto', 'min' or 'max'.",
    ),
    (
        SPACE,
        {"trials": 1, "halving": "hyperbnd"},
        "tune(halving=...): got 'hyperbnd', expected 'successive', 'hyperband', a Halving or None. "
        "Did you mean 'hyperband'?",
    ),
    (
        SPACE,
        {"trials": 1, "cv": 61},
        "tune(cv=...): got 61 folds of 60 rows, expected no more folds than rows. "
        "Give at least 61 rows, or write cv=29.",
    ),
    (
        SPACE,
        {"trials": 1, "validation_split": 0},
        "tune(validation_split=...): got 0, expected rows to be judged by. "
        "Give validation_split=0.2, validation_data=(x, y) or cv=5.",
    ),
    (
        {"dropout": (0.5, 1.2), "width": [4, 0], "batch_size": [8, 0]},
        {"trials": 1},
        "3 problems:\n"
        "  1. tune(space=...): 'dropout' 1.2: Dropout(rate=...): got 1.2, expected a number at "
        "least 0 and below 1 (the share of values that is dropped).\n"
        "  2. tune(space=...): 'width' 0: Dense(units=...): got 0, expected a whole number at "
        "least 1 (the number of outputs).\n"
        "  3. tune(space=...): 'batch_size' 0: fit(batch_size=...): got 0, expected a whole number "
        "of at least 1 (the number of rows in a step).",
    ),
    (
        {"width": [0]},
        {"trials": 1},
        "Dense(units=...): got 0, expected a whole number at least 1 (the number of outputs).",
    ),
    (
        {"width": [-1, 0]},
        {"trials": 1},
        "tune(space=...): {'width': 0}: Dense(units=...): got 0, expected a whole number at least "
        "1 (the number of outputs).",
    ),
    (
        SPACE,
        {"trials": 1, "epochs": 0, "batch_size": 2.5, "metric": 3},
        "3 problems:\n"
        "  1. tune(metric=...): got 3, expected a name such as 'val_loss'.\n"
        "  2. tune(epochs=...): got 0, expected a whole number of at least 1.\n"
        "  3. tune(batch_size=...): got 2.5, expected a whole number of at least 1.",
    ),
    (
        SPACE,
        {"trials": 1, "groups": [0] * 60},
        "tune(groups=...): got groups without cv, expected folds to keep them in. "
        "Write cv=5, or leave groups out.",
    ),
    (
        SPACE,
        {"trials": 1, "groups": [0] * 60, "cv": 2},
        "tune(cv=...): got 2 folds of 1 group, expected no more folds than groups. "
        "Give at least 2 groups.",
    ),
    (
        SPACE,
        {"n_trials": 1},
        "tune: got the unknown argument 'n_trials', expected one of its own arguments. "
        "It is called 'trials' here.",
    ),
    (
        SPACE,
        {"trials": 1, "validation_split": 1.5},
        "tune(validation_split=...): got 1.5, expected a number from 0 to below 1 (the share of "
        "the rows, taken from the end). For a fifth write validation_split=0.2.",
    ),
    (
        SPACE,
        {"trials": 1, "metric": "accuracy"},
        "tune(metric=...): got 'accuracy', a score of the rows that are trained on, expected a "
        "score of rows that judge. Did you mean 'val_accuracy'?",
    ),
    (
        SPACE,
        {"total_epochs": 7, "cv": 2},
        "tune(total_epochs=...): got 7, expected at least 8, which one trial takes. "
        "Give more, or fewer epochs: epochs=4 now.",
    ),
]


@pytest.mark.parametrize(("space", "options", "told"), MESSAGES)
def test_what_cannot_be_searched_is_told(space, options, told):
    with pytest.raises(ArgumentError) as error:
        tune(space, **options)
    assert str(error.value) == told


def test_a_search_in_which_nothing_is_finite_says_so():
    with pytest.raises(NonFiniteError) as told:
        tune({"learning_rate": [1e30, 1e31]}, trials=2)
    assert str(told.value) == (
        "tune: got a loss that is not finite in all 2 trials, expected at least one that trains. "
        "Lower the learning rates of the space, or look at the data: model.check(x, y)."
    )


def test_trials_that_time_cuts_off_before_a_decision_have_not_lost_it(monkeypatch):
    train = Cohort.train

    def late(cohort, until=None, deadline=None, *more):
        if deadline is not None:
            time.sleep(max(0.0, deadline - time.perf_counter()))
        train(cohort, until, deadline, *more)

    monkeypatch.setattr(Cohort, "train", late)
    search = tune(seconds=0.1, halving="successive")
    assert [(one.state, one.epochs) for one in search.trials] == [("cut off", 1)]


@pytest.mark.parametrize("options", [{}, {"cv": 2}, {"halving": "successive"}])
def test_one_trial_ends_its_first_epoch_however_short_the_time(options):
    search = tune({"learning_rate": (1e-3, 1e-1, "log")}, seconds=1e-9, **options)
    (trial,) = search.trials
    assert (trial.state, trial.epochs) == ("cut off", 1)
    assert trial.score == search.best.score
    assert "; 1 cut off. val_loss" in str(search)
    assert "failed" not in str(search)


def slow_to_compile(monkeypatch):
    """Have every program after the first of a search look as if it took longer than there is."""
    slow = property(lambda cohort: 1000.0 * any(one.begun for one in cohort.trainees))
    monkeypatch.setattr(Cohort, "longest_compile", slow)


def test_what_is_compiled_goes_on_where_a_new_program_would_be_late(monkeypatch, capsys):
    slow_to_compile(monkeypatch)
    space = {"dropout": [0.1, 0.2], "batch_size": [15, 17]}
    search = tune(space, sampler="grid", at_once=1, seconds=600, verbose=1)
    assert [(one.number, one.parameters["batch_size"]) for one in search.trials] == [
        (0, 15),
        (2, 15),
    ]
    assert {one.state for one in search.trials} == {"complete"}
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_search_ends_where_no_program_would_be_ready_in_time(monkeypatch):
    slow_to_compile(monkeypatch)
    monkeypatch.setattr(searching, "MOST_LEFT_OUT", 3)
    made = []

    class Counted(Cohort):
        def __init__(self, candidates):
            made.append(len(candidates))
            super().__init__(candidates)

    monkeypatch.setattr(searching, "Cohort", Counted)
    search = tune({"batch_size": [15, *range(20, 40)]}, sampler="grid", at_once=1, seconds=600)
    assert len(search.trials) == 1
    assert made == [1, 1, 1, 1]


def test_who_was_not_begun_has_not_lost_to_anyone(monkeypatch):
    options = {"sampler": "grid", "halving": Halving(factor=3, first=1), "epochs": 9}
    rates = [0.003, 0.01, 0.03]
    tune({"batch_size": [15], "learning_rate": rates}, **options)
    monkeypatch.setattr(Cohort, "longest_compile", 1000.0)
    space = {"learning_rate": rates, "batch_size": [15, 19]}
    search = tune(space, at_once=6, seconds=600, **options)
    assert [one.number for one in search.trials] == [0, 2, 4]
    assert sorted(one.epochs for one in search.trials) == [1, 1, 9]


SORTED = "Shuffle the rows first, or write cv=5, which gives each fold its share of each class."


def test_rows_sorted_by_class_are_told():
    with pytest.warns(PellucidWarning) as told:
        pellucid.tune(build, SPACE, X, np.sort(Y), trials=1, verbose=0, **FIT)
    assert [str(one.message) for one in told] == [
        "tune(validation_split=...): got no row of class 0 among the last 12, which judge, "
        f"expected each class on both sides. {SORTED}"
    ]
    with pytest.warns(PellucidWarning) as told:
        check_sorted(np.repeat([0, 1, 2], [20, 30, 40]), 50, "tune")
    assert [str(one.message) for one in told] == [
        "tune(validation_split=...): got no row of classes 0, 1 among the last 40, which judge, "
        f"expected each class on both sides. {SORTED}",
        "tune(validation_split=...): got no row of class 2 among the first 50, which are trained "
        f"on, expected each class on both sides. {SORTED}",
    ]
    check_sorted(np.r_[np.arange(80) % 2, np.full(4, 2), np.arange(20) % 2], 84, "tune")
    with pytest.raises(DataError) as error:
        check_sorted(np.repeat([0, 1], [50, 10]), 48, "tune")
    assert str(error.value) == (
        "tune(validation_split=...): got training rows of class 0 alone, expected at least two "
        f"classes. {SORTED}"
    )


def test_rows_that_come_batch_by_batch_are_refused():
    with pytest.raises(ArgumentError) as told:
        pellucid.tune(build, SPACE, iter([(X, Y)]), trials=1)
    assert str(told.value) == (
        "tune(x=...): got a list_iterator, which makes batches one by one, expected rows in "
        "memory, to choose from. Join its batches first: np.concatenate([...])."
    )


def test_where_time_ends_a_search_rounds_begin_small_and_double(monkeypatch, capsys):
    monkeypatch.setattr(course, "get_cores", lambda: 2)
    monkeypatch.setattr(course, "computed_together", lambda: False)
    space = {"learning_rate": (1e-3, 1e-1, "log")}
    search = tune(space, trials=11, seconds=600, verbose=1, epochs=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == ["2", "6", "11"]
    assert [one.number for one in search.trials] == list(range(11))


def test_rows_are_needed():
    with pytest.raises(ArgumentError) as told:
        pellucid.tune(build, SPACE, trials=1)
    assert str(told.value) == (
        "tune: got no x and no y, expected rows and their labels. "
        "Write tune(model, space, x, y, ...) or tune(model, x=x, y=y, ...)."
    )


def test_a_missing_extra_names_its_install_line(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "cmaes", None)
    with pytest.raises(ImportError) as told:
        tune(trials=1, sampler="cma-es")
    assert str(told.value) == (
        "tune(sampler='cma-es'): got no module 'cmaes', expected it to be installed. "
        "Install it with: pip install 'pellucid[tune]'"
    )


def picky(width):
    if width in (8, 9):
        raise ValueError("no such width")
    return build(width=width)


def test_values_of_which_nothing_can_be_made_fail_and_the_others_go_on():
    space = {"width": (4, 10)}
    with pytest.warns(PellucidWarning) as told:
        search = tune(space, picky, trials=12, at_once=4, sampler="random")
    failed = [one for one in search.trials if one.parameters["width"] in (8, 9)]
    assert [one.state for one in failed] == ["failed"] * len(failed)
    assert 0 < len(failed) < 12 == len(search.trials)
    assert [one.number for one in search.trials] == [*range(12)]
    first = failed[0]
    assert [str(one.message) for one in told] == [
        f"tune: {len(failed)} trials failed, as nothing can be trained with such values: trial "
        f"{first.number} with width={first.parameters['width']}: ValueError: no such width. Leave "
        "them out of the space, or let the function take them."
    ]
    assert told[0].filename == __file__
    others = tune(space, trials=12, at_once=4, sampler="random")
    for one, other in zip(search.trials, others.trials, strict=True):
        assert one.parameters == other.parameters
        assert one in failed or one.score == pytest.approx(other.score, rel=2e-5)


def test_values_that_no_trial_can_take_are_refused_with_the_first_of_them():
    with pytest.raises(ArgumentError) as told:
        tune({"width": (4.0, 6.0)}, trials=3, sampler="random")
    assert str(told.value).startswith("tune: trial 0 with width=")
    assert ": Dense(units=...): got " in str(told.value)


def test_losses_that_are_judged_by_themselves_are_warned_of():
    model = pellucid.Sequential([layers.Input((3,)), layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    space = {"loss": ["mse", "mae"]}
    with pytest.warns(PellucidWarning) as told:
        tune(space, model, trials=2)
    assert [str(one.message) for one in told] == [
        "tune(metric=...): got 'val_loss' and a space of several losses, which are measured "
        "differently, expected a score that means the same for all. Compile the model with "
        "metrics=['accuracy'] or ['mae'], say, and write metric='val_accuracy' or 'val_mae'."
    ]
    tune(space, model, trials=2, metric="val_mae")
    tune({"loss": ["mae"]}, model, trials=2)
