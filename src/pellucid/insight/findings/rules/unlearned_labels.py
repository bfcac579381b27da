"""Training rows that a network answers worse than rows it never saw."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.outcome import Outcome
from pellucid.insight.findings.reference import foretold
from pellucid.insight.findings.rules.curves import curve
from pellucid.insight.findings.trial import broken_off
from pellucid.insight.findings.views import share_text
from pellucid.insight.remedies import AddDropout, DropSuspects, Remedy, StopEarly
from pellucid.types import NumpyArray

LEAD = 0.07
"""Share of right answers by which validation rows are ahead of the training rows."""

SURE = 3
"""Standard errors by which they must be ahead, too."""

AGAINST_HEART: tuple[Remedy, ...] = (StopEarly(), AddDropout(0.3))
"""What helps besides where wrong labels were learned by heart."""

FEWEST, MOST_ROWS = 5, 2000
"""Rows of a class from which its labels can be foretold, and rows from which it is learned."""


def unlearned_labels(case: Case) -> Iterator[Finding]:
    """Yield the finding of training rows that a network answers worse than rows it never saw.

    Whoever learned a rule is at least as right on the rows it was learned from, unless the labels
    of these are wrong. Who goes on learns wrong labels by heart, so that the network is looked at
    as it was after its best epoch, too.
    """
    if case.failure is not None:
        return
    found = _worse_answered(case, "The network is") or _worse_foretold(case)
    if found is None:
        best = _best_epoch(case)
        earlier = None if best is None else broken_off(case, best)
        told = f"After epoch {best}, its best, the network is"
        found = None if earlier is None else _worse_answered(earlier, told, AGAINST_HEART)
    if found is not None:
        yield found


def _worse_answered(case: Case, told: str, more: tuple[Remedy, ...] = ()) -> Finding | None:
    sides = _sides(case)
    if sides is None:
        return None
    outcome, judged = sides
    assert outcome.classes is not None
    assert judged.classes is not None
    own, others, ahead = _compared(
        (outcome.classes, outcome.answers), (judged.classes, judged.answers)
    )
    if not ahead:
        return None
    return Finding(
        "label-noise",
        "warning",
        f"{told} right on {share_text(others)} of the validation rows, which it never saw, and on "
        f"{share_text(own)} of its training rows. Many of their labels must be wrong: a rule "
        "holds best where it was learned.",
        {"training score": own, "validation score": others},
        (DropSuspects(_contradicting(case, outcome, outcome.answers)), *more),
    )


def _worse_foretold(case: Case) -> Finding | None:
    """Return the same where the network learned the wrong labels as they are.

    Who is told of a class as often by another's name gives both; which of them is right, the
    labels of rows that it never saw tell, and they can be foretold from what it gives.
    """
    sides = _sides(case)
    if sides is None or 1 - sides[0].marks.mean() <= LEAD:
        return None
    outcome, judged = sides
    chances, other = outcome.chances, judged.chances
    label, expected = outcome.classes, judged.classes
    if chances is None or other is None or label is None or expected is None:
        return None
    if not (_is_enough(label) and _is_enough(expected)):
        return None
    read = foretold(other, expected)
    if np.mean(read == expected) - outcome.marks.mean() <= LEAD:
        return None
    some = slice(None, None, -(-len(label) // MOST_ROWS))
    own_read = foretold(chances[some], label[some])
    own, others, ahead = _compared((label[some], own_read), (expected, read))
    if not ahead:
        return None
    right = foretold(other, expected, chances)
    return Finding(
        "label-noise",
        "warning",
        f"From what the network gives, {share_text(others)} of the validation labels can be "
        f"foretold, and {share_text(own)} of the training labels. Many of these must be wrong, as "
        "where a part of one class has the label of another.",
        {"training labels foretold": own, "validation labels foretold": others},
        (DropSuspects(_contradicting(case, outcome, right)),),
    )


def _is_enough(label: NumpyArray) -> bool:
    """Say whether two classes have as many rows as it takes to tell them apart."""
    return bool((np.bincount(label) >= FEWEST).sum() > 1)


def _sides(case: Case) -> tuple[Outcome, Outcome] | None:
    """Return how training and validation rows are answered; None where that is no better than
    chance, or cannot be compared.
    """
    outcome, judged = case.outcome, case.judged
    if outcome is None or judged is None or judged is outcome:
        return None
    if outcome.classes is None or judged.classes is None or outcome.classes.ndim != 1:
        return None
    return None if outcome.score <= outcome.chance else (outcome, judged)


def _contradicting(case: Case, outcome: Outcome, answers: NumpyArray) -> tuple[int, ...]:
    """Return the numbers of the training rows whose labels are not the answers."""
    return tuple(int(one) for one in case.sample[answers != outcome.classes])


def _compared(
    own: tuple[NumpyArray, NumpyArray], others: tuple[NumpyArray, NumpyArray]
) -> tuple[float, float, bool]:
    """Return the shares of right answers on both sides, and whether the second is clearly ahead.

    Every class counts on both by its share of the training rows: which classes there are, and how
    hard they are, says nothing of labels.

    Args:
        own: Labels and answers of the training rows.
        others: Those of the validation rows.
    """
    classes, counts = np.unique(own[0], return_counts=True)
    known = np.isin(classes, others[0])
    weights = counts[known] / max(counts[known].sum(), 1)
    scores, variance = [], 0.0
    for label, answers in (own, others):
        right = [answers[label == one] == one for one in classes[known]]
        recalls = np.array([one.mean() for one in right])
        rows = np.array([len(one) for one in right])
        scores.append(float(weights @ recalls))
        variance += float(weights**2 @ (np.maximum(recalls * (1 - recalls), 0.01) / rows))
    ahead = scores[1] - scores[0] > max(LEAD, SURE * np.sqrt(variance))
    return scores[0], scores[1], bool(ahead)


def _best_epoch(case: Case) -> int | None:
    """Return the epoch with the least validation loss, if the run went on after it.

    Where wrong labels are trained on, the loss of right ones is below that of the training rows.
    """
    loss, val = curve(case, "loss"), curve(case, "val_loss")
    if not len(val) or len(val) != len(loss) or not np.isfinite(val).all():
        return None
    best = int(np.argmin(val))
    return best + 1 if best + 1 < len(val) and val[best] < loss[best] else None
