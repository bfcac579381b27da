"""Deep ensembles: members as alone, their mean, and what held-out rows say about it."""

import numpy as np
import pytest
from sklearn.metrics import log_loss

import pellucid
from pellucid import layers
from pellucid.callbacks import EarlyStopping
from pellucid.errors import ArgumentError, DataError, NonFiniteError, PellucidWarning
from pellucid.models import Ensemble, Recalibration

RNG = np.random.default_rng(8)
X = RNG.normal(size=(240, 3)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] + 0.5 * RNG.normal(size=240)).astype(np.float32)
CLASSES = (Y > 0).astype(np.int32)
TRAIN, HELD, NEW = slice(0, 60), slice(60, 150), slice(150, 240)
FIT = {"batch_size": 16, "epochs": 4, "verbose": 0}


def numbers(seed=5):
    model = pellucid.Sequential(
        [layers.Input((3,)), layers.Dense(8, "relu"), layers.Dropout(0.2), layers.Dense(1)],
        seed=seed,
    )
    model.compile(pellucid.optimizers.Adam(0.01), "mse", metrics=["mae"])
    return model


def classes(seed=5):
    model = pellucid.Sequential(
        [layers.Input((3,)), layers.Dense(8, "relu"), layers.Dense(2, "softmax")], seed=seed
    )
    loss = "sparse_categorical_crossentropy"
    model.compile(pellucid.optimizers.Adam(0.02), loss, metrics=["accuracy"])
    return model


@pytest.fixture(scope="module")
def trained():
    model = numbers()
    stop = EarlyStopping("val_loss", patience=1, restore_best_weights=True)
    model.fit(X[TRAIN], Y[TRAIN], ensemble=3, validation_split=0.25, callbacks=[stop], **FIT)
    return model


@pytest.fixture(scope="module")
def sure():
    model = classes()
    model.fit(X[TRAIN], CLASSES[TRAIN], ensemble=3, **{**FIT, "epochs": 120})
    return model.ensemble


def test_members_are_the_models_of_their_seeds_alone(trained):
    answers = trained.ensemble.predict_members(X)
    histories = []
    for seed, found in zip((5, 6, 7), answers, strict=True):
        stop = EarlyStopping("val_loss", patience=1, restore_best_weights=True)
        alone = numbers(seed)
        own = alone.fit(X[TRAIN], Y[TRAIN], validation_split=0.25, callbacks=[stop], **FIT)
        histories.append(own)
        expected = alone.predict(X, verbose=0)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    epochs = min(map(len, histories))
    for name, values in trained.history.history.items():
        mean = np.mean([one.history[name][:epochs] for one in histories], axis=0)
        np.testing.assert_allclose(values, mean, rtol=1e-4, err_msg=name)


