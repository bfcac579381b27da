"""Resizing against Keras."""

import keras
import numpy as np
import pytest

from pellucid.ops.resize import (
    INTERPOLATIONS,
    crop_to_aspect_ratio,
    pad_to_aspect_ratio,
    resize,
    resize_middle,
)

IMAGES = np.random.default_rng(0).normal(size=(2, 7, 5, 3)).astype("float32")


@pytest.mark.parametrize("size", [(14, 10), (3, 2), (4, 9), (7, 5)])
@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_resizing_is_keras(size: tuple[int, int], antialias: bool, interpolation: str) -> None:
    expected = keras.ops.image.resize(IMAGES, size, interpolation, antialias)
    given = resize(IMAGES, size, interpolation, antialias)
    np.testing.assert_allclose(given, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", ["uint8", "int32"])
@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_whole_numbers_are_rounded_and_kept_in_range(dtype: str, interpolation: str) -> None:
    # Edges from 0 to 255, beyond which the wider kernels swing.
    images = np.random.default_rng(0).choice([0, 255], (2, 6, 6, 1)).astype(dtype)
    expected = keras.ops.image.resize(images, (9, 7), interpolation)
    given = resize(images, (9, 7), interpolation)
    assert str(given.dtype) == dtype
    np.testing.assert_array_equal(given, expected)


@pytest.mark.parametrize("size", [(4, 4), (2, 9), (9, 2), (1, 30)])
def test_windows_and_frames_are_those_of_keras(size: tuple[int, int]) -> None:
    cut = keras.ops.image.resize(IMAGES, size, crop_to_aspect_ratio=True)
    np.testing.assert_allclose(resize_middle(IMAGES, size), cut, rtol=1e-5, atol=1e-6)
    framed = keras.ops.image.resize(IMAGES, size, pad_to_aspect_ratio=True, fill_value=2.5)
    given = resize(pad_to_aspect_ratio(IMAGES, size, 2.5), size)
    np.testing.assert_allclose(given, framed, rtol=1e-5, atol=1e-6)


def test_a_window_is_the_largest_of_its_shape_in_the_middle() -> None:
    rows = np.arange(8, dtype="float32").reshape(1, 8, 1, 1).repeat(4, axis=2)
    window = crop_to_aspect_ratio(rows, (10, 10))
    assert window.shape == (1, 4, 4, 1)
    assert window[0, :, 0, 0].tolist() == [2, 3, 4, 5]


def test_a_frame_is_the_smallest_of_its_shape() -> None:
    framed = pad_to_aspect_ratio(np.ones((1, 2, 6, 1), "float32"), (5, 5), 7.0)
    assert framed.shape == (1, 6, 6, 1)
    assert framed[0, :, 0, 0].tolist() == [7, 7, 1, 1, 7, 7]


def test_the_value_of_a_frame_is_brought_to_the_type_of_the_images() -> None:
    framed = pad_to_aspect_ratio(np.ones((1, 1, 3, 1), "uint8"), (3, 3), 300.7)
    assert framed[0, 0, 0, 0] == 255
