"""The progress of a run in plain lines."""

import math
import time
from typing import TextIO

from pellucid.training.observer import Clock, Logs, Progress, Task
from pellucid.training.progress_text import logs_text, run_text
from pellucid.wording import duration_text

LINES_A_RUN = 20
SLOWEST_LINE = 60.0
"""Seconds after which a thinned run says something again."""


class Lines(Progress):
    """Plain lines, each of them whole.

    Args:
        stream: Where they go.
        thin: Whether a long run leaves out epochs.
        task: What is run. An evaluation is one line, a prediction none.
        clock: Seconds, for tests.
    """

    def __init__(
        self,
        stream: TextIO | None,
        *,
        thin: bool = False,
        task: Task = "train",
        clock: Clock = time.perf_counter,
    ) -> None:
        self._stream: TextIO | None = stream
        self._thin, self._task, self._clock = thin, task, clock
        self._epochs, self._stride = 1, 1
        self._held: str | None = None
        self._begun = self._spoke = 0.0

    def start(
        self,
        epochs: int,
        steps_per_epoch: int | None,
        rows: int | None = None,
        batch_size: int | None = None,
        *,
        initial_epoch: int = 0,
        seed: int | None = None,
    ) -> None:
        self._epochs = epochs
        self._stride = stride(epochs - initial_epoch) if self._thin else 1
        self._begun = self._spoke = self._clock()
        self._held = None
        if self._task == "train":
            self._write(run_text(epochs, steps_per_epoch, rows, batch_size, initial_epoch, seed))

    def epoch_end(self, epoch: int, logs: Logs) -> None:
        if self._task != "train":
            self._held = logs_text(logs) if self._task == "evaluate" else None
            return
        width = len(str(self._epochs))
        line = f"epoch {epoch + 1:>{width}}/{self._epochs}  {logs_text(logs)}"
        now = self._clock()
        due = (epoch + 1) % self._stride == 0 or epoch == 0 or epoch + 1 == self._epochs
        if due or now - self._spoke >= SLOWEST_LINE:
            self._spoke, self._held = now, None
            self._write(line)
        else:
            self._held = line

    def finish(self, reason: str | None = None) -> None:
        # The last epoch of a run that ended early may have been left out.
        if self._held:
            self._write(self._held)
            self._held = None
        if reason:
            self._write(f"Stopped: {reason}.")
        took = self._clock() - self._begun
        if self._task == "train" and took >= 1.0:
            self._write(f"Trained in {duration_text(took)}.")

    def _write(self, line: str) -> None:
        if self._stream is None:
            return
        try:
            try:
                self._stream.write(line + "\n")
            except UnicodeEncodeError:
                self._stream.write(line.encode("ascii", "backslashreplace").decode() + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            # The reader is gone: `pellucid train ... | head`.
            self._stream = None


def stride(epochs: int) -> int:
    """Return n so that every n-th of the epochs makes about 20: 1, 2, 5, 10, 20, 50, ...

    Example:
        >>> from pellucid.training.lines import stride
        >>> [stride(epochs) for epochs in (10, 20, 100, 1000)]
        [1, 1, 5, 50]
    """
    least = max(1.0, epochs / LINES_A_RUN)
    scale = 10 ** math.floor(math.log10(least))
    return next(int(step * scale) for step in (1, 2, 5, 10) if step * scale >= least)
