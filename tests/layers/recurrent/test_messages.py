"""What bad input to a recurrent layer is answered with, word for word."""

import numpy as np
import pytest

import pellucid
from pellucid import Input, layers
from pellucid.errors import ArgumentError, ShapeError
from pellucid.layers.recurrent import CLASSES

X = np.ones((2, 3, 4), "float32")

CELL = "a cell, such as LSTMCell(8) or one of your own class of pellucid.layers.Cell"
RECURRENT = "a recurrent layer, such as LSTM(8) or RNN(cell)"

ARGUMENTS = [
    (
        lambda: layers.LSTM(0),
        "LSTM(units=...): got 0, expected a whole number at least 1 (the number of units).",
    ),
    (
        lambda: layers.GRU(3, dropout=1.0),
        "GRU(dropout=...): got 1.0, expected a number at least 0 and below 1 "
        "(a share of the inputs).",
    ),
    (
        lambda: layers.LSTM(3, implementation=2),
        "LSTM: got the unknown argument 'implementation', expected one of its own arguments. "
        "Leave it out: the fastest way is chosen.",
    ),
    (
        lambda: layers.SimpleRNN(3, input_dim=2, input_length=5),
        "SimpleRNN: got the unknown argument 'input_length', expected one of its own arguments. "
        "Write input_shape=(5, 2) for steps and features.",
    ),
    (
        lambda: layers.TimeDistributed(pellucid.Sequential([Input((4,)), layers.Dense(1)])),
        "TimeDistributed(layer=...): got a Sequential, expected a layer, such as Dense(8). Wrap "
        "each layer of the model on its own.",
    ),
    (
        lambda: layers.LSTM(3, inner_activation="tanh", dropout_U=0.1),
        "2 problems:\n"
        "  1. LSTM: got the unknown argument 'inner_activation', expected one of its own "
        "arguments. 'inner_activation' is now called 'recurrent_activation'.\n"
        "  2. LSTM: got the unknown argument 'dropout_U', expected one of its own arguments. "
        "'dropout_U' is now called 'recurrent_dropout'.",
    ),
    (
        lambda: layers.LSTM(3, use_cudnn="yes"),
        "LSTM(use_cudnn=...): got 'yes', expected one of 'auto', True, False.",
    ),
    (
        lambda: layers.RNN(layers.LSTM(3)),
        f"RNN(cell=...): got the layer LSTM(units=3), expected {CELL}. Write LSTMCell(...).",
    ),
    (
        lambda: layers.RNN(layers.LSTMCell),
        f"RNN(cell=...): got the class LSTMCell, expected {CELL}. "
        "Write LSTMCell(...) with its arguments.",
    ),
    (
        lambda: layers.StackedRNNCells([]),
        "StackedRNNCells(cells=...): got [], expected a list of cells, such as "
        "[LSTMCell(8), LSTMCell(8)].",
    ),
    (
        lambda: layers.StackedRNNCells([layers.LSTMCell(3)] * 2),
        "StackedRNNCells(cells=...): got one cell twice, expected cells with weights of their "
        "own. Make each anew: [LSTMCell(8) for _ in range(2)].",
    ),
    (
        lambda: layers.Bidirectional(layers.Dense(3)),
        f"Bidirectional(layer=...): got the layer Dense(units=3), expected {RECURRENT}.",
    ),
    (
        lambda: layers.Bidirectional(layers.LSTM),
        f"Bidirectional(layer=...): got the class LSTM, expected {RECURRENT}. "
        "Write LSTM(...) with its arguments.",
    ),
    (
        lambda: layers.Bidirectional(layers.LSTM(3), merge_mode="concatenate"),
        "Bidirectional(merge_mode=...): got 'concatenate', expected one of 'sum', 'mul', "
        "'concat', 'ave', None. Did you mean 'concat'?",
    ),
    (
        lambda: layers.Bidirectional(layers.LSTM(3, go_backwards=True)),
        "Bidirectional(layer=...): got LSTM(go_backwards=True, units=3), expected a layer that "
        "runs forward. It is the copy of it that runs back.",
    ),
    (
        lambda: layers.Bidirectional(
            layers.LSTM(3), backward_layer=layers.LSTM(3, return_sequences=True)
        ),
        "2 problems:\n"
        "  1. Bidirectional(backward_layer=...): got go_backwards=False in both layers, expected "
        "one that runs forward and one that runs back.\n"
        "  2. Bidirectional(backward_layer=...): got return_sequences=True, expected "
        "return_sequences=False as in the forward layer.",
    ),
    (
        lambda: layers.TimeDistributed(np.tanh),
        "TimeDistributed(layer=...): got a ufunc, expected a layer, such as Dense(8).",
    ),
    (
        lambda: layers.TimeDistributed(layers.Add()),
        "TimeDistributed(layer=...): got Add(), which takes several inputs, expected a layer of "
        "one input.",
    ),
    (
        lambda: layers.TimeDistributed(layers.LSTM(3, stateful=True)),
        "TimeDistributed(layer=...): got a stateful layer, expected one that starts anew with "
        "each call. Leave stateful out.",
    ),
    (
        lambda: layers.TimeDistributed(layers.StringLookup(vocabulary=["a"])),
        "TimeDistributed(layer=...): got StringLookup(vocabulary=('a',)), which works on text, "
        "expected a layer of numbers. Put it before: it takes arrays of any shape.",
    ),
    (
        lambda: layers.LSTM(3)(X, np.ones((2, 3)), np.ones((2, 3))),
        "LSTM: got 3 inputs one by one, expected a sequence and initial_state=[...].",
    ),
    (
        lambda: layers.LSTM(3)(Input((3, 4)), initial_state=[np.ones((2, 3))] * 2),
        "LSTM: got symbolic tensors and arrays in one call, expected one of the two. Let the "
        "arrays enter the model by an Input.",
    ),
    (
        lambda: layers.LSTM(3).reset_states(),
        "LSTM: got a layer that keeps no states, expected stateful=True.",
    ),
]


