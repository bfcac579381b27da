"""Early stopping that ended a run which would have gone on learning."""

from collections.abc import Iterator

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.verdict import GOOD, above_chance
from pellucid.insight.findings.trial import cheap_steps, gone_on, leaves_behind, steps_of
from pellucid.insight.remedies import WaitLonger
from pellucid.wording import count_text, number_text

FURTHER = 3
"""How many times as many steps as the run made a copy goes on for at first."""


def impatient_stop(case: Case) -> Iterator[Finding]:
    """Yield the finding of a run that early stopping ended though a copy goes on learning.

    The copy begins with the weights with which the run ended, in the same settings, and makes no
    more steps than were left. Both are judged by the same rows.
    """
    own = case.judged
    if own is None or not can_go_on(case) or above_chance(own) >= GOOD:
        return
    assert case.history is not None
    done, asked = len(case.history), case.settings.epochs
    for steps in _portions(case):
        copy = gone_on(case, case.end, steps)
        free = None if copy is None else copy.judged
        if free is None:
            return
        if not leaves_behind(free, own):
            continue
        yield Finding(
            "under-trained",
            "warning",
            f"Early stopping ended the run after {count_text(done, 'epoch')} of {asked:,}, with a "
            f"score of {number_text(own.score)}; a copy that went on for {steps:,} steps reaches "
            f"{number_text(free.score)}. It stopped before it had learned what it can.",
            {
                "epochs": float(done),
                "score": own.score,
                "score of the copy": free.score,
                "steps of the copy": float(steps),
            },
            (WaitLonger(max(5, asked // 5)), WaitLonger(asked)),
            proved=True,
        )
        return


def can_go_on(case: Case) -> bool:
    """Say whether early stopping ended a run of which a copy can go on for a moment."""
    history = case.history
    if history is None or not (history.stopped or "").startswith("early stopping"):
        return False
    if case.failure is not None or case.recipe is None or case.table is None or case.end is None:
        return False
    return not case.network.stateful and bool(_portions(case))


def _portions(case: Case) -> list[int]:
    """Return for how many steps copies go on, the shorter one first."""
    assert case.history is not None
    done, left = (
        epochs * steps_of(case)
        for epochs in (len(case.history), case.settings.epochs - len(case.history))
    )
    most = min(left, cheap_steps(case))
    return sorted({min(most, FURTHER * done), most} - {0})
