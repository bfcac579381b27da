"""Many models trained side by side by one compiled program.

Members have one structure and data of the same shapes; they differ in first weights, seed,
tunable numbers, state of the optimiser and values of the data. On a CPU each device, one a core,
takes its members one after another, so that a member that has stopped costs nothing; on a GPU
they are computed together. A member's result is that of the same model trained alone.
"""

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import numpy as np
from jax import lax
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from pellucid.cores import get_cores
from pellucid.data.arrays import bucket
from pellucid.errors import Problem, report
from pellucid.training import cache
from pellucid.training import state as states
from pellucid.training.program import Options, Plan, Program, Rows
from pellucid.training.recipe import Recipe
from pellucid.training.state import TrainState
from pellucid.training.trainer import Chunk, Table, fitted, read_report
from pellucid.types import Array, NumpyArray

MEMBERS = PartitionSpec("members")

IDLE = -1
"""Stands where a slot has no member, which happens if devices share them unequally."""


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
        return self.recipe.structure, self.fitted, arrays, shape

    @property
    def steps_per_epoch(self) -> int:
        """Steps that make an epoch."""
        return -(-self.rows // self.fitted.batch_size)

    def begin(self) -> TrainState:
        """Return the state before the first step."""
        return states.begin(
            self.recipe, self.trained, self.carried, self.optimizer, self.epoch, self.step
        )


def _padded_numbers(numbers: NumpyArray | None, rows: int, batch: int) -> NumpyArray | None:
    """Return row numbers padded to the size of their table, or beyond where there are more."""
    if numbers is None:
        return None
    size = bucket(max(len(numbers), rows), batch)
    return np.pad(np.asarray(numbers, np.int32), (0, size - len(numbers)))


class _Program:
    """The compiled program of a population: that of one model, over members and devices."""

    def __init__(self, member: Member, devices: int) -> None:
        self.one = Program(member.recipe, member.fitted)
        self.mesh = Mesh(np.array(jax.local_devices()[:devices]), ("members",))
        spread: Callable[..., Any] = jax.shard_map(
            self._all,
            mesh=self.mesh,
            in_specs=(MEMBERS, MEMBERS, PartitionSpec()),
            out_specs=MEMBERS,
            check_vma=False,
        )
        # Said again for what comes out: XLA would lay an empty array otherwise.
        over = NamedSharding(self.mesh, MEMBERS)
        self._jitted = jax.jit(spread, donate_argnums=0, out_shardings=over)
        self._compiled: dict[Hashable, Callable[..., Any]] = {}
        self._lock = threading.Lock()

    def compiled(self, *arguments: Any) -> tuple[Callable[..., Any], float]:
        """Return the program for as many slots and tables, and the seconds it took to compile."""
        key = tuple(leaf.shape for leaf in jax.tree.leaves(arguments))
        with self._lock:
            if key in self._compiled:
                return self._compiled[key], 0.0
            begun = time.perf_counter()
            self._compiled[key] = self._jitted.lower(*arguments).compile()
            return self._compiled[key], time.perf_counter() - begun

    def _all(self, held: Any, told: Any, tables: Any) -> Any:
        def one(member: Any) -> Any:
            (state, order), (hyper, plan, places, numbers) = member
            data, validation = map(_taken, tables, places, numbers)
            return self.one.trace(state, order, hyper, data, validation, plan)

        every = held, told
        return jax.vmap(one)(every) if computed_together() else lax.map(one, every)


def computed_together() -> bool:
    """Say whether a device computes its members in one go: on a GPU, which one would not fill."""
    return jax.default_backend() != "cpu"


def _taken(tables: Any, place: Array, numbers: Array | None) -> Any:
    """Return a member's rows: of one of the tables, those with its numbers or all."""
    several = any(leaf.shape[0] > 1 for leaf in jax.tree.leaves(tables))
    table = jax.tree.map(lambda leaf: leaf[place if several else 0], tables)
    if numbers is None:
        return table
    return jax.tree.map(lambda leaf: leaf.at[numbers].get(mode="promise_in_bounds"), table)


def slots_for(members: int) -> int:
    """Return how many slots a device has for so many members.

    Few sizes, so that populations of nearly as many members share a program. A slot without a
    member costs nothing on a CPU; where all are computed together it costs as much as any other,
    so that there at most an eighth are empty.
    """
    return bucket(members, 1) if computed_together() else 1 << (members - 1).bit_length()


def _rows_of(member: Member) -> int:
    """Return the number of a member's training rows with their padding."""
    numbers = member.numbers[0]
    return member.tables[0].size if numbers is None else len(numbers)


class Population:
    """Members in training.

    Args:
        members: At least one, all with the same `Member.key`.

    Raises:
        ArgumentError: Members differ in what determines the program.

    Attributes:
        members: As they were given; methods name them by their number.
        program: The compiled program, shared by populations of one structure.
        compile_seconds: Time it took to compile it; 0 where it was there already.
    """

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = list(members)
        keys = {member.key for member in self.members}
        if len(keys) != 1:
            given = f"members of {len(keys)} kinds"
            fix = "Group them by Member.key, and make a population of each group."
            report([Problem("Population(members=...)", given, "members of one kind", fix)])
        first = self.members[0]
        devices = min(get_cores(), len(self.members))
        self._devices = devices
        self.program: _Program = cache.program(
            ("population", first.key, devices), lambda: _Program(first, devices)
        )
        self._over = NamedSharding(self.program.mesh, MEMBERS)
        self._whole = NamedSharding(self.program.mesh, PartitionSpec())
        self.compile_seconds = 0.0
        self._going = [True] * len(self.members)
        self._steps = [member.step for member in self.members]
        self._positions = [0] * len(self.members)
        self._order_known = False
        self._tables, self._places = self._laid_out()
        self._place(list(range(len(self.members))))
        begun = [member.begin() for member in self.members]
        size = 0 if not first.fitted.shuffle else _rows_of(first)
        order = np.arange(size, dtype=np.int32)
        self._held = self._put([(one, order) for one in [*begun, begun[0]]])

    # -- where members lie -----------------------------------------------------------------

    def _place(self, numbers: list[int]) -> None:
        """Give each member a slot, dealing `numbers`, those that cost time, out to the devices."""
        each = slots_for(-(-len(self.members) // self._devices))
        others = [one for one in range(len(self.members)) if one not in set(numbers)]
        dealt: list[list[int]] = [[] for _ in range(self._devices)]
        for turn, number in enumerate(numbers):
            dealt[turn % self._devices].append(number)
        for number in others:
            min(dealt, key=len).append(number)
        slots = [[*own, *[IDLE] * (each - len(own))] for own in dealt]
        self._slots = [number for own in slots for number in own]

    def _put(self, each: list[Any]) -> Any:
        """Return what members hold, stacked in the order of their slots, on the devices.

        Args:
            each: For each member, and at the end for slots without one, a tree of arrays.
        """
        chosen = [each[number] for number in self._slots]
        stacked = jax.tree.map(
            lambda *leaves: np.stack([np.asarray(one) for one in leaves]), *chosen
        )
        return jax.device_put(stacked, self._over)

    def _fetch(self) -> list[Any]:
        """Return what each member holds, as NumPy arrays."""
        host = jax.device_get(self._held)
        slots = [self._slots.index(number) for number in range(len(self.members))]
        return [jax.tree.map(lambda leaf, slot=slot: leaf[slot], host) for slot in slots]

    def _laid_out(self) -> tuple[Any, list[tuple[int, int]]]:
        """Return the distinct tables stacked, and each member's places among them."""
        kinds: list[dict[int, int]] = [{}, {}]
        stacks: list[list[Any]] = [[], []]
        places = []
        for member in self.members:
            own = []
            for kind, table in enumerate((member.train, member.validation)):
                if id(table) not in kinds[kind]:
                    kinds[kind][id(table)] = len(stacks[kind])
                    stacks[kind].append(member.tables[kind])
                own.append(kinds[kind][id(table)])
            places.append((own[0], own[1]))
        tables = tuple(jax.tree.map(lambda *leaves: np.stack(leaves), *stack) for stack in stacks)
        return jax.device_put(tables, self._whole), places

    # -- training --------------------------------------------------------------------------

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
            What each member reported; None for those that were not going on. As with one
            model, a call reports a bounded number of epochs, and may make fewer steps.
        """
        each = [budgets] * len(self.members) if isinstance(budgets, int) else list(budgets)
        going = self.going
        self._balance(going)
        allowed = [each[number] if number in going else 0 for number in range(len(each))]
        told = self._put(
            [
                (member.recipe.hyper(), self._plan(member, budget).vector(), places, member.numbers)
                for member, budget, places in zip(
                    [*self.members, self.members[0]],
                    [*allowed, 0],
                    [*self._places, self._places[0]],
                    strict=True,
                )
            ]
        )
        run, seconds = self.program.compiled(self._held, told, self._tables)
        self.compile_seconds += seconds
        begun = time.perf_counter()
        state, order, reports = run(self._held, told, self._tables)
        self._held = (state, order)
        reports = jax.device_get(reports)
        seconds = time.perf_counter() - begun
        self._order_known = True
        chunks: list[Chunk | None] = [None] * len(self.members)
        for slot, number in enumerate(self._slots):
            if number in going:
                own = jax.tree.map(lambda leaf, slot=slot: leaf[slot], reports)
                chunks[number] = self._read(number, own, seconds)
        return chunks

    def _plan(self, member: Member, budget: int) -> Plan:
        return Plan(
            budget,
            member.steps_per_epoch,
            member.rows,
            0,
            member.validation_rows,
            member.seed,
            False,
            member.epoch,
            not self._order_known,
        )

    def _read(self, number: int, own: Any, seconds: float) -> Chunk:
        member = self.members[number]
        chunk = read_report(
            member.recipe, member.validation is not None, own, seconds, self._steps[number]
        )
        self._steps[number] += chunk.steps
        self._positions[number] = chunk.position
        self._going[number] = chunk.good and not chunk.stop
        return chunk

    def _balance(self, going: list[int]) -> None:
        """Deal the members that go on out to the devices again, where they lie unequally."""
        each = len(self._slots) // self._devices
        shares = [
            sum(number in going for number in self._slots[start : start + each])
            for start in range(0, len(self._slots), each)
        ]
        if max(shares) - min(shares) > 1:
            held = self._fetch()
            self._place(going)
            self._held = self._put([*held, held[0]])

    def states(self) -> list[TrainState]:
        """Return the members' states, as NumPy arrays."""
        return [state for state, _ in self._fetch()]
