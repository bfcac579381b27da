"""Networks as estimators of scikit-learn: labels, parameters, weights, copies, messages."""

import copy
import pickle

import numpy as np
import pandas
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.neural_network import MLPClassifier

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError, DataError, NonFiniteError, NotSaveableError
from pellucid.estimators import PellucidClassifier, PellucidRegressor

RNG = np.random.default_rng(5)
X = RNG.normal(size=(48, 3)).astype(np.float32)
BINARY = np.where(X[:, 0] + X[:, 1] > 0, "yes", "no")
COLOURS = np.array(["red", "green", "blue"])[np.digitize(X[:, 0], [-0.4, 0.4])]
SMALL = {"hidden_layer_sizes": (8,), "epochs": 40, "batch_size": 96, "random_state": 3}
QUICK = {**SMALL, "learning_rate": 0.05}


def small(kind=PellucidClassifier, **changes):
    return kind(**{**QUICK, **changes})


def test_two_classes_by_name():
    model = small().fit(X, BINARY)
    assert model.classes_.tolist() == ["no", "yes"]
    assert model.model_.output_shape == (None, 1)
    chances = model.predict_proba(X)
    np.testing.assert_allclose(chances[:, 1], model.model_.predict(X, verbose=0)[:, 0])
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(model.predict(X), np.where(chances[:, 1] > 0.5, "yes", "no"))
    assert model.score(X, BINARY) > 0.9


def test_several_classes_by_name_are_told_as_well_as_scikit_learn_s_network_tells_them():
    model = small().fit(X, COLOURS)
    peer = MLPClassifier((8,), learning_rate_init=0.05, max_iter=40, random_state=3, tol=0)
    with pytest.warns(match="Maximum iterations"):
        peer.fit(X, COLOURS)
    assert model.classes_.tolist() == peer.classes_.tolist()
    assert model.score(X, COLOURS) > peer.score(X, COLOURS) - 0.1
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1, atol=1e-6)


def test_numbers_in_the_shape_of_the_targets():
    two = np.stack([X[:, 0], 2 * X[:, 1]], axis=1)
    assert small(PellucidRegressor).fit(X, two[:, 0]).predict(X).shape == (48,)
    model = small(PellucidRegressor, epochs=150).fit(X, two)
    assert model.predict(X).shape == (48, 2)
    assert model.score(X, two) > 0.8


def test_names_of_columns_are_kept():
    frame = pandas.DataFrame(X, columns=["a", "b", "c"])
    model = small().fit(frame, BINARY)
    assert model.feature_names_in_.tolist() == ["a", "b", "c"]
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(frame.rename(columns={"a": "z"}))


@pytest.mark.parametrize(
    ("kind", "y"), [(PellucidClassifier, COLOURS), (PellucidRegressor, X[:, 0])]
)
def test_a_weight_counts_as_so_many_rows(kind, y):
    weights = RNG.integers(0, 4, 24)
    weighed = small(kind, epochs=20).fit(X[:24], y[:24], 10 * weights)
    repeated = small(kind, epochs=20).fit(X[:24].repeat(weights, 0), y[:24].repeat(weights))
    answer = "predict_proba" if kind is PellucidClassifier else "predict"
    np.testing.assert_allclose(
        getattr(weighed, answer)(X), getattr(repeated, answer)(X), rtol=1e-5, atol=1e-6
    )


def test_weights_of_classes_by_name():
    y = np.where(RNG.random(48) < 0.3, "rare", "common")
    heavy = small(class_weight={"rare": 1e3, "common": 1e-3}).fit(X, y)
    assert (heavy.predict(X) == "rare").mean() > 0.9
    balanced = small(class_weight="balanced").fit(X, y)
    counts = {name: np.sum(y == name) for name in ("rare", "common")}
    by_hand = np.array([48 / (2 * counts[name]) for name in y])
    same = small().fit(X, y, by_hand)
    np.testing.assert_allclose(balanced.predict_proba(X), same.predict_proba(X), rtol=1e-5)


def test_rows_held_out_stop_a_fit():
    noise = RNG.integers(0, 2, 48)
    model = small(early_stopping=True, validation_fraction=0.25, n_iter_no_change=3, epochs=200)
    history = model.fit(X, noise).model_.history.history
    losses = history["val_loss"]
    assert len(losses) < 200
    assert len(losses) - 1 - int(np.argmin(losses)) == 3


def test_fits_that_go_on_are_one_long_fit():
    whole = small(epochs=4).fit(X, COLOURS)
    parts = small(epochs=4)
    for _ in range(4):
        parts.partial_fit(X, COLOURS, classes=["blue", "green", "red"])
    np.testing.assert_allclose(parts.predict_proba(X), whole.predict_proba(X), rtol=1e-5)


def test_numbers_that_go_on_are_one_long_fit():
    whole = small(PellucidRegressor, epochs=2).fit(X, X[:, 0])
    parts = small(PellucidRegressor).partial_fit(X, X[:, 0]).partial_fit(X, X[:, 0])
    np.testing.assert_allclose(parts.predict(X), whole.predict(X), rtol=1e-5)


