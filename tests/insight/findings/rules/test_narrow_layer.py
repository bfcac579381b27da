"""Hidden layers of one or two units are told where more must pass, and given room."""

import numpy as np

import pellucid
from insight.findings.cases import case
from pellucid.insight.findings.rules.narrow_layer import narrow_layer, room_for_narrow
from pellucid.insight.remedies import WidenLayer
from pellucid.layers import Conv2D, Dense, Flatten, GlobalMaxPooling2D, Input, Multiply


def test_one_unit_is_given_room_but_not_the_output():
    layers = [Input((4,)), Dense(1, "relu"), Dense(8, "relu"), Dense(1, "sigmoid")]
    network = pellucid.Sequential(layers).network
    assert room_for_narrow(network) == (WidenLayer("dense", 64),)


def test_filters_and_a_layer_between_convolutions_and_classes_count_too():
    layers = [Input((6, 6, 1)), Conv2D(2, 3), Flatten(), Dense(1, "relu"), Dense(10, "softmax")]
    network = pellucid.Sequential(layers).network
    assert room_for_narrow(network) == (WidenLayer("conv2d", 64), WidenLayer("dense", 64))


def told(*stack):
    model = pellucid.Sequential([Input((8, 8, 1)) if stack[0] == "image" else Input((12,)),
                                 *stack[stack[0] == "image":]])  # fmt: skip
    x = np.zeros((4, *model.input_shape[1:]))
    return [(one.layer, one.severity) for one in narrow_layer(case(model, x, np.arange(4)))]


def test_one_unit_before_several_answers_is_told_whatever_lies_before():
    assert told(Dense(16, "relu"), Dense(1, "relu"), Dense(3, "softmax")) == [
        ("dense_1", "warning")
    ]
    found = told("image", Conv2D(16, 3), GlobalMaxPooling2D(), Dense(1), Dense(10, "softmax"))
    assert found == [("dense", "warning")]


def test_the_first_layer_and_filters_can_be_narrow():
    assert told(Dense(1, "relu"), Dense(64, "relu"), Dense(10)) == [("dense", "warning")]
    wide = [Conv2D(16, 3), Conv2D(1, 3), Conv2D(16, 3), Flatten(), Dense(10)]
    assert told("image", *wide) == [("conv2d_1", "warning")]


def test_one_answer_and_ways_around_are_sound():
    assert told(Dense(16, "relu"), Dense(4, "relu"), Dense(1, "sigmoid")) == []
    entry = Input((12,))
    wide = Dense(16, "relu")(entry)
    weighed = Multiply()([wide, Dense(1, "sigmoid")(wide)])
    model = pellucid.Model(entry, Dense(3, "softmax")(weighed))
    assert [*narrow_layer(case(model, np.zeros((4, 12)), np.arange(4)))] == []
