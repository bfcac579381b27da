"""Copies of a network that are trained for some steps."""

import numpy as np
import pytest

from insight.findings.runs import network, rows
from pellucid.insight.findings.trial import broken_off, ended_with, sample_loss, trained_copy
from pellucid.models.diagnosing import last_case


def run():
    model = network()
    model.fit(*rows(), epochs=4, validation_data=rows(1), verbose=0)
    return model, last_case(model)


def test_the_loss_of_the_sample_is_that_of_evaluate():
    model, case = run()
    assert sample_loss(case, case.recipe, case.end) == pytest.approx(
        model.evaluate(*rows(), verbose=0), rel=1e-5
    )


def test_a_copy_makes_the_steps_of_the_run_again():
    model, case = run()
    copied = trained_copy(case, case.recipe, case.start, 4 * 7)
    np.testing.assert_allclose(copied[0], np.asarray(case.end[0]), rtol=1e-5, atol=1e-6)
    again = ended_with(case, trained_copy(case, case.recipe, case.start, 7))
    assert again.judged.value == pytest.approx(model.history.history["val_loss"][0], rel=1e-4)


def test_a_run_that_is_broken_off_is_the_run_of_so_many_epochs():
    held, shorter = run()[1], network()
    shorter.fit(*rows(), epochs=2, validation_data=rows(1), verbose=0)
    then = broken_off(held, 2).judged
    np.testing.assert_allclose(then.outputs, shorter.predict(rows(1)[0], verbose=0), rtol=1e-4)
