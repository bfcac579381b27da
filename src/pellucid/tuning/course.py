"""How a search goes, whatever it is about: who proposes, how many at once, where it is kept."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.cores import get_cores
from pellucid.training.population import computed_together
from pellucid.tuning.halving import Halving, Schedule
from pellucid.tuning.proposing import Proposer
from pellucid.tuning.searching import Budget, Searching, Task
from pellucid.tuning.store import Store
from pellucid.tuning.trial import Trial, best_of
from pellucid.wording import count_text, duration_text, number_text

MOST_AT_ONCE, FEWEST_AT_ONCE = 64, 8
"""Trials that train side by side, where nothing else is said."""


@dataclass(frozen=True)
class Course:
    """How a search goes.

    Args:
        proposer: What proposes.
        halving: Who earns more epochs; None for all.
        budget: When to end.
        at_once: Trials that train together; None to choose.
        asking_share: Most of the time that asking may take.
        storage: Where trials are kept; None for nowhere.
        rows: A number that tells the rows from others, for what is kept.
        told: Whether to say how it goes.
    """

    proposer: Proposer
    halving: Halving | None
    budget: Budget
    at_once: int | None
    asking_share: float
    storage: Any
    rows: int
    told: bool

    def run(self, task: Task, name: str, begun: float) -> Searching:
        """Return a finished search.

        Args:
            task: What it is about.
            name: What it is called, in the storage and in what is said of it.
            begun: Reading of `time.perf_counter` from which its seconds count.
        """
        size, first = self.at_once or self._default_size(task.fit["epochs"]), self._first_round()
        if self.storage is None:
            return self._search(task, name, begun, (size, first), None)
        where = task.blueprint.where
        with Store(self.storage, name, task.space, task.sign > 0, where) as store:
            known = store.settings()
            size, first = known.get("at_once", size), known.get("first_round", first)
            size = self.at_once or size
            about = {**task.about(), **self._about(), "at_once": size, "first_round": first}
            store.check(about)
            return self._search(task, name, begun, (size, first), store)

    def _search(
        self,
        task: Task,
        name: str,
        begun: float,
        sizes: tuple[int, int | None],
        store: Store | None,
    ) -> Searching:
        size, first = sizes
        schedule = Schedule(task.fit["epochs"], size, self.halving, self.budget.trials, first)
        tell = self._progress(task, name, begun) if self.told else _silent
        search = Searching(
            task,
            self.proposer,
            schedule,
            self.budget,
            self.asking_share,
            tell,
            store,
            begun=begun,
        )
        search.run()
        return search

    def _default_size(self, epochs: int) -> int:
        """Return how many trials to train together; some are asked more often.

        Of a given number of trials Hyperband goes through all its kinds of rounds.
        """
        limit = self.budget.trials
        if self.proposer.small_rounds:
            wanted = FEWEST_AT_ONCE * get_cores() if limit is None else limit // FEWEST_AT_ONCE
            return max(FEWEST_AT_ONCE, min(MOST_AT_ONCE // 2, wanted))
        if limit is None:
            return MOST_AT_ONCE
        rounds = 1 if self.halving is None else sum(self.halving.shares(epochs))
        return min(MOST_AT_ONCE, math.ceil(limit / rounds))

    def _first_round(self) -> int | None:
        """Return how many trials to begin with where nobody knows how many the time suffices for.

        Members that a device computes together are best begun together.
        """
        if self.budget.seconds is None or self.at_once is not None or computed_together():
            return None
        return get_cores() if self.halving is None else FEWEST_AT_ONCE

    def _about(self) -> dict[str, Any]:
        """Return what a search that is gone on with must have in common with its beginning."""
        halving = None if self.halving is None else repr(self.halving)
        return {"sampler": self.proposer.name, "halving": halving, "rows": self.rows}

    def _progress(self, task: Task, name: str, begun: float) -> Callable[[Sequence[Trial]], None]:
        limit = self.budget.trials

        def tell(trials: Sequence[Trial]) -> None:
            best = best_of(trials, task.sign)
            made = count_text(len(trials), "trial")
            if limit is not None:
                made = f"{len(trials):,} of {count_text(limit, 'trial')}"
            told = "none with a score yet"
            if best is not None and best.score is not None:
                told = f"best {task.metric} {number_text(best.score)} (trial {best.number})"
            seconds = duration_text(time.perf_counter() - begun)
            print(f"{name}: {made}, {told}, {seconds}", flush=True)

        return tell


def _silent(trials: Sequence[Trial]) -> None:
    """Say nothing."""
