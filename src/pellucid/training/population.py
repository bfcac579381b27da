"""Many models trained side by side by one compiled program.

Members have one structure and data of the same shapes; they differ in first weights, seed,
tunable numbers, state of the optimiser and values of the data. Members of several widths have one
structure, too, where they are trained within a wider one. On a CPU each core takes one
member after another through the program of `fit` itself, so that a member that has stopped costs
nothing and what `fit` has compiled serves; on a GPU they are computed together. A member's result
is that of the same model trained alone.
"""

import threading
import time
from collections.abc import Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import numpy as np

from pellucid.cores import get_cores
from pellucid.data.arrays import bucket
from pellucid.errors import Problem, report
from pellucid.processor import on_cpu
from pellucid.training import cache
from pellucid.training import state as states
from pellucid.training.program import Options, Plan, Program, Report, Rows
from pellucid.training.recipe import Recipe
from pellucid.training.state import TrainState
from pellucid.training.trainer import Chunk, Table, fitted, read_report
from pellucid.training.widening import Widening
from pellucid.types import Array, NumpyArray

KEPT_BYTES = 1 << 28
"""Size of the members' own rows together up to which they are kept from call to call."""

_TRACING = threading.Lock()
"""Held by who traces. Python lets one thread run at a time: of several that trace side by side all
are ready late, where of several in turn the first compiles while the next one traces."""


