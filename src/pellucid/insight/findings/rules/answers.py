"""What the answers of a trained network tell: guessing, or one answer for everyone."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.outcome import FEWEST_ROWS, Outcome
from pellucid.insight.findings.reference import crossed_score, reference_score
from pellucid.insight.findings.rules.class_imbalance import (
    MANY_CLASSES,
    is_recognised,
    rarest_answer,
)
from pellucid.insight.findings.rules.narrow_layer import room_for_narrow
from pellucid.insight.findings.rules.restraints import loosened
from pellucid.insight.findings.rules.unshuffled_data import is_divided_by_class
from pellucid.insight.findings.rules.verdict import above_chance, did_well
from pellucid.insight.findings.views import are_marks, class_numbers, share_text
from pellucid.insight.remedies import (
    AddLayer,
    BalanceClasses,
    FixOutput,
    MoreEpochs,
    Remedy,
    ScaleLearningRate,
    Widen,
)
from pellucid.types import NumpyArray
from pellucid.wording import number_text

NOTHING = 0.01
"""Share of the constant answer's loss that must be taken off to have learned anything."""

SAME = 1e-3
"""Spread of the answers / spread of the targets below which all answers are the same."""

ONE_CLASS, NOT_SO_COMMON = 0.98, 0.9

MINORITY_RECALL, RATIO = 0.3, 5.0
"""Recall of the rarest class that is ignored; how much rarer than the commonest it is."""

SURE = 3
"""Standard errors by which simple models of the training rows must beat a constant answer."""

MOST_CLASSES, GOOD, LOST = 20, 0.75, 0.15
"""Classes that numbers may stand for, accuracy of a simple model of them, and what is lost."""


def not_learning(case: Case) -> Iterator[Finding]:
    """Yield the finding of a network that does no better than one answer for all rows."""
    outcome = case.outcome
    if outcome is None or len(outcome.outputs) < FEWEST_ROWS or case.failure is not None:
        return
    if outcome.skill < NOTHING and above_chance(outcome) < 0.1:
        yield Finding(
            "not-learning",
            "fault",
            f"After training the loss on its own rows is {number_text(outcome.value)}; saying "
            f"the same for every row gives {number_text(outcome.constant)}. The network has "
            "learned nothing that helps.",
            {"loss": outcome.value, "loss of the constant answer": outcome.constant},
            (*loosened(case), *_any_rate(), MoreEpochs(3)),
        )


def constant_predictions(case: Case) -> Iterator[Finding]:
    """Yield the finding of a network that answers the same for everyone."""
    outcome = case.outcome
    if outcome is None or len(outcome.outputs) < FEWEST_ROWS or case.failure is not None:
        return
    if outcome.classes is None:
        spread = float(np.asarray(outcome.outputs, np.float64).std(axis=0).mean())
        own = float(np.asarray(outcome.labels, np.float64).std(axis=0).mean())
        if own > 0 and spread / own < SAME:
            yield Finding(
                "constant-predictions",
                "fault",
                f"The answers differ by {number_text(spread)}, the targets by "
                f"{number_text(own)}. The network says the same for everyone.",
                {"spread of the answers": spread, "spread of the targets": own},
                (*loosened(case), *_any_rate()),
            )
        return
    counts = np.bincount(outcome.answers.reshape(-1)) / outcome.answers.size
    common = outcome.commonest
    if counts.max() > ONE_CLASS and common < NOT_SO_COMMON:
        yield Finding(
            "constant-predictions",
            "fault",
            f"{share_text(float(counts.max()))} of the rows get the same class, which only "
            f"{share_text(common)} have at most. The network says the same for everyone.",
            {"share of the commonest answer": float(counts.max()), "share of its class": common},
            (BalanceClasses(), *loosened(case), *_any_rate()),
        )


def _any_rate() -> tuple[Remedy, ...]:
    """Return rates up to two decades off, for a network of which it is not known which way."""
    return tuple(map(ScaleLearningRate, (0.1, 10.0, 0.01, 100.0)))


def ignored_class(case: Case) -> Iterator[Finding]:
    """Yield the finding of a rare class that the trained network does not tell from the others."""
    outcome = case.outcome
    found = None if outcome is None else _rarest(outcome)
    if outcome is None or outcome.classes is None or found is None:
        return
    if len(np.unique(outcome.classes)) > MANY_CLASSES:
        return
    rare, ratio, recall = found
    if ratio >= RATIO and recall < MINORITY_RECALL:
        yield Finding(
            "class-imbalance",
            "fault",
            f"Class {rare} is {number_text(ratio)} times as rare as the commonest, and "
            f"only {share_text(recall)} of its own training rows are recognised. The network "
            "does well on the whole by ignoring it.",
            {"commonest / rarest class": ratio, "recall of the rarest": recall},
            (BalanceClasses(), MoreEpochs(3)),
        )


def recognises_rarest(case: Case) -> bool:
    """Say whether the trained network recognises what is rarest about as well as the rest."""
    sides = _rare_and_right(case)
    return sides is not None and is_recognised(*sides)


