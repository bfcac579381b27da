"""What the random layers draw: rates, means, scales, and independence."""

import numpy as np
import pytest

from pellucid.layers import (
    AdditiveAttention,
    AlphaDropout,
    Attention,
    Context,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    GroupQueryAttention,
    MultiHeadAttention,
)

ROWS, WIDTH = 400, 100
KEYS = [np.uint32(key) for key in (0, 1, 77)]


def drawn(layer, inputs, key=KEYS[0]):
    return np.asarray(layer.run({}, inputs, Context(training=True, key=key)))


def within(value, expected, deviation, count):
    """Say whether a mean of `count` values is within five standard errors."""
    return abs(value - expected) < 5 * deviation / np.sqrt(count)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.9])
def test_dropout_drops_its_rate_and_scales_the_rest(rate, key):
    outputs = drawn(Dropout(rate), np.full((ROWS, WIDTH), 3.0, "float32"), key)
    dropped = outputs == 0
    deviation = np.sqrt(rate * (1 - rate))
    assert within(dropped.mean(), rate, deviation + 1e-9, outputs.size)
    np.testing.assert_allclose(outputs[~dropped], 3 / (1 - rate), rtol=1e-6)
    for axis in (0, 1):
        shares = dropped.mean(axis=axis)
        expected = deviation / np.sqrt(dropped.shape[axis])
        assert abs(shares.std() - expected) <= 0.25 * expected


def test_dropout_draws_rows_and_columns_independently():
    dropped = drawn(Dropout(0.5), np.ones((2000, 8), "float32")) == 0
    correlations = np.corrcoef(dropped.T) - np.eye(8)
    assert abs(correlations).max() < 5 / np.sqrt(2000)
    later = np.corrcoef(dropped[1:, 0], dropped[:-1, 0])[0, 1]
    assert abs(later) < 5 / np.sqrt(2000)


def test_the_mask_of_a_row_does_not_depend_on_the_number_of_rows():
    many = drawn(Dropout(0.5), np.ones((6, 5), "float32"))
    few = drawn(Dropout(0.5), np.ones((2, 5), "float32"))
    np.testing.assert_array_equal(many[:2], few)


def test_a_mask_of_size_one_is_repeated():
    outputs = drawn(Dropout(0.5, noise_shape=(None, 1, 8)), np.ones((50, 6, 8), "float32"))
    np.testing.assert_array_equal(outputs, np.repeat(outputs[:, :1], 6, axis=1))
    assert 0.3 < (outputs[:, 0] == 0).mean() < 0.7


@pytest.mark.parametrize("layer", [Dropout, AlphaDropout, GaussianDropout, GaussianNoise])
def test_a_seed_sets_a_layer_apart(layer):
    inputs = np.ones((4, 50), "float32")
    bare, one, again, two = [
        drawn(layer(0.5, seed=seed), inputs).tobytes() for seed in (None, 1, 1, 2)
    ]
    assert one == again
    assert len({bare, one, two}) == 3


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_gaussian_dropout_multiplies_by_noise_of_mean_one(rate):
    outputs = drawn(GaussianDropout(rate), np.full((ROWS, WIDTH), 2.0, "float32")) / 2
    deviation = np.sqrt(rate / (1 - rate))
    assert within(outputs.mean(), 1, deviation, outputs.size)
    np.testing.assert_allclose(outputs.std(), deviation, rtol=0.02)


@pytest.mark.parametrize("stddev", [0.1, 2.0])
def test_gaussian_noise_is_normal(stddev):
    noise = drawn(GaussianNoise(stddev), np.full((ROWS, WIDTH), 5.0, "float32")) - 5
    assert within(noise.mean(), 0, stddev, noise.size)
    np.testing.assert_allclose(noise.std(), stddev, rtol=0.02)
    # Shares of a normal distribution within one and two standard deviations.
    for width, share in ((1, 0.6827), (2, 0.9545)):
        assert within((abs(noise) < width * stddev).mean(), share, 0.5, noise.size)


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_alpha_dropout_keeps_mean_and_variance(rate, rng):
    inputs = rng.standard_normal((ROWS, WIDTH)).astype("float32")
    outputs = drawn(AlphaDropout(rate), inputs)
    np.testing.assert_allclose(outputs.mean(), 0, atol=0.03)
    np.testing.assert_allclose(outputs.var(), 1, atol=0.05)


def test_alpha_dropout_follows_the_formula_of_its_paper(rng):
    rate, inputs = 0.3, rng.standard_normal((50, 20)).astype("float32")
    outputs = drawn(AlphaDropout(rate), inputs)
    dropped_value = -1.0507009873554805 * 1.6732632423543772
    factor = ((1 - rate) * (1 + rate * dropped_value**2)) ** -0.5
    offset = -factor * dropped_value * rate
    kept = np.isclose(outputs, factor * inputs + offset, atol=1e-5)
    dropped = np.isclose(outputs, factor * dropped_value + offset, atol=1e-5)
    assert (kept | dropped).all()
    assert within(dropped.mean(), rate, 0.5, outputs.size)


# -- attention ----------------------------------------------------------------------------------

ROWS_READ, STEPS, RATE = 100, 20, 0.3

ATTENTION = [
    (Attention(dropout=RATE), 1),
    (AdditiveAttention(dropout=RATE), 1),
    (MultiHeadAttention(2, STEPS, dropout=RATE, use_bias=False), 2),
    (GroupQueryAttention(STEPS, 2, 1, dropout=RATE, use_bias=False), 2),
]
"""Layers, and how many heads they have."""


def showing_attention(layer, heads):
    """Return weights of a layer and inputs for which it gives its attention weights, as they are.

    Scores are zero, so that a query looks at all steps alike; the value of a step is 1 at its own
    place; and heads stand side by side in the outputs.
    """
    width = heads * STEPS
    declared = layer.declared([(STEPS, width), (STEPS, STEPS), (STEPS, STEPS)])
    weights = {name: np.zeros(one.shape, "float32") for name, one in declared.items()}
    if heads > 1:
        weights["value/kernel"][:] = np.eye(STEPS)[:, None]
        weights["attention_output/kernel"][:] = np.eye(width).reshape(heads, STEPS, width)
    query = np.zeros((ROWS_READ, STEPS, width), "float32")
    value = np.broadcast_to(np.eye(STEPS, dtype="float32"), (ROWS_READ, STEPS, STEPS))
    return weights, [query, value, np.zeros_like(value)]


@pytest.mark.parametrize(("layer", "heads"), ATTENTION)
def test_attention_drops_its_rate_of_the_weights_and_scales_the_rest(layer, heads):
    weights, inputs = showing_attention(layer, heads)
    still = layer.run(weights, inputs, Context())
    np.testing.assert_allclose(still, 1 / STEPS, rtol=1e-5)
    outputs = np.asarray(layer.run(weights, inputs, Context(training=True, key=KEYS[0])))
    dropped = outputs == 0
    assert within(dropped.mean(), RATE, np.sqrt(RATE * (1 - RATE)), outputs.size)
    np.testing.assert_allclose(outputs[~dropped], 1 / STEPS / (1 - RATE), rtol=1e-5)
    apart = dropped.reshape(ROWS_READ, STEPS, heads, STEPS)
    for axis in (0, 1, 2, 3) if heads > 1 else (0, 1, 3):
        assert (apart.any(axis) & ~apart.all(axis)).mean() > RATE
