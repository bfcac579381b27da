"""Cross-validation: each fold as it would be alone, scores as scikit-learn's, honest intervals."""

import json

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as sk
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GroupKFold, KFold

import pellucid
from pellucid import layers
from pellucid.callbacks import EarlyStopping
from pellucid.errors import ArgumentError, DataError, NonFiniteError, PellucidWarning
from pellucid.models.renewing import renewed
from pellucid.tuning.cross_validation import cross_validate
from pellucid.tuning.spread import corrected

RNG = np.random.default_rng(5)
X = RNG.normal(size=(60, 3)).astype(np.float32)
CLASSES = (X[:, 0] + 0.5 * RNG.normal(size=60) > 0.3).astype(np.int32)
NUMBERS = X @ np.array([1.0, -2.0, 0.5]) + 0.1 * RNG.normal(size=60)
FIT = {"epochs": 4, "batch_size": 16}


def compiled(width, ending, loss, rate=0.02, metrics=(), dropout=0.2):
    members = [layers.Input((3,)), layers.Dense(4, "tanh"), layers.Dropout(dropout)]
    model = pellucid.Sequential([*members, layers.Dense(width, ending)], seed=4)
    model.compile(pellucid.optimizers.Adam(rate), loss, metrics=list(metrics))
    return model


def classifier():
    return compiled(1, "sigmoid", "binary_crossentropy", metrics=["accuracy"])


def line(rate=0.2):
    model = pellucid.Sequential([layers.Input((3,)), layers.Dense(1)], seed=4)
    model.compile(pellucid.optimizers.SGD(rate), "mse")
    return model


@pytest.fixture(scope="module")
def plain():
    names = ["roc_auc", "neg_log_loss", "f1", "balanced_accuracy", error_of]
    model = classifier()
    before = model.get_weights()
    result = cross_validate(model, X, CLASSES, cv=3, repeats=2, metrics=names, models=True, **FIT)
    # The model itself is not trained.
    assert model.history is None
    for one, other in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)
    return result


def error_of(labels, outputs):
    return np.mean(np.abs(labels - outputs[:, 0]))


# -- each fold is the model fitted alone --------------------------------------------------------


def test_a_fold_is_the_same_model_fitted_alone_on_its_rows():
    model = classifier()
    policies = [EarlyStopping("val_accuracy", patience=1, restore_best_weights=True)]
    fit = {**FIT, "epochs": 12, "callbacks": policies}
    result = cross_validate(
        model, X, CLASSES, cv=3, repeats=2, validation_split=0.25, models=True, **fit
    )
    lengths = set()
    for number in (0, 4):
        fold = result.folds[number]
        alone = renewed(model, result.seeds[number])
        watched = X[fold.watched], CLASSES[fold.watched]
        history = alone.fit(
            X[fold.train], CLASSES[fold.train], validation_data=watched, verbose=0, **fit
        )
        lengths.add(len(history))
        for name, values in history.history.items():
            own = result.histories[number].history[name]
            np.testing.assert_allclose(own, values, rtol=2e-5, err_msg=name)
        scores = alone.evaluate(X[fold.test], CLASSES[fold.test], verbose=0, return_dict=True)
        for name, value in scores.items():
            np.testing.assert_allclose(result.scores[name][number], value, rtol=2e-5)
        np.testing.assert_allclose(
            result.models[number].predict(X, verbose=0), alone.predict(X, verbose=0), atol=1e-5
        )
    assert min(lengths) < 12
    assert len(set(result.seeds)) == 6


def test_out_of_fold_predictions_are_means_over_repeats(plain):
    expected = np.zeros((60, 1))
    for fold, model in zip(plain.folds, plain.models, strict=True):
        expected[fold.test] += model.predict(X[fold.test], verbose=0) / 2
    np.testing.assert_allclose(plain.predictions, expected, atol=1e-6)


def test_a_line_scores_as_least_squares_on_the_same_folds():
    result = cross_validate(line(), X, NUMBERS, cv=KFold(4), metrics="r2", epochs=300)
    for number, (train, test) in enumerate(KFold(4).split(X)):
        least = LinearRegression().fit(X[train], NUMBERS[train])
        expected = least.score(X[test], NUMBERS[test])
        assert result.scores["r2"][number] == pytest.approx(expected, abs=2e-3)


