"""The answer in one step of a sequence, and columns that only look as if they held it."""

import numpy as np
import pytest

from insight.findings.cases import case, told
from insight.findings.set_ups import SPARSE, compiled, drawn, mlp
from pellucid import Input, layers
from pellucid.insight.findings.rules.label_leakage import label_leakage
from pellucid.insight.remedies import DropLeak, EndEarlier
from pellucid.layers import Dense

LEAK = [("label-leakage", "warning")]


def reader(steps, width, units=1, activation=None, loss="mse"):
    return compiled(Input((steps, width)), layers.GRU(4), Dense(units, activation), loss=loss)


def windows(series):
    """Return eight steps of a series, beside noise, and the next."""
    cut = np.lib.stride_tricks.sliding_window_view(series, 9)[:300]
    noise = drawn(40).normal(size=(len(cut), 8))
    return np.stack([cut[:, :8], noise], axis=2), cut[:, 8].copy()


def series(memory):
    values = drawn(41).normal(size=400)
    for step in range(1, len(values)):
        values[step] += memory * values[step - 1]
    return values


@pytest.mark.parametrize("memory", [0.5, 0.95, 1.0])
def test_a_window_before_the_answer_is_sound_however_slow_the_series(memory):
    assert told(label_leakage, reader(8, 2), *windows(series(memory))) == []


@pytest.mark.parametrize("step", [7, 4])
def test_a_window_that_holds_the_answer_is_told_with_its_step(step):
    x, y = windows(series(0.8))
    x[:, step, 0] = y
    (found,) = label_leakage(case(reader(8, 2), x, y))
    assert found.meaning.startswith(
        f"Column 0 at step {step + 1} of 8 alone gives the answer away: it scores 1.0000 of 1, "
        "the next best step 0."
    )
    assert found.remedies == (EndEarlier(8 - step),)


def test_a_single_series_ends_earlier_as_well():
    x, y = windows(series(0.8))
    x[:, 7, 0] = y
    (found,) = label_leakage(case(reader(8, 1), x[..., :1], y))
    assert found.remedies == (EndEarlier(1),)


def test_a_column_that_looks_ahead_at_every_step_is_left_out():
    values = series(0.8)
    cut = np.lib.stride_tricks.sliding_window_view(values, 11)[:300]
    x, y = np.stack([cut[:, :8], cut[:, 3:]], axis=2), cut[:, 10].copy()
    (found,) = label_leakage(case(reader(8, 2), x, y))
    assert found.remedies == (DropLeak((1,)),)


def test_what_is_shown_first_and_asked_for_last_is_a_task_of_memory():
    x = drawn(42).normal(size=(300, 8, 2))
    assert told(label_leakage, reader(8, 2), x, x[:, 0, 0].copy()) == []
    y = drawn(43).integers(0, 3, 300)
    x = 0.05 * drawn(44).normal(size=(300, 8, 3))
    x[:, 0] += np.eye(3)[y]
    assert told(label_leakage, reader(8, 3, 3, "softmax", SPARSE), x, y) == []


def test_a_count_that_some_classes_share_gives_none_away():
    pair = drawn(45).integers(0, 2, (300, 2))
    x = np.column_stack([pair.sum(axis=1), drawn(46).normal(size=(300, 3))])
    assert told(label_leakage, mlp(4, 4, "softmax", SPARSE), x, 2 * pair[:, 0] + pair[:, 1]) == []


def test_a_place_in_a_sorted_file_gives_the_class_away():
    y = drawn(47).integers(0, 10, 600)
    x = np.column_stack([drawn(48).normal(size=(600, 3)), y + drawn(49).random(600)])
    assert told(label_leakage, mlp(4, 10, "softmax", SPARSE), x, y) == LEAK


def test_a_leak_that_stands_there_twice_is_a_leak():
    x = drawn(50).normal(size=(200, 5))
    y = drawn(51).normal(size=200)
    x[:, 1], x[:, 3] = y, 2 * y + 1
    (found,) = label_leakage(case(mlp(5, 1, None, "mse"), x, y))
    assert found.remedies == (DropLeak((1, 3)),)


def stamped(y, loss=SPARSE, units=10, activation="softmax"):
    """Return a model of pictures that have the answer in one corner, and these."""
    x = drawn(48).random((200, 6, 6, 2))
    x[:, :2, 0, 1] = np.asarray(y)[:, None] / 10
    model = compiled(Input((6, 6, 2)), layers.Flatten(), Dense(units, activation), loss=loss)
    return model, x, y


def test_an_answer_that_is_stamped_on_pictures_is_told():
    (found,) = label_leakage(case(*stamped(np.arange(200) % 10)))
    assert found.meaning.startswith("Place (0, 0) of the images alone gives the answer away")
    numbers = stamped(drawn(49).normal(size=200), "mse", 1, None)
    assert told(label_leakage, *numbers) == LEAK


def test_pictures_that_differ_in_many_places_by_class_are_sound():
    model, _, y = stamped(np.arange(200) % 2)
    bright = drawn(50).random((200, 6, 6, 2)) + y[:, None, None, None]
    assert told(label_leakage, model, bright, y) == []
