"""Rows that were copied with a little noise before the split."""

import numpy as np
import pytest
from sklearn.datasets import make_circles

from insight.findings.cases import case, told
from insight.findings.set_ups import binary, compiled, drawn
from pellucid import Input, layers
from pellucid.insight.findings.rules.overlap import train_val_overlap
from pellucid.insight.remedies import Rows, Setup
from pellucid.layers import Dense

HELD = np.arange(60) % 2
Y = np.arange(200) % 2
TWINS = [("train-val-overlap", "fault")]


def looker():
    return compiled(Input((8, 8, 1)), layers.Flatten(), Dense(1, "sigmoid"))


def pictures(rows, key):
    """Return smooth pictures: four waves of random strength."""
    steps = np.linspace(0, np.pi, 8)
    waves = np.stack([np.sin(k * steps) for k in range(1, 5)])
    return np.einsum("rab,ai,bj->rij", drawn(key).normal(size=(rows, 4, 4)), waves, waves)[
        ..., None
    ]


def near(rows, noise, key=70):
    return rows + noise * rows.std() * drawn(key).normal(size=rows.shape)


def test_pictures_of_one_kind_are_no_copies():
    given = {"validation_data": (pictures(60, 71), HELD)}
    assert told(train_val_overlap, looker(), pictures(200, 72), Y, **given) == []


def test_copies_with_a_little_noise_are_told_and_taken_out():
    x = pictures(200, 72)
    held = near(x[::4][:50], 0.05)
    model = looker()
    (found,) = train_val_overlap(case(model, x, Y, validation_data=(held, HELD[:50])))
    assert (found.name, found.severity) == TWINS[0]
    assert found.meaning.startswith("100 % of the validation rows lie far nearer to a training")
    setup = Setup(model.graph, {}, {}, Rows(x, Y), Rows(held, HELD[:50]))
    left = found.remedies[0].apply(setup).train
    np.testing.assert_array_equal(left.x, np.delete(x, np.arange(0, 200, 4), axis=0))


def test_copies_on_both_sides_of_the_split_are_told():
    x = np.concatenate([near(pictures(65, 73), 0.05, key) for key in range(74, 78)])
    order = drawn(78).permutation(len(x))
    given = {"validation_data": (x[order[200:]], HELD)}
    assert told(train_val_overlap, looker(), x[order[:200]], Y, **given) == TWINS


def test_rows_of_a_table_with_a_little_noise_are_told():
    x = drawn(79).normal(size=(200, 6))
    given = {"validation_data": (near(x[:60], 0.01), HELD)}
    assert told(train_val_overlap, binary(), x, Y, **given) == TWINS


@pytest.mark.parametrize("kind", ["a plane", "marks"])
def test_rows_that_lie_close_for_reasons_of_their_own_are_sound(kind):
    if kind == "a plane":
        x = make_circles(260, noise=0.1, random_state=0)[0]
    else:
        marks = drawn(80).integers(0, 2, (260, 7))
        x = np.column_stack([marks, 0.05 * drawn(81).normal(size=260)])
    given = {"validation_data": (x[200:], HELD)}
    assert told(train_val_overlap, binary(x.shape[1]), x[:200], Y, **given) == []


def test_rows_that_were_entered_twice_are_told_though_training_rows_repeat_too():
    x = drawn(82).normal(size=(160, 6)).round(1)
    train = np.concatenate([x, x[:60]])
    held = np.concatenate([x[100:130], drawn(83).normal(size=(30, 6)).round(1)])
    given = {"validation_data": (held, HELD)}
    y = np.arange(220) % 2
    assert told(train_val_overlap, binary(), train, y, **given) == [
        ("train-val-overlap", "warning")
    ]


def test_answers_to_a_few_questions_repeat_by_themselves():
    x = drawn(84).integers(0, 3, (260, 4))
    given = {"validation_data": (x[200:], HELD)}
    assert told(train_val_overlap, binary(4), x[:200], Y, **given) == []


def test_few_wines_that_were_entered_twice_are_only_noted_as_repeated():
    x = drawn(85).normal(size=(200, 6))
    train = np.concatenate([x[:160], x[:60]])
    held = np.concatenate([x[:9], drawn(86).normal(size=(51, 6))])
    given = {"validation_data": (held, HELD)}
    assert told(train_val_overlap, binary(), train, np.arange(220) % 2, **given) == []
