"""Models trained side by side, each as it would be trained alone.

What differs in numbers, seeds or rows shares one compiled program, and so does what is trained
within one wider model; what differs in structure otherwise has one of its own. See
`training/population.py` for how a program trains many.
"""

import threading
import time
import warnings
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pellucid.callbacks import CallbackList
from pellucid.cores import get_cores
from pellucid.data.arrays import check_class_weights
from pellucid.errors import ArgumentError, PellucidWarning
from pellucid.models.feeding import weigh_classes
from pellucid.models.fitting import Fit
from pellucid.models.last_run import LastRun, compile_settings
from pellucid.models.preparing import ensure_built, read_table
from pellucid.models.request import Request
from pellucid.models.rows import chosen_rows
from pellucid.training.final_weights import final_weights
from pellucid.training.history import History
from pellucid.training.policies import check_monitors
from pellucid.training.population import Member, Population, next_ones
from pellucid.training.state import TrainState
from pellucid.training.trainer import Pace, Table
from pellucid.training.widening import widening
from pellucid.types import NumpyArray

TURN_SECONDS = 1.0
"""How long one turn of all candidates lasts, so that clocks and Ctrl-C are looked at in between.
Each turn costs about half a millisecond a candidate."""


class Data:
    """Rows that several models train on, read and checked once for models of one structure.

    Args:
        x: Inputs, as `fit` takes them; no generator.
        y: Labels, as `fit` takes them.
        sample_weight: Weights of the rows, or None.
    """

    def __init__(self, x: Any, y: Any, sample_weight: Any = None) -> None:
        self.x, self.y, self.sample_weight = x, y, sample_weight
        self._tables: dict[Hashable, Table] = {}

    @property
    def given(self) -> tuple[Any, Any, Any]:
        """Inputs, labels and weights."""
        return self.x, self.y, self.sample_weight

    def table(self, model: Any, class_weight: Mapping[Any, float] | None = None) -> Table:
        """Return the rows as they enter `model`, weighed by class."""
        ensure_built(model, self.x)
        network = model.network
        key = network.structure, tuple(model.input_names), tuple(model.output_names)
        if key not in self._tables:
            self._tables[key] = read_table(model, self.x, self.y, self.sample_weight)
        if class_weight is None:
            return self._tables[key]
        check_class_weights(class_weight)
        weighed = (*key, frozenset(class_weight.items()))
        if weighed not in self._tables:
            self._tables[weighed] = weigh_classes(network, self._tables[key], class_weight)
        return self._tables[weighed]


@dataclass(frozen=True, eq=False)
class Candidate:
    """A model, the rows it shall train on, and how.

    Args:
        model: A compiled model with weights, seed and optimiser of its own.
        data: The rows.
        fit: Arguments of `fit`: `epochs`, `batch_size`, `shuffle`, `class_weight`,
            `mixup`, `validation_batch_size` and, as `callbacks`, policies such as `EarlyStopping`.
        train: Numbers of the training rows; None for all. One may stand there several times.
        validation: Numbers of rows to score after each epoch; None for none.
        held_out: Other rows to score instead, of which `validation` then chooses if given.
        wider: The same model with wider layers, in whose program it is trained where that trains
            the same, so that candidates of several widths share one; None for its own program.
    """

    model: Any
    data: Data
    fit: Mapping[str, Any] = field(default_factory=dict)
    train: NumpyArray | None = None
    validation: NumpyArray | None = None
    held_out: Data | None = None
    wider: Any = None

    @property
    def request(self) -> Request:
        """The `fit` that is asked for."""
        return Request(self.data.x, self.data.y, **self.fit)

    def alone(self) -> Callable[[], Request]:
        """Return what tells the `fit` that trains the same by itself: on its rows, beside its own.

        It keeps neither the model nor more than the rows that were given.
        """
        names = self.model.input_names, self.model.output_names
        given, train, validation, fit = self.data.given, self.train, self.validation, self.fit
        held = self.held_out
        if held is None and validation is not None:
            held = self.data
        scored = None if held is None else held.given

        def asked() -> Request:
            x, y, weight = chosen_rows(names, given, train)
            other = None if scored is None else chosen_rows(names, scored, validation)
            return Request(x, y, sample_weight=weight, validation_data=other, **fit)

        return asked


