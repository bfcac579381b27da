"""Normalization and Discretization learn what Keras learns."""

import keras
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.errors import ArgumentError, DataError, ShapeError
from pellucid.layers import Discretization, Input, Normalization


@pytest.mark.parametrize("axis", [-1, None, 1, (1, 2)])
def test_normalization_learns_mean_and_variance(axis, rng):
    data = rng.normal(3, 2, (40, 3, 4))
    layer, other = Normalization(axis), keras.layers.Normalization(axis)
    layer.adapt(data)
    other.adapt(data)
    outputs = layer(data.astype("float32"))
    np.testing.assert_allclose(outputs, other(data.astype("float32")), atol=1e-5)
    kept = () if axis is None else axis
    reduced = tuple(a for a in range(3) if a not in np.atleast_1d(kept) % 3) if kept else None
    np.testing.assert_allclose(layer.mean, data.mean(reduced), rtol=1e-5)
    np.testing.assert_allclose(layer.variance, data.var(reduced), rtol=1e-5)


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, 99), max_size=6, unique=True))
def test_batches_of_any_sizes_teach_the_same(cuts):
    data = np.random.default_rng(0).normal(1000, 1, (100, 2))
    whole, cut = Normalization(), Normalization()
    whole.adapt(data)
    cut.adapt(iter(np.split(data, sorted(cuts))))
    np.testing.assert_allclose(cut.mean, whole.mean, rtol=1e-6)
    np.testing.assert_allclose(cut.variance, whole.variance, rtol=1e-4)


@pytest.mark.parametrize(
    "data",
    [
        [[1.0, 10.0], [3.0, 30.0]],
        pl.DataFrame({"a": [1.0, 3.0], "b": [10, 30]}),
        [np.array([[1.0, 10.0]]), np.array([[3.0, 30.0]])],
        ((x, y) for x, y in [(np.array([[1.0, 10.0], [3.0, 30.0]]), np.array([0, 1]))]),
    ],
)
def test_normalization_takes_lists_frames_and_batches(data):
    layer = Normalization()
    layer.adapt(data)
    assert layer.mean.tolist() == [2.0, 20.0]
    assert layer.variance.tolist() == [1.0, 100.0]


def test_adapting_after_use_changes_the_arrays_that_the_layer_has():
    layer = Normalization()
    layer.adapt(np.array([[0.0], [2.0]]))
    assert layer(np.array([[3.0]], "float32")).tolist() == [[2.0]]
    layer.adapt(np.array([[0.0], [4.0]]))
    assert layer(np.array([[4.0]], "float32")).tolist() == [[1.0]]
    assert [array.tolist() for array in layer.get_weights()] == [[2.0], [4.0]]


def test_normalization_may_be_drawn_before_it_has_learned():
    layer = Normalization(name="scaled")
    assert layer(Input((3,))).shape == (None, 3)
    with pytest.raises(ArgumentError) as caught:
        layer(np.ones((1, 3)))
    assert str(caught.value) == (
        "scaled (Normalization): got no mean and variance yet, expected adapt(data) to be called "
        "before the layer is used or a model built with it. "
        "Call it with training data, or pass both mean=... and variance=...."
    )


def test_a_constant_feature_becomes_zero():
    layer = Normalization()
    layer.adapt(np.full((5, 1), 7.0))
    assert layer(np.full((2, 1), 7.0, "float32")).tolist() == [[0.0], [0.0]]


def test_inverting_undoes_normalising(rng):
    data = rng.normal(3, 2, (40, 4)).astype("float32")
    there, back = Normalization(), Normalization(invert=True)
    there.adapt(data)
    back.adapt(data)
    np.testing.assert_allclose(back(there(data)), data, atol=1e-5)


