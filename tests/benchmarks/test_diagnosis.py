"""The benchmark of the diagnosis: its counting, its parts, and that every set-up can be built."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from pellucid.errors import DataError, NonFiniteError

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def setups(benchmark):
    return benchmark("catalogue").SETUPS


# -- the set-ups -----------------------------------------------------------------------------


def test_there_are_enough_set_ups_each_with_a_name_of_its_own(setups):
    assert len({one.key for one in setups}) == len(setups)
    counts = Counter(bool(one.expected) for one in setups)
    assert counts[True] >= 66
    assert counts[False] >= 34
    assert {one.family for one in setups} == {"mlp", "cnn", "rnn"}
    assert {one.task for one in setups} == {"regression", "binary", "classes", "marks"}


def test_a_sick_set_up_names_a_healthy_one_and_findings_of_the_catalogue(benchmark, setups):
    names = set(benchmark("setup").FINDINGS)
    proofs = benchmark("verify").PROOFS
    healthy = {one.key for one in setups if not one.expected}
    for one in setups:
        assert set(one.expected) <= names, one.key
        assert one.shown in proofs, one.key
        assert (one.base in healthy) == bool(one.expected), one.key


def test_a_sick_set_up_differs_from_its_base(benchmark, setups):
    bases = benchmark("catalogue").BY_KEY
    told = ("key", "what", "base", "expected", "shown", "curable", "score")
    for one in setups:
        if one.base:
            base = bases[one.base]
            assert replace(base, **{name: getattr(one, name) for name in told}) != one, one.key


def test_every_set_up_builds(benchmark, setups):
    shared = benchmark("readers").folder().is_dir()
    for one in setups:
        if shared or not one.needs_shared_data:
            case = one.make(0)
            (x, y), (held, _), (test, _) = case.data.train, case.data.validation, case.data.test
            assert x.shape[1:] == held.shape[1:] == test.shape[1:] == one.network.shape, one.key
            assert len(x) == len(y), one.key
            assert case.model.output_shape == (None, one.network.outputs), one.key


def test_a_seed_decides_the_rows_and_the_first_weights(benchmark):
    one = benchmark("catalogue").BY_KEY["iris-mlp"]
    first, again, other = one.make(3), one.make(3), one.make(4)
    np.testing.assert_array_equal(first.data.train[0], again.data.train[0])
    np.testing.assert_array_equal(first.model.weights[0], again.model.weights[0])
    assert not np.array_equal(first.data.train[0], other.data.train[0])
    assert not np.array_equal(first.model.weights[0], other.model.weights[0])


def test_a_run_changes_neither_the_optimiser_nor_the_callbacks_of_the_next(benchmark):
    one = benchmark("catalogue").BY_KEY["songs-cnn"]
    case = replace(one, data=lambda seed: None).make(0)
    assert case.model.optimizer is not one.optimizer
    assert case.fit["callbacks"][0] is not one.fit["callbacks"][0]
    assert case.model.optimizer.learning_rate == one.optimizer.learning_rate


def test_no_row_of_a_base_is_in_two_parts(benchmark):
    parts = benchmark("catalogue").BY_KEY["digits-mlp"].make(0).data
    rows = [{x.tobytes() for x in part[0]} for part in (parts.train, parts.validation, parts.test)]
    assert [len(one) for one in rows] == [900, 300, 300]
    assert not rows[0] & rows[1]
    assert not (rows[0] | rows[1]) & rows[2]


# -- the faults ------------------------------------------------------------------------------


@pytest.fixture
def small(benchmark):
    """Return data of six, four and two rows with two columns."""
    rng = np.random.default_rng(0)

    def part(rows):
        return rng.normal(size=(rows, 2)).astype("float32"), (np.arange(rows) % 2).astype("int32")

    return benchmark("sources").Data(part(6), part(4), part(2))


def test_a_leak_tells_the_labels_of_training_and_validation_only(benchmark, small):
    broken = benchmark("faults").leak(0.0)(small, np.random.default_rng(2))
    for part in (broken.train, broken.validation):
        np.testing.assert_array_equal(part[0][:, 2], np.where(part[1] == 1, 1, -1))
    assert sorted(broken.test[0][:, 2]) == [-1, 1]


def test_an_overlap_is_of_the_share_that_is_asked_for(benchmark, small):
    broken = benchmark("faults").overlap(0.5)(small, np.random.default_rng(0))
    known = {row.tobytes() for row in small.train[0]}
    assert sum(row.tobytes() in known for row in broken.validation[0]) == 2
    assert broken.test is small.test


def test_a_rare_class_is_as_rare_in_the_validation_rows(benchmark, small):
    broken = benchmark("faults").rare(1, 1)(small, np.random.default_rng(0))
    assert np.bincount(broken.train[1]).tolist() == [3, 1]
    assert np.bincount(broken.validation[1]).tolist() == [2, 1]
    assert np.bincount(broken.test[1]).tolist() == [1, 1]


def test_a_list_entered_twice_lies_on_both_sides(benchmark):
    data = benchmark("sources").Source("blobs", 20, 10)(0)
    broken = benchmark("fresh.sick").entered_twice(data, np.random.default_rng(0))
    np.testing.assert_array_equal(broken.train[0][-4:], broken.train[0][:4])
    known = {row.tobytes() for row in broken.train[0]}
    assert [row.tobytes() in known for row in broken.validation[0]] == [True] * 4 + [False] * 6


def test_a_row_late_is_the_label_of_the_row_before(benchmark, small):
    broken = benchmark("fresh.sick").one_row_late(small, np.random.default_rng(0))
    assert broken.train[1].tolist() == [1, 0, 1, 0, 1, 0]
    assert broken.test is small.test


def test_what_is_measured_later_is_not_known_in_use(benchmark):
    x = np.arange(24.0).reshape(1, 12, 2)
    data = benchmark("sources").Data((x, 0), (x, 0), (x, 0))
    broken = benchmark("fresh.sick").not_yet_known(data, np.random.default_rng(0))
    assert broken.train[0] is x
    assert broken.test[0][0, :, 1].tolist() == [1, 3, 5, 7, 9, 11, 11, 11, 11, 11, 11, 11]


def test_stars_tell_the_labels_until_the_model_is_used(benchmark, small):
    broken = benchmark("blind.faults").stars(small, np.random.default_rng(0))
    for part in (broken.train, broken.validation):
        praised, blamed = part[0][part[1] == 1, 2], part[0][part[1] == 0, 2]
        assert praised.min() >= 0 >= blamed.max()
    assert broken.test[0][:, 2].tolist() == [0, 0]


def test_a_hash_gives_each_word_a_place_of_its_own_and_leaves_the_padding(benchmark):
    x = np.array([[1, 2, 0], [3, 1, 0]], "int32")
    data = benchmark("sources").Data((x, 0), (x, 0), (x, 0))
    broken = benchmark("blind.faults").hashed(4, 1000)(data, np.random.default_rng(0))
    found = broken.train[0]
    assert (found == 0).tolist() == (x == 0).tolist()
    assert found[0, 0] == found[1, 1]
    assert len({*found.ravel().tolist()}) == 4
    np.testing.assert_array_equal(found, broken.test[0])


def test_labels_can_be_turned_over_and_cells_left_out(benchmark, small):
    faults = benchmark("blind.faults")
    turned = faults.turned_over(1.0)(small, np.random.default_rng(0))
    np.testing.assert_array_equal(turned.train[1], 1 - small.train[1])
    holed = faults.unmeasured(1, 0.5)(small, np.random.default_rng(0))
    assert np.isnan(holed.train[0]).sum(axis=0).tolist() == [0, 3]
    for broken in (turned, holed):
        assert (broken.validation, broken.test) == (small.validation, small.test)


def test_what_was_copied_before_the_split_lies_on_both_sides(benchmark, small):
    broken = benchmark("sealed.faults").oversampled(1, 2, 5)(small, np.random.default_rng(0))
    copies = [part[0][part[1] == 1] for part in (broken.train, broken.validation)]
    assert [len(one) for one in copies] == [6, 4]
    known = {row.tobytes() for row in small.train[0][[1, 3]]}
    assert {row.tobytes() for one in copies for row in one} == known
    assert [(part[1] == 0).sum() for part in (broken.train, broken.validation)] == [3, 2]
    assert broken.test is small.test


def test_an_own_mean_tells_the_target_of_training_rows_only(benchmark, small):
    broken = benchmark("sealed.faults").own_mean(small, np.random.default_rng(0))
    np.testing.assert_array_equal(broken.train[0][:, 2], small.train[1])
    for part in (broken.validation, broken.test):
        assert set(part[0][:, 2].tolist()) == {0.5}


def test_a_split_by_size_validates_on_the_largest_rows(benchmark, small):
    broken = benchmark("sealed.faults").split_by_size(0)(small, np.random.default_rng(0))
    assert len(broken.train[0]) == 6
    assert broken.train[0][:, 0].max() <= broken.validation[0][:, 0].min()
    x = np.concatenate([small.train[0], small.validation[0]])
    largest = np.argsort(x[:, 0])[6:]
    np.testing.assert_array_equal(broken.validation[0], x[largest])
    y = np.concatenate([small.train[1], small.validation[1]])
    np.testing.assert_array_equal(broken.validation[1], y[largest])


def test_file_names_come_in_the_order_of_their_letters(benchmark):
    rows = (np.zeros((12, 1)), np.arange(12))
    data = benchmark("sources").Data(rows, rows, rows)
    broken = benchmark("sealed.faults").by_file_name(data, np.random.default_rng(0))
    assert broken.train[1].tolist() == [0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9]
    assert broken.test is rows


def test_what_is_not_known_later_is_told_of_training_and_validation_rows_only(benchmark, small):
    faults = benchmark("held.faults")
    rng = np.random.default_rng(0)
    *known, later = (x[:, 2] for x, _ in vars(faults.spouse(small, rng)).values())
    for column, (_, y) in zip(known, (small.train, small.validation), strict=True):
        assert set((column * (2 * y - 1)).tolist()) <= {0, 1}
    assert later.tolist() == [0, 0]

    def images(rows):
        return np.full((len(rows[1]), 3, 3, 1), 0.5, "float32"), rows[1]

    parts = (small.train, small.validation, small.test)
    stamped = faults.stamped(benchmark("sources").Data(*map(images, parts)), rng)
    for x, y in (stamped.train, stamped.validation):
        np.testing.assert_array_equal(x[:, 0, 1, 0] == 1, y == 1)
        assert (x[:, 2] == 0.5).all()
    assert (stamped.test[0] == 0.5).all()


def test_a_late_join_ends_a_channel_with_the_target(benchmark):
    x = np.arange(12.0).reshape(2, 3, 2)
    rows = (x, np.array([70.0, 80.0]))
    broken = benchmark("held.faults").next_step(1)(benchmark("sources").Data(rows, rows, rows), 0)
    assert broken.train[0][..., 1].tolist() == [[3, 5, 70], [9, 11, 80]]
    assert broken.test[0][..., 1].tolist() == [[3, 5, 5], [9, 11, 11]]
    np.testing.assert_array_equal(broken.train[0][..., 0], x[..., 0])


def test_pixels_of_one_value_are_divided_by_nothing(benchmark):
    x = np.array([[1.0, 5.0], [3.0, 5.0]])
    data = benchmark("sources").Data((x, 0), (x, 0), (x, 0))
    found = benchmark("held.faults").each_standardised(data, 0).validation[0]
    assert found[:, 0].tolist() == [-1, 1]
    assert np.isnan(found[:, 1]).all()


# -- the scores ------------------------------------------------------------------------------


def test_scores_by_hand(benchmark):
    scores = benchmark("setup").SCORES
    model = SimpleNamespace(loss="binary_crossentropy")
    logits = SimpleNamespace(loss=SimpleNamespace(from_logits=True))
    y = np.array([0, 1, 1, 1])
    shares = np.array([[0.2], [0.4], [0.9], [0.8]])
    assert scores["accuracy"](model, shares, y) == 0.75
    assert scores["accuracy"](logits, shares, y) == 0.75
    assert scores["accuracy"](logits, shares - 0.5, y) == 0.75
    assert scores["balanced accuracy"](model, shares, y) == pytest.approx((1 + 2 / 3) / 2)
    expected = np.log([0.8, 0.4, 0.9, 0.8]).mean()
    assert scores["log-likelihood"](model, shares, y) == pytest.approx(expected)
    assert scores["accuracy"](model, np.array([[0.1], [2.4], [0.6]]), np.array([0, 2, 2])) == 2 / 3
    assert scores["r2"](model, np.array([[1.0], [3.0]]), np.array([1.0, 3.0])) == 1
    assert scores["r2"](model, np.array([[2.0], [2.0]]), np.array([1.0, 3.0])) == 0
    assert scores["r2"](model, np.array([[np.nan], [2.0]]), np.array([1.0, 3.0])) == -1


def test_labels_with_a_column_a_class_are_judged_as_numbers_are(benchmark):
    scores, verify = benchmark("setup").SCORES, benchmark("verify")
    model = SimpleNamespace(loss="categorical_crossentropy")
    y = np.array([0, 2, 1, 2])
    shares = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.6, 0.3, 0.1], [0.2, 0.2, 0.6]])
    for name in ("accuracy", "balanced accuracy", "log-likelihood"):
        whole, marked = (scores[name](model, shares, one) for one in (y, np.eye(3)[y]))
        assert whole == pytest.approx(marked)
        constants = [verify.best_constant(name, one, one) for one in (y, np.eye(3)[y])]
        assert constants[0] == pytest.approx(constants[1])


def test_several_yes_or_no_answers_are_judged_one_by_one(benchmark):
    marks = benchmark("setup").SCORES["marks"]
    model = SimpleNamespace(loss="binary_crossentropy")
    y = np.array([[0, 1], [0, 0], [0, 1], [1, 1]], "float32")
    shares = np.array([[0.2, 0.9], [0.6, 0.3], [0.1, 0.4], [0.9, 0.8]])
    # Two of three and one of one; one of one and two of three.
    assert marks(model, shares, y) == pytest.approx((2 / 3 + 1 + 1 + 2 / 3) / 4)
    assert marks(model, np.full_like(shares, 0.9), y) == 0.5
    assert benchmark("verify").best_constant("marks", y, y) == 0.5


def test_what_is_worse_and_what_a_constant_gives(benchmark):
    verify = benchmark("verify")
    assert verify.is_worse([0.5, 0.6], [0.7, 0.7])
    assert not verify.is_worse([0.5, 0.7], [0.7, 0.7])
    assert not verify.is_worse([0.66, 0.66], [0.7, 0.7])
    train, test = np.array([0, 1, 1]), np.array([0, 0, 0, 1])
    assert verify.best_constant("accuracy", train, test) == 0.25
    assert verify.best_constant("balanced accuracy", train, test) == 0.5
    expected = 0.75 * np.log(0.75) + 0.25 * np.log(0.25)
    assert verify.best_constant("log-likelihood", train, test) == pytest.approx(expected)


# -- the halves ------------------------------------------------------------------------------


def test_the_halves_are_those_of_the_file(benchmark, setups):
    split = benchmark("split")
    assert split.read() == split.halves(benchmark("catalogue").DEALT)


def test_the_parts_hold_every_set_up_once(benchmark, setups):
    parts = benchmark("split").parts()
    assert list(parts) == ["tuning", "test", "unseen", "fresh", "blind", "sealed", "held"]
    assert tuple(parts) == benchmark("catalogue").PARTS
    keys = [one.key for part in parts.values() for one in part]
    assert sorted(keys) == sorted(one.key for one in setups)


@pytest.mark.parametrize(
    ("name", "sick", "healthy"),
    [
        *(("unseen", 44, 24), ("fresh", 16, 8), ("blind", 30, 16), ("sealed", 40, 24)),
        ("held", 40, 20),
    ],
)
def test_a_later_part_stands_on_bases_of_its_own(benchmark, name, sick, healthy):
    part = benchmark("split").parts()[name]
    counts = Counter(bool(one.expected) for one in part)
    assert counts[True] >= sick
    assert counts[False] >= healthy
    own = {one.key for one in part}
    assert {one.base for one in part if one.base} <= own
    assert {one.family for one in part} == {"mlp", "cnn", "rnn"}
    assert {one.task for one in part} >= {"regression", "binary", "classes"}


def test_the_halves_are_balanced_and_hold_everything_once(benchmark):
    split = benchmark("split")
    setups = benchmark("catalogue").DEALT
    halves = split.halves(setups)
    keys = halves["tuning"] + halves["test"]
    assert sorted(keys) == sorted(one.key for one in setups)
    groups = {one.key: split.stratum(one) for one in setups}
    counts = {half: Counter(groups[key] for key in part) for half, part in halves.items()}
    for group in set(groups.values()):
        assert abs(counts["tuning"][group] - counts["test"][group]) <= 1, group
    sick = {one.key for one in setups if one.expected}
    assert abs(len(sick & {*halves["tuning"]}) - len(sick & {*halves["test"]})) <= 1
    assert abs(len(halves["tuning"]) - len(halves["test"])) <= 4


def test_another_seed_draws_other_halves(benchmark, setups):
    split = benchmark("split")
    assert split.halves(setups, seed=1) != split.halves(setups, seed=2)


# -- the stability -----------------------------------------------------------------------------


def test_a_sample_is_drawn_by_a_seed_a_quarter_of_it_healthy(benchmark):
    stability, unseen = benchmark("stability"), benchmark("split").parts()["unseen"]
    drawn = stability.sample(unseen, 16)
    assert drawn == stability.sample(unseen, 16)
    assert drawn != stability.sample(unseen, 16, seed=1)
    assert len({one.key for one in drawn}) == 16
    assert sum(not one.expected for one in drawn) == 4


@pytest.mark.parametrize(
    ("expected", "first", "usual", "stable"),
    [
        (("a", "b"), ("a",) * 9 + ("b",), ("a", 9), True),
        (("a", "b"), ("a",) * 8 + ("b", ""), ("a", 8), False),
        # Silence is not an answer that stays the same.
        (("a",), ("",) * 9 + ("a",), ("a", 1), False),
        (("a",), ("",) * 10, ("", 0), False),
        ((), ("",) * 9 + ("a",), ("", 9), True),
        ((), ("",) * 2 + ("a",) * 8, ("", 2), False),
    ],
)
def test_what_is_stable(benchmark, expected, first, usual, stable):
    one = benchmark("stability").Stability("one", expected, first)
    assert (one.usual, one.stable) == (usual, stable)


def test_an_early_alarm_is_a_fault_or_warning_before_the_end(benchmark):
    early = benchmark("stability").early_alarm
    late = "before training: note: overfit\nafter training: fault: dead-units\n"
    assert early(late) == ""
    alarm = "while training: warning: lr-too-high\n"
    assert early(late + alarm) == alarm.strip()
    assert (
        early("before training: fault: bad-init (dense)")
        == "before training: fault: bad-init (dense)"
    )


# -- the counting ----------------------------------------------------------------------------


@pytest.fixture
def record(benchmark):
    """Return a function that makes the record of one run."""
    made = benchmark("counting").Record

    def make(expected, *findings, **more):
        given = {"key": "one", "seed": 0, "checked": (), "outcome": "trained", "score": 0.5}
        return made(expected=tuple(expected.split()), findings=findings, **{**given, **more})

    return make


def test_a_right_finding_is_one_of_the_first_two_and_no_note(record):
    fault = ("dead-units", "fault")
    other, more = ("overfit", "warning"), ("lr-too-low", "warning")
    assert record("dead-units", fault).found
    assert record("dead-units", other, fault).found
    assert record("bad-init dead-units", other, fault).found
    assert not record("bad-init dead-units", other, fault).found_main
    assert not record("dead-units", other, more, fault).found
    assert not record("dead-units", ("dead-units", "note")).found
    assert not record("dead-units").found


def test_the_figures_count_runs(benchmark, record):
    fault, note = ("dead-units", "fault"), ("dead-units", "note")
    records = [
        record("dead-units", fault, key="a", treated=0.9, claimed=True),
        record("dead-units", fault, key="b", treated=0.55, claimed=True),
        record("dead-units", fault, key="c", treated=0.9, curable=False),
        record("dead-units", note, key="d", treated=0.9),
        record("", note, key="e"),
        record("", ("overfit", "warning"), key="f"),
        record("", key="g", failed={"diagnose": "ValueError: no"}),
    ]
    good = {key: [0.9, 0.92] for key in "abcd"}
    found = benchmark("counting").figures(records, good, treated=True)
    assert found["found"] == {"count": 3, "of": 4, "share": 3 / 4}
    assert found["false_alarms"] == {"count": 1, "of": 3, "share": 1 / 3}
    assert found["cured"] == {"count": 1, "of": 2, "share": 1 / 2}
    assert found["claims_confirmed"] == {"count": 1, "of": 2, "share": 1 / 2}
    assert found["failures"]["count"] == 1
    assert benchmark("counting").figures([], {})["found"]["share"] is None


@pytest.mark.parametrize(
    ("treated", "sick", "good", "cured"),
    [
        (0.9, [0.5, 0.6], [0.9, 0.92], True),
        # Within twice 0.025 of the good ones' mean of 0.91, and below.
        (0.861, [0.5, 0.6], [0.9, 0.92], True),
        (0.859, [0.5, 0.6], [0.9, 0.92], False),
        # Good enough, and no better than the sick runs, whose mean is 0.88 and spread 0.02.
        (0.899, [0.86, 0.90], [0.9, 0.92], False),
        (0.901, [0.86, 0.90], [0.9, 0.92], True),
        (None, [0.5], [0.9], False),
        (float("nan"), [0.5], [0.9], False),
    ],
)
def test_a_cure_beats_the_sick_runs_and_equals_the_good_ones(benchmark, treated, sick, good, cured):
    assert benchmark("counting").is_cured(treated, sick, good) is cured


# -- the runner ------------------------------------------------------------------------------


class FakeModel:
    """Answers as the diagnosis does, with what it is told to."""

    loss = "binary_crossentropy"

    def __init__(self, answers, trouble=None):
        self.answers, self.trouble, self.calls = answers, trouble, []

    def _report(self, name):
        self.calls.append(name)
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        pairs = [SimpleNamespace(name=one, severity=level, remedies=()) for one, level in answer]
        return SimpleNamespace(findings=tuple(pairs))

    def check(self, x, y, validation_data, epochs):
        assert epochs == 2
        return self._report("check")

    def diagnose(self):
        return self._report("diagnose")

    def fit(self, x, y, validation_data, diagnose, verbose, epochs):
        assert (diagnose, verbose, epochs) == (False, 0, 2)
        self.calls.append("fit")
        if self.trouble:
            raise self.trouble

    def predict(self, x):
        return np.full((len(x), 1), 0.9)

    def treat(self):
        self.calls.append("treat")
        rows = (SimpleNamespace(remedy="lr / 10", cured=True),)
        return SimpleNamespace(table=rows, model=FakeModel({}))


@pytest.fixture
def examined(benchmark, small):
    """Return a function that examines a fake set-up: (record, calls that were made)."""

    def examine(answers, trouble=None, treat=False, expected=("dead-units",)):
        model = FakeModel(answers, trouble)
        case = benchmark("setup").Case(model, small, {"epochs": 2})
        setup = SimpleNamespace(
            key="one", expected=expected, score="accuracy", curable=True, make=lambda seed: case
        )
        return benchmark("run").examine(setup, 0, treat), model.calls

    return examine


def test_a_run_is_checked_trained_and_diagnosed(examined):
    early, late = [("bad-init", "warning")], [("dead-units", "fault"), ("bad-init", "warning")]
    record, calls = examined({"check": early, "diagnose": late})
    assert calls == ["check", "fit", "diagnose"]
    assert record.checked == (("bad-init", "warning"),)
    assert record.findings == (("dead-units", "fault"), ("bad-init", "warning"))
    assert record.found
    assert record.outcome == "trained"
    assert record.score == 0.5
    assert record.treated is None


def test_a_run_is_treated_when_asked_and_sick(examined):
    answers = {"check": [], "diagnose": [("dead-units", "fault")]}
    record, calls = examined(answers, treat=True)
    assert calls[-1] == "treat"
    assert (record.treated, record.claimed) == (0.5, True)
    _, calls = examined(answers, treat=True, expected=())
    assert "treat" not in calls


def test_a_run_that_broke_off_is_diagnosed(examined):
    answers = {"check": [], "diagnose": [("dead-units", "fault")]}
    record, _ = examined(answers, NonFiniteError("fit: epoch 1"))
    assert record.outcome == "broke: fit: epoch 1"
    assert record.found


def test_a_run_that_was_refused_counts_what_the_check_said(examined):
    record, calls = examined({"check": [("dead-units", "fault")]}, DataError("y: bad"))
    assert calls == ["check", "fit"]
    assert record.outcome == "refused: y: bad"
    assert record.found


def test_a_call_that_raises_is_kept_by_name(examined):
    record, _ = examined({"check": [], "diagnose": ValueError("no run")})
    assert record.failed == {"diagnose": "ValueError: no run"}
    assert not record.found


def test_a_run_goes_on_where_an_earlier_one_ended(benchmark, record, monkeypatch, tmp_path):
    run = benchmark("run")
    asked = SimpleNamespace(part="test", seeds=1, treat=False, resume=True)
    path, kept = tmp_path / "found.json", []
    assert run.earlier(path, asked) == ([], {})
    held = {"command": run.command(asked), "runs": [vars(record("overfit"))], "good": {}}
    path.write_text(json.dumps(held))
    before = run.earlier(path, asked)
    assert [one.key for one in before[0]] == ["one"]
    asked.resume = False
    assert run.earlier(path, asked) == ([], {})
    monkeypatch.setattr(run, "examine", lambda setup, seed, treat: record("", key=setup.key))
    setups = [SimpleNamespace(key=key, expected=()) for key in ("one", "two")]
    run.measure(setups, 1, False, lambda records, good: kept.extend(records), before)
    assert [one.key for one in kept] == ["one", "two"]
    run.measure(setups, 1, False, lambda records, good: pytest.fail("ran"), before, until=0)


# -- the page --------------------------------------------------------------------------------


def test_the_page_tells_figures_and_every_run(benchmark, record):
    counting, page = benchmark("counting"), benchmark("page")
    runs = [
        record("lr-too-high", ("lr-too-high", "fault"), key="digits-hot", treated=0.9, score=0.1),
        record("", ("overfit", "warning"), key="iris-few", score=0.95),
    ]
    good = {"digits-hot": [0.9, 0.92]}
    found = {
        "date": "2026-11-26",
        "command": "python benchmarks/diagnosis/run.py --part test",
        "machine": {"processor": "Abacus", "cores": 2},
        "figures": counting.figures(runs, good, treated=True),
        "good": good,
        "runs": [vars(one) for one in runs],
    }
    held = {"test": json.loads(json.dumps(found))}
    treated = {
        "test": {
            **held["test"],
            "command": "python run.py --treat",
            "runs": held["test"]["runs"][:1],
        }
    }
    text = page.text(held, treated, {}, None)
    assert "| sick runs with a right finding among the first two | 100.0% (1 of 1) |" in text
    assert "| healthy runs with any warning or fault | 100.0% (1 of 1) |" in text
    assert "| 1 of 1 | lr-too-high | 0.10 | 0.90 | 0.91 | 1 of 1 |" in text
    assert "| iris-few (mlp) | 45 flowers to train on. | 1 of 1 | overfit | 0.95 |" in text
    assert "2026-11-26, Abacus, 2 cores. Of 83 set-ups 2 were run." in text
    assert "`python run.py --treat`, 2026-11-26, Abacus, 2 cores. Of 58 set-ups 1 were run." in text
    assert "| found problems cured | 100.0% (1 of 1) |" in text
    text = page.text(held, {}, {}, None)
    assert "| found problems cured | not measured |" in text
    assert "| 1 of 1 | lr-too-high | 0.10 |  |  | not measured |" in text


def test_the_page_tells_what_changes_with_the_seed(benchmark):
    def one(key, expected, first, count, early=()):
        usual = "lr-too-high" if expected else ""
        given = {"usual": usual, "count": count, "stable": count >= 9, "early": early}
        return {"key": key, "expected": expected, "first": first, **given}

    found = {
        "command": "python benchmarks/diagnosis/stability.py --seeds 10 --sample 3",
        "date": "2026-11-26",
        "machine": {"processor": "Abacus", "cores": 2},
        "seeds": 10,
        "sample": 3,
        "setups": [
            one("hot", ["lr-too-high"], ["lr-too-high"] * 9 + [""], 9),
            one(
                "hotter", ["lr-too-high", "dead-units"], ["lr-too-high"] * 8 + ["dead-units"] * 2, 8
            ),
            one("sound", [], [""] * 9 + ["overfit"], 9, [""] * 9 + ["while training: warning: x"]),
        ],
    }
    text = benchmark("page").text({}, {}, {}, json.loads(json.dumps(found)))
    assert "Of 1 of the 2 sick ones" in text
    assert "2026-11-26, Abacus, 2 cores.\n" in text
    assert "9 of 10 healthy runs got neither fault nor warning, and in 1 `fit" in text
    assert "| hot | lr-too-high | lr-too-high | 9 of 10 | none 1 |" in text
    assert "| hotter | lr-too-high, dead-units | lr-too-high | 8 of 10 | dead-units 2 |" in text
    assert "| sound | healthy | silent | 9 of 10 | overfit 1 |" in text
