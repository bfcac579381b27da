"""Whether a run came out well: what the other rules about runs ask first."""

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.outcome import Outcome

LEARNED = 0.05
"""Share of the way from chance to a perfect score that is no longer guessing."""

BEHIND = 0.1
"""Share of the reference's way from chance by which a sound network may stay behind it."""

GOOD = 0.9
"""Share of the way from chance to a perfect score that is good whatever else there is."""


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