@pytest.mark.parametrize(("make", "message"), ARGUMENTS)
def test_arguments(make, message):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


def test_a_model_is_no_layer_to_wrap():
    model = type("Sequential", (), {"layers": []})()
    with pytest.raises(ArgumentError) as caught:
        layers.TimeDistributed(model)
    assert str(caught.value) == (
        "TimeDistributed(layer=...): got a Sequential, expected a layer, such as Dense(8). "
        "Wrap each layer of the model on its own."
    )


ONE_NUMBER = (
    "For one number a step write x[..., None]; for whole numbers such as words put "
    "Embedding(...) before it."
)
LSTM_AND_BACK = {"backward_layer": layers.GRU(4, go_backwards=True)}

SHAPES = [
    (
        layers.SimpleRNN(3),
        (10,),
        "SimpleRNN: got inputs of shape (None, 10), expected 3 axes: batch, steps, features. "
        + ONE_NUMBER,
    ),
    (
        layers.RNN(layers.LSTMCell(3)),
        (10,),
        "RNN: got inputs of shape (None, 10), expected 3 axes or more: batch, steps, features. "
        + ONE_NUMBER,
    ),
    (
        layers.GRU(3),
        (5, 6, 2),
        "GRU: got inputs of shape (None, 5, 6, 2), expected 3 axes: batch, steps, features.",
    ),
    (
        layers.LSTM(3),
        (0, 2),
        "LSTM: got sequences of no steps, shape (None, 0, 2), expected at least one step.",
    ),
    (
        layers.LSTM(3, unroll=True),
        (None, 2),
        "LSTM(unroll=True): got inputs of shape (None, None, 2) with the number of steps left "
        "open, expected a known number of steps. Give it in Input(shape=...), or leave unroll "
        "out: no result depends on it.",
    ),
    (
        layers.LSTM(3),
        [(5, 2), (3,)],
        "LSTM: got 1 state of shape (None, 3), expected 2 states of shape (None, 3) and (None, 3).",
    ),
    (
        layers.GRU(3),
        [(5, 2), (4,)],
        "GRU: got 1 state of shape (None, 4), expected 1 state of shape (None, 3).",
    ),
    (
        layers.LSTM(3, stateful=True),
        (None, 2),
        "LSTM(stateful=True): got inputs with the number of rows in a batch left open, expected "
        "a known one: each row goes on where that row of the batch before ended. "
        "Give it in Input(batch_shape=(32, 10, 2)).",
    ),
    (
        layers.LSTM(3),
        (5, None),
        "LSTMCell: got inputs of shape (None, None) with the size of axis -1 left open, expected "
        "a known size: a weight is as long as that axis. Give the size in Input(shape=...).",
    ),
    (
        layers.SimpleRNNCell(3),
        (),
        "SimpleRNNCell: got inputs of shape (None,), expected at least 2 axes, the batch axis "
        "first. Add an axis, such as x[:, None].",
    ),
    (
        layers.GRUCell(3),
        [(2,), (4,)],
        "GRUCell: got 1 state of shape (None, 4), expected 1 state of shape (None, 3).",
    ),
    (
        layers.LSTMCell(3),
        [(2,), (3,)],
        "LSTMCell: got 1 state of shape (None, 3), expected 2 states of shape (None, 3) and "
        "(None, 3).",
    ),
    (
        layers.StackedRNNCells([layers.GRUCell(3), layers.GRUCell(2)]),
        [(2,), (3,), (3,)],
        "StackedRNNCells: got 2 states of shape (None, 3) and (None, 3), expected 2 states of "
        "shape (None, 3) and (None, 2).",
    ),
    (
        layers.Bidirectional(layers.LSTM(3), name="both"),
        (10,),
        "forward_lstm (LSTM): got inputs of shape (None, 10), expected 3 axes: batch, steps, "
        "features. " + ONE_NUMBER,
    ),
    (
        layers.Bidirectional(layers.GRU(3), merge_mode="sum", **LSTM_AND_BACK),
        (5, 2),
        "Bidirectional(merge_mode='sum'): got outputs of shapes (None, 3) and (None, 4), expected "
        "equal shapes in both directions. Give both layers as many units, or write "
        "merge_mode='concat'.",
    ),
    (
        layers.TimeDistributed(layers.Dense(3)),
        (10,),
        "TimeDistributed: got inputs of shape (None, 10), expected at least 3 axes: batch, steps, "
        "what a step holds. A layer that takes one value a step needs no TimeDistributed.",
    ),
    (
        layers.TimeDistributed(layers.LSTM(3)),
        (10, 2),
        "LSTM: got inputs of shape (None, 2), expected 3 axes: batch, steps, features. "
        + ONE_NUMBER,
    ),
    (
        layers.ConvLSTM1D(3, 2),
        (5, 9),
        "ConvLSTM1D: got inputs of shape (None, 5, 9), expected 4 axes: (batch, steps, steps, "
        "channels).",
    ),
    (
        layers.ConvLSTM2D(3, 2),
        (5, None, 9, 1),
        "ConvLSTM2D: got inputs of shape (None, 5, None, 9, 1) with sizes left open, expected "
        "known sizes: the states are as large. Give them in Input(shape=...).",
    ),
    (
        layers.ConvLSTM3D(3, 3),
        (5, 2, 4, 4, 1),
        "ConvLSTM3D: got inputs of shape (None, 2, 4, 4, 1), expected at least 3 × 3 × 3 (depth × "
        "height × width) for kernel_size=(3, 3, 3) and padding='valid'. Use padding='same', a "
        "smaller kernel_size, or fewer strides before it.",
    ),
]