def test_the_seed_alone_decides():
    one, same, other = (small(random_state=seed).fit(X, BINARY) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.predict_proba(X), same.predict_proba(X))
    assert not np.array_equal(one.predict_proba(X), other.predict_proba(X))
    drawn = [small(random_state=np.random.RandomState(4)).fit(X, BINARY) for _ in range(2)]
    assert drawn[0].model_.seed == drawn[1].model_.seed
    pellucid.utils.set_random_seed(0)
    free = [small(random_state=None, epochs=1).fit(X, BINARY).model_.seed for _ in range(2)]
    assert free[0] != free[1]


# -- functions that build ------------------------------------------------------------------------


def build(n_features, n_outputs, width=4, rate=0.05, epochs=1, last="softmax"):
    model = pellucid.Sequential(
        [layers.Input((n_features,)), layers.Dense(width, "tanh"), layers.Dense(n_outputs, last)]
    )
    loss = pellucid.losses.SparseCategoricalCrossentropy(from_logits=last is None)
    model.compile(pellucid.optimizers.SGD(rate / epochs), loss)
    return model


def test_keywords_of_a_function_are_parameters():
    model = PellucidClassifier(build, width=6, epochs=2, random_state=1)
    assert model.get_params()["width"] == 6
    again = clone(model).set_params(width=5, rate=0.1).fit(X, COLOURS)
    assert again.model_.layers[0].units == 5
    assert again.model_.optimizer.learning_rate == 0.05
    assert model.width == 6
    assert "width=6" in repr(model)


def test_logits_become_probabilities():
    model = PellucidClassifier(build, last=None, epochs=2, random_state=1).fit(X, COLOURS)
    logits = model.model_.predict(X, verbose=0).astype(np.float64)
    np.testing.assert_allclose(
        model.predict_proba(X),
        np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True),
        rtol=1e-5,
    )


def test_a_logit_becomes_the_probability_of_the_second_class():
    def one_logit(n_features):
        model = pellucid.Sequential([layers.Dense(1)])
        model.compile("sgd", pellucid.losses.BinaryCrossentropy(from_logits=True))
        return model

    model = PellucidClassifier(one_logit, epochs=2, random_state=1).fit(X, BINARY)
    logits = model.model_.predict(X, verbose=0)[:, 0].astype(np.float64)
    np.testing.assert_allclose(model.predict_proba(X)[:, 1], 1 / (1 + np.exp(-logits)), rtol=1e-5)


# -- copies --------------------------------------------------------------------------------------


class Twice(layers.Layer):
    def apply(self, weights, inputs, context):
        return 2 * inputs


def doubling(n_features, n_outputs):
    entry, last = layers.Input((n_features,)), layers.Dense(n_outputs, "sigmoid")
    model = pellucid.Sequential([entry, Twice(), last])
    model.compile("sgd", "binary_crossentropy")
    return model


@pytest.mark.parametrize("model", [small(), PellucidClassifier(doubling, epochs=1, random_state=1)])
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_answers_alike_and_can_train_on(model, copied):
    model.fit(X, BINARY)
    again = copied(model)
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    assert again.model_.history.history == model.model_.history.history
    again.partial_fit(X, BINARY)
    model.partial_fit(X, BINARY)
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))


