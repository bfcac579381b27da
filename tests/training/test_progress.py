import io
import sys
import warnings

import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.training.lines import Lines, stride
from pellucid.training.live import Live
from pellucid.training.observer import Progress
from pellucid.training.progress import progress_for


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    """A clock that goes on by `pace` seconds at every look."""

    def __init__(self, pace=0.0):
        self.now, self.pace = 0.0, pace

    def __call__(self):
        self.now += self.pace
        return self.now


def train(progress, epochs, ended=None, steps=4, reason=None, **logs):
    progress.start(epochs, steps, 100, 32, seed=0)
    for epoch in range(ended or epochs):
        for step in range(1, steps + 1):
            progress.update(epoch, step, {"loss": 1.0 / (epoch + 1)})
        progress.epoch_end(epoch, {"loss": 1.0 / (epoch + 1), **logs})
    progress.finish(reason)


def lines_of(epochs, ended=None, verbose="auto", clock=None, reason=None, **logs):
    stream = io.StringIO()
    progress = progress_for(verbose, stream=stream, clock=clock or Clock())
    train(progress, epochs, ended, reason=reason, **logs)
    return stream.getvalue().splitlines()


# -- which ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verbose", "stream", "kind"),
    [
        (0, Terminal, Progress),
        (False, Terminal, Progress),
        (1, Terminal, Live),
        (True, Terminal, Live),
        ("auto", Terminal, Live),
        (2, Terminal, Lines),
        (0, io.StringIO, Progress),
        (1, io.StringIO, Lines),
        ("auto", io.StringIO, Lines),
        (2, io.StringIO, Lines),
    ],
)
def test_verbose_and_the_stream_choose(verbose, stream, kind):
    assert type(progress_for(verbose, stream=stream())) is kind


@pytest.mark.parametrize(
    ("wrong", "fix"), [(3, ""), (-1, ""), ("Auto", " Did you mean 'auto'?"), (None, ""), (1.5, "")]
)
def test_another_verbose_is_refused(wrong, fix):
    with pytest.raises(ArgumentError) as error:
        progress_for(wrong)
    assert str(error.value) == f"verbose: got {wrong!r}, expected 0, 1, 2 or 'auto'.{fix}"


