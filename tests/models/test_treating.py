"""`treat` finds the known cure of a sick run, and says so when there is none."""

import json
import re

import numpy as np
import pytest
from sklearn.datasets import make_moons

import pellucid
from pellucid.callbacks import LambdaCallback
from pellucid.errors import ArgumentError, DataError, NonFiniteError, ShapeError
from pellucid.insight.findings import Diagnosis, Finding
from pellucid.insight.remedies import (
    AddDropout,
    DropColumns,
    DropLeak,
    DropOverlap,
    EndEarlier,
    FillMissing,
    FixLabels,
    FixOutput,
    MoreEpochs,
    ReplaceActivation,
    ScaleInputs,
    ScaleLearningRate,
    ScaleTargets,
    SetLearningRate,
    UseOptimizer,
    Widen,
)
from pellucid.layers import Dense, Flatten, Input
from pellucid.models.treatment import Scores, judged, stands_apart
from pellucid.optimizers import SGD, Adam

RNG = np.random.default_rng(11)
X = RNG.normal(size=(240, 4)).astype(np.float32)
CLASSES = (X[:, 0] + X[:, 1] * X[:, 2] > 0).astype(np.int32)
NUMBERS = (X @ np.array([1.0, -2.0, 0.5, 0.0])).astype(np.float32)


def make(optimizer, *inner, out=1, end="sigmoid", loss="binary_crossentropy"):
    layers = [Input((4,)), *(inner or [Dense(8, "relu")]), Dense(out, end)]
    model = pellucid.Sequential(layers, seed=3)
    model.compile(optimizer, loss)
    return model


def fit(model, x=X, y=CLASSES, epochs=12, split=0.25, **options):
    model.fit(x, y, epochs=epochs, batch_size=16, validation_split=split, verbose=0, **options)
    return model


def test_a_learning_rate_ten_times_too_high_is_lowered():
    model = fit(make(Adam(3.0)))
    treatment = model.treat(remedies=[AddDropout(0.2), ScaleLearningRate(0.01)], pairs=False)
    assert treatment.best.label == "scale-learning-rate(0.01)"
    assert treatment.metric == "val_accuracy"
    assert treatment.model.optimizer.learning_rate == pytest.approx(0.03)
    positive = treatment.model.predict(X[180:], verbose=0)[:, 0] > 0.5
    share = float((positive == CLASSES[180:]).mean())
    assert share == pytest.approx(treatment.best.after.values[0])
    assert list(treatment.model.history.history) == ["loss", "val_loss"]


def test_inputs_of_unlike_sizes_are_scaled():
    wide = X * np.array([1, 1000, 0.001, 5], np.float32) + np.array([0, 5000, 0, 0], np.float32)
    treatment = fit(make("adam"), wide, epochs=30).treat(
        remedies=[ScaleInputs(), MoreEpochs(1.5)], pairs=False
    )
    assert treatment.best.remedies == ("scale-inputs",)
    assert "+        pellucid.layers.Normalization(mean=" in treatment.diff


def test_a_deep_network_of_sigmoids_learns_with_another_activation():
    deep = [Dense(8, "sigmoid") for _ in range(6)]
    model = fit(make(SGD(0.1), *deep), y=(X[:, 0] > 0).astype(np.int32), epochs=24)
    treatment = model.treat(remedies=[ReplaceActivation("sigmoid", "relu")])
    assert treatment.cured
    hidden = treatment.model.layers[0]
    assert (hidden.activation.__name__, type(hidden.kernel_initializer).__name__) == (
        "relu",
        "HeNormal",
    )


def test_a_softmax_over_one_unit_is_mended_though_the_run_was_refused():
    model = make("adam", out=1, end="softmax")
    with pytest.raises(DataError):
        fit(model)
    treatment = model.treat(remedies=[FixOutput("sigmoid")], seeds=2)
    assert treatment.best.remedies == ("fix-output",)
    assert treatment.best.before.sd == 0
    told = "The run as it was fails: it scores as the best constant answer."
    assert told in treatment.notes
    assert treatment.best.before.mean == pytest.approx(1 - CLASSES[:180].mean())


