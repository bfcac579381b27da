"""Scores by scikit-learn's names, and functions, on what models answered."""

import contextlib
import inspect
import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pellucid.errors import Problem, near, report
from pellucid.training.directions import Direction, direction_of
from pellucid.tuning.folds import MORE_CLASSES, Fold
from pellucid.tuning.metric_names import JUDGING, how_to_report
from pellucid.tuning.truth import CLASSES, LABELS, NUMBERS, Truth
from pellucid.types import NumpyArray
from pellucid.wording import free_name

FOR_NUMBERS = ("r2", "explained_variance", "max_error", "d2_absolute_error_score")
"""Names of scikit-learn's scorers for numbers; those of errors follow a pattern."""

CALLED_OTHERWISE = {
    "auc": "roc_auc",
    "auroc": "roc_auc",
    "aucroc": "roc_auc",
    "auprc": "average_precision",
    "aucpr": "average_precision",
    "prauc": "average_precision",
    "mse": "neg_mean_squared_error",
    "rmse": "neg_root_mean_squared_error",
    "mae": "neg_mean_absolute_error",
    "mape": "neg_mean_absolute_percentage_error",
    "logloss": "neg_log_loss",
}
"""How scikit-learn's scorers are called elsewhere, without underscores."""

SUITABLE = {
    NUMBERS: "'r2' or 'neg_mean_absolute_error'",
    CLASSES: "'balanced_accuracy' or 'neg_log_loss'",
    LABELS: "'f1_macro'",
}


@dataclass(frozen=True, eq=False)
class Scorer:
    """A score of answers.

    Args:
        name: How tables call it.
        score: Takes an estimator, row numbers and labels, as scikit-learn's scorers do; or
            labels and outputs.
        of_outputs: Which of the two.
        direction: Whether lower or higher is better.
    """

    name: str
    score: Callable[..., Any]
    of_outputs: bool = False
    direction: Direction = "max"

    def __call__(self, truth: Truth, output: NumpyArray, numbers: NumpyArray) -> float:
        """Return the score.

        Args:
            truth: Labels of all rows.
            output: The model's output for the chosen rows.
            numbers: Numbers of the chosen rows.
        """
        actual = truth.values[numbers]
        asked: tuple[Any, ...] = (actual, output)
        if not self.of_outputs:
            asked = (truth.answers(output), np.arange(len(numbers)), actual)
        try:
            found = self.score(*asked)
        except Exception as error:
            shapes = f"labels of shape {actual.shape} and outputs of shape {output.shape}"
            error.add_note(f"metrics: raised by {self.name!r} for {shapes}.")
            raise
        if np.ndim(found) or not isinstance(found, (bool, int, float, np.generic, np.ndarray)):
            shown = f"an array of shape {np.shape(found)}" if np.ndim(found) else repr(found)
            fix = "Return a single one, such as their mean."
            report([Problem(f"metrics: {self.name!r}", shown, "a number", fix)])
        return float(found)


def scorers_of(metrics: Any, truth: Truth, own: Sequence[str], place: str) -> list[Scorer]:
    """Return the scorers that are asked for beside a model's own metrics.

    Args:
        metrics: Name of a scorer of scikit-learn, a function, a list of such, or a dict by name.
            A function takes (labels, outputs), or (estimator, rows, labels) as scikit-learn's
            scorers do. None for none.
        truth: What the model is asked for.
        own: Names of the model's own metrics, which are reported anyway.
        place: What messages call the argument.

    Raises:
        ArgumentError: A name is unknown, or a score is not defined for what the model answers.
    """
    if metrics is None:
        return []
    given = dict(metrics) if isinstance(metrics, Mapping) else None
    listed = metrics if isinstance(metrics, (list, tuple)) else [metrics]
    named = given.items() if given is not None else [(None, one) for one in listed]
    wanted = [(name, one) for name, one in named if name is not None or one not in own]
    report(problem for _, one in wanted for problem in _problems(one, truth, own, place))
    found: list[Scorer] = []
    for name, one in wanted:
        taken = [*own, *(other.name for other in found)]
        found.append(_scorer(one, name or free_name(_name(one), taken)))
    report(
        problem
        for scorer in found
        if (problem := _undefined(scorer, truth, np.arange(len(truth.values)), place))
    )
    return found


def _name(metric: Any) -> str:
    if isinstance(metric, str):
        return metric
    # What make_scorer returns has no name of its own.
    inner = getattr(metric, "_score_func", None)
    return getattr(metric, "__name__", None) or getattr(inner, "__name__", "score")


