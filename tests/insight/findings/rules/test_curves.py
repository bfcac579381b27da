"""Runs whose averages for predictions lag behind what the steps have learned."""

import numpy as np

from pellucid import Input, Sequential
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
