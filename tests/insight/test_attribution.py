"""What a network looks at, against finite differences, sums and answers worked out by hand."""

import itertools
from contextlib import nullcontext

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError, PellucidWarning, ShapeError


def picture_model():
    model = pellucid.Sequential(
        [
            layers.Input((6, 5, 2)),
            layers.Dense(3, activation="tanh", name="maps"),
            layers.Flatten(),
            layers.Dense(4, activation="softmax", kernel_initializer="random_normal"),
        ]
    )
    return model


def logits(model, x):
    maps, out = model.get_layer("maps").get_weights(), model.layers[-1].get_weights()
    hidden = np.tanh(x @ maps[0] + maps[1]).reshape(len(x), -1)
    return hidden @ out[0] + out[1]


X = np.random.default_rng(3).standard_normal((6, 5, 2)).astype("float32")


def test_the_gradient_equals_finite_differences_of_the_score():
    model = picture_model()
    found = model.saliency(X, target=2, method="gradient")
    assert found.shape == X.shape
    for place in [(0, 0, 0), (3, 4, 1), (5, 2, 0)]:
        moved = np.repeat(X[None].astype("float64"), 2, axis=0)
        moved[0][place] += 1e-4
        moved[1][place] -= 1e-4
        high, low = logits(model, moved)[:, 2]
        assert found[place] == pytest.approx((high - low) / 2e-4, rel=1e-3, abs=1e-5)


def test_shares_add_up_to_the_difference_of_the_scores():
    model = picture_model()
    for baseline in (0.0, 0.5):
        found = model.saliency(X, target=1, baseline=baseline, steps=256)
        whole = logits(model, X[None])[0, 1] - logits(model, np.full_like(X, baseline)[None])[0, 1]
        assert found.sum() == pytest.approx(whole, rel=1e-3)


def test_the_largest_output_is_explained_when_none_is_named():
    model = picture_model()
    largest = int(logits(model, X[None])[0].argmax())
    chosen = model.saliency(X, target=largest, method="gradient")
    np.testing.assert_array_equal(model.saliency(X, method="gradient"), chosen)


def test_grad_cam_is_its_formula():
    model = picture_model()
    found = model.saliency(X, target=3, method="grad_cam", layer="maps")
    maps, out = model.get_layer("maps").get_weights(), model.layers[-1].get_weights()
    activations = np.tanh(X @ maps[0] + maps[1])
    slopes = out[0][:, 3].reshape(activations.shape)
    expected = np.maximum((activations * slopes.mean(axis=(0, 1))).sum(axis=-1), 0)
    np.testing.assert_allclose(found, expected / expected.max(), rtol=1e-4, atol=1e-6)


