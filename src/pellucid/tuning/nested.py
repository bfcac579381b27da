"""The honest score of a model that is tuned: on rows that the search has never seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from pellucid.models.cohort import Cohort
from pellucid.training.history_json import to_json_value
from pellucid.tuning.searching import Searching, Task, end_of
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
        scores: A score for each outer fold; NaN where its model met a loss that is not finite.
        parameters: The parameters that won without it.
        reported: The other values that the models report, by name, for each outer fold.

    Source: Cawley and Talbot, "On Over-fitting in Model Selection and Subsequent Selection Bias
    in Performance Evaluation" (2010).
    """

    metric: str
    scores: tuple[float, ...]
    parameters: tuple[dict[str, Any], ...]
    reported: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def mean(self) -> float:
        """The mean of the scores."""
        return _spread(self.scores)[0]

    @property
    def sd(self) -> float:
        """Their standard deviation, that of a sample; NaN of a single one."""
        return _spread(self.scores)[1]

    def __str__(self) -> str:
        told = []
        for name, values in {self.metric: self.scores, **self.reported}.items():
            mean, sd = _spread(values)
            spread = "" if len(values) == 1 else f" ± {number_text(sd)}"
            told.append(f"{name} {number_text(mean)}{spread}")
        folds = count_text(len(self.scores), "outer fold")
        return f"Nested: {', '.join(told)} over {folds} that the search had not seen."

    def to_dict(self) -> dict[str, Any]:
        """Return the scores as plain JSON values."""
        return {
            "metric": self.metric,
            "mean": to_json_value(self.mean),
            "sd": to_json_value(self.sd),
            "scores": [to_json_value(one) for one in self.scores],
            "reported": {
                name: [to_json_value(one) for one in values]
                for name, values in self.reported.items()
            },
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
    rows = [end_of(one)[1] for one in cohort.trainees]
    return NestedScore(
        task.metric.removeprefix("val_"),
        tuple(task.score_in(row) for row in rows),
        tuple(parameters),
        {
            name.removeprefix("val_"): tuple(float(row.get(name, np.nan)) for row in rows)
            for name, value in next(filter(None, rows), {}).items()
            if name.startswith("val_") and name != task.metric and isinstance(value, float)
        },
    )


def _spread(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean and the standard deviation, that of a sample; NaN of a single one."""
    sd = float(np.std(values, ddof=1)) if len(values) > 1 else np.nan
    return float(np.mean(values)), sd
