"""What the curves of a run tell: bouncing, memorising, stopping too soon."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.outcome import Outcome
from pellucid.insight.findings.rules.early_stopping import can_go_on
from pellucid.insight.findings.rules.lagging import lags
from pellucid.insight.findings.rules.verdict import LEARNED, above_chance, did_well
from pellucid.insight.findings.trial import broken_off, steps_of
from pellucid.insight.findings.views import share_text
from pellucid.insight.remedies import (
    AddDropout,
    AddWeightDecay,
    DecayLearningRate,
    MoreEpochs,
    ScaleLearningRate,
    SetBatchSize,
    ShrinkModel,
    StopEarly,
    UseOptimizer,
)
from pellucid.types import NumpyArray
from pellucid.wording import count_text, number_text

FEWEST_EPOCHS = 8
"""Epochs below which a curve tells nothing."""

ROUGH, SWITCHES = 0.2, 0.5
"""Standard deviation / mean, and share of turns, of a loss that bounces (BTTackler)."""

PATIENCE, WORSE = 5, 0.1
"""Epochs since the best one, in a short run a third of them; how much worse the loss is now.

The share is SageMaker's 0.1.
"""

LOST, MUCH = 0.1, 0.25
"""Rise of the validation loss since its best, as a share of the constant answer's, that harms
where answers got worse, and that harms even if they did not.
"""

RISEN = 1.2
"""How many times as large as in the first epoch a loss is that the steps have driven up."""

SEVERAL = 2
"""Epochs above the constant answer's loss that are no single accident."""

FALLING = 0.01
"""Share by which the loss still falls in an epoch."""

VAST = 100.0
"""Trained values a row from which a network is taken to be the cause of learning by heart."""

HARDLY_ANY_STEPS = 200
"""Steps below which a run of one or two epochs was cut short."""

FEW_STEPS = 500

LAGGING = (
    "What it has kept for predictions, such as the averages of BatchNormalization, lags behind: "
    "its answers are still those of chance."
)


def curve(case: Case, name: str) -> NumpyArray:
    """Return the logged values of a column; empty where there are none."""
    held = [] if case.history is None else case.history.history.get(name, [])
    return np.array([value for value in held if isinstance(value, float)], np.float64)


