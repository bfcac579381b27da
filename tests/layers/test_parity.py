"""Layers compute what Keras's layers compute: outputs, state, gradients, masks, first values."""

import inspect
import itertools

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from keras.src import backend
from keras.src.initializers import random_initializers
from keras.src.layers.merging.base_merge import Merge as Merging

from layers.example import Example, Inner, made
from layers.examples import EXAMPLES
from pellucid.initializers import STFT, Constant, Ones, Zeros
from pellucid.layers import LAYERS, Context, Result
from pellucid.layers.attention.headed import INPUTS, HeadedAttention

ROWS = 3

WITHOUT_KERAS = {
    "AttachMask": "Keras keeps masks as attributes of arrays",
    "Arithmetic": "Keras has an operation class for each",
    "BagOfWords": "Keras counts every word of the vocabulary",
    "InputLayer": "it computes nothing",
    "Lambda": "it computes what the user's function computes",
    "PositionEmbedding": "KerasHub has it",
    "MFCC": "Keras ends at MelSpectrogram",
    "FilterAugment": "Keras varies images alone",
    "RandomNoise": "Keras varies images alone",
    "RandomSpeed": "Keras varies images alone",
    "SinePositionEncoding": "KerasHub has it",
    "Slice": "Keras has an operation for it",
    "SubwordVectorization": "KerasHub has it",
    "SpecAugment": "Keras varies images alone",
    "SpectrogramNormalization": "Keras ends at MelSpectrogram",
}
NEEDS_TENSORFLOW = {"IntegerLookup", "StringLookup", "TextVectorization"}
"""Keras computes these with TensorFlow alone; their tests hold Keras's documented results."""

COMPARED = [
    example
    for example in EXAMPLES
    if example.keras is not None and example.layer not in {*WITHOUT_KERAS, *NEEDS_TENSORFLOW}
]


def test_every_layer_of_both_libraries_is_compared():
    ours, theirs = set(LAYERS.classes), set(dir(keras.layers))
    compared = {example.layer for example in COMPARED}
    assert compared == (ours & theirs) - NEEDS_TENSORFLOW - set(WITHOUT_KERAS)
    assert ours - theirs <= set(WITHOUT_KERAS)


LEARNED = ("Normalization", "Discretization")
"""Layers whose arrays come from `adapt` or the constructor in both libraries."""


def own_weights(example):
    if example.layer in LEARNED:
        return example.make().init(0, example.shape)
    return example.weights()


def first_keras_layer(example):
    """Return Keras's layer with first values of its own."""
    options = made({**example.options, **example.keras}, keras.layers)
    layer = getattr(keras.layers, example.layer)(**options)
    if example.adapt_to is not None:
        # `Discretization.adapt` asks for TensorFlow first; these are the steps that follow.
        learn = getattr(layer, "update_state", layer.adapt)
        learn(example.adapt_to)
        layer.finalize_state()
    if not layer.built:
        shapes = [(None, *shape) for shape in example.shapes]
        if isinstance(example.make(), HeadedAttention):
            layer.build(*shapes[:3])
        else:
            layer.build(shapes if example.make().takes_list else shapes[0])
    return layer


def keras_layer(example):
    """Return Keras's layer with the example's weights."""
    layer = first_keras_layer(example)
    if example.layer not in LEARNED:
        weights = example.weights()
        names = [name.rsplit("/")[-1] for name in weights]
        assert [variable.name for variable in layer.weights] == names
        for variable, value in zip(layer.weights, weights.values(), strict=True):
            variable.assign(value)
    return layer


def given_to_keras(example, layer, inputs):
    """Return what a call of Keras's layer is given: by place, and by name."""
    named = dict.fromkeys(example.settings, True)
    if isinstance(example.make(), HeadedAttention):
        return (), named | headed_inputs(layer, inputs, example.mask_of())
    if isinstance(layer, Merging):
        for one, mask in zip(inputs, example.masks, strict=True):
            attach(one, mask)
    elif example.mask is not None:
        named["mask"] = example.mask_of() if example.make().takes_list else example.masks[0]
    if not (example.takes_list and example.make().takes_more):
        return (inputs,), named
    first, *states = inputs
    if hasattr(layer, "cells"):
        states = keras.tree.pack_sequence_as(layer.state_size, states)
    return (first, states), named


