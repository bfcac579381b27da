"""Which parameters the scores of a search depend on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

import numpy as np

from pellucid.errors import Problem, report
from pellucid.text_table import text_table
from pellucid.tuning.optuna_terms import need_optuna, quiet, study_of
from pellucid.tuning.space import Space
from pellucid.tuning.trial import Trial
from pellucid.wording import count_text

FEWEST = 4
TREES = 100


@dataclass(frozen=True)
class Importance:
    """How much of the scores' differences each parameter explains.

    Args:
        shares: By name, the largest first; together 1.
        method: How it was worked out.
    """

    shares: Mapping[str, float]
    method: str

    def __str__(self) -> str:
        return f"{text_table(self.shares.items(), ['parameter', 'importance'])}\n({self.method})"


def importance(space: Space, trials: Sequence[Trial], higher: bool, seed: int) -> Importance:
    """Return how much the scores depend on each parameter.

    By fANOVA where Optuna is installed, else by permuting each parameter before a random forest
    that has learned the scores.

    Args:
        space: The parameters.
        trials: What was tried; failures are left out.
        higher: Whether higher scores are better.
        seed: Seed of the forest.

    Raises:
        ArgumentError: Fewer than four trials have a score.

    Source: Hutter, Hoos and Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter
    Importance" (2014); Breiman, "Random Forests" (2001).
    """
    scored = [one for one in trials if one.good]
    if len(scored) < FEWEST:
        given = f"{count_text(len(scored), 'trial')} with a score"
        report([Problem("search.importance()", given, f"at least {FEWEST}")])
    if find_spec("optuna") is not None:
        return Importance(_ordered(_fanova(space, scored, higher, seed)), "fANOVA")
    return Importance(_ordered(_permuted(space, scored, seed)), "permutation in a random forest")


def _fanova(space: Space, trials: Sequence[Trial], higher: bool, seed: int) -> dict[str, float]:
    optuna = need_optuna("search.importance()")
    evaluator = optuna.importance.FanovaImportanceEvaluator(n_trees=TREES, seed=seed)
    with quiet(optuna):
        finished = [replace(one, state="complete") for one in trials]
        study = study_of(optuna, space, finished, higher)
        found = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return {name: float(found.get(name, 0.0)) for name in space.names}


def _permuted(space: Space, trials: Sequence[Trial], seed: int) -> dict[str, float]:
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.inspection import permutation_importance

    places = np.stack([space.shares(one.parameters) for one in trials])
    scores = np.array([one.score for one in trials], float)
    forest = RandomForestRegressor(TREES, random_state=seed).fit(places, scores)
    found: Any = permutation_importance(forest, places, scores, n_repeats=10, random_state=seed)
    weights = np.maximum(found.importances_mean, 0.0)
    return dict(zip(space.names, (weights / max(weights.sum(), 1e-12)).tolist(), strict=True))


def _ordered(shares: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(shares.items(), key=lambda one: -one[1]))
