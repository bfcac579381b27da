"""Simple models that learn the same rows in a moment: what a network should at least reach."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from pellucid.types import NumpyArray

MOST_ROWS, MOST_COLUMNS = 2000, 2000
"""Rows and columns up to which simple models are trained."""

ALIKE = 0.9999
"""Correlation of a target with an input of which it is a copy."""


def reference_score(
    x: NumpyArray,
    y: NumpyArray,
    other: NumpyArray,
    expected: NumpyArray,
    classes: bool,
    class_weight: Mapping[Any, float] | None = None,
) -> float | None:
    """Return the best score of a linear model and a forest on other rows, where they apply.

    Args:
        x: Rows to learn from, shape (rows, ...).
        y: Class numbers, or numbers of shape (rows, width).
        other: Rows to be judged by.
        expected: What is right for these.
        classes: Whether `y` holds class numbers.
        class_weight: Weight of each class, in what is learned and in the score.
    """
    table, asked = (np.asarray(one, np.float64).reshape(len(one), -1) for one in (x, other))
    if table.shape[1] != asked.shape[1]:
        return None  # sequences that were padded to different lengths
    finite = np.isfinite(table).all() and np.isfinite(asked).all()
    if table.shape[1] > MOST_COLUMNS or not finite or len(table) < 10:
        return None
    if classes and len(np.unique(y)) < 2:
        return None
    if len(table) > MOST_ROWS:
        chosen = np.random.default_rng(0).permutation(len(table))[:MOST_ROWS]
        table, y = table[chosen], y[chosen]
    weights = None
    if classes and class_weight is not None:
        class_weight = {
            one: class_weight.get(one, 1.0) for one in map(int, np.union1d(y, expected))
        }
        weights = [class_weight[int(one)] for one in expected]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return max(
            float(model.fit(table, y).score(asked, expected, weights))
            for model in _models(classes, class_weight)
        )


def crossed_score(
    x: NumpyArray,
    y: NumpyArray,
    classes: bool,
    class_weight: Mapping[Any, float] | None = None,
) -> float | None:
    """Return the same where either half of some rows is judged by the other half, in the mean."""
    order = np.random.default_rng(0).permutation(len(x))[:MOST_ROWS]
    halves = np.array_split(order, 2)
    scores = [
        reference_score(x[own], y[own], x[other], y[other], classes, class_weight)
        for own, other in (halves, halves[::-1])
    ]
    return None if scores[0] is None or scores[1] is None else (scores[0] + scores[1]) / 2


def crossed_answers(x: NumpyArray, label: NumpyArray) -> list[NumpyArray]:
    """Return the classes that a linear model and a forest give each row, as others let expect.

    Args:
        x: Rows, shape (rows, ...).
        label: Class number of each; two classes have three rows or more.

    Returns:
        For either model shape (rows,); nothing where they do not apply.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    table = np.asarray(x, np.float64).reshape(len(x), -1)
    if table.shape[1] > MOST_COLUMNS or not np.isfinite(table).all():
        return []
    parts = StratifiedKFold(3, shuffle=True, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [np.asarray(cross_val_predict(one, table, label, cv=parts)) for one in _models(True)]


def foretold(chances: NumpyArray, label: NumpyArray, asked: NumpyArray | None = None) -> NumpyArray:
    """Return the labels that a linear model foretells from the probabilities that a network gives.

    Args:
        chances: Probability of each class, shape (rows, classes).
        label: Class number of each row; two classes have five rows or more.
        asked: The same of rows whose labels are foretold; when None each fifth of the rows, by
            the others.

    Example:
        >>> import numpy as np
        >>> from pellucid.insight.findings.reference import foretold
        >>> chances = np.tile([[0.6, 0.4], [0.55, 0.45]], (20, 1))
        >>> foretold(chances, np.tile([0, 1], 20), chances[:4])
        array([0, 1, 0, 1])
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=200))
    known = np.log(chances.clip(1e-6))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if asked is None:
            parts = StratifiedKFold(5, shuffle=True, random_state=0)
            return np.asarray(cross_val_predict(model, known, label, cv=parts))
        return np.asarray(model.fit(known, label).predict(np.log(asked.clip(1e-6))))


def copying_score(
    x: NumpyArray, y: NumpyArray, other: NumpyArray, expected: NumpyArray, width: int
) -> float | None:
    """Return R² on other rows of the best linear code; None where targets are not the inputs.

    A network that gives back what it is given is narrow somewhere, and a linear model that is
    not has nothing to say about it: principal components, as many as its narrowest layer has
    units, are the best that linear layers can do.

    Args:
        x: Rows to learn from, shape (rows, ...).
        y: Their targets, shape (rows, width).
        other: Rows to be judged by.
        expected: Their targets.
        width: Units of the narrowest layer.

    Example:
        >>> import numpy as np
        >>> from pellucid.insight.findings.reference import copying_score
        >>> x = np.arange(20.0).reshape(10, 2) * [1.0, 3.0]
        >>> round(copying_score(x, x, x + 1, x + 1, 1), 2)
        1.0
    """
    from sklearn.decomposition import PCA

    table, asked = (np.asarray(one, np.float64).reshape(len(one), -1) for one in (x, other))
    if table.shape[1] > MOST_COLUMNS:
        return None
    if not (_gives_back(table, y) and _gives_back(asked, expected)):
        return None
    table = table[:MOST_ROWS]
    code = PCA(min(width, *table.shape), random_state=0).fit(table)
    given = code.inverse_transform(code.transform(asked))
    wrong, spread = np.square(asked - given), np.square(asked - asked.mean(axis=0))
    return float(1 - wrong.sum() / spread.sum())


def _gives_back(table: NumpyArray, y: NumpyArray) -> bool:
    """Say whether targets are the inputs, each column perhaps in another unit."""
    if table.shape != y.shape or not np.isfinite(table).all():
        return False
    moved, wanted = table - table.mean(axis=0), y - y.mean(axis=0)
    sizes = np.sqrt(np.square(moved).sum(axis=0) * np.square(wanted).sum(axis=0))
    return bool(sizes.any() and (np.sum(moved * wanted, axis=0) >= ALIKE * sizes).all())


def _models(classes: bool, class_weight: Mapping[Any, float] | None = None) -> list[Any]:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if classes:
        forest: Any = RandomForestClassifier(
            50, max_depth=12, random_state=0, class_weight=class_weight
        )
        linear = LogisticRegression(max_iter=200, class_weight=class_weight)
        return [make_pipeline(StandardScaler(), linear), forest]
    forest = RandomForestRegressor(30, max_depth=12, random_state=0)
    return [make_pipeline(StandardScaler(), Ridge()), forest]
