"""Convolutions against Keras."""

import keras
import numpy as np
import pytest

from pellucid.ops import conv

SPACES = {1: (9,), 2: (7, 6), 3: (5, 4, 6)}


def draw(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype("float32")


@pytest.mark.parametrize("space", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("stride", "dilation", "groups"), [(1, 1, 1), (2, 1, 2), (1, 2, 1)])
def test_convolution_is_keras(
    space: int, padding: str, stride: int, dilation: int, groups: int
) -> None:
    inputs, kernel = draw(2, *SPACES[space], 4), draw(*(3, 2, 2)[:space], 4 // groups, 6)
    strides, gaps = (stride,) * space, (dilation,) * space
    ours = conv.convolve(inputs, kernel, strides, padding, gaps, groups)
    theirs = keras.ops.conv(inputs, kernel, strides, padding, dilation_rate=gaps)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("space", [1, 2])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 2)])
def test_depthwise_is_keras(space: int, padding: str, stride: int, dilation: int) -> None:
    inputs, kernel = draw(2, *SPACES[space], 3), draw(*(3, 2)[:space], 3, 2)
    strides, gaps = (stride,) * space, (dilation,) * space
    ours = conv.depthwise(inputs, kernel, strides, padding, gaps)
    theirs = keras.ops.depthwise_conv(inputs, kernel, strides, padding, dilation_rate=gaps)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("space", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(
    ("stride", "dilation", "extra"),
    [(1, 1, None), (2, 1, None), (2, 1, 1), (1, 2, None), (3, 1, 0)],
)
def test_transposed_convolution_is_keras(
    space: int, padding: str, stride: int, dilation: int, extra: int | None
) -> None:
    inputs, kernel = draw(2, *SPACES[space], 4), draw(*(3, 2, 1)[:space], 5, 4)
    strides, gaps = (stride,) * space, (dilation,) * space
    more = None if extra is None else (extra,) * space
    ours = conv.transpose_convolve(inputs, kernel, strides, padding, more, gaps)
    theirs = keras.ops.conv_transpose(inputs, kernel, strides, padding, more, dilation_rate=gaps)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


def test_explicit_padding_is_a_padded_input() -> None:
    inputs, kernel = draw(2, 6, 3), draw(3, 3, 4)
    ours = conv.convolve(inputs, kernel, (1,), [(2, 0)])
    padded = np.pad(inputs, ((0, 0), (2, 0), (0, 0)))
    np.testing.assert_allclose(ours, conv.convolve(padded, kernel, (1,), "valid"), rtol=1e-6)
