"""Runs that came out well, and would have come out far better had they gone on."""

from collections.abc import Iterator

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.curves import FALLING, curve, fall_of
from pellucid.insight.findings.rules.early_stopping import FURTHER, can_go_on
from pellucid.insight.findings.rules.verdict import GOOD, above_chance, did_well
from pellucid.insight.findings.trial import cheap_steps, gone_on, leaves_behind, steps_of
from pellucid.insight.remedies import MoreEpochs
from pellucid.wording import count_text, number_text

FEWEST_FURTHER = 300
"""Steps at least that a copy goes on for, however short the run was."""


def unfinished_run(case: Case) -> Iterator[Finding]:
    """Yield the finding of a run whose loss still fell when it ended, if a copy shows what for.

    That a run is ahead of simple models does not say that it was long enough. The copy begins
    with the weights with which the run ended, in the same settings, and is judged by the same
    rows. Of runs that came out badly the curve is enough to tell, and those that early stopping
    ended have a rule of their own.
    """
    own = case.judged
    if own is None or not did_well(case) or above_chance(own) >= GOOD or can_go_on(case):
        return
    if not _falls(case):
        return
    epochs = len(case.history or ())
    done = epochs * steps_of(case)
    steps = min(max(FURTHER * done, FEWEST_FURTHER), cheap_steps(case))
    copy = gone_on(case, case.end, steps)
    free = None if copy is None else copy.judged
    if free is None or not leaves_behind(free, own) or free.score <= own.score + 2 * own.noise:
        return
    yield Finding(
        "under-trained",
        "warning",
        f"The run ended after {count_text(epochs, 'epoch')} ({count_text(done, 'step')}) with a "
        f"score of {number_text(own.score)}; a copy that went on for {steps:,} steps reaches "
        f"{number_text(free.score)}. It stopped before it had learned what it can.",
        {
            "epochs": float(epochs),
            "score": own.score,
            "score of the copy": free.score,
            "steps of the copy": float(steps),
        },
        (MoreEpochs(3), MoreEpochs(10)),
        proved=True,
    )


def _falls(case: Case) -> bool:
    """Say whether the loss still fell at the end, or there were too few epochs to see it."""
    name = "val_loss" if len(curve(case, "val_loss")) else "loss"
    fall = fall_of(curve(case, name))
    return fall is None or fall > FALLING
