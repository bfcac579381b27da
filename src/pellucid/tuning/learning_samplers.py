"""Samplers by their names, and those of Optuna, which learn from earlier trials."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pellucid.errors import ArgumentError, Problem, did_you_mean
from pellucid.tuning.adaptive import Adaptive
from pellucid.tuning.optuna_terms import distributions, from_optuna, need_optuna, quiet, study_of
from pellucid.tuning.proposing import OURS, Proposal, Proposer, Random, Round
from pellucid.tuning.space import Space
from pellucid.tuning.trial import Trial

NAMES = ("adaptive", *OURS, "tpe", "cma-es")
"""All samplers that go by a name."""

BAYESIAN = "Search by a model of earlier scores is called 'adaptive' or 'tpe' here."
ELSEWHERE = {
    "bayes": BAYESIAN,
    "bayesian": BAYESIAN,
    "bayesianoptimization": BAYESIAN,
    "halving": "Halving goes with any sampler: halving='successive'.",
    "hyperband": "Hyperband goes with any sampler: halving='hyperband'.",
    "qmc": "Points that fill the space evenly are called 'sobol' here.",
}
"""Samplers of other libraries by their names in small letters, and what to write here."""


def proposer_for(sampler: Any, seed: int, higher: bool, where: str) -> Proposer:
    """Return the proposer that a sampler names, or that a sampler of Optuna becomes.

    Args:
        sampler: A name, or a sampler of Optuna.
        seed: Seed of what it draws; a sampler of Optuna has its own.
        higher: Whether higher scores are better.
        where: What messages begin with.

    Raises:
        ArgumentError: It is neither.
        MissingExtraError: It needs an extra that is not installed.
    """
    if sampler == "adaptive":
        return Adaptive(seed, higher)
    if isinstance(sampler, str) and sampler in OURS:
        return OURS[sampler](seed)
    if isinstance(sampler, str) and sampler in NAMES:
        return Learning(sampler, seed, higher, _maker(sampler, seed, where))
    if not isinstance(sampler, str) and hasattr(sampler, "sample_relative"):
        return Learning(type(sampler).__name__, seed, higher, lambda number: sampler)
    expected = f"{', '.join(map(repr, NAMES))} or a sampler of Optuna"
    fix = _fix(sampler) if isinstance(sampler, str) else ""
    raise ArgumentError(str(Problem(f"{where}(sampler=...)", repr(sampler), expected, fix)))


def _fix(name: str) -> str:
    return ELSEWHERE.get(name.replace("_", "").lower()) or did_you_mean(name, NAMES)


def _maker(name: str, seed: int, where: str) -> Callable[[int], Any]:
    """Return what makes the sampler of a round."""
    modules = ("cmaes",) if name == "cma-es" else ()
    optuna = need_optuna(f"{where}(sampler='{name}')", *modules)

    def make(number: int) -> Any:
        drawn = int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
        if name == "tpe":
            return optuna.samplers.TPESampler(seed=drawn, multivariate=True, constant_liar=True)
        return optuna.samplers.CmaEsSampler(seed=drawn, warn_independent_sampling=False)

    return make


@dataclass(frozen=True)
class Learning:
    """A sampler of Optuna, told all results anew for each round that it is asked for.

    Args:
        name: What the trials say of who proposed them.
        seed: Seed of what is drawn at random in its place.
        higher: Whether higher scores are better.
        make: Returns the sampler for the round of that number.
    """

    name: str
    seed: int
    higher: bool
    make: Callable[[int], Any] = field(repr=False)
    small_rounds: bool = True

    def limit(self, space: Space) -> int | None:
        return None

    def propose(
        self, space: Space, round: Round, told: Sequence[Trial], seconds: float
    ) -> list[Proposal]:
        end, at_random = time.perf_counter() + seconds, Random(self.seed)
        found: list[Proposal] = []
        if any(one.score is not None for one in told) and seconds > 0:
            optuna = need_optuna("tune")
            kinds = distributions(optuna, space)
            with quiet(optuna):
                sampler = self.make(round.number)
                study = study_of(optuna, space, told, self.higher, sampler)
                while len(found) < round.size and time.perf_counter() < end:
                    asked = study.ask(kinds).params
                    found.append(Proposal(from_optuna(space, asked), self.name))
        left = range(round.first + len(found), round.first + round.size)
        return [*found, *(at_random.one(space, number) for number in left)]