def test_it_is_the_same_again_by_a_function_and_another_with_another_seed(plain):
    again = cross_validate(classifier, X, CLASSES, cv=3, repeats=2, seed=4, **FIT)
    other = cross_validate(classifier(), X, CLASSES, cv=3, repeats=2, seed=5, **FIT)
    np.testing.assert_array_equal(plain.scores["loss"], again.scores["loss"])
    assert not np.array_equal(plain.folds[0].test, other.folds[0].test)


def test_inputs_by_name_and_sample_weights():
    one, two = pellucid.Input((2,), name="one"), pellucid.Input((1,), name="two")
    out = layers.Dense(1)(layers.Concatenate()([one, two]))
    model = pellucid.Model([one, two], out, seed=1)
    model.compile("sgd", "mse")
    x = {"one": X[:, :2], "two": X[:, 2:]}
    weights = RNG.uniform(size=60)
    result = cross_validate(model, x, NUMBERS, cv=2, sample_weight=weights, models=True, epochs=2)
    fold = result.folds[1]
    alone = result.models[1].evaluate(
        {name: array[fold.test] for name, array in x.items()},
        NUMBERS[fold.test],
        sample_weight=weights[fold.test],
        verbose=0,
    )
    assert result.scores["loss"][1] == pytest.approx(alone, rel=1e-5)


# -- scores -------------------------------------------------------------------------------------


def test_scores_of_two_classes_are_scikit_learns_on_the_predictions(plain):
    fold = plain.folds[2]
    actual = CLASSES[fold.test]
    given = plain.models[2].predict(X[fold.test], verbose=0)[:, 0]
    expected = {
        "roc_auc": sk.roc_auc_score(actual, given),
        "neg_log_loss": -sk.log_loss(actual, given),
        "f1": sk.f1_score(actual, given > 0.5),
        "balanced_accuracy": sk.balanced_accuracy_score(actual, given > 0.5),
        "error_of": sk.mean_absolute_error(actual, given),
        "loss": sk.log_loss(actual, given),
        "accuracy": sk.accuracy_score(actual, given > 0.5),
    }
    assert set(plain.scores) == set(expected)
    for name, value in expected.items():
        assert plain.scores[name][2] == pytest.approx(value, rel=1e-5), name


def test_logits_become_probabilities_and_one_hot_labels_classes():
    loss = pellucid.losses.CategoricalCrossentropy(from_logits=True)
    model = compiled(3, None, loss)
    labels = np.argsort(np.argsort(NUMBERS)) // 20
    scorers = {"auc": sk.make_scorer(sk.roc_auc_score, response_method="predict_proba",
                                     multi_class="ovr"), "log": "neg_log_loss"}  # fmt: skip
    result = cross_validate(model, X, np.eye(3)[labels], cv=3, metrics=scorers, **FIT)
    fold = result.folds[0]
    shares = np.exp(result.predictions[fold.test])
    shares /= shares.sum(axis=1, keepdims=True)
    expected = sk.roc_auc_score(labels[fold.test], shares, multi_class="ovr")
    assert result.scores["auc"][0] == pytest.approx(expected)
    assert result.scores["log"][0] == pytest.approx(-result.scores["loss"][0], rel=1e-5)


def test_several_labels_a_row_have_scores_of_labels():
    marks = (X[:, :2] > 0).astype(int)
    model = compiled(2, "sigmoid", "binary_crossentropy")
    result = cross_validate(model, X, marks, cv=3, metrics=["f1_macro", "accuracy"], **FIT)
    fold = result.folds[1]
    given = result.predictions[fold.test] > 0.5
    expected = sk.f1_score(marks[fold.test], given, average="macro")
    assert result.scores["f1_macro"][1] == pytest.approx(expected)
    assert result.scores["accuracy"][1] == np.mean((given == marks[fold.test]).all(axis=1))


def test_the_interval_is_that_of_nadeau_and_bengio():
    # Ten folds: mean 0.80, sd 0.0316, 1/9 test rows a training row, t of 9 degrees 2.262.
    values = np.array([0.75, 0.77, 0.78, 0.79, 0.80, 0.80, 0.81, 0.82, 0.83, 0.85])
    spread = corrected(values, 1 / 9)
    sd = np.sqrt(sum((one - 0.8) ** 2 for one in values) / 9)
    reach = 2.262157 * np.sqrt(1 / 10 + 1 / 9) * sd
    assert spread.mean == pytest.approx(0.8)
    assert (spread.low, spread.high) == pytest.approx((0.8 - reach, 0.8 + reach))
    assert spread.high - spread.mean > 1.4 * 2.262157 * sd / np.sqrt(10)