def attach(array, mask):
    """Give an array its mask as Keras's layers find it that have no such argument."""
    if mask is not None:
        backend.set_keras_mask(array, jnp.asarray(mask))


def headed_inputs(layer, inputs, masks):
    """Return inputs and masks of an attention layer with heads by Keras's names."""
    named = dict(zip(INPUTS, inputs, strict=False))
    for name, mask in zip(INPUTS, masks or (), strict=False):
        if mask is None:
            continue
        if name == "query" and isinstance(layer, keras.layers.MultiHeadAttention):
            # It forgets a `query_mask`, and takes the one that a layer before attached.
            attach(named[name], mask)
        else:
            named[f"{name}_mask"] = jnp.asarray(mask)
    return named


def both(example, training):
    """Return two functions of (weights, inputs) that give (outputs, state, penalty)."""
    layer, other = example.make(), keras_layer(example)
    options = {"training": training} if other._call_has_training_arg else {}
    variables = [] if example.layer in LEARNED else other.weights
    names = list(own_weights(example))
    context = Context(training=training, mask=example.mask_of(), settings=example.settings)

    def ours(weights, inputs):
        result = layer.run(weights, inputs, context)
        result = result if isinstance(result, Result) else Result(result)
        state = [
            result.state.get(name, weights[name])
            for name, variable in zip(names, variables, strict=False)
            if not variable.trainable
        ]
        return jax.tree.leaves(result.outputs), state, jnp.asarray(result.penalty)

    def theirs(weights, inputs):
        pairs = zip(variables, names, strict=False)
        mapping = [(variable, weights[name]) for variable, name in pairs]
        with keras.StatelessScope(state_mapping=mapping, collect_losses=True) as scope:
            placed, named = given_to_keras(example, other, inputs)
            outputs = other(*placed, **named, **options)
            penalties = sum(other.losses, jnp.asarray(0.0))
        state = [scope.get_current_value(one) for one in variables if not one.trainable]
        penalty = penalties - _weight_penalty(layer, example, weights)
        return jax.tree.leaves(outputs), state, penalty

    return ours, theirs


def _weight_penalty(layer, example, weights):
    """Return the penalties on weights, which Keras's `losses` hold beside those on activity."""
    declared = layer.declared(example.shape)
    penalties = [
        weight.regularizer(jnp.asarray(weights[name]))
        for name, weight in declared.items()
        if weight.regularizer is not None and weight.trainable and layer.trainable
    ]
    return sum(penalties, jnp.asarray(0.0))


def close(given, expected):
    assert jax.tree.structure(given) == jax.tree.structure(expected)
    for one, other in zip(jax.tree.leaves(given), jax.tree.leaves(expected), strict=True):
        np.testing.assert_allclose(
            np.asarray(one, "float32"), np.asarray(other, "float32"), rtol=2e-5, atol=2e-6
        )


PASSES = [
    (example, training)
    for example in COMPARED
    for training in (False, True)
    if not (training and example.random)
]
"""Random layers are compared in evaluation only; `test_random_layers` has their statistics."""


@pytest.mark.parametrize(
    ("example", "training"),
    PASSES,
    ids=[f"{example.label}-{'training' * training}" for example, training in PASSES],
)
def test_outputs_state_penalty_and_gradients(example, training):
    weights, inputs = own_weights(example), example.inputs(ROWS)
    # What `adapt` learned is not trained, and Keras holds it as a constant.
    places = (1,) if example.layer in LEARNED else (0, 1)

    def results(function):
        def weighed(weights, inputs):
            outputs, state, penalty = function(weights, inputs)
            return sum(map(ramped, outputs)) + penalty, (outputs, state, penalty)

        if not example.smooth:
            return jax.jit(function)(weights, inputs)
        return jax.jit(jax.grad(weighed, argnums=places, has_aux=True))(weights, inputs)

    close(*(results(function) for function in both(example, training)))


def ramped(outputs):
    """Return a number to which every output contributes in its own way."""
    ramp = jnp.cos(jnp.arange(outputs.size, dtype="float32")).reshape(outputs.shape)
    return jnp.sum(ramp * outputs)


STEPS = np.array([[1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]], bool)
"""Whether steps of three rows are real; an input of fewer steps has the first of them."""


