"""The learning curve: what more rows would bring."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pellucid.errors import Problem, report
from pellucid.keywords import arguments_of
from pellucid.tuning.cross_validation import chosen_folds
from pellucid.tuning.folds import Fold, check_classes
from pellucid.tuning.score_curve import ScoreCurve
from pellucid.tuning.study import Study
from pellucid.tuning.variation import scored_curve
from pellucid.types import NumpyArray

LARGER = "Give larger sizes."
"""How to mend so few rows that they are of one class."""


def learning_curve(
    model: Any,
    x: Any,
    y: Any,
    *,
    sizes: Sequence[float] = (0.1, 0.25, 0.5, 0.75, 1.0),
    cv: Any = 5,
    repeats: int = 1,
    metrics: Any = None,
    groups: Any = None,
    sample_weight: Any = None,
    seed: int | None = None,
    verbose: Any = 0,
    **fit: Any,
) -> ScoreCurve:
    """Train a model on more and more of each fold's training rows.

    Where training and test scores meet, more rows bring nothing; where a gap stays, they may.
    All sizes and folds train side by side over one table, in one compiled program, for the same
    number of epochs. The rows of a smaller size are among those of a larger one; where every
    fold trains on earlier rows than it is tested on, they are the latest. What is watched is the
    same at all sizes.

    Args:
        model: A compiled model, or a function without arguments that returns one.
        x: Inputs in memory, as for `fit`; no generator.
        y: Labels, as for `fit`.
        sizes: Shares of the training rows, above 0 to 1, or whole numbers of rows.
        cv: As for `cross_validate`.
        repeats: As for `cross_validate`.
        metrics: As for `cross_validate`.
        groups: As for `cross_validate`.
        sample_weight: As for `cross_validate`.
        seed: As for `cross_validate`; a fold's model begins alike at all sizes.
        verbose: As for `fit`.
        **fit: Arguments of `fit`, as for `cross_validate`.

    Returns:
        Scores on the rows trained on and on test rows, by number of rows and fold.

    Raises:
        ArgumentError: An argument is out of range, unknown, or does not fit the rows.
        DataError: So few rows are of one class alone.

    Example:
        >>> import numpy as np, pellucid
        >>> model = pellucid.Sequential([pellucid.Input((1,)), pellucid.layers.Dense(1)])
        >>> model.compile(pellucid.optimizers.SGD(0.3), "mse")
        >>> x = np.linspace(-1, 1, 40)[:, None]
        >>> curve = pellucid.learning_curve(model, x, 3 * x, sizes=(0.5, 1.0), cv=2, epochs=9)
        >>> curve.points, curve.test["loss"].shape
        ((10, 20), (2, 2))
    """
    begun = time.perf_counter()
    where = "learning_curve"
    study = Study(
        where,
        model,
        x,
        y,
        metrics=metrics,
        groups=groups,
        sample_weight=sample_weight,
        seed=seed,
        arguments=arguments_of(learning_curve),
        fit=fit,
    )
    folds = chosen_folds(study, cv, repeats)
    counts = _counts(sizes, min(len(fold.train) for fold in folds))
    in_time = all(fold.train.max() < fold.test.min() for fold in folds)
    parts: list[Sequence[Fold]] = []
    for count in counts:
        chosen = [
            _part(fold, count, None if in_time else [study.seed, number])
            for number, fold in enumerate(folds)
        ]
        check_classes(chosen, study.rows.classes, f"{where}, {count} training rows", LARGER)
        parts.append(chosen)
    return scored_curve(study, "training rows", counts, parts, [{}] * len(counts), verbose, begun)


def _counts(sizes: Any, rows: int) -> list[int]:
    """Return the numbers of training rows that are meant."""
    place = "learning_curve(sizes=...)"
    given = list(np.asarray(sizes).reshape(-1).tolist())
    report([] if given else [Problem(place, "no size", "at least one")])
    shares = [isinstance(one, float) and 0 < one <= 1 for one in given]
    whole = [isinstance(one, int) and 1 <= one <= rows for one in given]
    if not (all(shares) or all(whole)):
        expected = f"shares above 0 to 1, or whole numbers of rows from 1 to {rows}"
        report([Problem(place, repr(sizes), expected)])
    return [max(1, round(one * rows)) if all(shares) else int(one) for one in given]


def _part(fold: Fold, count: int, seed: Sequence[int] | None) -> Fold:
    """Return the fold with so many of its training rows: the last where there is no seed."""
    order: NumpyArray = fold.train
    if seed is not None:
        order = np.random.default_rng(seed).permutation(order)
    return replace(fold, train=order[len(order) - count :])
