"""What simple models reach, against scikit-learn itself."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import recall_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pellucid.insight.findings.reference import (
    MOST_COLUMNS,
    crossed_answers,
    crossed_score,
    reference_score,
)

RNG = np.random.default_rng(5)
X, OTHER = RNG.normal(size=(80, 3)), RNG.normal(size=(60, 3))


def line(x):
    return (x @ [1.0, -2.0, 0.5])[:, None]


def crossed(x):
    return (x[:, 0] * x[:, 1] > 0).astype(int)


def test_a_straight_line_is_found_by_the_linear_model():
    linear = make_pipeline(StandardScaler(), Ridge()).fit(X, line(X))
    expected = linear.score(OTHER, line(OTHER))
    assert expected > 0.99
    assert reference_score(X, line(X), OTHER, line(OTHER), False) == pytest.approx(expected)


def test_where_no_line_helps_the_forest_does():
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=200))
    forest = RandomForestClassifier(50, max_depth=12, random_state=0)
    by_line, by_forest = (m.fit(X, crossed(X)).score(OTHER, crossed(OTHER))
                          for m in (linear, forest))  # fmt: skip
    assert by_forest > by_line + 0.2
    assert reference_score(X, crossed(X), OTHER, crossed(OTHER), True) == by_forest


def test_steps_are_laid_side_by_side():
    found = reference_score(X[:, :, None], line(X), OTHER[:, :, None], line(OTHER), False)
    assert found == reference_score(X, line(X), OTHER, line(OTHER), False)


@pytest.mark.parametrize(
    ("x", "y", "classes"),
    [
        (X[:9], line(X)[:9], False),
        (np.where(X > 2, np.nan, X), line(X), False),
        (np.zeros((80, MOST_COLUMNS + 1)), line(X), False),
        (X, np.zeros(80, int), True),
    ],
    ids=["few rows", "holes", "wide", "one class"],
)
def test_where_simple_models_do_not_apply_there_is_no_score(x, y, classes):
    other = x[:, :1].repeat(x.shape[1], axis=1)
    assert reference_score(x, y, other, y, classes) is None


def test_either_half_is_judged_by_the_other():
    assert crossed_score(X, line(X), False) > 0.9
    lot = np.random.default_rng(2).permutation(line(X))
    assert crossed_score(X, lot, False) < 0.1


def test_rows_are_answered_as_others_let_expect():
    high = (line(X) > 0).astype(int)[:, 0]
    answers = crossed_answers(X, high)
    assert [one.shape for one in answers] == [high.shape] * 2
    assert max(np.mean(one == high) for one in answers) > 0.85
    assert crossed_answers(np.full((30, 2), np.nan), np.arange(30) % 2) == []


def test_weights_of_classes_count_in_what_is_learned_and_in_the_score():
    rare = (line(X) > 2.0).astype(int)[:, 0]
    expected = (line(OTHER) > 2.0).astype(int)[:, 0]
    weight = {0: 1.0, 1: 6.0}
    scores = []
    for model in (
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=200, class_weight=weight)),
        RandomForestClassifier(50, max_depth=12, random_state=0, class_weight=weight),
    ):
        recall = recall_score(expected, model.fit(X, rare).predict(OTHER), average=None)
        shares = np.bincount(expected) * [1.0, 6.0]
        scores.append(recall @ shares / shares.sum())
    assert reference_score(X, rare, OTHER, expected, True, weight) == pytest.approx(max(scores))
