"""Transposed convolution: the gradient of convolution, its sizes and its messages."""

import jax
import keras
import numpy as np
import pytest

from pellucid import layers
from pellucid.errors import ArgumentError, ShapeError
from pellucid.layers import Context


def test_it_is_the_gradient_of_convolution():
    rng = np.random.default_rng(0)
    kernel = rng.normal(size=(3, 2, 4, 5)).astype("float32")
    small, large = (
        rng.normal(size=size).astype("float32") for size in ((2, 3, 4, 5), (2, 7, 8, 4))
    )
    forth = layers.Conv2D(5, (3, 2), strides=2, use_bias=False)
    back = layers.Conv2DTranspose(4, (3, 2), strides=2, use_bias=False)
    _, pull = jax.vjp(lambda x: forth.apply({"kernel": kernel}, x, Context()), large)
    written = back.apply({"kernel": kernel}, small, Context())
    np.testing.assert_allclose(written, pull(small)[0], rtol=1e-5, atol=1e-5)


def test_each_input_writes_the_kernel_by_hand():
    layer = layers.Conv1DTranspose(1, 2, strides=3, use_bias=False)
    x = np.reshape([1.0, 2.0], (1, 2, 1)).astype("float32")
    layer(x)
    layer.set_weights([np.reshape([1.0, 10.0], (2, 1, 1))])
    assert np.asarray(layer(x)).ravel().tolist() == [1, 10, 0, 2, 20, 0]


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("extra", [None, 0, 1])
def test_sizes_are_those_of_keras(padding, extra):
    for size in (1, 2, 5):
        for taps, stride, dilation in ((1, 2, 1), (2, 2, 1), (3, 2, 1), (2, 3, 1), (3, 1, 2)):
            if extra is not None and extra >= stride:
                continue
            options = {
                "filters": 1,
                "kernel_size": taps,
                "strides": stride,
                "dilation_rate": dilation,
                "padding": padding,
                "output_padding": extra,
            }
            expected = keras.layers.Conv1DTranspose(**options).compute_output_shape((1, size, 1))
            found = layers.Conv1DTranspose(**options).output_shape((size, 1))
            assert found == tuple(expected[1:]), options


def test_open_sizes_stay_open():
    assert layers.Conv2DTranspose(3, 2, strides=2).output_shape((None, 4, 1)) == (None, 8, 3)


def test_arguments():
    with pytest.raises(ArgumentError) as caught:
        layers.Conv2DTranspose(4, 3, strides=(2, 3), output_padding=(2, 0))
    assert str(caught.value) == (
        "Conv2DTranspose(output_padding=...): got (2, 0), "
        "expected less than strides=(2, 3) along each axis."
    )
    with pytest.raises(ArgumentError) as caught:
        layers.Conv1DTranspose(4, 3, strides=2, dilation_rate=2)
    assert str(caught.value) == (
        "Conv1DTranspose: got strides=(2,) and dilation_rate=(2,), "
        "expected one of the two to be 1. "
        "Put the strides into a layer of their own, such as a pooling layer."
    )


def test_shapes():
    with pytest.raises(ShapeError) as caught:
        layers.Conv2DTranspose(4, 2, strides=2, padding="same", output_padding=0).declared(
            (1, 4, 3)
        )
    assert str(caught.value) == (
        "Conv2DTranspose: got inputs of shape (None, 1, 4, 3), for which nothing is left over, "
        "expected outputs of at least one value. Leave output_padding out, or make it larger."
    )