@pytest.mark.parametrize(("layer", "shape", "message"), SHAPES)
def test_shapes(layer, shape, message):
    with pytest.raises(ShapeError) as caught:
        layer.declared(shape)
    assert str(caught.value) == message


def test_every_layer_of_the_family_is_in_the_table():
    assert {type(layer) for layer, _, _ in SHAPES} == {*CLASSES}


@pytest.mark.parametrize(
    "layer", [layers.LSTM(3), layers.Bidirectional(layers.LSTM(3), name="both")]
)
def test_a_mask_of_the_wrong_shape(layer):
    with pytest.raises(ShapeError) as caught:
        layer(X, mask=np.ones((2, 4), bool))
    assert str(caught.value) == (
        f"{layer.label}(mask=...): got shape (2, 4), expected shape (2, 3), one value for each "
        "step of (2, 3, 4). True or 1 marks a real step."
    )


def test_a_mask_of_other_steps_than_those_of_the_wrapped_layer():
    with pytest.raises(ShapeError) as caught:
        layers.TimeDistributed(layers.Dense(3))(X, mask=np.ones((2, 4), bool))
    assert str(caught.value) == (
        "TimeDistributed(mask=...): got shape (2, 4), expected shape (2, 3), one value for each "
        "step of (2, 3, 4). True or 1 marks a real step."
    )