@dataclass(frozen=True, eq=False)
class Member:
    """One model of a population before its first step.

    Args:
        recipe: What is trained, with its numbers.
        options: What else determines the program; batches may not be streamed.
        train: Training rows; members may share one table.
        validation: Rows to score after each epoch, or None.
        seed: Seed of order, masks and noise.
        trained: First values of the trained weights, packed.
        carried: First values of the other weights, packed.
        chosen: Numbers of the training rows that it takes, one perhaps several times; None for
            all. So folds and samples share one table.
        held_out: The same for the rows to score.
        optimizer: State of the optimiser from an earlier fit; begun anew when None.
        epoch: Number of the first epoch.
        step: Updates that the optimiser has made already.
        widening: How it is trained within a recipe of wider layers; None for by its own program.
    """

    recipe: Recipe
    options: Options
    train: Table
    validation: Table | None
    seed: int
    trained: Any
    carried: Any
    chosen: NumpyArray | None = None
    held_out: NumpyArray | None = None
    optimizer: Any = None
    epoch: int = 0
    step: int = 0
    widening: Widening | None = None

    @property
    def compiled(self) -> Recipe:
        """The recipe whose program trains it."""
        return self.recipe if self.widening is None else self.widening.recipe

    @property
    def rows(self) -> int:
        """Number of training rows."""
        return self.train.rows if self.chosen is None else len(self.chosen)

    @property
    def validation_rows(self) -> int:
        """Number of rows that are scored; 0 for none."""
        if self.held_out is not None:
            return len(self.held_out)
        return 0 if self.validation is None else self.validation.rows

    @cached_property
    def fitted(self) -> Options:
        """The options as they are for tables of this size, each member on one device."""
        held = 0 if self.validation is None else self.validation.rows
        return fitted(self.options, self.train.rows, held)

    @cached_property
    def tables(self) -> tuple[Rows, Rows | None]:
        """The tables of its training and validation rows, padded."""
        options = self.fitted
        held = self.validation
        return (
            self.train.padded(options.batch_size, options.by_length),
            None if held is None else held.padded(options.evaluation_batch_size),
        )

    @cached_property
    def numbers(self) -> tuple[NumpyArray | None, NumpyArray | None]:
        """Numbers of its training and validation rows, padded as far as members share sizes."""
        options, held = self.fitted, self.validation
        return (
            _padded_numbers(self.chosen, self.train.rows, options.batch_size),
            None
            if held is None
            else _padded_numbers(self.held_out, held.rows, options.evaluation_batch_size),
        )

    @cached_property
    def key(self) -> Hashable:
        """What members of one population have in common."""
        leaves, shape = jax.tree.flatten((self.tables, self.numbers))
        arrays = tuple((leaf.shape, leaf.dtype.str) for leaf in leaves)
        return self.compiled.structure, self.fitted, arrays, shape

    @property
    def steps_per_epoch(self) -> int:
        """Steps that make an epoch."""
        return -(-self.rows // self.fitted.batch_size)

    @property
    def order(self) -> NumpyArray:
        """The order of its rows before it is first drawn; empty where rows are not shuffled."""
        numbers = self.numbers[0]
        size = self.tables[0].size if numbers is None else len(numbers)
        return np.arange(size if self.fitted.shuffle else 0, dtype=np.int32)

    def begin(self) -> TrainState:
        """Return the state before the first step."""
        begun = states.begin(
            self.recipe, self.trained, self.carried, self.optimizer, self.epoch, self.step
        )
        return begun if self.widening is None else self.widening.padded(begun)

    def own(self, state: TrainState) -> TrainState:
        """Return its own part of a state, in NumPy arrays, of the program that trains it."""
        return state if self.widening is None else self.widening.cropped(state)


def _padded_numbers(numbers: NumpyArray | None, rows: int, batch: int) -> NumpyArray | None:
    """Return row numbers padded to the size of their table, or beyond where there are more."""
    if numbers is None:
        return None
    size = bucket(max(len(numbers), rows), batch)
    return np.pad(np.asarray(numbers, np.int32), (0, size - len(numbers)))


def computed_together() -> bool:
    """Say whether a device computes its members in one go: on a GPU, which one would not fill."""
    return not on_cpu()


def next_ones(left: Mapping[int, int]) -> list[int]:
    """Return who makes the next steps, so that no core waits for another: those with most left.

    Args:
        left: By number how many steps a member has before it.

    Example:
        >>> from pellucid.training.population import next_ones
        >>> next_ones({4: 80})
        [4]
    """
    count, cores = len(left), get_cores()
    if count > cores and not computed_together():
        count -= count % cores
    return sorted(left, key=lambda number: -left[number])[:count]


class _ByTurns:
    """Members that the program of one model trains one after another, a core each.

    Args:
        members: At least one, all with the same `Member.key`.
    """

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members
        first = members[0]
        self.program: Program = cache.program(
            (first.compiled.structure, first.fitted), lambda: Program(first.compiled, first.fitted)
        )
        self.key, self.compile_seconds = first.key, 0.0
        self._begun = False
        self._held: list[Any] = [(one.begin(), one.order) for one in members]
        self._hyper = jax.device_put([one.recipe.hyper() for one in members])
        self._tables: dict[int, Any] = {}
        self._rows: dict[tuple[int, ...], Any] = {}
        self._keeps = _own_bytes(members) <= KEPT_BYTES

    def run(self, plans: Mapping[int, Plan]) -> dict[int, Report]:
        """Carry out each member's plan, and return what it reported."""
        numbers = list(plans)
        reports = []
        if not self._begun:
            # Two threads that both find nothing compiled would compile it twice.
            reports.append(self._first(numbers[0], plans[numbers[0]]))
            self._begun = True
        rest = numbers[len(reports) :]
        with ThreadPoolExecutor(get_cores()) as pool:
            reports += pool.map(self._one, rest, [plans[one] for one in rest])
        return dict(zip(numbers, reports, strict=True))

    def _first(self, number: int, plan: Plan) -> Report:
        """Carry out the first plan, compiling the program where that was not done before."""
        with _TRACING:
            begun, traced = time.perf_counter(), self.program.traces
            if self.key not in self.program.compiled:
                self.program.run.lower(*self._arguments(number, plan))
        report = self._one(number, plan)
        if self.program.traces > traced:
            self.compile_seconds = time.perf_counter() - begun
        return report

    def _one(self, number: int, plan: Plan) -> Report:
        state, order, report = self.program.run(*self._arguments(number, plan))
        self._held[number] = state, order
        # What has been computed is read in place; `device_get` would set up a copy of each array.
        return jax.tree.map(np.asarray, jax.block_until_ready(report))

    def _arguments(self, number: int, plan: Plan) -> tuple[Any, ...]:
        """Return what the program takes to carry out a member's plan."""
        return *self._held[number], self._hyper[number], *self._data(self.members[number]), plan

    def _data(self, member: Member) -> tuple[Rows, Rows | None]:
        """Return a member's rows on the device."""
        found = []
        tables = member.train, member.validation
        for kind, (table, numbers) in enumerate(zip(tables, member.numbers, strict=True)):
            key = (kind, id(table), id(member.chosen if kind == 0 else member.held_out))
            rows = self._rows.get(key)
            if rows is None:
                rows = jax.device_put(_taken(member.tables[kind], numbers))
                if numbers is None or self._keeps:
                    self._rows[key] = rows
            found.append(rows)
        return found[0], found[1]

    def states(self) -> list[TrainState]:
        """Return the members' states, as NumPy arrays."""
        return [state for state, _ in jax.device_get(self._held)]


def _taken(rows: Any, numbers: NumpyArray | None) -> Any:
    """Return the rows with these numbers, or all."""
    return rows if numbers is None else jax.tree.map(lambda leaf: leaf[numbers], rows)


def _own_bytes(members: Sequence[Member]) -> int:
    """Return how much room rows take that are not all of a table; members may share them."""
    kinds = {
        (id(table), id(chosen)): (rows, numbers)
        for one in members
        for table, chosen, rows, numbers in zip(
            (one.train, one.validation),
            (one.chosen, one.held_out),
            one.tables,
            one.numbers,
            strict=True,
        )
    }
    return sum(
        leaf.nbytes // len(leaf) * len(numbers)
        for rows, numbers in kinds.values()
        if numbers is not None
        for leaf in jax.tree.leaves(rows)
    )


class _Together:
    """Members that one program over a leading axis trains at the same time.

    Args:
        members: At least one, all with the same `Member.key`.
    """

    def __init__(self, members: Sequence[Member]) -> None:
        self.members, first = members, members[0]
        # Populations of nearly as many members share what is compiled.
        self._slots = bucket(len(members), 1)
        filled = [*members, *[first] * (self._slots - len(members))]
        self.program, self._run = cache.program(
            ("together", first.compiled.structure, first.fitted), lambda: _over_members(first)
        )
        self._held = _stacked([(one.begin(), one.order) for one in filled])
        self.key, self.compile_seconds = (first.key, self._slots), 0.0
        self._tables, self._told = self._laid_out(filled)

    def _laid_out(self, members: Sequence[Member]) -> tuple[Any, Any]:
        """Return the distinct tables stacked, and what tells each member its own."""
        kinds: list[dict[int, int]] = [{}, {}]
        stacks: list[list[Any]] = [[], []]
        told = []
        for member in members:
            own = []
            for kind, table in enumerate((member.train, member.validation)):
                if id(table) not in kinds[kind]:
                    kinds[kind][id(table)] = len(stacks[kind])
                    stacks[kind].append(member.tables[kind])
                own.append(np.int32(kinds[kind][id(table)]))
            told.append((member.recipe.hyper(), tuple(own), member.numbers))
        return jax.device_put(tuple(map(_stacked, stacks))), _stacked(told)

    def run(self, plans: Mapping[int, Plan]) -> dict[int, Report]:
        """Carry out each member's plan, and return what it reported."""
        nothing = jax.tree.map(np.zeros_like, next(iter(plans.values())))
        plan = _stacked([plans.get(number, nothing) for number in range(self._slots)])
        given = self._held, self._told, plan, self._tables
        begun, traced = time.perf_counter(), self.program.traces
        if self.key not in self.program.compiled:
            with _TRACING:
                begun = time.perf_counter()
                self._run.lower(*given)
        state, order, reports = self._run(*given)
        self._held = state, order
        reports = jax.device_get(reports)
        if self.program.traces > traced:
            self.compile_seconds += time.perf_counter() - begun
        return {number: _unstacked(reports, number) for number in plans}

    def states(self) -> list[TrainState]:
        """Return the members' states, as NumPy arrays."""
        state, _ = jax.device_get(self._held)
        return [_unstacked(state, number) for number in range(len(self.members))]


def _over_members(member: Member) -> tuple[Program, Any]:
    """Return the program of one member, and that of many, compiled."""
    program = Program(member.compiled, member.fitted)

    def run(held: Any, told: Any, plans: Plan, tables: Any) -> Any:
        def one(held: Any, told: Any, plan: Plan) -> Any:
            (state, order), (hyper, places, numbers) = held, told
            data, validation = map(_gathered, tables, places, numbers)
            return program.trace(state, order, hyper, data, validation, plan)

        return jax.vmap(one)(held, told, plans)

    return program, jax.jit(run, donate_argnums=0)


def _gathered(tables: Any, place: Array, numbers: Array | None) -> Any:
    """Return a member's rows: of one of the tables, those with its numbers or all."""
    several = any(leaf.shape[0] > 1 for leaf in jax.tree.leaves(tables))
    table = jax.tree.map(lambda leaf: leaf[place if several else 0], tables)
    if numbers is None:
        return table
    return jax.tree.map(lambda leaf: leaf.at[numbers].get(mode="promise_in_bounds"), table)


def _stacked(trees: Sequence[Any]) -> Any:
    return jax.tree.map(lambda *leaves: np.stack([np.asarray(one) for one in leaves]), *trees)


def _unstacked(tree: Any, number: int) -> Any:
    return jax.tree.map(lambda leaf: leaf[number], tree)


class Population:
    """Members in training.

    Args:
        members: At least one, all with the same `Member.key`.

    Raises:
        ArgumentError: Members differ in what determines the program.

    Attributes:
        members: As they were given; methods name them by their number.
    """

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = list(members)
        keys = {member.key for member in self.members}
        if len(keys) != 1:
            given = f"members of {len(keys)} kinds"
            fix = "Group them by Member.key, and make a population of each group."
            report([Problem("Population(members=...)", given, "members of one kind", fix)])
        self._going = [True] * len(self.members)
        self._steps = [member.step for member in self.members]
        self._positions = [0] * len(self.members)
        self._ordered = [False] * len(self.members)
        self._engine = (_Together if computed_together() else _ByTurns)(self.members)

    @property
    def program(self) -> Program:
        """The program of one member, shared by populations of one structure."""
        return self._engine.program

    @property
    def compile_seconds(self) -> float:
        """Time that the first calls took, where they compiled the program."""
        return self._engine.compile_seconds

    @property
    def compiled(self) -> bool:
        """Whether a population of this kind has been trained before, so that nothing compiles."""
        return self._engine.key in self.program.compiled

    @property
    def going(self) -> list[int]:
        """Numbers of the members that train on: not freed, not stopped, every loss finite."""
        return [number for number, going in enumerate(self._going) if going]

    def position(self, number: int) -> int:
        """Return the steps that a member has made in its present epoch."""
        return self._positions[number]

    def free(self, numbers: Sequence[int]) -> None:
        """Let members be: their states stay, and they cost nothing from now on."""
        for number in numbers:
            self._going[number] = False

    def advance(self, budgets: int | Sequence[int]) -> list[Chunk | None]:
        """Make up to so many steps of every member that goes on.

        Args:
            budgets: Steps for all members, or for each.

        Returns:
            What each member reported; None for those that were not going on or had no budget.
            As with one model, a call reports a bounded number of epochs, and may make fewer steps.
        """
        each = [budgets] * len(self.members) if isinstance(budgets, int) else list(budgets)
        plans = {number: self._plan(number, each[number]) for number in self.going if each[number]}
        chunks: list[Chunk | None] = [None] * len(self.members)
        if not plans:
            return chunks
        begun = time.perf_counter()
        reports = self._engine.run(plans)
        self.program.compiled.add(self._engine.key)
        seconds = time.perf_counter() - begun
        for number, own in reports.items():
            chunks[number] = self._read(number, own, seconds)
        return chunks

    def _plan(self, number: int, budget: int) -> Plan:
        member = self.members[number]
        return Plan(
            budget,
            member.steps_per_epoch,
            member.rows,
            0,
            member.validation_rows,
            member.seed,
            False,
            member.epoch,
            not self._ordered[number],
        ).arrays()

    def _read(self, number: int, own: Report, seconds: float) -> Chunk:
        member = self.members[number]
        chunk = read_report(
            member.recipe, member.validation is not None, own, seconds, self._steps[number]
        )
        self._steps[number] += chunk.steps
        self._positions[number] = chunk.position
        self._ordered[number] = True
        self._going[number] = chunk.good and not chunk.stop
        return chunk

    def states(self) -> list[TrainState]:
        """Return the members' states, as NumPy arrays."""
        states = self._engine.states()
        return [one.own(state) for one, state in zip(self.members, states, strict=True)]
