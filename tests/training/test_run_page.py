"""What a page tells of a run by its history alone."""

import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.training.history import History
from pellucid.training.probes import Probes
from pellucid.training.run_page import heat_maps, result_text, run_sections


def run(**columns):
    history = History({"epochs": 3, "batch_size": None})
    for epoch in range(len(next(iter(columns.values())))):
        history.append(epoch, {name: values[epoch] for name, values in columns.items()})
    return history


PROBED = [
    ("run", "loss"),
    ("dense", "activation/rms"),
    ("dense", "activation/dead"),
    ("dense", "signal/rms"),
    ("dense", "kernel/gradient"),
    ("out", "activation/rms"),
    ("out", "activation/dead"),
    ("out", "signal/rms"),
    ("out", "kernel/gradient"),
    ("out", "bias/gradient"),
]


def probed(dead=0.5):
    probes = Probes(PROBED)
    probes.append(0, 0, [0.7, 1, dead, 1e-6, 1e-5, 2, 0, 1e-2, 1e-3, 1e-4])
    probes.append(50, 1, [0.4, 3, 0, 1e-7, 1e-6, 4, 0, 1e-3, 1e-4, 1e-5])
    return probes


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        (
            {"loss": [3.0, 1.0], "val_loss": [2.0, 2.5]},
            "2 epochs; best val_loss 2.0000 at epoch 1.",
        ),
        ({"loss": [3.0]}, "1 epoch; best loss 3.0000 at epoch 1."),
        ({"loss": [float("nan")]}, "1 epoch."),
    ],
)
def test_the_result_is_a_sentence(columns, text):
    assert result_text(run(**columns)) == text


def test_why_a_run_stopped_is_told():
    history = run(loss=[1.0])
    history.stopped = "the loss is NaN"
    assert result_text(history).endswith("at epoch 1. Stopped: the loss is NaN.")


def test_first_best_and_last_values_stand_beside_the_curves():
    history = run(loss=[3.0, 1.0, 2.0], odd=[1.0, 2.0, 3.0], each=[[1.0], [2.0], [3.0]])
    curves, inside = run_sections(history)
    plot, table = curves.items
    assert [panel.get_ylabel() for panel in plot.figure.axes] == ["loss", "odd", "each"]
    assert table.rows == [["loss", 3.0, 1.0, 2, 2.0], ["odd", 1.0, None, None, 3.0]]
    assert list(inside.items) == []


def test_a_run_without_epochs_has_no_curves():
    assert [list(one.items) for one in run_sections(History())] == [[], []]
    assert result_text(History()) == "No epoch was finished."


def test_readings_become_maps_of_layers_and_of_weights():
    maps = {one.title: one for one in heat_maps(probed())}
    assert list(maps) == [
        "Signal that comes back, dL/dh",
        "What each layer gives",
        "Gradient of each weight",
        "Share of units that are dead",
    ]
    signal = maps["Signal that comes back, dL/dh"]
    assert (signal.layers, signal.steps, signal.share) == (["dense", "out"], [0, 50], False)
    np.testing.assert_allclose(signal.values, [[1e-6, 1e-7], [1e-2, 1e-3]])
    gradient = maps["Gradient of each weight"]
    assert gradient.layers == ["dense/kernel", "out/kernel", "out/bias"]
    np.testing.assert_allclose(gradient.values[2], [1e-4, 1e-5])
    assert maps["Share of units that are dead"].share


def test_shares_that_hardly_occur_are_not_drawn():
    titles = [one.title for one in heat_maps(probed(dead=0.01))]
    assert "Share of units that are dead" not in titles


def test_readings_are_on_the_page_of_a_history(tmp_path):
    history = run(loss=[1.0, 0.5])
    assert "Inside the network" not in history.report(tmp_path / "a.html").read_text()
    history.probes = probed()
    text = history.report(tmp_path / "a.html", "Run <7>").read_text()
    assert "<h1>Run &lt;7&gt;</h1>" in text
    assert text.count("<img ") == 5
    told = (
        "Signal that comes back, dL/dh, against the training step. At the last reading: dense 1e-07"
    )
    assert told in text
    assert "<dt>epochs</dt><dd>3</dd>" in text
    assert "batch_size" not in text


def test_a_page_of_another_ending_is_refused_before_drawing(tmp_path):
    with pytest.raises(ArgumentError) as error:
        run(loss=[1.0]).report(tmp_path / "run.htm")
    assert str(error.value) == (
        f"history.report(path=...): got '{tmp_path / 'run.htm'}', expected a path that ends in "
        ".html. Call it 'run.html'."
    )