def test_without_standard_output_nothing_is_shown(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    train(progress_for("auto"), 3)
    train(progress_for(2), 3)


def test_silence_is_silent(capsys):
    train(progress_for(0), 3, reason="interrupted")
    assert capsys.readouterr() == ("", "")


# -- lines ----------------------------------------------------------------------------------


def test_verbose_2_writes_a_line_an_epoch():
    lines = lines_of(100, verbose=2, val_loss=2.0)
    assert len(lines) == 101
    assert lines[0] == "100 rows, 100 epochs of 4 steps, batch size 32, seed 0"
    assert lines[1] == "epoch   1/100  loss 1.0000  val_loss 2.0000"
    assert lines[-1] == "epoch 100/100  loss 0.01  val_loss 2.0000"


def shown_epochs(lines):
    return [int(line.split()[1].split("/")[0]) for line in lines if line.startswith("epoch")]


def test_a_long_run_is_thinned():
    assert shown_epochs(lines_of(100)) == [1, *range(5, 101, 5)]
    assert shown_epochs(lines_of(20)) == list(range(1, 21))


@pytest.mark.parametrize("epochs", [1, 2, 19, 20, 21, 99, 101, 1234, 10_000, 123_457])
def test_a_run_takes_some_20_lines_whatever_its_length(epochs):
    step = stride(epochs)
    assert step in {digit * 10**power for digit in (1, 2, 5) for power in range(6)}
    assert min(epochs, 8) <= epochs // step <= 20


def test_the_last_epoch_of_a_run_that_ended_early_is_shown():
    lines = lines_of(100, ended=43, reason="early stopping after epoch 43")
    assert shown_epochs(lines) == [1, 5, 10, 15, 20, 25, 30, 35, 40, 43]
    assert lines[-1] == "Stopped: early stopping after epoch 43."
    assert shown_epochs(lines_of(100, ended=40))[-2:] == [35, 40]


def test_slow_epochs_are_shown_once_a_minute():
    assert shown_epochs(lines_of(1000, ended=20, clock=Clock(25.0)))[:4] == [1, 4, 7, 10]
    assert shown_epochs(lines_of(1000, ended=20, clock=Clock(90.0))) == list(range(1, 21))


def test_how_long_it_took_is_told_when_it_took_long():
    assert lines_of(2, clock=Clock(30.0))[-1] == "Trained in 1 min 30 s."
    assert lines_of(2, clock=Clock(0.01))[-1].startswith("epoch 2/2")


def test_a_run_that_goes_on_says_where():
    stream = io.StringIO()
    progress = progress_for(2, stream=stream)
    progress.start(10, None, initial_epoch=4)
    progress.epoch_end(4, {"loss": 1.0})
    assert stream.getvalue() == "epochs 5 to 10\nepoch  5/10  loss 1.0000\n"


def test_any_kind_of_number_is_shown_and_other_things_are_left_out():
    logs = {"a": np.float32(0.5), "f1": np.array([0.0, 1.0]), "word": "x", "none": None, "n": []}
    assert lines_of(1, **logs)[-1] == "epoch 1/1  loss 1.0000  a 0.5000  mean f1 0.5000"


def test_an_evaluation_is_one_line_and_a_prediction_none():
    for task, expected in (("evaluate", "loss 0.5000  accuracy 0.7500\n"), ("predict", "")):
        for verbose in (1, 2, "auto"):
            stream = io.StringIO()
            progress = progress_for(verbose, task, stream=stream, clock=Clock(5.0))
            progress.start(1, 4, 100, 32)
            progress.update(0, 4)
            progress.epoch_end(0, {"loss": 0.5, "accuracy": 0.75})
            progress.finish()
            assert stream.getvalue() == expected


def test_a_stream_without_the_letters_gets_escapes():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    train(progress_for(2, stream=stream), 1, größe=1.0)
    assert raw.getvalue().splitlines()[-1] == rb"epoch 1/1  loss 1.0000  gr\xf6\xdfe 1.0000"


# -- a reader that goes away ----------------------------------------------------------------


class Gone(io.StringIO):
    """A stream whose reader goes away after some writes."""

    def __init__(self, terminal, writes):
        super().__init__()
        self.terminal, self.writes, self.tried = terminal, writes, 0

    def isatty(self):
        return self.terminal

    def write(self, text):
        self.tried += 1
        if self.tried > self.writes:
            raise BrokenPipeError(32, "Broken pipe")
        return super().write(text)


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize("writes", [0, 1, 2, 5])
@pytest.mark.parametrize("task", ["train", "evaluate"])
def test_a_run_does_not_die_of_its_display(terminal, writes, task):
    stream = Gone(terminal, writes)
    standard = sys.stdout
    train(progress_for(1, task, stream=stream, clock=Clock(1.0)), 10, reason="interrupted")
    assert stream.tried <= writes + 3
    assert sys.stdout is standard


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_a_closed_stream_is_nothing_to_die_of(stream):
    closed = stream()
    progress = progress_for(1, stream=closed, clock=Clock(1.0))
    progress.start(3, 4, 100, 32)
    closed.close()
    progress.epoch_end(0, {"loss": 1.0})
    progress.finish("interrupted")


def test_a_stream_that_was_closed_before_is_no_terminal():
    closed = io.StringIO()
    closed.close()
    train(progress_for(1, stream=closed), 3)


# -- live -----------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")


def frames_of(stream):
    """Return what a terminal showed, frame by frame, without its escapes."""
    import re

    text = re.sub(r"\x1b\[[0-9;?]*[mlh]", "", stream.getvalue()).replace("\r", "")
    frames = re.split(r"(?:\x1b\[2K|\x1b\[1A)+", text)
    return ["\n".join(line.rstrip() for line in frame.splitlines()) for frame in frames]


def live(epochs, ended=None, task="train", pace=0.05, **logs):
    stream = Terminal()
    train(progress_for(1, task, stream=stream, clock=Clock(pace)), epochs, ended, **logs)
    return frames_of(stream)


def test_the_last_frame_stays_with_everything_that_matters():
    last = live(10, ended=6, val_loss=2.0, accuracy=0.5, reason="early stopping")[-1].splitlines()
    assert last[0] == "100 rows, 10 epochs of 4 steps, batch size 32, seed 0"
    assert last[1].startswith("Training  epoch 6/10  ━")
    assert "rows/s" in last[1]
    assert " in " in last[1]
    assert last[2].split() == ["training", "validation", "best"]
    assert last[3].split() == ["loss", "0.1667", "2.0000", "2.0000", "(epoch", "1)"]
    assert last[4].split() == ["accuracy", "0.5000"]
    assert last[5] == "Stopped: early stopping."


def test_a_frame_tells_epoch_rate_and_time_left():
    stream = Terminal()
    clock = Clock()
    progress = progress_for(1, stream=stream, clock=clock)
    progress.start(10, 4, 100, 32)
    clock.now = 10.0  # compiling
    progress.update(0, 2, {"loss": 0.75})
    clock.now = 11.0
    progress.update(1, 0, {"loss": 0.5})
    line = frames_of(stream)[-1].splitlines()[1]
    assert line.startswith("Training  epoch 2/10  ━")
    assert line.endswith("50 rows/s  18.0 s left")


def test_it_is_drawn_ten_times_a_second_at_most():
    stream = Terminal()
    clock = Clock()
    progress = progress_for(1, stream=stream, clock=clock)
    progress.start(1, 1000, 1000, 1)
    for step in range(1000):
        clock.now = step / 1000
        progress.update(0, step, {"loss": 1.0})
    assert 9 <= len(frames_of(stream)) <= 12


def test_without_validation_there_is_one_column():
    frame = live(3)[-1].splitlines()
    assert [line.split() for line in frame[2:4]] == [["training"], ["loss", "0.3333"]]


def test_nan_is_shown_and_never_best():
    stream = Terminal()
    progress = progress_for(1, stream=stream, clock=Clock(1.0))
    progress.start(3, 4, 100, 32)
    for epoch, value in enumerate([float("nan"), 0.5, float("nan")]):
        progress.epoch_end(epoch, {"loss": 1.0, "val_loss": value})
    progress.finish()
    assert frames_of(stream)[-1].splitlines()[3].split() == [
        "loss", "1.0000", "nan", "0.5000", "(epoch", "2)",
    ]  # fmt: skip


def test_unknown_steps_show_no_share_and_no_rows():
    stream = Terminal()
    clock = Clock()
    progress = progress_for(1, stream=stream, clock=clock)
    progress.start(2, None)
    clock.now = 1.0
    progress.update(0, 20, {"loss": 1.0}, rate=20.0)
    assert "20 steps/s" in frames_of(stream)[-1]
    assert "left" not in frames_of(stream)[-1]


def test_a_quick_evaluation_is_a_line_and_a_quick_prediction_nothing():
    assert live(1, task="evaluate", pace=0.001) == ["loss 1.0000"]
    assert live(1, task="predict", pace=0.001) == [""]


def test_a_slow_evaluation_has_a_bar_that_vanishes():
    frames = live(1, task="evaluate", pace=0.2)
    assert any(frame.startswith("Evaluating  step 3/4  ━") for frame in frames)
    assert frames[-1].strip() == "loss 1.0000"
    frames = live(1, task="predict", pace=0.2)
    assert any(frame.startswith("Predicting  step 3/4") for frame in frames)
    assert frames[-1].strip() == ""


def test_what_a_callback_prints_stands_above(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    progress = progress_for(1, stream=stream, clock=Clock(1.0))
    progress.start(2, 4, 100, 32)
    print("hello from a callback")
    progress.finish()
    assert any(frame.startswith("hello from a callback\n100 rows") for frame in frames_of(stream))
    assert sys.stdout is stream


def test_names_are_not_read_as_markup():
    assert "[red]x" in live(2, **{"[red]x": 1.0})[-1]
    assert live(2, reason="[bold]done")[-1].endswith("Stopped: [bold]done.")


def test_it_may_be_finished_twice_or_before_it_began():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for verbose in (0, 1, 2):
            progress = progress_for(verbose, stream=Terminal())
            progress.finish()
            train(progress, 2)
            progress.finish()


def test_rich_is_loaded_by_a_terminal_alone():
    import subprocess
    from pathlib import Path

    import pellucid.training.progress as module

    code = (
        "import sys; from pellucid.training.progress import progress_for;"
        "p = progress_for('auto'); p.start(1, 1); p.epoch_end(0, {}); p.finish();"
        "sys.exit('rich' in sys.modules)"
    )
    environment = {"PYTHONPATH": str(Path(module.__file__).parents[2])}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert ended.returncode == 0
