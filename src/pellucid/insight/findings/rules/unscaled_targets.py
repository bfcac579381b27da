"""Numeric targets far from what the output gives at the start."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import numbers, targets
from pellucid.insight.remedies import ScaleTargets
from pellucid.training.pairing.ranges import RANGES
from pellucid.types import NumpyArray
from pellucid.wording import number_text

WIDE, FAR, TINY, WILD = 20.0, 50.0, 1e-3, 1000.0
"""Standard deviation and mean that are too large, one that is too small, and a hopeless one."""


def unscaled_targets(case: Case) -> Iterator[Finding]:
    """Yield the finding of targets in units that the output has to learn first."""
    y = numbers(case)
    if y is None or len(y) < 8 or targets(case) == "counts":
        return
    low, high = RANGES.get(str(case.network.output_activation(case.output)), (-np.inf, np.inf))
    if np.isfinite(high) and np.isfinite(low):
        return  # what a bounded output cannot reach is another finding
    spread, centre = float(y.std(axis=0).max()), _largest(y.mean(axis=0))
    evidence = {"target mean": centre, "target standard deviation": spread}
    if _is_met(case, spread, centre) or spread == 0:
        return
    if spread > WIDE or abs(centre) > FAR:
        yield Finding(
            "unscaled-targets",
            "fault" if max(spread, abs(centre)) > WILD else "warning",
            f"The targets are large: mean {number_text(centre)}, standard deviation "
            f"{number_text(spread)}, while a fresh network gives numbers of about 1. Most of the "
            "training goes into learning the units, with gradients far too large for the "
            "learning rate.",
            evidence,
            (ScaleTargets(),),
        )
    elif spread < TINY:
        yield Finding(
            "unscaled-targets",
            "warning",
            f"The targets hardly vary: their standard deviation is {number_text(spread)}, while "
            "a fresh network's outputs vary by about 1. The network must learn to be nearly "
            "constant before it can learn anything else.",
            evidence,
            (ScaleTargets(),),
        )


def _largest(means: NumpyArray) -> float:
    return float(means[np.abs(means).argmax()])


def _is_met(case: Case, spread: float, centre: float) -> bool:
    """Say whether the outputs have the targets' units already, as behind a Rescaling."""
    first = case.first_outputs
    if first is None:
        return False
    given = np.asarray(first[case.output], np.float64)
    return 0.1 * spread < given.std() < 10 * spread and abs(given.mean() - centre) < 3 * spread
