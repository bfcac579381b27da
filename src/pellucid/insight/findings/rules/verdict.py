"""Whether a run came out well: what the other rules about runs ask first."""

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.outcome import Outcome
from pellucid.insight.findings.views import is_coded

LEARNED = 0.05
"""Share of the way from chance to a perfect score that is no longer guessing."""

BEHIND = 0.1
"""Share of the reference's way from chance by which a sound network may stay behind it."""

GOOD = 0.9
"""Share of the way from chance to a perfect score that is good whatever else there is."""

SURER = (2, 4, 8, 16)
"""Powers of probabilities that make a network surer of its answers."""

UNSURE = 0.2
"""Share of the constant answer's loss that a power takes off where answers weigh far too little."""


def above_chance(outcome: Outcome) -> float:
    """Return the share of the way from the best constant answer to a perfect score."""
    if not np.isfinite(outcome.value):
        return 0.0
    return (outcome.score - outcome.chance) / max(1 - outcome.chance, 1e-9)


def did_well(case: Case) -> bool:
    """Say whether the run came out well: above chance, and not behind what simple models reach."""
    outcome = case.judged
    if outcome is None or case.failure is not None:
        return False
    own = above_chance(outcome)
    if own < max(LEARNED, 2 * outcome.noise):
        return False
    simple = case.reference
    if own >= GOOD or simple is None:
        return own >= 0.5 if simple is None else True
    allowed = max(BEHIND * (simple - outcome.chance), 2 * outcome.noise)
    return outcome.score >= simple - allowed


def did_all_it_could(case: Case) -> bool:
    """Say whether a run came out well beside what a sound network would have reached.

    Linear models and forests come near that on tables. On images, sequences and words a network
    can do far better, so that being no worse than they are says little.
    """
    if not did_well(case):
        return False
    outcome = case.judged
    return is_table(case) or (outcome is not None and above_chance(outcome) >= GOOD)


def is_unsure(case: Case) -> bool:
    """Say whether answers that are right are given far too little weight.

    So it is where the probabilities of all rows, raised to one power and made to sum to 1 again,
    come out better by a fifth of the loss of the best constant answer.
    """
    from scipy.special import log_softmax

    outcome = case.judged
    chances = None if outcome is None else outcome.likelihoods
    if outcome is None or outcome.classes is None or chances is None:
        return False
    logs, shares = np.log(chances.clip(1e-6)), np.bincount(outcome.classes) / len(chances)
    constant = -float(shares[shares > 0] @ np.log(shares[shares > 0]))
    rows = np.arange(len(logs))
    losses = [
        -float(log_softmax(power * logs, axis=1)[rows, outcome.classes].mean())
        for power in (1, *SURER)
    ]
    return losses[0] - min(losses) > UNSURE * constant


def is_table(case: Case) -> bool:
    """Say whether rows are numbers in columns: no images, sequences or words."""
    return case.train.inputs[0].ndim <= 2 and not is_coded(case)
