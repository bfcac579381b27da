"""What bad input to the layers over images is answered with, word for word."""

import jax
import numpy as np
import pytest

from pellucid import layers
from pellucid.errors import ArgumentError, ShapeError

FACTOR = "expected a number from -1 to 1, or a pair of them such as (-0.1, 0.2)."
RANGE = "expected the least and the greatest value of a pixel, such as (0, 255)."
EDGES_2D = (
    "expected a whole number at least 0, 2 of them such as (1, 2), or 2 pairs for beginning and "
    "end such as ((1, 2), (1, 2))."
)

ARGUMENTS = [
    (lambda: layers.RandomRotation(1.5), f"RandomRotation(factor=...): got 1.5, {FACTOR}"),
    (
        lambda: layers.RandomRotation((0.1, 2)),
        f"RandomRotation(factor=...): got (0.1, 2), {FACTOR}",
    ),
    (lambda: layers.RandomRotation([0.1]), f"RandomRotation(factor=...): got [0.1], {FACTOR}"),
    (
        lambda: layers.RandomTranslation(0.1, "wide"),
        f"RandomTranslation(width_factor=...): got 'wide', {FACTOR}",
    ),
    (
        lambda: layers.RandomTranslation(None, 0.1),
        f"RandomTranslation(height_factor=...): got None, {FACTOR}",
    ),
    (
        lambda: layers.RandomZoom(0.1, float("nan")),
        f"RandomZoom(width_factor=...): got nan, {FACTOR}",
    ),
    (lambda: layers.RandomBrightness(True), f"RandomBrightness(factor=...): got True, {FACTOR}"),
    (
        lambda: layers.RandomContrast(-0.2),
        "RandomContrast(factor=...): got -0.2, "
        "expected a number from 0 to 1, or a pair of them such as (0.1, 0.2).",
    ),
    (
        lambda: layers.RandomContrast(0.2, value_range=(255, 0)),
        f"RandomContrast(value_range=...): got (255, 0), {RANGE}",
    ),
    (
        lambda: layers.RandomBrightness(0.2, value_range=255),
        f"RandomBrightness(value_range=...): got 255, {RANGE}",
    ),
    (
        lambda: layers.RandomBrightness(0.2, value_range=(0, float("inf"))),
        f"RandomBrightness(value_range=...): got (0, inf), {RANGE}",
    ),
    (
        lambda: layers.RandomBrightness(0.2, value_range=(0, 128, 255)),
        f"RandomBrightness(value_range=...): got (0, 128, 255), {RANGE}",
    ),
    (
        lambda: layers.RandomFlip("horizontl"),
        "RandomFlip(mode=...): got 'horizontl', expected one of 'horizontal', 'vertical', "
        "'horizontal_and_vertical'. Did you mean 'horizontal'?",
    ),
    (
        lambda: layers.RandomZoom(0.1, fill_mode="mirror"),
        "RandomZoom(fill_mode=...): got 'mirror', "
        "expected one of 'reflect', 'wrap', 'constant', 'nearest'.",
    ),
    (
        lambda: layers.RandomZoom(0.1, interpolation="bicubic"),
        "RandomZoom(interpolation=...): got 'bicubic', expected one of 'nearest', 'bilinear'.",
    ),
    (
        lambda: layers.RandomRotation(0.1, fill_value="black"),
        "RandomRotation(fill_value=...): got 'black', expected a number.",
    ),
    (
        lambda: layers.RandomCrop(0, 2),
        "RandomCrop(height=...): got 0, "
        "expected a whole number at least 1 (the height of the window).",
    ),
    (
        lambda: layers.CenterCrop(2, 2.5),
        "CenterCrop(width=...): got 2.5, "
        "expected a whole number at least 1 (the width of the window).",
    ),
    (
        lambda: layers.Resizing(-1, 3),
        "Resizing(height=...): got -1, expected a whole number at least 1 (the new height).",
    ),
    (
        lambda: layers.Resizing(3, 3, "cubic"),
        "Resizing(interpolation=...): got 'cubic', expected one of 'bilinear', 'nearest', "
        "'bicubic', 'lanczos3', 'lanczos5'. Did you mean 'bicubic'?",
    ),
    (
        lambda: layers.Resizing(3, 3, fill_mode="reflect"),
        "Resizing(fill_mode=...): got 'reflect', expected one of 'constant'.",
    ),
    (
        lambda: layers.Resizing(3, 3, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True),
        "Resizing: got crop_to_aspect_ratio=True and pad_to_aspect_ratio=True, "
        "expected one of them at most.",
    ),
    (
        lambda: layers.UpSampling1D(0),
        "UpSampling1D(size=...): got 0, expected a whole number at least 1.",
    ),
    (
        lambda: layers.UpSampling2D((2, 2, 2)),
        "UpSampling2D(size=...): got (2, 2, 2), "
        "expected a whole number at least 1, or 2 of them such as (3, 3).",
    ),
    (
        lambda: layers.ZeroPadding1D((1, 2, 3)),
        "ZeroPadding1D(padding=...): got (1, 2, 3), expected a whole number at least 0 "
        "or a pair for beginning and end such as (1, 2).",
    ),
    (
        lambda: layers.ZeroPadding2D("same"),
        f"ZeroPadding2D(padding=...): got 'same', {EDGES_2D}",
    ),
    (
        lambda: layers.Cropping2D((1, (2, -1))),
        f"Cropping2D(cropping=...): got (1, (2, -1)), {EDGES_2D}",
    ),
    (
        lambda: layers.SpatialDropout2D(1.0),
        "SpatialDropout2D(rate=...): got 1.0, expected a number at least 0 and below 1 "
        "(the share of channels that is dropped).",
    ),
]


