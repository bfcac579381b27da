"""The honest score of a model that is tuned: on rows that the search has never seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pellucid.models.cohort import Cohort
from pellucid.tuning.searching import Searching, Task, value_of
from pellucid.tuning.space import plain
from pellucid.tuning.trial import best_of
from pellucid.tuning.winner import candidate_of
from pellucid.types import NumpyArray
from pellucid.wording import count_text, number_text


@dataclass(frozen=True)
class NestedScore:
    """Scores of the whole procedure, search and all, on rows it has not seen.

    The best score of a search is too good to be true: it is the best of many tries on the rows
    that judged them. Here each outer fold is left out, the search is made on the other rows, and
    its winner, trained on them, is scored on the fold.

    Args:
        metric: What is scored.
        scores: A score for each outer fold.
        parameters: The parameters that won without it.

    Source: Cawley and Talbot, "On Over-fitting in Model Selection and Subsequent Selection Bias
    in Performance Evaluation" (2010).
    """

    metric: str
    scores: tuple[float, ...]
    parameters: tuple[dict[str, Any], ...]

    @property
    def mean(self) -> float:
        """Their mean."""
        return float(np.mean(self.scores))

    @property
    def sd(self) -> float:
        """Their standard deviation, that of a sample."""
        return float(np.std(self.scores, ddof=1))

    def __str__(self) -> str:
        folds = count_text(len(self.scores), "outer fold")
        value = f"{number_text(self.mean)} ± {number_text(self.sd)}"
        return f"Nested: {self.metric} {value} over {folds} that the search had not seen."

    def to_dict(self) -> dict[str, Any]:
        """Return the scores as plain JSON values."""
        return {
            "metric": self.metric,
            "mean": self.mean,
            "sd": self.sd,
            "scores": list(self.scores),
            "parameters": [plain(one) for one in self.parameters],
        }


def nested_score(
    task: Task,
    pairs: Sequence[tuple[NumpyArray, NumpyArray]],
    search: Callable[[NumpyArray, int], Searching],
) -> NestedScore:
    """Return the scores of a search over outer folds.

    Args:
        task: What is searched for.
        pairs: Numbers of the rows to search on and of those to score, for each outer fold.
        search: Makes the search on rows of those numbers, for the fold of that number.
    """
    candidates, parameters = [], []
    for number, (rows, held) in enumerate(pairs):
        inner = search(rows, number)
        best = best_of(inner.trials, task.sign)
        assert best is not None
        parameters.append(dict(best.parameters))
        candidates.append(replace(candidate_of(inner.task, best, True), validation=held))
    cohort = Cohort(candidates)
    cohort.train()
    scores = tuple(value_of(task, one)[1] for one in cohort.trainees)
    return NestedScore(task.metric.removeprefix("val_"), scores, tuple(parameters))
