"""The compiled training program: train steps in a loop, epochs in a loop around it.

One call runs as many steps as the host asks for, over epoch ends if need be. The loops
have traced bounds, so one compilation serves every chunk size, number of epochs, number
of rows and set of hyper-parameters. At an epoch's end the program scores the validation
rows, lets the policies judge and writes a row of reported values.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from pellucid.layers.context import Context
from pellucid.ops import random
from pellucid.ops.order import by_length
from pellucid.processor import apart, full_products
from pellucid.training.loss import Batch, batch_loss
from pellucid.training.objective import Labels
from pellucid.training.policies import Policy
from pellucid.training.probe import Probe
from pellucid.training.reading import take_reading
from pellucid.training.recipe import Recipe
from pellucid.training.sharding import Sharding
from pellucid.training.state import TrainState
from pellucid.training.statistics import estimated, has_statistics
from pellucid.training.update import updated
from pellucid.training.weight_averaging import SWA
from pellucid.training.work import widest
from pellucid.types import Array, NumpyArray

LOG_CAPACITY = 64
"""Epochs, and probe readings, that one call can report."""

LONG_SUMS = 2**17
"""Numbers of one layer's result from which a gradient that sums them is made by itself."""

STEP_PLACE, SHUFFLE_PLACE, STATISTICS_PLACE = 1, 2, 3
"""Places under an epoch's key: masks and noise of the steps, the order of the rows, and masks
and noise of the pass that estimates statistics anew."""


class Rows(NamedTuple):
    """Rows on the device, padded at the end.

    Args:
        x: The network's feeds.
        y: Labels of each output.
        weights: Sample weights of each output, or None.
        real: Shape (rows,); 1 for real rows. None where real rows are the first `count`.
        lengths: Shape (rows,); steps in each row's sequence, where batches are made by it.
    """

    x: tuple[Array, ...]
    y: tuple[Array, ...]
    weights: tuple[Array | None, ...]
    real: Array | None = None
    lengths: Array | None = None

    @property
    def size(self) -> int:
        """Number of rows, padding included."""
        return self.x[0].shape[0]


class Plan(NamedTuple):
    """What the host asks of one call; whole numbers, all traced, each by itself: taken out of one
    vector, each would be a piece of code to compile.

    Args:
        budget: Steps to make at most.
        steps_per_epoch: Steps that make an epoch.
        rows: Real rows of `data`.
        first: Position in the epoch of the first batch of `data`; below 0 where that batch belonged
            to the epoch before.
        validation_rows: Real rows of the validation data.
        seed: Seed of the run.
        finish: 1 to end the epoch after the steps, when its length was not known.
        epochs_before: Epochs of earlier fits, which policies do not count.
        reorder: 1 to work out the order of the rows anew, as after a restart within an epoch.
        steps_before: Steps of earlier fits, which do not count towards a probe's next reading.
        every: Steps between two readings of the probe, at first.
        widens: Steps after which the readings lie twice as far apart, and again at each doubling.
    """

    budget: Any
    steps_per_epoch: Any
    rows: Any
    first: Any
    validation_rows: Any
    seed: Any
    finish: Any
    epochs_before: Any
    reorder: Any
    steps_before: Any = 0
    every: Any = 1
    widens: Any = 1

    def arrays(self) -> "Plan":
        """Return the plan as the program takes it: only the seed may need all 32 bits."""
        numbers = Plan(*(np.int32(part) for part in self._replace(seed=0)))
        return numbers._replace(seed=np.uint32(self.seed))


class Report(NamedTuple):
    """What one call tells the host.

    Args:
        logs: Shape (LOG_CAPACITY, values); a row for each epoch that ended.
        epochs: Number of rows of `logs` that count.
        readings: Shape (LOG_CAPACITY, numbers); a row for each probe reading.
        times_read: Step and epoch of each reading.
        read: Number of readings that count.
        running: Reported training values of the present epoch so far.
        counters: Epoch, position, step, good and stop of the state.
    """

    logs: Array
    epochs: Array
    readings: Array
    times_read: Array
    read: Array
    running: Array
    counters: tuple[Array, ...]


