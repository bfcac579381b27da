"""Global average pooling leaves out the steps that a mask calls padding."""

import jax
import keras
import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.layers import Context

X = np.random.default_rng(0).normal(size=(3, 4, 2)).astype("float32")
MASK = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 1, 0, 0]], bool)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_masked_means_are_those_of_keras(keepdims, data_format):
    options = {"keepdims": keepdims, "data_format": data_format}
    x = X if data_format == "channels_last" else X.swapaxes(1, 2)
    ours = layers.GlobalAveragePooling1D(**options).apply({}, x, Context(mask=MASK))
    theirs = keras.layers.GlobalAveragePooling1D(**options)(x, mask=MASK)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_padding_may_hold_anything():
    filled = np.where(MASK[..., None], X, np.nan)
    ours = layers.GlobalAveragePooling1D().apply({}, filled, Context(mask=MASK))
    np.testing.assert_allclose(ours[1], X[1, :2].mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(ours[2], X[2, 1], rtol=1e-6)


def test_a_sequence_without_real_steps_gives_zero_and_no_gradient():
    def summed(x):
        mask = np.zeros((3, 4), bool)
        return layers.GlobalAveragePooling1D().apply({}, x, Context(mask=mask)).sum()

    value, slope = jax.value_and_grad(summed)(X)
    assert value == 0
    assert not slope.any()


def test_the_mask_of_an_embedding_arrives():
    entry = layers.Input((None,), dtype="int32")
    inner = layers.Embedding(5, 3, mask_zero=True)(entry)
    model = pellucid.Model(entry, layers.GlobalAveragePooling1D()(inner))
    short, padded = model.predict([[1, 2]], verbose=0), model.predict([[1, 2, 0, 0]], verbose=0)
    np.testing.assert_allclose(short, padded, rtol=1e-6)


def test_the_mask_ends_here():
    assert layers.GlobalAveragePooling1D().compute_mask(X, MASK) is None
