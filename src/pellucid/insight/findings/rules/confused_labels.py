"""Classes of which a part has the label of one other, as the trained network shows."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.remedies import DropSuspects
from pellucid.types import NumpyArray
from pellucid.wording import number_text

ENOUGH_CLASSES = 4
"""Classes from which it says something that two of them share all the probability."""

TOGETHER, SECOND = 0.9, 0.2
"""What the first two answers have at least, and the second of them, where a row hesitates."""

MOSTLY, FEWEST_ANSWERS = 0.7, 10
"""Share of the rows taken for a class that hesitate, and rows from which that counts."""

MANY = 0.1
"""Share of all rows that lie in such classes from which it matters."""


def confused_labels(case: Case) -> Iterator[Finding]:
    """Yield the finding of classes of which a part has the label of one other.

    A network that has learned such labels gives two classes about their shares for every row
    there. Where classes merely overlap, rows far from the border leave no doubt.
    """
    judged, outcome = case.judged, case.outcome
    chances = None if judged is None or case.failure else judged.chances
    if chances is None or outcome is None or chances.shape[1] < ENOUGH_CLASSES:
        return
    first, hesitates, best, second = _hesitation(chances)
    confused = [
        int(one)
        for one in np.unique(first)
        if (first == one).sum() >= FEWEST_ANSWERS and hesitates[first == one].mean() > MOSTLY
    ]
    within = np.isin(first, confused)
    if within.mean() <= MANY:
        return
    dropped = _second_choices(case, confused)
    named = ", ".join(map(str, confused))
    shares = float(best[within].mean()), float(second[within].mean())
    yield Finding(
        "label-noise",
        "warning",
        f"Of the rows that the network takes for class {named} it is sure of hardly any: it "
        f"gives one class {number_text(shares[0])} and one other {number_text(shares[1])}, "
        "wherever the row lies. So it answers where a part of one class has the label of "
        "another.",
        {
            "classes": float(len(confused)),
            "share of the rows": float(within.mean()),
            "chance of the first": shares[0],
            "chance of the second": shares[1],
        },
        (DropSuspects(dropped),),
    )


def _hesitation(
    chances: NumpyArray,
) -> tuple[NumpyArray, NumpyArray, NumpyArray, NumpyArray]:
    """Return each row's likeliest class, whether it hesitates between two, and their chances."""
    ordered = np.sort(chances, axis=1)
    best, second = ordered[:, -1], ordered[:, -2]
    return chances.argmax(axis=1), (best + second > TOGETHER) & (second > SECOND), best, second


def _second_choices(case: Case, confused: list[int]) -> tuple[int, ...]:
    """Return the training rows, taken for one of some classes, that are labelled otherwise."""
    outcome = case.outcome
    assert outcome is not None
    assert outcome.classes is not None
    doubted = np.isin(outcome.answers, confused) & (outcome.answers != outcome.classes)
    return tuple(int(one) for one in case.sample[doubted])
