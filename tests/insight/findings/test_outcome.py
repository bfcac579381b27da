"""How outputs answer labels, against scikit-learn and values by hand."""

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, r2_score

from pellucid.insight.findings.outcome import Outcome
from pellucid.losses import BinaryCrossentropy, SparseCategoricalCrossentropy

RNG = np.random.default_rng(3)
CLASSES = RNG.choice(3, 60, p=[0.5, 0.3, 0.2])
CHANCES = RNG.dirichlet([1, 1, 1], 60).astype("float32")
YES = (CLASSES == 0).astype(int)
SURE = RNG.uniform(0.1, 0.9, (60, 1)).astype("float32")
NUMBERS = RNG.normal(2, 3, (60, 2)).astype("float32")
GUESSES = (NUMBERS + RNG.normal(size=(60, 2))).astype("float32")


def constant_loss(labels):
    dummy = DummyClassifier(strategy="prior").fit(np.zeros((len(labels), 1)), labels)
    return log_loss(labels, dummy.predict_proba(np.zeros((len(labels), 1))))


def agrees(outcome, value, constant, score, chance):
    assert outcome.value == pytest.approx(value, rel=1e-5)
    assert outcome.constant == pytest.approx(constant, rel=1e-5)
    assert outcome.skill == pytest.approx(1 - value / constant, rel=1e-4)
    assert outcome.score == pytest.approx(score)
    assert outcome.chance == pytest.approx(chance)


LOGITS = np.log(CHANCES)


@pytest.mark.parametrize(
    ("loss", "labels", "outputs"),
    [
        ("sparse_categorical_crossentropy", CLASSES, CHANCES),
        ("sparse_categorical_crossentropy", CLASSES[:, None], CHANCES),
        ("categorical_crossentropy", np.eye(3)[CLASSES], CHANCES),
        ("crossentropy", CLASSES, CHANCES),
        (SparseCategoricalCrossentropy(from_logits=True), CLASSES, LOGITS),
    ],
)
def test_classes_agree_with_scikit_learn(loss, labels, outputs):
    outcome = Outcome(loss, labels, outputs)
    right = accuracy_score(CLASSES, CHANCES.argmax(axis=1))
    common = np.bincount(CLASSES).max() / 60
    agrees(outcome, log_loss(CLASSES, CHANCES), constant_loss(CLASSES), right, common)
    assert outcome.targets.tolist() == CLASSES.tolist()
    assert outcome.noise == pytest.approx(np.sqrt(right * (1 - right) / 60))


@pytest.mark.parametrize(
    ("loss", "labels", "outputs"),
    [
        ("binary_crossentropy", YES, SURE),
        ("binary_crossentropy", YES[:, None], SURE),
        (BinaryCrossentropy(from_logits=True), YES, np.log(SURE / (1 - SURE))),
    ],
)
def test_yes_and_no_agree_with_scikit_learn(loss, labels, outputs):
    outcome = Outcome(loss, labels, outputs)
    right = accuracy_score(YES, SURE[:, 0] > 0.5)
    common = max(YES.mean(), 1 - YES.mean())
    agrees(outcome, log_loss(YES, SURE[:, 0]), constant_loss(YES), right, common)


def test_numbers_agree_with_scikit_learn():
    rows = np.zeros((60, 1))
    same = DummyRegressor(strategy="mean").fit(rows, NUMBERS).predict(rows)
    outcome = Outcome("mse", NUMBERS, GUESSES)
    wrong, spread = np.mean((NUMBERS - GUESSES) ** 2), np.mean((NUMBERS - same) ** 2)
    pooled = 1 - wrong / spread
    agrees(outcome, wrong, spread, pooled, 0.0)
    assert outcome.score == pytest.approx(
        r2_score(NUMBERS, GUESSES, multioutput="variance_weighted")
    )


def test_the_best_constant_of_absolute_errors_is_the_median():
    rows = np.zeros((60, 1))
    skewed = np.exp(NUMBERS)
    same = DummyRegressor(strategy="median").fit(rows, skewed).predict(rows)
    outcome = Outcome("mae", skewed, GUESSES)
    assert outcome.constant == pytest.approx(mean_absolute_error(skewed, same), rel=1e-5)


def test_several_labels_a_row_are_so_many_questions():
    labels = np.stack([YES, 1 - YES, CLASSES == 1], axis=1)
    outcome = Outcome("binary_crossentropy", labels, CHANCES)
    each = [constant_loss(column) for column in labels.T]
    assert outcome.classes is None
    assert outcome.constant == pytest.approx(np.mean(each), rel=1e-5)
    assert outcome.targets.shape == (60, 3)


def test_steps_are_so_many_answers():
    outcome = Outcome(
        "sparse_categorical_crossentropy", CLASSES.reshape(15, 4), CHANCES.reshape(15, 4, 3)
    )
    right = accuracy_score(CLASSES, CHANCES.argmax(axis=1))
    common = np.bincount(CLASSES).max() / 60
    agrees(outcome, log_loss(CLASSES, CHANCES), constant_loss(CLASSES), right, common)
    assert outcome.targets is None