def test_without_overlap_the_interval_is_students():
    values = RNG.normal(size=12)
    spread = corrected(values, 0.0, 0.9)
    expected = stats.t.interval(0.9, 11, values.mean(), stats.sem(values))
    assert (spread.low, spread.high) == pytest.approx(expected)
    assert spread.p == pytest.approx(stats.ttest_1samp(values, 0).pvalue)


def test_it_prints_as_a_table_and_goes_into_json(plain):
    assert repr(plain) == str(plain)
    printed = str(plain).splitlines()
    assert " ".join(printed[0].split()).startswith("fold training rows test rows loss accuracy")
    assert " ".join(printed[9].split()) == "score mean sd 95 % from to"
    assert len(printed) == 20
    held = json.loads(plain.to_json())
    assert held["scores"]["accuracy"]["mean"] == pytest.approx(plain.scores["accuracy"].mean())
    assert [fold["test rows"] for fold in held["folds"]] == [20] * 6


def test_the_mean_of_all_folds_is_shown_by_epoch(capsys):
    result = cross_validate(classifier(), X, CLASSES, cv=3, repeats=2, verbose=2, **FIT)
    last = np.mean([one.history["loss"][-1] for one in result.histories])
    assert f"epoch 4/4  loss {last:.4f}" in capsys.readouterr().out


# -- what is refused ----------------------------------------------------------------------------


def refused(error=ArgumentError, model=None, x=X, y=CLASSES, **arguments):
    with pytest.raises(error) as told:
        cross_validate(model or classifier(), x, y, **{**FIT, **arguments})
    return str(told.value)


def test_more_folds_than_rows():
    assert refused(x=X[:6], y=NUMBERS[:6], model=line(), cv=10) == (
        "cross_validate(cv=...): got 10 folds of 6 rows, expected no more folds than rows. "
        "Give at least 10 rows, or write cv=6."
    )


def test_more_folds_than_groups():
    assert refused(groups=np.arange(60) % 2, cv=3) == (
        "cross_validate(cv=...): got 3 folds of 2 groups, expected no more folds than groups. "
        "Give at least 3 groups, or write cv=2."
    )


def test_a_fold_with_one_class():
    order = np.argsort(CLASSES, kind="stable")
    assert refused(DataError, x=X[order], y=CLASSES[order], cv=[(range(20), range(20, 60))]) == (
        "cross_validate, fold 1: got training rows of class 0 alone, expected at least two "
        "classes. A number as cv puts every class into every fold, if it has as many rows as folds."
    )


def test_test_rows_without_a_class_that_the_score_needs():
    order = np.argsort(CLASSES, kind="stable")
    pairs = [(range(20, 60), range(20))]
    assert refused(x=X[order], y=CLASSES[order], cv=pairs, metrics="roc_auc") == (
        "cross_validate, fold 1: got test rows of class 0 alone, for which 'roc_auc' is not "
        "defined, expected rows of two classes. A number as cv puts every class into every fold, "
        "if it has as many rows as folds. "
        "Or leave the score out."
    )


def test_a_class_with_fewer_rows_than_folds():
    rare = CLASSES.copy()
    rare[:] = 0
    rare[:2] = 1
    with pytest.warns(PellucidWarning) as told:
        cross_validate(classifier(), X, rare, cv=3, repeats=2, **FIT)
    assert str(told[0].message) == (
        "cross_validate(cv=...): got 3 folds and 2 rows of class 1, expected a row of each class "
        "in every fold. Write cv=2, or join rare classes."
    )


def test_the_folds_that_are_advised_can_be_made():
    rare = (np.arange(60) < 7).astype(np.int32)
    assert refused(y=rare, cv=100).endswith("Give at least 100 rows, or write cv=7.")


def test_labels_of_one_class():
    assert refused(DataError, y=np.zeros(60, np.int32), metrics="roc_auc") == (
        "cross_validate(y=...): got 60 rows of class 0 alone, expected at least two classes."
    )