@pytest.mark.parametrize("bins", [2, 3, 10])
@pytest.mark.parametrize("epsilon", [0.01, 0.05])
def test_discretization_learns_the_boundaries_of_keras(bins, epsilon, rng):
    batches = [rng.exponential(size=(size, 2)) for size in (300, 50, 7)]
    layer = Discretization(num_bins=bins, epsilon=epsilon)
    layer.adapt(iter(batches))
    other = keras.layers.Discretization(num_bins=bins, epsilon=epsilon)
    for batch in batches:
        other.update_state(batch)
    other.finalize_state()
    np.testing.assert_allclose(layer.bin_boundaries, other.bin_boundaries, rtol=1e-6)


def test_learned_bins_are_about_equally_full(rng):
    data = rng.exponential(size=(1000, 1)).astype("float32")
    layer = Discretization(num_bins=5)
    layer.adapt(data)
    counts = np.bincount(np.asarray(layer(data)).reshape(-1), minlength=5)
    assert abs(counts - 200).max() < 30


def test_a_boundary_belongs_to_the_bin_above():
    layer = Discretization(bin_boundaries=[0.0, 1.0])
    assert layer(np.array([[-1e30, -1e-6, 0.0, 1.0, 1e30]], "float32")).tolist() == [
        [0, 0, 1, 2, 2]
    ]


WRONG = [
    (
        lambda: Normalization(mean=1.0),
        ArgumentError,
        "Normalization(mean=..., variance=...): got no variance, expected both or neither.",
    ),
    (
        lambda: Normalization(mean=[1.0, 2.0], variance=1.0),
        ArgumentError,
        "Normalization(mean=..., variance=...): got shapes (2,) and (), expected one shape for "
        "both.",
    ),
    (
        lambda: Normalization().adapt(np.array([[1.0], [np.nan]])),
        DataError,
        "Normalization.adapt(data): got nan at position (1, 0), expected finite numbers. "
        "Fill or drop missing values first.",
    ),
    (
        lambda: Normalization().adapt(np.array([["a"]])),
        DataError,
        "Normalization.adapt(data): got values of type <U1, expected numbers.",
    ),
    (
        lambda: Normalization().adapt(np.ones(3)),
        ArgumentError,
        "Normalization(axis=-1): got inputs of shape (None,), expected inputs with at least 2 "
        "axes, the batch axis first. Axis 0 counts the rows. For data with one axis write "
        "axis=None.",
    ),
    (
        lambda: Normalization().adapt([np.ones((2, 2)), np.ones((2, 3))]),
        DataError,
        "Normalization.adapt(data): got batches with statistics of shapes (2,) and (3,), "
        "expected batches of one width.",
    ),
    (
        lambda: Discretization(),
        ArgumentError,
        "Discretization(bin_boundaries=..., num_bins=...): got neither, expected one of them.",
    ),
    (
        lambda: Discretization(bin_boundaries=[1.0, 0.0]),
        ArgumentError,
        "Discretization(bin_boundaries=...): got [1.0, 0.0], "
        "expected a list of finite numbers in ascending order.",
    ),
    (
        lambda: Discretization(bin_boundaries=[0.0]).adapt(np.ones((2, 1))),
        ArgumentError,
        "Discretization.adapt(data): got a layer with fixed bin_boundaries, "
        "expected one that is to learn them. Make it with num_bins=... instead.",
    ),
    (
        lambda: Discretization(num_bins=3)(np.ones((2, 1))),
        ArgumentError,
        "Discretization: got no bin boundaries yet, expected adapt(data) to be called before "
        "the layer is used or a model built with it. "
        "Call it with training data, or pass bin_boundaries=[...].",
    ),
    (
        lambda: Normalization(axis=2)(np.ones((2, 3))),
        ShapeError,
        "Normalization(axis=2): got inputs of shape (None, 3), expected axis 1 or -1. "
        "Axis 0 counts the rows.",
    ),
]


@pytest.mark.parametrize(("make", "error", "message"), WRONG)
def test_messages(make, error, message):
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value) == message
