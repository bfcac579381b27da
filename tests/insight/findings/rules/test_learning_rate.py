"""Rates that a schedule gives, and rates that only a longer look shows to be too high."""

import numpy as np
import pytest

from insight.findings.cases import case
from insight.findings.runs import BINARY, compiled, drawn, network, rows
from pellucid import Input, layers
from pellucid.callbacks import ReduceLROnPlateau
from pellucid.insight.findings.rules.learning_rate import learning_rate, spent_rate
from pellucid.insight.remedies import LowerRateLater
from pellucid.layers import Dense
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import SGD, Adam
from pellucid.optimizers.schedules import CosineDecay, ExponentialDecay, LinearWarmup


def scheduled(rate):
    model = network()
    model.compile(SGD(rate), BINARY)
    return model


def ran(rate, epochs=20):
    model = scheduled(rate)
    model.fit(*rows(), epochs=epochs, verbose=0)
    return last_case(model)


def test_a_schedule_counted_in_epochs_is_spent_long_before_the_end():
    (found,) = spent_rate(ran(CosineDecay(0.3, 20)))
    assert (found.name, found.severity) == ("lr-too-low", "warning")
    # 200 rows make 7 steps an epoch; half a cosine wave is above 1 % until step 18.72.
    assert found.evidence["steps until it is spent"] == 19
    assert found.evidence["rest of the run"] == 1 - 19 / 140
    assert found.remedies[0].rate == pytest.approx(0.3)


@pytest.mark.parametrize("rate", [CosineDecay(0.3, 140), ExponentialDecay(0.3, 7, 0.9), 0.3])
def test_a_rate_that_lasts_the_run_is_sound(rate):
    assert [*spent_rate(ran(rate))] == []


def lowered(**options):
    """Return a run whose rate a callback lowers."""
    model = network()
    policy = ReduceLROnPlateau("loss", **options)
    model.fit(*rows(), epochs=20, callbacks=[policy], verbose=0)
    return model


def test_a_callback_that_lowers_the_rate_at_once_spends_it_too():
    model = lowered(factor=0.01, patience=1, min_delta=0.5)
    (found,) = spent_rate(last_case(model))
    assert (found.name, found.severity) == ("lr-too-low", "warning")
    # The first epoch is always better than none; the second is not, and ends at the lower rate.
    rates = np.array(model.history["learning_rate"])
    kept = int(np.sum(rates >= 0.003))
    assert found.evidence == {
        "highest rate": pytest.approx(0.3),
        "steps until it is spent": 7 * kept,
        "rest of the run": 1 - kept / 20,
    }
    assert found.remedies == (LowerRateLater(0.3),)
    assert found.meaning.startswith("ReduceLROnPlateau brings the learning rate from 0.3 to less")
    assert "lr-too-low" in model.diagnose().names[:2]


def test_a_callback_that_waits_is_sound():
    model = lowered(factor=0.5, patience=3)
    assert [*spent_rate(last_case(model))] == []
    assert model.diagnose().healthy, str(model.diagnose())


def test_a_schedule_that_left_a_good_network_is_sound():
    assert [*spent_rate(ran(ExponentialDecay(1.0, 14, 0.5), 40))] == []


@pytest.mark.parametrize(
    ("schedule", "name"),
    [
        (ExponentialDecay(1000.0, 100, 0.99), "lr-too-high"),
        (LinearWarmup(0.3, 10**7), "lr-too-low"),
        (ExponentialDecay(0.3, 100, 0.9), None),
    ],
)
def test_a_schedule_is_tried_at_the_highest_rate_of_the_run(schedule, name):
    found = [*learning_rate(case(scheduled(schedule), *rows(), epochs=20))]
    assert [one.name for one in found] == ([] if name is None else [name])


def symbols():
    """Return rows of twelve symbols, and whether more than half of them are above 3."""
    x = drawn(15).integers(0, 8, (300, 12))
    return x, (np.sum(x > 3, axis=1) > 6).astype(int)


def reader(rate):
    return compiled(
        Input((12,), dtype="int32"),
        layers.Embedding(8, 4),
        layers.GRU(8),
        Dense(1, "sigmoid"),
        optimizer=Adam(rate),
    )


def test_a_memory_at_a_hot_rate_is_told_of_the_rate():
    model = reader(1.0)
    model.fit(*symbols(), epochs=10, verbose=0)
    assert "lr-too-high" in model.diagnose().names[:2]


def test_a_memory_at_a_sound_rate_is_sound():
    model = reader(0.03)
    model.fit(*symbols(), epochs=15, verbose=0)
    assert model.diagnose().healthy, str(model.diagnose())


def test_a_rate_is_offered_without_the_digits_of_a_product():
    (found,) = learning_rate(case(scheduled(230.0), *rows(), epochs=20))
    assert found.evidence["better rate"] == 230 * 0.01 == 2.3000000000000003
    assert found.remedies[0].rate == 2.3
