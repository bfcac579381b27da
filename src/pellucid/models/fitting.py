"""`fit`: from a request to a trained model and its history."""

import inspect
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from pellucid.callbacks import CallbackList, EarlyStopping, ReduceLROnPlateau
from pellucid.data.arrays import split_rows
from pellucid.data.dataset import Dataset
from pellucid.data.sequences import holds_ragged
from pellucid.description import Description
from pellucid.errors import NonFiniteError, PellucidWarning, Problem, Together, report, within
from pellucid.layers import Embedding
from pellucid.layers.variables import version
from pellucid.models.compiling import check_losses, unpack_batch
from pellucid.models.feeding import weigh_classes
from pellucid.models.feeds import (
    MemoryFeed,
    StreamFeed,
    is_stream,
    limited,
    raw_batches,
    reads_once,
    refuse_beside,
    rows_of_steps,
)
from pellucid.models.last_run import LastRun, compile_settings
from pellucid.models.preparing import (
    check_labels,
    check_layout,
    ensure_built,
    make_objective,
    read_table,
)
from pellucid.models.request import BY_LENGTH
from pellucid.models.request import Request as Request
from pellucid.models.stateful import batch_rows, check_batch, check_batches, check_order
from pellucid.models.streaming import DatasetFeed, Windows, first_rows
from pellucid.optimizers.base import note_steps
from pellucid.training import checkpoint
from pellucid.training.final_weights import final_weights
from pellucid.training.history import History
from pellucid.training.mixup import Mixup
from pellucid.training.nonfinite import NonFinite, explain_state
from pellucid.training.policies import check_monitors, direction
from pellucid.training.probes import Probes
from pellucid.training.program import Options
from pellucid.training.progress import check_verbose, progress_for
from pellucid.training.recipe import Recipe
from pellucid.training.statistics import has_statistics
from pellucid.training.trainer import Chunk, EndedEpoch, Interrupts, Pace, Table, Trainer, window_of
from pellucid.training.weight_averaging import SWA, check_averaging
from pellucid.training.work import scoring_rows
from pellucid.wording import count_text

INTERRUPTED = "interrupted; everything so far is kept"

SHOWN_SECONDS, SILENT_SECONDS = 0.1, 0.5
"""How long a chunk lasts: short where a person watches, longer where nobody does."""


WAIT_SECONDS = 0.1
"""How long to wait for rows before looking for Ctrl-C again."""

PARTS = "(x, y) or (x, y, sample_weight)"
"""What validation data, and the batches of a generator, consist of."""


class ProgressMade:
    """How far a model has been trained: what a further fit goes on from."""

    def __init__(self) -> None:
        self.epochs = 0
        self.forget_optimizer()

    def forget_optimizer(self) -> None:
        """Begin anew, as `compile` does."""
        self.steps = 0
        self.optimizer: Any = None
        self._fits: Any = None

    def note(self, recipe: Recipe, trainer: Trainer) -> None:
        """Take note of where a run ended."""
        state = trainer.state
        assert state is not None
        self.epochs = int(state.epoch)
        self.steps = int(state.step)
        self.optimizer = state.optimizer
        self._fits = (recipe.trained, type(recipe.optimizer))

    def optimizer_for(self, recipe: Recipe) -> Any:
        """Return the optimiser's state if it fits the recipe, else None."""
        return self.optimizer if self._fits == (recipe.trained, type(recipe.optimizer)) else None

    def restore(self, recipe: Recipe, optimizer: Any, epochs: int, steps: int) -> None:
        """Take over a state read from a file."""
        self.optimizer, self.epochs, self.steps = optimizer, epochs, steps
        self._fits = (recipe.trained, type(recipe.optimizer))


def fit(model: Any, request: Request) -> History:
    """Train `model` as `request` says; see `Model.fit`."""
    together = Together()
    together.attempt(request.check)
    together.attempt(lambda: model.need_compiled("fit"))
    together.attempt(lambda: check_verbose(request.verbose))
    calls = together.attempt(lambda: CallbackList(request.callbacks))
    together.tell()
    assert calls is not None
    begun = LastRun(lambda: request, compile_settings(model.compiled), model.seed)
    model.last_run, run = begun, None
    try:
        run = Fit(model, request, calls)
        return run.run()
    except Exception as error:
        begun = replace(begun, failure=str(error))
        raise
    finally:
        if run is not None:
            begun = replace(begun, nonfinite=run.nonfinite)
            if run.start is not None:
                begun = replace(begun, start=run.start, history=run.history)
        model.last_run = begun


