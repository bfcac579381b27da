"""Classes of very different frequency."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import classes, share_text
from pellucid.insight.remedies import BalanceClasses
from pellucid.wording import number_text

UNEVEN, RARE = 4.0, 10.0
"""Ratio of the most to the least frequent class worth a note, and worth a warning."""

MANY_CLASSES = 20
"""Classes above which some are always rare, as letters are, and words: worth a note only."""


def class_imbalance(case: Case) -> Iterator[Finding]:
    """Yield the finding of a class that a network can afford to ignore."""
    label = classes(case)
    if label is None or len(label) < 20 or case.settings.class_weight is not None:
        return
    if any(one is not None for one in case.train.weights):
        return
    distinct, counts = np.unique(label, return_counts=True)
    if len(distinct) < 2:
        return
    ratio = float(counts.max() / counts.min())
    if ratio < UNEVEN:
        return
    share = float(counts.max() / counts.sum())
    rare = int(distinct[counts.argmin()])
    yield Finding(
        "class-imbalance",
        "warning" if ratio > RARE and len(distinct) <= MANY_CLASSES else "note",
        f"The most frequent class has {number_text(ratio)} times the rows of class {rare}. A "
        f"network that never says {rare} is right on "
        f"{share_text(1 - float(counts.min() / counts.sum()))} of the rows, so the loss gives it "
        "little reason to learn that class.",
        {"ratio": ratio, "rarest class": float(rare), "share of the most frequent": share},
        (BalanceClasses(),),
    )
