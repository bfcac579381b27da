"""Labels that are wrong by lot, or name one other class, and targets with gross errors."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs

import pellucid
from insight.findings.cases import case, told
from insight.findings.set_ups import binary, drawn, regression
from pellucid.insight.findings.rules.label_noise import (
    confused_labels,
    label_noise,
    unlearned_labels,
)
from pellucid.layers import Dense, Input
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import SGD


def test_nearly_all_wrong_labels_are_left_out_and_few_right_ones():
    rng = np.random.default_rng(4)
    x, right = make_blobs(400, centers=4, n_features=5, cluster_std=2.0, random_state=4)
    given = np.where(rng.random(400) < 0.4, rng.integers(0, 4, 400), right)
    model = pellucid.Sequential([Input((5,)), Dense(4, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    (remedy,) = model.check(x.astype(np.float32), given)["label-noise"].remedies
    wrong, dropped = np.flatnonzero(given != right), np.array(remedy.rows)
    assert np.isin(wrong, dropped).mean() > 0.95
    assert np.isin(dropped, wrong).mean() > 0.85


def heaps(deviation):
    """Return points of five heaps in a row, and their numbers."""
    number = np.arange(400) % 5
    places = 4.0 * np.eye(5)[number]
    noise = np.random.default_rng(5).normal(0, deviation, places.shape)
    return (places + noise).astype(np.float32), number


def learned(x, y):
    model = pellucid.Sequential([Input((5,)), Dense(5, "softmax")], seed=0)
    model.compile(SGD(0.3), "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=20, verbose=0)
    return last_case(model)


def mistaken(y, of):
    """Return labels of which two of five in some classes name the next class."""
    return np.where(np.isin(y, of) & (np.arange(len(y)) < 0.4 * len(y)), (y + 1) % 5, y)


@pytest.mark.parametrize("of", [(0, 1, 2, 3, 4), (2,)])
def test_classes_that_have_the_label_of_one_other_are_told(of):
    x, y = heaps(0.5)
    given = mistaken(y, of)
    looked_at = learned(x, given)
    (found,) = confused_labels(looked_at)
    chances = looked_at.outputs[0]
    second = np.sort(chances, axis=1)[np.isin(chances.argmax(axis=1), of), -2].mean()
    assert (found.name, found.severity) == ("label-noise", "warning")
    assert found.evidence["classes"] == len(of)
    assert found.evidence["chance of the second"] == pytest.approx(second)
    assert 0.3 < second < 0.4
    dropped = np.array(found.remedies[0].rows)
    # Where every class is confused, the classes that are likelier by a little are as often wrong.
    assert len(of) > 1 or np.isin(dropped, np.flatnonzero(given != y)).mean() > 0.95


@pytest.mark.parametrize("deviation", [0.5, 2.0, 4.0])
def test_classes_that_are_right_are_sound_however_they_overlap(deviation):
    assert [*confused_labels(learned(*heaps(deviation)))] == []


def two_heaps(distance, share=0.0):
    x = drawn(91).normal(size=(600, 4))
    y = np.arange(600) % 2
    x[:, 0] += distance * y
    return binary(4), x, np.where(drawn(92).random(600) < share, 1 - y, y)


def test_two_classes_with_wrong_labels_have_two_levels_everywhere():
    (found,) = label_noise(case(*two_heaps(6, 0.3)))
    assert (found.name, found.severity) == ("label-noise", "warning")
    (dropped,) = found.remedies
    wrong = two_heaps(6, 0.3)[2] != np.arange(600) % 2
    assert np.isin(np.flatnonzero(wrong), dropped.rows).mean() > 0.95
    assert wrong[list(dropped.rows)].mean() > 0.95


@pytest.mark.parametrize("distance", [0.0, 0.7, 0.9, 1.1, 1.5, 3.0, 6.0])
def test_classes_that_overlap_have_none(distance):
    assert [one for _, one in told(label_noise, *two_heaps(distance)) if one == "warning"] == []


def measured(error):
    """Return a rule of two columns with noise, and what `error` makes of the targets."""
    x = drawn(92).normal(size=(400, 4))
    y = x[:, 0] - x[:, 1] + 0.2 * drawn(93).normal(size=400)
    return regression(4), x, error(y)


def slipped(y):
    """Return targets of which every twentieth has its point in the wrong place."""
    return np.where(np.arange(400) % 20 == 0, 100 * y, y)


def test_targets_that_are_far_beyond_their_neighbours_are_told():
    (found,) = label_noise(case(*measured(slipped)))
    assert (found.name, found.severity) == ("label-noise", "warning")
    rows = np.array(found.remedies[0].rows)
    assert np.count_nonzero(rows % 20 == 0) > 12
    assert np.count_nonzero(rows % 20) <= 1


@pytest.mark.parametrize(
    "sound",
    [
        lambda y: y,
        np.exp,
        lambda y: np.exp(2 * y),
        lambda y: y + drawn(94).standard_t(2, 400),
        lambda y: np.where(y > 1, 30.0, 0.0) + 0.01 * y,
    ],
)
def test_long_tails_and_two_kinds_of_rows_are_sound(sound):
    assert told(label_noise, *measured(sound)) == []


def answered(share, wrong):
    """Return what is told of a linear model of two heaps, a share of whose labels is wrong."""
    x = drawn(95).normal(size=(400, 3)).astype(np.float32)
    y = (x[:, 0] > 0).astype(int)
    given = np.where(drawn(96).random(400) < share, 1 - y, y)
    model = pellucid.Sequential([Input((3,)), Dense(1, "sigmoid")])
    model.compile(SGD(0.5), "binary_crossentropy")
    held = y[200:] if wrong else given[200:]
    model.fit(x[:200], given[:200], validation_data=(x[200:], held), epochs=30, verbose=0)
    return [*unlearned_labels(last_case(model))]


def test_a_network_that_is_better_on_rows_it_never_saw_learned_wrong_labels():
    (found,) = answered(0.35, wrong=True)
    assert (found.name, found.severity) == ("label-noise", "warning")
    right = (drawn(96).random(400) < 0.35)[:200]
    assert right[list(found.remedies[0].rows)].mean() > 2 * 0.35


def test_labels_as_right_on_both_sides_are_sound():
    assert answered(0.0, wrong=True) == []
    assert answered(0.35, wrong=False) == []
