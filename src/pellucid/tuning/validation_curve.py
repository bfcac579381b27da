"""The validation curve: what a parameter does to training and test scores."""

import time
from collections.abc import Sequence
from typing import Any

from pellucid.keywords import arguments_of
from pellucid.tuning.cross_validation import chosen_folds
from pellucid.tuning.score_curve import ScoreCurve
from pellucid.tuning.study import Study, listed
from pellucid.tuning.variation import scored_curve


def validation_curve(
    model: Any,
    x: Any,
    y: Any,
    parameter: str,
    values: Sequence[Any],
    *,
    cv: Any = 5,
    repeats: int = 1,
    metrics: Any = None,
    groups: Any = None,
    sample_weight: Any = None,
    seed: int | None = None,
    verbose: Any = 0,
    **fit: Any,
) -> ScoreCurve:
    """Train a model with several values of a parameter, over the same folds.

    All values and folds train side by side over one table: values that are numbers, such as a
    rate or strength, share one compiled program; those that change the structure, such as
    units, have one each.

    Args:
        model: A compiled model, or a function that returns one.
        x: Inputs in memory, as for `fit`; no generator.
        y: Labels, as for `fit`.
        parameter: Of a model such as "learning_rate", "optimizer.momentum", "hidden.units",
            "hidden.kernel_regularizer.l2", or "Dropout.rate" for all layers of a class; of a
            function one of its keywords; or `batch_size`, `epochs`, `shuffle`, `class_weight`.
        values: Its values.
        cv: As for `cross_validate`.
        repeats: As for `cross_validate`.
        metrics: As for `cross_validate`.
        groups: As for `cross_validate`.
        sample_weight: As for `cross_validate`.
        seed: As for `cross_validate`; a fold's model begins alike at all values.
        verbose: As for `fit`.
        **fit: Arguments of `fit`, as for `cross_validate`.

    Returns:
        Scores on the rows trained on and on test rows, by value and fold.

    Raises:
        ArgumentError: An argument is out of range, unknown, or does not fit the rows.

    Example:
        >>> import numpy as np, pellucid
        >>> model = pellucid.Sequential([pellucid.Input((1,)), pellucid.layers.Dense(1)])
        >>> model.compile(pellucid.optimizers.SGD(0.3), "mse")
        >>> x = np.linspace(-1, 1, 40)[:, None]
        >>> rates = [0.3, 0.003]
        >>> curve = pellucid.validation_curve(
        ...     model, x, 3 * x, "learning_rate", rates, cv=2, epochs=9
        ... )
        >>> curve.best()
        0.3
    """
    begun = time.perf_counter()
    where = "validation_curve"
    given = listed(where, values)
    changes = [{parameter: value} for value in given]
    study = Study(
        where,
        model,
        x,
        y,
        metrics=metrics,
        groups=groups,
        sample_weight=sample_weight,
        seed=seed,
        arguments=arguments_of(validation_curve),
        fit=fit,
        values=changes[0],
    )
    study.vary(parameter, given)
    folds = chosen_folds(study, cv, repeats)
    return scored_curve(study, parameter, given, [folds] * len(given), changes, verbose, begun)
