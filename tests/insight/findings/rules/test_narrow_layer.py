"""Hidden layers of one or two units are told where more must pass, and given room."""

import numpy as np

import pellucid
from insight.findings.cases import case
from pellucid.insight.findings.rules.narrow_layer import narrow_code, narrow_layer, room_for_narrow
from pellucid.insight.remedies import WidenLayer
from pellucid.layers import (
    Add,
    Conv2D,
    Dense,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    GlobalMaxPooling2D,
    Input,
    Multiply,
)
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import Adam


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


def read(*stack, kinds=500, width=1, lookups=1):
    """Return what is told of words that are looked up and read by some layers."""
    entry = Input((6,), dtype="int32")
    found = [Embedding(kinds, width, name=f"words_{one}")(entry) for one in range(lookups)]
    result = Add()(found) if lookups > 1 else found[0]
    for layer in stack:
        result = layer(result)
    model = pellucid.Model(entry, result)
    told_of = narrow_layer(case(model, np.zeros((4, 6), int), np.arange(4)))
    return [(one.layer, one.remedies) for one in told_of]


def test_vectors_of_one_number_are_narrow_for_many_kinds():
    expected = [("words_0", (WidenLayer("words_0", 8),))]
    assert read(Flatten(), Dense(16, "relu"), Dense(1)) == expected
    assert read(GlobalAveragePooling1D(), Dense(16, "relu"), Dense(1)) == expected


def test_longer_vectors_few_kinds_and_a_weight_for_each_word_are_sound():
    assert read(Flatten(), Dense(16, "relu"), Dense(1), width=4) == []
    assert read(Flatten(), Dense(16, "relu"), Dense(1), kinds=5) == []
    assert read(GlobalAveragePooling1D(), Dense(1, "sigmoid")) == []
    assert read(GlobalAveragePooling1D()) == []


def code(units, clean):
    """Return the run of an autoencoder of a plane in twelve columns, clean or with noise."""
    rng = np.random.default_rng(61)
    wanted = (rng.normal(size=(300, 2)) @ rng.normal(size=(2, 12))).astype("float32")
    given = wanted if clean else wanted + 0.5 * rng.normal(size=wanted.shape).astype("float32")
    wide = [Dense(16, "tanh"), Dense(units), Dense(16, "tanh")]
    model = pellucid.Sequential([Input((12,)), *wide, Dense(12)], seed=0)
    model.compile(Adam(0.01), "mse")
    model.fit(given, wanted, epochs=20, verbose=0)
    assert [*narrow_layer(last_case(model))] == []
    return [(one.layer, one.name) for one in narrow_code(last_case(model))]


def test_a_code_is_too_narrow_where_a_run_stays_behind_what_needs_none():
    assert code(1, clean=False) == [("dense_1", "narrow-layer")]
    assert code(2, clean=False) == []


def test_a_code_of_two_numbers_for_a_plane_is_what_was_wanted():
    assert code(2, clean=True) == []
