"""Codes for what is missing among numbers, and values that only look like codes."""

import numpy as np
import pytest

from insight.findings.cases import case, told
from insight.findings.set_ups import binary, compiled, drawn, table
from pellucid import Input, layers
from pellucid.insight.findings.rules.unscaled_inputs import unscaled_inputs
from pellucid.insight.remedies import Rows, Setup
from pellucid.layers import Dense

TOLD = [("unscaled-inputs", "warning")]


def coded(code, columns=(2,), share=0.1):
    x, y = table()
    for column in columns:
        x[drawn(column).random(200) < share, column] = code
    return x, y


def standardised(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


@pytest.mark.parametrize("code", [-999, 9999, -99])
def test_a_code_among_numbers_is_told_also_once_columns_are_standardised(code):
    x, y = coded(code)
    assert told(unscaled_inputs, binary(), x, y) == TOLD
    assert told(unscaled_inputs, binary(), standardised(x), y) == TOLD


def test_it_says_where_and_which():
    x, y = coded(-999, (1, 4))
    (found,) = unscaled_inputs(case(binary(), x, y))
    cells = int((x == -999).sum())
    assert found.meaning.startswith(
        f"In column 1 and 1 other column, {100 * cells / 400:.1f} % of the values are a code, "
        "such as -999, far outside all others"
    )
    assert found.evidence["cells"] == cells


def test_codes_in_steps_of_a_sequence_are_told():
    x = drawn(30).normal(size=(60, 8, 2))
    x[drawn(31).random((60, 8)) < 0.1, 1] = -999
    model = compiled(Input((8, 2)), layers.Flatten(), Dense(1, "sigmoid"))
    assert told(unscaled_inputs, model, x, np.arange(60) % 2) == TOLD


def test_marks_zeros_caps_and_single_outliers_are_no_codes():
    x, y = table()
    x[:, 0] = drawn(32).random(200) < 0.05  # a mark
    x[drawn(33).random(200) < 0.3, 1] = 0.0
    x[:, 2] = np.minimum(x[:, 2], 1.0)  # many at the cap
    x[5, 3] = 20.0  # alone
    assert told(unscaled_inputs, binary(), x, y) == []


def test_the_remedy_puts_the_median_of_what_was_measured():
    x, y = coded(-999, (1, 4))
    held = np.full((4, 6), -999.0)
    model = binary()
    (found,) = unscaled_inputs(case(model, x, y))
    setup = Setup(model.graph, {}, {}, Rows(x, y), Rows(held, np.zeros(4)))
    filled = found.remedies[0].apply(setup)
    medians = [np.median(x[x[:, one] != -999, one]) for one in (1, 4)]
    missing = x[:, 1] == -999
    np.testing.assert_allclose(filled.train.x[missing, 1], medians[0])
    np.testing.assert_array_equal(filled.train.x[~missing, 1], x[~missing, 1])
    np.testing.assert_allclose(filled.validation.x[0, [1, 4]], medians)
    assert filled.validation.x[0, 0] == -999
    assert "where the code -999 stands" in found.remedies[0].words


def test_a_zero_that_most_rows_hold_is_an_amount():
    x, y = table()
    gains = np.log(drawn(34).uniform(2000, 4000, 200))
    x[:, 2] = np.where(drawn(35).random(200) < 0.9, 0.0, gains)
    assert told(unscaled_inputs, binary(), x, y) == []
    assert told(unscaled_inputs, binary(), standardised(x), y) == []


def test_a_code_that_most_rows_hold_is_told_where_it_is_far_from_all_others():
    assert told(unscaled_inputs, binary(), *coded(-999, share=0.6)) == TOLD