@dataclass(frozen=True)
class Options:
    """What beside the recipe determines a program.

    Args:
        batch_size: Rows in a batch.
        evaluation_batch_size: Rows in a batch when scoring.
        shuffle: Whether the rows are put in a new order each epoch.
        by_length: Whether batches are made of rows of similar length when shuffled.
        streamed: Whether data are a window of ready batches instead of all rows.
        probe: What looks into the run, or None.
        parts: Number of cores over which the rows of each batch are laid.
    """

    batch_size: int
    evaluation_batch_size: int = 256
    shuffle: bool = True
    by_length: bool = False
    streamed: bool = False
    probe: Probe | None = None
    parts: int = 1


class Program:
    """The compiled program of one recipe.

    `traces` counts how often JAX traced it; a count of 1 means one compilation. `compiled` holds
    the keys of populations that it was compiled for.
    """

    def __init__(self, recipe: Recipe, options: Options) -> None:
        # A detached copy: the cache of programs must not keep a model's arrays alive.
        self.recipe = recipe.bound(recipe.hyper())
        self.options = options
        self.traces = 0
        self.compiled: set[Hashable] = set()
        self.sharding = Sharding(options.parts)
        self.run = self.sharding.compile(self.trace, donate_argnums=0)

    # -- the whole call ------------------------------------------------------------------

    @full_products()
    def trace(
        self,
        state: TrainState,
        order: Array,
        hyper: Sequence[Array],
        data: Rows,
        validation: Rows | Array | None,
        plan: Plan,
    ) -> tuple[TrainState, Array, Report]:
        """Return state, order and report after one call; what JAX traces.

        Instead of validation rows there may be the sums of losses and metrics over them.
        """
        self.traces += 1
        recipe = self.recipe.bound(hyper)
        call = _Call(recipe, self.options, self.sharding, data, validation, plan)
        return call.run(state, order)


class _Progress(NamedTuple):
    """What the loop over stretches carries."""

    state: TrainState
    order: Array
    budget: Array
    report: Report


