"""Losses from logits never overflow, and stay exact where probabilities round to 0 or 1."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from pellucid import losses

EXTREME = np.array([-1e4, -100.0, -20.0, 0.0, 20.0, 100.0, 1e4], "float32")


def binary_batch(label):
    return jnp.full((EXTREME.size, 1), label), jnp.asarray(EXTREME[:, None])


def class_batch(label):
    scores = jnp.stack([jnp.asarray(EXTREME), jnp.zeros(EXTREME.size)], axis=1)
    return jnp.full(EXTREME.size, label), scores


def assert_finite(loss, y_true, y_pred):
    value, slope = jax.value_and_grad(lambda y: loss.total(y_true, y))(y_pred)
    assert np.isfinite(value)
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("label", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(
    "loss",
    [
        losses.BinaryCrossentropy(from_logits=True),
        losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1),
        losses.BinaryFocalCrossentropy(from_logits=True),
        losses.BinaryFocalCrossentropy(from_logits=True, gamma=0.0),
        losses.BinaryFocalCrossentropy(from_logits=True, gamma=0.5),
    ],
    ids=repr,
)
def test_binary_losses_from_logits(loss, label):
    assert_finite(loss, *binary_batch(label))


@pytest.mark.parametrize("label", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("logit", [-1.0, -0.0, 0.0, 1.0])
def test_the_slope_of_a_binary_loss_is_the_error_also_at_a_logit_of_0(label, logit):
    loss = losses.BinaryCrossentropy(from_logits=True)
    slope = jax.grad(lambda x: loss.total(jnp.array([[label]]), x[None, None]))(jnp.float32(logit))
    assert slope == pytest.approx(1 / (1 + np.exp(-logit)) - label, abs=1e-6)


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize(
    "loss",
    [
        losses.CategoricalCrossentropy(from_logits=True),
        losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
        losses.CategoricalFocalCrossentropy(from_logits=True),
        losses.CategoricalFocalCrossentropy(from_logits=True, gamma=0.0),
        losses.CategoricalFocalCrossentropy(from_logits=True, gamma=0.5),
        losses.SparseCategoricalCrossentropy(from_logits=True),
    ],
    ids=repr,
)
def test_class_losses_from_logits(loss, label):
    y_true, y_pred = class_batch(label)
    y_true = y_true if loss.targets == "labels" else jax.nn.one_hot(y_true, 2)
    assert_finite(loss, y_true, y_pred)


def test_binary_crossentropy_is_exact_far_from_zero():
    logits = np.array([-30.0, -12.0, -3.0, 3.0, 12.0, 30.0])
    exact = np.log1p(np.exp(-logits))  # in double precision, for the label 1
    found = losses.BinaryCrossentropy(from_logits=True, reduction="none")(
        np.ones((6, 1)), logits[:, None]
    )
    np.testing.assert_allclose(found, exact, rtol=1e-6)


def test_a_confident_wrong_answer_still_has_a_slope():
    loss = losses.BinaryCrossentropy(from_logits=True)
    slope = jax.grad(lambda y: loss.total(jnp.ones((1, 1)), y))(jnp.full((1, 1), -1e4))
    assert float(slope[0, 0]) == -1.0


@pytest.mark.parametrize("name", ["LogCosh", "Huber"])
def test_robust_losses_grow_straight(name):
    loss = getattr(losses, name)()
    value, slope = jax.value_and_grad(lambda y: loss.total(jnp.zeros((1, 1)), y))(
        jnp.full((1, 1), -1e4)
    )
    np.testing.assert_allclose(value, 1e4, rtol=1e-3)
    assert float(slope[0, 0]) == pytest.approx(-1.0)


@pytest.mark.parametrize("probability", [0.0, 1.0])
@pytest.mark.parametrize(
    "name",
    ["BinaryCrossentropy", "BinaryFocalCrossentropy", "KLDivergence", "Poisson", "Dice", "Tversky"],
)
def test_probabilities_of_exactly_zero_and_one(name, probability):
    y_pred = jnp.full((3, 2), probability)
    assert_finite(getattr(losses, name)(), jnp.array([[0.0, 1.0]] * 3), y_pred)


def test_generalised_crossentropy_of_probability_zero_has_a_finite_slope():
    loss = losses.CategoricalGeneralizedCrossEntropy()
    assert_finite(loss, jnp.array([0]), jnp.array([[0.0, 1.0]]))


def test_zero_vectors_have_no_direction_and_no_slope():
    assert_finite(losses.CosineSimilarity(), jnp.ones((2, 3)), jnp.zeros((2, 3)))


def test_embeddings_without_a_partner_have_no_slope():
    loss = losses.Circle()
    y_pred = jnp.eye(3)
    slope = jax.grad(lambda y: loss.total(jnp.array([0, 1, 2]), y))(y_pred)
    np.testing.assert_array_equal(slope, 0.0)
