"""What keeps weights and steps small, whatever else was found."""

from typing import Any

from pellucid.insight.findings.case import Case
from pellucid.insight.remedies import ClipGradients, LiftConstraints, Remedy
from pellucid.insight.remedies.regularisation import constrained

CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")

TIGHT = 0.1
"""Bound on gradients, or on their norm, below which it may be what makes every step small."""


def loosened(case: Case) -> tuple[Remedy, ...]:
    """Return the remedies that take restraints off: constraints on weights, tight clipping."""
    bounds = [getattr(case.optimizer, one, None) for one in CLIPS]
    lifted = (LiftConstraints(),) if any(map(_is_bounded, case.network.layers)) else ()
    tight = any(bound is not None and bound < TIGHT for bound in bounds)
    return (*lifted, *((ClipGradients(),) if tight else ()))


def _is_bounded(layer: Any) -> bool:
    inner = getattr(layer, "layer", None)
    return bool(constrained(layer if inner is None else inner))