@pytest.mark.parametrize(("make", "message"), ARGUMENTS)
def test_arguments(make, message):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


WITHOUT_CHANNELS = (
    "Images without a channel axis get one by x[..., None], a single one gets its batch axis by "
    "x[None]."
)

SHAPES = [
    (
        layers.RandomFlip(name="mirror"),
        (28, 28),
        "mirror (RandomFlip): got inputs of shape (None, 28, 28), "
        f"expected 4 axes: (batch, height, width, channels). {WITHOUT_CHANNELS}",
    ),
    (
        layers.Resizing(8, 8),
        (28, 28),
        "Resizing: got inputs of shape (None, 28, 28), "
        f"expected 4 axes: (batch, height, width, channels). {WITHOUT_CHANNELS}",
    ),
    (
        layers.CenterCrop(8, 8, data_format="channels_first"),
        (28, 28),
        "CenterCrop: got inputs of shape (None, 28, 28), "
        "expected 4 axes: (batch, channels, height, width). Images without a channel axis get "
        "one by x[:, None], a single one gets its batch axis by x[None].",
    ),
    (
        layers.RandomZoom(0.1),
        (4, 28, 28, 3),
        "RandomZoom: got inputs of shape (None, 4, 28, 28, 3), "
        "expected 4 axes: (batch, height, width, channels).",
    ),
    (
        layers.ZeroPadding2D(),
        (9, 2),
        "ZeroPadding2D: got inputs of shape (None, 9, 2), "
        f"expected 4 axes: (batch, height, width, channels). {WITHOUT_CHANNELS} "
        "For 3 axes there is ZeroPadding1D.",
    ),
    (
        layers.Cropping2D(((2, 2), (0, 0))),
        (4, 8, 3),
        "Cropping2D(cropping=...): got inputs of shape (None, 4, 8, 3), 4 along height, "
        "expected more than the 4 that are cut off there.",
    ),
    (
        layers.Cropping2D(5, data_format="channels_first"),
        (3, 9, 10),
        "2 problems:\n"
        "  1. Cropping2D(cropping=...): got inputs of shape (None, 3, 9, 10), 9 along height, "
        "expected more than the 10 that are cut off there.\n"
        "  2. Cropping2D(cropping=...): got inputs of shape (None, 3, 9, 10), 10 along width, "
        "expected more than the 10 that are cut off there.",
    ),
    (
        layers.Cropping1D(),
        (2, 3),
        "Cropping1D(cropping=...): got inputs of shape (None, 2, 3), 2 along steps, "
        "expected more than the 2 that are cut off there.",
    ),
]


@pytest.mark.parametrize(("layer", "shape", "message"), SHAPES)
def test_shapes(layer, shape, message):
    with pytest.raises(ShapeError) as caught:
        layer.declared(shape)
    assert str(caught.value) == message


def test_a_size_that_was_left_open_is_checked_once_it_is_known():
    layer = layers.Cropping2D(2)
    layer.declared((None, None, 3))
    with pytest.raises(ShapeError) as caught:
        jax.jit(lambda x: layer.run({}, x, layers.Context()))(np.ones((1, 9, 4, 3)))
    assert str(caught.value) == (
        "Cropping2D(cropping=...): got inputs of shape (None, 9, 4, 3), 4 along width, "
        "expected more than the 4 that are cut off there."
    )
