"""Functions drawn for teaching, judged by what is drawn."""

import numpy as np
import pytest
from scipy.special import expit, softmax

from pellucid.errors import ArgumentError
from pellucid.insight.activation_curve import catalogue
from pellucid.report import activation_curves, sigmoid_output, softmax_output


def lines_of(panel):
    return [line for line in panel.lines if len(line.get_xdata()) > 2]


def test_the_whole_catalogue_is_drawn():
    figure = activation_curves()
    titles = [panel.get_title(loc="left").split("(")[0].split(" ")[0] for panel in figure.axes]
    assert titles == catalogue()
    for panel in figure.axes:
        low, high = panel.get_ylim()
        assert all(np.nanmax(line.get_ydata()) > low for line in lines_of(panel))
        assert high - low < 14


def test_a_panel_has_the_function_and_its_derivative():
    (panel,) = activation_curves("sigmoid").axes
    function, derivative = lines_of(panel)
    x = function.get_xdata()
    np.testing.assert_allclose(function.get_ydata(), expit(x), rtol=1e-12)
    np.testing.assert_allclose(derivative.get_ydata(), expit(x) * expit(-x), rtol=1e-9)
    assert panel.texts[0].get_text() == "0 to 1; flat below −2.89, above 2.89"


def test_a_jump_of_the_derivative_is_a_gap():
    _, derivative = lines_of(activation_curves("relu").axes[0])
    x, y = derivative.get_data()
    assert np.isnan(y).sum() == 1
    assert x[np.isnan(y)] == pytest.approx(0.01)
    assert set(y[~np.isnan(y)]) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("function", "note"),
    [
        ("linear", "all values; nowhere flat"),
        ("log_sigmoid", "up to 0; flat above 2.95"),
        ("soft_shrink", "all values; flat −0.5 to 0.5"),
        ("squareplus", "from 0 up; flat below −4.13"),
        (lambda x: 0 * x, "0 to 0; flat everywhere"),
    ],
)
def test_range_and_flatness_in_words(function, note):
    assert activation_curves(function).axes[0].texts[0].get_text() == note


@pytest.mark.parametrize("threshold", [0.5, 0.2, 0.999])
def test_the_threshold_meets_the_sigmoid(threshold):
    panel = sigmoid_output(threshold).axes[0]
    corner, curve = lines_of(panel)
    turn = corner.get_xdata()[1]
    assert expit(turn) == pytest.approx(threshold)
    assert panel.get_xlim()[0] < turn < panel.get_xlim()[1]
    np.testing.assert_allclose(curve.get_ydata(), expit(curve.get_xdata()), atol=1e-6)


def test_softmax_of_one_logit_and_of_the_temperature():
    left, right = softmax_output(others=[0.5, -1.0], temperatures=[1.0, 4.0]).axes
    x = left.lines[0].get_xdata()
    logits = np.stack([x, np.full_like(x, 0.5), np.full_like(x, -1.0)], axis=1)
    for number, line in enumerate(left.lines):
        np.testing.assert_allclose(line.get_ydata(), softmax(logits, axis=1)[:, number], atol=1e-6)
    expected = softmax(logits / 4, axis=1)[:, 0]
    np.testing.assert_allclose(right.lines[1].get_ydata(), expected, atol=1e-6)


CASES = [
    (
        lambda: activation_curves(np.tanh),
        "activation_curves: got the function 'tanh', which cannot be differentiated on an array "
        "of JAX (The numpy.ndarray conversion method __array__() was called on traced array with "
        "shape float64[1201,1]), expected one that takes such an array and returns another of the "
        "same shape. Write it with jax.numpy.tanh.",
    ),
    (
        lambda: activation_curves(lambda x: x.missing),
        "activation_curves: got the function '<lambda>', which cannot be differentiated on an "
        "array of JAX ('jaxlib._jax.ArrayImpl' object has no attribute 'missing'), expected one "
        "that takes such an array and returns another of the same shape. Write it with jax.numpy.",
    ),
    (
        lambda: activation_curves("relu", limits=(1.0, 1.0)),
        "activation_curves(limits=...): got (1.0, 1.0), expected two finite numbers, "
        "the smaller first.",
    ),
    (
        lambda: sigmoid_output(1),
        "sigmoid_output(threshold=...): got 1, expected a probability between 0 and 1.",
    ),
    (
        lambda: softmax_output([], [0.0]),
        "2 problems:\n"
        "  1. softmax_output(others=...): got [], expected one to 6 finite numbers.\n"
        "  2. softmax_output(temperatures=...): got [0.0], expected finite numbers above 0.",
    ),
]


@pytest.mark.parametrize(("call", "message"), CASES)
def test_messages(call, message):
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message
