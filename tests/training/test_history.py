import contextlib
import csv
import json
import math

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.errors import ArgumentError, FileError
from pellucid.training.history import Best, History

LOSSES = [0.9, 0.5, 0.4, 0.35, 0.34]
VALIDATION = [0.8, 0.6, 0.55, 0.6, 0.7]


@pytest.fixture
def history():
    made = History({"epochs": 5, "steps": 3})
    for epoch, (loss, validation) in enumerate(zip(LOSSES, VALIDATION, strict=True)):
        made.append(epoch, {"loss": loss, "val_loss": validation, "accuracy": 1 - loss})
    return made


def sparse():
    """Return a history whose validation was logged at every second epoch."""
    made = History()
    for epoch in range(4):
        logs = {"loss": 1.0 / (epoch + 1)}
        made.append(epoch, {**logs, "val_loss": 2.0 - epoch} if epoch % 2 else logs)
    return made


# -- as Keras keeps it ----------------------------------------------------------------------


def test_it_holds_what_keras_holds(history):
    assert history.history["loss"] == LOSSES
    assert list(history.history) == ["loss", "val_loss", "accuracy"]
    assert history.epoch == [0, 1, 2, 3, 4]
    assert history.params == {"epochs": 5, "steps": 3}
    assert history.stopped is None


@pytest.mark.parametrize("value", [0.5, np.float32(0.5), jnp.float32(0.5), np.array(0.5)])
def test_any_number_becomes_a_float(value):
    history = History()
    history.append(0, {"loss": value, "count": 3, "flag": True})
    assert history.history == {"loss": [0.5], "count": [3.0], "flag": [1.0]}
    assert type(history.history["loss"][0]) is float


def test_a_metric_with_a_value_a_class_is_a_list():
    history = History()
    history.append(0, {"f1_score": jnp.array([0.5, 1.0])})
    assert history.history == {"f1_score": [[0.5, 1.0]]}


def test_what_is_logged_now_and_then_is_shorter_as_in_keras():
    history = sparse()
    assert history.history["val_loss"] == [1.0, -1.0]
    assert history[:, "val_loss"] == [None, 1.0, None, -1.0]


def test_none_counts_as_not_logged():
    history = History()
    history.append(0, {"loss": 1.0, "val_loss": None})
    assert history.columns == ["epoch", "loss"]


@pytest.mark.parametrize("wrong", ["high", [1, [2, 3]], object, {"a": 1}])
def test_what_is_no_number_is_refused_before_anything_is_kept(wrong):
    history = History()
    with pytest.raises(ArgumentError) as error:
        history.append(0, {"loss": 1.0, "odd": wrong})
    assert str(error.value) == (
        f"history.append(logs={{'odd': ...}}): got {wrong!r}, "
        "expected a number or an array of numbers."
    )
    assert history.history == {}
    assert len(history) == 0


# -- the table ------------------------------------------------------------------------------


def test_a_column(history):
    assert history[:, "loss"] == history["loss"] == LOSSES
    assert history[1:3, "val_loss"] == [0.6, 0.55]
    assert history[:, "epoch"] == [1, 2, 3, 4, 5]


def test_a_row(history):
    assert history[-1] == {"epoch": 5, "loss": 0.34, "val_loss": 0.7, "accuracy": 1 - 0.34}
    assert history[0, ["loss", "val_loss"]] == {"loss": 0.9, "val_loss": 0.8}
    assert history[np.int64(1)]["epoch"] == 2


def test_a_cell(history):
    assert history[2, "loss"] == 0.4
    assert sparse()[0, "val_loss"] is None


def test_a_part_is_a_history(history):
    part = history[2:5, ["loss", "val_loss"]]
    assert isinstance(part, History)
    assert list(part) == [
        {"epoch": 3, "loss": 0.4, "val_loss": 0.55},
        {"epoch": 4, "loss": 0.35, "val_loss": 0.6},
        {"epoch": 5, "loss": 0.34, "val_loss": 0.7},
    ]
    assert part.best("val_loss") == Best(3, 0.55)
    assert history[["loss"]].columns == ["epoch", "loss"]
    assert history[::-1, "loss"] == history[::-1]["loss"] == LOSSES[::-1]


