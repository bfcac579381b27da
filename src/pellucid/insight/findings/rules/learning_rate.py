"""A learning rate that copies of the model, trained for some steps, do not get on with."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from pellucid.description import Description
from pellucid.insight.findings.case import Case, Weights
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.verdict import did_well
from pellucid.insight.remedies import ScaleLearningRate, SetLearningRate
from pellucid.training import cache
from pellucid.training.program import Options
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import Scorer
from pellucid.training.trainer import Table, Trainer
from pellucid.training.work import forward_work, scoring_rows
from pellucid.wording import number_text

FACTORS = tuple(10.0**power for power in range(-3, 6))
"""What the rate is multiplied by, one copy each."""

STEPS = 40
"""Steps that each copy makes."""

RUN = 2000
"""Steps that a run is taken to have at least, since `check` may not know how long it will be."""

FALLS = 0.05
"""Share of the first loss by which some rate must lower it before rates are compared."""

BEHIND = 0.3
"""Share of a lower rate's progress below which the given rate is too high."""

SHORT = 0.5
"""Share of a higher rate's progress in 40 steps that a whole run must reach."""


CHEAP = 3e10
"""Products up to which the rates of a run that did not come out well are tried unasked."""


def is_cheap(case: Case) -> bool:
    """Say whether trying the rates takes no more than a second or two."""
    # The pass backward costs about twice the pass forward.
    step = 3 * forward_work(case.network, case.settings.batch_size).numbers
    return step * STEPS * len(FACTORS) <= CHEAP


def learning_rate(case: Case) -> Iterator[Finding]:
    """Yield the finding of a rate too high or too low, from short runs at rates around it.

    All runs are one compiled program, the one that `fit` uses afterwards: the rate is data.
    """
    rate = getattr(case.optimizer, "learning_rate", None)
    if rate is None or isinstance(rate, Description) or case.network.stateful:
        return
    if case.recipe is None or case.sampled is None or not case.network.trained:
        return
    assert case.start is not None
    before = _loss(case, case.recipe, case.start)
    if not np.isfinite(before) or before <= 0:
        return
    after = {
        factor: _after(case, case.recipe, case.start, float(rate) * factor) for factor in FACTORS
    }
    yield from _judged(case, float(rate), before, after)


def poor_learning_rate(case: Case) -> Iterator[Finding]:
    """Yield the same of a run that did not come out well, where trying the rates is cheap."""
    if case.recipe is None or did_well(case) or not is_cheap(case):
        return
    yield from learning_rate(replace(case, end=None, history=None, failure=None))


def _judged(
    case: Case, rate: float, before: float, after: Mapping[float, float]
) -> Iterator[Finding]:
    gains = {
        factor: before - loss if np.isfinite(loss) else -np.inf for factor, loss in after.items()
    }
    lower = max((one for one in gains if one < 1), key=lambda one: gains[one])
    higher = max((one for one in gains if one > 1), key=lambda one: gains[one])
    own, least = gains[1.0], FALLS * before
    evidence = {"rate": rate, "loss before": before, "loss after": after[1.0]}
    runs_away = not np.isfinite(own) or after[1.0] > 2 * before
    if runs_away or (gains[lower] > least and own < BEHIND * gains[lower]):
        yield Finding(
            "lr-too-high",
            "fault" if runs_away else "warning",
            f"At the learning rate {rate:g} the loss goes from {number_text(before)} to "
            f"{number_text(after[1.0])} in {STEPS} steps; at {rate * lower:g} it goes to "
            f"{number_text(after[lower])}. The steps are so large that they jump over the valley "
            "they should go down into.",
            {**evidence, "better rate": rate * lower, "loss at that": after[lower]},
            (SetLearningRate(rate * lower), ScaleLearningRate(0.1)),
        )
        return
    settings = case.settings
    run = max(RUN, settings.epochs * -(-case.train.rows // settings.batch_size))
    if gains[higher] > least and own * run / STEPS < SHORT * gains[higher]:
        yield Finding(
            "lr-too-low",
            "warning",
            f"At the learning rate {rate:g} the loss goes from {number_text(before)} to "
            f"{number_text(after[1.0])} in {STEPS} steps; at {rate * higher:g} it goes to "
            f"{number_text(after[higher])}. The steps are in the right direction but so small "
            "that the run will end long before it arrives.",
            {**evidence, "better rate": rate * higher, "loss at that": after[higher]},
            (SetLearningRate(rate * higher), ScaleLearningRate(10.0)),
        )


def _after(case: Case, recipe: Recipe, start: Weights, rate: float) -> float:
    """Return the loss of the sample after some steps at a rate."""
    tried = Recipe(recipe.network, recipe.objective, recipe.optimizer.replace(learning_rate=rate))
    batch = case.settings.batch_size
    options = Options(
        batch_size=batch,
        evaluation_batch_size=scoring_rows(recipe.network, batch),
        shuffle=case.settings.shuffle,
    )
    trainer = Trainer(tried, options, _table(case), case.validation_table, case.seed)
    trainer.begin(*start)
    chunk = trainer.advance(STEPS)
    if not chunk.good or trainer.state is None:
        return float("inf")
    return _loss(case, tried, (trainer.state.trained, trainer.state.carried))


def _table(case: Case) -> Table:
    assert case.table is not None
    return replace(case.table, lengths=None)


def _loss(case: Case, recipe: Recipe, weights: Weights) -> float:
    table = case.sampled
    assert table is not None
    scored = Recipe(recipe.network, recipe.objective, None)
    batch = min(256, table.rows)
    scorer = cache.program(("score", scored.structure, batch, 1), lambda: Scorer(scored, batch))
    data = scorer.sharding.put(table.padded(batch))
    sums, _ = scorer.run(*weights, scored.hyper(), data, np.int32(table.rows))
    return float(sums[1]) / float(sums[0])