def test_the_ensemble_answers_with_the_mean_and_the_model_with_its_first_member(trained):
    answers = trained.ensemble.predict_members(X)
    np.testing.assert_allclose(trained.ensemble.predict(X), answers.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(trained.predict(X, verbose=0), answers[0], atol=1e-6)
    spread = trained.ensemble.disagreement(X)
    np.testing.assert_allclose(spread, answers.std(axis=0), atol=1e-6)
    assert repr(trained.ensemble) == "Ensemble(3 members, not recalibrated)"


def test_members_of_a_bootstrap_learn_from_rows_drawn_with_replacement():
    model = numbers()
    fit = {**FIT, "epochs": 1}
    model.fit(X[TRAIN], Y[TRAIN], ensemble=2, bootstrap=True, **fit)
    for seed, found in zip((5, 6), model.ensemble.predict_members(X), strict=True):
        rows = np.random.default_rng([seed, 60]).integers(0, 60, 60)
        assert len(set(rows)) < 60
        alone = numbers(seed)
        alone.fit(X[rows], Y[rows], **fit)
        np.testing.assert_allclose(found, alone.predict(X, verbose=0), rtol=1e-4, atol=1e-5)


def test_intervals_cover_as_many_new_rows_as_they_say(trained, tmp_path):
    ensemble = trained.ensemble
    found = ensemble.recalibrate(X[HELD], Y[HELD])
    away = np.sort(np.abs(Y[HELD] - ensemble.predict(X[HELD])[:, 0]))
    # 91 * 0.9 = 81.9: the 82nd of 90 distances.
    low, high = ensemble.interval(X[NEW], 0.9)
    np.testing.assert_allclose((high - low) / 2, away[81], rtol=1e-4)
    covered = np.mean((Y[NEW] >= low[:, 0]) & (Y[NEW] <= high[:, 0]))
    # Five standard errors of 90 rows about 0.9, as that of the recalibration's own 90.
    assert abs(covered - 0.9) < 5 * np.sqrt(2 * 0.9 * 0.1 / 90)
    ensemble.save(tmp_path / "ensemble.pellucid")
    again = Ensemble.load(tmp_path / "ensemble.pellucid")
    assert again.recalibration == found
    np.testing.assert_array_equal(again.interval(X[NEW], 0.9)[0], low)
    plain = pellucid.load_model(tmp_path / "ensemble.pellucid")
    np.testing.assert_array_equal(plain.predict(X[NEW], verbose=0), ensemble.predict(X[NEW]))


@pytest.mark.parametrize("coverage", [0.5, 0.8, 0.95])
def test_coverage_is_kept_on_average_over_draws_of_the_held_out_rows(coverage):
    rng = np.random.default_rng(3)
    covered = []
    for _ in range(400):
        held, new = np.abs(rng.standard_t(3, size=49)), np.abs(rng.standard_t(3, size=50))
        margin = Recalibration(49, residuals=(tuple(np.sort(held)),)).margin(coverage)[0]
        covered.append(np.mean(new <= margin))
    # Lei et al.: at least the coverage, and at most 1 / 50 above it.
    error = 4 * np.std(covered) / np.sqrt(400)
    assert coverage - error < np.mean(covered) < coverage + 1 / 50 + error


def test_a_temperature_makes_too_sure_an_ensemble_less_sure_and_changes_no_class(sure):
    before = sure.predict(X[NEW])
    found = sure.recalibrate(X[HELD], CLASSES[HELD])
    after = sure.predict(X[NEW])
    assert found.temperature > 1
    held = sure.predict(X[HELD])
    assert found.after == pytest.approx(log_loss(CLASSES[HELD], held), rel=1e-4)
    assert found.after < found.before
    assert log_loss(CLASSES[NEW], after) < log_loss(CLASSES[NEW], before)
    np.testing.assert_array_equal(before.argmax(axis=1), after.argmax(axis=1))
    # One number of the formula by hand.
    powers = before[0].astype(float) ** (1 / found.temperature)
    np.testing.assert_allclose(after[0], powers / powers.sum(), rtol=1e-5)


def test_answers_that_are_all_right_do_not_tell_how_sure_to_be(sure):
    own = sure.predict(X[HELD]).argmax(axis=1)
    with pytest.warns(PellucidWarning) as told:
        sure.recalibrate(X[HELD], own)
    assert str(told[0].message) == (
        "recalibrate: got no best temperature from 0.05 to 20, expected probabilities that are "
        "sometimes right and sometimes wrong. Give more rows, some of which the model gets wrong."
    )
    assert told[0].filename == __file__


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (np.where(CLASSES == 1, np.nan, 0.0), "got nan in row 0"),
        (CLASSES + 5, "got label 6 in row 0"),
        (CLASSES - 1, "got label -1 in row 5"),
    ],
)
def test_labels_that_fit_refuses_cannot_recalibrate(sure, labels, told):
    with pytest.raises(DataError, match=told) as error:
        sure.recalibrate(X[HELD], labels[HELD])
    model = classes()
    with pytest.raises(DataError) as by_fit:
        model.fit(X[HELD], labels[HELD], **FIT)
    assert str(error.value) == str(by_fit.value).replace(model.output_names[0], "ensemble")