def test_a_part_keeps_where_values_are_missing():
    part = sparse()[1:3]
    assert list(part) == [
        {"epoch": 2, "loss": 0.5, "val_loss": 1.0},
        {"epoch": 3, "loss": 1.0 / 3, "val_loss": None},
    ]
    assert sparse()[:1]["val_loss"] == [None]


def test_it_is_iterated_by_rows_and_asked_for_columns(history):
    assert [row["epoch"] for row in history] == [1, 2, 3, 4, 5]
    assert len(history) == 5
    assert "val_loss" in history
    assert "val_los" not in history


def test_a_list_that_a_script_puts_in_is_a_column(history):
    history.history["mine"] = [1.0, 2.0, 3.0, 4.0, 5.0]
    assert history[-1, "mine"] == 5.0
    history.append(5, {"loss": 0.1, "mine": 6.0})
    assert history[:, "mine"] == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


@pytest.mark.parametrize(
    "ask", [lambda h: h[:, "val_los"], lambda h: h["val_los"], lambda h: h.best("val_los")]
)
def test_a_misspelt_column_is_answered_with_the_right_one(history, ask):
    with pytest.raises(ArgumentError) as error:
        ask(history)
    assert str(error.value) == (
        "history: got the unknown column 'val_los', expected a logged one. Did you mean 'val_loss'?"
    )


def test_all_misspelt_columns_are_told_and_known_ones_listed(history):
    with pytest.raises(ArgumentError) as error:
        history[:, ["los", "zzzzzz"]]
    assert str(error.value) == (
        "2 problems:\n"
        "  1. history: got the unknown column 'los', expected a logged one. "
        "Did you mean 'loss'?\n"
        "  2. history: got the unknown column 'zzzzzz', expected a logged one. "
        "Known: accuracy, epoch, loss, val_loss."
    )


def test_a_row_that_is_not_there_is_refused(history):
    with pytest.raises(ArgumentError) as error:
        history[5]
    assert str(error.value) == "history[5]: got the row 5, expected a row from 0 to 4."
    with pytest.raises(ArgumentError, match=r"got the row -1, expected no row: it is empty\."):
        History()[-1]


@pytest.mark.parametrize("key", [1.5, None, True, (1, 2), (0, 1, 2), (slice(None), 3), [1, 2]])
def test_other_questions_are_refused(history, key):
    with pytest.raises(ArgumentError) as error:
        history[key]
    assert str(error.value) == (
        f"history[...]: got {key!r}, expected rows, columns or both. Such as history[-1], "
        'history[2:5, "loss"] or history[:, ["loss", "val_loss"]].'
    )


# -- the best -------------------------------------------------------------------------------


def test_the_best_is_the_smallest_loss_and_the_largest_accuracy(history):
    assert history.best("val_loss") == Best(epoch=3, value=0.55)
    assert history.best("accuracy") == Best(epoch=5, value=1 - 0.34)
    assert history.best("val_loss", "max") == history.best("val_loss", mode="max") == (1, 0.8)
    assert history.best("loss", "auto").epoch == 5


def test_the_first_of_equal_values_is_best_and_nan_never_is():
    history = History()
    for epoch, loss in enumerate([math.nan, 0.5, 0.3, 0.3, -math.inf]):
        history.append(epoch, {"loss": loss})
    assert history.best("loss") == (3, 0.3)


def test_a_direction_may_be_given_for_the_run():
    history = History(better={"profit": "max"})
    for epoch, profit in enumerate([1.0, 3.0, 2.0]):
        history.append(epoch, {"profit": profit, "val_profit": -profit})
    assert history.best("profit").epoch == 2
    assert history.best("val_profit").epoch == 1


