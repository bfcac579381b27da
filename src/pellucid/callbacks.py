"""Callbacks: Python code that a fit calls between the compiled program's calls.

Policies (`EarlyStopping`, `ReduceLROnPlateau`, `SWA`) run inside the program and cost nothing. A
callback with an epoch hook has the program return at each epoch's end; one with a batch hook
has it return after each step, which is much slower.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.errors import ArgumentError
from pellucid.training.policies import EarlyStopping as EarlyStopping
from pellucid.training.policies import Policy as Policy
from pellucid.training.policies import ReduceLROnPlateau as ReduceLROnPlateau
from pellucid.training.policies import direction, listed_callbacks
from pellucid.training.weight_averaging import SWA as SWA
from pellucid.types import NumpyArray

BATCH_HOOKS = ("on_train_batch_begin", "on_train_batch_end", "on_batch_begin", "on_batch_end")


class Callback:
    """Base of callbacks; override any hook.

    `self.model` is the model, `self.params` a dict with epochs and steps. Setting
    `self.model.stop_training = True` ends the run after the present epoch.

    Example:
        >>> import pellucid
        >>> class Loss(pellucid.callbacks.Callback):
        ...     def on_epoch_end(self, epoch, logs=None):
        ...         print(epoch, sorted(logs))
    """

    model: Any = None
    params: Mapping[str, Any] = {}

    def set_model(self, model: Any) -> None:
        """Take note of the model."""
        self.model = model

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Take note of the run's numbers of epochs and steps."""
        self.params = params

    def on_train_begin(self, logs: Any = None) -> None:
        """Called before the first epoch."""

    def on_train_end(self, logs: Any = None) -> None:
        """Called after the last epoch."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Called before each epoch, counted from 0."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Called after each epoch with its reported values."""

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Called before each step. Overriding it makes training slow."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Called after each step. Overriding it makes training slow."""

    def on_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Called before each step, after `on_train_batch_begin`."""

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """Called after each step, after `on_train_batch_end`."""

    @property
    def steps(self) -> bool:
        """True when a batch hook is overridden."""
        return any(getattr(type(self), hook) is not getattr(Callback, hook) for hook in BATCH_HOOKS)


class LambdaCallback(Callback):
    """A callback made of functions.

    Args:
        on_epoch_begin: Called with (epoch, logs).
        on_epoch_end: Called with (epoch, logs).
        on_train_begin: Called with (logs).
        on_train_end: Called with (logs).
        on_train_batch_begin: Called with (batch, logs).
        on_train_batch_end: Called with (batch, logs).
    """

    def __init__(
        self,
        on_epoch_begin: Callable[..., Any] | None = None,
        on_epoch_end: Callable[..., Any] | None = None,
        on_train_begin: Callable[..., Any] | None = None,
        on_train_end: Callable[..., Any] | None = None,
        on_train_batch_begin: Callable[..., Any] | None = None,
        on_train_batch_end: Callable[..., Any] | None = None,
    ) -> None:
        given = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
        }
        self._steps = on_train_batch_begin is not None or on_train_batch_end is not None
        for name, function in given.items():
            if function is not None:
                setattr(self, name, function)

    @property
    def steps(self) -> bool:
        return self._steps


class LearningRateScheduler(Callback):
    """Set the learning rate at the beginning of each epoch.

    Args:
        schedule: Called with (epoch, present rate), returns the new rate.
        verbose: 1 to print it.

    A schedule object in the optimiser does the same inside the program, at no cost.
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        present = float(self.model.optimizer.learning_rate)
        try:
            rate = self.schedule(epoch, present)
        except TypeError:
            rate = self.schedule(epoch)
        if isinstance(rate, bool) or not isinstance(rate, (int, float, np.number)):
            raise ArgumentError(
                f"LearningRateScheduler: got {rate!r} from the schedule, expected a number."
            )
        self.model.optimizer.learning_rate = float(rate)
        if self.verbose:
            print(f"Epoch {epoch + 1}: learning rate {float(rate):g}")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


