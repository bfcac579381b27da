"""Images and sequences that are empty, or all the same."""

import numpy as np

from insight.findings.cases import case, told
from insight.findings.set_ups import binary, compiled, drawn
from pellucid import Input, layers
from pellucid.insight.findings.rules.columns import constant_features, duplicate_features
from pellucid.layers import Dense

Y = np.arange(60) % 2


def looker(channels=1):
    return compiled(Input((5, 5, channels)), layers.Flatten(), Dense(1, "sigmoid"))


def pictures(channels=1):
    return drawn(60).random((60, 5, 5, channels))


def test_pictures_that_are_all_black_are_a_fault():
    assert told(constant_features, looker(), np.zeros((60, 5, 5, 1)), Y) == [
        ("constant-features", "fault")
    ]


def test_one_picture_in_place_of_all_is_a_fault():
    (found,) = constant_features(case(looker(), np.repeat(pictures()[:1], 60, axis=0), Y))
    assert found.severity == "fault"
    assert found.meaning == (
        "All 60 rows hold the same values, so that all rows look alike. Nothing can help to tell "
        "rows apart."
    )


def test_black_pictures_among_others_are_told_where_their_labels_differ():
    x = pictures()
    x[:12] = 0
    (found,) = constant_features(case(looker(), x, Y))
    assert found.severity == "warning"
    assert found.meaning == (
        "12 of 60 rows (20 %) hold one value throughout, as an image does that is all black, and "
        "their labels differ. Nothing tells such rows apart; were they read as they should be?"
    )


def test_black_pictures_may_be_a_class_of_their_own():
    x = pictures()
    x[Y == 1] = 0
    assert told(constant_features, looker(), x, Y) == []


def test_sequences_without_an_event_may_be_some():
    x = pictures()[..., 0]
    x[:3] = 0
    model = compiled(Input((5, 5)), layers.Flatten(), Dense(1, "sigmoid"))
    assert told(constant_features, model, x, Y) == []


def test_a_channel_that_never_changes_is_a_note():
    x = pictures(4)
    x[..., 3] = 1
    assert told(constant_features, looker(4), x, Y) == [("constant-features", "note")]


def stuck(columns):
    x = drawn(61).normal(size=(60, 6))
    x[:, :columns] = 1.5
    return told(constant_features, binary(), x, Y)


def test_columns_of_which_most_never_change_are_a_warning():
    assert stuck(4) == [("constant-features", "warning")]
    assert stuck(3) == [("constant-features", "note")]


def copied(times):
    x = drawn(62).normal(size=(60, 3))
    return told(duplicate_features, binary(3 + times), np.hstack([x, *[x[:, :1]] * times]), Y)


def test_columns_of_which_most_are_copies_are_a_warning():
    assert copied(4) == [("duplicate-features", "warning")]
    assert copied(3) == [("duplicate-features", "note")]