def test_a_name_that_does_not_tell_is_asked_about():
    history = History()
    history.append(0, {"profit": 1.0})
    with pytest.raises(ArgumentError) as error:
        history.best("profit")
    assert str(error.value) == (
        "history.best('profit'): got a name that does not tell which is better, "
        'expected a mode. Give mode="min" or mode="max".'
    )


def test_a_mode_that_is_none_is_refused(history):
    with pytest.raises(ArgumentError) as error:
        history.best("loss", "lowest")
    assert str(error.value) == (
        "history.best('loss'): got mode='lowest', expected 'min', 'max' or None."
    )


def test_there_is_no_best_among_nothing():
    history = History()
    history.append(0, {"loss": math.nan})
    with pytest.raises(ArgumentError) as error:
        history.best("loss")
    assert str(error.value) == (
        "history.best('loss'): got no finite number, expected at least one."
    )
    assert history.best_epoch is None


def test_the_best_epoch_is_by_monitor_then_validation_then_loss(history):
    assert history.best_epoch == 3
    history.monitor = "accuracy"
    assert history.best_epoch == 5
    history.monitor = "no such column"
    assert history.best_epoch == 3
    assert history[["loss"]].best_epoch == 5
    assert History().best_epoch is None


# -- files ----------------------------------------------------------------------------------

values = st.one_of(
    st.none(),
    st.floats(),
    st.lists(st.floats(), min_size=1, max_size=3),
)


@settings(deadline=None)
@given(
    st.lists(st.fixed_dictionaries({"loss": values, 'naïve, "name"': values}), max_size=4),
    st.one_of(st.none(), st.text()),
)
def test_what_is_written_as_json_is_read_back(rows, stopped):
    history = History({"epochs": 7}, better={"x": "max"}, monitor="loss")
    history.stopped = stopped
    for epoch, logs in enumerate(rows):
        history.append(epoch + 3, logs)
    text = json.dumps(history.to_dict(), allow_nan=False)
    again = History.from_dict(json.loads(text))
    assert repr(list(again)) == repr(list(history))
    for name in ("epoch", "params", "better", "monitor", "stopped"):
        assert getattr(again, name) == getattr(history, name)
    assert repr(again.history) == repr(history.history)


def test_a_json_file_is_read_back(history, tmp_path):
    history.stopped = "early stopping after epoch 5, best epoch 3 restored"
    path = history.to_json(tmp_path / "history.json")
    again = History.from_json(path)
    assert again.to_dict() == history.to_dict()
    assert again.stopped == history.stopped
    assert json.loads(path.read_text())["epoch"] == [1, 2, 3, 4, 5]


def test_a_csv_file_has_every_digit(tmp_path):
    history = sparse()
    history.append(4, {"loss": math.nan, "val_loss": 1 / 3})
    path = history.to_csv(tmp_path / "history.csv")
    rows = list(csv.reader(path.read_text().splitlines()))
    assert rows[0] == ["epoch", "loss", "val_loss"]
    assert rows[1] == ["1", "1.0", ""]
    assert rows[5] == ["5", "nan", repr(1 / 3)]


