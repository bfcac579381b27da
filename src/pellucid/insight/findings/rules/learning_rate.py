"""A learning rate that copies of the model, trained for some steps, do not get on with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import jax
import numpy as np

from pellucid.description import Description
from pellucid.insight.findings.case import Case, Weights
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.curves import curve
from pellucid.insight.findings.rules.lagging import lags
from pellucid.insight.findings.rules.verdict import did_well
from pellucid.insight.findings.trial import is_cheap, sample_loss, steps_of, trained_copy
from pellucid.insight.findings.views import share_text
from pellucid.insight.remedies import LowerRateLater, ScaleLearningRate, SetLearningRate
from pellucid.insight.remedies.rate import readable
from pellucid.optimizers.schedules.base import rate_at
from pellucid.training.recipe import Recipe
from pellucid.types import NumpyArray
from pellucid.wording import number_text

FACTORS = tuple(10.0**power for power in range(-3, 6))
"""What the rate is multiplied by, one copy each."""

STEPS = 40
"""Steps that each copy makes."""

RUN = 2000
"""Steps that a run is taken to have at least of which `check` may not know how long it will be."""

FALLS = 0.05
"""Share of the first loss by which some rate must lower it before rates are compared."""

LEARNS = 0.9
"""Share of the constant answer's loss below which a rate has learned something in `STEPS` steps."""

BEHIND = 0.3
"""Share of a lower rate's progress below which the given rate is too high."""

SHORT = 0.5
"""Share of a higher rate's progress in 40 steps that a whole run must reach."""

LOWER, LONGER = (0.1, 0.01), 200
"""Rates, as shares of the given one, that copies try for longer, and their steps at most."""

OUTDONE = 0.5
"""Share of a lower rate's progress, in no more steps, below which a whole run stays behind."""

SPENT, MOSTLY = 0.01, 0.5
"""Share of its peak at which a rate is spent, and share of a run in which it may be."""

TOO_LARGE = "The steps are so large that they jump over the valley they should go down into."


@dataclass(frozen=True)
class Tried:
    """What short runs at several rates came to.

    Args:
        rates: The given rate at each step of the run.
        before: Loss before the first step.
        after: Loss after `STEPS` steps, by what the given rate's highest was multiplied by.
    """

    rates: NumpyArray
    before: float
    after: Mapping[float, float]

    @property
    def rate(self) -> float:
        """The highest rate of the run."""
        return _peak(self.rates)

    @property
    def gains(self) -> Mapping[float, float]:
        """What is taken off the loss, by the same."""
        return {
            factor: self.before - loss if np.isfinite(loss) else -np.inf
            for factor, loss in self.after.items()
        }


def learning_rate(case: Case) -> Iterator[Finding]:
    """Yield the finding of a rate too high or too low, from short runs at rates around it.

    All runs are one compiled program: the rate is data. Of a schedule the highest rate is tried
    that it reaches in the run.
    """
    tried = _tried(case)
    if tried is not None:
        yield from [*_too_high(tried)] or _too_low(tried, RUN)


def poor_learning_rate(case: Case) -> Iterator[Finding]:
    """Yield the same of a run that did not come out well, where trying the rates is cheap."""
    if case.recipe is None or did_well(case) or not is_cheap(case, STEPS * len(FACTORS)):
        return
    if lags(case):
        return  # copies are compared by their predictions, which tell nothing yet
    # A callback leaves the rate as low as it has made it, so that only the log tells the rest.
    before = case if len(_logged(case)) else replace(case, end=None, history=None, failure=None)
    tried = _tried(before)
    found: list[Finding] = []
    if tried is not None:
        least = 0 if _can_learn(case, tried) else RUN
        found = [*_too_high(tried)] or [*_too_low(tried, least)]
    yield from found or _outdone(case)


def _tried(case: Case) -> Tried | None:
    """Return what becomes of the model at several rates; None where they cannot be tried."""
    rates, recipe = _rates(case), case.recipe
    if rates is None or recipe is None or case.start is None:
        return None
    start, rate = case.start, _peak(rates)
    before = sample_loss(case, recipe, start)
    if not np.isfinite(before) or before <= 0:
        return None
    after = {factor: _after(case, recipe, start, rate * factor, STEPS) for factor in FACTORS}
    return Tried(rates, before, after)


def _can_learn(case: Case, tried: Tried) -> bool:
    """Say whether some rate soon beats the constant answer, in a run that is no stub.

    Then a higher rate is more than a quick way back to chance, and the run's own steps count.
    """
    if case.outcome is None or len(tried.rates) < LONGER:
        return False
    return min(tried.after.values()) < LEARNS * case.outcome.constant


def spent_rate(case: Case) -> Iterator[Finding]:
    """Yield the finding of a rate that was used up long before the run's end.

    A schedule has done so, or a callback that lowers the rate where a loss no longer falls.
    """
    rates = _rates(case)
    if rates is None or case.failure is not None or did_well(case):
        return
    peak = _peak(rates)
    steps = int(np.flatnonzero(rates >= SPENT * peak)[-1]) + 1
    rest = 1 - steps / len(rates)
    if rest <= MOSTLY:
        return
    evidence = {
        "highest rate": peak,
        "steps until it is spent": float(steps),
        "rest of the run": rest,
    }
    if len(_logged(case)):
        yield Finding(
            "lr-too-low",
            "warning",
            f"ReduceLROnPlateau brings the learning rate from {peak:g} to less than a hundredth "
            f"of it in {steps:,} steps. In the other {share_text(rest)} of the run hardly anything "
            "can be learned: it waits too shortly, or for too large a gain.",
            evidence,
            (LowerRateLater(readable(peak)),),
        )
        return
    yield Finding(
        "lr-too-low",
        "warning",
        f"The schedule brings the learning rate from {peak:g} to less than a hundredth of it in "
        f"{steps:,} steps. In the other {share_text(rest)} of the run hardly anything can be "
        "learned; perhaps its numbers were meant as epochs, not steps.",
        evidence,
        (SetLearningRate(readable(peak)), SetLearningRate(readable(peak / 10))),
    )


