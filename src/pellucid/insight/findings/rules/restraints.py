"""What in the settings keeps a run from getting on, whatever else was found."""

from typing import Any

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.rules.batch_size import TINY, USUAL
from pellucid.insight.remedies import ClipGradients, LiftConstraints, Remedy, SetBatchSize
from pellucid.insight.remedies.constraints import constrained

CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")

TIGHT = 0.1
"""Bound on gradients, or on their norm, below which it may be what makes every step small."""


def loosened(case: Case) -> tuple[Remedy, ...]:
    """Return the remedies of constraints on weights, of tight clipping and of tiny batches."""
    bounds = [getattr(case.optimizer, one, None) for one in CLIPS]
    lifted = (LiftConstraints(),) if any(map(_is_bounded, case.network.layers)) else ()
    tight = any(bound is not None and bound < TIGHT for bound in bounds)
    clipped = (ClipGradients(),) if tight else ()
    tiny = case.settings.batch_size <= TINY < case.train.rows
    return (*lifted, *clipped, *((SetBatchSize(USUAL),) if tiny else ()))


def _is_bounded(layer: Any) -> bool:
    inner = getattr(layer, "layer", None)
    return bool(constrained(layer if inner is None else inner))
