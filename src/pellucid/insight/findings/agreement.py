"""What was found, brought together: what follows from what, and remedies that do not disagree."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pellucid.insight.findings.diagnosis import Diagnosis
from pellucid.insight.findings.finding import SEVERITIES, Finding
from pellucid.insight.remedies import BalanceClasses, Remedy

INSIDE = (
    "nonfinite-loss",
    "exploding-gradient",
    "vanishing-gradient",
    "dead-units",
    "saturated-units",
    "collapsed-memory",
    "oscillating-loss",
)
"""What shows inside a run, and may follow from a cause."""

RESULTS = ("under-trained", "constant-predictions", "not-learning", "underfit")
"""How a run came out, which may follow from a cause, or from what shows inside.

Of two of these the first explains the other.
"""

SYMPTOMS = INSIDE + RESULTS
"""What may follow from another finding."""

EXPLAINS: Mapping[str, tuple[str, ...]] = {
    "label-leakage": (),
    "train-val-overlap": (),
    "train-val-shift": (),
    "label-noise": (),
    "too-many-parameters": (),
    "overfit": (),
    "dead-embedding-rows": (),
    "class-imbalance": ("constant-predictions",),
    "lr-too-low": RESULTS,
    "batch-too-large": RESULTS,
    "no-signal": RESULTS,
    **dict.fromkeys(INSIDE, RESULTS),
    "under-trained": ("constant-predictions", "not-learning", "underfit"),
    "constant-predictions": ("underfit",),
    "not-learning": ("underfit",),
    "underfit": (),
}
"""What may follow from each; from a cause that is not named here every symptom may."""

SETTLING = ("lr-too-high", "lr-too-low", "over-regularized", "overfit", "under-trained")
"""Findings that are about one quantity, and know best which way it is to be turned."""

NEEDED: Mapping[type[Remedy], str] = {BalanceClasses: "class-imbalance"}
"""Remedies that make no sense unless something was found, with its name."""

UNEXPLAINED = "It is too small, or something that was not found holds it back."
HELD_BACK = "Something else holds it back: only if it stays behind without that is it too small."
CUT_SHORT = "Whether it is too small as well shows once it has trained for longer."
NO_HINDRANCE = "A copy that trained for longer came further all the same."


def agreed(findings: Iterable[Finding]) -> Diagnosis:
    """Return a diagnosis whose findings do not contradict one another.

    Each symptom names the finding from which it follows, a remedy that does the opposite of what
    a weightier finding asks for is left out, and causes come first, notes last. What is found in
    several places is named again only after what else there is beside it.

    Args:
        findings: What the rules found, in the order of the catalogue.

    Example:
        >>> from pellucid.insight.findings import Finding
        >>> from pellucid.insight.findings.agreement import agreed
        >>> from pellucid.insight.remedies import ScaleLearningRate
        >>> slow = Finding("lr-too-low", "warning", "Small steps.", {}, (ScaleLearningRate(10.0),))
        >>> both = (ScaleLearningRate(0.1), ScaleLearningRate(10.0))
        >>> still = Finding("not-learning", "fault", "Nothing was learned.", {}, both)
        >>> print(agreed([still, slow])["not-learning"])
        fault: not-learning
          Nothing was learned. It follows from lr-too-low.
          1. Multiply the learning rate by 10.
    """
    held = list(findings)
    linked = [_modest(replace(one, cause=one.cause or _cause(one, held))) for one in held]
    return Diagnosis(tuple(_consistent(_ordered(linked))))


def _ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Return causes, what follows, and notes, in each part what was named before behind the rest.

    Whoever reads the first two findings reads of two problems, where there are as many.
    """
    ranked = sorted(findings, key=lambda one: (_part(one), SEVERITIES.index(one.severity)))
    places = [(_part(one), one.name) for one in ranked]
    again = [place in places[:number] for number, place in enumerate(places)]
    order = sorted(range(len(ranked)), key=lambda number: (places[number][0], again[number]))
    return [ranked[number] for number in order]


def _part(finding: Finding) -> tuple[bool, bool, bool]:
    return finding.severity == "note", _follows(finding), finding.cause is not None


def _follows(finding: Finding) -> bool:
    """Say whether something else may be the cause of a finding."""
    return finding.name in SYMPTOMS and not finding.proved


def _cause(finding: Finding, among: Sequence[Finding]) -> str | None:
    """Return the name of what explains a finding best; None for a cause, or where nothing does."""
    if not _follows(finding):
        return None
    found = [one for one in among if one.severity != "note" and finding.name in _explained(one)]
    best = min(found, key=_remoteness, default=None)
    return None if best is None else best.name


def _explained(cause: Finding) -> tuple[str, ...]:
    if cause.proved:
        return tuple(one for one in SYMPTOMS if one != cause.name)
    return EXPLAINS.get(cause.name, SYMPTOMS)


def _remoteness(finding: Finding) -> int:
    return SYMPTOMS.index(finding.name) if _follows(finding) else -1


def _modest(finding: Finding) -> Finding:
    """Return a finding as no more than what its cause leaves to say."""
    if finding.name == "underfit":
        return _too_small(finding)
    if finding.name in INSIDE and finding.cause == "under-trained":
        meaning = f"{finding.meaning} {NO_HINDRANCE}"
        return replace(finding, severity="note", meaning=meaning, remedies=())
    return finding


def _too_small(finding: Finding) -> Finding:
    if finding.cause is None:
        return replace(finding, meaning=f"{finding.meaning} {UNEXPLAINED}")
    if finding.cause == "under-trained":
        return replace(finding, meaning=f"{finding.meaning} {CUT_SHORT}")
    # Whoever mends the cause must not be told to enlarge the network as well.
    meaning = f"{finding.meaning} {HELD_BACK}"
    return replace(finding, severity="note", meaning=meaning, remedies=())


def _consistent(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings without remedies that another finding speaks against."""
    turned, names = _turned(findings), {one.name for one in findings}
    for one in findings:
        # Who does not know which way to go has nothing to add to a cause that is known.
        unsure = _unsure(one) - turned.keys() if one.cause else set[str]()
        yield replace(
            one,
            remedies=tuple(
                remedy
                for remedy in one.remedies
                if NEEDED.get(type(remedy), one.name) in names
                and _agrees(remedy, turned)
                and not (remedy.turn and remedy.turn[0] in unsure)
            ),
        )


def _agrees(remedy: Remedy, turned: Mapping[str, int]) -> bool:
    return remedy.turn is None or turned.get(remedy.turn[0], remedy.turn[1]) == remedy.turn[1]


def _turned(findings: Sequence[Finding]) -> dict[str, int]:
    """Return which way each quantity is to be turned, as the weightiest finding asks for."""
    turned: dict[str, int] = {}
    telling = [one for one in findings if one.severity != "note"]
    for one in sorted(telling, key=lambda one: one.name not in SETTLING):
        unsure = _unsure(one)
        for quantity, way in filter(None, (remedy.turn for remedy in one.remedies)):
            if quantity not in unsure:
                turned.setdefault(quantity, way)
    return turned


def _unsure(finding: Finding) -> set[str]:
    """Return the quantities of which a finding's remedies try less as well as more."""
    turns = {remedy.turn for remedy in finding.remedies if remedy.turn is not None}
    return {quantity for quantity, way in turns if (quantity, -way) in turns}
