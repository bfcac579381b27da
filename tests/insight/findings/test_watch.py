"""What is said of a run while it goes on: each thing once, when it is sure, and not in warm-up."""

import numpy as np
import pytest

from pellucid.insight.findings.watch import Watch
from pellucid.training.history import History
from pellucid.training.probes import Probes

QUANTITIES = {
    "loss": ("run", "loss"),
    "dead": ("dense", "activation/dead"),
    "saturated": ("dense", "activation/saturated"),
    "first": ("dense", "signal/rms"),
    "middle": ("middle", "signal/rms"),
    "last": ("last", "signal/rms"),
    "output": ("last", "activation/saturated"),
}
CALM = {"loss": 0.7, "dead": 0, "saturated": 0, "first": 1, "middle": 1, "last": 1, "output": 0}
HIDDEN = frozenset({"dense", "middle"})


def told(readings, steps=200, constant=0.69, every=10, **values):
    """Return what is said after each reading; a value is one number, or one for each reading."""
    history, watch, said = History(), Watch(steps, HIDDEN, constant), []
    history.probes = Probes(list(QUANTITIES.values()))
    rows = np.broadcast_arrays(np.zeros(readings), *({**CALM, **values}.values()))[1:]
    for number in range(readings):
        history.probes.append(every * number, 0, np.array([one[number] for one in rows], float))
        said.append([(one.name, one.layer, one.step) for one in watch(history)])
    return said


def names(readings, **values):
    return [name for said in told(readings, **values) for name, *_ in said]


def test_a_calm_run_is_left_in_peace():
    assert names(20) == []


@pytest.mark.parametrize(
    ("values", "name", "layer"),
    [
        ({"dead": 0.6}, "dead-units", "dense"),
        ({"saturated": 0.6}, "saturated-units", "dense"),
        ({"first": 1e-4}, "vanishing-gradient", "dense"),
        ({"first": 100.0, "middle": 10.0}, "exploding-gradient", "dense"),
    ],
)
def test_what_lasts_is_said_once_with_the_step_since_which_it_has_lasted(values, name, layer):
    said = told(20, **values)
    # The first tenth are 20 steps; the four readings that make it sure begin at step 20.
    assert said[5] == [(name, layer, 21)]
    assert sum(map(len, said)) == 1


def test_a_loss_that_rises_is_told_with_its_first_and_present_value():
    watch, history = Watch(100, HIDDEN, 0.69), History()
    history.probes = Probes([("run", "loss")])
    for number, loss in enumerate([0.75, 3.0, 4.0, 5.0, 6.0]):
        history.probes.append(10 * number, 0, np.array([loss]))
        found = watch(history)
    (only,) = found
    assert (only.name, dict(only.evidence)) == (
        "lr-too-high",
        {"first loss": 0.75, "loss now": 6.0},
    )
    assert only.meaning == (
        "The loss has risen from 0.7500 to 6.0000. The steps are so large that they jump over "
        "the valley they should go down into."
    )


def test_nothing_is_said_in_the_first_tenth_of_the_run():
    sick = {"dead": 0.9, "first": 1e-9, "loss": 0.7}
    assert names(60, steps=6000, **sick) == []
    first = next(place for place, said in enumerate(told(80, steps=6000, **sick)) if said)
    # Reading 60 is that of step 600, a tenth; four are needed from there on.
    assert first == 63


def test_what_passes_is_not_said():
    blinks = np.where(np.arange(20) % 4 == 3, 0.0, 0.9)
    assert names(20, dead=blinks) == []


def test_a_run_whose_loss_falls_is_left_in_peace_whatever_its_layers_do():
    assert names(20, dead=0.9, first=1e-9, loss=np.linspace(0.7, 0.3, 20)) == []


def test_the_output_may_be_saturated():
    assert names(20, output=1.0) == []


def test_readings_that_are_not_finite_are_left_to_the_end():
    assert names(20, dead=np.nan, first=np.nan) == []
    assert names(20, loss=np.nan, dead=0.9) == []


def test_without_a_number_of_steps_five_readings_are_waited_for():
    assert [bool(one) for one in told(6, steps=None, dead=0.9)] == [False] * 4 + [True, False]