def test_targets_of_another_size_are_learned_standardised():
    model = make(Adam(0.01), end=None, loss="mse")
    treatment = fit(model, y=NUMBERS * 100 + 1000).treat(remedies=[ScaleTargets()])
    assert treatment.best.remedies == ("scale-targets",)
    assert treatment.metric == "val_mse"
    assert not treatment.higher
    predicted = treatment.model.predict(X[180:], verbose=0)[:, 0]
    error = float(((predicted - (NUMBERS[180:] * 100 + 1000)) ** 2).mean())
    assert error == pytest.approx(treatment.best.after.values[0], rel=1e-4)


def test_holes_are_filled_though_the_run_never_began():
    holey = np.where(np.arange(960).reshape(240, 4) % 7 == 0, np.nan, X)
    model = make(Adam(0.02))
    with pytest.raises(DataError):
        fit(model, holey)
    treatment = model.treat(remedies=[FillMissing()], seeds=2)
    assert treatment.cured
    assert "# Put the column's median" in treatment.code


def test_a_run_that_was_not_finite_is_treated():
    model = make(SGD(1e20), end=None, loss="mse")
    with pytest.raises(NonFiniteError):
        fit(model, y=NUMBERS)
    treatment = model.treat(remedies=[UseOptimizer("adam")], seeds=2)
    assert treatment.cured


def test_nothing_beats_a_healthy_run_and_that_is_said():
    model = fit(make(Adam(0.03)), epochs=20)
    treatment = model.treat(remedies=[ScaleLearningRate(0.3), ScaleLearningRate(1e-4)])
    assert not treatment.cured
    assert (treatment.best, treatment.model, treatment.diff) == (None, None, "")
    assert "Nothing beat the run as it was by more than its spread over seeds." in str(treatment)
    assert len(treatment.table) == 2


def test_the_same_seeds_give_the_same_scores():
    model = fit(make(Adam(3.0)), epochs=4)
    tables = [model.treat(remedies=[ScaleLearningRate(0.01)], pairs=False) for _ in range(2)]
    scores = [[(one.before, one.after) for one in each.table] for each in tables]
    assert scores[0] == scores[1]


def test_two_cures_are_tried_together():
    wide = X * np.array([1, 1000, 0.001, 5], np.float32)
    model = fit(make(Adam(3.0)), wide, epochs=16)
    treatment = model.treat(remedies=[ScaleInputs(), ScaleLearningRate(0.01)], seeds=2)
    labels = {one.label for one in treatment.table}
    cures = [one for one in treatment.table if one.cured and len(one.remedies) == 1]
    joined = {
        "scale-inputs + scale-learning-rate(0.01)",
        "scale-learning-rate(0.01) + scale-inputs",
    }
    assert bool(joined & labels) == (len(cures) == 2)


def test_what_is_still_found_in_the_best_is_treated_on_top_of_it():
    wide = X * np.array([1, 30, 0.1, 5], np.float32)
    model = fit(make(SGD(0.003)), wide, (X[:, 0] > 0).astype(np.int32))
    scaled = Finding("unscaled-inputs", "warning", "Unlike sizes.", {}, (ScaleInputs(),))
    treatment = model.treat(remedies=Diagnosis((scaled,)))
    assert treatment.best.label.startswith("scale-inputs + ")
    alone = next(one for one in treatment.table if one.remedies == ("scale-inputs",))
    assert treatment.best.after.mean > alone.after.mean + 0.1


def test_what_gains_without_curing_is_tried_with_what_gains_nothing_by_itself():
    model = fit(make(SGD(0.001)), y=(X[:, 0] > 0).astype(np.int32))
    treatment = model.treat(remedies=[ScaleLearningRate(5), AddDropout(0.2)])
    gains = {one.label: one for one in treatment.table}
    faster, dropping = gains["scale-learning-rate(5)"], gains["add-dropout(0.2)"]
    assert faster.gain > faster.error
    assert not faster.cured
    assert dropping.gain <= dropping.error
    assert "scale-learning-rate(5) + add-dropout(0.2)" in gains


def test_an_overlap_is_judged_on_rows_that_were_not_trained_on():
    model = make(Adam(0.03))
    held = X[180:], CLASSES[180:]
    model.fit(X[:200], CLASSES[:200], validation_data=held, epochs=3, verbose=0)
    treatment = model.treat(remedies=[DropOverlap(), DropColumns((0,))], seeds=2, pairs=False)
    told = "Judged by the 40 validation rows that are not among the training rows."
    assert treatment.notes[0] == told
    notes = {one.remedies[0]: one.note for one in treatment.table}
    assert notes == {
        "drop-overlap": "judged on validation rows that are not among the training rows.",
        "drop-columns": "a lower score may be the honest one, if the columns gave the answer away.",
    }