@pytest.mark.parametrize(("rows", "told"), [(1, "1 row"), (5, "5 rows")])
def test_one_class_alone_cannot_recalibrate(sure, rows, told):
    with pytest.raises(DataError) as error:
        sure.recalibrate(X[:rows], np.ones(rows, int))
    assert str(error.value) == (
        f"recalibrate(y=...): got {told} of class 1 alone, expected rows of at least two classes. "
        "Give more rows."
    )


def test_an_ordinary_model_of_a_recalibrated_file_says_what_it_lacks(sure, tmp_path):
    path = tmp_path / "ensemble.pellucid"
    sure.recalibrate(X[HELD], CLASSES[HELD])
    sure.save(path)
    with pytest.warns(PellucidWarning) as told:
        plain = pellucid.load_model(path)
    assert [str(one.message) for one in told] == [
        f"load_model: {path}: got an ensemble whose probabilities were recalibrated, expected "
        "Ensemble.load, which keeps the temperature. This model predicts as before that. Write "
        f"Ensemble.load('{path}')."
    ]
    np.testing.assert_array_equal(Ensemble.load(path).predict(X[NEW]), sure.predict(X[NEW]))
    mean = sure.predict_members(X[NEW]).mean(axis=0)
    np.testing.assert_allclose(plain.predict(X[NEW], verbose=0), mean, atol=1e-6)


def test_a_later_fit_alone_leaves_no_ensemble():
    model = classes()
    model.fit(X[TRAIN], CLASSES[TRAIN], ensemble=2, **FIT)
    assert model.ensemble.predict(X[NEW], verbose=0).shape == (90, 2)
    model.fit(X[TRAIN], CLASSES[TRAIN], **FIT)
    assert model.ensemble is None


def test_classes_disagree_by_the_entropy_of_the_mean_less_the_mean_entropy(sure):
    answers = sure.predict_members(X[:4]).astype(float)
    shares = np.maximum(answers, 1e-12)

    def entropy(shares):
        return -(shares * np.log(shares)).sum(axis=-1)

    expected = entropy(shares.mean(axis=0)) - entropy(shares).mean(axis=0)
    np.testing.assert_allclose(sure.disagreement(X[:4]), expected, atol=1e-5)
    far = 8 * RNG.normal(size=(200, 3)).astype(np.float32)
    assert (sure.disagreement(far) >= -1e-6).all()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"ensemble": 1},
            "fit(ensemble=...): got 1, expected a whole number of at least 2 (members). For one "
            "model leave it out.",
        ),
        (
            {"ensemble": 3, "probe": "economy"},
            "fit(probe=...): got 'economy', expected none of it beside ensemble=....",
        ),
        (
            {"bootstrap": True},
            "fit(bootstrap=...): got True without ensemble=..., expected both. "
            "Write fit(x, y, ensemble=8, bootstrap=True).",
        ),
    ],
)
def test_what_is_no_ensemble_is_refused(given, told):
    with pytest.raises(ArgumentError) as error:
        numbers().fit(X[TRAIN], Y[TRAIN], **FIT, **given)
    assert str(error.value) == told


def test_a_trained_model_is_no_beginning_of_an_ensemble(trained):
    with pytest.raises(ArgumentError) as error:
        trained.fit(X[TRAIN], Y[TRAIN], ensemble=2, **FIT)
    assert str(error.value) == (
        "fit(ensemble=...): got a model that was trained already, expected a new one. "
        "Its members begin anew: clone_model(model) and compile."
    )


def test_a_member_without_an_answer_is_told():
    model = numbers()
    model.layers[0].set_weights([np.full((3, 8), 1e38), np.full(8, 1e38)])
    with pytest.raises(NonFiniteError) as error:
        model.fit(X[TRAIN], Y[TRAIN], ensemble=2, **FIT)
    assert str(error.value) == (
        "fit: the loss of 2 members of 2 was not finite, first that of member 1, in epoch 1. "
        "Lower the learning rate; a model with seed=5, fitted alone, says which layer it was."
    )


