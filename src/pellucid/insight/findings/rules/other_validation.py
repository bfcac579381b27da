"""A score that is far lower on validation rows, and how these differ from the training rows.

Whether two samples come from one place is asked of simple models that are to tell them apart
(Lopez-Paz and Oquab, "Revisiting Classifier Two-Sample Tests", 2017).
"""

import warnings
from collections.abc import Iterator
from itertools import chain, islice

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.outcome import Outcome
from pellucid.insight.findings.rules.unshuffled_data import is_divided_by_class
from pellucid.insight.findings.rules.verdict import above_chance
from pellucid.insight.findings.views import is_coded, is_number, share_text
from pellucid.types import NumpyArray
from pellucid.wording import number_text

GAP = 0.2
"""Share of the way from chance to a perfect score by which validation rows must stay behind."""

SURE = 2
"""Standard errors beyond that."""

TOLD = 0.9
"""Area under the curve of a simple model that tells the two sides apart."""

RENUMBERED = 0.3
"""What another numbering of the classes must gain, as a share of right answers."""

FEWEST, MOST = 50, 600
"""Rows of either side from which that is asked, and that are looked at."""

PARTS, CODES, MOST_COLUMNS = 8, 100, 500
"""Parts of an axis whose means are compared, codes that are counted, columns looked at."""


def other_validation(case: Case) -> Iterator[Finding]:
    """Yield the finding of validation rows from elsewhere, on which a good network fails."""
    outcome, judged = case.outcome, case.judged
    if outcome is None or judged is None or judged is outcome or case.failure is not None:
        return
    if is_divided_by_class(case):
        return
    if len(judged.outputs) < FEWEST or not _is_behind(outcome, judged):
        return
    yield from islice(chain(_renumbered(outcome, judged), _told_apart(case, outcome, judged)), 1)


def _is_behind(outcome: Outcome, judged: Outcome) -> bool:
    """Say whether validation rows stay far behind, by no chance of their number."""
    gap = above_chance(outcome) - above_chance(judged)
    return gap > GAP + SURE * judged.noise / max(1 - judged.chance, 1e-9)


def _renumbered(outcome: Outcome, judged: Outcome) -> Iterator[Finding]:
    """Yield the finding of classes that have other numbers among the validation rows."""
    from scipy.optimize import linear_sum_assignment

    if judged.classes is None or judged.classes.ndim != 1:
        return
    size = int(max(judged.classes.max(), judged.answers.max())) + 1
    met = np.zeros((size, size))
    np.add.at(met, (judged.answers, judged.classes), 1)
    matched = float(met[linear_sum_assignment(-met)].sum() / met.sum())
    right = float(judged.marks.mean())
    if matched - right <= RENUMBERED or matched < outcome.marks.mean() - GAP:
        return
    yield Finding(
        "train-val-shift",
        "warning",
        f"With other numbers for its classes, {share_text(matched)} of the validation rows would "
        f"be right; as they are, {share_text(right)}. The labels of the two sides were "
        "numbered differently.",
        {"score": right, "score with other numbers": matched},
    )


def _told_apart(case: Case, outcome: Outcome, judged: Outcome) -> Iterator[Finding]:
    """Yield the finding of rows that a simple model tells from the training rows."""
    sides = _sides(case, outcome, judged)
    if sides is None:
        return
    told = _area(*sides)
    if told <= TOLD:
        return
    yield Finding(
        "train-val-shift",
        "warning",
        f"The network scores {number_text(outcome.score)} on its training rows and "
        f"{number_text(judged.score)} on the validation rows, and a simple model tells the two "
        f"apart (area {number_text(told)}, where 0.5 is chance). They were prepared differently, "
        "or come from elsewhere.",
        {"training score": outcome.score, "validation score": judged.score, "told apart": told},
    )


def _sides(case: Case, outcome: Outcome, judged: Outcome) -> tuple[NumpyArray, NumpyArray] | None:
    """Return some rows of either side as tables, with numeric targets; None for others."""
    if len(case.train.inputs) != 1:
        return None
    sampled, held = case.sampled, case.validation_table
    if sampled is None or held is None or sampled.x[0].shape[1:] != held.x[0].shape[1:]:
        return None
    arrays = sampled.x[0], held.x[0]
    if not all(is_number(one) and len(one) >= FEWEST for one in arrays):
        return None
    drawn = [np.random.default_rng(case.seed).permutation(len(one))[:MOST] for one in arrays]
    some = [one[rows] for one, rows in zip(arrays, drawn, strict=True)]
    if is_coded(case):
        codes, counts = np.unique(some[0], return_counts=True)
        common = codes[np.argsort(-counts)[:CODES]]
        tables = [_counts(one, common) for one in some]
    else:
        tables = [_summary(np.asarray(one, np.float64)) for one in some]
    tables = [one[:, :MOST_COLUMNS] for one in tables]
    if outcome.classes is None and outcome.targets is not None and judged.targets is not None:
        aims = zip((outcome.targets, judged.targets), drawn, strict=True)
        joined = zip(tables, aims, strict=True)
        tables = [np.concatenate([one, y[rows]], axis=1) for one, (y, rows) in joined]
    first, second = tables
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return None
    return first, second


def _counts(rows: NumpyArray, codes: NumpyArray) -> NumpyArray:
    flat = rows.reshape(len(rows), -1)
    return np.stack([(flat == code).mean(axis=1) for code in codes], axis=1)


def _summary(rows: NumpyArray) -> NumpyArray:
    """Return columns as they are; of images and sequences the means of parts, and roughness."""
    rough = []
    for axis in range(1, rows.ndim - 1):
        steps = np.abs(np.diff(rows, axis=axis)).mean(axis=tuple(range(1, rows.ndim - 1)))
        rough.append(steps.reshape(len(rows), -1))
        parts = np.array_split(np.arange(rows.shape[axis]), min(PARTS, rows.shape[axis]))
        rows = np.stack([rows.take(part, axis).mean(axis) for part in parts], axis)
    return np.concatenate([rows.reshape(len(rows), -1), *rough], axis=1)


def _area(first: NumpyArray, second: NumpyArray) -> float:
    """Return how well the better of a linear model and a forest tells two tables apart."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    table = np.concatenate([first, second])
    side = np.repeat([0, 1], [len(first), len(second)])
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    models = (
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=200)),
        RandomForestClassifier(50, max_depth=8, random_state=0),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = [
            np.asarray(cross_val_predict(one, table, side, cv=folds, method="predict_proba"))
            for one in models
        ]
    return max(float(roc_auc_score(side, one[:, 1])) for one in given)