def test_what_others_call_otherwise_is_suggested():
    assert refused(metrics="auroc").endswith("Did you mean 'roc_auc'?")


def test_an_estimator_is_told_where_it_goes():
    assert refused(model=pellucid.PellucidClassifier()) == (
        "cross_validate: model: got PellucidClassifier(), expected a compiled model, or a function "
        "that returns one. An estimator goes to scikit-learn's cross_val_score or GridSearchCV; "
        "the network of one that is fitted is its `model_`."
    )


def test_a_score_that_is_not_defined_for_the_task():
    assert refused(model=line(), y=NUMBERS, metrics=["r2", "roc_auc"]) == (
        "cross_validate(metrics=...): got 'roc_auc' for numbers, expected a score for numbers, "
        "such as 'r2' or 'neg_mean_absolute_error'."
    )
    assert refused(metrics="r2") == (
        "cross_validate(metrics=...): got 'r2' for two classes, expected a score for two classes, "
        "such as 'balanced_accuracy' or 'neg_log_loss'."
    )
    softmax = compiled(3, "softmax", "sparse_categorical_crossentropy")
    assert refused(model=softmax, y=np.arange(60) % 3, metrics="roc_auc").startswith(
        "cross_validate(metrics=...): got 'roc_auc' for 3 classes, expected a score for 3 classes, "
        "such as 'balanced_accuracy' or 'neg_log_loss'. scikit-learn says: "
    )


def test_an_unknown_score():
    assert refused(metrics="roc_auk") == (
        "cross_validate(metrics=...): got 'roc_auk', expected the name of a scorer of "
        "scikit-learn or of a metric of the model. Did you mean 'roc_auc'?"
    )
    assert refused(metrics="f7").endswith(
        "a metric of the model. For example 'balanced_accuracy' or 'neg_log_loss'."
    )
    assert refused(metrics="val_roc_auc").endswith("Did you mean 'roc_auc'?")
    assert refused(metrics="cosine_similarity") == (
        "cross_validate(metrics=...): got 'cosine_similarity', expected the name of a scorer of "
        "scikit-learn or of a metric of the model. Compile the model with "
        "metrics=['cosine_similarity']; the score is then called 'cosine_similarity'."
    )


def test_groups_that_are_missing_or_for_nothing():
    assert refused(cv=GroupKFold(3)) == (
        "cross_validate(groups=...): got None with GroupKFold, expected the group of each row. "
        "Write groups=..., one value for each row."
    )
    assert refused(cv=KFold(3), groups=np.arange(60)) == (
        "cross_validate(groups=...): got groups with KFold, which does not look at them, expected "
        "none. Give GroupKFold, StratifiedGroupKFold or a number as cv."
    )


def test_all_losses_not_finite():
    with pytest.raises(NonFiniteError) as told:
        cross_validate(line(1e20), X, NUMBERS, cv=3, epochs=20)
    assert str(told.value) == (
        "cross_validate: got a loss that was not finite in all 3 folds, expected finite losses. "
        "Lower the learning rate, or look at a single run with model.check(x, y) and fit."
    )


def test_some_losses_not_finite():
    wild = X.copy()
    wild[0] = 1e25
    pairs = [(range(30), range(30, 60)), (range(30, 60), range(30))]
    with pytest.warns(PellucidWarning) as told:
        result = cross_validate(line(), wild, NUMBERS, cv=pairs, epochs=3)
    assert str(told[0].message) == (
        "cross_validate: got a loss that was not finite in 1 of 2 folds (1), expected finite "
        "losses. Their scores and all means are NaN. Lower the learning rate, or look at a single "
        "run with model.check(x, y) and fit."
    )
    assert np.isnan(result.scores["loss"]).tolist() == [True, False]
    assert np.isnan(result.spread("loss").mean)


def test_a_generator():
    batches = ((X, CLASSES) for _ in range(3))
    assert refused(x=batches, y=None) == (
        "cross_validate(x=...): got a generator, which makes batches one by one, expected rows in "
        "memory, to choose from. Join its batches first: np.concatenate([...])."
    )