def test_who_learns_the_rows_of_the_judge_by_heart_is_not_cured():
    rng = np.random.default_rng(4)
    noise = rng.normal(size=(90, 8)).astype(np.float32), rng.integers(0, 2, 90)
    model = pellucid.Sequential([Input((8,)), Dense(32, "relu"), Dense(1, "sigmoid")], seed=3)
    model.compile(Adam(0.01), "binary_crossentropy")
    judge = noise[0][60:], noise[1][60:]
    model.fit(*noise, validation_data=judge, epochs=2, verbose=0)
    treatment = model.treat(remedies=[DropOverlap(), MoreEpochs(20)], pairs=False)
    assert [one.label for one in treatment.table] == ["more-epochs(20)"]
    assert not treatment.cured
    assert treatment.notes[0] == (
        "30 rows by which runs are judged left out of the training of all: "
        "whoever learns them by heart would look cured."
    )


def test_nothing_is_judged_by_rows_that_are_prepared_otherwise():
    shift = Finding("train-val-shift", "warning", "Other units.", {})
    hot = Finding("lr-too-high", "warning", "Long steps.", {}, (ScaleLearningRate(0.01),))
    treatment = fit(make(Adam(3.0)), epochs=4).treat(remedies=Diagnosis((shift, hot)), seeds=2)
    assert (treatment.table, treatment.best) == ((), None)
    assert treatment.notes == (
        "The validation rows are prepared otherwise than the training rows, so no remedy can be "
        "judged by them. Prepare both alike, and fit again.",
    )


def test_a_split_of_sorted_rows_is_treated_by_shuffling_them_before():
    x = RNG.normal(size=(120, 4)) + 4 * np.eye(3, 4)[np.repeat(np.arange(3), 40)]
    y = np.repeat(np.arange(3), 40)
    model = make(Adam(0.05), out=3, end="softmax", loss="sparse_categorical_crossentropy")
    treatment = fit(model, x, y, epochs=10, split=1 / 3).treat(seeds=2)
    assert treatment.best.label == "shuffle-before-split"
    assert treatment.best.before.mean < 0.8 < 0.9 < treatment.best.after.mean
    assert treatment.notes == (
        "The rows were divided as they lay: all runs are judged by 40 rows drawn from both sides, "
        "and train on none of these.",
    )


def test_rows_of_one_class_that_were_given_judge_nothing_and_the_reason_is_told():
    y = np.repeat(np.arange(2), 120)
    x = X + 6 * y[:, None]
    model = make(Adam(0.05))
    model.fit(x[:140], y[:140], epochs=2, validation_data=(x[140:], y[140:]), verbose=0)
    assert model.treat(seeds=2).notes == (
        "The validation rows are of other classes than the training rows, so no remedy can be "
        "judged by them. Join the two, shuffle, divide again, and fit again.",
    )


def test_rows_are_held_out_where_nothing_validated_the_run():
    model = fit(make(Adam(0.03)), epochs=2, split=0.0, callbacks=[LambdaCallback()])
    treatment = model.treat(remedies=[ScaleLearningRate(10)], seeds=2, epochs=1)
    assert treatment.notes[:2] == (
        "There were no validation rows: 48 training rows are held out to judge by.",
        "Callbacks that Python runs are left out: LambdaCallback.",
    )
    assert treatment.table[0].epochs == 1


def test_everything_but_the_model_is_plain_json():
    model = fit(make(Adam(0.03)), epochs=2)
    treatment = model.treat(remedies=[ScaleLearningRate(10)], seeds=2)
    told = json.loads(treatment.to_json())
    assert told["metric"] == "val_accuracy"
    assert told["trials"][0]["label"] == "scale-learning-rate(10)"
    assert told["trials"][0]["steps"] == 2 * 2 * 12


def test_a_remedy_without_anything_to_change_is_named():
    model = fit(make(Adam(0.03)), epochs=1)
    treatment = model.treat(remedies=[UseOptimizer("adam")], seeds=2)
    assert treatment.table == ()
    assert treatment.notes == ('use-optimizer("adam"): there is nothing to change.',)


def test_the_same_run_is_not_trained_twice():
    given = [SetLearningRate(0.003), ScaleLearningRate(0.1), ScaleLearningRate(10)]
    treatment = fit(make(Adam(0.03)), epochs=1).treat(remedies=given, seeds=2)
    labels = {one.label for one in treatment.table}
    assert "set-learning-rate(0.003)" in labels
    assert "scale-learning-rate(0.1)" not in labels
    assert "scale-learning-rate(0.1): the same run as set-learning-rate(0.003)." in treatment.notes