class ModelCheckpoint(Callback):
    """Save the model, or its weights, as it trains.

    Args:
        filepath: Path, which may hold `{epoch}` (from 1) and reported values: `{val_loss:.2f}`.
        monitor: Reported value by which the best is known.
        verbose: 1 to print when a file is written.
        save_best_only: Write only when `monitor` improved.
        save_weights_only: Write weights instead of the whole model.
        mode: "min", "max" or "auto".
        save_freq: "epoch", or a number of steps (training is slower then).
        initial_value_threshold: Value that the first file must beat.
    """

    def __init__(
        self,
        filepath: Any,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: Any = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None:
        self.filepath = os.fspath(filepath)
        self.verbose, self.save_weights_only = verbose, save_weights_only
        self.save_best_only, self.save_freq = save_best_only, save_freq
        if mode not in ("auto", "min", "max"):
            raise ArgumentError(
                f"ModelCheckpoint(mode=...): got {mode!r}, expected 'auto', 'min' or 'max'."
            )
        if save_freq != "epoch" and (not isinstance(save_freq, int) or save_freq < 1):
            raise ArgumentError(
                f"ModelCheckpoint(save_freq=...): got {save_freq!r}, expected 'epoch' or a whole "
                "number of steps."
            )
        if save_best_only:
            self.monitor = monitor
        self._watched, self._sign = monitor, direction(monitor, mode)
        self.best = initial_value_threshold
        self._seen, self._epoch = 0, 0

    @property
    def steps(self) -> bool:
        return self.save_freq != "epoch"

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self._seen += 1
        if self.save_freq != "epoch" and self._seen % self.save_freq == 0:
            self._keep(self._epoch, logs or {})

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if self.save_freq == "epoch":
            self._keep(epoch, logs or {})

    def _keep(self, epoch: int, logs: Mapping[str, Any]) -> None:
        value = logs.get(self._watched)
        if self.save_best_only:
            if value is None or not self._improved(float(value)):
                return
            self.best = float(value)
        path = self._path(epoch, logs)
        if self.verbose:
            print(f"Epoch {epoch + 1}: saving to {path}")
        (self.model.save_weights if self.save_weights_only else self.model.save)(path)

    def _improved(self, value: float) -> bool:
        return self.best is None or self._sign * value > self._sign * self.best

    def _path(self, epoch: int, logs: Mapping[str, Any]) -> Path:
        try:
            return Path(self.filepath.format(epoch=epoch + 1, **logs))
        except KeyError as error:
            raise ArgumentError(
                f"ModelCheckpoint(filepath=...): got the unknown field {error}, expected epoch or "
                f"one of {', '.join(logs)}."
            ) from None


class CSVLogger(Callback):
    """Write each epoch's reported values to a CSV file.

    Args:
        filename: Path.
        separator: Between values.
        append: Go on with an existing file.
    """

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        self.path, self.separator, self.append = Path(filename), separator, append
        self._columns: list[str] | None = None

    def on_train_begin(self, logs: Any = None) -> None:
        if not self.append:
            self.path.write_text("")
        elif self.path.exists() and self.path.stat().st_size:
            with self.path.open() as file:
                self._columns = file.readline().strip().split(self.separator)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        row = {"epoch": epoch, **(logs or {})}
        with self.path.open("a") as file:
            if self._columns is None:
                self._columns = list(row)
                file.write(self.separator.join(self._columns) + "\n")
            values = (str(row.get(name, "NA")) for name in self._columns)
            file.write(self.separator.join(values) + "\n")


class Snapshots(Callback):
    """Keep the weights that the model has after chosen epochs, to look at them later.

    Args:
        epochs: Whole numbers: 0 is before the first epoch, 5 after five of them.
            `range(0, 101, 10)` keeps every tenth.

    Raises:
        ArgumentError: Something is no such number.

    Example:
        >>> import numpy as np, pellucid
        >>> model = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> snapshots = pellucid.callbacks.Snapshots(epochs=[0, 2])
        >>> _ = model.fit(np.eye(2), np.arange(2), epochs=3, verbose=0, callbacks=[snapshots])
        >>> sorted(snapshots.weights)
        [0, 2]

    Differs from Keras: it has no such callback.
    """

    def __init__(self, epochs: Iterable[int]) -> None:
        given = list(epochs)
        for one in given:
            whole = isinstance(one, (int, np.integer)) and not isinstance(one, bool)
            if not whole or one < 0:
                raise ArgumentError(
                    f"Snapshots(epochs=...): got {one!r}, expected whole numbers, at least 0."
                )
        self.epochs = frozenset(map(int, given))
        self.weights: dict[int, list[NumpyArray]] = {}
        """What `model.get_weights()` gave, by the number of epochs that were made."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._keep(epoch)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._keep(epoch + 1)

    def _keep(self, made: int) -> None:
        if made in self.epochs:
            self.weights[made] = self.model.get_weights()


class TerminateOnNaN(Callback):
    """End the run quietly when the loss is not finite, instead of raising an error.

    The check itself is always made, inside the program; this only changes what follows.
    """


class BackupAndRestore(Callback):
    """Keep checkpoints, and go on from the last one when the same fit is started again.

    A run killed at any moment and started again ends, on a CPU, with bit for bit the
    weights of the run that was not killed.

    Args:
        backup_dir: Folder of the checkpoint.
        save_freq: "epoch", or a number of steps.
        delete_checkpoint: Remove the checkpoint when the run ends well.
    """

    def __init__(
        self, backup_dir: Any, save_freq: Any = "epoch", delete_checkpoint: bool = True
    ) -> None:
        if save_freq != "epoch" and (not isinstance(save_freq, int) or save_freq < 1):
            raise ArgumentError(
                f"BackupAndRestore(save_freq=...): got {save_freq!r}, expected 'epoch' or a whole "
                "number of steps."
            )
        self.folder, self.save_freq = Path(backup_dir), save_freq
        self.delete_checkpoint = delete_checkpoint

    @property
    def path(self) -> Path:
        """The checkpoint's file."""
        return self.folder / "checkpoint.pellucid"


class CallbackList:
    """The callbacks of one run, called together.

    Args:
        callbacks: Callbacks and policies as given to `fit`.

    Raises:
        ArgumentError: Something is neither.
    """

    def __init__(self, callbacks: Any) -> None:
        given = listed_callbacks(callbacks)
        for one in given:
            if isinstance(one, type):
                raise ArgumentError(
                    f"fit(callbacks=...): got the class {one.__name__}, expected an object. "
                    f"Write {one.__name__}()."
                )
            if not isinstance(one, (Callback, Policy)) and not hasattr(one, "on_epoch_end"):
                raise ArgumentError(
                    f"fit(callbacks=...): got {type(one).__name__}, expected callbacks such as "
                    "EarlyStopping()."
                )
        self.policies = tuple(one for one in given if isinstance(one, Policy))
        self.callbacks: Sequence[Any] = [one for one in given if not isinstance(one, Policy)]
        self.quiet_nan = any(isinstance(one, TerminateOnNaN) for one in given)
        self.backup = next((one for one in given if isinstance(one, BackupAndRestore)), None)

    @property
    def per_step(self) -> bool:
        """True when some callback must be called at every step."""
        return any(getattr(one, "steps", False) for one in self.callbacks)

    @property
    def per_epoch(self) -> bool:
        """True when some callback must be called at every epoch."""
        idle = (TerminateOnNaN,)
        return any(not isinstance(one, idle) for one in self.callbacks)

    def begin(self, model: Any, params: Mapping[str, Any]) -> None:
        """Introduce the callbacks to model and run, and say that training begins."""
        for one in self.callbacks:
            one.set_model(model)
            one.set_params(params)
        self.call("on_train_begin")

    def call(self, hook: str, *arguments: Any) -> None:
        """Call one hook of every callback."""
        for one in self.callbacks:
            function = getattr(one, hook, None)
            if function is not None:
                function(*arguments)