def step_masks(example):
    """Return a mask for each input that has steps: three axes, or two where no input has three."""
    inputs = example.inputs(ROWS)
    inputs = inputs if example.takes_list else [inputs]
    least = min(3, max(one.ndim for one in inputs))
    return [STEPS[:, : one.shape[1]] if one.ndim >= max(2, least) else None for one in inputs]


def keras_masks(example, masks):
    """Return the masks that Keras gives the outputs of its layer, where its inputs have `masks`."""
    layer = getattr(keras.layers, example.layer)(
        **made({**example.options, **example.keras}, keras.layers)
    )
    if not layer.supports_masking:
        return []
    inputs = example.inputs(ROWS)
    merges = isinstance(layer, MERGING)
    if example.takes_list and not merges:
        inputs = inputs[0]
    found = layer.compute_mask(inputs, masks if merges else masks[0])
    return jax.tree.leaves(found, is_leaf=lambda one: one is None)


MERGING = (Merging, keras.layers.Attention)
"""Keras's layers that take a list of masks; the others take that of the first input."""


@pytest.mark.parametrize("example", COMPARED, ids=lambda example: example.label)
def test_masks_of_outputs_are_those_of_keras(example):
    masks = step_masks(example)
    ours = example.make().compute_mask(
        example.inputs(ROWS), masks if example.takes_list else masks[0]
    )
    ours = ours if isinstance(ours, list) else [ours]
    if getattr(example.make(), "go_backwards", False):
        # Keras leaves the mask as it was, though the outputs come from the last step to the first.
        ours = [None if one is None else one[:, ::-1] for one in ours]
    # Layers may leave out that outputs behind the last with a mask have none.
    for one, other in itertools.zip_longest(ours, keras_masks(example, masks)):
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_array_equal(one, other)


WIDE_CELLS = [Inner("LSTMCell", {"units": 40}), Inner("GRUCell", {"units": 30})]
SEQUENCE, LINE, IMAGE, VOLUME = (2, 30), (8, 20), (4, 4, 20), (4, 4, 4, 10)

WIDE = (
    Example("AdditiveAttention", {}, [(2, 3000), (3, 3000)]),
    Example("Bidirectional", {"layer": Inner("GRU", {"units": 40})}, SEQUENCE),
    Example("Conv1D", {"filters": 40, "kernel_size": 4}, LINE),
    Example("Conv1D", {"filters": 60, "kernel_size": 4, "groups": 2}, LINE),
    Example("Conv1DTranspose", {"filters": 60, "kernel_size": 3}, LINE),
    Example("Conv2D", {"filters": 40, "kernel_size": 2}, IMAGE),
    Example("Conv2DTranspose", {"filters": 50, "kernel_size": (2, 3)}, IMAGE),
    Example("Conv3D", {"filters": 40, "kernel_size": (2, 2, 3)}, VOLUME),
    Example("Conv3DTranspose", {"filters": 40, "kernel_size": 2}, VOLUME),
    Example("ConvLSTM1D", {"filters": 20, "kernel_size": 2}, (2, *LINE)),
    Example("ConvLSTM2D", {"filters": 10, "kernel_size": 2}, (2, *IMAGE)),
    Example("ConvLSTM3D", {"filters": 10, "kernel_size": 2}, (2, *VOLUME)),
    Example("Dense", {"units": 100}, (30,)),
    Example("DepthwiseConv1D", {"kernel_size": 4, "depth_multiplier": 30}, LINE),
    Example("DepthwiseConv2D", {"kernel_size": 2, "depth_multiplier": 30}, IMAGE),
    Example("Embedding", {"input_dim": 100, "output_dim": 30}, (3,), "whole"),
    Example("GRU", {"units": 40}, SEQUENCE),
    Example("GRUCell", {"units": 40}, [SEQUENCE[1:], (40,)]),
    Example(
        "GroupQueryAttention",
        {"head_dim": 40, "num_query_heads": 4, "num_key_value_heads": 2, "use_gate": True},
        [SEQUENCE, SEQUENCE],
    ),
    Example("LSTM", {"units": 40}, SEQUENCE),
    Example("LSTMCell", {"units": 40}, [SEQUENCE[1:], (40,), (40,)]),
    Example(
        "MultiHeadAttention",
        {"num_heads": 4, "key_dim": 20, "value_dim": 30, "use_gate": True},
        [SEQUENCE, SEQUENCE],
    ),
    Example("PReLU", {"alpha_initializer": "random_normal"}, (50, 60)),
    Example("RNN", {"cell": WIDE_CELLS}, SEQUENCE),
    Example("SeparableConv1D", {"filters": 10, "kernel_size": 4, "depth_multiplier": 30}, LINE),
    Example("SeparableConv2D", {"filters": 10, "kernel_size": 2, "depth_multiplier": 30}, IMAGE),
    Example("SimpleRNN", {"units": 60}, SEQUENCE),
    Example("SimpleRNNCell", {"units": 60}, [SEQUENCE[1:], (60,)]),
    Example("StackedRNNCells", {"cells": WIDE_CELLS}, [SEQUENCE[1:], (40,), (40,), (30,)]),
    Example("TimeDistributed", {"layer": Inner("Dense", {"units": 100})}, SEQUENCE),
)
"""Layers with kernels of a thousand values or more."""


