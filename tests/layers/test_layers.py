"""What single layers do beyond the laws: shapes left open, merging, arithmetic, functions."""

import json

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import initializers, layers
from pellucid.errors import ArgumentError
from pellucid.layers import LAYERS, Context, Input, Layer, Weight

# -- activation layers and functions ----------------------------------------------------------


def test_a_layer_may_serve_as_activation(rng):
    x = rng.standard_normal((3, 4)).astype("float32")
    layer = layers.Dense(5, activation=layers.LeakyReLU(0.3))
    kernel, bias = (layer(x), layer.get_weights())[1]
    linear = x @ kernel + bias
    np.testing.assert_allclose(layer(x), np.where(linear > 0, linear, 0.3 * linear), rtol=1e-5)
    config = json.loads(json.dumps({"class": "layer.Dense", "config": layer.get_config()}))
    assert repr(LAYERS.from_config(config).activation) == "LeakyReLU()"


def test_a_function_of_ones_own_may_serve_as_activation():
    layer = layers.Activation(lambda x: jnp.concatenate([x, -x], axis=-1))
    assert layer(Input((3,))).shape == (None, 6)
    assert layer(Input((None, 3))).shape == (None, None, 6)
    assert layer(np.ones((1, 1), "float32")).tolist() == [[1, -1]]


def test_relu_of_minus_infinity_is_zero():
    assert layers.ReLU()(np.array([[-np.inf, np.inf]], "float32")).tolist() == [[0, np.inf]]


def test_softmax_shares_out_among_the_values_that_its_mask_keeps():
    scores = np.log(np.array([[1.0, 2.0, 3.0, 5.0]] * 3, "float32"))
    mask = np.array([[1, 0, 1, 0], [0, 1, 1, 1], [0, 0, 0, 0]], bool)
    expected = [[0.25, 0, 0.75, 0], [0, 0.2, 0.3, 0.5], [0, 0, 0, 0]]
    np.testing.assert_allclose(layers.Softmax()(scores, mask=mask), expected, rtol=1e-6)
    # A mask of steps leaves no value of a step out.
    steps = layers.Softmax()(scores[:, None], mask=mask[:, :1])
    np.testing.assert_allclose(steps[:, 0], [[1 / 11, 2 / 11, 3 / 11, 5 / 11]] * 3, rtol=1e-6)


def test_zeros_have_a_finite_gradient_where_lengths_are_divided_by():
    zeros = np.zeros((2, 3), "float32")
    for layer in (layers.UnitNormalization(), layers.LayerNormalization()):
        weights = layer.init(0, (3,))
        slope = jax.grad(lambda x, run=layer.run, w=weights: run(w, x, Context()).sum())(zeros)
        assert np.isfinite(slope).all()


# -- batch normalisation ------------------------------------------------------------------------


def test_moving_averages_approach_the_data(rng):
    layer = layers.BatchNormalization(momentum=0.9)
    weights = layer.init(0, (2,))
    x = rng.normal([1, -2], [2, 0.5], (500, 2)).astype("float32")
    for _ in range(100):
        weights |= layer.run(weights, x, Context(training=True)).state
    np.testing.assert_allclose(weights["moving_mean"], x.mean(0), rtol=1e-3)
    np.testing.assert_allclose(weights["moving_variance"], x.var(0), rtol=1e-3)


def test_a_frozen_batch_normalisation_uses_and_keeps_its_averages():
    layer = layers.BatchNormalization()
    layer.trainable = False
    x = np.full((4, 2), 5.0, "float32")
    outputs = layer.run(layer.init(0, (2,)), x, Context(training=True))
    np.testing.assert_allclose(outputs, x / np.sqrt(1.001), rtol=1e-6)


def test_variance_of_numbers_far_from_zero_is_exact(rng):
    x = (10000 + rng.standard_normal((64, 1))).astype("float32")
    layer = layers.BatchNormalization(momentum=0.0)
    state = layer.run(layer.init(0, (1,)), x, Context(training=True)).state
    np.testing.assert_allclose(state["moving_variance"], x.astype("float64").var(0), rtol=1e-3)


# -- shapes left open ---------------------------------------------------------------------------

OPEN = [
    (layers.Flatten(), (None, 3), (None,)),
    (layers.Reshape((3, -1)), (None, 3), (3, None)),
    (layers.Reshape((6,)), (None, 3), (6,)),
    (layers.Permute((2, 1)), (None, 3), (3, None)),
    (layers.Concatenate(), [(None, 3), (2, 4)], (2, 7)),
    (layers.Concatenate(axis=1), [(None, 3), (2, 3)], (None, 3)),
    (layers.Add(), [(None, 3), (5, 1)], (5, 3)),
    (layers.Dot((2, 2)), [(None, 3), (5, 3)], (None, 5)),
    (layers.Dense(7), (None, 3), (None, 7)),
    (layers.Lambda(lambda x: jnp.mean(x, axis=-1)), [(None, 3)], (None,)),
    (layers.BatchNormalization(), (None, 3), (None, 3)),
]


