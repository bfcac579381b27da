"""Linear layers with something between them that is no activation."""

import pytest

from pellucid import Input, Sequential, layers
from pellucid.insight.findings.rules.missing_nonlinearity import missing_nonlinearity
from pellucid.layers import Dense
from pellucid.models.casing import case_without_rows
from pellucid.models.diagnosing import first_weights


def told(*stack, shape=(6,)):
    model = Sequential([Input(shape), *stack])
    found = missing_nonlinearity(case_without_rows(model, 1, first_weights(model)))
    return [(one.layer, one.severity) for one in found]


@pytest.mark.parametrize(
    "between",
    [
        (layers.BatchNormalization(),),
        (layers.LayerNormalization(), layers.Dropout(0.1)),
        (layers.Reshape((4, 2)), layers.Flatten()),
        (layers.GaussianNoise(0.1), layers.Activation("linear")),
        (layers.LeakyReLU(1.0),),
        (layers.ReLU(negative_slope=1.0),),
        (layers.Lambda(lambda x: x / 2 + 1),),
        (layers.Activation(lambda x: x),),
    ],
)
def test_what_is_no_activation_does_not_part_linear_layers(between):
    assert told(Dense(8), *between, Dense(1)) == [("dense", "warning")]


def test_an_activation_behind_normalisation_does():
    assert told(Dense(8), layers.BatchNormalization(), layers.ReLU(), Dense(1)) == []


@pytest.mark.parametrize("straight", [lambda x: 2 * x, layers.LeakyReLU(1.0)])
def test_a_function_that_is_a_straight_line_is_no_activation(straight):
    assert told(Dense(8, straight), Dense(1)) == [("dense", "warning")]


@pytest.mark.parametrize(
    "bent",
    [
        layers.LeakyReLU(0.5),
        layers.ELU(),
        layers.ReLU(max_value=6.0),
        layers.Softmax(),
        layers.PReLU(),
        layers.Lambda(lambda x: x * x),
        layers.Activation("hard_tanh"),
    ],
)
def test_what_bends_at_all_is_an_activation(bent):
    assert told(Dense(8), bent, Dense(1)) == []


@pytest.mark.parametrize(("bend", "found"), [(None, [("steps", "warning")]), ("relu", [])])
def test_the_layer_that_every_step_goes_through_counts(bend, found):
    steps = layers.TimeDistributed(Dense(4, bend), name="steps")
    assert told(steps, layers.TimeDistributed(Dense(4, "relu")), Dense(1), shape=(5, 2)) == found


def test_the_maxima_of_pooling_are_no_substitute():
    stack = (layers.Conv2D(4, 3), layers.MaxPooling2D(2), layers.Conv2D(4, 2, activation="relu"))
    found = told(*stack, layers.Flatten(), Dense(1), shape=(8, 8, 1))
    assert found == [("conv2d", "warning")]


def test_a_depthwise_convolution_belongs_to_the_one_behind_it():
    stack = (layers.DepthwiseConv2D(3), layers.Conv2D(4, 1, activation="relu"))
    assert told(*stack, layers.Flatten(), Dense(1), shape=(8, 8, 2)) == []


def test_a_recurrent_layer_can_be_linear_too():
    assert told(layers.SimpleRNN(4, activation=None), Dense(1), shape=(5, 2)) == [
        ("simple_rnn", "warning")
    ]
