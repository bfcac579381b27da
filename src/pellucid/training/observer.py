"""What watches a run from outside."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

Task: TypeAlias = Literal["train", "evaluate", "predict"]
Logs: TypeAlias = Mapping[str, Any]
Clock: TypeAlias = Callable[[], float]
"""A function that returns seconds, counted from anywhere."""


class Progress:
    """An observer of a run that shows nothing: the base of those that do.

    The trainer calls `start`, then `update` at the end of chunks of steps and `epoch_end` after
    each epoch, then `finish`. Epochs and steps count from 0 for the trainer and from 1 for the
    reader. Evaluation and prediction are runs of one epoch. No method ever raises because the
    output is closed: a run does not die of its display.

    Example:
        >>> import sys
        >>> from pellucid.training.progress import progress_for
        >>> shown = progress_for(2, stream=sys.stdout, clock=lambda: 0.0)
        >>> shown.start(epochs=2, steps_per_epoch=4, rows=100, batch_size=32)
        100 rows, 2 epochs of 4 steps, batch size 32
        >>> shown.epoch_end(0, {"loss": 0.5, "val_loss": 0.75})
        epoch 1/2  loss 0.5000  val_loss 0.7500
        >>> shown.epoch_end(1, {"loss": 0.25, "val_loss": 0.5})
        epoch 2/2  loss 0.2500  val_loss 0.5000
        >>> shown.finish()
    """

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
        """Begin a run.

        Args:
            epochs: The epoch at which it shall end.
            steps_per_epoch: Steps in an epoch; None where a generator does not tell.
            rows: Rows in an epoch, if known.
            batch_size: Rows in a step, if known.
            initial_epoch: The epoch at which it begins, counted from 0.
            seed: The seed of its random numbers, to be shown.
        """

    def update(
        self, epoch: int, step: int, logs: Logs | None = None, rate: float | None = None
    ) -> None:
        """Tell how far the run is; call it as often as is convenient.

        Args:
            epoch: The epoch, counted from 0.
            step: Steps done in it.
            logs: Column name → value so far.
            rate: Steps a second, where the trainer knows better than the clock.
        """

    def epoch_end(self, epoch: int, logs: Logs) -> None:
        """Tell what an epoch, counted from 0, ended with."""

    def finish(self, reason: str | None = None) -> None:
        """End the run; to be called however it ends, lest a terminal stay without its cursor.

        Args:
            reason: Why it ended early, in words; None if it did not.
        """