class _Call:
    """One call of the program while it is traced."""

    def __init__(
        self,
        recipe: Recipe,
        options: Options,
        sharding: Sharding,
        data: Rows,
        validation: Rows | Array | None,
        plan: Plan,
    ) -> None:
        self.recipe, self.options, self.sharding = recipe, options, sharding
        self.data, self.validation, self.plan = data, validation, plan
        self.key = _run_key(plan.seed)

    def run(self, state: TrainState, order: Array) -> tuple[TrainState, Array, Report]:
        begun = _Progress(state, order, self.plan.budget, self._blank_report())
        done = lax.while_loop(self._goes_on, self._stretch, begun)
        running = self.recipe.objective.log_vector(done.state.sums)
        after = done.state
        counters = after.epoch, after.position, after.step, after.good, after.stop
        return after, done.order, done.report._replace(running=running, counters=counters)

    def _blank_report(self) -> Report:
        objective, probe = self.recipe.objective, self.options.probe
        width = objective.log_size * (1 if self.validation is None else 2) + 1
        readings, numbers = 0, 0
        if probe is not None:
            readings, numbers = LOG_CAPACITY, len(probe.columns(self.recipe))
        return Report(
            jnp.zeros((LOG_CAPACITY, width), jnp.float32),
            jnp.int32(0),
            jnp.zeros((readings, numbers), jnp.float32),
            jnp.zeros((readings, 2), jnp.int32),
            jnp.int32(0),
            jnp.zeros(objective.log_size, jnp.float32),
            (),
        )

    def _goes_on(self, progress: _Progress) -> Array:
        state, report = progress.state, progress.report
        room = (report.epochs < LOG_CAPACITY) & (report.read < LOG_CAPACITY)
        told = (self.plan.finish == 1) & (report.epochs == 0)
        return ((progress.budget > 0) | told) & state.good & (state.stop == 0) & room

    # -- a stretch: steps up to the end of the budget, the epoch or the probe's interval ---

    def _stretch(self, progress: _Progress) -> _Progress:
        state = progress.state
        order = self.order_of(state, progress.order)
        progress = progress._replace(order=order)
        steps = jnp.minimum(progress.budget, self.plan.steps_per_epoch - state.position)
        probe = self.options.probe
        if probe is not None:
            interval = self._interval(state)
            since = (state.step - self.plan.steps_before) % interval
            steps = jnp.minimum(steps, interval - since)
            due = (since == 0) & (progress.budget > 0)
            progress = lax.cond(due, partial(self._probe, probe), lambda same: same, progress)
        state, _ = self._steps(progress.state, order, steps)
        progress = progress._replace(state=state, budget=progress.budget - steps)
        # The one place where rows are scored: each further one would be compiled once more.
        full = state.position >= self.plan.steps_per_epoch
        told = (self.plan.finish == 1) & (progress.budget == 0)
        ended = state.good & (full | told)
        return lax.cond(ended, self._finish_epoch, lambda same: same, progress)

    def _interval(self, state: TrainState) -> Array:
        """Return the steps between two readings, which grow with the length of the run."""
        widths = (state.step - self.plan.steps_before) // self.plan.widens
        doublings = 32 - lax.clz(widths)
        return self.plan.every << doublings

    def order_of(self, state: TrainState, order: Array) -> Array:
        if self.options.streamed or not self.options.shuffle:
            return order
        key = _shuffle_key(self.key, state.epoch)
        size = self.data.size
        return lax.cond(
            (state.position == 0) | (self.plan.reorder == 1),
            lambda: self._shuffled(key, size),
            lambda: order,
        )

    def _shuffled(self, key: Array, size: int) -> Array:
        order = random.permutation(key, size, self.plan.rows)
        if not self.options.by_length:
            return order
        again, lengths = random.fold(key, 0), self.data.lengths
        return by_length(again, order, lengths, self.options.batch_size, self.plan.rows)

    def _steps(self, state: TrainState, order: Array, steps: Array) -> tuple[TrainState, Array]:
        """Make `steps` train steps, or fewer if one is not finite."""

        def unfinished(carry: tuple[Array, TrainState]) -> Array:
            return (carry[0] < steps) & carry[1].good

        def step(carry: tuple[Array, TrainState]) -> tuple[Array, TrainState]:
            made, state = carry
            batch = self.batch(order, state)
            return made + 1, train_step(self.recipe, state, batch, self.step_key(state))

        made, state = lax.while_loop(unfinished, step, (jnp.int32(0), state))
        return state, made

    def step_key(self, state: TrainState) -> Array:
        return _key_under(self.key, state.epoch, state.position)

    def batch(self, order: Array, state: TrainState) -> Batch:
        feeds, labels = as_batch(self.rows(order, state.position), self.sharding)
        if self.recipe.mixup is None:
            return feeds, labels
        pairs = self.recipe.mixup.pairs(self.step_key(state), labels.rows)
        return pairs.mixed(feeds), replace(labels, pairs=pairs)

    def rows(self, order: Array, position: Array) -> Rows:
        """Return the rows of one step, which begin at `position` in the epoch."""
        size = self.options.batch_size
        if self.options.streamed:
            return slice_rows(self.data, (position - self.plan.first) * size, size)
        start = (position - self.plan.first) * size
        real = (start + lax.iota(jnp.int32, size) < self.plan.rows).astype(jnp.float32)
        if not self.options.shuffle:
            return slice_rows(self.data, start, size, real)
        index = self.sharding.split(lax.dynamic_slice(order, (start,), (size,)))
        taken = jax.tree.map(lambda a: a.at[index].get(mode="promise_in_bounds"), self.data)
        return taken._replace(real=real)

    # -- a probe reading -------------------------------------------------------------------

    def _probe(self, probe: Probe, progress: _Progress) -> _Progress:
        """Read the step that comes next: at the weights as they are, on its batch."""
        state, report = progress.state, progress.report
        batch = self.batch(progress.order, state)
        reading = take_reading(self.recipe, state, batch, self.step_key(state), probe.opposes)
        numbers, memory = probe.read(reading)
        report = report._replace(
            readings=lax.dynamic_update_slice(report.readings, numbers[None], (report.read, 0)),
            times_read=report.times_read.at[report.read].set(jnp.stack([state.step, state.epoch])),
            read=report.read + 1,
        )
        return progress._replace(state=state._replace(memory=memory), report=report)

    # -- the end of an epoch -----------------------------------------------------------------

    def _finish_epoch(self, progress: _Progress) -> _Progress:
        state, report, recipe = progress.state, progress.report, self.recipe
        parts = [recipe.objective.log_vector(state.sums)]
        if self.validation is not None:
            parts.append(recipe.objective.log_vector(self._validation_sums(state)))
        rate = recipe.optimizer.current_rate(state.step) * state.rate_scale
        logs = jnp.concatenate(parts)
        state = self._judge(state, logs, rate)
        row = jnp.concatenate([logs, jnp.reshape(rate, 1)])
        report = report._replace(
            logs=lax.dynamic_update_slice(report.logs, row[None], (report.epochs, 0)),
            epochs=report.epochs + 1,
        )
        state = state._replace(
            sums=jnp.zeros_like(state.sums), epoch=state.epoch + 1, position=jnp.int32(0)
        )
        return progress._replace(state=state, report=report)

    def _validation_sums(self, state: TrainState) -> Array:
        """Return the sums of losses and metrics over the validation rows."""
        if not isinstance(self.validation, Rows):
            return self.validation
        sums, _ = score(
            self.recipe,
            (state.trained, state.carried),
            self.validation,
            self.plan.validation_rows,
            self.options.evaluation_batch_size,
            self.sharding,
        )
        return sums

    def _judge(self, state: TrainState, logs: Array, rate: Array) -> TrainState:
        """Let every policy look at the epoch's values."""
        policies, best, scale, stop = [], list(state.best), state.rate_scale, state.stop
        epoch = state.epoch - self.plan.epochs_before
        kept = 0
        for number, policy in enumerate(self.recipe.policies):
            value = logs[log_place(self.recipe, policy)]
            own, verdict = policy.observe(state.policies[number], value, epoch, rate)
            policies.append(own)
            if policy.keeps_weights:
                best[kept] = self._kept(policy, best[kept], state, verdict.share)
                kept += 1
            scale = scale * verdict.rate_scale
            stop = jnp.where((stop == 0) & verdict.stop, number + 1, stop)
        return state._replace(
            policies=tuple(policies), best=tuple(best), rate_scale=scale, stop=stop
        )

    def _kept(self, policy: Policy, kept: Array, state: TrainState, share: Array) -> Array:
        """Return the weights kept for a policy, after the present ones have had their share."""
        before = kept[: state.trained.size]
        mean = before + share * (state.trained - before)
        trained = jnp.where(share >= 1, state.trained, mean)
        others = state.carried
        if isinstance(policy, SWA) and has_statistics(self.recipe.network):
            others = lax.cond(share > 0, lambda: self._statistics(state, trained), lambda: others)
        carried = jnp.where(share > 0, others, kept[state.trained.size :])
        return jnp.concatenate([trained, carried])

    def _statistics(self, state: TrainState, trained: Array) -> Array:
        """Return the other weights with statistics of the training rows under these weights."""

        def batch(number: Array) -> Batch:
            size = self.options.batch_size
            start = number * size
            real = (start + lax.iota(jnp.int32, size) < self.plan.rows).astype(jnp.float32)
            return as_batch(slice_rows(self.data, start, size, real), self.sharding)

        key = random.fold(random.fold(self.key, state.epoch), STATISTICS_PLACE)
        steps = self.plan.steps_per_epoch
        return estimated(self.recipe, trained, state.carried, batch, steps, key)