def convolutional():
    """Return a network of two convolutions; what it computes is written out below."""
    return pellucid.Sequential(
        [
            layers.Input((8, 6, 2)),
            layers.Conv2D(3, 3, activation="tanh", padding="same", name="first"),
            layers.MaxPooling2D(2),
            layers.Conv2D(4, 2, activation="relu", name="last", bias_initializer="ones"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax"),
        ],
        seed=5,
    )


def convolved(x, kernel, bias, padding):
    axes = ("NHWC", "HWIO", "NHWC")
    return lax.conv_general_dilated(x, kernel, (1, 1), padding, dimension_numbers=axes) + bias


def first_maps(model, x):
    return jnp.tanh(convolved(x, *model.get_layer("first").get_weights(), "SAME"))


def last_maps(model, maps):
    pooled = maps.reshape(-1, 4, 2, 3, 2, 3).max(axis=(2, 4))
    return jax.nn.relu(convolved(pooled, *model.get_layer("last").get_weights(), "VALID"))


def scores_of(model, maps):
    kernel, bias = model.layers[-1].get_weights()
    return maps.mean(axis=(1, 2)) @ kernel + bias


PICTURE = np.random.default_rng(4).standard_normal((8, 6, 2)).astype("float32")


@pytest.mark.parametrize("layer", [None, "last", "first"])
def test_grad_cam_of_a_convolutional_network(layer):
    model = convolutional()
    maps = first_maps(model, PICTURE[None])
    maps = maps if layer == "first" else last_maps(model, maps)

    def scores(maps):
        return scores_of(model, last_maps(model, maps) if layer == "first" else maps)[0]

    for target, slopes in enumerate(jax.jacobian(scores)(maps)):
        coarse = jnp.maximum((maps * slopes.mean(axis=(1, 2), keepdims=True)).sum(axis=-1)[0], 0)
        fine = jax.image.resize(coarse, (8, 6), "linear")
        options = {} if layer is None else {"layer": layer}
        told = nullcontext() if fine.any() else pytest.warns(PellucidWarning, match="0 everywhere")
        with told:
            found = model.saliency(PICTURE, target=target, method="grad_cam", **options)
        np.testing.assert_allclose(found, fine / max(fine.max(), 1e-12), rtol=1e-3, atol=1e-5)


def test_a_map_in_which_nothing_speaks_for_the_output_is_told():
    model = convolutional()
    *weights, kernel, bias = model.get_weights()
    model.set_weights([*weights, -np.abs(kernel), bias])
    with pytest.warns(PellucidWarning) as told:
        found = model.saliency(PICTURE, target=0, method="grad_cam")
    assert not found.any()
    assert str(told[0].message) == (
        "saliency(method='grad_cam'): got a map that is 0 everywhere: nothing in 'last' speaks for "
        "output 0, expected a place that does. Give another target=, another layer=, or take "
        "method='occlusion'."
    )


def test_maps_and_filters_of_a_convolutional_network():
    model = convolutional()
    maps = model.feature_maps(PICTURE)
    first = first_maps(model, PICTURE[None])
    last = last_maps(model, first)
    np.testing.assert_allclose(maps["first"], first[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(maps["last"], last[0], rtol=1e-4, atol=1e-5)
    assert list(maps) == ["first", "max_pooling2d", "last"]
    kernels = [model.get_layer(name).get_weights()[0] for name in ("first", "last")]
    np.testing.assert_array_equal(model.filters(), kernels[0])
    np.testing.assert_array_equal(model.filters("last"), kernels[1])


def test_occlusion_of_a_convolutional_network():
    model = convolutional()

    def score(x):
        return scores_of(model, last_maps(model, first_maps(model, x)))[:, 1]

    whole, fall, covers = float(score(PICTURE[None])[0]), np.zeros((8, 6)), np.zeros((8, 6))
    for row, column in itertools.product((0, 2, 4, 5), (0, 1, 2, 3, 4)):
        covered = PICTURE.copy()
        covered[row : row + 3, column : column + 2] = 0.5
        fall[row : row + 3, column : column + 2] += whole - float(score(covered[None])[0])
        covers[row : row + 3, column : column + 2] += 1
    found = model.saliency(
        PICTURE, target=1, method="occlusion", size=(3, 2), stride=(2, 1), value=0.5
    )
    np.testing.assert_allclose(found, fall / covers, rtol=1e-3, atol=1e-5)


def test_occlusion_of_a_sum_is_what_was_covered():
    model = pellucid.Sequential([layers.Input((4, 4, 1)), layers.Flatten(), layers.Dense(1)])
    model.set_weights([np.ones((16, 1)), np.zeros(1)])
    x = np.arange(16.0).reshape(4, 4, 1)
    single = model.saliency(x, method="occlusion", size=1)
    np.testing.assert_allclose(single, x[..., 0], rtol=1e-5, atol=1e-5)
    halves = model.saliency(x, method="occlusion", size=(2, 4), stride=(2, 4))
    np.testing.assert_allclose(halves[:2], x[:2].sum(), rtol=1e-5)
    np.testing.assert_allclose(halves[2:], x[2:].sum(), rtol=1e-5)


def test_words_are_explained_at_their_embedding():
    model = pellucid.Sequential(
        [
            layers.Input((3,), dtype="int32"),
            layers.Embedding(5, 2, name="words"),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    ids = np.array([1, 4, 0])
    found = model.saliency(ids)
    table, kernel = model.get_layer("words").get_weights()[0], model.layers[-1].get_weights()[0]
    np.testing.assert_allclose(found, table[ids] * kernel.reshape(3, 2), rtol=1e-4, atol=1e-6)
    covered = model.saliency(ids, method="occlusion", size=1)
    change = (table[ids] - table[0]) * kernel.reshape(3, 2)
    np.testing.assert_allclose(covered, change.sum(axis=1), rtol=1e-4, atol=1e-6)


def test_feature_maps_are_what_layers_give():
    model = picture_model()
    found = model.feature_maps(X)
    assert list(found) == ["maps"]
    kernel, bias = model.get_layer("maps").get_weights()
    np.testing.assert_allclose(found["maps"], np.tanh(X @ kernel + bias), rtol=1e-4, atol=1e-6)
    assert list(model.feature_maps(X[None], layers="maps")) == ["maps"]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda m: m.saliency(X, method="gradcam"),
            ArgumentError,
            "saliency(method=...): got 'gradcam', expected one of 'gradient', "
            "'integrated_gradients', 'grad_cam', 'occlusion'. Did you mean 'grad_cam'?",
        ),
        (
            lambda m: m.saliency(X, method="gradient", step=3),
            ArgumentError,
            "saliency(method='gradient'): got the argument 'step', expected none: it has no "
            "options.",
        ),
        (
            lambda m: m.saliency(X, target=4),
            ArgumentError,
            "saliency(target=...): got 4, expected a whole number from 0 to 3.",
        ),
        (
            lambda m: m.saliency(np.stack([X, X])),
            ShapeError,
            "saliency: got 2 examples, expected one. Write x[0] for the first.",
        ),
        (
            lambda m: m.saliency(X, method="grad_cam"),
            ArgumentError,
            "saliency(method='grad_cam'): got a model without a convolution, expected one whose "
            "maps can be looked at. Use method='integrated_gradients' or 'occlusion'.",
        ),
        (
            lambda m: m.saliency(X, method="grad_cam", layer="map"),
            ArgumentError,
            "saliency(method='grad_cam', layer=...): got 'map', expected one of maps: layers that "
            "keep the axes of space. Did you mean 'maps'?",
        ),
        (
            lambda m: m.saliency(X, method="occlusion", size=7),
            ArgumentError,
            "saliency(method='occlusion', size=...): got 7, expected whole numbers from 1 to "
            "(6, 5), one for each axis of space.",
        ),
        (
            lambda m: m.feature_maps(X, layers="mapss"),
            ArgumentError,
            "feature_maps(layers=...): got 'mapss', expected some of maps. Did you mean 'maps'?",
        ),
        (
            lambda m: m.filters(),
            ArgumentError,
            "filters: got a model without a convolution, expected one that has filters.",
        ),
    ],
)
def test_messages(call, error, message):
    with pytest.raises(error) as caught:
        call(picture_model())
    assert str(caught.value) == message
