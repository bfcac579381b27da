"""Attention against its formulas, written as loops."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from pellucid.ops.attention import (
    additive_scores,
    attend,
    attention_weights,
    causal_mask,
    dot_scores,
    scaled_dot_scores,
    window_mask,
)
from pellucid.ops.linear import project

RNG = np.random.default_rng(0)
QUERY, KEY, VALUE = (RNG.standard_normal((2, *shape)) for shape in ((3, 4), (5, 4), (5, 2)))


def test_scores_are_their_formulas():
    scale = RNG.standard_normal(4)
    with jax.enable_x64(True):
        given = [dot_scores(QUERY, KEY), scaled_dot_scores(QUERY, KEY)]
        given.append(additive_scores(QUERY, KEY, 0.5, scale))
    for row in range(2):
        for q in range(3):
            for k in range(5):
                query, key = QUERY[row, q], KEY[row, k]
                found = [one[row, q, k] for one in given]
                tanh = np.sum(scale * np.tanh(0.5 * (query + key)))
                np.testing.assert_allclose(found, [query @ key, query @ key / 2, tanh], rtol=1e-12)


def test_outputs_are_the_values_weighted_by_the_softmax_of_what_may_be_seen():
    mask = np.array([[1, 1, 0, 1, 0], [0, 0, 0, 0, 1], [1, 1, 1, 1, 1]], bool)
    scores = RNG.standard_normal((2, 3, 5))
    with jax.enable_x64(True):
        outputs, weights = attend(scores, VALUE, mask)
    for row in range(2):
        for q in range(3):
            seen = np.where(mask[q], np.exp(scores[row, q]), 0)
            expected = seen / seen.sum()
            np.testing.assert_allclose(weights[row, q], expected, rtol=1e-12)
            np.testing.assert_allclose(outputs[row, q], expected @ VALUE[row], rtol=1e-12)


@pytest.mark.parametrize(("blind", "expected"), [("even", 0.25), ("zero", 0.0)])
def test_a_query_that_may_see_nothing(blind, expected):
    scores, mask = jnp.array([[1.0, -3.0, 2.0, 0.5]]), jnp.zeros((1, 4), bool)
    assert attention_weights(scores, mask, blind).tolist() == [[expected] * 4]
    slope = jax.grad(lambda x: attention_weights(x, mask, blind)[0, 0])(scores)
    assert slope.tolist() == [[0.0] * 4]


def test_large_scores_overflow_nowhere():
    scores = jnp.array([[3e38, 3e38, -3e38]])
    assert attention_weights(scores).tolist() == [[0.5, 0.5, 0.0]]
    half = jnp.array([[60000.0, 60000.0, -60000.0]], "float16")
    mask = jnp.array([[True, False, True]])
    assert attention_weights(half, mask).tolist() == [[1.0, 0.0, 0.0]]


def test_dropped_weights_are_used_and_whole_ones_returned():
    scores = jnp.zeros((1, 2))
    outputs, weights = attend(scores, jnp.ones((2, 1)), drop=lambda one: one * 2)
    assert (outputs.tolist(), weights.tolist()) == ([[2.0]], [[0.5, 0.5]])


def test_heads_of_keys_serve_neighbouring_heads_of_queries():
    shapes = ((2, 6, 3, 4), (2, 2, 5, 4), (2, 2, 5, 3))
    query, key, value = (RNG.standard_normal(shape).astype("float32") for shape in shapes)
    shared = attend(scaled_dot_scores(query, key), value)
    key, value = np.repeat(key, 3, axis=1), np.repeat(value, 3, axis=1)
    for one, other in zip(shared, attend(scaled_dot_scores(query, key), value), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_masks_of_order():
    assert causal_mask(2, 3).astype(int).tolist() == [[1, 0, 0], [1, 1, 0]]
    assert window_mask(3, 4, 2).astype(int).tolist() == [[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 1]]


def test_a_projection_is_a_product_over_the_axes_that_meet():
    inputs, kernel = RNG.standard_normal((2, 5, 3, 4)), RNG.standard_normal((3, 4, 6, 2))
    np.testing.assert_allclose(project(inputs, kernel, 2), np.tensordot(inputs, kernel, 2), 1e-5)
    np.testing.assert_allclose(project(inputs, kernel[0]), np.tensordot(inputs, kernel[0], 1), 1e-5)
