"""Copies of a network that are trained for some steps, to see what another setting would do."""

from dataclasses import replace

import jax
import numpy as np

from pellucid.insight.findings.case import Case, Weights
from pellucid.insight.findings.outcome import Outcome
from pellucid.training.program import Options
from pellucid.training.recipe import Recipe
from pellucid.training.scoring import scorer_for
from pellucid.training.trainer import Trainer
from pellucid.training.work import forward_work, scoring_rows

CHEAP = 3e10
"""Products up to which copies of a run that did not come out well are trained unasked."""

AHEAD = 0.2
"""Share of the constant answer's loss that a copy must take off beyond the run."""


def leaves_behind(copy: Outcome, own: Outcome) -> bool:
    """Say whether a copy answers rows far better than the run did, and more of them right."""
    return copy.skill >= max(own.skill, 0.0) + AHEAD and copy.score > own.score


def is_cheap(case: Case, steps: int) -> bool:
    """Say whether so many steps take no more than a second or two."""
    return steps <= cheap_steps(case)


def cheap_steps(case: Case) -> int:
    """Return how many steps take no more than a second or two."""
    # The pass backward costs about twice the pass forward.
    step = 3 * forward_work(case.network, case.settings.batch_size).numbers
    return int(CHEAP / max(step, 1.0))


def steps_of(case: Case) -> int:
    """Return how many steps an epoch has."""
    return -(-case.train.rows // case.settings.batch_size)


def ended_with(case: Case, weights: Weights) -> Case:
    """Return the case of a run that ended with other weights."""
    return replace(case, end=weights, whole=None)


def broken_off(case: Case, epochs: int) -> Case | None:
    """Return the case of the same run broken off after some epochs; None where that takes long."""
    steps = epochs * steps_of(case)
    return gone_on(case, case.start, steps) if is_cheap(case, steps) else None


def gone_on(case: Case, start: Weights | None, steps: int) -> Case | None:
    """Return the case of a copy that makes some steps from `start`; None where none can."""
    if case.recipe is None or start is None or case.table is None or case.network.stateful:
        return None
    weights = trained_copy(case, case.recipe, start, steps)
    return None if weights is None else ended_with(case, weights)


def trained_copy(case: Case, recipe: Recipe, start: Weights, steps: int) -> Weights | None:
    """Return the weights of a copy after some steps; None where its numbers run away."""
    assert case.table is not None
    batch = case.settings.batch_size
    options = Options(
        batch_size=batch,
        evaluation_batch_size=scoring_rows(recipe.network, batch),
        shuffle=case.settings.shuffle,
    )
    table = replace(case.table, lengths=None)
    trainer = Trainer(recipe, options, table, case.validation_table, case.seed)
    trainer.begin(*start)
    chunk = trainer.advance(steps)
    if not chunk.good or trainer.state is None:
        return None
    trained, carried = jax.device_get((trainer.state.trained, trainer.state.carried))
    return trained, carried


def sample_loss(case: Case, recipe: Recipe, weights: Weights) -> float:
    """Return the loss of the sample of training rows, penalties left out."""
    table = case.sampled
    assert table is not None
    scored = Recipe(recipe.network, recipe.objective, None)
    size = recipe.network.batch_size or scoring_rows(recipe.network, case.settings.batch_size)
    batch = min(size, table.rows)
    scorer = scorer_for(scored, batch)
    data = scorer.sharding.put(table.padded(batch))
    sums, _ = scorer.run(*weights, scored.hyper(), data, np.int32(table.rows))
    return float(sums[1]) / float(sums[0])
