"""Validation rows on which a network fails because they come from elsewhere."""

import numpy as np
import pytest

from insight.findings.runs import compiled, drawn
from insight.findings.set_ups import SPARSE
from pellucid import Input, layers
from pellucid.insight.findings.outcome import Outcome
from pellucid.insight.findings.rules.other_validation import _is_behind, other_validation
from pellucid.layers import Dense
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import Adam


def rows(key):
    """Return pictures of three colours, each class with more of one of two in its left half."""
    y = np.arange(90) % 3
    x = drawn(key).random((90, 4, 4, 3)) * 0.3
    x[:, :, :2] += 0.4 * np.eye(3)[y][:, None, None]
    return x.astype("float32"), y


def told(change):
    model = compiled(
        Input((4, 4, 3)), layers.Flatten(), Dense(3, "softmax"), loss=SPARSE, optimizer=Adam(0.02)
    )
    model.fit(*rows(1), validation_data=change(*rows(2)), epochs=12, verbose=0)
    return [(one.name, one.severity) for one in other_validation(last_case(model))]


SHIFTED = [("train-val-shift", "warning")]


def mirrored(x, y):
    return x[:, :, ::-1].copy(), y


def exchanged(x, y):
    return np.where(np.arange(3) == 0, x[..., [1, 0, 2]] * 0.6, x[..., [1, 0, 2]]), y


def renumbered(x, y):
    return x, (y + 1) % 3


@pytest.mark.parametrize("change", [mirrored, exchanged, renumbered])
def test_what_makes_a_good_network_fail_is_told(change):
    assert told(change) == SHIFTED


def test_rows_of_one_kind_are_sound():
    assert told(lambda x, y: (x, y)) == []


def test_learning_by_heart_is_no_shift():
    x = drawn(4).normal(size=(200, 6)).astype("float32")
    lot = drawn(3).integers(0, 3, 200)
    model = compiled(
        Input((6,)), Dense(64, "relu"), Dense(3, "softmax"), loss=SPARSE, optimizer=Adam(0.02)
    )
    model.fit(x[:100], lot[:100], validation_data=(x[100:], lot[100:]), epochs=60, verbose=0)
    held = last_case(model)
    assert held.outcome.score - held.judged.score > 0.3
    assert [*other_validation(held)] == []


def test_a_gap_that_few_rows_have_by_chance_is_no_shift():
    outcome = Outcome(SPARSE, np.arange(500) % 2, np.eye(2)[np.arange(500) % 2])
    gaps = []
    for right in (0.86, 0.74):
        y = np.arange(50) % 2
        answers = np.where(np.arange(50) < right * 50, y, 1 - y)
        gaps.append(_is_behind(outcome, Outcome(SPARSE, y, np.eye(2)[answers])))
    assert gaps == [False, True]
