"""Drives a compiled program from the host: chunk by chunk, epoch by epoch."""

import contextlib
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import jax
import numpy as np

from pellucid.data.arrays import bucket, pad_rows
from pellucid.training import cache
from pellucid.training import state as states
from pellucid.training.probe import Schedule
from pellucid.training.program import Options, Plan, Program, Report, Rows, find_batch
from pellucid.training.recipe import Recipe
from pellucid.training.sharding import parts_for
from pellucid.training.state import TrainState
from pellucid.types import Array, NumpyArray

UNKNOWN_STEPS = 1 << 30
"""Steps in an epoch whose length only its end will tell."""

FIRST_STEPS = 16
"""Steps of the first chunks, before the speed is known."""


@dataclass(frozen=True)
class Table:
    """Rows in memory, as the host holds them.

    Args:
        x: The network's feeds.
        y: Labels of each output.
        weights: Sample weights of each output, or None.
        lengths: Steps in each row's sequence, padding left out; None where nothing tells.
    """

    x: tuple[NumpyArray, ...]
    y: tuple[NumpyArray, ...]
    weights: tuple[NumpyArray | None, ...]
    lengths: NumpyArray | None = None

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.x[0])

    @property
    def arrays(self) -> list[NumpyArray]:
        """Feeds, labels and those weights that there are."""
        return [*self.x, *self.y, *(one for one in self.weights if one is not None)]

    def padded(self, batch: int, with_lengths: bool = False) -> Rows:
        """Return the rows padded to a size that similar tables share; the same ones each time."""
        key = batch, with_lengths
        if key not in self._padded:
            self._padded[key] = self._pad(batch, with_lengths)
        return self._padded[key]

    @cached_property
    def _padded(self) -> dict[tuple[int, bool], Rows]:
        return {}

    def _pad(self, batch: int, with_lengths: bool) -> Rows:
        size = bucket(self.rows, batch)

        def pad(array: NumpyArray | None) -> NumpyArray | None:
            return None if array is None else pad_rows(array, size)

        lengths = pad(self.lengths) if with_lengths else None
        parts = (tuple(map(pad, one)) for one in (self.x, self.y, self.weights))
        return Rows(*parts, lengths=lengths)

    def part(self, index: Any) -> "Table":
        """Return some of the rows, by slice or by numbers."""
        return Table(
            tuple(array[index] for array in self.x),
            tuple(array[index] for array in self.y),
            tuple(None if array is None else array[index] for array in self.weights),
            None if self.lengths is None else self.lengths[index],
        )


@dataclass(frozen=True)
class EndedEpoch:
    """What one finished epoch reported."""

    epoch: int
    logs: dict[str, Any]
    learning_rate: float


@dataclass(frozen=True)
class Chunk:
    """What one call of the program reported.

    Args:
        epochs: Epochs that ended.
        running: Training values of the present epoch so far.
        readings: (step, epoch, numbers) of each probe reading.
        seconds: Time the call took.
        steps: Steps made.
        position: Steps made in the present epoch.
        good: False when a loss or gradient was not finite.
        stop: 0, or 1 + the number of the policy that asked to stop.
    """

    epochs: list[EndedEpoch]
    running: dict[str, Any]
    readings: list[tuple[int, int, NumpyArray]]
    seconds: float
    steps: int
    position: int
    good: bool
    stop: int


def fitted(options: Options, rows: int, validation_rows: int) -> Options:
    """Return the options with batches no larger than there are rows.

    Args:
        options: The options as asked for.
        rows: Training rows; 0 where their number is not known.
        validation_rows: Rows to score; 0 for none.
    """
    return replace(
        options,
        batch_size=min(options.batch_size, rows or options.batch_size),
        evaluation_batch_size=min(
            options.evaluation_batch_size, validation_rows or options.evaluation_batch_size
        ),
    )