def test_every_layer_with_random_first_values_is_wide_once():
    def draws(example):
        first = [weight.initializer for weight in example.make().declared(example.shape).values()]
        return any(not isinstance(one, (Zeros, Ones, Constant, STFT)) for one in first)

    drawing = {example.layer for example in COMPARED if draws(example)}
    assert {example.layer for example in WIDE} == drawing


@pytest.fixture
def numpy_draws(rng, monkeypatch):
    """Let NumPy draw by Keras's formulas: JAX would compile a program for each shape."""

    def normal(shape, mean=0.0, stddev=1.0, **more):
        return rng.normal(mean, stddev, shape).astype("float32")

    def uniform(shape, minval, maxval, **more):
        return rng.uniform(minval, maxval, shape).astype("float32")

    monkeypatch.setattr(random_initializers.random, "normal", normal)
    monkeypatch.setattr(random_initializers.random, "uniform", uniform)


@pytest.mark.usefixtures("numpy_draws")
@pytest.mark.parametrize("example", WIDE, ids=lambda example: example.label)
def test_first_values_are_spread_as_those_of_keras(example):
    ours, theirs = example.make().init(0, example.shape), first_keras_layer(example).weights
    for (name, one), variable in zip(ours.items(), theirs, strict=True):
        other = np.asarray(variable.value)
        assert one.shape == other.shape
        if len(np.unique(other)) <= 2:
            np.testing.assert_array_equal(one, other, err_msg=name)
            continue
        assert one.size >= 1000, name
        # Within five standard errors, of means and of the deviations of a normal distribution.
        error = 5 * np.sqrt(2 / one.size)
        assert abs(one.mean() - other.mean()) < error * other.std(), name
        np.testing.assert_allclose(one.std(), other.std(), rtol=error / np.sqrt(2), err_msg=name)
        # The greatest distance of two distributions exceeds this once in some 100,000 draws.
        places = np.searchsorted(np.sort(other, axis=None), np.sort(one, axis=None)) / one.size
        distance = abs(places - np.arange(one.size) / one.size).max()
        assert distance < 2.5 * np.sqrt(2 / one.size), name


@pytest.mark.parametrize("name", sorted({example.layer for example in COMPARED}))
def test_arguments_are_those_of_keras(name):
    ours = inspect.signature(LAYERS.classes[name]).parameters
    theirs = inspect.signature(getattr(keras.layers, name).__init__).parameters
    for argument, parameter in theirs.items():
        if argument in ("self", "kwargs", *LEFT_OUT.get(name, ())):
            continue
        assert argument in ours, f"{name} lacks {argument}"
        given, expected = ours[argument].default, parameter.default
        same = given == expected or str(given).lower() == str(expected).lower()
        needed = (name, argument) in NEEDED
        assert same or needed, f"{name}({argument}={given!r}), Keras {expected!r}"


NEEDED = {("CategoryEncoding", "num_tokens")}
"""Arguments whose default None Keras refuses."""

LEFT_OUT = {
    "Bidirectional": ("weights",),
    "BatchNormalization": ("renorm", "renorm_clipping", "renorm_momentum", "synchronized"),
    "Dense": ("lora_rank", "lora_alpha", "quantization_config"),
    "Embedding": ("lora_rank", "lora_alpha", "quantization_config", "weights"),
}
"""Arguments of Keras that Pellucid does not offer."""
