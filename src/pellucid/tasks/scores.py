"""How good predictions are, beside honest baselines: scikit-learn's scores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.text_table import cell_text, text_table
from pellucid.types import NumpyArray

CLASS_SCORES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "f1": "F1",
    "roc_auc": "ROC AUC",
    "log_loss": "log loss",
}
NUMBER_SCORES = {"mae": "MAE", "rmse": "RMSE", "r2": "R2"}
SERIES_SCORES = {"mase": "MASE", "smape": "sMAPE"}
TEXT_SCORES = {"nats": "nats a character", "perplexity": "perplexity", "bleu": "BLEU"}
SCORE_NAMES = CLASS_SCORES | NUMBER_SCORES | SERIES_SCORES | TEXT_SCORES
"""How a score is called in tables."""

ALONE = "network alone"
"""Who, in a table of scores, is the network without the simple forecast that it is mixed with."""

LESS_IS_BETTER = frozenset(("log_loss", "mae", "rmse", "mase", "smape", "nats", "perplexity"))
"""Scores of which a smaller one is better."""

Scores = Mapping[str, Mapping[str, float | None]]
"""Scores of the network and of what it is compared with, by who and by name."""


@dataclass(frozen=True)
class Predictions:
    """What was predicted for some rows.

    Args:
        values: Class numbers, or numbers in the target's own units; shape (rows,).
        probabilities: Shape (rows, classes); None for numbers.
    """

    values: NumpyArray
    probabilities: NumpyArray | None = None


def score_classes(actual: NumpyArray, predicted: Predictions) -> dict[str, float | None]:
    """Return scores of class predictions; None where a score is not defined for these rows.

    Args:
        actual: Class numbers, shape (rows,).
        predicted: Class numbers and probabilities.
    """
    from sklearn import metrics

    assert predicted.probabilities is not None
    classes = predicted.probabilities.shape[1]
    labels = np.arange(classes)
    binary = classes == 2
    present = np.unique(actual)
    scores: dict[str, float | None] = {
        "accuracy": float(metrics.accuracy_score(actual, predicted.values)),
        "balanced_accuracy": _balanced(actual, predicted.values, present),
        "f1": float(
            metrics.f1_score(
                actual,
                predicted.values,
                labels=None if binary else present,
                average="binary" if binary else "macro",
                zero_division=0.0,  # pyright: ignore[reportArgumentType] (scikit-learn takes numbers)
            )
        ),
        "roc_auc": None,
        "log_loss": float(
            metrics.log_loss(actual, _normalised(predicted.probabilities), labels=labels)
        ),
    }
    if binary and len(present) == 2:
        scores["roc_auc"] = float(metrics.roc_auc_score(actual, predicted.probabilities[:, 1]))
    elif not binary and len(present) == classes:
        scores["roc_auc"] = float(
            metrics.roc_auc_score(
                actual, _normalised(predicted.probabilities), multi_class="ovr", labels=labels
            )
        )
    return scores


def _balanced(actual: NumpyArray, predicted: NumpyArray, present: NumpyArray) -> float:
    return float(np.mean([np.mean(predicted[actual == one] == one) for one in present]))


def _normalised(probabilities: NumpyArray) -> NumpyArray:
    wide = np.asarray(probabilities, np.float64)
    return wide / wide.sum(axis=1, keepdims=True)


def score_numbers(actual: NumpyArray, predicted: Predictions) -> dict[str, float | None]:
    """Return scores of numeric predictions, in the target's own units."""
    error = predicted.values - actual
    spread = float(np.sum((actual - actual.mean()) ** 2))
    return {
        "mae": float(np.mean(np.abs(error))),
        "rmse": float(np.sqrt(np.mean(error**2))),
        "r2": 1 - float(np.sum(error**2)) / spread if spread > 0 else None,
    }


def linear_baseline(
    x: NumpyArray, y: NumpyArray, new: NumpyArray, task: str, classes: int
) -> Predictions:
    """Return the predictions of scikit-learn's logistic or linear regression.

    Args:
        x: Training features.
        y: Training targets: class numbers, or numbers in their own units.
        new: Features of the rows to predict.
        task: "binary", "classes" or "number".
        classes: Number of classes.
    """
    from sklearn.linear_model import Ridge

    if task == "number":
        # The least ridge that keeps features that depend on one another solvable.
        return Predictions(Ridge(alpha=1e-3, solver="svd").fit(x, y).predict(new))
    return linear_classes(x, y, [new], classes)


def linear_classes(
    x: NumpyArray, y: NumpyArray, new: Iterable[NumpyArray], classes: int
) -> Predictions:
    """Return the predictions of scikit-learn's logistic regression.

    Args:
        x: Training features.
        y: Training class numbers.
        new: Features of the rows to predict, in parts.
        classes: Number of classes.
    """
    import warnings

    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        # Not converging fully is no fault of a baseline.
        warnings.simplefilter("ignore")
        fitted = LogisticRegression(max_iter=1000).fit(x, y)
    said = np.concatenate([fitted.predict_proba(part) for part in new])
    probabilities = np.zeros((len(said), classes))
    probabilities[:, fitted.classes_] = said
    return Predictions(probabilities.argmax(axis=1), probabilities)


def named_scores(scores: Scores) -> dict[str, dict[str, float | None]]:
    """Return scores under the names that tables have.

    Args:
        scores: For the network, and what it is compared with, each score by its short name.

    Example:
        >>> from pellucid.tasks.scores import named_scores
        >>> named_scores({"network": {"bleu": 30.5}})
        {'network': {'BLEU': 30.5}}
    """
    return {
        who: {SCORE_NAMES[name]: value for name, value in own.items()}
        for who, own in scores.items()
    }


def scores_text(scores: Scores) -> str:
    """Return a table: a row for each model, a column for each score."""
    first = next(iter(scores.values()))
    rows: list[list[Any]] = [[model, *own.values()] for model, own in scores.items()]
    return text_table(rows, ["", *(SCORE_NAMES[name] for name in first)])


def better_baseline(scores: Scores) -> str:
    """Return a sentence about a simple model that did better than the network; "" for none.

    Args:
        scores: Of each by its name; the first score of the network counts.
    """
    own = scores.get("network", {})
    name = next((one for one, value in own.items() if value is not None), None)
    if name is None:
        return ""
    sign = -1.0 if name in LESS_IS_BETTER else 1.0
    others = {
        who: one[name] for who, one in scores.items() if who != ALONE and one.get(name) is not None
    }
    best = max(others, key=lambda who: sign * float(others[who] or 0.0))
    if sign * float(others[best] or 0.0) <= sign * float(own[name] or 0.0):
        return ""
    return (
        f"On the rows that the run was tested on, '{best}' was better than the network: "
        f"{SCORE_NAMES[name]} {cell_text(others[best])} against {cell_text(own[name])}."
    )
