"""What a person sees while several models train side by side."""

import threading
from typing import Any

import numpy as np

from pellucid.models.cohort import Cohort
from pellucid.training.progress import progress_for


class CohortProgress:
    """Shows the means over the models of each epoch that all still in training have ended.

    A value that only some models report is the mean over those.

    Args:
        cohort: The models.
        verbose: As in `fit`.
    """

    def __init__(self, cohort: Cohort, verbose: Any) -> None:
        self._cohort, self._progress = cohort, progress_for(verbose)
        self._told, self._lock = 0, threading.Lock()

    def start(self) -> None:
        """Say what is trained."""
        first = self._cohort.trainees[0].member
        epochs = max(one.epochs for one in self._cohort.trainees)
        batch = first.fitted.batch_size
        steps = first.steps_per_epoch
        self._progress.start(epochs, steps, first.rows, batch, seed=first.seed)

    def tell(self) -> None:
        """Show the epochs that have ended since; called by the threads that train."""
        with self._lock:
            trainees, going = self._cohort.trainees, self._cohort.going
            made = [len(one.logs) for one in trainees]
            ended = min(made[number] for number in going) if going else max(made)
            for epoch in range(self._told, ended):
                rows = [one.logs[epoch] for one in trainees if epoch < len(one.logs)]
                names = dict.fromkeys(name for row in rows for name in row)
                means = {
                    name: np.mean([row[name] for row in rows if name in row], axis=0)
                    for name in names
                }
                self._progress.epoch_end(epoch, means)
            self._told = max(self._told, ended)

    def finish(self, reason: str | None = None) -> None:
        """Close the display, with why training ended early."""
        self._progress.finish(reason)