def read_report(
    recipe: Recipe, validated: bool, report: Report, seconds: float, step: int
) -> Chunk:
    """Return what a call of a program reported, in the host's terms.

    Args:
        recipe: What is trained.
        validated: Whether epochs end with a score of validation rows.
        report: The report, as NumPy arrays.
        seconds: Time the call took.
        step: Steps made before it.
    """
    objective = recipe.objective
    epoch, position, made, good, stop = (int(one) for one in report.counters)
    first_epoch = epoch - int(report.epochs)
    ended = []
    for number in range(int(report.epochs)):
        row = report.logs[number]
        logs = objective.logs(row[: objective.log_size])
        if validated:
            logs |= objective.logs(row[objective.log_size : -1], "val_")
        ended.append(EndedEpoch(first_epoch + number, logs, float(row[-1])))
    times = report.times_read[: int(report.read)]
    readings = [
        (int(step_read), int(epoch_read), numbers)
        for (step_read, epoch_read), numbers in zip(times, report.readings, strict=False)
    ]
    running = objective.logs(report.running)
    if ended and position == 0:
        running = {name: ended[-1].logs[name] for name in running}
    return Chunk(ended, running, readings, seconds, made - step, position, bool(good), stop)


class Trainer:
    """One fit's compiled program, data and state.

    Args:
        recipe: What is trained.
        options: What else determines the program.
        data: Training rows; None when they come a window at a time.
        validation: Rows to score after each epoch, or None.
        seed: Seed of shuffling, masks and noise.
        eager: Run the same program uncompiled, for a debugger.
    """

    def __init__(
        self,
        recipe: Recipe,
        options: Options,
        data: Table | None,
        validation: Table | None,
        seed: int,
        eager: bool = False,
    ) -> None:
        self.recipe, self.seed, self.eager = recipe, seed, eager
        self.rows = 0 if data is None else data.rows
        self.validation_rows = 0 if validation is None else validation.rows
        options = fitted(options, self.rows, self.validation_rows)
        batch, scored = options.batch_size, options.evaluation_batch_size
        parts = 1 if eager else parts_for(recipe.network, recipe.structure, batch)
        self.options = replace(options, parts=parts)
        self.program: Program = cache.program(
            (recipe.structure, self.options), lambda: Program(recipe, self.options)
        )
        put = self.program.sharding.put
        self.data = None if data is None else put(data.padded(batch, options.by_length))
        self.validation: Any = None if validation is None else put(validation.padded(scored))
        size = 0 if self.data is None or not options.shuffle else self.data.size
        self.order: Any = put(np.arange(size, dtype=np.int32))
        self.steps_per_epoch = (
            UNKNOWN_STEPS if data is None else -(-self.rows // self.options.batch_size)
        )
        self.state: TrainState | None = None
        self.schedule = Schedule(1, 1)
        self.epochs_before, self.steps_before, self.step = 0, 0, 0
        self.order_known = False
        self._window_first, self._window_rows = 0, 0
        self._told: tuple[Array, ...] | None = None
        self._sent: Sequence[Array] = ()

    @property
    def log_names(self) -> list[str]:
        """Names of the values reported at an epoch's end."""
        names = list(self.recipe.objective.names)
        if self.validation is not None:
            names += [f"val_{name}" for name in names]
        return names

    def advance(self, budget: int) -> Chunk:
        """Make up to `budget` steps on the rows in memory."""
        assert self.data is not None
        return self._call(self.data, budget, False)

    def advance_window(
        self, window: Rows, first: int, budget: int, finish: bool, rows: int = 0
    ) -> Chunk:
        """Make `budget` steps on a window of rows.

        Args:
            window: The rows.
            first: Position in the epoch of the window's first batch.
            budget: Steps to make at most.
            finish: Whether the epoch ends after them.
            rows: Real rows of the window, where it does not say itself which ones they are.
        """
        self._window_first, self._window_rows = first, rows
        return self._call(window, budget, finish)

    def score_outside(self) -> None:
        """Take what validation rows give from `end_epoch`, instead of scoring them."""
        self.validation = np.zeros(self.recipe.objective.size, np.float32)

    def end_epoch(self, window: Rows, sums: NumpyArray) -> Chunk:
        """End an epoch all of whose steps are made.

        Args:
            window: The rows of the last steps.
            sums: Sums of losses and metrics over the validation rows.
        """
        self.validation = sums
        return self._call(window, 0, True)

    def _call(self, data: Rows, budget: int, finish: bool) -> Chunk:
        plan = Plan(
            budget,
            self.steps_per_epoch,
            self._window_rows if self.data is None else self.rows,
            self._window_first,
            self.validation_rows,
            self.seed,
            finish,
            self.epochs_before,
            not self.order_known,
            self.steps_before,
            *self.schedule,
        )
        begun = time.perf_counter()
        before = self.state
        assert before is not None
        run = self.program.run
        with contextlib.ExitStack() as stack:
            if self.eager:
                stack.enter_context(jax.disable_jit())
                run = self.program.trace
            self.state, self.order, report = run(
                before, self.order, self._hyper(), data, self.validation, plan.arrays()
            )
            report = jax.device_get(report)
        self.order_known = True
        seconds = time.perf_counter() - begun
        chunk = read_report(self.recipe, self.validation is not None, report, seconds, self.step)
        self.step += chunk.steps
        return chunk

    def _hyper(self) -> Sequence[Array]:
        """Return the recipe's numbers where the program takes them; sent again if one changed."""
        told = self.recipe.hyper()
        if told != self._told:
            self._told, self._sent = told, self.program.sharding.put(told)
        return self._sent

    def failed_batch(self, data: Rows) -> tuple[Any, Any, NumpyArray | None]:
        """Return the batch at which the run stopped, its random key, and which rows it holds."""
        hyper = self.recipe.hyper()
        rows = self._window_rows if self.data is None else self.rows
        first, seed = self._window_first, self.seed
        plan = Plan(1, self.steps_per_epoch, rows, first, 0, seed, False, self.epochs_before, True)
        state = self.state
        assert state is not None
        found = find_batch(self.recipe.bound(hyper), self.options, data, plan, state, self.order)
        batch, key, index = jax.device_get(found)
        return batch, key, None if self.data is None else index

    def set_weights(self, trained: Any, carried: Any) -> None:
        """Go on with other weights."""
        assert self.state is not None
        self.set_state(self.state._replace(trained=np.array(trained), carried=np.array(carried)))

    def begin(
        self, trained: Any, carried: Any, optimizer: Any = None, epoch: int = 0, step: int = 0
    ) -> None:
        """Set the state from which the first chunk goes on."""
        self.epochs_before, self.steps_before, self.step = epoch, step, step
        probe = self.options.probe
        memory = 0 if probe is None else probe.memory_size(self.recipe)
        self.set_state(states.begin(self.recipe, trained, carried, optimizer, epoch, step, memory))

    def set_state(self, state: TrainState) -> None:
        """Set the state from which the next chunk goes on."""
        self.state = self.program.sharding.put(state)


class Pace:
    """Chooses how many steps a chunk has, so that each takes about `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.rate: float | None = None
        self._chunks = 0

    def steps(self) -> int:
        """Return the number of steps for the next chunk."""
        if self.rate is None:
            return FIRST_STEPS
        return max(1, int(self.rate * self.seconds))

    def took(self, steps: int, seconds: float) -> None:
        """Take note of how long a chunk took; the first one also compiled and does not count."""
        self._chunks += 1
        if self._chunks > 1 and steps:
            self.rate = steps / max(seconds, 1e-6)


class Interrupts:
    """Lets Ctrl-C and SIGTERM end a run at the end of a chunk.

    A second Ctrl-C interrupts at once.
    """

    def __init__(self) -> None:
        self.received: int | None = None

    @property
    def ends_process(self) -> bool:
        """True for SIGTERM, which asks for the process to end, not only the run."""
        return self.received == signal.SIGTERM

    @contextlib.contextmanager
    def watched(self) -> Iterator["Interrupts"]:
        """Take over both signals for a while, in the main thread."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        earlier = {one: signal.signal(one, self._note) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield self
        finally:
            for one, handler in earlier.items():
                signal.signal(one, handler)

    def _note(self, number: int, frame: Any) -> None:
        if self.received is not None and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.received = number


def window_of(batches: Sequence[Table], batch_size: int, capacity: int) -> Rows:
    """Return ready batches as one window of rows: each padded, with a mask of its real rows.

    Args:
        batches: Up to `capacity` batches of at most `batch_size` rows.
        batch_size: Rows that each batch takes up in the window.
        capacity: Batches that the window has room for.
    """

    def stack(arrays: list[NumpyArray | None]) -> NumpyArray | None:
        if arrays[0] is None:
            return None
        padded = [pad_rows(array, batch_size) for array in arrays if array is not None]
        return pad_rows(np.concatenate(padded), capacity * batch_size)

    def gathered(which: str) -> tuple[Any, ...]:
        columns = zip(*(getattr(batch, which) for batch in batches), strict=True)
        return tuple(stack(list(column)) for column in columns)

    real = np.zeros(capacity * batch_size, np.float32)
    for number, batch in enumerate(batches):
        real[number * batch_size : number * batch_size + batch.rows] = 1
    return Rows(gathered("x"), gathered("y"), gathered("weights"), real)
