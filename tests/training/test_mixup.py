"""Mixup beside its formula in NumPy."""

import jax
import numpy as np
import pytest
from scipy import stats

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError
from pellucid.models.cohort import Candidate, Cohort, Data
from pellucid.ops import random
from pellucid.training.mixup import Mixup
from pellucid.training.program import key_of_step

RNG = np.random.default_rng(4)
X = RNG.normal(size=(20, 3)).astype(np.float32)
CLASSES = (X[:, 0] + X[:, 1] > 0).astype(np.int32)
RATE, ALPHA, SEED = 0.5, 0.7, 3


def classifier(seed=SEED):
    model = pellucid.Sequential([layers.Input((3,)), layers.Dense(2, "softmax")], seed=seed)
    model.compile(
        pellucid.optimizers.SGD(RATE), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


@pytest.mark.parametrize("shape", [0.05, 0.4, 1.0, 4.0])
def test_shares_have_the_beta_distribution(shape):
    keys = random.fold(np.uint32(7), np.arange(4000))
    drawn = jax.jit(jax.vmap(random.symmetric_beta, (0, None)))(keys, np.float32(shape))
    # Numbers of 32 bits end a little below 1, so all that are closer count as one.
    found = np.clip(np.asarray(drawn, np.float64), 1e-5, 1 - 1e-5)
    expected = np.clip(stats.beta(shape, shape).rvs(20000, random_state=1), 1e-5, 1 - 1e-5)
    assert stats.ks_2samp(found, expected).pvalue > 1e-3


def test_padding_is_mixed_with_nothing():
    pairs = Mixup(ALPHA).pairs(np.uint32(5), np.array([1, 1, 1, 0, 0, 0, 0, 0], np.float32))
    assert sorted(np.asarray(pairs.partner[:3])) == [0, 1, 2]
    assert 0 <= float(pairs.share) <= 1


def test_a_step_follows_the_gradient_at_mixed_rows_and_labels():
    model = classifier()
    kernel, bias = model.get_weights()
    pairs = Mixup(ALPHA).pairs(key_of_step(SEED, 0, 0), np.ones(20, np.float32))
    share, partner = float(pairs.share), np.asarray(pairs.partner)
    assert 0.02 < share < 0.98
    labels = np.eye(2)[CLASSES]
    x = share * X + (1 - share) * X[partner]
    y = share * labels + (1 - share) * labels[partner]
    scores = x @ kernel + bias
    answers = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    loss = -(y * np.log(answers)).sum(axis=1).mean()
    slope = (answers - y) / len(x)
    history = model.fit(X, CLASSES, batch_size=20, epochs=1, shuffle=False, verbose=0, mixup=ALPHA)
    assert history.history["loss"][0] == pytest.approx(loss, rel=1e-5)
    right = share * (answers.argmax(1) == CLASSES) + (1 - share) * (
        answers.argmax(1) == CLASSES[partner]
    )
    assert history.history["accuracy"][0] == pytest.approx(right.mean(), rel=1e-5)
    moved = model.get_weights()
    np.testing.assert_allclose(moved[0], kernel - RATE * x.T @ slope, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(moved[1], bias - RATE * slope.sum(axis=0), rtol=1e-4, atol=1e-6)


def test_a_regression_follows_the_gradient_at_the_mixed_number():
    target = (X @ [1.0, -2.0, 0.5]).astype(np.float32)[:, None]
    model = pellucid.Sequential([layers.Input((3,)), layers.Dense(1)], seed=SEED)
    model.compile(pellucid.optimizers.SGD(0.1), "mse")
    kernel, bias = model.get_weights()
    pairs = Mixup(ALPHA).pairs(key_of_step(SEED, 0, 0), np.ones(20, np.float32))
    share, partner = float(pairs.share), np.asarray(pairs.partner)
    x, y = (share * one + (1 - share) * one[partner] for one in (X, target))
    model.fit(X, target, batch_size=20, epochs=1, shuffle=False, verbose=0, mixup=ALPHA)
    slope = 2 * (x @ kernel + bias - y) / len(x)
    expected = kernel - 0.1 * x.T @ slope
    np.testing.assert_allclose(model.get_weights()[0], expected, rtol=1e-4, atol=1e-6)


def test_members_of_a_population_mix_each_by_its_own_number():
    kinds = [(1, 0.2), (2, 1.0), (3, 5.0)]
    fit = {"epochs": 3, "batch_size": 8}
    data = Data(X, CLASSES)
    cohort = Cohort(
        [Candidate(classifier(seed), data, {**fit, "mixup": alpha}) for seed, alpha in kinds]
    )
    assert cohort.programs == 1
    cohort.train()
    for (seed, alpha), trainee in zip(kinds, cohort.trainees, strict=True):
        alone = classifier(seed)
        history = alone.fit(X, CLASSES, mixup=alpha, verbose=0, **fit).history
        np.testing.assert_allclose(trainee.history.history["loss"], history["loss"], rtol=2e-5)


def test_what_cannot_be_mixed_is_refused():
    words = pellucid.Sequential(
        [layers.Input((2,)), layers.Embedding(5, 2), layers.Flatten(), layers.Dense(1)]
    )
    words.compile("sgd", "mse")
    with pytest.raises(ArgumentError) as error:
        words.fit(np.ones((4, 2)), np.arange(4.0), mixup=0.2, verbose=0)
    assert str(error.value) == (
        f"fit(mixup=...): got whole numbers for '{words.input_names[0]}', expected inputs that "
        "are quantities, of which there are mixtures."
    )


@pytest.mark.parametrize("alpha", [0, -1, "much", True, float("nan")])
def test_the_number_is_above_0(alpha):
    with pytest.raises(ArgumentError) as error:
        classifier().fit(X, CLASSES, mixup=alpha, verbose=0)
    assert str(error.value) == (
        f"fit(mixup=...): got {alpha!r}, expected a number above 0 (the shape of the distribution "
        "of shares), or None."
    )
