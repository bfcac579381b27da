"""What is counted over the runs of the benchmark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

LOUD = ("fault", "warning")
"""Severities that alarm; a note does not."""

FIRST = 2
"""Among how many findings the right one has to be."""

LEAST_SPREAD = 0.01
"""Spread of a score over seeds that is taken at least, because a few seeds may agree by chance."""

LEAST_NOISE = 0.025
"""The same for the good counterpart."""


@dataclass(frozen=True)
class Record:
    """One run of one set-up.

    Args:
        key: The set-up.
        seed: Its seed.
        expected: Findings of which one is right; none for a healthy set-up.
        checked: (name, severity) of each finding of `check`, before training.
        findings: (name, severity) of each finding of `diagnose`, in its order.
        outcome: `trained`, or why `fit` refused or broke off.
        score: How the trained model is judged.
        treated: How the treated model is judged; None without one.
        claimed: Whether the treatment says that it cured.
        curable: Whether the treated model can be compared with the good counterpart's.
        failed: What `check`, `diagnose` or `treat` raised, by name.
        seconds: Time of each call, by name.
    """

    key: str
    seed: int
    expected: tuple[str, ...]
    checked: tuple[tuple[str, str], ...]
    findings: tuple[tuple[str, str], ...]
    outcome: str
    score: float
    treated: float | None = None
    claimed: bool = False
    curable: bool = True
    failed: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def loud(self) -> list[str]:
        """Return the names of findings that alarm."""
        return [name for name, severity in self.findings if severity in LOUD]

    @property
    def found(self) -> bool:
        """Tell whether an expected finding is among the first two and alarms."""
        return any(
            name in self.expected and severity in LOUD for name, severity in self.findings[:FIRST]
        )

    @property
    def found_main(self) -> bool:
        """Tell whether the main one of the expected findings is among the first two."""
        return bool(self.expected) and (
            self.expected[0] in [name for name, level in self.findings[:FIRST] if level in LOUD]
        )


def is_cured(treated: float | None, sick: Sequence[float], good: Sequence[float]) -> bool:
    """Tell whether a treated score is a cure.

    It is above the sick runs' mean by more than their spread, and not below the good runs' mean
    by more than twice theirs.
    """
    if treated is None or not np.isfinite(treated):
        return False
    better = treated > np.mean(sick) + max(float(np.std(sick)), LEAST_SPREAD)
    return bool(better and treated >= np.mean(good) - 2 * max(float(np.std(good)), LEAST_NOISE))


def share(part: int, whole: int) -> dict[str, Any]:
    """Return a share with its counts; None where there is nothing to count."""
    return {"count": part, "of": whole, "share": part / whole if whole else None}


def figures(
    records: Sequence[Record], good: Mapping[str, Sequence[float]], treated: bool = False
) -> dict[str, Any]:
    """Return the benchmark's figures.

    Args:
        records: All runs.
        good: Scores of the good counterpart of each sick set-up, by the set-up's key.
        treated: Whether the runs were treated.
    """
    sick = [one for one in records if one.expected]
    healthy = [one for one in records if not one.expected]
    found = {
        "found": share(sum(one.found for one in sick), len(sick)),
        "found_main": share(sum(one.found_main for one in sick), len(sick)),
        "false_alarms": share(sum(bool(one.loud) for one in healthy), len(healthy)),
        "failures": share(sum(bool(one.failed) for one in records), len(records)),
    }
    if treated:
        cures = [(one, cured(one, sick, good)) for one in sick if one.curable]
        found["cured"] = share(
            sum(cure for one, cure in cures if one.found), sum(one.found for one, _ in cures)
        )
        claims = [cure for one, cure in cures if one.claimed]
        found["claims_confirmed"] = share(sum(claims), len(claims))
    return found


def cured(record: Record, sick: Sequence[Record], good: Mapping[str, Sequence[float]]) -> bool:
    """Tell whether a run was cured, beside all runs of its set-up."""
    own = [one.score for one in sick if one.key == record.key]
    return is_cured(record.treated, own, good[record.key])
