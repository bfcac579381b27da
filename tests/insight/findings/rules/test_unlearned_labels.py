"""Training labels that are wrong show where a network is better on rows that it never saw."""

import numpy as np
import pytest

import pellucid
from insight.findings.set_ups import drawn
from pellucid.insight.findings.rules.unlearned_labels import unlearned_labels
from pellucid.insight.remedies import AddDropout, StopEarly
from pellucid.layers import Dense, Input
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import SGD, Adam


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


def by_heart(share, both=False, overlap=0.0, rare=False):
    """Return what is told of a wide network that trained on after it had learned the rule."""
    x = drawn(97).normal(size=(700, 8)).astype(np.float32)
    y = (x[:, 0] + x[:, 1] + overlap * drawn(98).normal(size=700) > 0).astype(int)
    given = np.where(drawn(99).random(700) < share, 1 - y, y)
    held = given[400:] if both else y[400:]
    kept = np.flatnonzero((held == 0) | (np.arange(300) % 20 == 0) | (not rare))
    model = pellucid.Sequential([Input((8,)), Dense(64, "relu"), Dense(1, "sigmoid")], seed=0)
    model.compile(Adam(0.01), "binary_crossentropy")
    validation = x[400:][kept], held[kept]
    model.fit(x[:400], given[:400], validation_data=validation, epochs=40, verbose=0)
    return model, given[:400] != y[:400], [*unlearned_labels(last_case(model))]


def test_wrong_labels_that_were_learned_by_heart_show_at_the_best_epoch():
    model, wrong, (found,) = by_heart(0.3)
    best = np.argmin(model.history.history["val_loss"]) + 1
    assert found.meaning.startswith(f"After epoch {best}, its best, the network is right on ")
    assert found.evidence["validation score"] > found.evidence["training score"] + 0.1
    dropped, *more = found.remedies
    assert wrong[list(dropped.rows)].mean() > 0.6
    assert more == [StopEarly(), AddDropout(0.3)]


@pytest.mark.parametrize(
    "sound", [{}, {"overlap": 1.5}, {"overlap": 1.5, "rare": True}], ids=["clean", "hard", "rare"]
)
def test_right_labels_are_sound_however_hard_and_whatever_is_validated_on(sound):
    assert by_heart(0.0, **sound)[-1] == []


def test_labels_that_are_as_wrong_in_validation_do_not_show_this_way():
    assert by_heart(0.3, both=True)[-1] == []


def named(share, key=100):
    """Return what is told of a linear model where a part of each class names the next one."""
    number = np.arange(600) % 5
    x = (4.0 * np.eye(5)[number] + drawn(key).normal(0, 0.7, (600, 5))).astype(np.float32)
    given = np.where(drawn(key, 1).random(600) < share, (number + 1) % 5, number)
    model = pellucid.Sequential([Input((5,)), Dense(5, "softmax")], seed=0)
    model.compile(SGD(0.3), "sparse_categorical_crossentropy")
    model.fit(x[:400], given[:400], validation_data=(x[400:], number[400:]), epochs=10, verbose=0)
    return given[:400] != number[:400], last_case(model)


def test_labels_of_which_half_name_another_class_show_by_what_can_be_foretold():
    wrong, run = named(0.5)
    (found,) = unlearned_labels(run)
    assert found.meaning.startswith("From what the network gives, ")
    assert found.evidence["validation labels foretold"] > 0.95
    # Where both names are as likely, nobody foretells more than half.
    assert found.evidence["training labels foretold"] == pytest.approx(0.5, abs=0.06)
    dropped = np.array(found.remedies[0].rows)
    assert np.isin(np.flatnonzero(wrong), dropped).mean() > 0.95
    assert wrong[dropped].mean() > 0.95


def test_labels_that_are_right_are_foretold_alike():
    assert [*unlearned_labels(named(0.0)[1])] == []
