"""Convolution: values worked out by hand, open sizes, and messages word for word."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError, ShapeError


def holding(layer, inputs, *arrays):
    """Return what `layer` makes of `inputs` with `arrays` as its weights."""
    layer(inputs)
    layer.set_weights([np.asarray(array, "float32") for array in arrays])
    return np.asarray(layer(inputs))


def steps(*values):
    return np.array(values, "float32").reshape(1, -1, 1)


KERNEL = np.reshape([1.0, 10.0, 100.0], (3, 1, 1))


def test_valid_same_and_causal_by_hand():
    x = steps(1, 2, 3, 4)
    for padding, expected in (
        ("valid", [321, 432]),
        ("same", [210, 321, 432, 43]),
        ("causal", [100, 210, 321, 432]),
    ):
        outputs = holding(layers.Conv1D(1, 3, padding=padding), x, KERNEL, [0.0])
        assert outputs.ravel().tolist() == expected


def test_strides_and_dilation_by_hand():
    x = steps(1, 2, 3, 4, 5)
    strided = layers.Conv1D(1, 3, strides=2, padding="causal")
    assert holding(strided, x, KERNEL, [0.5]).ravel().tolist() == [100.5, 321.5, 543.5]
    dilated = layers.Conv1D(1, 3, dilation_rate=2)
    assert holding(dilated, x, KERNEL, [0.0]).ravel().tolist() == [531]


def test_a_difference_kernel_finds_an_edge():
    image = np.zeros((1, 3, 6, 1), "float32")
    image[:, :, 3:] = 1.0
    outputs = holding(
        layers.Conv2D(1, (1, 2), use_bias=False), image, np.reshape([-1.0, 1.0], (1, 2, 1, 1))
    )
    assert outputs[0, :, :, 0].tolist() == [[0, 0, 1, 0, 0]] * 3


def test_groups_do_not_see_each_other():
    x = np.random.default_rng(0).normal(size=(2, 5, 4)).astype("float32")
    layer = layers.Conv1D(6, 2, groups=2)
    before = np.asarray(layer(x))
    changed = np.array(x)
    changed[..., 2:] += 1.0
    after = np.asarray(layer(changed))
    assert np.array_equal(before[..., :3], after[..., :3])
    assert not np.any(before[..., 3:] == after[..., 3:])


def test_channels_first_is_channels_last_turned():
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 4)).astype("float32")
    last = layers.Conv2D(2, 2, activation="relu")
    first = layers.Conv2D(2, 2, activation="relu", data_format="channels_first")
    turned = np.moveaxis(x, 1, -1)
    last(turned)
    outputs = holding(first, x, *last.get_weights())
    np.testing.assert_allclose(np.moveaxis(outputs, 1, -1), last(turned), rtol=1e-6)


def test_a_model_takes_images_of_any_size():
    entry = layers.Input((None, None, 3))
    inner = layers.Conv2D(4, 3, strides=2, padding="same")(entry)
    assert inner.shape == (None, None, None, 4)
    model = pellucid.Model(entry, layers.GlobalAveragePooling2D()(inner))
    for height, width in ((5, 4), (8, 9)):
        assert model.predict(np.ones((2, height, width, 3)), verbose=0).shape == (2, 4)


def test_a_small_network_tells_bars_apart():
    rng = np.random.default_rng(0)
    standing = rng.integers(0, 2, 200)
    images = rng.normal(0, 0.1, (200, 6, 6, 1))
    for image, upright, place in zip(images, standing, rng.integers(0, 6, 200), strict=True):
        image[(slice(None), place) if upright else (place, slice(None))] += 1.0
    model = pellucid.Sequential(
        [
            layers.Conv2D(4, 3, activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    adam = pellucid.optimizers.Adam(0.03)
    model.compile(adam, "binary_crossentropy", metrics=["accuracy"])
    model.fit(images[:150], standing[:150], epochs=30, verbose=0)
    assert model.evaluate(images[150:], standing[150:], verbose=0)[1] > 0.95


ARGUMENTS = [
    (
        lambda: layers.Conv2D(0, 3),
        "Conv2D(filters=...): got 0, expected a whole number at least 1 "
        "(the number of output channels).",
    ),
    (
        lambda: layers.Conv2D(8, 3, groups=3),
        "Conv2D(filters=...): got 8, expected a multiple of groups=3. "
        "Every group gives as many of the output channels.",
    ),
    (
        lambda: layers.Conv2D(8, 3, strides=2, dilation_rate=(2, 1)),
        "Conv2D: got strides=(2, 2) and dilation_rate=(2, 1), expected one of the two to be 1. "
        "Put the strides into a layer of their own, such as a pooling layer.",
    ),
    (
        lambda: layers.Conv2D(),
        "Conv2D: got no 'filters', expected Conv2D(filters, kernel_size, strides=..., ...).",
    ),
    (
        lambda: layers.Convolution2D(32, 3, 3, border_mode="same"),
        "Conv2D: got the unknown argument 'border_mode', expected one of its own arguments. "
        "'border_mode' is now called 'padding', and a kernel's sides are written together: "
        "Conv2D(32, (3, 3)).",
    ),
    (
        lambda: layers.Conv2D(nb_filter=32, nb_row=3, nb_col=5, subsample=(2, 2)),
        "4 problems:\n"
        "  1. Conv2D: got the unknown argument 'nb_filter', expected one of its own arguments. "
        "'nb_filter' is now called 'filters'.\n"
        "  2. Conv2D: got the unknown argument 'nb_row', expected one of its own arguments. "
        "Write kernel_size=(3, 5).\n"
        "  3. Conv2D: got the unknown argument 'nb_col', expected one of its own arguments. "
        "Write kernel_size=(3, 5).\n"
        "  4. Conv2D: got the unknown argument 'subsample', expected one of its own arguments. "
        "'subsample' is now called 'strides'.",
    ),
]


@pytest.mark.parametrize(("make", "message"), ARGUMENTS)
def test_arguments(make, message):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


SHAPES = [
    (
        layers.Conv2D(6, 3, groups=3),
        (8, 8, 4),
        "Conv2D: got inputs of shape (None, 8, 8, 4) with 4 channels, "
        "expected a multiple of groups=3. Choose groups that divide the channels.",
    ),
    (
        layers.Conv2D(6, 9, groups=3, data_format="channels_first"),
        (4, 8, 8),
        "2 problems:\n"
        "  1. Conv2D: got inputs of shape (None, 4, 8, 8), "
        "expected at least 9 × 9 (height × width) for kernel_size=(9, 9) and padding='valid'. "
        "With data_format='channels_first' the first of these sizes is the channels'.\n"
        "  2. Conv2D: got inputs of shape (None, 4, 8, 8) with 4 channels, "
        "expected a multiple of groups=3. Choose groups that divide the channels.",
    ),
    (
        layers.Conv2D(6, 3),
        (8, 8, None),
        "Conv2D: got inputs of shape (None, 8, 8, None) with the size of axis -1 left open, "
        "expected a known size: a weight is as long as that axis. "
        "Give the size in Input(shape=...).",
    ),
    (
        layers.Conv1D(6, 3, data_format="channels_first"),
        (None, 8),
        "Conv1D: got inputs of shape (None, None, 8) with the size of axis 1 left open, "
        "expected a known size: a weight is as long as that axis. "
        "Give the size in Input(shape=...).",
    ),
]


@pytest.mark.parametrize(("layer", "shape", "message"), SHAPES)
def test_shapes(layer, shape, message):
    with pytest.raises(ShapeError) as caught:
        layer.declared(shape)
    assert str(caught.value) == message
