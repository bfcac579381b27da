"""Attention maps against the weights that a layer returns itself."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError

X = np.random.default_rng(0).standard_normal((1, 4, 6)).astype("float32")


def test_maps_are_what_the_layers_return_wherever_they_stand():
    heads, plain = layers.MultiHeadAttention(2, 3, name="heads"), layers.Attention(name="plain")
    given = layers.Input((4, 6))
    seen = heads(given, given, use_causal_mask=True)
    inner = pellucid.Model(given, plain([seen, given]), name="inner")
    x = layers.Input((4, 6))
    model = pellucid.Model(x, [inner(inner(x)), layers.Dense(2)(x)])
    before = model.predict(X)
    maps = model.attention_maps(X)
    assert list(maps) == ["inner/heads", "inner/plain", "inner/heads_1", "inner/plain_1"]
    options = {"return_attention_scores": True}
    first, weights = heads(X, X, use_causal_mask=True, **options)
    np.testing.assert_allclose(maps["inner/heads"], weights[0], rtol=1e-5, atol=1e-7)
    second, weights = plain([first, X], **options)
    np.testing.assert_allclose(maps["inner/plain"], weights[0], rtol=1e-5)
    _, weights = heads(second, second, use_causal_mask=True, **options)
    np.testing.assert_allclose(maps["inner/heads_1"], weights[0], rtol=1e-5, atol=1e-7)
    for one, other in zip(before, model.predict(X), strict=True):
        np.testing.assert_array_equal(one, other)


def test_weights_that_are_an_output_already_are_shown_too():
    x = layers.Input((4, 6))
    seen, weights = layers.MultiHeadAttention(2, 3, name="look")(x, x, return_attention_scores=True)
    model = pellucid.Model(x, [seen, weights])
    np.testing.assert_array_equal(model.attention_maps(X)["look"], model.predict(X)[1][0])


def test_padding_is_not_looked_at():
    words = layers.Input((None,), dtype="int32")
    x = layers.Embedding(5, 4, mask_zero=True)(words)
    model = pellucid.Model(words, layers.AdditiveAttention(name="look")([x, x]))
    weights = model.attention_maps(np.array([3, 1, 0]))["look"]
    np.testing.assert_allclose(weights[:, :2].sum(axis=1), 1, rtol=1e-6)
    assert not weights[:, 2].any()


def test_a_model_without_attention():
    model = pellucid.Sequential([layers.Input((4, 6)), layers.Dense(2)])
    with pytest.raises(ArgumentError) as caught:
        model.attention_maps(X)
    assert str(caught.value) == (
        "attention_maps: got a model without attention, expected one with Attention, "
        "AdditiveAttention or MultiHeadAttention."
    )
