"""What the random image layers draw, and what they do with it."""

import keras
import numpy as np
import pytest

from pellucid import layers
from pellucid.layers import Context
from pellucid.layers.image.random_rotation import rotations

KEY = np.uint32(7)
ROWS = 3000
IMAGES = np.random.default_rng(0).uniform(0, 255, (6, 5, 8, 3)).astype("float32")
PIXELS = np.ones((ROWS, 1, 1, 1), "float32")

MAKERS = {
    "flip": lambda **options: layers.RandomFlip("horizontal", **options),
    "rotation": lambda **options: layers.RandomRotation(0.3, **options),
    "translation": lambda **options: layers.RandomTranslation(0.3, 0.4, **options),
    "zoom": lambda **options: layers.RandomZoom(0.3, 0.4, **options),
    "contrast": lambda **options: layers.RandomContrast(0.3, **options),
    "brightness": lambda **options: layers.RandomBrightness(0.3, **options),
    "crop": lambda **options: layers.RandomCrop(3, 4, **options),
}
every = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


def run(layer, images, key=KEY, training=True):
    return np.asarray(layer.run({}, images, Context(training=training, key=key)))


def drawn(layer, images=PIXELS):
    """Return what a layer draws, as a list of arrays."""
    found = layer.draw(KEY, images)
    return [np.asarray(one) for one in (found if isinstance(found, tuple) else (found,))]


def close(given, expected, tolerance=1e-4):
    np.testing.assert_allclose(given, expected, rtol=tolerance, atol=tolerance)


# -- the transformation, given what was drawn: Keras's ---------------------------------------


@pytest.mark.parametrize("mode", ["horizontal", "vertical", "horizontal_and_vertical"])
def test_flips_are_exact(mode):
    flips = np.array([True, False, True, True, False, False])
    given = layers.RandomFlip(mode).transform(IMAGES, flips)
    transformation = {"flips": flips[:, None, None, None]}
    expected = keras.layers.RandomFlip(mode).transform_images(IMAGES, transformation)
    np.testing.assert_array_equal(given, expected)


OPTIONS = [
    {},
    {"interpolation": "nearest"},
    {"fill_mode": "constant", "fill_value": 9.0},
    {"fill_mode": "wrap"},
    {"fill_mode": "nearest"},
]
with_options = pytest.mark.parametrize("options", OPTIONS, ids=str)
ROUNDING = 2e-3
"""Places that are rounded otherwise move a value by their distance times the pixels' difference."""


@with_options
def test_turns_are_those_of_keras(options):
    angles = np.linspace(-3.0, 3.1, len(IMAGES)).astype("float32")
    theirs = keras.layers.RandomRotation(0.5, **options)
    zero, one = np.zeros(len(angles), "float32"), np.ones(len(angles), "float32")
    matrix = theirs._compute_affine_matrix(
        0.5, 0.5, np.rad2deg(angles), zero, zero, one, zero, zero, *IMAGES.shape[1:3]
    )
    expected = theirs.transform_images(IMAGES, {"rotation_matrix": matrix})
    close(layers.RandomRotation(0.5, **options).transform(IMAGES, angles), expected, ROUNDING)


@with_options
def test_shifts_are_those_of_keras(options):
    down, right = np.random.default_rng(1).uniform(-8, 8, (2, len(IMAGES))).astype("float32")
    theirs = keras.layers.RandomTranslation(1.0, 1.0, **options)
    expected = theirs.transform_images(IMAGES, {"translations": np.stack([right, down], axis=1)})
    ours = layers.RandomTranslation(1.0, 1.0, **options)
    close(ours.transform(IMAGES, (down, right)), expected, ROUNDING)


@with_options
def test_zooms_are_those_of_keras(options):
    tall, wide = np.random.default_rng(1).uniform(0.3, 1.9, (2, len(IMAGES))).astype("float32")
    theirs = keras.layers.RandomZoom(0.9, 0.9, **options)
    zooms = {"height_zoom": tall[:, None], "width_zoom": wide[:, None]}
    expected = theirs.transform_images(IMAGES, zooms)
    ours = layers.RandomZoom(0.9, 0.9, **options)
    close(ours.transform(IMAGES, (tall, wide)), expected, ROUNDING)


