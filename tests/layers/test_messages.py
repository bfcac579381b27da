"""What bad input to a layer is answered with, word for word."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError, NotSaveableError, ShapeError
from pellucid.layers import (
    LAYERS,
    Input,
    Layer,
    attention,
    audio,
    convolution,
    image,
    pooling,
    recurrent,
    sequence,
)

ARGUMENTS = [
    (
        lambda: layers.Lambda(np.tanh, output_shape=(3,)),
        "Lambda: got the unknown argument 'output_shape', expected one of its own arguments. "
        "Leave it out: the function is traced for its shape.",
    ),
    (
        lambda: layers.Embedding(3, 2, weights=[np.ones((3, 2))]),
        "Embedding: got the unknown argument 'weights', expected one of its own arguments. Write "
        "embeddings_initializer=initializers.Constant(matrix), or set_weights([matrix]) once the "
        "model is built.",
    ),
    (
        lambda: layers.Dropout(1.7),
        "Dropout(rate=...): got 1.7, expected a number at least 0 and below 1 "
        "(the share of values that is dropped).",
    ),
    (
        lambda: layers.Dropout("half"),
        "Dropout(rate=...): got 'half', expected a number at least 0 and below 1 "
        "(the share of values that is dropped).",
    ),
    (
        lambda: layers.GaussianDropout(float("nan")),
        "GaussianDropout(rate=...): got nan, expected a number at least 0 and below 1 "
        "(the share of values that is dropped).",
    ),
    (
        lambda: layers.GaussianNoise(-1),
        "GaussianNoise(stddev=...): got -1, expected a number at least 0 "
        "(the standard deviation of the noise).",
    ),
    (
        lambda: layers.Dropout(0.5, seed=-1),
        "Dropout(seed=...): got -1, expected a whole number at least 0 (the seed of the draws).",
    ),
    (
        lambda: layers.Dropout(0.5, noise_shape="row"),
        "Dropout(noise_shape=...): got 'row', expected sizes with the batch axis first, "
        "such as (None, 1, 8); None for the inputs' own.",
    ),
    (
        lambda: layers.Dense(-3),
        "Dense(units=...): got -3, expected a whole number at least 1 (the number of outputs).",
    ),
    (
        lambda: layers.Dense(2.5),
        "Dense(units=...): got 2.5, expected a whole number at least 1 (the number of outputs).",
    ),
    (
        lambda: layers.Dense(0, use_bias=1),
        "2 problems:\n"
        "  1. Dense(units=...): got 0, expected a whole number at least 1 "
        "(the number of outputs).\n"
        "  2. Dense(use_bias=...): got 1, expected True or False.",
    ),
    (lambda: layers.Dense(), "Dense: got no 'units', expected Dense(units, activation=..., ...)."),
    (
        lambda: layers.Dense(3, activaton="relu"),
        "Dense: got the unknown argument 'activaton', expected one of its own arguments. "
        "Did you mean 'activation'?",
    ),
    (
        lambda: layers.Dense(3, activation="rleu"),
        "Dense(activation=...): activation: got the unknown name 'rleu', "
        "expected a known activation. Did you mean 'relu'?",
    ),
    (
        lambda: layers.Dense(3, activation=3),
        "Dense(activation=...): activation: got 3, expected a name such as 'relu' or a function.",
    ),
    (
        lambda: layers.Dense(3, activation=layers.PReLU()),
        "Dense(activation=...): activation: got PReLU(), expected a function or a layer without "
        "weights. Put a layer with weights after this one instead.",
    ),
    (
        lambda: layers.Dense(3, kernel_initializer="he_norml"),
        "Dense(kernel_initializer=...): initializer: got the unknown name 'he_norml', "
        "expected a known initializer. Did you mean 'he_normal'?",
    ),
    (
        lambda: layers.Dense(3, dtype="float23"),
        "Dense(dtype=...): got 'float23', expected one of None, 'float16', 'bfloat16', "
        "'float32', 'float64'. Did you mean 'float32'?",
    ),
    (
        lambda: layers.Dense(output_dim=3),
        "Dense: got the unknown argument 'output_dim', expected one of its own arguments. "
        "'output_dim' is now called 'units'.",
    ),
    (
        lambda: layers.Dense(3, init="uniform", W_regularizer="l2"),
        "2 problems:\n"
        "  1. Dense: got the unknown argument 'init', expected one of its own arguments. "
        "'init' is now called 'kernel_initializer'.\n"
        "  2. Dense: got the unknown argument 'W_regularizer', expected one of its own arguments. "
        "'W_regularizer' is now called 'kernel_regularizer'.",
    ),
    (
        lambda: layers.Dropout(p=0.5),
        "Dropout: got the unknown argument 'p', expected one of its own arguments. "
        "'p' is now called 'rate'.",
    ),
    (
        lambda: layers.LeakyReLU(alpha=0.1),
        "LeakyReLU: got the unknown argument 'alpha', expected one of its own arguments. "
        "'alpha' is now called 'negative_slope'.",
    ),
    (
        lambda: layers.LeakyReLU(-0.1),
        "LeakyReLU(negative_slope=...): got -0.1, expected a number at least 0 "
        "(the slope below zero).",
    ),
    (
        lambda: layers.Activation("softmx"),
        "Activation(activation=...): activation: got the unknown name 'softmx', "
        "expected a known activation. Did you mean 'softmax'?",
    ),
    (
        lambda: layers.BatchNormalization(momentum=2),
        "BatchNormalization(momentum=...): got 2, expected a number at least 0 and at most 1.",
    ),
    (
        lambda: layers.LayerNormalization(axis="last"),
        "LayerNormalization(axis=...): got 'last', "
        "expected an axis number, or several such as (1, 2).",
    ),
    (
        lambda: layers.GroupNormalization(0),
        "GroupNormalization(groups=...): got 0, "
        "expected a whole number at least 1, or -1 for one group a channel.",
    ),
    (
        lambda: layers.Dot((1, 2, 3)),
        "Dot(axes=...): got (1, 2, 3), "
        "expected an axis number, or one for each of two inputs, such as (2, 1).",
    ),
    (
        lambda: layers.Reshape((-1, -1)),
        "Reshape(target_shape=...): got (-1, -1), "
        "expected sizes without the batch axis, at most one of them -1, such as (7, -1).",
    ),
    (
        lambda: layers.Permute((2, 3)),
        "Permute(dims=...): got (2, 3), expected every axis once, counted from 1, such as (2, 1).",
    ),
    (
        lambda: layers.RepeatVector(0),
        "RepeatVector(n=...): got 0, "
        "expected a whole number at least 1 (the number of repetitions).",
    ),
    (
        lambda: layers.Rescaling("x"),
        "Rescaling(scale=...): got 'x', expected a number or an array of numbers.",
    ),
    (
        lambda: layers.Lambda(3),
        "Lambda(function=...): got 3, expected a function of arrays.",
    ),
    (
        lambda: layers.Lambda(lambda x: x.sum())(Input((3,))),
        "<lambda>: got results of shapes () and () for 2 and 3 rows, "
        "expected one result a row, the batch axis first.",
    ),
    (
        lambda: layers.Dense(3)([Input((2,)), Input((2,))]),
        "Dense: got a list of 2 inputs, expected one input. "
        "Merge them first, for example with Concatenate().",
    ),
    (
        lambda: layers.get("flaten"),
        "layer: got the unknown name 'flaten', expected a known layer. Did you mean 'flatten'?",
    ),
]


@pytest.mark.parametrize(("make", "message"), ARGUMENTS)
def test_arguments(make, message):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


SHAPES = [
    (
        layers.Dense(3, name="first"),
        (),
        "first (Dense): got inputs of shape (None,), expected at least 2 axes, "
        "the batch axis first. Add an axis, such as x[:, None].",
    ),
    (
        layers.Dense(3),
        (None,),
        "Dense: got inputs of shape (None, None) with the size of axis -1 left open, expected a "
        "known size: a weight is as long as that axis. Give the size in Input(shape=...).",
    ),
    (
        layers.BatchNormalization(axis=3),
        (4,),
        "BatchNormalization(axis=3): got inputs of shape (None, 4), expected axis 1 or -1. "
        "Axis 0 counts the rows.",
    ),
    (
        layers.LayerNormalization(axis=0),
        (4, 2),
        "LayerNormalization(axis=0): got inputs of shape (None, 4, 2), "
        "expected an axis from 1 to 2 or from -2 to -1. Axis 0 counts the rows.",
    ),
    (
        layers.RMSNormalization(axis=9),
        (3,),
        "RMSNormalization(axis=9): got inputs of shape (None, 3), expected axis 1 or -1. "
        "Axis 0 counts the rows.",
    ),
    (
        layers.UnitNormalization(axis=-2),
        (3,),
        "UnitNormalization(axis=-2): got inputs of shape (None, 3), expected axis 1 or -1. "
        "Axis 0 counts the rows.",
    ),
    (
        layers.GroupNormalization(3),
        (4,),
        "GroupNormalization: got inputs of shape (None, 4) with 4 channels, "
        "expected a multiple of groups=3. Choose groups that divide the channels.",
    ),
    (
        layers.Normalization(axis=2),
        (4,),
        "Normalization(axis=2): got inputs of shape (None, 4), expected axis 1 or -1. "
        "Axis 0 counts the rows.",
    ),
    (
        layers.Softmax(axis=5),
        (5, 2),
        "Softmax(axis=5): got inputs of shape (None, 5, 2), "
        "expected an axis from 1 to 2 or from -2 to -1. Axis 0 counts the rows.",
    ),
    (
        layers.PReLU(shared_axes=[3]),
        (5, 2),
        "PReLU(shared_axes=3): got inputs of shape (None, 5, 2), "
        "expected an axis from 1 to 2 or from -2 to -1. Axis 0 counts the rows.",
    ),
    (
        layers.Add(),
        [(3,), (4,)],
        "Add: got inputs of shapes (None, 3) and (None, 4), expected equal sizes, or 1, along "
        "every axis. Bring them to one width first, for example with Dense.",
    ),
    (layers.Average(), [], "Average: got 0 inputs, expected a list of at least 1."),
    (layers.Subtract(), [(3,)], "Subtract: got 1 input, expected a list of 2."),
    (
        layers.Multiply(),
        [(2, 3), (2, 4)],
        "Multiply: got inputs of shapes (None, 2, 3) and (None, 2, 4), expected equal sizes, "
        "or 1, along every axis. Bring them to one width first, for example with Dense.",
    ),
    (layers.Maximum(), [], "Maximum: got 0 inputs, expected a list of at least 1."),
    (layers.Minimum(), [], "Minimum: got 0 inputs, expected a list of at least 1."),
    (
        layers.Concatenate(),
        [(2, 3), (3, 3)],
        "Concatenate: got inputs of shapes (None, 2, 3) and (None, 3, 3), "
        "expected equal sizes along every axis but axis -1.",
    ),
    (
        layers.Dot(1),
        [(2,), (3,)],
        "Dot: got inputs of shapes (None, 2) and (None, 3), expected equal sizes along axes=1.",
    ),
    (
        layers.Arithmetic("multiply", np.ones((2, 3))),
        [(3,)],
        "Arithmetic: got inputs of shape (None, 3) and numbers of shape (2, 3), "
        "expected numbers that fit the inputs' last axes.",
    ),
    (
        layers.Reshape((2, 3)),
        (5,),
        "Reshape: got inputs of shape (None, 5), 5 values a row, "
        "expected 6 values for target_shape=(2, 3).",
    ),
    (
        layers.Slice([0, (1, None, None), 2]),
        (5, 3),
        "Slice: got inputs of shape (None, 5, 3), expected at least 4 axes, the batch axis and one "
        "for each part.",
    ),
    (
        layers.Permute((2, 1)),
        (5,),
        "Permute: got inputs of shape (None, 5), "
        "expected 3 axes, the batch axis first, for dims=(2, 1).",
    ),
    (
        layers.RepeatVector(2),
        (5, 2),
        "RepeatVector: got inputs of shape (None, 5, 2), "
        "expected 2 axes, the batch axis first. Add Flatten() before it.",
    ),
    (
        layers.Rescaling([1, 2, 3]),
        (5, 2),
        "Rescaling(scale=...): got numbers of shape (3,) for inputs of shape (None, 5, 2), "
        "expected one number, or numbers that fit the last axes.",
    ),
    (
        layers.Dropout(0.5, noise_shape=(None, 3)),
        (5,),
        "Dropout(noise_shape=...): got inputs of shape (None, 5), "
        "expected inputs over which a mask of shape (None, 3) can be repeated.",
    ),
    (
        layers.AlphaDropout(0.5, noise_shape=(None, 1, 1)),
        (5,),
        "AlphaDropout(noise_shape=...): got inputs of shape (None, 5), "
        "expected inputs over which a mask of shape (None, 1, 1) can be repeated.",
    ),
]


@pytest.mark.parametrize(("layer", "shape", "message"), SHAPES)
def test_shapes(layer, shape, message):
    with pytest.raises(ShapeError) as caught:
        layer.declared(shape)
    assert str(caught.value) == message


OF_FAMILIES = {
    cls
    for family in (attention, audio, convolution, image, pooling, recurrent, sequence)
    for cls in family.CLASSES
}
"""Layers whose messages are tested beside their other tests."""


def test_every_layer_that_checks_shapes_is_in_the_table():
    checking = {
        name
        for name, cls in LAYERS.classes.items()
        if cls not in OF_FAMILIES
        and (
            cls.shape_problems is not Layer.shape_problems
            or cls.input_rank is not None
            or cls.minimum_rank > 1
        )
    }
    assert {type(layer).__name__ for layer, _, _ in SHAPES} == checking


def test_a_layer_that_has_its_weights_refuses_another_width():
    layer = layers.Dense(3, name="hidden")
    layer(np.ones((2, 4), "float32"))
    with pytest.raises(ShapeError) as caught:
        layer(np.ones((2, 5), "float32"))
    assert str(caught.value) == (
        "hidden (Dense): got inputs for which 'kernel' would have shape (5, 3), expected inputs "
        "that fit its shape (4, 3). A layer serves inputs of one width; make a second layer for "
        "the other."
    )


def test_inputs_of_unequal_numbers_of_rows():
    with pytest.raises(ShapeError) as caught:
        layers.Add(name="sum")([np.ones((2, 3)), np.ones((1, 3))])
    assert str(caught.value) == "sum (Add): got inputs of 2 and 1 rows, expected as many in each."


def test_a_lambda_says_why_it_is_not_saved_and_what_to_do():
    with pytest.raises(NotSaveableError) as caught:
        layers.Lambda(lambda x: x + 1).get_config()
    assert str(caught.value) == (
        "Lambda.function: got '<lambda>', a Python function, expected a name or a description: a "
        "model file holds no code. Use a named function, or write a small layer or loss class and "
        "pass it to load_model(custom_objects={...})."
    )


def test_new_arrays_of_another_shape():
    layer = layers.Dense(3)
    layer(np.ones((1, 2), "float32"))
    with pytest.raises(ShapeError) as caught:
        layer.set_weights([np.ones((2, 4)), np.ones(4)])
    assert str(caught.value) == (
        "2 problems:\n"
        "  1. Dense.kernel: got shape (2, 4), expected shape (2, 3).\n"
        "  2. Dense.bias: got shape (4,), expected shape (3,)."
    )


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("CuDNNLSTM", " Write LSTM, which computes the same."),
        ("CuDNNGRU", " Write GRU, which computes the same."),
        ("Dens", " Did you mean 'Dense'?"),
        ("qqqq", ""),
    ],
)
def test_a_name_that_is_no_layer(name, answer):
    expected = f"pellucid.layers: got the unknown name '{name}', expected that of a layer.{answer}"
    with pytest.raises(AttributeError) as caught:
        getattr(layers, name)
    assert str(caught.value) == expected
    assert not hasattr(layers, name)
    for statement in (f"from pellucid.layers import {name}", f"import pellucid.layers.{name}"):
        with pytest.raises(ImportError) as refused:
            exec(statement)
        assert str(refused.value) == expected


def test_names_that_are_there_are_imported_as_ever():
    from pellucid.layers import Dense, merge

    assert Dense is layers.Dense
    assert merge.__name__ == "pellucid.layers.merge"
    with pytest.raises(ImportError, match="cannot import name '_private'"):
        exec("from pellucid.layers import _private")
    with pytest.raises(ModuleNotFoundError, match=r"'pellucid\.qqqq'"):
        exec("import pellucid.qqqq")


def test_what_the_answer_about_embeddings_says_works():
    matrix = np.arange(6, dtype="float32").reshape(3, 2)
    start = pellucid.initializers.Constant(matrix)
    layer = layers.Embedding(3, 2, embeddings_initializer=start)
    np.testing.assert_array_equal(layer(np.array([[2, 0]])), matrix[[[2, 0]]])
