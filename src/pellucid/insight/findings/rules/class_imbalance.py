"""Classes of very different frequency."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.reference import crossed_answers
from pellucid.insight.findings.views import classes, is_coded, marks, share_text
from pellucid.insight.remedies import BalanceClasses
from pellucid.types import NumpyArray
from pellucid.wording import number_text

UNEVEN, RARE = 4.0, 10.0
"""Ratio of the most to the least frequent class worth a note, and worth a warning."""

SELDOM = 25.0
"""Ratio from which a yes or no among several answers is so rare that it can be left out."""

SURE = 1.64
"""Standard errors by which the logarithm of a ratio must exceed that of the latter (95 %)."""

MANY_CLASSES = 20
"""Classes above which some are always rare, as letters are, and words: worth a note only."""

RECOGNISED, FEWEST_RARE, LEFT_BEHIND = 0.7, 5, 0.1
"""Recall of a rare class that is recognised; rows by which that is judged; how far behind the
others it may be, beyond a standard error.
"""

MOST_ROWS = 2000
"""Rows by which simple models are asked whether they recognise it."""


def class_imbalance(case: Case) -> Iterator[Finding]:
    """Yield the finding of a class that a network can afford to ignore.

    With weights of classes or rows it is their sum that counts, not the number of rows.
    """
    label = classes(case)
    if label is None:
        yield from _of_marks(case)
    if label is None or len(label) < 20:
        return
    distinct, place, counts = np.unique(label, return_inverse=True, return_counts=True)
    if len(distinct) < 2:
        return
    weights = _weights(case, distinct[place])
    mass = counts if weights is None else np.bincount(place, weights)
    ratio = float(mass.max() / mass.min()) if mass.min() > 0 else np.inf
    if ratio < UNEVEN:
        return
    share = float(mass.max() / mass.sum())
    ends = [int(mass.argmin()), int(mass.argmax())]
    rare = int(distinct[ends[0]])
    least = ratio * float(np.exp(-SURE * np.sqrt((1 / counts[ends]).sum())))
    severity = "warning" if least > RARE and len(distinct) <= MANY_CLASSES else "note"
    evidence = {"ratio": ratio, "rarest class": float(rare), "share of the most frequent": share}
    if weights is not None:
        yield Finding(
            "class-imbalance",
            severity,
            f"With their weights, the rows of class {int(distinct[mass.argmax()])} count "
            f"{_times(ratio)} as much as those of class {rare}. The loss gives the network little "
            f"reason to learn class {rare}.",
            evidence,
            (BalanceClasses(),),
        )
        return
    yield Finding(
        "class-imbalance",
        severity,
        f"The most frequent class has {number_text(ratio)} times the rows of class {rare}. A "
        f"network that never says {rare} is right on "
        f"{share_text(1 - float(counts.min() / counts.sum()))} of the rows, so the loss gives it "
        "little reason to learn that class.",
        evidence,
        (BalanceClasses(),),
    )


def _of_marks(case: Case) -> Iterator[Finding]:
    """Yield the finding of an answer, among several of yes or no, that hardly ever differs."""
    y = marks(case)
    if y is None or len(y) < 20:
        return
    number, value, count = rarest_answer(y)
    ratio = len(y) / count - 1 if count else 0.0
    if ratio < SELDOM:
        return
    yield Finding(
        "class-imbalance",
        "warning" if y.shape[1] <= MANY_CLASSES else "note",
        f"Answer {number} is {'yes' if value else 'no'} in {count:,} of {len(y):,} rows. A network "
        f"that never says so is right on {share_text(1 - count / len(y))} of the rows, so the loss "
        "gives it little reason to learn when to. Give these rows more weight (sample_weight), or "
        "gather more of them.",
        {"ratio": ratio, "answer": float(number), "rows that differ": float(count)},
    )


def rarest_answer(y: NumpyArray) -> tuple[int, int, int]:
    """Return the answer of which yes, or no, is rarest, which of the two that is, and its rows.

    Args:
        y: Answers, shape (rows, answers), each 0 or 1; one that is always the same does not count.

    Example:
        >>> import numpy as np
        >>> from pellucid.insight.findings.rules.class_imbalance import rarest_answer
        >>> rarest_answer(np.array([[1, 0, 1], [0, 0, 1], [1, 0, 0], [0, 0, 1], [1, 0, 1]]))
        (2, 0, 1)
    """
    said = np.asarray(y).sum(axis=0)
    counts = np.minimum(said, len(y) - said)
    number = int(np.where(counts > 0, counts, len(y)).argmin())
    return number, int(said[number] <= len(y) / 2), int(counts[number])


def _times(ratio: float) -> str:
    return f"{number_text(ratio)} times" if np.isfinite(ratio) else "infinitely many times"


def _weights(case: Case, label: NumpyArray) -> NumpyArray | None:
    """Return the weight of each sampled row; None without weights, or where steps have theirs."""
    by_class = case.settings.class_weight
    held = case.train.weights
    by_row = held[case.output] if case.output < len(held) else None
    if by_class is None and by_row is None:
        return None
    weights = np.ones(len(label))
    if by_class is not None:
        weights *= [float(by_class.get(int(one), 1.0)) for one in label]
    if by_row is not None and by_row.shape[:1] == (case.train.rows,) and by_row.ndim == 1:
        weights *= by_row[case.sample]
    return weights


def is_recognised(own: NumpyArray, right: NumpyArray) -> bool:
    """Say whether what is rare is recognised about as well as the rest.

    That is judged by rows of it that suffice to tell, and says nothing of what the rest leave
    behind by more than chance.

    Args:
        own: Which rows have what is rare.
        right: Which rows are answered right.
    """
    if own.sum() < FEWEST_RARE or own.all():
        return False
    recall, others = float(right[own].mean()), float(right[~own].mean())
    noise = float(np.sqrt(max(recall * (1 - recall), 0.01) / own.sum()))
    return recall >= RECOGNISED and others - recall <= LEFT_BEHIND + noise


def stands_apart(case: Case) -> bool:
    """Say whether a simple model recognises the rarest class, as a network then will, too.

    It takes no weights, so of a class that these make rare it says nothing.
    """
    label, table = classes(case), case.sampled
    if label is not None and _weights(case, label) is not None:
        return False
    if label is None or label.ndim != 1 or table is None or len(table.x) != 1 or is_coded(case):
        return False
    order = np.random.default_rng(case.seed).permutation(len(label))[:MOST_ROWS]
    x, label = table.x[0][order], label[order]
    kinds, counts = np.unique(label, return_counts=True)
    if len(kinds) < 2 or counts.min() < FEWEST_RARE:
        return False
    rare = int(kinds[counts.argmin()])
    return any(is_recognised(label == rare, one == label) for one in crossed_answers(x, label))
