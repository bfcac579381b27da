"""Variants of a model trained side by side, and the curve of their scores."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from pellucid.tuning.folds import Fold
from pellucid.tuning.score_curve import ScoreCurve, curve_of
from pellucid.tuning.study import Study, tell_failures, train


def scored_curve(
    study: Study,
    varied: str,
    points: Sequence[Any],
    folds: Sequence[Sequence[Fold]],
    changes: Sequence[Mapping[str, Any]],
    verbose: Any,
    begun: float,
) -> ScoreCurve:
    """Return the scores of each variant on its folds' training and test rows.

    Args:
        study: The model and the rows.
        varied: What is varied.
        points: Its values.
        folds: The folds at each point.
        changes: Parameters at each point.
        verbose: As in `fit`.
        begun: Reading of `time.perf_counter` at which the time begins.
    """
    planned = [
        (point, fold, study.candidate(fold, study.seed_of(number), values))
        for point, own, values in zip(points, folds, changes, strict=True)
        for number, fold in enumerate(own)
    ]
    trainees = train([candidate for _, _, candidate in planned], verbose).trainees
    failed = [
        f"{varied} {point}, {fold.called}"
        for (point, fold, _), one in zip(planned, trainees, strict=True)
        if one.failed
    ]
    tell_failures(study.where, failed, len(planned), "training")
    scores = [
        tuple(
            study.scores(one, numbers, study.outputs(one, numbers))
            for numbers in (fold.train, fold.test)
        )
        for (_, fold, _), one in zip(planned, trainees, strict=True)
    ]
    width = len(folds[0])
    rows: Any = [scores[start : start + width] for start in range(0, len(scores), width)]
    return curve_of(varied, points, rows, study.directions, time.perf_counter() - begun)
