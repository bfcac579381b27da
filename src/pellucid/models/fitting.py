"""`fit`: from a request to a trained model and its history."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from pellucid.callbacks import CallbackList, EarlyStopping, ReduceLROnPlateau
from pellucid.data.arrays import split_rows
from pellucid.description import Description
from pellucid.errors import ArgumentError, NonFiniteError
from pellucid.layers.variables import version
from pellucid.models.compiling import unpack_batch
from pellucid.models.feeds import MemoryFeed, StreamFeed, is_stream, limited, raw_batches
from pellucid.models.preparing import check_labels, ensure_built, make_objective, read_table
from pellucid.models.request import Request as Request
from pellucid.optimizers import engine
from pellucid.optimizers.base import note_steps
from pellucid.training import checkpoint
from pellucid.training.history import History
from pellucid.training.nonfinite import explain_state
from pellucid.training.policies import check_monitors, direction
from pellucid.training.program import Options
from pellucid.training.progress import progress_for
from pellucid.training.recipe import Recipe
from pellucid.training.trainer import Chunk, EndedEpoch, Interrupts, Pace, Table, Trainer, window_of

SHOWN_SECONDS, SILENT_SECONDS = 0.1, 0.5
"""How long a chunk lasts: short where a person watches, longer where nobody does."""


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
    request.check()
    model.need_compiled("fit")
    if request.epochs <= request.initial_epoch:
        raise ArgumentError(
            f"fit(epochs=...): got {request.epochs} with initial_epoch={request.initial_epoch}, "
            "expected the epoch at which to end, above the one at which to begin."
        )
    return Fit(model, request).run()


class Fit:
    """One run: data, program, callbacks, history."""

    def __init__(self, model: Any, request: Request) -> None:
        self.model, self.request = model, request
        self.compiled = model.need_compiled("fit")
        self.calls = CallbackList(request.callbacks)
        self.streamed = is_stream(request.x)
        self.stopped: str | None = None
        train, validation = self._read_streams() if self.streamed else self._read_memory()
        check_labels(model, self.compiled, train.y, complete=not self.streamed)
        if validation is not None:
            check_labels(model, self.compiled, validation.y, complete=False)
        objective = make_objective(model, self.compiled, train.y)
        self.recipe = Recipe(model.network, objective, self.compiled.optimizer, self.calls.policies)
        self.trainer = self._make_trainer(train, validation)
        names = self.trainer.log_names
        check_monitors([*self.calls.policies, *self.calls.callbacks], names)
        self.feed: Any = (
            StreamFeed(self.trainer, self._stream, self._stream_steps())
            if self.streamed
            else MemoryFeed(self.trainer)
        )
        steps = self._stream_steps() if self.streamed else self.trainer.steps_per_epoch
        self.history = History(
            {"verbose": request.verbose, "epochs": request.epochs, "steps": steps}
        )
        self.readings: list[tuple[int, Any]] = []
        self.epoch, self.position = request.initial_epoch, 0

    # -- data --------------------------------------------------------------------------------

    def _read_memory(self) -> tuple[Table, Table | None]:
        request, model = self.request, self.model
        ensure_built(model, request.x)
        table = read_table(model, request.x, request.y, request.sample_weight, request.class_weight)
        kept = split_rows(table.rows, request.validation_split)
        if request.validation_data is not None:
            return table, self._read_validation()
        if kept < table.rows:
            return table.part(slice(None, kept)), table.part(slice(kept, None))
        return table, None

    def _read_validation(self) -> Table | None:
        given = self.request.validation_data
        if given is None:
            return None
        if is_stream(given):
            batches = list(limited(raw_batches(given), self.request.validation_steps))
            tables = [self._batch_table(batch, "fit(validation_data=...)") for batch in batches]
            return joined(tables)
        if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
            raise ArgumentError(
                f"fit(validation_data=...): got {type(given).__name__}, expected (x, y) or "
                "(x, y, sample_weight)."
            )
        x, y, weight = unpack_batch(tuple(given))
        return read_table(self.model, x, y, weight)

    def _batch_table(self, batch: Any, where: str = "fit") -> Table:
        x, y, weight = unpack_batch(batch)
        ensure_built(self.model, x)
        return read_table(self.model, x, y, weight, self.request.class_weight, where)

    def _read_streams(self) -> tuple[Table, Table | None]:
        request = self.request
        if request.y is not None or request.validation_split:
            raise ArgumentError(
                "fit(x=generator): got y or validation_split beside it, expected batches of (x, y) "
                "from the generator alone and validation_data=..."
            )
        source = raw_batches(request.x)
        first = next(source, None)
        if first is None:
            raise ArgumentError("fit(x=generator): got no batch, expected at least one.")
        self._first = self._batch_table(first)
        # Only a one-shot iterator loses the batch that was looked at.
        self._pending = [self._first] if hasattr(request.x, "__next__") else []
        return self._first, self._read_validation()

    def _stream(self) -> Iterator[Table]:
        yield from self._pending
        self._pending = []
        for batch in raw_batches(self.request.x):
            yield self._batch_table(batch)

    def _stream_steps(self) -> int | None:
        if self.request.steps_per_epoch is not None:
            return self.request.steps_per_epoch
        return len(self.request.x) if hasattr(self.request.x, "__len__") else None

    # -- program -----------------------------------------------------------------------------

    def _make_trainer(self, train: Table, validation: Table | None) -> Trainer:
        request = self.request
        batch = request.batch_size or 32
        options = Options(
            batch_size=train.rows if self.streamed else batch,
            evaluation_batch_size=request.validation_batch_size or min(1024, 8 * batch),
            shuffle=bool(request.shuffle),
            streamed=self.streamed,
            probe=request.probe,
        )
        return Trainer(
            self.recipe,
            options,
            None if self.streamed else train,
            validation,
            self.model.seed,
            self.compiled.run_eagerly,
        )

    def _begin(self) -> None:
        made = self.model.progress_made
        trained, carried = self.model.packed(self.recipe)
        optimizer = made.optimizer_for(self.recipe)
        self.trainer.begin(
            trained, carried, optimizer, made.epochs, 0 if optimizer is None else made.steps
        )
        backup = self.calls.backup
        if backup is not None and backup.path.exists():
            restored = checkpoint.read(backup.path, self.trainer)
            self.history = restored.history
            self.epoch, self.position = restored.epoch, restored.position

    # -- the run -----------------------------------------------------------------------------

    def run(self) -> History:
        """Run to the end, to a stop or to an interrupt."""
        model, request = self.model, self.request
        model.stop_training = False
        self._begin()
        progress = progress_for(request.verbose)
        progress.start(
            request.epochs,
            self.history.params["steps"],
            None if self.streamed else self.trainer.rows,
            self.trainer.options.batch_size,
            initial_epoch=self.epoch,
            seed=model.seed,
        )
        self.progress = progress
        model.history = self.history
        self.calls.begin(model, self.history.params)
        interrupts = Interrupts()
        try:
            with interrupts.watched():
                self._loop(interrupts)
        finally:
            self._keep()
            progress.finish(self.stopped)
        self._conclude(interrupts)
        return self.history

    def _loop(self, interrupts: Interrupts) -> None:
        pace = Pace(SILENT_SECONDS if self.request.verbose == 0 else SHOWN_SECONDS)
        begun = -1
        while self.epoch < self.request.epochs and self.stopped is None:
            if self.position == 0 and begun != self.epoch:
                begun = self.epoch
                self._hook("on_epoch_begin", self.epoch, {})
            if self.calls.per_step:
                self._hook("on_train_batch_begin", self.position, {})
                self._hook("on_batch_begin", self.position, {})
            chunk = self.feed.advance(self._budget(pace))
            pace.took(chunk.steps, chunk.seconds)
            self._after(chunk)
            self._back_up(chunk)
            if interrupts.received is not None:
                self.stopped = self.stopped or "interrupted; everything so far is kept"

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
        self.readings += chunk.readings
        if self.calls.per_step:
            self._sync()
            at = max(0, self.position)
            self._hook("on_train_batch_end", at, dict(chunk.running))
            self._hook("on_batch_end", at, dict(chunk.running))
        for ended in chunk.epochs:
            self._epoch_ended(ended)
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
        if self.calls.callbacks:
            self._sync()
            self._hook("on_epoch_end", self.epoch, logs)
        self.history.append(self.epoch, logs)
        self.progress.epoch_end(self.epoch, logs)
        self.epoch += 1
        if self.model.stop_training:
            self.stopped = "a callback set stop_training"

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
        if self.calls.quiet_nan:
            self.stopped = "the loss was not finite; the weights are the last good ones"
            return
        state = self.trainer.state
        assert state is not None
        if self.streamed:
            told = explain_state(self.trainer, None)
        else:
            told = explain_state(self.trainer, self.trainer.data)
        self.history.stopped = str(told)
        raise NonFiniteError(f"fit: {told}")

    def _keep(self) -> None:
        """Leave model, optimiser and counters as the run left them."""
        state = self.trainer.state
        if state is None:
            return
        optimizer = self.compiled.optimizer
        trained = state.trained
        if optimizer.use_ema:
            trained = engine.finalize(optimizer, trained, state.optimizer)
        carried = state.carried
        restored = self._best_weights()
        if restored is not None:
            trained, carried = restored
        self.model.progress_made.note(self.recipe, self.trainer)
        self.model.adopt(self.recipe, trained, carried)
        scale = float(state.rate_scale)
        if scale != 1.0 and not isinstance(optimizer.learning_rate, Description):
            optimizer.learning_rate = float(np.float32(optimizer.learning_rate) * np.float32(scale))
        self._tell_policies()

    def _best_weights(self) -> tuple[Any, Any] | None:
        state = self.trainer.state
        assert state is not None
        kept = 0
        for policy, own in zip(self.calls.policies, state.policies, strict=True):
            if not policy.wants_best:
                continue
            if isinstance(policy, EarlyStopping) and int(own["best_epoch"]) >= 0:
                both = state.best[kept]
                size = self.recipe.trained.size
                return both[:size], both[size:]
            kept += 1
        return None

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
            if self.stopped == "early stopping" and stopped >= 0:
                restored = ", its weights restored" if policy.restore_best_weights else ""
                self.stopped = (
                    f"early stopping after epoch {stopped + offset + 1}: best {policy.monitor} in "
                    f"epoch {best + offset + 1}{restored}"
                )

    def _conclude(self, interrupts: Interrupts) -> None:
        self.history.stopped = self.stopped
        self.history.readings = self.readings
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
        raise ArgumentError("fit(validation_data=...): got no batch, expected at least one.")

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
    table = read_table(model, x, y, sample_weight, class_weight, "train_on_batch")
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
    check_labels(model, compiled, table.y, complete=False)
    objective = make_objective(model, compiled, table.y)
    recipe = Recipe(model.network, objective, compiled.optimizer)
    options = replace(Options(batch_size=table.rows), streamed=True)
    trainer: Any = Trainer(recipe, options, None, None, model.seed, compiled.run_eagerly)
    trainer.version = -1
    model.cache["batch_trainer"] = (key, trainer, model.network.trained)
    return trainer