@pytest.mark.parametrize(("layer", "shape", "expected"), OPEN)
def test_sizes_left_open(layer, shape, expected):
    shapes = shape if isinstance(shape, list) else [shape]
    symbols = [Input(one) for one in shapes]
    drawn = layer(symbols if len(symbols) > 1 else symbols[0])
    assert drawn.inner_shape == expected


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    ones=st.lists(st.booleans(), min_size=6, max_size=6),
    short=st.booleans(),
)
def test_merged_shapes_are_those_of_keras(sizes, ones, short):
    first = [1 if one else size for one, size in zip(ones, sizes, strict=False)]
    second = [1 if one else size for one, size in zip(ones[3:], sizes, strict=False)]
    second = second[1:] if short else second
    arrays = [np.ones((2, *shape), "float32") for shape in (first, second)]
    ours, theirs = layers.Add()(arrays), keras.layers.Add()(arrays)
    assert ours.shape == theirs.shape
    assert layers.Add().output_shape([tuple(first), tuple(second)]) == ours.shape[1:]


@pytest.mark.parametrize(
    "name", ["add", "average", "concatenate", "maximum", "minimum", "multiply", "subtract", "dot"]
)
def test_functions_that_merge(name, rng):
    a, b = rng.standard_normal((2, 3, 4)).astype("float32")
    ours, theirs = getattr(layers, name)([a, b]), getattr(keras.layers, name)([a, b])
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)
    drawn = getattr(layers, name)([Input((4,)), Input((4,))], name="merged")
    assert drawn.name == "merged"


# -- arithmetic on symbols ----------------------------------------------------------------------

NUMBERS = np.array([1.0, 2.0, 4.0], "float32")
FORMULAS = [
    (lambda x: x + 2, "Arithmetic"),
    (lambda x: 2 + x, "Arithmetic"),
    (lambda x: x - 2, "Arithmetic"),
    (lambda x: 2 - x, "Arithmetic"),
    (lambda x: x * 3, "Arithmetic"),
    (lambda x: 3 * x, "Arithmetic"),
    (lambda x: x / 4, "Arithmetic"),
    (lambda x: 4 / x, "Arithmetic"),
    (lambda x: x**2, "Arithmetic"),
    (lambda x: -x, "Arithmetic"),
    (lambda x: x * NUMBERS, "Arithmetic"),
    (lambda x: NUMBERS * x, "Arithmetic"),
    (lambda x: x + x, "Add"),
    (lambda x: x - x, "Subtract"),
    (lambda x: x * x, "Arithmetic"),
    (lambda x: x / x, "Arithmetic"),
]


@pytest.mark.parametrize(("formula", "layer"), FORMULAS)
def test_arithmetic_on_symbols_is_arithmetic(formula, layer, rng):
    drawn = formula(Input((3,)))
    call = drawn.call
    assert type(call.layer).__name__ == layer
    assert drawn.shape == (None, 3)
    x = rng.uniform(1, 2, (2, 3)).astype("float32")
    np.testing.assert_allclose(call.layer([x] * len(call.inputs)), formula(x), rtol=1e-6)


def test_what_cannot_be_calculated_with_is_refused():
    with pytest.raises(TypeError, match="unsupported operand"):
        Input((3,)) + "one"


# -- lambda -------------------------------------------------------------------------------------


def test_a_lambda_takes_further_arguments_and_several_inputs():
    layer = layers.Lambda(lambda pair, by: (pair[0] - pair[1]) * by, arguments={"by": 10.0})
    a, b = np.array([[3.0]], "float32"), np.array([[1.0]], "float32")
    assert layer([a, b]).tolist() == [[20.0]]
    assert layer([Input((1,)), Input((1,))]).shape == (None, 1)


def test_gradients_flow_through_a_lambda():
    layer = layers.Lambda(lambda x: x**3)
    slope = jax.grad(lambda x: layer.run({}, [x], Context()).sum())(np.array([[2.0]], "float32"))
    assert slope.tolist() == [[12.0]]


def test_a_lambda_with_a_known_function_is_saved_by_name():
    assert layers.Lambda("relu").get_config()["function"] == "relu"


# -- layers of one's own ------------------------------------------------------------------------


class Scale(Layer):
    start: float = 1.0

    def build(self, shape):
        return {"scale": Weight(shape[-1:], initializers.Constant(self.start))}

    def apply(self, weights, inputs, context):
        return inputs * weights["scale"]


def test_a_layer_of_ones_own():
    layer = Scale(start=2.0, name="mine")
    assert layer(np.ones((1, 3), "float32")).tolist() == [[2.0, 2.0, 2.0]]
    assert layer.count_params() == 3
    assert [array.tolist() for array in layer.get_weights()] == [[2.0, 2.0, 2.0]]
    layer.set_weights([np.array([1.0, 2.0, 3.0])])
    assert layer(np.ones((1, 3), "float32")).tolist() == [[1.0, 2.0, 3.0]]
    with pytest.raises(ArgumentError, match="Did you mean 'start'"):
        Scale(strat=1.0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("dropout_0", None),
        ("flatten", layers.Flatten),
        ("Flatten", layers.Flatten),
        ("batch_normalization", layers.BatchNormalization),
        (layers.Flatten, layers.Flatten),
        ({"class": "layer.Dense", "config": {"units": 2}}, layers.Dense),
    ],
)
def test_layers_by_name(given, expected):
    if expected is None:
        with pytest.raises(ArgumentError):
            layers.get(given)
    else:
        assert type(layers.get(given)) is expected
