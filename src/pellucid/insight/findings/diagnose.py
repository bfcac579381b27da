"""From a case to its diagnosis: causes, what follows from them, and what does no harm."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.catalogue import AFTER, BEFORE
from pellucid.insight.findings.diagnosis import Diagnosis, ranked
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.answers import recognises_rarest
from pellucid.insight.findings.rules.verdict import did_well

HARMFUL_ONLY_IF_ILL = ("missing-nonlinearity", "narrow-layer", "over-regularized")
"""Causes whose only harm is that a network learns badly: notes on a run that came out well."""

SYMPTOMS = (
    "nonfinite-loss",
    "exploding-gradient",
    "vanishing-gradient",
    "dead-units",
    "saturated-units",
    "collapsed-memory",
    "oscillating-loss",
    "constant-predictions",
    "not-learning",
    "underfit",
    "under-trained",
)
"""What may follow from another finding."""


def diagnose(case: Case) -> Diagnosis:
    """Return what all rules find, the first cause first.

    Args:
        case: A model, its data, and its run.
    """
    before = replace(case, end=None, history=None, failure=None)
    causes = [finding for rule in BEFORE for finding in rule(before)]
    if not case.trained:
        return ranked(causes)
    if did_well(case):
        causes = [_harmless(one) for one in causes]
    if recognises_rarest(case):
        causes = [_as_note(one) if one.name == "class-imbalance" else one for one in causes]
    found = [finding for rule in AFTER for finding in rule(case)]
    return ranked(list(_linked(_once([*causes, *found]))))


def _harmless(finding: Finding) -> Finding:
    return _as_note(finding) if finding.name in HARMFUL_ONLY_IF_ILL else finding


def _as_note(finding: Finding) -> Finding:
    return replace(finding, severity="note")


def _once(findings: list[Finding]) -> list[Finding]:
    """Leave out notes on what is a fault or warning too."""
    told = {(one.name, one.layer) for one in findings if one.severity != "note"}
    return [one for one in findings if one.severity != "note" or (one.name, one.layer) not in told]


def _linked(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings; symptoms name the first cause that was found, if any was."""
    held = list(findings)
    causes = [one for one in held if one.severity != "note" and one.name not in SYMPTOMS]
    for one in held:
        follows = one.name in SYMPTOMS and causes
        yield replace(one, cause=causes[0].name) if follows else one
