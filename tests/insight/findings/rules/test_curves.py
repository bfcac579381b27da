"""Curves that look sick: averages for predictions that lag behind, a loss that only rose."""

import numpy as np

from pellucid import Input, Sequential
from pellucid.insight.findings.rules.curves import LOST, overfit
from pellucid.insight.findings.rules.verdict import above_chance
from pellucid.layers import Activation, BatchNormalization, Dense
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import Adam


def test_a_short_run_whose_steps_get_better_is_cut_short_and_no_giver_of_one_answer():
    drawn = np.random.default_rng(0)
    y = np.arange(400) % 4
    x = drawn.normal(size=(4, 6))[y] + 0.7 * drawn.normal(size=(400, 6)) + 6
    bent = [BatchNormalization(), Activation("relu")]
    model = Sequential([Input((6,)), Dense(16), *bent, Dense(4, "softmax")], seed=0)
    model.compile(Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, epochs=4, batch_size=64, validation_split=0.2, verbose=0).history
    case, found = last_case(model), model.diagnose()
    assert history["accuracy"][-1] > history["accuracy"][0] + 0.15
    assert above_chance(case.outcome) < 0.05
    assert found.names[0] == "under-trained"
    assert "overfit" not in found
    assert "averages of BatchNormalization" in found["under-trained"].meaning
    assert found["constant-predictions"].cause == "under-trained"
    turned = [one.turn for one in found["constant-predictions"].remedies]
    assert ("learning rate", -1) not in turned
    assert "lr-too-high" not in found


def test_a_loss_that_rose_while_answers_stayed_as_right_is_a_note():
    drawn = np.random.default_rng(2)
    x = drawn.normal(size=(500, 8))
    y = (x[:, 0] + x[:, 1] + 1.2 * drawn.normal(size=500) > 0).astype(int)
    model = Sequential([Input((8,)), Dense(24, "relu"), Dense(1, "sigmoid")], seed=0)
    model.compile(Adam(0.02), "binary_crossentropy")
    held_out = x[300:], y[300:]
    model.fit(x[:300], y[:300], validation_data=held_out, epochs=30, verbose=0)
    (found,) = overfit(last_case(model))
    assert found.evidence["rise / loss of the constant answer"] > LOST
    assert found.severity == "note"