GOOD = {"format": "pellucid.history", "version": 1, "epoch": [1, 2], "columns": {"loss": [1, 2]}}
FORGED = [
    ([], "h: got something else, expected a history in JSON ('pellucid.history')."),
    ({}, "h: got something else, expected a history in JSON ('pellucid.history')."),
    (
        GOOD | {"version": 2},
        "h: got a history of version 2, expected 1. A newer Pellucid may read it.",
    ),
    (GOOD | {"epoch": 3}, "h: got no list of epochs, expected 'epoch': [1, 2, ...]."),
    (GOOD | {"epoch": [1, True]}, "h: got no list of epochs, expected 'epoch': [1, 2, ...]."),
    (GOOD | {"columns": []}, "h: got no columns, expected 'columns': {'loss': [...], ...}."),
    (
        GOOD | {"columns": {"loss": [1]}},
        "h, column 'loss': got something else, expected a list of 2 values, one an epoch.",
    ),
    (
        GOOD | {"columns": {"loss": [1, "2"]}},
        "h, column 'loss': got something else, expected numbers, lists of numbers or null.",
    ),
    (
        GOOD | {"columns": {"loss": [1, [[[[[1]]]]]]}},
        "h, column 'loss': got something else, expected numbers, lists of numbers or null.",
    ),
    (
        GOOD | {"columns": {"loss": [1, 10**400]}},
        "h, column 'loss': got something else, expected numbers, lists of numbers or null.",
    ),
    (GOOD | {"params": [1]}, "h, 'params': got [1], expected a dict or null."),
    (GOOD | {"stopped": 1}, "h, 'stopped': got 1, expected a str or null."),
    (GOOD | {"better": {"loss": "up"}}, "h, 'better': got another word, expected 'min' or 'max'."),
]


@pytest.mark.parametrize(("content", "message"), FORGED)
def test_a_forged_history_is_refused(content, message):
    with pytest.raises(FileError) as error:
        History.from_dict(content, "h")
    assert str(error.value) == message


def test_lists_of_unequal_length_are_refused():
    content = GOOD | {"columns": {"f1": [[1.0, [2.0]], 2.0]}}
    with pytest.raises(FileError, match=r"^h: history\.append"):
        History.from_dict(content, "h")


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.sampled_from([*GOOD, "params", "better", "monitor", "stopped"]), json_values)
def test_any_forgery_is_read_or_refused(key, value):
    with contextlib.suppress(FileError):
        history = History.from_dict(GOOD | {key: value}, "h")
        assert json.dumps(history.to_dict(), allow_nan=False)


def test_a_file_that_is_no_history_is_refused(tmp_path):
    path = tmp_path / "a.json"
    with pytest.raises(FileError, match=r"a\.json: cannot be read: No such file"):
        History.from_json(path)
    for text in ("loss,accuracy", "[" * 100_000, "\x00", "1" * 5000):
        path.write_text(text)
        with pytest.raises(FileError, match=r"a\.json: got (no JSON|something else)"):
            History.from_json(path)


# -- words ----------------------------------------------------------------------------------


def test_it_says_what_it_holds(history):
    assert repr(history) == (
        "History(5 epochs; last: loss 0.3400, val_loss 0.7000, accuracy 0.6600)"
    )
    assert repr(History()) == "History(no epochs)"


def test_it_prints_as_a_table():
    history = sparse()
    history.stopped = "interrupted after epoch 4"
    assert str(history).split("\n") == [
        "epoch    loss  val_loss",
        "-----  ------  --------",
        "    1  1.0000",
        "    2  0.5000    1.0000",
        "    3  0.3333",
        "    4  0.2500   -1.0000",
        "Stopped: interrupted after epoch 4.",
    ]


def test_the_middle_of_a_long_table_is_left_out():
    history = History()
    for epoch in range(100):
        history.append(epoch, {"loss": float(epoch)})
    lines = str(history).split("\n")
    assert len(lines) == 2 + 6 + 1 + 6
    assert lines[7].split() == ["6", "5.0000"]
    assert lines[8] == "  ... 88 epochs not shown ..."
    assert lines[9].split() == ["95", "94.000"]
    assert lines[-1].split() == ["100", "99.000"]


def test_a_notebook_shows_the_picture(history):
    assert history._repr_png_().startswith(b"\x89PNG")
    page = history._repr_html_()
    assert 'src="data:image/png;base64,iVBOR' in page
    assert "History(5 epochs;" in page
    assert History()._repr_png_() is None
    assert History()._repr_html_() == "<p>History(no epochs)</p>"


def test_a_name_cannot_break_out_of_the_page():
    history = History()
    history.append(0, {"<script>": 1.0})
    assert "<script>" not in history._repr_html_()
