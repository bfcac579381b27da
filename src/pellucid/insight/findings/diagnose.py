"""From a case to its diagnosis: what each rule finds, each thing once, and what does no harm."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from pellucid.insight.findings.agreement import agreed
from pellucid.insight.findings.case import Case
from pellucid.insight.findings.catalogue import AFTER, BEFORE, OF_OUTPUTS, Rule
from pellucid.insight.findings.diagnosis import Diagnosis
from pellucid.insight.findings.finding import SEVERITIES, Finding
from pellucid.insight.findings.rules.answers import recognises_rarest
from pellucid.insight.findings.rules.class_imbalance import stands_apart
from pellucid.insight.findings.rules.verdict import did_all_it_could, is_table, is_unsure
from pellucid.insight.remedies import BalanceClasses, FixLabels, FixOutput, ScaleTargets

IMBALANCE = "class-imbalance"

HARMFUL_ONLY_IF_ILL = ("missing-nonlinearity", "narrow-layer", "over-regularized")
"""Causes whose only harm is that a network learns badly: notes on a run that did all it could."""

ALWAYS_WASTED = ("missing-nonlinearity",)
"""Of these, what is in vain on images and sequences however far a line gets there."""

DAMPING = ("over-regularized",)
"""Of these, what can leave the answers right and their probabilities far too even."""

OF_THE_FIRST = (BalanceClasses, FixLabels, FixOutput, ScaleTargets)
"""Remedies that change the first output or its labels, and are no help to another."""


def diagnose(case: Case) -> Diagnosis:
    """Return what all rules find, the first cause first.

    Args:
        case: A model, its data, and its run.
    """
    before = replace(case, end=None, history=None, failure=None)
    causes = _once(_told(rule, before) for rule in BEFORE)
    if not case.trained:
        return agreed(_imbalance_as_note(causes, case, stands_apart))
    if did_all_it_could(case):
        kept = (*(() if is_table(case) else ALWAYS_WASTED), *(DAMPING if is_unsure(case) else ()))
        causes = [one if one.name in kept else _harmless(one) for one in causes]
    causes = _imbalance_as_note(causes, case, recognises_rarest)
    return agreed(_once([causes, *(_told(rule, case) for rule in AFTER)]))


def _told(rule: Rule, case: Case) -> list[Finding]:
    """Return what a rule finds; where a model has several outputs, each names its own."""
    if rule not in OF_OUTPUTS:
        return [*rule(case)]
    return [_of(name, one, found) for name, one in case.by_output for found in rule(one)]


def _of(name: str | None, case: Case, finding: Finding) -> Finding:
    """Return a finding as that of an output of a name."""
    kept = [one for one in finding.remedies if not (case.output and isinstance(one, OF_THE_FIRST))]
    return replace(finding, layer=finding.layer or name, remedies=tuple(kept))


def _imbalance_as_note(
    findings: list[Finding], case: Case, is_overcome: Callable[[Case], bool]
) -> list[Finding]:
    """Return findings with uneven classes as a note for outputs that have overcome them."""
    found = [one.layer for one in findings if one.name == IMBALANCE and one.severity != "note"]
    overcome = [name for name, one in case.by_output if name in found and is_overcome(one)]
    return [
        _as_note(one) if one.name == IMBALANCE and one.layer in overcome else one
        for one in findings
    ]


def _harmless(finding: Finding) -> Finding:
    return _as_note(finding) if finding.name in HARMFUL_ONLY_IF_ILL else finding


def _as_note(finding: Finding) -> Finding:
    return replace(finding, severity="note")


def _once(told: Iterable[list[Finding]]) -> list[Finding]:
    """Return what rules found; where several found the same, the gravest of it, told first."""
    held: list[Finding] = []
    for new in told:
        earlier = list(held)
        for one in new:
            same = [old for old in earlier if (old.name, old.layer) == (one.name, one.layer)]
            if any(_grade(old) <= _grade(one) for old in same):
                continue
            held = [old for old in held if old not in same] + [one]
    return held


def _grade(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity)
