"""Rows that are sorted by class and stay so."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import class_numbers, classes
from pellucid.insight.remedies import ShuffleRows
from pellucid.wording import number_text

LONGER = 10.0
"""Factor by which runs of one class are longer than by chance."""


def unshuffled_data(case: Case) -> Iterator[Finding]:
    """Yield the finding of batches that hold one class at a time."""
    settings = case.settings
    if settings.shuffle or case.network.stateful or settings.batch_size >= case.train.rows / 2:
        return
    label = None if classes(case) is None else class_numbers(case.train.labels[0])
    if label is None or len(label) < 20:
        return
    shares = np.unique(label, return_counts=True)[1] / len(label)
    if len(shares) < 2:
        return
    run = len(label) / (1 + np.count_nonzero(np.diff(label)))
    expected = 1 / (1 - float(shares @ shares))
    if run <= LONGER * expected or run < settings.batch_size / 2:
        return
    yield Finding(
        "unshuffled-data",
        "warning",
        f"Rows of one class stand together, {number_text(run)} in a row, and shuffle=False leaves "
        "them so. Each batch teaches one class alone, and the next batch undoes it.",
        {"mean run": float(run), "by chance": expected, "batch size": float(settings.batch_size)},
        (ShuffleRows(),),
    )
