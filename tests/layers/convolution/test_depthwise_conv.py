"""Depthwise convolution: channels stay apart, in Keras's order."""

import numpy as np
import pytest

from pellucid import layers
from pellucid.errors import ArgumentError
from pellucid.layers import Context


def test_a_channels_outputs_lie_side_by_side():
    x = np.ones((1, 2, 2), "float32") * [1.0, 100.0]
    kernel = np.reshape([1.0, 2.0, 3.0, 4.0], (1, 2, 2)).astype("float32")
    layer = layers.DepthwiseConv1D(1, depth_multiplier=2, use_bias=False)
    outputs = np.asarray(layer.apply({"kernel": kernel}, x, Context()))
    assert outputs[0, 0].tolist() == [1, 2, 300, 400]


def test_it_is_a_convolution_in_as_many_groups_as_channels():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 5, 4, 3)).astype("float32")
    kernel = rng.normal(size=(3, 2, 3, 2)).astype("float32")
    apart = layers.DepthwiseConv2D((3, 2), depth_multiplier=2, use_bias=False)
    grouped = layers.Conv2D(6, (3, 2), groups=3, use_bias=False)
    np.testing.assert_allclose(
        apart.apply({"kernel": kernel}, x, Context()),
        grouped.apply({"kernel": kernel.reshape(3, 2, 1, 6)}, x, Context()),
        rtol=1e-5,
        atol=1e-6,
    )


def test_strides_and_dilation_may_go_together():
    layer = layers.DepthwiseConv2D(2, strides=2, dilation_rate=2)
    assert layer(np.ones((1, 7, 7, 1), "float32")).shape == (1, *layer.output_shape((7, 7, 1)))


def test_arguments():
    with pytest.raises(ArgumentError) as caught:
        layers.DepthwiseConv2D(3, depth_multiplier=0)
    assert str(caught.value) == (
        "DepthwiseConv2D(depth_multiplier=...): got 0, "
        "expected a whole number at least 1 (the number of kernels for each channel)."
    )
