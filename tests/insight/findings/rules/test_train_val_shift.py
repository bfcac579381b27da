"""Images and sequences of which one side was prepared otherwise."""

import numpy as np
import pytest

from insight.findings.cases import case, told
from insight.findings.set_ups import compiled, drawn
from pellucid import Input, layers
from pellucid.insight.findings.rules.train_val_shift import train_val_shift
from pellucid.layers import Dense

Y = np.arange(60) % 2
TOLD = [("train-val-shift", "warning")]


def looker(*shape):
    return compiled(Input(shape), layers.Flatten(), Dense(1, "sigmoid"))


def strokes(key):
    """Return mostly black pictures with some white."""
    return (drawn(key).random((60, 5, 5, 1)) < 0.2) * drawn(key, 1).uniform(0.5, 1, (60, 1, 1, 1))


def test_pictures_of_one_kind_on_both_sides_are_sound():
    given = {"validation_data": (strokes(61), Y)}
    assert told(train_val_shift, looker(5, 5, 1), strokes(62), Y, **given) == []


def test_a_few_pixels_more_are_sound_where_one_quantile_jumps():
    grey, lot = 0.1 * drawn(64).random((60, 5, 5, 1)), drawn(65).random((60, 5, 5, 1))
    fewer, more = np.where(lot < 0.09, 1, grey), np.where(lot[::-1] < 0.12, 1, grey)
    assert np.quantile(fewer, 0.9) < np.quantile(more, 0.9) / 3
    given = {"validation_data": (more, Y)}
    assert told(train_val_shift, looker(5, 5, 1), fewer, Y, **given) == []


@pytest.mark.parametrize("change", [lambda x: 255 * x, lambda x: 1 - x])
def test_another_unit_and_negatives_are_told(change):
    given = {"validation_data": (change(strokes(61)), Y)}
    assert told(train_val_shift, looker(5, 5, 1), strokes(62), Y, **given) == TOLD


def test_rows_that_are_all_black_on_one_side_are_told():
    given = {"validation_data": (strokes(61), Y)}
    (found,) = train_val_shift(case(looker(5, 5, 1), np.zeros((60, 5, 5, 1)), Y, **given))
    assert found.meaning == (
        "All values of the training rows are 0, and those of the others are not. Perhaps they "
        "were not read, or lost in the preparation."
    )


def test_a_series_that_goes_on_rising_is_sound():
    x = np.linspace(0, 3, 120)[:, None, None] + 0.3 * drawn(63).normal(size=(120, 6, 1))
    given = {"validation_data": (x[60:], Y)}
    assert told(train_val_shift, looker(6, 1), x[:60], Y, **given) == []