def _rare_and_right(case: Case) -> tuple[NumpyArray, NumpyArray] | None:
    """Return which rows that judge have what is rarest, and which of them are answered right.

    That is a class, or the rarer of yes and no of one answer among several.
    """
    outcome, judged = case.outcome, case.judged
    if outcome is None or judged is None:
        return None
    if judged.classes is not None:
        found = _rarest(outcome)
        right = judged.answers == judged.classes
        return None if found is None else (judged.classes == found[0], right)
    if not (are_marks(outcome.labels) and are_marks(judged.labels)):
        return None
    number, value, _ = rarest_answer(outcome.labels)
    own, said = judged.labels[:, number] == value, judged.said[:, number]
    return own, said == (judged.labels[:, number] == 1)


def _rarest(outcome: Outcome) -> tuple[int, float, float] | None:
    """Return the rarest class, how much rarer it is than the commonest, and its recall."""
    if outcome.classes is None or outcome.classes.ndim != 1:
        return None
    counts = np.bincount(outcome.classes)
    present = np.flatnonzero(counts)
    if len(present) < 2:
        return None
    rare = int(present[counts[present].argmin()])
    recall = float(np.mean(outcome.answers[outcome.classes == rare] == rare))
    return rare, float(counts.max() / counts[rare]), recall


def classes_as_numbers(case: Case) -> Iterator[Finding]:
    """Yield the finding of classes learned as if their numbers were amounts."""
    outcome, judged = case.outcome, case.judged
    if outcome is None or judged is None or outcome.classes is not None or case.sampled is None:
        return
    if outcome.outputs.shape[1:] != (1,) or len(case.sampled.x) != 1 or judged is outcome:
        return
    label = class_numbers(outcome.labels)
    expected = class_numbers(judged.labels)
    if label is None or expected is None or case.validation_table is None:
        return
    if label.min() < 0 or not 3 <= len(np.unique(label)) <= MOST_CLASSES:
        return
    rounded = float(np.mean(np.round(judged.outputs[:, 0]) == expected))
    x, other = case.sampled.x[0], case.validation_table.x[0]
    reached = reference_score(x, label, other, expected, classes=True)
    if reached is None or reached < GOOD or rounded > reached - LOST:
        return
    yield Finding(
        "output-loss-mismatch",
        "warning",
        f"The targets look like the numbers of {len(np.unique(label))} classes, learned as "
        f"amounts by one unit: rounded, {share_text(rounded)} of the answers are right, where a "
        f"simple model of classes is right on {share_text(reached)}. Class 9 is not three times "
        "class 3.",
        {"right when rounded": rounded, "right as classes": reached},
        (FixOutput("softmax", int(label.max()) + 1, "sparse_categorical_crossentropy"),),
    )


def underfit(case: Case) -> Iterator[Finding]:
    """Yield the finding of a network that stays behind a linear model or a forest."""
    outcome, judged, simple = case.outcome, case.judged, case.reference
    if outcome is None or judged is None or simple is None or case.failure is not None:
        return
    if did_well(case) or outcome.score > simple:
        return
    yield Finding(
        "underfit",
        "warning",
        f"The network scores {number_text(judged.score)} where a linear model or a forest "
        f"reaches {number_text(simple)}, and no better on the rows it has learned.",
        {"score": judged.score, "training score": outcome.score, "simple model": simple},
        (
            *loosened(case),
            *room_for_narrow(case.network),
            Widen(4),
            AddLayer(),
            MoreEpochs(3),
            ScaleLearningRate(3.0),
        ),
    )


def no_signal(case: Case) -> Iterator[Finding]:
    """Yield the finding of inputs from which neither the network nor simple models foretell."""
    outcome, judged, simple = case.outcome, case.judged, case.reference
    if judged is None or judged is outcome or simple is None or case.failure is not None:
        return
    if outcome is None or is_divided_by_class(case):
        return
    margin = max(0.05 * (1 - judged.chance), 2 * judged.noise)
    if max(judged.score, simple) < judged.chance + margin and not _is_foretold(case, outcome):
        yield Finding(
            "no-signal",
            "warning",
            f"On rows not trained on the network scores {number_text(judged.score)}, a simple "
            f"model {number_text(simple)}, and one answer for all {number_text(judged.chance)}. "
            "These inputs do not seem to foretell these labels; check how the two were joined.",
            {"score": judged.score, "simple model": simple, "constant answer": judged.chance},
        )


def _is_foretold(case: Case, outcome: Outcome) -> bool:
    """Say whether the training rows, of which there are more, foretell each other's labels."""
    if case.sampled is None or outcome.targets is None:
        return False
    score = crossed_score(
        case.sampled.x[0], outcome.targets, outcome.classes is not None, outcome.balance
    )
    spread = 0.25 if outcome.classes is None else outcome.chance * (1 - outcome.chance)
    return score is not None and score > outcome.chance + SURE * np.sqrt(spread / case.sampled.rows)