def key_of_step(seed: Array, epoch: Array, position: Array) -> Array:
    """Return the key of masks and noise in one step.

    Args:
        seed: Seed of the run.
        epoch: Number of the epoch.
        position: Steps made in the epoch before this one.
    """
    return _key_under(_run_key(seed), epoch, position)


def order_of_rows(seed: int, epoch: int, rows: int) -> NumpyArray:
    """Return the numbers of rows in the order in which an epoch takes those in memory.

    Args:
        seed: Seed of the run.
        epoch: Number of the epoch.
        rows: How many there are.

    Example:
        >>> from pellucid.training.program import order_of_rows
        >>> sorted(order_of_rows(0, 3, 5).tolist())
        [0, 1, 2, 3, 4]
    """
    key = _shuffle_key(_run_key(np.uint32(seed)), np.uint32(epoch))
    return np.asarray(random.permutation(key, rows, np.int32(rows)))


def _shuffle_key(run_key: Array, epoch: Array) -> Array:
    return random.fold(random.fold(run_key, epoch), SHUFFLE_PLACE)


def _run_key(seed: Array) -> Array:
    return random.scramble(jnp.asarray(seed, jnp.uint32))


def _key_under(run_key: Array, epoch: Array, position: Array) -> Array:
    return random.fold(random.fold(random.fold(run_key, epoch), STEP_PLACE), position)


