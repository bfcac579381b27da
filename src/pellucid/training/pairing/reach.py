"""Targets that the last activation cannot give, or the loss cannot take."""

import math

import numpy as np

from pellucid.errors import Problem
from pellucid.losses import MeanAbsolutePercentageError
from pellucid.training.pairing.findings import Doubt, Findings
from pellucid.training.pairing.pairing import Pairing
from pellucid.training.pairing.ranges import RANGES
from pellucid.training.pairing.told import interval_text, place_text

FEW = 0.05
"""Share of unreachable targets up to which they are taken for noise, and warned of."""

ROUNDING = 1e-5


def check_reach(pairing: Pairing) -> Findings:
    """Yield what keeps the output from meeting numeric targets."""
    if pairing.targets == "counts" and pairing.low < 0:
        yield _negative_count(pairing)
    else:
        yield from _outside(pairing)
    if isinstance(pairing.loss, MeanAbsolutePercentageError):
        yield from _zeros(pairing)


def _outside(pairing: Pairing) -> Findings:
    low, high = RANGES.get(str(pairing.activation), (-math.inf, math.inf))
    slack = ROUNDING * max(1.0, *(abs(bound) for bound in (low, high) if math.isfinite(bound)), 0)
    if pairing.low >= low - slack and pairing.high <= high + slack:
        return
    y = pairing.y
    outside = (y < low - slack) | (y > high + slack)
    few = np.count_nonzero(outside) <= FEW * y.size
    yield (Doubt if few else Problem)(
        pairing.labels,
        f"target {place_text(y, outside, 'target')}",
        f"targets {interval_text(low, high)}, all that the last activation "
        f"'{pairing.activation}' can give",
        _remedy(low, high),
    )


def _remedy(low: float, high: float) -> str:
    fix = "Write activation='linear' in the last layer"
    if math.isfinite(low) and math.isfinite(high):
        fix += ", or scale y into that range"
    return f"{fix}."


def _negative_count(pairing: Pairing) -> Problem:
    return Problem(
        pairing.labels,
        f"target {place_text(pairing.y, pairing.y < 0, 'target')}",
        f"targets of at least 0 for loss '{pairing.loss_name}'",
        "Write loss='mse' for numbers of both signs.",
    )


def _zeros(pairing: Pairing) -> Findings:
    zero = pairing.y == 0
    if zero.any():
        yield Doubt(
            pairing.labels,
            f"target {place_text(pairing.y, zero, 'target')}",
            f"targets other than 0, because loss '{pairing.loss_name}' divides by them",
            "Write loss='mae', or leave those rows out.",
        )