def oscillating_loss(case: Case) -> Iterator[Finding]:
    """Yield the finding of a training loss that bounces instead of settling."""
    loss = curve(case, "loss")
    if len(loss) < FEWEST_EPOCHS or did_well(case):
        return
    late = loss[len(loss) // 2 :]
    turns = np.diff(np.sign(np.diff(late))) != 0
    rough, share = float(late.std() / abs(late.mean())), float(turns.mean()) if len(turns) else 0.0
    if rough > ROUGH and share > SWITCHES:
        size = case.settings.batch_size
        yield Finding(
            "oscillating-loss",
            "warning",
            f"In the second half the loss varies by {share_text(rough)} of its mean and turns "
            f"at {share_text(share)} of the epochs. It bounces from side to side instead of "
            "settling.",
            {"standard deviation / mean": rough, "share of turns": share},
            (
                ScaleLearningRate(0.3),
                ScaleLearningRate(0.1),
                DecayLearningRate(),
                SetBatchSize(4 * size),
                UseOptimizer("adam"),
            ),
        )


def risen_loss(case: Case) -> Iterator[Finding]:
    """Yield the finding of a training loss that the steps drove up.

    Above the loss of the best constant answer that is too high however the run came out: a
    network that knew better for an epoch, and then less than nothing, was thrown out of the valley.
    """
    loss = curve(case, "loss")
    if len(loss) < 3 or not np.isfinite(loss).all() or not loss[0] > 0:
        return
    thrown = _thrown_out(case, loss)
    peak = int(np.argmax(np.where(thrown, loss, -np.inf) if thrown.any() else loss))
    if not thrown.any() and (not peak or loss[peak] <= RISEN * loss[0] or did_well(case)):
        return
    least = int(np.argmin(loss[:peak]))
    yield Finding(
        "lr-too-high",
        "warning",
        f"The loss rose from {number_text(float(loss[least]))} in epoch {least + 1} to "
        f"{number_text(float(loss[peak]))} in epoch {peak + 1}. The steps are so large that they "
        "jump over the valley they should go down into.",
        {"lowest loss": float(loss[least]), "highest loss": float(loss[peak]), "epoch": peak + 1.0},
        (ScaleLearningRate(0.1), ScaleLearningRate(0.01), ScaleLearningRate(0.3)),
    )


def _thrown_out(case: Case, loss: NumpyArray) -> NumpyArray:
    """Return the epochs, if there are several, that are worse than a constant answer again."""
    outcome, by_row = case.outcome, any(one is not None for one in case.train.weights)
    weighed = by_row or case.settings.class_weight
    thrown = np.zeros(len(loss), bool)
    if outcome is None or len(case.network.outputs) > 1 or not outcome.constant > 0:
        return thrown
    # Weights change the unit of the loss, which then only its own first epoch tells.
    high = RISEN * max(outcome.constant, loss[0] if weighed else 0.0)
    thrown[1:] = (loss[1:] > high) & (loss[1:] > 2 * np.minimum.accumulate(loss)[:-1])
    return thrown if thrown.sum() >= SEVERAL else np.zeros(len(loss), bool)


def overfit(case: Case) -> Iterator[Finding]:
    """Yield the finding of a network that goes on learning its training rows by heart."""
    loss, val = curve(case, "loss"), curve(case, "val_loss")
    patience = min(PATIENCE, max(2, len(val) // 3))
    if len(val) <= patience or len(val) != len(loss) or case.failure is not None:
        return
    best = int(np.argmin(val))
    ago, worse = len(val) - 1 - best, float(val[-1] / val[best] - 1) if val[best] > 0 else 0.0
    if ago < patience or worse <= WORSE or not loss[-1] < loss[best]:
        return
    outcome, judged = case.outcome, case.judged
    if outcome is not None and above_chance(outcome) < LEARNED:
        return  # who answers its training rows by chance has learned none by heart
    scores, harm = dict[str, float](), False
    if outcome is not None and judged is not None and judged is not outcome:
        lost = float(val[-1] - val[best]) / judged.constant if judged.constant > 0 else 0.0
        scores = {
            "rise / loss of the constant answer": lost,
            "training score": outcome.score,
            "validation score": judged.score,
        }
        harm = lost > LOST and "EarlyStopping" not in case.settings.policies
        harm = harm and (lost > MUCH or _got_worse(case, judged, best + 1))
    yield Finding(
        "overfit",
        "warning" if harm else "note",
        f"Since epoch {best + 1} the validation loss has risen by {share_text(worse)} while the "
        "training loss fell on. The network learns its training rows by heart, which does not "
        "help with others.",
        {
            "best epoch": float(best + 1),
            "validation loss now / then": worse + 1,
            **scores,
        },
        (StopEarly(), AddDropout(0.3), AddWeightDecay(), ShrinkModel(2)),
    )


def _got_worse(case: Case, judged: Outcome, best: int) -> bool:
    """Say whether rows are answered worse than after the best epoch, by more than chance.

    A loss also rises where right answers stay right and a few wrong ones become surer.
    """
    then = broken_off(case, best)
    if then is None or then.judged is None:
        return True
    lead, error = then.judged.ahead_of(judged)
    return lead > error


def too_many_parameters(case: Case) -> Iterator[Finding]:
    """Yield the finding of a network so large for its rows that it learned them by heart."""
    size = case.network.trained_size
    each = size / max(case.train.rows, 1)
    if each < VAST or not any(one.severity == "warning" for one in overfit(case)):
        return
    yield Finding(
        "too-many-parameters",
        "warning",
        f"The network has {size:,} trained values for {case.train.rows:,} rows, "
        f"{number_text(each)} for each, and learned the rows by heart. A smaller one cannot.",
        {"trained values": float(size), "rows": float(case.train.rows), "values a row": each},
        (ShrinkModel(8), ShrinkModel(2), StopEarly(), AddDropout(0.3)),
    )


def under_trained(case: Case) -> Iterator[Finding]:
    """Yield the finding of a run that ended while it was still getting better.

    Of one that early stopping ended a copy that goes on tells more, where it can be made.
    """
    if case.failure is not None or case.table is None:
        return
    name = "val_loss" if len(curve(case, "val_loss")) else "loss"
    values = curve(case, name)
    if not len(values) or did_well(case) or can_go_on(case):
        return
    steps = len(values) * steps_of(case)
    lagging = lags(case)
    fall = fall_of(curve(case, "loss") if lagging else values)
    if fall is None and steps < HARDLY_ANY_STEPS:
        yield _cut_short(len(values), steps)
        return
    stopped = bool(case.history and (case.history.stopped or "").startswith("early stopping"))
    if fall is None or (fall <= FALLING and not stopped):
        return
    if fall <= FALLING and steps >= FEW_STEPS:
        return
    yield Finding(
        "under-trained",
        "warning",
        f"The run ended after {len(values)} epochs ({steps:,} steps) while its loss still fell "
        f"by {share_text(fall)} an epoch. It stopped before it had learned what it can."
        + (f" {LAGGING}" if lagging else ""),
        {"fall of the loss in an epoch": fall, "epochs": float(len(values)), "steps": float(steps)},
        (MoreEpochs(3), MoreEpochs(10), ScaleLearningRate(3.0), ScaleLearningRate(10.0)),
    )


def _cut_short(epochs: int, steps: int) -> Finding:
    return Finding(
        "under-trained",
        "warning",
        f"The run ended after {count_text(steps, 'step')}, before there was a curve to judge. "
        "A network needs hundreds of steps to learn even what is simple.",
        {"epochs": float(epochs), "steps": float(steps)},
        (MoreEpochs(10), MoreEpochs(30)),
    )


def fall_of(values: NumpyArray) -> float | None:
    """Return the share by which a loss falls in an epoch at its end; None for too few epochs."""
    count = max(3, len(values) // 5)
    late = values[-count:]
    if len(late) < 2 or not (np.isfinite(late).all() and (late > 0).all()):
        return None
    slope = np.polyfit(np.arange(len(late)), np.log(late), 1)[0]
    return float(-slope)