def test_intervals_need_numbers_and_rows_enough(trained, sure):
    with pytest.raises(ArgumentError) as error:
        sure.interval(X[NEW])
    assert str(error.value) == (
        "interval: got an ensemble that tells classes, expected one of numbers. "
        "Its probabilities say how sure it is: recalibrate(x, y), then predict(x)."
    )
    with pytest.raises(ArgumentError) as error:
        Ensemble(
            trained.ensemble.model.__class__.from_graph(trained.ensemble.model.graph)
        ).interval(X[NEW])
    assert "expected a recalibrated one" in str(error.value)
    for coverage in ("0.9", 1.0):
        with pytest.raises(ArgumentError) as error:
            sure.interval(X[NEW], coverage)
        assert str(error.value) == (
            f"interval(coverage=...): got {coverage!r}, expected a share above 0 and below 1."
        )
    with pytest.raises(ArgumentError) as error:
        Recalibration(9, residuals=((0.1,) * 9,)).margin(0.95)
    assert str(error.value) == (
        "interval(coverage=...): got 0.95 with 9 held-out rows, expected a coverage that they can "
        "vouch for; 0.95 needs 19 of them."
    )


def test_what_is_no_mean_of_members_is_no_ensemble(trained):
    with pytest.raises(ArgumentError) as error:
        Ensemble(trained)
    assert str(error.value) == (
        f"Ensemble(model=...): got '{trained.name}', which is none, expected a model whose one "
        "output is the Average of several members."
    )


def test_it_is_scored_as_it_answers(sure):
    ensemble = Ensemble(sure.model)
    ensemble.recalibration = None
    rows, labels = X[NEW], CLASSES[NEW]
    plain = ensemble.evaluate(rows, labels, verbose=0)
    assert plain == ensemble.model.evaluate(rows, labels, verbose=0)
    likely = ensemble.predict(rows)[np.arange(len(labels)), labels]
    assert plain[0] == pytest.approx(-np.log(likely).mean(), rel=1e-6)
    ensemble.recalibration = Recalibration(90, temperature=2.5)
    scored = ensemble.evaluate(rows, labels, verbose=0, return_dict=True)
    answers = ensemble.predict(rows)
    likely = answers[np.arange(len(labels)), labels]
    assert scored["loss"] == pytest.approx(-np.log(likely).mean(), rel=1e-5)
    assert scored["loss"] != pytest.approx(plain[0], rel=1e-3)
    assert scored["accuracy"] == pytest.approx(np.mean(answers.argmax(axis=1) == labels))


@pytest.mark.parametrize("loss", ["mse", "binary_crossentropy"])
def test_its_score_has_no_penalties_of_members(loss):
    labels = (X[:, 0] > 0).astype("float32")
    end = layers.Dense(1, "sigmoid" if loss == "binary_crossentropy" else None)
    hidden = layers.Dense(4, "relu", kernel_regularizer=pellucid.regularizers.L2(0.1))
    model = pellucid.Sequential([layers.Input(X.shape[1:]), hidden, end], seed=3)
    model.compile("adam", loss)
    model.fit(X[:40], labels[:40], epochs=1, ensemble=2, verbose=0)
    answers = model.ensemble.predict(X)[:, 0]
    expected = np.mean((answers - labels) ** 2)
    if loss == "binary_crossentropy":
        expected = log_loss(labels, answers)
    found = model.ensemble.evaluate(X, labels, verbose=0)
    assert found == pytest.approx(expected, rel=1e-5)


def test_logits_are_refused_before_they_are_trained():
    model = pellucid.Sequential([layers.Input(X.shape[1:]), layers.Dense(3)], name="told")
    model.compile("adam", pellucid.losses.SparseCategoricalCrossentropy(from_logits=True))
    with pytest.raises(ArgumentError) as error:
        model.fit(X, CLASSES, ensemble=2, verbose=0)
    assert str(error.value) == (
        "fit(ensemble=...): got 'told', whose outputs are logits, expected members that end in "
        'softmax: the mean is one of probabilities. End it in activation="softmax", and compile '
        "without from_logits=True."
    )


def test_residuals_are_not_printed():
    assert "residuals" not in repr(Recalibration(9, residuals=((0.1,) * 9,)))
