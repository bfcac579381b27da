"""Padded sequences in one batch give what the sequences give on their own: outputs, gradients."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from layers.example import Example, Inner
from layers.examples_attention import GROUPS, HEADS
from pellucid.layers import Context, Result

WIDTH, LENGTHS = 6, (4, 4, 2, 2)
"""Steps of the batch, and of the sequences in it, two of a kind."""

PLACES = {
    "behind": [0, 0, 0, 0],
    "before": [2, 2, 4, 4],
    "around": [1, 0, 2, 4],
}
"""At which step of the batch each sequence begins: the padding is behind it, before it, or both."""

ALL = {"units": 2, "return_sequences": True}
STATES = {**ALL, "return_state": True}
BACK = {**STATES, "go_backwards": True}
STACK = {"cell": [Inner("GRUCell", {"units": 2}), Inner("LSTMCell", {"units": 2})]}
CONVOLVED = {"filters": 1, "kernel_size": 2, "return_sequences": True, "return_state": True}
SHAPE, LINES, IMAGES = (WIDTH, 2), (WIDTH, 3, 1), (WIDTH, 2, 2, 1)

PADDED = (
    *(Example(name, STATES, SHAPE) for name in ("SimpleRNN", "GRU", "LSTM")),
    *(Example(name, BACK, SHAPE) for name in ("SimpleRNN", "GRU", "LSTM")),
    Example("GRU", {**BACK, "reset_after": False}, SHAPE),
    Example("LSTM", {"units": 2, "return_state": True}, SHAPE),
    Example("LSTM", {**ALL, "zero_output_for_mask": True}, SHAPE),
    Example("RNN", {**STACK, "return_sequences": True, "return_state": True}, SHAPE),
    Example("RNN", {**STACK, "return_sequences": True, "go_backwards": True}, SHAPE),
    *(
        Example("Bidirectional", {"layer": Inner("GRU", STATES), "merge_mode": mode}, SHAPE)
        for mode in ("concat", "sum", "mul", "ave", None)
    ),
    Example("Bidirectional", {"layer": Inner("LSTM", {"units": 2})}, SHAPE),
    Example("ConvLSTM1D", CONVOLVED, LINES),
    Example("ConvLSTM1D", {**CONVOLVED, "go_backwards": True}, LINES),
    Example("ConvLSTM2D", {**CONVOLVED, "return_sequences": False}, IMAGES),
    Example("Attention", {"use_scale": True}, [SHAPE, SHAPE]),
    Example("Attention", {}, [SHAPE, SHAPE], settings=("use_causal_mask",)),
    Example("AdditiveAttention", {}, [SHAPE, SHAPE]),
    Example("MultiHeadAttention", HEADS, [SHAPE, SHAPE]),
    Example("MultiHeadAttention", HEADS, [SHAPE, SHAPE], settings=("use_causal_mask",)),
    Example("MultiHeadAttention", {**HEADS, "sliding_window": 2}, [SHAPE, SHAPE]),
    Example("GroupQueryAttention", GROUPS, [SHAPE, SHAPE]),
)


def sequences(example):
    """Return a sequence for each of the lengths."""
    rng = np.random.default_rng(0)
    inner = example.shapes[0][1:]
    return [rng.normal(size=(length, *inner)).astype("float32") for length in LENGTHS]


def padded(rows, places, fill):
    """Return rows in one array, each from its place on, with `fill` elsewhere, and the mask."""
    whole = np.full((len(rows), WIDTH, *rows[0].shape[1:]), fill, "float32")
    mask = np.zeros((len(rows), WIDTH), bool)
    for row, (one, place) in enumerate(zip(rows, places, strict=True)):
        whole[row, place : place + len(one)] = one
        mask[row, place : place + len(one)] = True
    return whole, mask


def program(example):
    """Return a function of weights, a sequence, its mask and a weighing of the outputs.

    It returns the outputs, and the gradients of their weighed sum by weights and by sequence.
    """
    layer = example.make()

    def weighed(weights, x, mask, weighing):
        masks = [mask] * 2 if example.takes_list else mask
        context = Context(mask=masks, settings=example.settings)
        result = layer.run(weights, [x, x] if example.takes_list else x, context)
        outputs = jax.tree.leaves(result.outputs if isinstance(result, Result) else result)
        return sum(jnp.sum(w * one) for w, one in zip(weighing, outputs, strict=True)), outputs

    return jax.jit(jax.grad(weighed, argnums=(0, 1), has_aux=True))


def output_masks(example, x, mask):
    """Return the mask of each output; None for outputs without steps."""
    inputs, masks = ([x, x], [mask, mask]) if example.takes_list else (x, mask)
    found = example.make().compute_mask(inputs, masks)
    found = found if isinstance(found, list) else [found]
    found += [None] * (example.make().output_count(example.settings) - len(found))
    return [None if one is None else np.asarray(one) for one in found]


def close(given, expected):
    np.testing.assert_allclose(given, expected, rtol=1e-4, atol=1e-5)


@dataclass(frozen=True)
class Alone:
    """What sequences give without padding.

    Args:
        example: The layer.
        run: Its `program`.
        weighing: For each sequence how much each value of each output weighs.
        outputs: For each sequence its outputs.
        by_rows: For each sequence the gradient by it.
        by_weights: The gradient by the weights, of all sequences together.
    """

    example: Example
    run: Any
    weighing: list[list[Any]]
    outputs: list[list[Any]]
    by_rows: list[Any]
    by_weights: Any


@pytest.fixture(scope="module", params=PADDED, ids=lambda example: example.label)
def alone(request):
    example, run = request.param, program(request.param)
    rows, weights, rng = sequences(example), example.weights(), np.random.default_rng(1)
    weighing, outputs, by_rows, by_weights = [], [], [], []
    for first in (0, 2):
        x = np.stack(rows[first : first + 2])
        shape = [x.shape[1:]] * 2 if example.takes_list else x.shape[1:]
        own = [
            rng.normal(size=(2, *one)).astype("float32")
            for one in example.make().output_shapes(shape)
        ]
        slopes, found = run(weights, x, None, own)
        by_weights.append(slopes[0])
        by_rows += [*slopes[1]]
        weighing += map(list, zip(*own, strict=True))
        outputs += map(list, zip(*found, strict=True))
    return Alone(example, run, weighing, outputs, by_rows, jax.tree.map(jnp.add, *by_weights))


def laid_out(parts, mask):
    """Return what belongs to the real steps of each sequence in an array with zeros elsewhere."""
    if mask is None:
        return np.stack(parts)
    whole = np.zeros((*mask.shape, *parts[0].shape[1:]), "float32")
    whole[mask] = np.concatenate(parts)
    return whole


@pytest.mark.parametrize("places", PLACES)
def test_padded_sequences_give_what_they_give_alone(alone, places):
    x, mask = padded(sequences(alone.example), PLACES[places], fill=0.7)
    masks = output_masks(alone.example, x, mask)
    expected = [
        laid_out(parts, own)
        for parts, own in zip(zip(*alone.outputs, strict=True), masks, strict=True)
    ]
    weighing = [
        laid_out(parts, own)
        for parts, own in zip(zip(*alone.weighing, strict=True), masks, strict=True)
    ]
    slopes, found = alone.run(alone.example.weights(), x, mask, weighing)
    for one, other, own in zip(found, expected, masks, strict=True):
        close(one if own is None else np.where(_over(own, one), one, 0), other)
    close(slopes[1], laid_out(alone.by_rows, mask))
    jax.tree.map(close, slopes[0], alone.by_weights)


def _over(mask, x):
    """Return a mask of steps with axes for what a step of `x` holds."""
    return mask.reshape(mask.shape + (1,) * (x.ndim - 2))
