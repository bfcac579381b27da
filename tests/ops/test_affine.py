"""Turning, shifting and scaling of images against Keras."""

import keras
import numpy as np
import pytest

from pellucid.ops.affine import FILL_MODES, INTERPOLATIONS, affine

ROWS, HEIGHT, WIDTH = 6, 5, 8
RNG = np.random.default_rng(0)
IMAGES = RNG.normal(size=(ROWS, HEIGHT, WIDTH, 2)).astype("float32")


def keras_transforms(matrices):
    """Return the eight numbers that Keras takes: (x, y) before (y, x), and no perspective."""
    (yy, yx, y0), (xy, xx, x0) = np.moveaxis(matrices, 0, -1)
    zero = np.zeros_like(yy)
    return np.stack([xx, xy, x0, yx, yy, y0, zero, zero], axis=-1)


@pytest.mark.parametrize("fill_mode", FILL_MODES)
@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_an_affine_map_is_keras(fill_mode: str, interpolation: str) -> None:
    matrices = RNG.normal(size=(ROWS, 2, 3)).astype("float32")
    matrices[:, :, 2] *= 20  # far beyond the edges as well
    given = affine(IMAGES, matrices, interpolation, fill_mode, 0.5)
    transforms = keras_transforms(matrices)
    expected = keras.ops.image.affine_transform(
        IMAGES, transforms, interpolation, fill_mode, fill_value=0.5
    )
    np.testing.assert_allclose(given, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("fill_mode", FILL_MODES)
@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_the_identity_changes_nothing(fill_mode: str, interpolation: str) -> None:
    matrices = np.tile(np.eye(2, 3, dtype="float32"), (ROWS, 1, 1))
    np.testing.assert_array_equal(affine(IMAGES, matrices, interpolation, fill_mode, 0.5), IMAGES)


@pytest.mark.parametrize(
    ("fill_mode", "expected"),
    [
        ("reflect", [2, 1, 0, 0, 1, 2, 2, 1, 0, 0]),
        ("wrap", [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]),
        ("constant", [9, 9, 9, 0, 1, 2, 9, 9, 9, 9]),
        ("nearest", [0, 0, 0, 0, 1, 2, 2, 2, 2, 2]),
    ],
)
def test_beyond_the_edges(fill_mode: str, expected: list[int]) -> None:
    row = np.arange(3, dtype="float32").reshape(1, 1, 3, 1)
    seen = [
        float(
            affine(
                row,
                np.array([[[0, 0, 0], [0, 0, place]]], "float32"),
                "nearest",
                fill_mode,
                9.0,
            )[0, 0, 0, 0]
        )
        for place in range(-3, 7)
    ]
    assert seen == expected


def test_places_that_are_no_numbers_stay_inside_the_images() -> None:
    matrices = np.full((ROWS, 2, 3), np.nan, "float32")
    for fill_mode in FILL_MODES:
        affine(IMAGES, matrices, "nearest", fill_mode, 0.0).block_until_ready()