def test_unknown_arguments_and_numbers_that_are_none():
    assert refused(validation_splits=0.2).startswith(
        "cross_validate: got the unknown argument 'validation_splits'"
    )
    assert "Did you mean 'validation_split'?" in refused(validation_splits=0.2)
    assert refused(scoring="accuracy") == (
        "cross_validate: got the unknown argument 'scoring', expected one of its own arguments. "
        "It is called 'metrics' here."
    )
    assert "Did you mean 'repeats'?" in refused(repeat=3)
    assert refused(cv=1) == (
        "cross_validate(cv=...): got 1, expected a whole number of at least 2 (the number of "
        "folds)."
    )
    assert refused(cv="ten") == (
        "cross_validate(cv=...): got 'ten', expected a number of folds, a splitter of "
        "scikit-learn, or pairs (training, test) of row numbers."
    )
    assert refused(cv=KFold(3), repeats=2) == (
        "cross_validate(repeats=...): got 2 with cv=KFold, expected 1 where cv is no number. "
        "RepeatedStratifiedKFold and RepeatedKFold repeat by themselves."
    )


def test_folds_that_are_none():
    assert refused(
        cv=[(range(30), range(29, 60)), (range(30), [60]), (np.arange(60) > 3, [1])]
    ) == (
        "3 problems:\n"
        "  1. cross_validate, fold 1: got row 29 in training and test, expected test rows that the "
        "model has not seen.\n"
        "  2. cross_validate, fold 2, test rows: got 60, expected row numbers from 0 to 59.\n"
        "  3. cross_validate, fold 3, training rows: got values of type bool, expected row "
        "numbers. np.flatnonzero makes numbers of a mask."
    )


def test_no_labels_and_several_outputs():
    assert refused(y=None) == (
        "cross_validate(y=...): got no labels, expected one for each row. "
        "Write cross_validate(model, x, y)."
    )
    entry = layers.Input((3,))
    both = pellucid.Model(entry, [layers.Dense(1)(entry), layers.Dense(1)(entry)])
    both.compile("sgd", "mse")
    assert refused(model=both, y=[NUMBERS, NUMBERS], metrics="r2") == (
        "cross_validate(metrics=...): got 'r2' for a model with several outputs, expected None, "
        "which leaves the model's own metrics."
    )


def test_a_policy_without_rows_to_watch():
    assert refused(callbacks=[EarlyStopping("val_loss")]) == (
        "cross_validate: EarlyStopping(monitor=...): got 'val_loss' without rows to watch, "
        "expected a share of each fold's training rows, held back for it. "
        "Write validation_split=0.2."
    )


def raising(labels, outputs):
    raise KeyError("mine")


TAKES_CLASSES = (
    "which takes predicted classes, expected the name of a scorer, or a function of labels and "
    "outputs."
)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"class_weight": "balanced"},
            "fit(class_weight=...): got 'balanced', expected a dict of class number to weight, "
            "such as {0: 1.0, 1: 3.0}. Count the classes: {0: 1.0, 1: rows of class 0 / rows of "
            "class 1}.",
        ),
        (
            {"cv": KFold},
            "cross_validate(cv=...): got the class KFold, expected a number of folds, a splitter "
            "of scikit-learn, or pairs (training, test) of row numbers. Make one of it: "
            "cv=KFold(...).",
        ),
        (
            {"metrics": [sk.f1_score]},
            f"cross_validate(metrics=...): got the function f1_score, {TAKES_CLASSES} Write 'f1'.",
        ),
        (
            {"metrics": [error_of, sk.cohen_kappa_score]},
            f"cross_validate(metrics=...): got the function cohen_kappa_score, {TAKES_CLASSES} "
            "Write make_scorer(cohen_kappa_score).",
        ),
        (
            {"metrics": {"own": lambda labels, outputs: labels}},
            "metrics: 'own': got an array of shape (30,), expected a number. Return a single one, "
            "such as their mean.",
        ),
    ],
)
def test_what_was_meant_is_told(options, told):
    with pytest.raises(ArgumentError) as error:
        cross_validate(classifier(), X, CLASSES, **{"cv": 2, "epochs": 1, **options})
    assert str(error.value) == told


def test_an_error_of_a_metric_names_it():
    with pytest.raises(KeyError, match="mine") as error:
        cross_validate(classifier(), X, CLASSES, cv=2, epochs=1, metrics=raising)
    assert error.value.__notes__ == [
        "metrics: raised by 'raising' for labels of shape (30,) and outputs of shape (30, 1)."
    ]
