"""The picture of a run, judged by what is drawn."""

import math
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.errors import ArgumentError
from pellucid.report import learning_curves
from pellucid.training.history import History


def run(columns, **options):
    history = History(**options)
    for epoch in range(len(next(iter(columns.values())))):
        history.append(epoch, {name: values[epoch] for name, values in columns.items()})
    return history


def panel_of(figure, label):
    (panel,) = [one for one in figure.axes if one.get_ylabel().split(" ")[0] == label]
    return panel


def lines_of(panel):
    return {line.get_label(): line for line in panel.lines if not line.get_label().startswith("_")}


def note_of(panel):
    return panel.texts[0].get_text() if panel.texts else ""


BOTH = {
    "accuracy": [0.5, 0.7, 0.8],
    "loss": [0.9, 0.5, 0.4],
    "val_loss": [0.8, 0.6, 0.7],
    "val_accuracy": [0.6, 0.7, 0.75],
    "learning_rate": [0.01, 0.01, 0.001],
}


def test_there_is_a_panel_for_each_quantity_losses_first_learning_rate_last():
    figure = run(BOTH).plot()
    assert [panel.get_ylabel() for panel in figure.axes] == ["loss", "accuracy", "learning_rate"]
    titles = [panel.get_title() or panel.get_title(loc="left") for panel in figure.axes]
    assert titles == ["Loss", "Accuracy", "Learning rate"]
    assert figure.axes[-1].get_xlabel() == "epoch"
    assert figure.get_figwidth() == 6.0


def test_training_and_validation_are_drawn_against_the_epoch_counted_from_one():
    lines = lines_of(panel_of(run(BOTH).plot(), "loss"))
    np.testing.assert_array_equal(lines["training"].get_xydata(), [[1, 0.9], [2, 0.5], [3, 0.4]])
    np.testing.assert_array_equal(lines["validation"].get_ydata(), BOTH["val_loss"])
    assert lines["training"].get_color() != lines["validation"].get_color()


def test_the_best_value_has_a_ring_and_the_best_epoch_a_line():
    panel = panel_of(run(BOTH).plot(), "accuracy")
    (ring,) = [line for line in panel.lines if line.get_marker() == "o"]
    np.testing.assert_array_equal(ring.get_xydata(), [[3, 0.75]])
    assert note_of(panel) == "best 0.7500 at epoch 3"
    assert list(lines_of(panel)["best epoch"].get_xdata()) == [2, 2]


def test_the_legend_names_each_thing_once():
    (legend,) = run(BOTH).plot().legends
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["training", "validation", "best epoch"]


def test_the_reason_for_the_end_is_told():
    history = run(BOTH)
    history.stopped = "early stopping after epoch 3, best epoch 2 restored"
    assert history.plot().get_supxlabel() == f"Stopped: {history.stopped}"
    assert run(BOTH).plot().get_supxlabel() == ""


def test_what_spans_decades_and_is_to_be_small_gets_a_logarithmic_axis():
    columns = {
        "loss": [100.0, 1.0, 0.1],
        "accuracy": [0.01, 0.5, 0.9],
        "mae": [3.0, 2.0, 1.0],
        "mse": [100.0, 1.0, 0.0],
    }
    figure = run(columns).plot()
    scales = {panel.get_ylabel(): panel.get_yscale() for panel in figure.axes}
    assert scales == {
        "loss (log scale)": "log",
        "accuracy": "linear",
        "mae": "linear",
        "mse": "linear",
    }


def test_where_a_number_is_not_finite_is_told_and_the_rest_is_drawn():
    panel = panel_of(run({"loss": [0.9, 0.5, math.nan, math.inf]}).plot(), "loss")
    assert note_of(panel) == "best 0.5000 at epoch 2, not finite at epoch 3"
    assert list(lines_of(panel)["training"].get_ydata()) == [0.9, 0.5]


def test_a_line_goes_on_where_nothing_was_logged():
    history = History()
    for epoch in range(4):
        logs = {"loss": 1.0}
        history.append(epoch, {**logs, "val_loss": epoch} if epoch % 2 else logs)
    panel = panel_of(history.plot(), "loss")
    assert lines_of(panel)["validation"].get_xydata().tolist() == [[2, 1], [4, 3]]
    assert note_of(panel) == "best 1.0000 at epoch 2"


def test_a_single_epoch_is_a_point():
    panel = panel_of(run({"loss": [0.5], "val_loss": [0.6]}).plot(), "loss")
    assert [line.get_marker() for line in lines_of(panel).values()] == ["o", "o"]
    assert panel.get_xticks().tolist() == [1]


def test_a_metric_with_a_value_a_class_is_drawn_as_its_mean():
    panel = panel_of(run({"f1_score": [[0.0, 0.5], [1.0, 0.5]]}).plot(), "f1_score")
    assert panel.get_title(loc="left") == "F1 score (mean of 2)"
    assert lines_of(panel)["training"].get_ydata().tolist() == [0.25, 0.75]


def test_no_epoch_zero_is_numbered():
    for epochs in (2, 10, 60, 1000):
        figure = run({"loss": [1.0] * epochs}).plot()
        figure.canvas.draw()
        low, high = figure.axes[0].get_xlim()
        shown = [tick for tick in figure.axes[0].get_xticks() if low <= tick <= high]
        assert shown
        assert all(tick >= 1 and tick == int(tick) for tick in shown)


def test_many_panels_stand_in_two_columns():
    figure = run({f"metric_{number}": [1.0, 2.0] for number in range(7)}).plot()
    places = {round(panel.get_position().x0, 1) for panel in figure.axes}
    assert len(figure.axes) == 7
    assert len(places) == 2
    assert [bool(panel.get_xlabel()) for panel in figure.axes] == [False] * 5 + [True] * 2


def test_it_is_saved_when_a_path_is_given(tmp_path):
    figure = run(BOTH).plot(tmp_path / "history.png")
    assert (tmp_path / "history.png").read_bytes().startswith(b"\x89PNG")
    assert figure.axes


def test_a_wrong_ending_is_refused_before_drawing(tmp_path):
    with pytest.raises(ArgumentError, match=r"Call it 'history\.png'\."):
        run(BOTH).plot(tmp_path / "history.jpeg")
    assert os.listdir(tmp_path) == []


def test_nothing_cannot_be_drawn():
    with pytest.raises(ArgumentError) as error:
        History().plot()
    assert str(error.value) == "history.plot(): got no epochs, expected at least one."


def test_plain_lists_are_drawn_alike():
    drawn = lines_of(panel_of(learning_curves(BOTH), "loss"))
    np.testing.assert_array_equal(drawn["training"].get_ydata(), BOTH["loss"])
    history = run(BOTH)
    assert len(learning_curves(history).axes) == len(history.plot().axes)


def test_plain_lists_must_be_of_one_length():
    with pytest.raises(ArgumentError) as error:
        learning_curves({"loss": [1.0, 2.0], "val_loss": [1.0]})
    assert str(error.value) == (
        "learning_curves(history=...): got 2 values of loss, 1 value of val_loss, "
        "expected lists of equal length. "
        "Pass the History itself: it knows which epoch each value belongs to."
    )


logged = st.one_of(st.none(), st.floats(allow_subnormal=False, width=32))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({"loss": logged, "val_loss": logged, "a_b": logged}),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_was_logged_can_be_drawn(rows):
    history = History()
    for epoch, logs in enumerate(rows):
        history.append(epoch, logs)
    if history.history:
        history.plot().canvas.draw()