class Fit:
    """One run: data, recipe and options, read and checked; then program, callbacks, history.

    Args:
        model: What is trained.
        request: What `fit` was asked for.
        calls: Its callbacks and policies.
        tables: Training and validation rows, where they have been read already.
    """

    def __init__(
        self,
        model: Any,
        request: Request,
        calls: CallbackList,
        tables: tuple[Table, Table | None] | None = None,
    ) -> None:
        self.model, self.request, self.calls = model, request, calls
        self.compiled = model.need_compiled("fit")
        self.streamed = is_stream(request.x)
        self.dataset = request.x if isinstance(request.x, Dataset) else None
        self.held_out: Windows | None = None
        self.stopped: str | None = None
        self.rate: float | None = None
        read = self._read_streams if self.streamed else self._read_memory
        read = read if self.dataset is None else self._read_dataset
        train, validation = read() if tables is None else tables
        check_losses(model, self.compiled)
        check_layout(model.network)
        check_labels(model, self.compiled, train.y, complete=not self.streamed)
        self._check_states(train, validation)
        if validation is not None:
            with within("fit(validation_data=...)"):
                check_labels(model, self.compiled, validation.y, complete=False, doubtful=False)
        objective = make_objective(model, self.compiled, train.y)
        optimizer, policies = self.compiled.optimizer, self.calls.policies
        check_averaging(policies, optimizer, request.epochs - request.initial_epoch)
        self.recipe = Recipe(model.network, objective, optimizer, policies, self._mixup(train))
        self._check_statistics()
        self.tables = train, validation
        self.options = self._options(train)
        self.epoch, self.position = request.initial_epoch, 0
        self.history = History(
            {"verbose": request.verbose, "epochs": request.epochs, "steps": self._steps(train)}
        )
        self.start: tuple[Any, Any] | None = None
        self.nonfinite: NonFinite | None = None

    # -- data --------------------------------------------------------------------------------

    def _read_memory(self) -> tuple[Table, Table | None]:
        request, model = self.request, self.model
        ensure_built(model, request.x)
        together = Together()
        table = together.attempt(
            lambda: read_table(model, request.x, request.y, request.sample_weight)
        )
        validation = together.attempt(self._read_validation)
        together.tell()
        assert table is not None
        kept = split_rows(table.rows, request.validation_split)
        if request.validation_data is None and kept < table.rows:
            table, validation = table.part(slice(None, kept)), table.part(slice(kept, None))
        self._check_steps(table.rows)
        return weigh_classes(self.model.network, table, request.class_weight), validation

    @property
    def _batch_size(self) -> int:
        if self.dataset is not None:
            return min(self.dataset.batch_size or 1, self.dataset.rows)
        given = self.request.batch_size
        return batch_rows(self.model.network, given, "fit(batch_size=...)") or 32

    def _check_states(self, train: Table, validation: Table | None) -> None:
        """Refuse rows that stateful layers cannot take batch by batch."""
        network = self.model.network
        if self.dataset is not None:
            check_batches(network, self.dataset.rows, "fit(x=...)")
            check_order(network, self.dataset.shuffle)
        elif not self.streamed:
            check_batches(network, train.rows, "fit(x=...)")
            check_order(network, self.request.shuffle)
        if self.held_out is not None:
            check_batches(network, self.held_out.rows, "fit(validation_data=...)")
        if validation is not None:
            split = "validation_split" if self.request.validation_split else "validation_data"
            check_batches(network, validation.rows, f"fit({split}=...)")

    def _check_steps(self, rows: int) -> None:
        """Tell that rows in memory make their own number of steps."""
        given, batch = self.request.steps_per_epoch, self._batch_size
        steps = -(-rows // batch)
        if given not in (None, steps):
            made = f"{count_text(steps, 'step')} of {count_text(min(batch, rows), 'row')}"
            place, fix = "fit(steps_per_epoch=...)", "All rows are used in every epoch."
            problem = Problem(place, str(given), f"None beside arrays, which make {made}", fix)
            warnings.warn(str(problem), PellucidWarning, stacklevel=6)

    def _read_validation(self) -> Table | None:
        given, place = self.request.validation_data, "fit(validation_data=...)"
        if given is None:
            return None
        if isinstance(given, Dataset):
            with within(place):
                return self._read_held_out(given)
        if is_stream(given):
            batches = list(limited(raw_batches(given), self.request.validation_steps))
            with within(place):
                return joined(
                    [
                        self._batch_table(f"batch {number} of the generator", batch)
                        for number, batch in enumerate(batches)
                    ]
                )
        if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
            several = isinstance(given, (tuple, list))
            shown = f"{count_text(len(given), 'part')}" if several else type(given).__name__
            report([Problem(place, shown, PARTS)])
        x, y, weight = unpack_batch(tuple(given))
        if y is None:
            report([Problem(place, "no labels", PARTS)])
        with within(place):
            return read_table(self.model, x, y, weight)

    def _read_held_out(self, dataset: Dataset) -> Table | None:
        """Return validation rows, or None where they are scored a window at a time."""
        network, request = self.model.network, self.request
        like = first_rows(dataset, self._batch_table)
        size = batch_rows(network, request.validation_batch_size, "validation_batch_size")
        rows = rows_of_steps(request.validation_steps, dataset.batch_size or 1)
        scored = size or scoring_rows(network, dataset.batch_size or 1)
        batch = min(scored, dataset.rows)
        windows = Windows(dataset, self._held_out_table, like, batch, rows)
        if self.dataset is None or windows.small:
            return windows.whole()
        self.held_out = windows
        return None

    def _held_out_table(self, place: str, batch: Any) -> Table:
        table = self._batch_table(place, batch)
        with within(place):
            check_labels(self.model, self.compiled, table.y, complete=False, doubtful=False)
        return table

    def _batch_table(self, place: str, batch: Any) -> Table:
        x, y, weight = unpack_batch(batch)
        if y is None:
            report([Problem(place, "no labels", PARTS)])
        with within(place):
            ensure_built(self.model, x)
            return read_table(self.model, x, y, weight)

    def _training_table(self, place: str, batch: Any, doubtful: bool = False) -> Table:
        table = self._batch_table(place, batch)
        with within(place):
            check_labels(self.model, self.compiled, table.y, complete=False, doubtful=doubtful)
            return weigh_classes(self.model.network, table, self.request.class_weight)

    def _training_batch(self, number: int, batch: Any) -> Table:
        place = f"batch {number} of the generator"
        table = self._training_table(place, batch, number == 0)
        with within(place):
            check_batch(self.model.network, table.rows, "x")
        return table

    def _refuse_beside(self, place: str) -> None:
        """Refuse what only goes with rows in memory."""
        request = self.request
        refuse_beside(place, y=request.y, sample_weight=request.sample_weight)
        if request.validation_split:
            fix = "Give validation_data=..."
            report([Problem(place, "validation_split beside it", "rows in memory to split", fix)])

    def _read_dataset(self) -> tuple[Table, Table | None]:
        place, dataset = "fit(x=dataset)", self.dataset
        assert dataset is not None
        self._refuse_beside(place)
        if dataset.batch_size is None:
            fix = "Make it with batch_size=32."
            report([Problem(place, "single rows (batch_size=None)", "batches of rows", fix)])
        if self.request.batch_size not in (None, dataset.batch_size):
            given = f"{self.request.batch_size} beside a dataset"
            expected = f"None: it makes batches of {dataset.batch_size} itself"
            problem = Problem("fit(batch_size=...)", given, expected)
            warnings.warn(str(problem), PellucidWarning, stacklevel=6)
        first = first_rows(dataset, partial(self._training_table, doubtful=True))
        batch_rows(self.model.network, dataset.batch_size, f"{place}, its batch_size")
        return first, self._read_validation()

    def _read_streams(self) -> tuple[Table, Table | None]:
        request = self.request
        place = "fit(x=generator)"
        self._refuse_beside(place)
        repeated = request.epochs - request.initial_epoch > 1
        if repeated and request.steps_per_epoch is None and inspect.isgenerator(request.x):
            fix = "Say where an epoch ends, and let the generator go on for all of them."
            given = f"a generator, which can be used once, for {request.epochs} epochs"
            report([Problem(place, given, "steps_per_epoch=... with it", fix)])
        first = list(limited(raw_batches(request.x), 1))
        if not first:
            report([Problem(place, "no batch", "at least one")])
        self._first = self._training_batch(0, first[0])
        # Only a one-shot iterator loses the batch that was looked at.
        self._pending = [self._first] if reads_once(request.x) else []
        return self._first, self._read_validation()

    def _stream(self) -> Iterator[Table]:
        start = len(self._pending)
        yield from self._pending
        made, self._pending, self._made = self._made, [], 0
        for number, batch in enumerate(raw_batches(self.request.x), start):
            if number >= made:
                yield self._training_batch(number, batch)

    def _steps(self, train: Table) -> int | None:
        """Return how many steps make an epoch; None where only its end will tell."""
        if not self.streamed:
            return -(-train.rows // self.options.batch_size)
        if self.request.steps_per_epoch is not None:
            return self.request.steps_per_epoch
        return len(self.request.x) if hasattr(self.request.x, "__len__") else None

    # -- program -----------------------------------------------------------------------------

    def _mixup(self, train: Table) -> Mixup | None:
        """Return how rows are mixed; refuse to mix what is no quantity."""
        alpha, network = self.request.mixup, self.model.network
        if alpha is None:
            return None
        whole = [
            node
            for node, feed in zip(network.feeds, train.x, strict=True)
            if feed.dtype.kind != "f"
            or any(isinstance(one, Embedding) for one in network.readers_of(node))
        ]
        report(
            Problem(
                "fit(mixup=...)",
                f"whole numbers for '{network.nodes[node].path}'",
                "inputs that are quantities, of which there are mixtures",
            )
            for node in whole
        )
        return Mixup(alpha)

    def _check_statistics(self) -> None:
        """Refuse a mean of weights whose batch statistics cannot be estimated."""
        averages = any(isinstance(one, SWA) for one in self.calls.policies)
        if averages and self.streamed and has_statistics(self.model.network):
            given = "rows from a generator or a dataset for a network with BatchNormalization"
            expected = "rows in memory, over which its statistics are estimated anew"
            report([Problem("fit: SWA", given, expected)])

    def _options(self, train: Table) -> Options:
        request = self.request
        batch = self._batch_size
        scored = batch_rows(
            self.model.network, request.validation_batch_size, "fit(validation_batch_size=...)"
        )
        # The rows of a dataset come in its own order, which the program leaves as it is.
        generated = self.streamed and self.dataset is None
        return Options(
            batch_size=train.rows if generated else batch,
            evaluation_batch_size=scored or scoring_rows(self.model.network, batch),
            shuffle=bool(request.shuffle) and self.dataset is None,
            by_length=self._by_length(train),
            streamed=generated,
            probe=request.looking,
        )

    def _by_length(self, train: Table) -> bool:
        """Say whether batches are made of rows of similar length."""
        request = self.request
        if request.shuffle == BY_LENGTH and train.lengths is None:
            expected = "a model whose first layer knows padding"
            fix = "Begin it with Masking(...) or Embedding(..., mask_zero=True)."
            given = "'length' where nothing tells the lengths"
            report([Problem("fit(shuffle=...)", given, expected, fix)])
        lists = request.shuffle is True and holds_ragged(request.x)
        return not self.streamed and (request.shuffle == BY_LENGTH or lists)

    def _make_trainer(self) -> None:
        train, validation = self.tables
        self.trainer = Trainer(
            self.recipe,
            self.options,
            None if self.streamed else train,
            validation,
            self.model.seed,
            self.compiled.run_eagerly,
        )
        if self.dataset is not None:
            self.trainer.rows = self.dataset.rows
        if self.held_out is not None:
            self.trainer.score_outside()
        names = self.trainer.log_names
        check_monitors([*self.calls.policies, *self.calls.callbacks], names)
        # The program has the rows now, but for some that tell the form of those to come.
        self.like = train.part([0]) if self.streamed else None
        del self.tables
        self._look()

    def _feed(self) -> Any:
        """Return where the rows come from, beginning at the state of the trainer."""
        request, trainer, like = self.request, self.trainer, self.like
        if like is None:
            return MemoryFeed(trainer)
        if self.dataset is None:
            # What gives its batches anew in each epoch goes on behind those that are made.
            self._made = 0 if hasattr(request.x, "__next__") else self.position
            return StreamFeed(trainer, self._stream, request.steps_per_epoch, like, self.position)
        windows = Windows(
            self.dataset,
            self._training_table,
            like,
            self.options.batch_size,
            size=self.dataset.buffer_rows,
        )
        steps = request.steps_per_epoch or windows.batches
        return DatasetFeed(trainer, windows, steps, request.epochs - self.epoch, self.held_out)

    def _look(self) -> None:
        """Prepare the table of readings, and say when they are taken."""
        probe = self.request.looking
        if probe is None:
            return
        epochs = self.request.epochs - self.request.initial_epoch
        steps = self.history.params["steps"]
        self.trainer.schedule = probe.schedule(None if steps is None else epochs * steps)
        self.history.probes = Probes(probe.columns(self.recipe))

    def _begin(self) -> None:
        made = self.model.progress_made
        trained, carried = self.model.packed(self.recipe)
        self.start = np.array(trained), np.array(carried)
        optimizer = made.optimizer_for(self.recipe)
        self.trainer.begin(
            trained, carried, optimizer, made.epochs, 0 if optimizer is None else made.steps
        )
        backup = self.calls.backup
        if backup is not None and backup.path.exists():
            restored = checkpoint.read(backup.path, self.trainer)
            probes, self.history = self.history.probes, restored.history
            if self.history.probes.columns != probes.columns:
                self.history.probes = probes
            self.epoch, self.position = restored.epoch, restored.position

    # -- the run -----------------------------------------------------------------------------

    def run(self) -> History:
        """Run to the end, to a stop or to an interrupt."""
        model, request = self.model, self.request
        model.stop_training = False
        self._make_trainer()
        self._begin()
        whole = self.dataset is not None and request.steps_per_epoch is None
        progress = progress_for(request.verbose)
        progress.start(
            request.epochs,
            self.history.params["steps"],
            self.trainer.rows if whole or not self.streamed else None,
            self.trainer.options.batch_size,
            initial_epoch=self.epoch,
            seed=model.seed,
        )
        self.progress = progress
        model.history = self.history
        self.calls.begin(model, self.history.params)
        interrupts = Interrupts()
        self.feed = self._feed()
        try:
            with interrupts.watched():
                self._loop(interrupts)
        finally:
            self._keep()
            progress.finish(self.stopped)
            self.feed.close()
        self._conclude(interrupts)
        return self.history

    def _loop(self, interrupts: Interrupts) -> None:
        pace = Pace(SILENT_SECONDS if self.request.verbose == 0 else SHOWN_SECONDS)
        self._begun = -1
        while self.epoch < self.request.epochs and self.stopped is None:
            if self.feed.ready(WAIT_SECONDS):
                self._turn(pace)
            if interrupts.received is not None:
                self.stopped = self.stopped or INTERRUPTED
                warnings.warn(f"fit: {INTERRUPTED}", PellucidWarning, stacklevel=5)

    def _turn(self, pace: Pace) -> None:
        """Make some steps, and tell everybody."""
        if self.position == 0 and self._begun != self.epoch:
            self._begun = self.epoch
            self._hook("on_epoch_begin", self.epoch, {})
        if self.calls.per_step:
            self._hook("on_train_batch_begin", self.position, {})
        chunk = self.feed.advance(self._budget(pace))
        pace.took(chunk.steps, chunk.seconds)
        self._after(chunk)
        self._back_up(chunk)

    def _budget(self, pace: Pace) -> int:
        """Return how many steps the next call may make."""
        if self.calls.per_step:
            return 1
        steps = self.trainer.steps_per_epoch
        left = (self.request.epochs - self.epoch) * steps - self.position
        budget = min(pace.steps(), left)
        if self._needs_epoch_ends():
            budget = min(budget, steps - self.position)
        backup = self.calls.backup
        if backup is not None and isinstance(backup.save_freq, int):
            budget = min(budget, backup.save_freq - self.trainer.step % backup.save_freq)
        return max(1, budget)

    def _needs_epoch_ends(self) -> bool:
        return self.calls.per_epoch

    def _after(self, chunk: Chunk) -> None:
        """Tell everybody what a call of the program did."""
        for reading in chunk.readings:
            self.history.probes.append(*reading)
        if self.calls.per_step:
            self._sync()
            at = max(0, self.position)
            self._hook("on_train_batch_end", at, dict(chunk.running))
        for ended in chunk.epochs:
            self._epoch_ended(ended)
        if self.request.watch is not None:
            self.request.watch(self.history)
        self.position = chunk.position
        if not chunk.good:
            self._not_finite()
        elif chunk.stop:
            self.stopped = "early stopping"
        elif chunk.position:
            self.progress.update(self.epoch, chunk.position, chunk.running)

    def _epoch_ended(self, ended: EndedEpoch) -> None:
        logs = dict(ended.logs)
        if (self.epoch + 1) % self.request.validation_freq:
            logs = {name: value for name, value in logs.items() if not name.startswith("val_")}
        if self._rate_moves():
            logs["learning_rate"] = ended.learning_rate
            self._tell_rate(ended.learning_rate)
        if self.calls.callbacks:
            self._sync()
            self._hook("on_epoch_end", self.epoch, logs)
        self.history.append(self.epoch, logs)
        self.progress.epoch_end(self.epoch, logs)
        self.epoch += 1
        if self.model.stop_training:
            self.stopped = "a callback set stop_training"

    def _tell_rate(self, rate: float) -> None:
        before, self.rate = self.rate, rate
        plateaus = [one for one in self.calls.policies if isinstance(one, ReduceLROnPlateau)]
        if before is not None and rate < before and any(one.verbose for one in plateaus):
            print(f"Epoch {self.epoch}: the learning rate was reduced to {rate:g}")

    def _rate_moves(self) -> bool:
        scheduled = isinstance(self.compiled.optimizer.learning_rate, Description)
        return scheduled or any(isinstance(p, ReduceLROnPlateau) for p in self.calls.policies)

    def _hook(self, name: str, number: int, logs: Mapping[str, Any]) -> None:
        """Call a hook, and take over weights that it has set."""
        if not self.calls.callbacks:
            return
        if name.endswith("begin"):
            self._sync()
        before = version()
        self.calls.call(name, number, logs)
        if version() != before:
            trained, carried = self.model.packed(self.recipe)
            self.trainer.set_weights(trained, carried)

    def _sync(self) -> None:
        """Let the model's weights be those of the state."""
        state = self.trainer.state
        assert state is not None
        self.model.adopt(self.recipe, state.trained, state.carried)

    def _back_up(self, chunk: Chunk) -> None:
        backup = self.calls.backup
        if backup is None or self.stopped is not None:
            return
        every = backup.save_freq
        due = self.trainer.step % every == 0 if isinstance(every, int) else chunk.epochs
        if due:
            checkpoint.write(backup.path, self.trainer, self.history, self.epoch, self.position)

    # -- the end -----------------------------------------------------------------------------

    def _not_finite(self) -> None:
        told = explain_state(self.trainer, self.feed.data)
        self.nonfinite = told
        if self.calls.quiet_nan:
            self.stopped = "the loss was not finite; the weights are the last good ones"
            return
        self.history.stopped = str(told)
        raise NonFiniteError(f"fit: {told}")

    def _keep(self) -> None:
        """Leave model, optimiser and counters as the run left them."""
        state = self.trainer.state
        if state is None:
            return
        optimizer = self.compiled.optimizer
        trained, carried = final_weights(self.recipe, state)
        self.model.progress_made.note(self.recipe, self.trainer)
        self.model.adopt(self.recipe, trained, carried)
        scale = float(state.rate_scale)
        if scale != 1.0 and not isinstance(optimizer.learning_rate, Description):
            optimizer.learning_rate = float(np.float32(optimizer.learning_rate) * np.float32(scale))
        self._tell_policies()

    def _tell_policies(self) -> None:
        """Leave on each policy what Keras scripts read there: `stopped_epoch`, `best_epoch`."""
        state = self.trainer.state
        assert state is not None
        offset = self.request.initial_epoch
        for policy, own in zip(self.calls.policies, state.policies, strict=True):
            if not isinstance(policy, EarlyStopping):
                continue
            stopped, best = int(own["stopped"]), int(own["best_epoch"])
            value = float(own["best"]) * direction(policy.monitor, policy.mode)
            object.__setattr__(policy, "stopped_epoch", stopped + offset if stopped >= 0 else 0)
            object.__setattr__(policy, "best_epoch", best + offset if best >= 0 else 0)
            object.__setattr__(policy, "best", value)
            if policy.verbose and stopped >= 0:
                print(f"Epoch {stopped + offset + 1}: early stopping")
            if self.stopped == "early stopping" and stopped >= 0:
                restored = ", its weights restored" if policy.restore_best_weights else ""
                self.stopped = (
                    f"early stopping after epoch {stopped + offset + 1}: best {policy.monitor} in "
                    f"epoch {best + offset + 1}{restored}"
                )

    def _conclude(self, interrupts: Interrupts) -> None:
        self.history.stopped = self.stopped
        note_steps(self.compiled.optimizer, self.trainer.step)
        self.calls.call("on_train_end", {})
        backup = self.calls.backup
        if backup is not None:
            if interrupts.received is not None:
                checkpoint.write(backup.path, self.trainer, self.history, self.epoch, self.position)
            elif backup.delete_checkpoint and backup.path.exists():
                backup.path.unlink()
        if interrupts.received is not None and interrupts.ends_process:
            raise SystemExit(128 + interrupts.received)


def joined(tables: list[Table]) -> Table:
    """Return batches as one table."""
    if not tables:
        report([Problem("generator", "no batch", "at least one")])

    def stack(which: str) -> tuple[Any, ...]:
        columns = zip(*(getattr(table, which) for table in tables), strict=True)
        return tuple(
            None if column[0] is None else np.concatenate(column) for column in map(list, columns)
        )

    return Table(stack("x"), stack("y"), stack("weights"))


def train_on_batch(
    model: Any, x: Any, y: Any, sample_weight: Any, class_weight: Mapping[Any, float] | None
) -> dict[str, Any]:
    """Make one update on one batch; see `Model.train_on_batch`."""
    compiled = model.need_compiled("train_on_batch")
    ensure_built(model, x)
    table = read_table(model, x, y, sample_weight, "train_on_batch")
    check_batch(model.network, table.rows, "train_on_batch(x=...)")
    table = weigh_classes(model.network, table, class_weight, "train_on_batch")
    trainer = _batch_trainer(model, compiled, table)
    recipe = trainer.recipe
    made = model.progress_made
    if trainer.version != version():
        optimizer = made.optimizer_for(recipe)
        trained, carried = model.packed(recipe)
        trainer.begin(
            trained, carried, optimizer, made.epochs, 0 if optimizer is None else made.steps
        )
    assert trainer.state is not None
    trainer.state = trainer.state._replace(
        sums=np.zeros(recipe.objective.size, np.float32), position=np.int32(trainer.step)
    )
    window = window_of([table], table.rows, 1)
    chunk = trainer.advance_window(window, trainer.step, 1, False)
    if not chunk.good:
        raise NonFiniteError(f"train_on_batch: {explain_state(trainer, window)}")
    model.adopt(recipe, trainer.state.trained, trainer.state.carried)
    made.note(recipe, trainer)
    trainer.version = version()
    return chunk.running


def _batch_trainer(model: Any, compiled: Any, table: Table) -> Any:
    weighted = tuple(weight is not None for weight in table.weights)
    key = ("batch", id(compiled), table.rows, tuple(y.shape[1:] for y in table.y), weighted)
    held = model.cache.get("batch_trainer")
    if held is not None and held[0] == key and held[2] == model.network.trained:
        return held[1]
    check_layout(model.network)
    check_labels(model, compiled, table.y, complete=False)
    objective = make_objective(model, compiled, table.y)
    recipe = Recipe(model.network, objective, compiled.optimizer)
    options = replace(Options(batch_size=table.rows), streamed=True)
    trainer: Any = Trainer(recipe, options, None, None, model.seed, compiled.run_eagerly)
    trainer.version = -1
    model.cache["batch_trainer"] = (key, trainer, model.network.trained)
    return trainer