def test_what_a_file_must_not_hold_is_not_pickled():
    def squaring(n_features):
        entry = layers.Input((n_features,))
        square = layers.Lambda(lambda x: x * x)
        model = pellucid.Sequential([entry, square, layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    model = PellucidRegressor(squaring, epochs=1, random_state=1).fit(X, X[:, 0])
    with pytest.raises(NotSaveableError):
        copy.deepcopy(model)


def five_classes():
    members = [pellucid.Input((3,)), pellucid.layers.Dense(5, "softmax")]
    model = pellucid.Sequential(members)
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


# -- messages ------------------------------------------------------------------------------------

HOLE = X.copy()
HOLE[2, 1] = np.nan

WRONG_STOPPING = {"early_stopping": True, "validation_fraction": 2, "n_iter_no_change": 0}

MESSAGES = [
    (
        lambda: small(PellucidRegressor).fit(X, ["a"] * 48),
        DataError,
        "PellucidRegressor.fit(y): got text such as 'a', expected a number of each row. For "
        "classes take PellucidClassifier; of numbers as text make numbers first.",
    ),
    (
        lambda: small(early_stopping=True, validation_fraction=2, n_iter_no_change=0).fit(
            X, BINARY
        ),
        ArgumentError,
        "2 problems:\n"
        "  1. PellucidClassifier(validation_fraction=...): got 2, expected a number above 0 and "
        "below 1 (the share of the rows that says when to stop).\n"
        "  2. PellucidClassifier(n_iter_no_change=...): got 0, expected a whole number of at least "
        "1 (epochs without a lower loss).",
    ),
    (
        lambda: PellucidClassifier(five_classes, epochs=1).fit(X, BINARY),
        ArgumentError,
        "PellucidClassifier(build=...): got a model with outputs of shape (None, 5) for 2 classes, "
        "expected (None, 1) or (None, 2). Give it the keyword n_outputs, which is filled in: "
        "Dense(n_outputs, ...).",
    ),
    (
        lambda: PellucidClassifier(3).fit(X, BINARY),
        ArgumentError,
        "PellucidClassifier(build=...): got 3, expected a function that returns a compiled model, "
        "or None.",
    ),
    (
        lambda: small().fit(HOLE, BINARY),
        DataError,
        "PellucidClassifier.fit(X): got nan in row 2, column 1, expected finite numbers. Put "
        "sklearn.impute.SimpleImputer() before it in a pipeline, which fills NaN, or drop those "
        "rows.",
    ),
    (
        lambda: small().fit(pandas.DataFrame(HOLE, columns=["a", "b", "c"]), BINARY),
        DataError,
        "PellucidClassifier.fit(X): got nan in row 2, column 'b', expected finite numbers. Put "
        "sklearn.impute.SimpleImputer() before it in a pipeline, which fills NaN, or drop those "
        "rows.",
    ),
    (
        lambda: small().fit(X, ["a"] * 48),
        DataError,
        "PellucidClassifier.fit(y): got one class (a) in 48 rows, expected two classes or more. "
        "Check how the rows were chosen.",
    ),
    (
        lambda: small().fit(X, np.arange(48) + 0.5),
        DataError,
        "PellucidClassifier.fit(y): got continuous numbers such as 0.5, expected a class of each "
        "row. For numbers take PellucidRegressor.",
    ),
    (
        lambda: small().fit(X, np.eye(3, dtype=int)[np.arange(48) % 3]),
        DataError,
        "PellucidClassifier.fit(y): got shape (48, 3), expected one class of each row, (48,). "
        "Put it into sklearn.multioutput.MultiOutputClassifier, or take argmax(axis=1) of "
        "one-hot labels.",
    ),
    (
        lambda: small().partial_fit(X[:9], BINARY[:9]).partial_fit(X, COLOURS),
        DataError,
        "PellucidClassifier.partial_fit(y): got the class blue, expected one of no, yes. Name "
        "every class in the first call: partial_fit(X, y, classes=...).",
    ),
    (
        lambda: PellucidClassifier(build, widht=3),
        ArgumentError,
        "PellucidClassifier: got the unknown parameter 'widht', expected one of its own or of "
        "build's. Did you mean 'width'?",
    ),
    (
        lambda: small().set_params(drop_out=0.5),
        ArgumentError,
        "PellucidClassifier: got the unknown parameter 'drop_out', expected one of its own. Did "
        "you mean 'dropout'?",
    ),
    (
        lambda: PellucidRegressor(solver="adam", max_iter=50),
        ArgumentError,
        "2 problems:\n"
        "  1. PellucidRegressor: got the unknown parameter 'solver', expected one of its own. "
        "'solver' is called 'optimizer' here.\n"
        "  2. PellucidRegressor: got the unknown parameter 'max_iter', expected one of its own. "
        "'max_iter' is called 'epochs' here.",
    ),
    (
        lambda: PellucidClassifier(build, dropout=0.5).fit(X, BINARY),
        ArgumentError,
        "PellucidClassifier(dropout=...): got 0.5 beside build=build, expected a keyword of "
        "build. Give build the keyword 'dropout', or leave it out.",
    ),
    (
        lambda: PellucidClassifier(pellucid.Sequential([])).fit(X, BINARY),
        ArgumentError,
        "PellucidClassifier(build=...): got a model, expected a function. Give a function that "
        "builds one, for each fit needs a new one.",
    ),
    (
        lambda: small(random_state=-1).fit(X, BINARY),
        ArgumentError,
        "PellucidClassifier(random_state=...): got -1, expected a whole number from 0 to "
        "4294967295.",
    ),
    (
        lambda: PellucidClassifier(lambda: None, epochs=1).fit(X, BINARY),
        ArgumentError,
        "PellucidClassifier: build: got NoneType from <lambda>(...), expected a compiled model.",
    ),
]


@pytest.mark.parametrize(("act", "error", "message"), MESSAGES)
def test_messages(act, error, message):
    with pytest.raises(error) as told:
        act()
    assert str(told.value) == message


def test_rows_too_few_to_be_held_out_are_told():
    with pytest.raises(DataError) as told:
        small(early_stopping=True).fit(X[:3], ["a", "a", "b"])
    assert str(told.value).startswith(
        "PellucidClassifier(early_stopping=...): got 3 rows to hold 0.1 of them out, expected rows "
        "that can be divided, of each class on both sides. scikit-learn says: The least populated"
    )


def test_one_layer_may_be_given_as_a_number():
    assert small(hidden_layer_sizes=3).fit(X, BINARY).model_.layers[0].units == 3


def test_a_loss_that_is_not_finite_is_told():
    model = small(PellucidRegressor, optimizer="sgd", learning_rate=1e30, activation="linear")
    with pytest.raises(NonFiniteError, match=r"^fit: "):
        model.fit(X, X[:, 0])


def test_an_estimator_that_is_not_fitted_says_so():
    with pytest.raises(NotFittedError, match="not fitted yet"):
        small().predict(X)
