"""The live display of a run on a terminal."""

import contextlib
import time
from collections.abc import Callable
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live as Screen
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from pellucid.training.directions import direction_of
from pellucid.training.observer import Clock, Logs, Progress, Task
from pellucid.training.pace import Pace
from pellucid.training.progress_text import flat_numbers, logs_text, run_text
from pellucid.wording import duration_text, number_text

INTERVAL = 0.1
"""Seconds between two drawings: more often costs time and is not seen."""

QUIET_SECONDS = 0.5
"""An evaluation or prediction shorter than this shows no bar."""

BAR_WIDTH = 28
TITLES = {"train": "Training", "evaluate": "Evaluating", "predict": "Predicting"}


class _Terminal(Console):
    """A console that says when its reader is gone, where rich would end the process."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class Live(Progress):
    """A bar with rate and time left, over a table of what was logged.

    It is drawn at most ten times a second, only when the trainer reports, and by no thread of
    its own. What a callback prints appears above it. The bar of an evaluation or prediction
    vanishes when that ends.

    Args:
        stream: A terminal.
        task: What is run.
        clock: Seconds, for tests.
    """

    def __init__(
        self, stream: TextIO, *, task: Task = "train", clock: Clock = time.perf_counter
    ) -> None:
        self._console: Console | None = _Terminal(file=stream, highlight=False)
        self._task, self._clock = task, clock
        self._screen: Screen | None = None
        self._pace = Pace(0, 1, None, 0.0)
        self._header = ""
        self._rows_per_step: float | None = None
        self._drawn = 0.0
        self._took: float | None = None
        self._logs: dict[str, float] = {}
        self._best: dict[str, tuple[float, int]] = {}

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
        now = self._clock()
        self._pace = Pace(initial_epoch, epochs, steps_per_epoch, now)
        self._header = run_text(epochs, steps_per_epoch, rows, batch_size, initial_epoch, seed)
        self._rows_per_step = rows / steps_per_epoch if rows and steps_per_epoch else None
        self._drawn, self._took = now - INTERVAL, None
        self._logs, self._best = {}, {}
        self._draw_when_due()

    def update(
        self, epoch: int, step: int, logs: Logs | None = None, rate: float | None = None
    ) -> None:
        self._pace.report(epoch, step, self._clock(), rate)
        self._keep(logs or {})
        self._draw_when_due()

    def epoch_end(self, epoch: int, logs: Logs) -> None:
        self._pace.report(epoch + 1, 0, self._clock(), self._pace.told)
        self._keep(logs)
        self._keep_best(epoch + 1)
        self._draw_when_due()

    def finish(self, reason: str | None = None) -> None:
        self._took = self._clock() - self._pace.begun
        if self._screen is not None:
            self._guarded(self._draw)
        if self._screen is not None:
            self._guarded(self._screen.stop)
            self._screen = None
        if self._task == "evaluate" and self._logs:
            self._print(logs_text(self._logs))
            self._logs = {}
        if reason:
            self._print(f"Stopped: {reason}.")

    # -- what is known

    def _keep(self, logs: Logs) -> None:
        for name, value in logs.items():
            numbers = flat_numbers(value)
            if numbers:
                self._logs[name] = sum(numbers) / len(numbers)

    def _keep_best(self, epoch: int) -> None:
        for name, value in self._logs.items():
            direction = direction_of(name)
            held = self._best.get(name, (value, 0))[0]
            better = value < held if direction == "min" else value > held
            first = name not in self._best and value == value
            if direction is not None and (first or better):
                self._best[name] = (value, epoch)

    # -- what is shown

    def _picture(self) -> Group:
        parts: list[Text | Table] = [self._bar()]
        if self._task == "train":
            parts.insert(0, Text(self._header, style="dim"))
            if self._logs:
                parts.append(self._values())
        return Group(*parts)

    def _bar(self) -> Table:
        pace = self._pace
        finished = self._took is not None
        line = Table.grid(padding=(0, 2))
        line.add_row(
            Text(TITLES[self._task], style="bold"),
            Text(self._place()),
            ProgressBar(
                total=max(pace.total, 1),
                completed=min(pace.done, pace.total),
                width=BAR_WIDTH,
                complete_style="green" if finished else "cyan",
                finished_style="green",
            ),
            Text(self._speed()),
            Text(self._time()),
        )
        return line

    def _place(self) -> str:
        pace = self._pace
        if self._task != "train":
            return f"step {pace.step:,}" + (f"/{pace.steps:,}" if pace.steps else "")
        begun = pace.epoch if self._took is not None else pace.epoch + 1
        return f"epoch {min(begun, pace.last):,}/{pace.last:,}"

    def _speed(self) -> str:
        rate = self._pace.rate
        if not rate:
            return ""
        if self._rows_per_step:
            return f"{rate * self._rows_per_step:,.0f} rows/s"
        return f"{rate:,.0f} steps/s" if rate >= 10 else f"{rate:.2g} steps/s"

    def _time(self) -> str:
        if self._took is not None:
            return f"in {duration_text(self._took)}"
        left = self._pace.left
        return "" if left is None else f"{duration_text(left)} left"

    def _values(self) -> Table:
        validated = any(name.startswith("val_") for name in self._logs)
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        table.add_column("")
        for header in ("training", "validation", "best")[: 3 if validated else 1]:
            table.add_column(header, justify="right")
        for stem in dict.fromkeys(name.removeprefix("val_") for name in self._logs):
            row = [self._text(stem)]
            if validated:
                row += [self._text(f"val_{stem}"), self._best_text(f"val_{stem}")]
            table.add_row(Text(stem), *row)
        return table

    def _text(self, name: str) -> str:
        value = self._logs.get(name)
        return "" if value is None else number_text(value)

    def _best_text(self, name: str) -> str:
        best = self._best.get(name)
        return "" if best is None else f"{number_text(best[0])} (epoch {best[1]:,})"

    # -- drawing

    def _draw_when_due(self) -> None:
        now = self._clock()
        quiet = self._task != "train" and now - self._pace.begun < QUIET_SECONDS
        if now - self._drawn >= INTERVAL and not quiet:
            self._drawn = now
            self._guarded(self._draw)

    def _draw(self) -> None:
        if self._screen is None:
            transient = self._task != "train"
            self._screen = Screen(console=self._console, auto_refresh=False, transient=transient)
            self._screen.start()
        self._screen.update(self._picture(), refresh=True)

    def _print(self, line: str) -> None:
        self._guarded(lambda: self._console and self._console.print(Text(line)))

    def _guarded(self, draw: Callable[[], object]) -> None:
        """Call `draw`; if the terminal is gone, show nothing from now on."""
        if self._console is None:
            return
        try:
            draw()
        except (OSError, ValueError):
            if self._screen is not None:
                with contextlib.suppress(OSError, ValueError):
                    self._screen.stop()
            self._console = self._screen = None
