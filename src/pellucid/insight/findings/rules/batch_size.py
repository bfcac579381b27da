"""Batches that leave too few steps, or too few rows for their statistics."""

from collections.abc import Iterator
from dataclasses import replace

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.verdict import did_well
from pellucid.insight.findings.trial import cheap_steps, gone_on, leaves_behind, steps_of
from pellucid.insight.remedies import MoreEpochs, SetBatchSize
from pellucid.layers import BatchNormalization
from pellucid.wording import count_text, number_text

USUAL, TINY = 32, 4
"""Rows in a step that suit most runs, and rows up to which chance decides where it goes."""

FEWEST_STEPS = 100
"""Steps of a whole run below which a batch of most rows is too large."""

LONGEST = 1000
"""Steps of a copy at most."""


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


def unfit_batch(case: Case) -> Iterator[Finding]:
    """Yield the finding of a run that a copy with batches of 32 rows leaves behind.

    Both begin with the same weights, at the same rate, and are judged by the same rows. Against
    tiny batches the copy makes no more steps than the run, against large ones no more epochs.
    """
    size, own = case.settings.batch_size, case.judged
    tiny = size <= TINY < case.train.rows
    done = len(case.history or ()) * steps_of(case)
    if own is None or did_well(case) or not (tiny or (size > USUAL and done < FEWEST_STEPS)):
        return
    if case.failure is not None or case.network.batch_size is not None:
        return
    if any(batch_size(case)):
        return  # told without a trial
    tried = replace(case, settings=replace(case.settings, batch_size=USUAL))
    epochs = len(case.history or ())
    steps = min(done if tiny else epochs * steps_of(tried), LONGEST, cheap_steps(tried))
    copy = gone_on(tried, tried.start, steps) if steps else None
    free = None if copy is None else copy.judged
    if free is None or not leaves_behind(free, own):
        return
    rows = count_text(size, "row")
    why = (
        f"With {rows} in a step chance decides where it goes"
        if tiny
        else f"Batches of {rows} leave {count_text(done, 'step')}, too few to learn much"
    )
    yield Finding(
        "batch-too-small" if tiny else "batch-too-large",
        "warning",
        f"{why}: the whole run scores {number_text(own.score)}, and a copy with {USUAL} rows in a "
        f"step, at the same rate, {number_text(free.score)} after {steps:,} steps.",
        {
            "batch size": float(size),
            "score": own.score,
            "score of the copy": free.score,
            "steps of the copy": float(steps),
        },
        (SetBatchSize(USUAL),),
    )
