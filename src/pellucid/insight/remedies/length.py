"""How long and in what portions a model trains."""

from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid.insight.remedies.changes import batch_size_of, count_rows, epochs_of, with_fit
from pellucid.insight.remedies.remedy import Remedy, Turn
from pellucid.insight.remedies.setup import Setup
from pellucid.training.policies import EarlyStopping, listed_callbacks


@dataclass(frozen=True)
class SetBatchSize(Remedy):
    """Take another number of rows in a step.

    Args:
        size: Rows, at least 1.
    """

    size: int
    name: ClassVar[str] = "set-batch-size"

    @property
    def words(self) -> str:
        return f"Take {self.size} rows in a step: fit(batch_size={self.size})."

    def apply(self, setup: Setup) -> Setup:
        rows = count_rows(setup.train)
        if min(batch_size_of(setup), rows) == min(self.size, rows):
            return setup
        return with_fit(setup, batch_size=self.size)


@dataclass(frozen=True)
class MoreEpochs(Remedy):
    """Train longer.

    Args:
        factor: How many times as many epochs.
    """

    factor: float = 3.0
    name: ClassVar[str] = "more-epochs"

    @property
    def words(self) -> str:
        return f"Train for {self.factor:g} times as many epochs."

    @property
    def turn(self) -> Turn | None:
        return "epochs", 1

    def apply(self, setup: Setup) -> Setup:
        wanted = round(epochs_of(setup) * self.factor)
        begun = int(setup.fit.get("initial_epoch", 0))
        return setup if wanted == epochs_of(setup) else with_fit(setup, epochs=begun + wanted)


@dataclass(frozen=True)
class WaitLonger(Remedy):
    """Let early stopping wait longer, for any gain, and take the weights of the best epoch.

    Args:
        patience: Epochs to wait.
    """

    patience: int
    name: ClassVar[str] = "wait-longer"

    @property
    def words(self) -> str:
        return (
            f"Let early stopping wait for {self.patience} epochs, and for any gain: "
            f"EarlyStopping(patience={self.patience}, restore_best_weights=True)."
        )

    @property
    def turn(self) -> Turn | None:
        return "epochs", 1

    def apply(self, setup: Setup) -> Setup:
        given = listed_callbacks(setup.fit.get("callbacks"))
        callbacks = [self._patient(one) for one in given]
        changed = any(new is not old for new, old in zip(callbacks, given, strict=True))
        return with_fit(setup, callbacks=callbacks) if changed else setup

    def _patient(self, callback: Any) -> Any:
        if not isinstance(callback, EarlyStopping):
            return callback
        if callback.patience >= self.patience and not callback.min_delta:
            return callback
        return callback.replace(
            patience=max(callback.patience, self.patience),
            min_delta=0.0,
            restore_best_weights=True,
        )


@dataclass(frozen=True)
class StopEarly(Remedy):
    """Stop once the validation loss no longer falls, and take the weights of its best epoch.

    Args:
        patience: Epochs to wait.
    """

    patience: int = 5
    name: ClassVar[str] = "stop-early"

    @property
    def words(self) -> str:
        return (
            'Stop when the validation loss no longer falls: EarlyStopping("val_loss", '
            f"patience={self.patience}, restore_best_weights=True)."
        )

    @property
    def turn(self) -> Turn | None:
        return "epochs", -1

    def apply(self, setup: Setup) -> Setup:
        callbacks = listed_callbacks(setup.fit.get("callbacks"))
        for one in callbacks:
            if isinstance(one, EarlyStopping) and one.restore_best_weights:
                return setup
        others = [one for one in callbacks if not isinstance(one, EarlyStopping)]
        policy = EarlyStopping("val_loss", patience=self.patience, restore_best_weights=True)
        return with_fit(setup, callbacks=[*others, policy])