class Trainee:
    """A candidate in training.

    Args:
        candidate: What is trained.

    Raises:
        PellucidError: It cannot be trained: its rows, labels, loss or arguments are refused.

    Attributes:
        member: What a population trains.
        names: Names of the values that it reports.
        epochs: Epochs to train at most.
        logs: Reported values of each epoch so far.
        failed: Whether a loss or gradient was not finite.
        freed: Whether it was let go before its end.
        steps: Steps made.
        seconds: Its share of the time, without that of compiling.
        state: Its last state, when its cohort has handed it back.
    """

    def __init__(self, candidate: Candidate) -> None:
        self.candidate, model = candidate, candidate.model
        request = candidate.request
        request.check()
        calls = CallbackList(request.callbacks)
        if calls.callbacks:
            names = ", ".join(type(one).__name__ for one in calls.callbacks)
            raise ArgumentError(
                f"callbacks: got {names}, expected policies that run inside the program, such as "
                "EarlyStopping() or ReduceLROnPlateau(), where models are trained side by side."
            )
        ensure_built(model, candidate.data.x)
        # Of one wider model, so that what shares a program shares the rows on the device, too.
        shared = model if candidate.wider is None else candidate.wider
        train = candidate.data.table(shared, request.class_weight)
        held = candidate.held_out
        if held is not None:
            held_out: Table | None = held.table(shared)
        else:
            held_out = None if candidate.validation is None else candidate.data.table(shared)
        with warnings.catch_warnings():
            # A fit by itself warns once; so many would repeat it.
            warnings.simplefilter("ignore", PellucidWarning)
            read = Fit(model, request, calls, (train, held_out))
            asked = read if shared is model else Fit(shared, request, calls, (train, held_out))
        recipe, made = read.recipe, model.progress_made
        within = widening(recipe, asked.recipe) if shared is not model else None
        names = recipe.objective.names
        scored = () if held_out is None else (f"val_{name}" for name in names)
        self.names = [*names, *scored]
        check_monitors(recipe.policies, self.names)
        self.recipe = recipe
        optimizer = made.optimizer_for(recipe)
        self.member = Member(
            recipe,
            read.options if within is None else asked.options,
            train,
            held_out,
            model.seed,
            *model.packed(recipe),
            chosen=candidate.train,
            held_out=candidate.validation,
            optimizer=optimizer,
            epoch=made.epochs,
            step=0 if optimizer is None else made.steps,
            widening=within,
        )
        self.epochs = request.epochs - request.initial_epoch
        self.logs: list[dict[str, Any]] = []
        self.failed = self.freed = False
        self.steps, self.seconds = 0, 0.0
        self.state: TrainState | None = None

    @property
    def begun(self) -> bool:
        """Whether it was trained at all."""
        return bool(self.steps) or self.failed

    @property
    def history(self) -> History:
        """What it reported, as `fit` returns it."""
        history = History({"epochs": self.epochs, "steps": self.member.steps_per_epoch})
        for number, row in enumerate(self.logs):
            history.append(number, row)
        return history

    def weights(self) -> tuple[Any, Any]:
        """Return the trained and the other weights with which it ends, packed."""
        assert self.state is not None
        return final_weights(self.recipe, self.state)

    def finished(self) -> Any:
        """Return the candidate's model as `fit` would have left it."""
        return self.give_to(self.candidate.model, self.candidate.alone(), self.history)

    def give_to(self, model: Any, asked: Callable[[], Request], history: History) -> Any:
        """Return a model as a fit that ended like this one would have left it.

        Args:
            model: A compiled model with the weights and optimiser of the candidate's.
            asked: Returns the `fit` that it shall have had.
            history: What that reported.
        """
        assert self.state is not None
        start = np.asarray(self.member.trained), np.asarray(self.member.carried)
        model.adopt(self.recipe, *self.weights())
        made = int(self.state.epoch), int(self.state.step)
        model.progress_made.restore(self.recipe, self.state.optimizer, *made)
        model.history = history
        settings = compile_settings(model.compiled)
        model.last_run = LastRun(asked, settings, model.seed, start, history)
        return model