@pytest.mark.parametrize("names", [(-1, 1), (0, 1)])
def test_the_best_constant_under_a_hinge_is_the_sign_of_the_majority(names):
    labels = np.array([names[0]] * 8 + [names[1]] * 2)
    outputs = np.full((10, 1), -0.5, np.float32)
    # 8 rows lack 0.5 to the margin and 2 lack 1.5; saying -1 costs 2 to each of the two.
    agrees(Outcome("hinge", labels, outputs), 0.7, 0.4, 0.8, 0.8)


def test_the_best_constant_distribution_is_the_mean_one():
    labels = np.array([[0.6, 0.4], [0.9, 0.1]], np.float32)
    outcome = Outcome("kl_divergence", labels, np.full((2, 2), 0.5, np.float32))
    by_hand = np.mean(np.sum(labels * np.log(labels / [0.75, 0.25]), axis=1))
    assert outcome.constant == pytest.approx(by_hand, rel=1e-4)


def test_a_loss_of_the_user_takes_whole_numbers_for_classes():
    def own(labels, outputs):
        return (labels - outputs[:, 0]) ** 2

    outcome = Outcome(own, CLASSES, CHANCES)
    assert outcome.score == pytest.approx(accuracy_score(CLASSES, CHANCES.argmax(axis=1)))
    assert np.isfinite(outcome.constant)


def test_other_labels_of_another_width_cannot_be_compared():
    def own(labels, outputs):
        return (labels[:, None] - outputs).mean(axis=-1)

    for loss, labels in ((own, NUMBERS[:, 0]), ("circle", CLASSES)):
        assert not Outcome(loss, labels, CHANCES).is_comparable
    assert Outcome("mse", NUMBERS, GUESSES).is_comparable
    assert Outcome("crossentropy", CLASSES, CHANCES).is_comparable


def test_an_outcome_that_is_not_finite_has_no_skill():
    outcome = Outcome("mse", NUMBERS, np.full((60, 2), np.nan, np.float32))
    assert outcome.skill == -np.inf


def test_numbers_that_are_all_the_same_leave_nothing_to_learn():
    same = np.ones((4, 1), np.float32)
    right, wrong = Outcome("mse", same, same), Outcome("mse", same, 0 * same)
    assert (right.constant, right.skill, wrong.skill, wrong.score) == (0.0, 1.0, 0.0, 0.0)


def test_of_one_unit_both_classes_have_a_probability():
    both = np.concatenate([1 - SURE, SURE], axis=1)
    found = Outcome("binary_crossentropy", YES, SURE).likelihoods
    assert found == pytest.approx(both, abs=1e-6)
    logits = np.log(SURE / (1 - SURE))
    found = Outcome(BinaryCrossentropy(from_logits=True), YES, logits).likelihoods
    assert found == pytest.approx(both, abs=1e-6)
    assert Outcome("hinge", 2 * YES - 1, SURE).likelihoods is None
    several = Outcome("sparse_categorical_crossentropy", CLASSES, CHANCES)
    assert several.likelihoods == pytest.approx(CHANCES)


def test_a_lead_is_the_difference_of_scores_with_the_error_of_pairs():
    better, worse = (Outcome("mse", NUMBERS, one) for one in (GUESSES, 2 * GUESSES - NUMBERS))
    lead, error = better.ahead_of(worse)
    assert lead == pytest.approx(
        r2_score(NUMBERS, GUESSES, multioutput="variance_weighted")
        - r2_score(NUMBERS, 2 * GUESSES - NUMBERS, multioutput="variance_weighted")
    )
    # What is twice as wrong loses three squares of each error.
    lost = 3 * np.square(GUESSES - NUMBERS).mean(axis=1) / NUMBERS.var(axis=0).mean()
    assert error == pytest.approx(lost.std() / np.sqrt(60), rel=1e-5)


def test_weights_of_classes_count_in_score_and_chance_and_leave_fewer_rows():
    weight = {0: 1.0, 1: 2.0, 2: 4.0}
    outcome = Outcome("sparse_categorical_crossentropy", CLASSES, CHANCES, weight)
    weights = np.array([weight[one] for one in CLASSES])
    score = accuracy_score(CLASSES, CHANCES.argmax(axis=1), sample_weight=weights)
    shares = np.bincount(CLASSES, weights) / weights.sum()
    assert outcome.score == pytest.approx(score)
    assert outcome.chance == pytest.approx(shares.max())
    rows = weights.sum() ** 2 / np.square(weights).sum()
    assert outcome.noise == pytest.approx(np.sqrt(score * (1 - score) / rows))


def test_weights_that_silence_classes_do_not_judge():
    plain, silenced = (
        Outcome("sparse_categorical_crossentropy", CLASSES, CHANCES, one)
        for one in (None, {0: 1.0, 1: 0.01, 2: 0.01})
    )
    assert (silenced.score, silenced.chance) == (plain.score, plain.chance)
