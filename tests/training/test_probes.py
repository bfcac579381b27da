"""The table of readings: parts of it, files of it, and what of a forged one is refused."""

import csv
import json
import math

import numpy as np
import pytest

from pellucid.errors import ArgumentError, FileError
from pellucid.training.history import History
from pellucid.training.presets import ECONOMY, Economy, Full
from pellucid.training.probes import FEWEST_READINGS, MOST_READINGS, Probes

COLUMNS = [("run", "loss"), ("dense", "activation/rms"), ("dense_1", "kernel/gradient")]


@pytest.fixture
def probes():
    made = Probes(COLUMNS)
    made.append(0, 0, [0.7, 1.0, 0.1])
    made.append(50, 0, [0.4, math.nan, 0.2])
    made.append(100, 1, [0.3, math.inf, 0.3])
    return made


def test_rows_say_step_epoch_layer_quantity_and_value(probes):
    rows = list(probes)
    assert len(probes) == len(rows) == 9
    assert rows[6] == {
        "step": 100,
        "epoch": 2,
        "layer": "run",
        "quantity": "loss",
        "value": pytest.approx(0.3),
    }


def test_one_quantity_is_a_series(probes):
    step, value = probes["dense_1", "kernel/gradient"]
    assert step.tolist() == [0, 50, 100]
    np.testing.assert_allclose(value, [0.1, 0.2, 0.3], rtol=1e-6)
    assert ("dense", "activation/rms") in probes
    assert ("dense", "loss") not in probes


@pytest.mark.parametrize(
    ("chosen", "columns"),
    [
        ({}, COLUMNS),
        ({"layer": "dense"}, COLUMNS[1:2]),
        ({"layer": "dense*"}, COLUMNS[1:]),
        ({"quantity": "*/gradient"}, COLUMNS[2:]),
        ({"layer": "dense", "quantity": "loss"}, []),
    ],
)
def test_a_part_is_a_table_of_the_same_readings(probes, chosen, columns):
    part = probes.select(**chosen)
    assert part.columns == columns
    assert part.steps == [0, 50, 100]
    assert part.values.shape == (3, len(columns))


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (("dense2", "loss"), "got the unknown layer 'dense2', expected one that was read. Did you"),
        (("dense", "activation/rmx"), "got the unknown quantity 'activation/rmx', expected one of"),
        ("loss", "got 'loss', expected a layer and a quantity. Such as probes["),
    ],
)
def test_an_unknown_column_is_told(probes, column, told):
    with pytest.raises(ArgumentError, match=r"^history.probes\[...\]: ") as raised:
        probes[column]
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (
            {"layer": "dens"},
            "history.probes.select(layer=...): got 'dens', expected a layer that was read. Did you "
            "mean 'dense'?",
        ),
        (
            {"layer": "conv*", "quantity": "activation/rmx"},
            "2 problems:\n"
            "  1. history.probes.select(layer=...): got 'conv*', expected a layer that was read. "
            "Known: dense, dense_1, run.\n"
            "  2. history.probes.select(quantity=...): got 'activation/rmx', expected a quantity "
            "that was read. Did you mean 'activation/rms'?",
        ),
        (
            {"quantity": 3},
            "history.probes.select(quantity=...): got 3, expected a name, or a pattern such as "
            "'*/gradient'.",
        ),
    ],
)
def test_a_part_that_nothing_is_called_is_told(probes, chosen, message):
    with pytest.raises(ArgumentError) as told:
        probes.select(**chosen)
    assert str(told.value) == message


def test_an_empty_table_works(tmp_path):
    empty = History().probes
    assert str(empty) == repr(empty) == "Probes(no readings)"
    assert list(empty) == empty.layers == empty.quantities == []
    assert empty.select(layer="dense").values.shape == (0, 0)
    assert empty.to_csv(tmp_path / "a.csv").read_text() == "step,epoch,layer,quantity,value\n"
    with pytest.raises(
        ArgumentError, match=r'nothing: no probe read. fit\(probe="economy"\) reads'
    ):
        empty["dense", "loss"]


