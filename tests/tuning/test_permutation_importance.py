"""Permutation importance beside scikit-learn's, of the same predictions."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.inspection import permutation_importance as reference

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError
from pellucid.tuning.permutation_importance import permutation_importance

RNG = np.random.default_rng(3)
X = RNG.normal(size=(300, 4)).astype(np.float32)
Y = (X[:, 0] - 0.5 * X[:, 2] > 0).astype(np.int32)


@pytest.fixture(scope="module")
def model():
    one = pellucid.Sequential([layers.Input((4,)), layers.Dense(1, "sigmoid")], seed=1)
    one.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    one.set_weights([np.array([[4.0], [0.0], [-2.0], [0.5]]), np.zeros(1)])
    return one


class Fitted(ClassifierMixin, BaseEstimator):
    """The same model as scikit-learn sees one."""

    def __init__(self, model=None):
        self.model = model
        self.classes_ = np.array([0, 1])

    def fit(self, x, y):
        return self

    def predict_proba(self, x):
        second = self.model.predict(x, verbose=0)
        return np.concatenate([1 - second, second], axis=1)

    def predict(self, x):
        return self.predict_proba(x).argmax(axis=1)


@pytest.mark.parametrize("metric", ["accuracy", "roc_auc"])
def test_it_agrees_with_scikit_learns(model, metric):
    found = permutation_importance(model, X, Y, metric=metric, repeats=30)
    other = reference(Fitted(model), X, Y, scoring=metric, n_repeats=30, random_state=0)
    error = np.sqrt((found.sds**2 + other.importances_std**2) / 30)
    assert (np.abs(found.means - other.importances_mean) <= 4 * error + 1e-9).all()
    np.testing.assert_array_equal(np.argsort(found.means), np.argsort(other.importances_mean))
    assert found.means[1] == 0


def test_a_loss_gets_worse_by_growing(model):
    found = permutation_importance(model, X, Y, metric="loss", repeats=2)
    assert found.means[0] > found.means[2] > 0
    assert found.baseline == pytest.approx(model.evaluate(X, Y, verbose=0)[0])


def test_a_shuffle_moves_one_column_alone(model):
    found = permutation_importance(model, X, Y, repeats=1, seed=9)
    shuffled = X.copy()
    order = np.random.default_rng([9, 2, 0]).permutation(300)
    shuffled[:, 2] = X[order, 2]
    expected = np.mean((model.predict(X, verbose=0)[:, 0] > 0.5) == Y) - np.mean(
        (model.predict(shuffled, verbose=0)[:, 0] > 0.5) == Y
    )
    assert found.losses[2, 0] == pytest.approx(expected, abs=1e-6)
    assert found.metric == "accuracy"


def test_columns_have_the_names_of_a_frame_and_it_prints_and_draws(model, tmp_path):
    frame = pd.DataFrame(X, columns=["age", "b", "c", "d"])
    found = permutation_importance(model, frame, Y, repeats=2)
    assert [name for name, _, _ in found.table][:2] == ["age", "c"]
    assert str(found).splitlines()[2].split()[0] == "age"
    figure = found.plot(tmp_path / "importance.png")
    assert figure.axes[0].get_yticklabels()[0].get_text() == "age"
    assert (tmp_path / "importance.png").stat().st_size > 5000
    assert json.loads(found.to_json())["columns"][0]["name"] == "age"


def test_several_inputs_and_steps_of_sequences():
    steps, other = layers.Input((3, 2), name="steps"), layers.Input((1,), name="other")
    joined = layers.Concatenate()([layers.Flatten()(steps), other])
    model = pellucid.Model([steps, other], layers.Dense(1)(joined), seed=1)
    model.compile("sgd", "mse")
    kernel = np.array([[1.0], [0.0], [1.0], [0.0], [1.0], [0.0], [0.0]])
    model.set_weights([kernel, np.zeros(1)])
    rows = RNG.normal(size=(80, 3, 2))
    found = permutation_importance(model, [rows, rows[:, 0, :1]], rows[..., 0].sum(axis=1))
    assert found.names == ("steps[0]", "steps[1]", "other[0]")
    assert found.means[0] > 1
    np.testing.assert_allclose(found.means[1:], 0, atol=1e-9)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            {"repeats": 0},
            "permutation_importance(repeats=...): got 0, expected a whole number of at least 1 "
            "(how often each column is shuffled).",
        ),
        (
            {"metric": "acuracy"},
            "permutation_importance(metric=...): got 'acuracy', expected the name of a scorer of "
            "scikit-learn or of a metric of the model. Did you mean 'accuracy'?",
        ),
        (
            {"metric": ["accuracy", "f1"]},
            "permutation_importance(metric=...): got ['accuracy', 'f1'], expected one score, not "
            "several.",
        ),
        (
            {"names": ["a", "b"]},
            "permutation_importance(names=...): got 2 names, expected 4, one for each column.",
        ),
    ],
)
def test_what_is_refused(model, arguments, told):
    with pytest.raises(ArgumentError) as error:
        permutation_importance(model, X, Y, **arguments)
    assert str(error.value) == told


def test_what_is_no_model_is_refused():
    with pytest.raises(ArgumentError) as told:
        permutation_importance(None, X, Y)
    assert str(told.value) == (
        "permutation_importance(model): got a NoneType, expected a compiled model, trained on "
        "other rows."
    )