MESSAGES = [
    (
        lambda: make("adam").treat(remedies=[]),
        "treat: got a model that was never fitted, expected a run to treat. "
        "Call model.fit(x, y) first; a run that failed counts too.",
    ),
    (
        lambda: fit(make("adam"), epochs=1).treat(remedies=[], seeds=1),
        "treat(seeds=...): got 1, expected a whole number of at least 2 "
        "(how often each fork is trained; a spread needs two).",
    ),
    (
        lambda: fit(make("adam"), epochs=1).treat(X, remedies=[]),
        "treat(y=...): got no labels, expected labels with x. Write model.treat(x, y).",
    ),
    (
        lambda: fit(make("adam"), epochs=1).treat(remedies=["relu"]),
        "treat(remedies=...): got 'relu', expected a Diagnosis, or a list of remedies. "
        "Take them from pellucid.insight.remedies, such as [ScaleInputs()].",
    ),
    (
        lambda: fit(make("adam"), epochs=1).treat(remedies=[], metric="acuracy"),
        "treat(metric=...): got 'acuracy', expected the name of a metric, or 'loss'. "
        "Did you mean 'accuracy'?",
    ),
]


@pytest.mark.parametrize(("call", "expected"), MESSAGES)
def test_a_message_says_what_was_expected(call, expected):
    with pytest.raises(ArgumentError) as told:
        call()
    assert str(told.value) == expected


def test_a_run_on_a_generator_is_refused():
    def batches():
        while True:
            yield X[:16], CLASSES[:16]

    model = make("adam")
    model.fit(batches(), steps_per_epoch=2, epochs=1, verbose=0)
    with pytest.raises(ArgumentError) as told:
        model.treat(remedies=[ScaleInputs()])
    assert str(told.value) == (
        "treat: got a run on batches of a generator, expected rows in memory: every fork trains "
        "on them again. Collect them: model.treat(x, y)."
    )


