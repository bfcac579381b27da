"""Labels that the rows nearest by contradict, and targets with gross errors."""

import numpy as np
import pytest
from sklearn.datasets import load_digits, make_blobs

import pellucid
from insight.findings.cases import case, told
from insight.findings.set_ups import SPARSE, binary, drawn, mlp, regression
from pellucid.insight.findings.rules.label_noise import label_noise
from pellucid.layers import Dense, Input


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


def overlapping(key):
    """Return two normal distributions in a plane, a deviation apart."""
    x = drawn(key).normal(size=(400, 2))
    y = np.arange(400) % 2
    x[:, 0] += y
    return binary(2), x, y


@pytest.mark.parametrize("key", [11, 20, 22])
def test_classes_that_overlap_in_a_plane_have_suspects_and_no_wrong_labels(key):
    (found,) = label_noise(case(*overlapping(key)))
    assert (found.severity, found.evidence["share"] > 0.1) == ("note", True)


def three_heaps(key, share=0.0):
    """Return three heaps in a plane; a share of the labels is drawn anew."""
    x, right = make_blobs(400, 2, centers=3, cluster_std=3.0, random_state=key)
    y = np.where(drawn(key, 99).random(400) < share, drawn(key, 98).integers(0, 3, 400), right)
    return mlp(2, 3, "softmax", SPARSE), x, y


@pytest.mark.parametrize("key", [150, 156, 165])
def test_heaps_that_overlap_with_one_other_each_have_no_wrong_labels(key):
    assert [one for _, one in told(label_noise, *three_heaps(key)) if one == "warning"] == []


@pytest.mark.parametrize("key", [4, 24])
def test_labels_of_three_heaps_that_are_wrong_by_lot_are_told(key):
    assert told(label_noise, *three_heaps(key, 0.4)) == [("label-noise", "warning")]


def digits(share):
    """Return written digits, and whether each is odd; a share of that turned over."""
    x, number = load_digits(return_X_y=True)
    y = number[:900] % 2
    return binary(64), x[:900] / 16, np.where(drawn(98).random(900) < share, 1 - y, y)


@pytest.mark.parametrize(("share", "found"), [(0.0, []), (0.2, [("label-noise", "warning")])])
def test_heaps_that_touch_fall_short_of_their_level_and_do_not_exceed_it(share, found):
    assert told(label_noise, *digits(share)) == found


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


def heaped(error):
    """Return a rule of two columns with an offset, and what `error` makes of the targets."""
    x = drawn(97).normal(size=(400, 4))
    y = 8 + x[:, 0] - x[:, 1] + 0.5 * drawn(98).normal(size=400)
    return regression(4), x, error(x, y)


def every(period, value):
    return lambda x, y: np.where(np.arange(400) % period == 0, value(y), y)


@pytest.mark.parametrize(
    ("error", "count"),
    [
        (every(8, lambda y: y / 1000), 50),
        (every(10, lambda y: -3.0), 40),
        (every(8, lambda y: 17.0), 50),
    ],
    ids=["another unit", "a number for missing ones", "one above"],
)
def test_targets_in_a_heap_that_the_inputs_do_not_tell_are_told(error, count):
    (found,) = label_noise(case(*heaped(error)))
    assert (found.name, found.severity) == ("label-noise", "warning")
    period = 400 // count
    assert np.isin(np.arange(0, 400, period), found.remedies[0].rows).mean() > 0.7
    assert not np.any(np.array(found.remedies[0].rows) % period)


@pytest.mark.parametrize(
    "sound",
    [
        lambda x, y: y,
        lambda x, y: np.round(y),
        lambda x, y: np.maximum(y, 7.0),
        lambda x, y: np.where(x[:, 2] > 1.2, 0.0, y),
        lambda x, y: np.where(np.arange(400) % 8 == 0, 0.0, 8 + drawn(99).normal(size=400)),
        lambda x, y: np.where(y < 6, y - 3, y),
        lambda x, y: np.where(np.arange(400) % 8 == 0, 1.5, 0.5),
    ],
    ids=["none", "steps", "a floor", "two kinds", "nothing foretold", "a jump", "two values"],
)
def test_heaps_that_the_inputs_tell_and_targets_in_steps_are_sound(sound):
    assert told(label_noise, *heaped(sound)) == []


def chosen(key, kinds):
    """Return rows, and for each the class that chance chooses by chances that rows decide."""
    x = drawn(key).normal(size=(1500, 5))
    tastes = 2 * x[:, :kinds] + drawn(key, 97).gumbel(size=(1500, kinds))
    return mlp(5, kinds, "softmax", SPARSE), x, tastes.argmax(axis=1)


@pytest.mark.parametrize("key", [0, 1, 2])
def test_classes_that_all_overlap_with_each_other_have_no_levels(key):
    (found,) = label_noise(case(*chosen(key, 4)))
    assert (found.severity, found.evidence["share"] > 0.1) == ("note", True)
