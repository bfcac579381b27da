"""One configuration that a search has tried."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pellucid.training.history_json import to_json_value
from pellucid.tuning.space import plain

State = Literal["complete", "freed", "cut off", "failed"]


@dataclass(frozen=True)
class Trial:
    """One configuration and what came of it.

    Args:
        number: Its number, from 0.
        parameters: The values that it tried, by name.
        state: "complete"; "freed" where halving let it go early; "cut off" where time was over;
            "failed" where a loss was not finite, or its values make nothing that can be trained.
        score: The metric in the epoch whose weights it ends with, the mean over folds; None
            where it failed.
        scores: That of each fold.
        metrics: All reported values of that epoch, means over folds.
        epochs: Epochs it was trained, in each fold; the most of them.
        kept: Epoch whose weights it ends with, in each fold, counted from 1.
        trained: Epochs of all folds together.
        seconds: Its share of the time, without that of compiling.
        proposed_by: Who proposed it: "adaptive", "halton", "tpe", ...
    """

    number: int
    parameters: Mapping[str, Any]
    state: State
    score: float | None
    scores: tuple[float, ...]
    metrics: Mapping[str, float]
    epochs: int
    kept: tuple[int, ...]
    trained: int
    seconds: float
    proposed_by: str

    @property
    def good(self) -> bool:
        """Whether it has a score."""
        return self.score is not None

    def to_dict(self) -> dict[str, Any]:
        """Return the trial as plain JSON values."""
        return {
            "number": self.number,
            "parameters": {name: plain(value) for name, value in self.parameters.items()},
            **self.outcome(),
        }

    def outcome(self) -> dict[str, Any]:
        """Return what came of it as plain JSON values."""
        return {
            "state": self.state,
            "score": self.score,
            "scores": [to_json_value(one) for one in self.scores],
            "metrics": {name: to_json_value(value) for name, value in self.metrics.items()},
            "epochs": self.epochs,
            "kept": list(self.kept),
            "trained": self.trained,
            "seconds": self.seconds,
            "proposed_by": self.proposed_by,
        }


def mean_score(scores: Sequence[float]) -> float | None:
    """Return the mean of a trial's scores; None where one is not finite, or there is none."""
    if not scores or not all(math.isfinite(one) for one in scores):
        return None
    return float(sum(scores) / len(scores))


def ranked_trials(trials: Sequence[Trial], sign: float) -> list[Trial]:
    """Return the trials, the best first, of equals the earliest, and those that failed last.

    Args:
        trials: The trials.
        sign: 1 where higher scores are better, else -1.
    """
    worst = math.inf
    return sorted(
        trials, key=lambda one: (worst if one.score is None else -sign * one.score, one.number)
    )


def finished_first(trials: Sequence[Trial], sign: float) -> list[Trial]:
    """Return the trials that have a score, the best first of those that were trained to their end,
    then the best of those that were not.
    """
    scored = [one for one in ranked_trials(trials, sign) if one.good]
    return sorted(scored, key=lambda one: one.state != "complete")


def best_of(trials: Sequence[Trial], sign: float) -> Trial | None:
    """Return the trial with the best score, the earliest of equals; None where all failed."""
    ranked = ranked_trials(trials, sign)
    return ranked[0] if ranked and ranked[0].good else None