def test_a_diagnosis_in_the_place_of_rows_is_answered():
    model = pellucid.Sequential([Input((2,)), Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.zeros((4, 2)), np.arange(4.0), verbose=0)
    expected = (
        "treat(x=...): got a diagnosis, expected rows, or nothing. "
        "Write model.treat(remedies=diagnosis)."
    )
    with pytest.raises(ArgumentError, match=f"^{re.escape(expected)}$"):
        model.treat(Diagnosis())


def test_classes_written_as_halves_are_numbered_and_judged_as_classes():
    rng = np.random.default_rng(5)
    number = np.arange(150) % 3
    x = rng.normal(size=(150, 2)) + 4 * np.eye(3)[number][:, :2]
    model = pellucid.Sequential([Input((2,)), Dense(3, "softmax")])
    model.compile(Adam(0.05), "sparse_categorical_crossentropy")
    with pytest.raises(DataError):
        model.fit(x, number / 2, epochs=10, verbose=0)
    treatment = model.treat(remedies=[FixLabels("number")], pairs=False)
    assert treatment.metric == "val_accuracy"
    assert treatment.best is not None
    assert treatment.best.after.mean > 0.9


def test_of_a_run_that_cannot_be_trained_nothing_is_said_to_have_been_beaten():
    model = make("sgd")
    with pytest.raises(ShapeError):
        model.fit(X[:, :3], CLASSES, verbose=0)
    treatment = model.treat()
    assert not treatment.cured
    assert treatment.refusal.startswith("x: got shape (192, 3), expected")
    assert str(treatment).startswith(
        "Nothing could be trained: neither the run as it was, nor the run with any remedy.\n"
    )
    assert json.loads(treatment.to_json())["refusal"] == treatment.refusal


UNSTEADY = [0.95, 0.98, 0.76, 0.97, 0.93, 0.5]


def test_a_run_that_each_seed_leads_elsewhere_needs_more_seeds_for_a_cure():
    steady = [1.0, 1.0, 0.99, 1.0, 0.99, 1.0]
    assert not judged(UNSTEADY[:3], steady[:3], 1.0)[2]
    assert judged(UNSTEADY, steady, 1.0)[2]
    assert judged([-one for one in UNSTEADY], [-one for one in steady], -1.0)[2]


def test_a_gain_that_few_pairs_of_runs_show_is_no_cure():
    within = [0.97, 0.97, 0.96, 0.97, 0.96, 0.97]
    assert not stands_apart(UNSTEADY, within, 1.0)
    assert not judged(UNSTEADY, within, 1.0)[2]
    same = [0.9] * 6
    assert not stands_apart(same, same, 1.0)


def test_more_seeds_are_asked_where_the_spread_hides_a_gain():
    x, y = make_moons(240, noise=0.1, random_state=0)
    model = pellucid.Sequential([Input((2,)), Dense(1, "relu"), Dense(1, "sigmoid")], seed=10)
    model.compile(Adam(0.1), "binary_crossentropy")
    fit(model, x, y, epochs=20)
    treatment = model.treat(remedies=[Widen()], pairs=False)
    told = "Too close to the spread to tell; tried with 3 more seeds: widen(4)."
    assert treatment.notes == (told,)
    trial = treatment.best
    assert len(trial.before.values) == len(trial.after.values) == 6
    assert trial.before.sd > trial.gain
    assert min(trial.after.values) > max(trial.before.values)


def test_a_leak_is_judged_with_the_column_of_other_rows():
    leaky = np.column_stack([X, CLASSES]).astype(np.float32)
    model = pellucid.Sequential([Input((5,)), Dense(8, "relu"), Dense(1, "sigmoid")], seed=3)
    model.compile(Adam(0.05), "binary_crossentropy")
    model.fit(leaky, CLASSES, epochs=12, batch_size=16, validation_split=0.25, verbose=0)
    treatment = model.treat(remedies=[DropLeak((4,))], pairs=False)
    (trial,) = treatment.table
    assert treatment.notes == (
        "Judged with column 4 taken from other rows: they give the answer away.",
    )
    assert trial.note == (
        "a score with the columns is too good, as is that in the run's own history."
    )
    assert trial.before.mean < 0.75
    assert trial.cured
    assert treatment.model.input_shape == (None, 4)


def test_a_window_that_holds_the_answer_ends_earlier_and_is_judged_without_it():
    series = np.random.default_rng(8).normal(size=(240, 5, 1)).astype(np.float32)
    answer = series[:, 2:4].sum(axis=(1, 2))
    series[:, 4, 0] = answer
    model = pellucid.Sequential([Input((5, 1)), Flatten(), Dense(1)], seed=3)
    model.compile(Adam(0.05), "mse")
    model.fit(series, answer, epochs=20, batch_size=16, validation_split=0.25, verbose=0)
    treatment = model.treat(remedies=[EndEarlier(1)], seeds=2, pairs=False)
    (trial,) = treatment.table
    told = "Judged with the last step taken from other rows: they give the answer away."
    assert treatment.notes[0] == told
    assert trial.note == (
        "a score with the last steps is too good, as is that in the run's own history."
    )
    assert trial.before.mean > 0.5 > trial.after.mean
    assert treatment.model.input_shape == (None, 4, 1)


def test_it_says_when_nothing_could_be_trained_and_when_a_remedy_makes_it_trainable():
    holey = np.where(np.arange(960).reshape(240, 4) % 7 == 0, np.nan, X)
    drawn = RNG.integers(0, 2, 240)
    model = make(Adam(0.02))
    with pytest.raises(DataError):
        fit(model, holey, drawn, epochs=2)
    untrained = model.treat(remedies=[ScaleLearningRate(0.1)], seeds=2, pairs=False)
    assert untrained.verdict == (
        "Nothing could be trained: neither the run as it was, nor the run with any remedy."
    )
    assert untrained.verdict in str(untrained)
    trained = model.treat(remedies=[FillMissing()], seeds=2, pairs=False)
    assert trained.verdict == (
        "The run as it was could not be trained. It can be with fill-missing, "
        "but that does not clearly beat the best constant answer."
    )
    sound = make(Adam(0.02))
    fit(sound, X, drawn, epochs=2)
    assert sound.treat(remedies=[], seeds=2).verdict == (
        "No remedy was tried: there was none that changes anything."
    )


def test_rounding_is_told_as_nothing():
    assert str(Scores((0.1 + 0.2, 0.3, 0.3))) == "0.3000 ± 0"
    assert str(Scores((1.0, 1.0))) == "1.0000 ± 0"
    assert str(Scores((0.3, 0.4))) == "0.3500 ± 0.07071"