def test_it_prints_the_first_and_the_last_reading(probes):
    assert str(probes).split("\n")[3].split() == ["dense", "activation/rms", "1.0000", "inf"]
    assert repr(probes) == "Probes(3 readings of 3 numbers)"


def test_csv_has_every_row(probes, tmp_path):
    rows = list(csv.DictReader(probes.to_csv(tmp_path / "a.csv").read_text().splitlines()))
    assert len(rows) == 9
    assert rows[4]["layer"] == "dense"
    assert math.isnan(float(rows[4]["value"]))


def test_a_history_keeps_it_in_its_file(probes, tmp_path):
    history = History()
    history.append(0, {"loss": 0.5})
    history.probes = probes
    again = History.from_json(history.to_json(tmp_path / "a.json"))
    assert again.probes.columns == COLUMNS
    assert (again.probes.steps, again.probes.epochs) == ([0, 50, 100], [0, 0, 1])
    np.testing.assert_array_equal(again.probes.values, probes.values)
    assert history[0:1].probes is probes


def test_a_table_thins_itself_out():
    small = Probes([("run", "loss")])
    wide = Probes([("run", str(number)) for number in range(5000)])
    for step in range(1000):
        small.append(step, 0, [step])
    for step in range(100):
        wide.append(step, 0, np.full(5000, step))
    for probes, room in ((small, MOST_READINGS), (wide, FEWEST_READINGS)):
        gaps = {*np.diff(probes.steps)}
        assert room / 2 < len(probes.steps) <= room
        assert probes.steps[0] == 0
        assert len(gaps) == 1
        np.testing.assert_array_equal(probes.values[:, 0], probes.steps)
    again = Probes.from_dict(small.to_dict())
    again.append(1001, 0, [1001])
    assert again.steps == [*small.steps, 1001]
    again.append(1002, 0, [1002])
    assert again.steps[-1] == 1001


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"columns": None}, "expected lists columns, steps, epochs, values"),
        ({"columns": [["a"]] * 3}, "pairs of a layer and a quantity"),
        ({"columns": [["a", "b"]] * 30_000}, "at most 20,000 pairs"),
        ({"steps": [0, 50]}, "readings: got 2 steps, 3 readings"),
        ({"stride": 0}, "stride: got something else, expected a whole number of at least 1"),
        ({"steps": [0, 50, "x"]}, "steps: got something else, expected whole numbers"),
        ({"epochs": [0, 0, -1]}, "epochs: got something else, expected whole numbers"),
        ({"values": [[0.1, 0.2, 0.3]] * 2 + [[0.1]]}, "reading 2: got something else"),
        ({"values": [[0.1, 0.2, True]] * 3}, "reading 0: got something else"),
        ({"values": [[0.1, 0.2, 1e300]] * 3}, "reading 0: got something else"),
        ({"values": [[0.1, 0.2, "nan"]] * 3}, "reading 0: got something else"),
    ],
)
def test_a_forged_table_is_refused(probes, change, told):
    forged = {**json.loads(json.dumps(probes.to_dict())), **change}
    with pytest.raises(FileError) as raised:
        Probes.from_dict(forged)
    assert told in str(raised.value)


def test_readings_lie_farther_apart_as_a_run_goes_on():
    assert Economy().schedule(1) == (1, 16)
    assert Economy().schedule(100) == (5, 80)
    assert Economy().schedule(10**6) == (100, 1600)
    assert Economy().schedule(None) == (100, 1600)
    assert Economy(every=7).schedule(10**6).every == 7


def test_a_preset_is_the_same_whatever_its_interval():
    assert Economy(every=3) == Economy()
    assert hash(Economy(every=3)) == hash(Economy())
    assert Economy() != Full(quantities=ECONOMY)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"every": 0}, "Economy(every=...): got 0, expected a whole number of at least 1"),
        ({"quantities": ("signal/rmss",)}, "Did you mean 'signal/rms'?"),
    ],
)
def test_a_preset_refuses_what_it_does_not_know(given, told):
    with pytest.raises(ArgumentError) as raised:
        Economy(**given)
    assert told in str(raised.value)