def test_contrast_is_that_of_keras():
    factors = np.linspace(0.2, 1.9, len(IMAGES)).astype("float32")
    transformation = {"contrast_factor": factors[:, None, None, None]}
    theirs = keras.layers.RandomContrast(0.5, value_range=(20, 200))
    ours = layers.RandomContrast(0.5, value_range=(20, 200))
    close(ours.transform(IMAGES, factors), theirs.transform_images(IMAGES, transformation))


def test_brightness_is_that_of_keras():
    deltas = np.linspace(-99, 99, len(IMAGES)).astype("float32")
    transformation = {"rgb_delta": deltas[:, None, None, None]}
    theirs = keras.layers.RandomBrightness(0.5, value_range=(20, 200))
    ours = layers.RandomBrightness(0.5, value_range=(20, 200))
    close(ours.transform(IMAGES, deltas), theirs.transform_images(IMAGES.copy(), transformation))


def test_a_crop_is_the_window_at_its_place():
    top, left = np.array([0, 1, 2, 0, 2, 1]), np.array([4, 3, 2, 0, 0, 1])
    given = layers.RandomCrop(3, 4).transform(IMAGES, (top, left))
    for row, (y, x) in enumerate(zip(top, left, strict=True)):
        np.testing.assert_array_equal(given[row], IMAGES[row, y : y + 3, x : x + 4])


def test_a_quarter_turn_goes_counter_clockwise():
    square = IMAGES[:, :, :5]
    angles = np.full(len(square), np.pi / 2, "float32")
    turned = layers.RandomRotation(0.25).transform(square, angles)
    close(turned, np.rot90(square, axes=(1, 2)), ROUNDING)


def test_a_turn_keeps_the_middle():
    matrices = np.asarray(rotations(np.array([0.3, 2.0], "float32"), 5, 8))
    close(matrices @ np.array([2.0, 3.5, 1.0]), np.array([[2.0, 3.5]] * 2))


# -- what is drawn ----------------------------------------------------------------------------

UNIFORM = [
    (layers.RandomRotation(0.1), [(-0.2 * np.pi, 0.2 * np.pi)]),
    (layers.RandomRotation((0.3, -0.1)), [(-0.2 * np.pi, 0.6 * np.pi)]),
    (layers.RandomTranslation(-0.3, (0.1, 0.2)), [(-0.3, 0.3), (0.1, 0.2)]),
    (layers.RandomZoom((-0.3, 0.2), 0.4), [(0.7, 1.2), (0.6, 1.4)]),
    (layers.RandomContrast((0.2, 0.5)), [(0.8, 1.5)]),
    (layers.RandomContrast(0.4), [(0.6, 1.4)]),
    (layers.RandomBrightness(0.2), [(-51, 51)]),
    (layers.RandomBrightness((0.1, 0.2), value_range=(-1, 1)), [(0.2, 0.4)]),
]


@pytest.mark.parametrize(("layer", "bounds"), UNIFORM, ids=str)
def test_draws_are_uniform_between_their_bounds(layer, bounds):
    for values, (low, high) in zip(drawn(layer), bounds, strict=True):
        assert values.shape == (ROWS,)
        ordered = np.sort((values - low) / (high - low))
        expected = (np.arange(ROWS) + 0.5) / ROWS
        # The distance of Kolmogorov and Smirnov is beyond 1.95 / √n once in a thousand.
        assert abs(ordered - expected).max() < 1.95 / np.sqrt(ROWS)


OF_KERAS = {
    "RandomRotation": (
        {"factor": (-0.1, 0.3)},
        lambda found: [np.deg2rad(found["angle"])],
    ),
    "RandomTranslation": (
        {"height_factor": 0.4, "width_factor": (-0.1, 0.3)},
        lambda found: [found["translations"][:, 1], found["translations"][:, 0]],
    ),
    "RandomZoom": (
        {"height_factor": 0.4, "width_factor": (-0.1, 0.3)},
        lambda found: [found["height_zoom"], found["width_zoom"]],
    ),
    "RandomContrast": ({"factor": (0.1, 0.4)}, lambda found: [found["contrast_factor"]]),
    "RandomBrightness": ({"factor": 0.2}, lambda found: [found["rgb_delta"]]),
    "RandomFlip": ({}, lambda found: [found["flips"]]),
}
"""For each layer its options, and how the numbers are read that Keras has drawn."""


