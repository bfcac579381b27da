"""Pooling against Keras."""

import keras
import numpy as np
import pytest

from pellucid.ops import pooling

SPACES = {1: (9,), 2: (7, 6), 3: (5, 4, 6)}


@pytest.mark.parametrize("space", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kind", ["max", "average"])
def test_pooling_is_keras(space: int, padding: str, stride: int, kind: str) -> None:
    inputs = np.random.default_rng(0).normal(size=(2, *SPACES[space], 3)).astype("float32")
    size, strides = (2, 3, 2)[:space], (stride,) * space
    ours = {"max": pooling.max_pool, "average": pooling.average_pool}[kind]
    theirs = {"max": keras.ops.max_pool, "average": keras.ops.average_pool}[kind]
    expected = theirs(inputs, size, strides, padding)
    np.testing.assert_allclose(ours(inputs, size, strides, padding), expected, rtol=1e-5)