def _problems(metric: Any, truth: Truth, own: Sequence[str], place: str) -> Iterator[Problem]:
    from sklearn.metrics import get_scorer_names

    names = get_scorer_names()
    if isinstance(metric, str) and metric not in names:
        # Histories call scores of validation rows so; here all are of rows that judge.
        asked = metric.removeprefix(JUDGING)
        plain = asked.lower().replace("_", "").replace(" ", "")
        known = [*names, *own]
        close = asked if asked in known else CALLED_OTHERWISE.get(plain)
        how = how_to_report(asked, own)
        meant = close or (None if how else near(asked, known))
        such = f"For example {SUITABLE[truth.kind]}." if truth.kind is not None else ""
        fix = f"Did you mean '{meant}'?" if meant else how or such
        expected = "the name of a scorer of scikit-learn or of a metric of the model"
        yield Problem(place, repr(metric), expected, fix)
    elif not isinstance(metric, str) and not callable(metric):
        yield Problem(place, repr(metric), "a name, a function, or a list or dict of them")
    elif truth.kind is None:
        yield _not_defined(_name(metric), truth, place)
    elif isinstance(metric, str) and (truth.kind == NUMBERS) != _is_for_numbers(metric):
        yield _not_defined(metric, truth, place)


def _is_for_numbers(name: str) -> bool:
    return name in FOR_NUMBERS or (name.startswith("neg_") and name.endswith(("error", "deviance")))


def _not_defined(name: str, truth: Truth, place: str, reason: str = "") -> Problem:
    if truth.kind is None:
        expected = "None, which leaves the model's own metrics"
    else:
        expected = f"a score for {truth.told}, such as {SUITABLE[truth.kind]}"
    return Problem(place, f"{name!r} for {truth.told}", expected, reason)


def _scorer(metric: Any, name: str) -> Scorer:
    from sklearn.metrics import get_scorer

    if isinstance(metric, str):
        return Scorer(name, get_scorer(metric))
    needed = [
        one
        for one in inspect.signature(metric).parameters.values()
        if one.default is one.empty and one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    ]
    if len(needed) == 3:
        return Scorer(name, metric)
    return Scorer(name, metric, True, direction_of(name) or "max")


def _undefined(scorer: Scorer, truth: Truth, numbers: NumpyArray, place: str) -> Problem | None:
    """Return what keeps a score from being defined for these rows, tried on even answers."""
    if scorer.of_outputs:
        return _of_answers(scorer, truth, numbers, place)
    flat = truth.values.reshape(len(truth.values), -1)
    width = truth.count if truth.kind == CLASSES else flat.shape[1]
    even = np.full((len(numbers), width), 1 / width)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            score = scorer(replace(truth, link=None), even, numbers)
    except Exception as error:
        reason = " ".join(str(error).split("\n")[0].split()).rstrip(".")
        return _not_defined(scorer.name, truth, place, f"scikit-learn says: {reason}.")
    return _not_defined(scorer.name, truth, place) if math.isnan(score) else None


def _of_answers(scorer: Scorer, truth: Truth, numbers: NumpyArray, place: str) -> Problem | None:
    """Return what is wrong with a function of scikit-learn that takes classes, not outputs."""
    of_sklearn = str(getattr(scorer.score, "__module__", "")).startswith("sklearn.")
    if not of_sklearn or truth.kind != CLASSES:
        return None
    for width in {1, truth.count}:
        with warnings.catch_warnings(), contextlib.suppress(ValueError):
            warnings.simplefilter("ignore")
            scorer.score(truth.values[numbers], np.full((len(numbers), width), 1 / truth.count))
            return None
    name = scorer.score.__name__
    given = f"the function {name}, which takes predicted classes"
    expected = "the name of a scorer, or a function of labels and outputs"
    return Problem(place, given, expected, _named_instead(name, truth.count))


def _named_instead(function: str, classes: int) -> str:
    from sklearn.metrics import get_scorer_names

    own = function.removesuffix("_score")
    wanted = [f"{own}_macro", own] if classes > 2 else [own]
    known = [one for one in [*wanted, function] if one in get_scorer_names()]
    return f"Write '{known[0]}'." if known else f"Write make_scorer({function})."


def check_test_rows(
    scorers: Sequence[Scorer], folds: Sequence[Fold], truth: Truth, where: str
) -> None:
    """Refuse folds whose test rows lack a class without which a score is not defined.

    Raises:
        ArgumentError: Names each fold and score.
    """
    if truth.classes is None:
        return
    problems = []
    for fold in folds:
        present = np.unique(truth.classes[fold.test])
        if len(present) == truth.count:
            continue
        problems += [
            Problem(
                f"{where}, {fold.called}",
                f"test rows of {_classes(present)} alone, for which {one.name!r} is not defined",
                f"rows of {truth.told}",
                f"{MORE_CLASSES[fold.kind]} Or leave the score out.",
            )
            for one in scorers
            if _undefined(one, truth, fold.test, where)
        ]
    report(problems)


def _classes(present: NumpyArray) -> str:
    listed = ", ".join(map(str, present))
    return f"class {listed}" if len(present) == 1 else f"classes {listed}"