def test_a_mask_of_what_is_within_the_steps():
    x = layers.Input((3, 4), dtype="int32")
    words = layers.TimeDistributed(layers.Embedding(5, 2, mask_zero=True))(x)
    model = pellucid.Model(x, layers.ConvLSTM1D(2, 3, name="run")(words))
    with pytest.raises(ShapeError) as caught:
        model.predict(np.ones((2, 3, 4), int))
    assert str(caught.value) == (
        "run (ConvLSTM1D)(mask=...): got shape (None, 3, 4), expected shape (None, 3), one value "
        "for each step of (None, 3, 4, 2). True or 1 marks a real step."
    )


def test_a_cell_whose_states_change_their_shape():
    class Growing(layers.Cell):
        @property
        def state_size(self):
            return 2

        def step(self, weights, inputs, states, context):
            return inputs, [inputs, states[0]]

    with pytest.raises(ShapeError) as caught:
        layers.RNN(Growing())(X)
    assert str(caught.value) == (
        "Growing.step: got states of shapes [(2, 4), (2, 2)] after a step, expected [(2, 2)], as "
        "before it."
    )


STATES = "leave return_state=True out of it, or take the first of what it gives."


@pytest.mark.parametrize(
    ("layer", "label", "number"),
    [
        (layers.LSTM(3, return_state=True, name="read"), "read (LSTM)", 3),
        (layers.RNN(layers.GRUCell(3), return_state=True), "RNN", 2),
        (layers.Bidirectional(layers.GRU(3, return_state=True)), "Bidirectional", 3),
    ],
)
def test_states_before_a_layer_of_one_input(layer, label, number):
    expected = (
        f"out (Dense): got a list of {number} inputs, expected one input. They are the outputs and "
        f"states of {label}: {STATES}"
    )
    with pytest.raises(ArgumentError) as caught:
        pellucid.Sequential([Input((3, 4)), layer, layers.Dense(1, name="out")])
    assert str(caught.value) == expected
    with pytest.raises(ArgumentError) as caught:
        layers.Dense(1, name="out")(layer(Input((3, 4))))
    assert str(caught.value) == expected


def test_outputs_of_several_layers_are_told_to_be_merged():
    both = layers.Bidirectional(layers.GRU(3), merge_mode=None)(Input((3, 4)))
    for given in (both, [Input((3,)), Input((3,))]):
        with pytest.raises(ArgumentError) as caught:
            layers.Dense(1)(given)
        assert str(caught.value) == (
            "Dense: got a list of 2 inputs, expected one input. Merge them first, for example "
            "with Concatenate()."
        )


def test_input_dim_alone_is_the_number_of_features():
    model = pellucid.Sequential([layers.LSTM(3, input_dim=4)])
    assert model.input_shape == (None, None, 4)


def test_a_sequential_model_may_end_in_outputs_and_states():
    model = pellucid.Sequential([Input((3, 4)), layers.LSTM(2, return_state=True)])
    assert [one.shape for one in model.predict(X)] == [(2, 2)] * 3