@pytest.mark.parametrize("name", OF_KERAS)
def test_draws_are_distributed_as_those_of_keras(name):
    options, read = OF_KERAS[name]
    images = np.ones((ROWS, 2, 3, 1), "float32")
    theirs = getattr(keras.layers, name)(**options, seed=1)
    expected = read(theirs.get_random_transformation(images, training=True))
    given = drawn(getattr(layers, name)(**options), images)
    for ours, other in zip(given, expected, strict=True):
        ours, other = ours.astype("float64"), np.ravel(other).astype("float64")
        spread = np.ptp(other)
        assert abs(ours.mean() - other.mean()) < 5 * other.std() * np.sqrt(2 / ROWS)
        assert abs(ours.min() - other.min()) < 0.01 * spread
        assert abs(ours.max() - other.max()) < 0.01 * spread


def test_height_and_width_are_drawn_apart_unless_one_factor_serves_both():
    for layer in (layers.RandomTranslation(0.5, 0.5), layers.RandomZoom(0.5, 0.5)):
        assert abs(np.corrcoef(*drawn(layer))[0, 1]) < 5 / np.sqrt(ROWS)
    np.testing.assert_array_equal(*drawn(layers.RandomZoom(0.5)))


def test_crops_are_drawn_from_all_places():
    top, left = drawn(layers.RandomCrop(3, 6), np.ones((ROWS, 5, 6, 1), "float32"))
    assert set(left.tolist()) == {0}
    counts = np.bincount(top, minlength=3)
    assert len(counts) == 3
    assert abs(counts - ROWS / 3).max() < 5 * np.sqrt(ROWS * 2 / 9)


@every
def test_what_an_image_draws_does_not_depend_on_the_others(make):
    many = run(make(), IMAGES)
    np.testing.assert_allclose(run(make(), IMAGES[:2]), many[:2], rtol=1e-6)


@every
def test_images_are_varied_one_by_one(make):
    same = np.repeat(IMAGES[:1], 20, axis=0)
    assert len({one.tobytes() for one in run(make(), same)}) > 1


@every
def test_a_seed_sets_a_layer_apart(make):
    images = np.repeat(IMAGES, 4, axis=0)
    bare, one, again, two = [run(make(seed=seed), images).tobytes() for seed in (None, 1, 1, 2)]
    assert one == again
    assert len({bare, one, two}) == 3


@every
def test_channels_may_come_first(make):
    given = run(make(data_format="channels_first"), np.moveaxis(IMAGES, -1, 1))
    np.testing.assert_allclose(np.moveaxis(given, 1, -1), run(make(), IMAGES), rtol=1e-6)


# -- where nothing is drawn -------------------------------------------------------------------


@every
@pytest.mark.parametrize(("training", "key"), [(False, KEY), (True, None)])
def test_without_training_or_key_nothing_is_drawn(make, training, key):
    given = run(make(), IMAGES, key, training)
    if isinstance(make(), layers.RandomCrop):
        expected = keras.preprocessing.image.smart_resize(IMAGES, (3, 4))
        np.testing.assert_allclose(given, expected, rtol=1e-5)
    else:
        np.testing.assert_array_equal(given, IMAGES)


@pytest.mark.parametrize("size", [(6, 8), (4, 9), (10, 10)])
def test_images_smaller_than_the_window_are_resized(size):
    expected = keras.preprocessing.image.smart_resize(IMAGES, size)
    given = run(layers.RandomCrop(*size), IMAGES)
    np.testing.assert_allclose(given, expected, rtol=1e-5)


# -- dropping channels ------------------------------------------------------------------------


@pytest.mark.parametrize("space", [1, 2, 3])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_channels_are_dropped_whole(space, data_format):
    layer = getattr(layers, f"SpatialDropout{space}D")(0.3, data_format=data_format)
    shape = (60, *(2, 3, 2)[:space], 40)
    if data_format == "channels_first":
        shape = (60, 40, *(2, 3, 2)[:space])
    outputs = run(layer, np.full(shape, 0.7, "float32"))
    last = np.moveaxis(outputs, 1, -1) if data_format == "channels_first" else outputs
    by_channel = last.reshape(60, -1, 40)
    np.testing.assert_array_equal(by_channel, by_channel[:, :1].repeat(by_channel.shape[1], 1))
    dropped = by_channel[:, 0] == 0
    assert abs(dropped.mean() - 0.3) < 5 * np.sqrt(0.21 / dropped.size)
    np.testing.assert_allclose(by_channel[:, 0][~dropped], 1.0, rtol=1e-6)
