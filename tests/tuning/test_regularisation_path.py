"""Errors by strength, beside ridge regression and fits of their own."""

import json

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import StratifiedKFold

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError
from pellucid.tuning.regularisation_path import RegularisationPath, regularisation_path
from pellucid.tuning.regularisers import KINDS, grid_of

RNG = np.random.default_rng(6)
X = RNG.normal(size=(40, 5)).astype(np.float32)
Y = (X @ [1.0, -1.0, 0.5, 0.0, 0.0] + RNG.normal(size=40)).astype(np.float32)
CLASSES = (Y > 0).astype(np.int32)
HELD = RNG.normal(size=(30, 5)).astype(np.float32)
HELD_Y = (HELD @ [1.0, -1.0, 0.5, 0.0, 0.0]).astype(np.float32)


def linear():
    model = pellucid.Sequential([layers.Input((5,)), layers.Dense(1)], seed=1)
    model.compile(pellucid.optimizers.SGD(0.1), "mse")
    return model


def classifier():
    model = pellucid.Sequential(
        [
            layers.Input((5,)),
            layers.GaussianNoise(0.1),
            layers.Dense(6, "relu"),
            layers.Dropout(0.2),
            layers.Dense(2, "softmax"),
        ],
        seed=1,
    )
    loss = pellucid.losses.SparseCategoricalCrossentropy()
    model.compile(pellucid.optimizers.AdamW(0.01), loss, metrics=["accuracy"])
    return model


def test_errors_are_those_of_ridge_regression():
    values = [0.0, 0.03, 0.3, 3.0]
    path = regularisation_path(
        linear(),
        X,
        Y,
        "l2",
        values,
        repeats=2,
        validation_data=(HELD, HELD_Y),
        epochs=200,
        batch_size=40,
    )
    assert path.programs == 1
    assert path.metric == "mean_squared_error"
    for place, strength in enumerate(values):
        ridge = Ridge(alpha=40 * strength).fit(X, Y)
        for scores, rows, labels in ((path.training, X, Y), (path.validation, HELD, HELD_Y)):
            expected = mean_squared_error(labels, ridge.predict(rows))
            np.testing.assert_allclose(scores[place], expected, rtol=2e-3)


@pytest.mark.parametrize(
    ("over", "values", "field"),
    [
        ("dropout", [0.0, 0.5], "rate"),
        pytest.param("noise", [0.0, 1.0], "stddev", marks=pytest.mark.slow),
        pytest.param("weight_decay", [0.0, 0.1], "weight_decay", marks=pytest.mark.slow),
        pytest.param("mixup", [0.1, 2.0], "mixup", marks=pytest.mark.slow),
        pytest.param("l1", [0.0, 0.1], "l1", marks=pytest.mark.slow),
        pytest.param("max_norm", [0.2, 2.0], "max_value", marks=pytest.mark.slow),
        pytest.param("clipnorm", [0.01, 1.0], "clipnorm", marks=pytest.mark.slow),
        pytest.param("epochs", [1, 4], "epochs", marks=pytest.mark.slow),
    ],
)
def test_strengths_share_a_program_and_end_as_alone(over, values, field):
    fit = {"batch_size": 16} | ({} if over == "epochs" else {"epochs": 4})
    path = regularisation_path(
        classifier(), X, CLASSES, over, values, repeats=2, metric="accuracy", **fit
    )
    assert path.programs == 1
    assert path.higher
    order = np.random.default_rng([0, 40]).permutation(40)
    train, held = np.sort(order[:32]), np.sort(order[32:])
    alone = classifier_with(over, values[1])
    own = fit | ({over: values[1]} if over in ("mixup", "epochs") else {})
    alone.fit(X[train], CLASSES[train], verbose=0, **own)
    for scores, rows in ((path.training, train), (path.validation, held)):
        found = alone.evaluate(X[rows], CLASSES[rows], verbose=0, return_dict=True)
        assert scores[1, 0] == pytest.approx(found["accuracy"], abs=1e-6)


