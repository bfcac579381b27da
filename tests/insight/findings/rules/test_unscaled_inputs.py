"""Inputs so small that steps of a plain gradient move hardly any weight."""

import pytest

from insight.findings.runs import compiled, rows
from pellucid import Input
from pellucid.insight.findings.rules.unscaled_inputs import small_inputs
from pellucid.layers import Dense
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import SGD, Adam


def found(size, optimizer, epochs=4):
    x, y = rows()
    model = compiled(Input((6,)), Dense(8, "relu"), Dense(1, "sigmoid"), optimizer=optimizer)
    model.fit(size * x, y, epochs=epochs, verbose=0)
    return [(one.name, one.severity) for one in small_inputs(last_case(model))]


def test_small_inputs_hold_up_a_plain_gradient():
    assert found(0.04, SGD(0.01)) == [("unscaled-inputs", "warning")]


@pytest.mark.parametrize(("size", "optimizer"), [(1.0, SGD(0.01)), (0.04, Adam(0.001))])
def test_usual_inputs_and_steps_of_a_size_of_their_own_are_silent(size, optimizer):
    assert found(size, optimizer) == []


def test_a_run_that_came_out_well_is_silent():
    assert found(0.04, SGD(1.0), epochs=100) == []
