"""Batches that leave too few steps, or too few rows for their statistics."""

from collections.abc import Iterator

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.remedies import MoreEpochs, SetBatchSize
from pellucid.layers import BatchNormalization
from pellucid.wording import count_text

USUAL = 32
FEWEST_STEPS = 100
"""Steps of a whole run below which a batch of most rows is too large."""


def batch_size(case: Case) -> Iterator[Finding]:
    """Yield the finding of a batch of most rows in a short run, or of one row under batch norm."""
    size, rows = case.settings.batch_size, case.train.rows
    if not rows:
        return
    steps = case.settings.epochs * -(-rows // size)
    evidence = {"batch size": float(size), "rows": float(rows), "steps": float(steps)}
    if size > USUAL and size >= rows / 2 and steps < FEWEST_STEPS and case.settings.epochs > 1:
        yield Finding(
            "batch-too-large",
            "warning",
            f"A batch of {size:,} takes in at least half of the {rows:,} rows, so the whole run "
            f"makes {count_text(steps, 'step')}. Each step is one change of the weights, and so "
            "few changes rarely suffice.",
            evidence,
            (SetBatchSize(USUAL), MoreEpochs(FEWEST_STEPS / steps)),
        )
    normalised = any(isinstance(one, BatchNormalization) for one in case.network.layers)
    if size <= 2 and rows > 2 and normalised:
        yield Finding(
            "batch-too-small",
            "fault" if size == 1 else "warning",
            f"A batch of {count_text(size, 'row')} goes through batch normalization, which takes "
            "mean and variance from the batch. From so few rows these are mere noise, and from "
            "one row everything becomes 0.",
            evidence,
            (SetBatchSize(USUAL),),
        )
