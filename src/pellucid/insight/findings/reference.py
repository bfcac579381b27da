"""Simple models that learn the same rows in a moment: what a network should at least reach."""

import warnings
from typing import Any

import numpy as np

from pellucid.types import NumpyArray

MOST_ROWS, MOST_COLUMNS = 2000, 2000
"""Rows and columns up to which simple models are trained."""


def reference_score(
    x: NumpyArray, y: NumpyArray, other: NumpyArray, expected: NumpyArray, classes: bool
) -> float | None:
    """Return the best score of a linear model and a forest on other rows, where they apply.

    Args:
        x: Rows to learn from, shape (rows, ...).
        y: Class numbers, or numbers of shape (rows, width).
        other: Rows to be judged by.
        expected: What is right for these.
        classes: Whether `y` holds class numbers.
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return max(float(model.fit(table, y).score(asked, expected)) for model in _models(classes))


def _models(classes: bool) -> list[Any]:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if classes:
        forest: Any = RandomForestClassifier(50, max_depth=12, random_state=0)
        return [make_pipeline(StandardScaler(), LogisticRegression(max_iter=200)), forest]
    forest = RandomForestRegressor(30, max_depth=12, random_state=0)
    return [make_pipeline(StandardScaler(), Ridge()), forest]
