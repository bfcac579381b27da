"""How far a network is trusted: its share in the forecast, and how wide the intervals are."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pellucid.data.series import Design, sureness
from pellucid.errors import Problem, report
from pellucid.tasks.forecaster import NAIVE, Trust, blended
from pellucid.types import NumpyArray
from pellucid.wording import count_text

SHARES = tuple(number / 10 for number in range(11))
"""Shares of the network in the forecast that are tried."""

LOUDNESS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""What the hidden layers' answer beside a line is multiplied by, the choices."""

TRUSTED = 2.58
"""Standard errors by which the best of many mixtures must be better to be trusted: the best of
many looks good by chance more often than one alone."""

SMALLEST = 1e-12


@dataclass(frozen=True)
class Mixture:
    """What of the networks goes into the forecast.

    Args:
        kind: Which kind of network.
        loudness: What the answer of its hidden layers is multiplied by.
        share: Share of the network in the forecast.
        naive: The simple forecast that is the rest.
        sureness: By how many standard errors the mixture was nearer to what came on the
            validation part than that simple forecast.
    """

    kind: str
    loudness: float
    share: float
    naive: str
    sureness: float


def choose_mixture(
    actual: NumpyArray,
    simple: Mapping[str, NumpyArray],
    told: Mapping[str, Mapping[float, NumpyArray]],
) -> Mixture:
    """Return the mixture that is nearest to what came; of equally near ones the quietest.

    Where it is not nearer than the simple forecast by more than chance, it gets no share: on
    prices, what looks like a small gain is mostly luck.

    Args:
        actual: What came on the validation part, NaN where missing, shape (origins, horizon).
        simple: The simplest forecasts by name.
        told: Forecasts of each kind of network, by loudness.
    """
    known = [name for name in NAIVE if name in simple]
    naive = min(known, key=lambda name: _error(actual, simple[name]))
    mixed = {
        (kind, loudness, share): blended(Trust(share, naive, {}), simple, own)
        for kind, by_loudness in told.items()
        for loudness, own in by_loudness.items()
        for share in SHARES
    }
    best = min(mixed, key=lambda one: (_error(actual, mixed[one]), one[2], one[1]))
    sure = sureness(actual, mixed[best], simple[naive])
    kind, loudness, share = best
    return Mixture(kind, loudness, share if sure >= TRUSTED else 0.0, naive, sure)


def _error(actual: NumpyArray, values: NumpyArray) -> float:
    return float(np.nanmean(np.abs(values - actual)))


def margins_of(
    actual: NumpyArray, values: NumpyArray, design: Design, levels: Sequence[float]
) -> dict[float, tuple[float, ...]]:
    """Return how far intervals reach around forecasts, from how far these were off.

    At each step the distances are divided by their mean there, or by that of an earlier step
    where it is larger: it does not grow easier to look farther. Of all these ratios the quantile
    is taken, a little above the level, as so few origins ask for.

    Args:
        actual: What came on the validation part, NaN where missing, shape (origins, horizon).
        values: What was forecast there.
        design: The scale on which distances are measured.
        levels: Share of new values that each interval shall hold.

    Raises:
        ArgumentError: The validation part is too short for a level.

    Source: Lei et al., "Distribution-Free Predictive Inference for Regression" (2018). Values
        of a series are no independent draws, so the share is not guaranteed: the test says what
        it is.
    """
    away = np.abs(design.curve(actual) - design.curve(values))
    typical = np.maximum.accumulate(np.maximum(np.nanmean(away, axis=0), SMALLEST))
    ratios = np.sort((away / typical)[~np.isnan(away)])
    problems, margins = [], {}
    for level in levels:
        if math.ceil((len(ratios) + 1) * level) > len(ratios):
            given = f"{level:.4g} with {count_text(len(ratios), 'value')} of the validation part"
            expected = f"at least {math.ceil(level / (1 - level))} of them, or a lower level"
            problems.append(Problem("level=...", given, expected))
            continue
        share = min(1.0, math.ceil((len(away) + 1) * level) / len(away))
        place = math.ceil(share * len(ratios))
        margins[level] = tuple((ratios[place - 1] * typical).tolist())
    report(problems)
    return margins