def find_batch(
    recipe: Recipe, options: Options, data: Rows, plan: Plan, state: TrainState, order: Array
) -> tuple[Any, Array, Array]:
    """Return the batch that the next step would take, its key, and its rows' numbers."""
    call = _Call(recipe, options, Sharding(1), data, None, plan)
    order = call.order_of(state, order)
    start = int(state.position) * options.batch_size
    batch = call.batch(order, state)
    index = (
        order[start : start + options.batch_size]
        if options.shuffle
        else start + np.arange(options.batch_size)
    )
    return batch, call.step_key(state), index


def log_place(recipe: Recipe, policy: Policy) -> int:
    """Return where the value that `policy` watches lies in an epoch's reported values."""
    name = policy.monitored() or "loss"
    objective = recipe.objective
    if name.startswith("val_"):
        return objective.log_size + objective.log_place(name.removeprefix("val_"))
    return objective.log_place(name)


def slice_rows(data: Rows, start: Array, size: int, real: Array | None = None) -> Rows:
    """Return `size` consecutive rows; `real` says which of them are not padding."""
    taken = jax.tree.map(lambda a: lax.dynamic_slice_in_dim(a, start, size), data)
    return taken if real is None else taken._replace(real=real)


def as_batch(rows: Rows, sharding: Sharding) -> Batch:
    """Return rows as feeds and labels, each device having its part of them."""
    rows = sharding.split(rows)
    assert rows.real is not None
    return rows.x, Labels(rows.y, rows.weights, rows.real)


def train_step(recipe: Recipe, state: TrainState, batch: Batch, key: Array) -> TrainState:
    """Return the state after one update; the same state, marked, if it is not finite."""
    carried = recipe.carried.unpack(state.carried)
    compute = jax.value_and_grad(partial(batch_loss, recipe), has_aux=True)
    (_, (loss, changed, sums)), gradients = compute(
        recipe.trained.unpack(state.trained), carried, batch, key
    )
    flat = _gathered(recipe, batch, gradients)
    # One sum tells whether any gradient is NaN or infinite: made apart, or it would be split into
    # sums over each weight's gradient, which cost a tenth of a small network's step.
    good = jnp.isfinite(loss) & jnp.isfinite(apart(jnp.sum, flat))
    trained, optimizer = updated(recipe, state, flat)
    following = state._replace(
        trained=trained,
        carried=recipe.after(state.carried, changed),
        optimizer=optimizer,
        sums=state.sums + sums,
        step=state.step + 1,
        position=state.position + 1,
    )
    kept = jax.tree.map(lambda new, old: jnp.where(good, new, old), following, state)
    return kept._replace(good=good)


def _gathered(recipe: Recipe, batch: Batch, gradients: Sequence[Array]) -> Array:
    """Return the gradients in one vector.

    Where a layer's results are many, a vector's gradient, such as a bias's, is a long sum. It is
    made before the vectors are laid end to end: an element of that is computed at a time, and
    the sum's numbers would be fetched from memory anew for each.
    """
    rows = batch[1].rows.shape[0]
    if rows * widest(recipe.network) >= LONG_SUMS:
        gradients = [apart(jnp.copy, one) if one.ndim == 1 else one for one in gradients]
    return recipe.trained.pack(gradients)


def score(
    recipe: Recipe,
    weights: tuple[Array, Array],
    data: Rows,
    count: Array,
    batch_size: int,
    sharding: Sharding,
) -> tuple[Array, Array]:
    """Return the sums of losses and metrics over the first `count` rows, not training.

    Beside them: the weights that are not trained, which batches of stateful layers change.
    """
    trained, carried = weights
    network, objective = recipe.network, recipe.objective
    size = min(batch_size, data.size)
    first = recipe.values(trained, carried)
    penalty = network.penalty(first)

    def add(number: Array, so_far: tuple[Array, Any]) -> tuple[Array, Any]:
        sums, moving = so_far
        values = first if moving is None else recipe.values(trained, moving)
        start = number * size
        real = (start + lax.iota(jnp.int32, size) < count).astype(jnp.float32)
        feeds, labels = as_batch(slice_rows(data, start, size, real), sharding)
        done = network.apply(values, feeds, Context(rows=labels.rows), objective.logits)
        _, own = objective.measure(done.outputs, labels, done.masks)
        sums = sums + own.at[1].add((penalty + done.penalty) * own[0])
        return sums, None if moving is None else recipe.after(moving, done.state)

    begun = jnp.zeros(objective.size, jnp.float32), carried if network.stateful else None
    sums, moved = lax.fori_loop(0, (count + size - 1) // size, add, begun)
    return sums, carried if moved is None else moved
