"""How good a table's network is that is chosen and trained anew without each part of the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.tasks.scores import SCORE_NAMES, Scores
from pellucid.text_table import text_table
from pellucid.tuning.space import plain
from pellucid.wording import count_text, number_text

FORMAT, VERSION = "pellucid.nested", 1


@dataclass(frozen=True)
class NestedScores:
    """Scores of search and committee together, on rows that neither has seen.

    Each outer fold is left out of all that is learned and chosen: how columns are scaled, the
    design, the weights. The spread over the folds tells how much the score of one test is worth.

    Args:
        folds: For each outer fold the scores of the network and of each baseline.
        rows: Number of rows in each fold.
        parameters: The parameters that won without it.

    Source: Cawley and Talbot, "On Over-fitting in Model Selection and Subsequent Selection Bias
    in Performance Evaluation" (2010).
    """

    folds: Sequence[Scores]
    rows: Sequence[int]
    parameters: Sequence[Mapping[str, Any]]

    @property
    def mean(self) -> dict[str, dict[str, float | None]]:
        """The mean of each score; None where a fold has none."""
        return self._over(lambda values: float(np.mean(values)))

    @property
    def sd(self) -> dict[str, dict[str, float | None]]:
        """The standard deviation of each score over the folds, that of a sample."""
        return self._over(lambda values: float(np.std(values, ddof=1)))

    def _over(self, summed: Any) -> dict[str, dict[str, float | None]]:
        def of(values: Sequence[float | None]) -> float | None:
            return None if None in values else summed(values)

        return {
            who: {name: of([one[who][name] for one in self.folds]) for name in own}
            for who, own in self.folds[0].items()
        }

    @property
    def sentence(self) -> str:
        """What was done, in words."""
        return (
            f"Nested: search and committee made anew without each of "
            f"{count_text(len(self.folds), 'part')} of the rows, and scored on it; "
            "mean ± standard deviation"
        )

    @property
    def cells(self) -> list[list[str]]:
        """A row for each model: its name, and each mean with its standard deviation."""
        means, spreads = self.mean, self.sd
        return [
            [who, *(_cell(own[name], spreads[who][name]) for name in own)]
            for who, own in means.items()
        ]

    @property
    def headers(self) -> list[str]:
        """What stands above the cells."""
        return ["", *(SCORE_NAMES[name] for name in next(iter(self.folds[0].values())))]

    def __str__(self) -> str:
        return f"{self.sentence}:\n{text_table(self.cells, self.headers)}"

    def to_dict(self) -> dict[str, Any]:
        """Return the scores as plain JSON values."""
        each = zip(self.folds, self.rows, self.parameters, strict=True)
        return {
            "format": FORMAT,
            "version": VERSION,
            "mean": self.mean,
            "sd": self.sd,
            "folds": [
                {
                    "rows": rows,
                    "parameters": {name: plain(value) for name, value in own.items()},
                    "scores": scores,
                }
                for scores, rows, own in each
            ],
        }


def _cell(mean: float | None, sd: float | None) -> str:
    return "" if mean is None or sd is None else f"{number_text(mean)} ± {number_text(sd)}"