class Cohort:
    """Candidates in training, in as few compiled programs as there are structures.

    Args:
        candidates: What is trained; trainees where they have been read already.

    Raises:
        PellucidError: A candidate cannot be trained.

    Attributes:
        trainees: One for each candidate, in order.
    """

    def __init__(self, candidates: Sequence[Candidate | Trainee]) -> None:
        self.trainees = [one if isinstance(one, Trainee) else Trainee(one) for one in candidates]
        groups: dict[Hashable, list[int]] = {}
        for number, one in enumerate(self.trainees):
            groups.setdefault(one.member.key, []).append(number)
        self._crews = [
            _Crew(numbers, [self.trainees[number] for number in numbers])
            for numbers in groups.values()
        ]

    @property
    def programs(self) -> int:
        """Number of compiled programs."""
        return len(self._crews)

    @property
    def compile_seconds(self) -> float:
        """Time that compiling took, added up over programs, several of which go at once."""
        return sum(crew.compile_seconds for crew in self._crews)

    @property
    def longest_compile(self) -> float:
        """Seconds that the slowest of its programs took to compile; 0 where none was compiled."""
        return max((crew.compile_seconds for crew in self._crews), default=0.0)

    @property
    def going(self) -> list[int]:
        """Numbers of the candidates that have neither ended nor failed nor been let go."""
        return sorted(number for crew in self._crews for number in crew.going)

    def free(self, numbers: Sequence[int]) -> None:
        """Let candidates go: they keep their state and cost nothing from now on."""
        for crew in self._crews:
            crew.free(set(numbers))

    def train(
        self,
        until: int | Sequence[int] | None = None,
        deadline: float | None = None,
        tell: Callable[[], None] | None = None,
        compiling: float = 0.0,
    ) -> None:
        """Train up to an epoch, and leave each candidate's state with it.

        Args:
            until: Epochs that each shall have made, or that of each; None for all of its own.
            deadline: Reading of `time.perf_counter` at which to leave off.
            tell: Called now and then, from the thread that trains.
            compiling: Seconds that other programs took to compile. One that would take as long,
                and be ready only after the deadline, is not begun.
        """
        count = len(self.trainees)
        each = [until] * count if until is None or isinstance(until, int) else list(until)
        rungs = [
            one.epochs if rung is None else min(rung, one.epochs)
            for one, rung in zip(self.trainees, each, strict=True)
        ]
        broken_off = threading.Event()

        def over(crew: _Crew) -> bool:
            if deadline is None or broken_off.is_set():
                return broken_off.is_set()
            needed = 0.0 if crew.population.compiled else max(compiling, self.longest_compile)
            return time.perf_counter() + needed >= deadline

        # XLA compiles each program on one core, which takes longer than much of the training. One
        # crew more than cores: else the last would compile alone while the other cores wait.
        with ThreadPoolExecutor(get_cores() + 1) as pool:
            asked = [pool.submit(crew.train, rungs, over, tell) for crew in self._crews]
            try:
                for one in asked:
                    one.result()
            except BaseException:
                broken_off.set()
                raise


class _Crew:
    """The candidates that share a program.

    Args:
        numbers: Their numbers in the cohort.
        trainees: They themselves.
    """

    def __init__(self, numbers: Sequence[int], trainees: Sequence[Trainee]) -> None:
        self.numbers, self.trainees = list(numbers), list(trainees)
        self.population = Population([one.member for one in trainees])
        self._pace = Pace(TURN_SECONDS)

    @property
    def going(self) -> list[int]:
        return [self.numbers[place] for place in self._places()]

    @property
    def compile_seconds(self) -> float:
        return self.population.compile_seconds

    def _places(self) -> list[int]:
        alive = self.population.going
        return [one for one in alive if len(self.trainees[one].logs) < self.trainees[one].epochs]

    def free(self, numbers: set[int]) -> None:
        gone = [place for place, number in enumerate(self.numbers) if number in numbers]
        self.population.free(gone)
        for place in gone:
            self.trainees[place].freed = True

    def train(
        self,
        rungs: Sequence[int],
        over: Callable[["_Crew"], bool],
        tell: Callable[[], None] | None,
    ) -> None:
        while any(budgets := self._budgets(rungs)) and not over(self):
            self._advance(budgets)
            if tell is not None:
                tell()
        for one, state in zip(self.trainees, self.population.states(), strict=True):
            one.state = state

    def _budgets(self, rungs: Sequence[int]) -> list[int]:
        """Return how many steps each may make in the next call."""
        most, left = self._pace.steps(), {}
        for place in self._places():
            one = self.trainees[place]
            epochs = rungs[self.numbers[place]] - len(one.logs)
            steps = epochs * one.member.steps_per_epoch - self.population.position(place)
            if steps > 0:
                left[place] = steps
        budgets = [0] * len(self.trainees)
        for place in next_ones(left):
            budgets[place] = min(most, left[place])
        return budgets

    def _advance(self, budgets: Sequence[int]) -> None:
        begun, compiled = time.perf_counter(), self.compile_seconds
        chunks = self.population.advance(budgets)
        seconds = time.perf_counter() - begun - (self.compile_seconds - compiled)
        made = [0 if chunk is None else chunk.steps for chunk in chunks]
        self._pace.took(max(made), seconds)
        for one, chunk in zip(self.trainees, chunks, strict=True):
            if chunk is None:
                continue
            one.logs += [ended.logs for ended in chunk.epochs]
            one.failed |= not chunk.good
            one.steps += chunk.steps
            one.seconds += seconds * chunk.steps / max(1, sum(made))