def classifier_with(over, value):
    penalty = pellucid.regularizers.L1(value if over == "l1" else 0.0)
    bound = pellucid.constraints.MaxNorm(value) if over == "max_norm" else None
    model = pellucid.Sequential(
        [
            layers.Input((5,)),
            layers.GaussianNoise(value if over == "noise" else 0.1),
            layers.Dense(6, "relu", kernel_regularizer=penalty, kernel_constraint=bound),
            layers.Dropout(value if over == "dropout" else 0.2),
            layers.Dense(2, "softmax", kernel_regularizer=penalty, kernel_constraint=bound),
        ],
        seed=0,
    )
    decay = value if over == "weight_decay" else 0.004
    model.compile(
        pellucid.optimizers.AdamW(
            0.01, weight_decay=decay, clipnorm=value if over == "clipnorm" else None
        ),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def rotating(turn=0.2, down=(-0.1, 0.3), right=0.2, seed=1):
    model = pellucid.Sequential(
        [
            layers.Input((4, 4, 1)),
            layers.RandomRotation(turn),
            layers.RandomTranslation(down, right),
            layers.RandomFlip("horizontal"),
            layers.Flatten(),
            layers.Dense(1),
        ],
        seed=seed,
    )
    model.compile(pellucid.optimizers.SGD(0.05), "mse")
    return model


def test_augmentation_is_a_share_of_what_the_layers_vary():
    images = RNG.normal(size=(30, 4, 4, 1)).astype(np.float32)
    labels = images[:, 0, 0, 0]
    seen, held = (images[:20], labels[:20]), (images[20:], labels[20:])
    fit = {"epochs": 3, "batch_size": 10}
    path = regularisation_path(
        rotating(), *seen, "augmentation", [0.0, 0.5], repeats=1, validation_data=held, **fit
    )
    assert path.programs == 1
    for place, factors in enumerate([(0.0, (0.0, 0.0), 0.0), (0.1, (-0.05, 0.15), 0.1)]):
        alone = rotating(*factors, seed=0)
        alone.fit(*seen, verbose=0, **fit)
        expected = alone.evaluate(*held, verbose=0)
        assert path.validation[place, 0] == pytest.approx(expected, rel=1e-4)


def averaging(optimizer, callbacks=(), rows=None):
    model = pellucid.Sequential(
        [
            layers.Input((5,)),
            layers.Dense(4, "relu"),
            layers.BatchNormalization(momentum=0.8),
            layers.Dense(1),
        ],
        seed=0,
    )
    model.compile(optimizer, "mse")
    if rows is not None:
        held = X[32:], Y[32:]
        fit = {"epochs": 6, "batch_size": 8, "verbose": 0, "validation_data": held}
        model.fit(X[:32], Y[:32], callbacks=list(callbacks), **fit)
    return model


@pytest.mark.parametrize(
    ("over", "values", "optimizer", "policies"),
    [
        ("ema", [0.0, 0.9], {"use_ema": True, "ema_momentum": 0.9}, []),
        ("swa", [1, 4], {}, [pellucid.callbacks.SWA(start=2)]),
        (
            "early_stopping",
            [1, 3],
            {},
            [pellucid.callbacks.EarlyStopping(patience=3, restore_best_weights=True)],
        ),
    ],
)
def test_averages_and_early_stopping_end_as_alone(over, values, optimizer, policies):
    fit = {"epochs": 6, "batch_size": 8, "validation_data": (X[32:], Y[32:])}
    plain = averaging(pellucid.optimizers.Adam(0.1))
    path = regularisation_path(plain, X[:32], Y[:32], over, values, repeats=1, **fit)
    assert path.programs == 1
    alone = averaging(pellucid.optimizers.Adam(0.1, **optimizer), policies, X)
    for scores, rows in ((path.training, slice(32)), (path.validation, slice(32, None))):
        expected = alone.evaluate(X[rows], Y[rows], verbose=0)
        assert scores[1, 0] == pytest.approx(expected, rel=1e-4)


def test_the_weakest_average_is_none():
    fit = {"epochs": 6, "batch_size": 8, "validation_data": (X[32:], Y[32:])}
    plain = averaging(pellucid.optimizers.Adam(0.1))
    path = regularisation_path(plain, X[:32], Y[:32], "ema", [0.0, 0.5], repeats=1, **fit)
    last = averaging(pellucid.optimizers.Adam(0.1), (), X).evaluate(X[32:], Y[32:], verbose=0)
    assert path.validation[0, 0] == pytest.approx(last, rel=1e-4)


def test_every_kind_has_strengths_of_its_own():
    for kind in KINDS:
        grid = grid_of(kind, 20)
        assert grid is not None
        strengths = [one for one in grid if one is not None]
        assert strengths == sorted(strengths)
    assert grid_of("mixup", 20)[0] is None
    assert grid_of("clipnorm", 20)[-1] is grid_of("max_norm", 20)[-1] is None
    assert grid_of("swa", 20) == (1, 2, 4, 8, 16)


def test_labels_are_smoothed_in_training_but_not_in_the_error():
    def binary(smoothing):
        model = pellucid.Sequential([layers.Input((5,)), layers.Dense(1, "sigmoid")], seed=0)
        loss = pellucid.losses.BinaryCrossentropy(label_smoothing=smoothing)
        model.compile(pellucid.optimizers.Adam(0.1), loss)
        return model

    cv, values = StratifiedKFold(2), [0.0, 0.4]
    path = regularisation_path(
        binary(0.1), X, CLASSES, "label_smoothing", values, cv=cv, repeats=1, epochs=8
    )
    assert path.programs == 1
    assert path.validation.shape == (2, 2)
    train, held = next(iter(cv.split(X, CLASSES)))
    alone = binary(0.4)
    alone.fit(X[train], CLASSES[train], epochs=8, verbose=0)
    answers = alone.predict(X[held], verbose=0)[:, 0].astype(float)
    right = np.where(CLASSES[held] == 1, answers, 1 - answers)
    assert path.validation[1, 0] == pytest.approx(-np.log(right).mean(), rel=1e-5)


@pytest.mark.parametrize(
    ("over", "values", "found"),
    [
        ("mixup", [0, 0.2], (None, 0.2)),
        pytest.param("clipnorm", [None, 0.01], (0.01, None), marks=pytest.mark.slow),
        pytest.param("max_norm", [None, 0.2], (0.2, None), marks=pytest.mark.slow),
    ],
)
def test_off_is_the_model_without(over, values, found):
    path = regularisation_path(linear(), X, Y, over, values, repeats=2, epochs=2)
    assert path.values == found
    assert path.programs == 2
    without = regularisation_path(linear(), X, Y, "l2", [0.0], repeats=2, epochs=2)
    place = found.index(None)
    np.testing.assert_allclose(path.validation[place], without.validation[0], rtol=1e-6)
    assert not np.allclose(path.validation[1 - place], without.validation[0])


def test_what_is_off_can_be_best(tmp_path):
    path = made([[2, 2], [1.5, 1.5], [1.3, 1.3], [1, 1.2]], "max_norm", (0.5, 1.0, 2.0, None))
    assert path.best is None
    assert path.one_standard_error is None
    assert str(path).splitlines()[-1].split()[0] == "off"
    assert path.to_dict()["values"] == [0.5, 1.0, 2.0, None]
    panel = path.plot(tmp_path / "path.png").axes[0]
    assert [one.get_text() for one in panel.get_xticklabels()] == ["0.5", "1", "2", "off"]
    assert panel.get_xticks()[-1] == 4.0
    assert panel.texts[0].get_text().startswith("best off. Bands")
    mixed = made([[2, 2], [1, 1.2]], "mixup", (None, 0.1)).plot().axes[0]
    assert list(mixed.get_xticks()) == [0.0, 0.1]


def test_towards_bounds_it_goes_down(tmp_path):
    path = made([[1.15, 1.15], [0.8, 1.2], [1.1, 1.1], [1.5, 1.5]], over="max_norm")
    told = path.plot(tmp_path / "path.png").axes[0].texts[0].get_text()
    assert told.startswith("best 0.1; within one standard error of it down to 0.")


def test_one_run_has_no_spread():
    path = made([[1.5], [0.8]], values=(0.0, 0.1))
    assert np.isnan(path.table[0]["mse_sd"])
    assert str(path).splitlines()[2].split() == ["0", "1.5000", "1.5000"]


def test_strengths_that_fail_are_told():
    with pytest.warns(pellucid.errors.PellucidWarning) as caught:
        path = regularisation_path(linear(), X, Y, "l2", [0.0, 1e30], repeats=1, epochs=2)
    assert str(caught[0].message) == (
        "regularisation_path: got a loss that was not finite in 1 of 2 runs (l2 1e+30), expected "
        "finite losses. Their scores and all means are NaN. Lower the learning rate, or look at a "
        "single run with model.check(x, y) and fit."
    )
    assert path.best == 0.0
    assert str(path).splitlines()[-1].split() == ["1e+30", "nan", "nan"]


def made(validation, over="l2", values=(0.0, 0.1, 1.0, 10.0), higher=False):
    scores = np.array(validation, float)
    return RegularisationPath(over, values, "mse", higher, scores, scores, (0, 1), 1)


def test_the_strongest_within_one_standard_error_of_the_best():
    # The best mean is 1.0 with a standard error of 0.2: 1.15 is near it, 1.25 is not.
    path = made([[1.5, 1.5], [0.8, 1.2], [1.15, 1.15], [1.25, 1.25]])
    assert (path.best, path.one_standard_error) == (0.1, 1.0)
    scores = -path.validation
    assert made(scores, higher=True).one_standard_error == 1.0
    epochs = made([[1.5, 1.5], [1.15, 1.15], [0.8, 1.2], [1.25, 1.25]], "epochs", (1, 2, 3, 4))
    assert (epochs.best, epochs.one_standard_error) == (3, 2)


def test_of_bounds_the_smaller_is_the_stronger():
    path = made([[1.15, 1.15], [0.8, 1.2], [1.1, 1.1], [1.5, 1.5]], over="max_norm")
    assert path.best == 0.1
    assert path.one_standard_error == 0.0


def test_a_failed_run_is_no_best_one(tmp_path):
    path = made([[np.nan, 0.1], [0.8, 1.2], [1.3, 1.3], [2, 2]])
    assert path.best == 0.1
    document = json.loads(path.to_json(tmp_path / "path.json").read_text())
    assert document["best"] == 0.1
    assert document["values"] == [0.0, 0.1, 1.0, 10.0]
    assert "within" not in str(path)
    assert str(path).splitlines()[3].split() == ["0.1", "1.0000", "±", "0.2828"] * 1 + [
        "1.0000",
        "±",
        "0.2828",
        "best",
    ]


def test_the_picture_marks_both_choices(tmp_path):
    path = made([[1.5, 1.5], [0.8, 1.2], [1.15, 1.15], [1.25, 1.25]])
    panel = path.plot(tmp_path / "path.png").axes[0]
    assert panel.texts[0].get_text() == (
        "best 0.1; within one standard error of it up to 1. Bands: sd over 2 runs"
    )
    assert panel.get_xscale() == "symlog"
    low, high = panel.get_xlim()
    assert low < 0
    assert high > path.values[-1]
    assert (tmp_path / "path.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("over", "told"),
    [
        (
            "dropot",
            "regularisation_path(over=...): got 'dropot', expected a parameter of the model. "
            "Did you mean 'dropout'? The model has no Dropout layer: add one.",
        ),
        (
            "dropout",
            "regularisation_path(over=...): got 'dropout', expected a parameter of the model. "
            "The model has no Dropout layer: add one.",
        ),
        (
            "SpatialDropout2D.rate",
            "regularisation_path(over=...): got 'SpatialDropout2D.rate', expected a parameter of "
            "the model. The model has no SpatialDropout2D layer: add one.",
        ),
        (
            "label_smoothing",
            "regularisation_path(over=...): got 'label_smoothing', expected a parameter of the "
            "model. The model has nothing that it would belong to: loss.label_smoothing.",
        ),
        (
            "bogus",
            "regularisation_path(over=...): got 'bogus', expected a parameter of the model. There "
            "are 'l1', 'l2', 'max_norm', 'clipnorm', 'weight_decay', 'ema', 'mixup', "
            "'early_stopping', 'swa', 'learning_rate' and 69 more.",
        ),
        (
            "epochs",
            "regularisation_path(values=...): got none for 'epochs', expected the strengths to "
            "try. Such as values=[5, 10, 20].",
        ),
        (
            "augmentation",
            "regularisation_path(over=...): got 'augmentation', expected a model with layers that "
            "vary images by a factor. Such as RandomRotation(0.1). RandomFlip and RandomCrop have "
            "no strength.",
        ),
        (
            "learning_rate",
            "regularisation_path(values=...): got none for 'learning_rate', expected the "
            "strengths to try. Such as values=[0.01, 0.1].",
        ),
    ],
)
def test_what_is_no_parameter_is_refused(over, told):
    with pytest.raises(ArgumentError) as error:
        regularisation_path(linear(), X, Y, over)
    assert str(error.value) == told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"repeats": 0},
            "regularisation_path(repeats=...): got 0, expected a whole number of at least 1 "
            "(seeds).",
        ),
        (
            {"values": []},
            "regularisation_path(values=...): got [], expected a list of values.",
        ),
        (
            {"epochs": 2.5},
            "regularisation_path(epochs=...): got 2.5, expected a whole number of at least 1.",
        ),
        (
            {"over": "swa", "epochs": 4, "callbacks": pellucid.callbacks.SWA(start=1)},
            "regularisation_path(callbacks=...): got SWA(start=1) beside over='swa', expected "
            "none of its kind.",
        ),
        (
            {"over": "swa", "epochs": 4, "values": [5]},
            "regularisation_path: swa 5: SWA(start=...): got -1, expected a number at least 0 "
            "(epochs before the mean begins).",
        ),
    ],
)
def test_numbers_that_make_no_path_are_refused(given, told):
    with pytest.raises(ArgumentError) as error:
        regularisation_path(linear(), X, Y, **{"over": "l2", **given})
    assert str(error.value) == told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"epoch": 1}, "got the unknown argument 'epoch', expected one of its own arguments. Did"),
        ({"values": 0.1}, "(values=...): got 0.1, expected a list of values. For one value write"),
        ({"values": ["a"]}, "(values=...): got 'a', expected numbers."),
        ({"values": [None]}, "(values=...): got None, expected numbers. For none write 0."),
        (
            {"over": "clipnorm", "values": [0]},
            "(values=...): got 0, expected numbers above 0. For no bound write None, such as "
            "values=[0.1, 1.0, None].",
        ),
        ({"values": [-1]}, "l2 -1: L2(l2=...): got -1, expected a number at least 0 (the strength"),
        ({"validation_data": X}, "(validation_data=...): got ndarray, expected (x, y) or (x, y, s"),
        ({"seed": "a"}, "(seed=...): got 'a', expected a whole number from 0 to 4294967295."),
    ],
)
def test_other_things_that_are_none_are_refused(given, told):
    with pytest.raises(ArgumentError) as error:
        regularisation_path(linear(), X, Y, **{"over": "l2", "values": [0.1], **given})
    assert str(error.value).removeprefix("regularisation_path").lstrip(": ").startswith(told)


def test_rows_that_come_batch_by_batch_are_refused():
    with pytest.raises(ArgumentError, match="got a list_iterator, which makes batches one by one"):
        regularisation_path(linear(), iter([(X, Y)]), None, "l2")


def test_one_regulariser_at_a_time():
    with pytest.raises(ArgumentError) as told:
        regularisation_path(None, None, None, ["l2", "l1"])
    assert str(told.value) == (
        "regularisation_path(over=...): got a list, expected the name of one regulariser. "
        "Call it once for each: their errors lie over different strengths."
    )