def _rates(case: Case) -> NumpyArray | None:
    """Return the rate of each step of the run; None where rates cannot be tried."""
    rate = getattr(case.optimizer, "learning_rate", None)
    if rate is None or case.network.stateful or not case.network.trained:
        return None
    if case.recipe is None or case.sampled is None or not case.sampled.rows:
        return None
    logged = _logged(case)
    if len(logged):
        return np.repeat(logged, steps_of(case)) if (logged > 0).any() else None
    epochs = case.settings.epochs if case.history is None else len(case.history)
    steps = np.arange(max(1, epochs) * steps_of(case))
    if not isinstance(rate, Description):
        rates = np.full(len(steps), float(rate))
    else:
        rates = np.asarray(jax.vmap(lambda step: rate_at(rate, step))(steps), np.float64)
    return rates if np.isfinite(rates).all() and rates.max() > 0 else None


def _logged(case: Case) -> NumpyArray:
    """Return the rate of each epoch that a callback has lowered; empty where none has."""
    rate = getattr(case.optimizer, "learning_rate", None)
    logged = curve(case, "learning_rate")
    return logged[:0] if isinstance(rate, Description) else logged


def _peak(rates: NumpyArray) -> float:
    """Return the highest rate, without the digits that single precision adds."""
    return float(f"{rates.max():.6g}")


def _outdone(case: Case) -> Iterator[Finding]:
    """Yield the finding of a run that a copy at a lower rate leaves behind in no more steps."""
    rates, recipe = _rates(case), case.recipe
    if rates is None or recipe is None or case.start is None or case.end is None:
        return
    before, own = (sample_loss(case, recipe, one) for one in (case.start, case.end))
    rate, steps = _peak(rates), min(LONGER, len(rates))
    after = {
        rate * factor: _after(case, recipe, case.start, rate * factor, steps) for factor in LOWER
    }
    better = min(after, key=lambda one: after[one])
    gain = before - after[better]
    if not np.isfinite([before, own, gain]).all():
        return
    if gain <= FALLS * before or before - own >= OUTDONE * gain:
        return
    yield Finding(
        "lr-too-high",
        "warning",
        f"At the learning rate {rate:g} the whole run takes the loss from {number_text(before)} "
        f"to {number_text(own)}; at {better:g} it is at {number_text(after[better])} after "
        f"{steps} steps. {TOO_LARGE}",
        {
            "rate": rate,
            "loss before": before,
            "loss after the run": own,
            "better rate": better,
            "loss at that": after[better],
        },
        (SetLearningRate(readable(better)), ScaleLearningRate(0.1)),
    )


def _too_high(tried: Tried) -> Iterator[Finding]:
    """Yield the finding of a rate at which the loss runs away, or falls less than at a lower."""
    gains, after, before, rate = tried.gains, tried.after, tried.before, tried.rate
    lower = max((one for one in gains if one < 1), key=lambda one: gains[one])
    runs_away = not np.isfinite(gains[1.0]) or after[1.0] > 2 * before
    if runs_away or (gains[lower] > FALLS * before and gains[1.0] < BEHIND * gains[lower]):
        yield Finding(
            "lr-too-high",
            "fault" if runs_away else "warning",
            f"At the learning rate {rate:g} the loss goes from {number_text(before)} to "
            f"{number_text(after[1.0])} in {STEPS} steps; at {rate * lower:g} it goes to "
            f"{number_text(after[lower])}. {TOO_LARGE}",
            _evidence(tried, lower),
            (SetLearningRate(readable(rate * lower)), ScaleLearningRate(0.1)),
        )


def _too_low(tried: Tried, least: int) -> Iterator[Finding]:
    """Yield the finding of a rate at which a run comes less far than some steps at a higher one.

    Args:
        tried: What became of the rates.
        least: Steps that the run is taken to have at least.
    """
    gains, after, before, rate = tried.gains, tried.after, tried.before, tried.rate
    higher = max((one for one in gains if one > 1), key=lambda one: gains[one])
    run = max(least, len(tried.rates)) * float(tried.rates.mean()) / rate
    if gains[higher] > FALLS * before and gains[1.0] * run / STEPS < SHORT * gains[higher]:
        yield Finding(
            "lr-too-low",
            "warning",
            f"At the learning rate {rate:g} the loss goes from {number_text(before)} to "
            f"{number_text(after[1.0])} in {STEPS} steps; at {rate * higher:g} it goes to "
            f"{number_text(after[higher])}. The steps are in the right direction but so small "
            "that the run will end long before it arrives.",
            _evidence(tried, higher),
            (SetLearningRate(readable(rate * higher)), ScaleLearningRate(10.0)),
        )


def _evidence(tried: Tried, better: float) -> dict[str, float]:
    return {
        "rate": tried.rate,
        "loss before": tried.before,
        "loss after": tried.after[1.0],
        "better rate": tried.rate * better,
        "loss at that": tried.after[better],
    }


def _after(case: Case, recipe: Recipe, start: Weights, rate: float, steps: int) -> float:
    """Return the loss of the sample after some steps at a rate."""
    tried = Recipe(recipe.network, recipe.objective, recipe.optimizer.replace(learning_rate=rate))
    weights = trained_copy(case, tried, start, steps)
    return float("inf") if weights is None else sample_loss(case, tried, weights)
