"""Separable convolution is a depthwise one and then one across the channels."""

import numpy as np
import pytest

from pellucid import layers
from pellucid.errors import ArgumentError


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_it_is_two_convolutions(padding):
    x = np.random.default_rng(0).normal(size=(2, 6, 5, 3)).astype("float32")
    both = layers.SeparableConv2D(
        4, 3, strides=2, padding=padding, depth_multiplier=2, bias_initializer="ones"
    )
    apart = layers.DepthwiseConv2D(
        3, strides=2, padding=padding, depth_multiplier=2, use_bias=False
    )
    across = layers.Conv2D(4, 1)
    outputs = both(x)
    across(apart(x))
    depthwise, pointwise, bias = both.get_weights()
    apart.set_weights([depthwise])
    across.set_weights([pointwise, bias])
    np.testing.assert_allclose(outputs, across(apart(x)), rtol=1e-5, atol=1e-6)


def test_arguments():
    with pytest.raises(ArgumentError) as caught:
        layers.SeparableConv1D(0, 3)
    assert str(caught.value) == (
        "SeparableConv1D(filters=...): got 0, "
        "expected a whole number at least 1 (the number of output channels)."
    )
