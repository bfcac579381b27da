"""The picture of one model's boundary, judged by what is drawn, against the model's formula."""

import numpy as np
import pandas as pd
import pytest

import pellucid
from pellucid import layers, losses
from pellucid.report import decision_boundary
from pellucid.report.boundary.view import read_view
from report.boundary.networks import B, W, line, lines_of, model

RNG = np.random.default_rng(1)
X = RNG.normal(size=(40, 2))
Y = (X @ W[:, 0] + B > 0).astype(int)
COLOURS = {0: "#0072B2", 1: "#D55E00", 2: "#009E73"}


def note_of(figure):
    return figure.axes[0].texts[0].get_text()


def markers_of(figure):
    return [one for one in figure.axes[0].collections if hasattr(one, "get_sizes")]


def test_the_boundary_of_set_weights_is_where_the_formula_says():
    panel = decision_boundary(line(), X, Y).axes[0]
    drawn = lines_of(panel)
    # Once for each of the two classes, and two dashed lines where p is 0.1 and 0.9.
    logits = [points @ W[:, 0] + B for points in drawn if len(points)]
    middle = [one for one in logits if abs(one).max() < 0.5]
    sure = np.concatenate([one for one in logits if abs(one).max() >= 0.5])
    assert len(middle) == 2
    np.testing.assert_allclose(np.concatenate(middle), 0, atol=2e-3)
    np.testing.assert_allclose(np.abs(sure), np.log(9), atol=0.02)


def test_probabilities_on_the_plane_are_those_of_predict():
    trained = model(width=3)
    x = RNG.normal(size=(30, 3))
    y = (x[:, 0] > x[:, 2]).astype(int)
    trained.compile(pellucid.optimizers.SGD(0.5), "binary_crossentropy")
    trained.fit(x, y, epochs=3, verbose=0)
    view = read_view("test", trained, x, y, {"features": (2, 0), "resolution": 5})
    seen = view.boundary()
    for row, column in [(0, 0), (1, 3), (4, 2)]:
        example = [seen.vertical[row], np.median(x[:, 1]), seen.horizontal[column]]
        p = trained.predict(np.array([example]), verbose=0)[0, 0]
        np.testing.assert_allclose(seen.outputs[row, column], [1 - p, p], atol=1e-6)


@pytest.mark.parametrize("units", [1, 3])
def test_logits_become_probabilities(units):
    weights = [RNG.normal(size=(2, units)), RNG.normal(size=units)]
    ending = "sigmoid" if units == 1 else "softmax"
    plain, bare = model(2, units, ending, weights), model(2, units, None, weights)
    loss = losses.BinaryCrossentropy if units == 1 else losses.SparseCategoricalCrossentropy
    bare.compile("sgd", loss(from_logits=True))
    y = np.arange(40) % max(units, 2)
    seen = [read_view("test", one, X, y, {"resolution": 9}).boundary() for one in (plain, bare)]
    np.testing.assert_allclose(seen[0].outputs, seen[1].outputs, atol=1e-6)


def test_colours_deepen_with_probability_and_are_white_between():
    flat = model(weights=[[[0.0], [0.0]], [0.0]])
    (image,) = decision_boundary(flat, X, Y, resolution=3).axes[0].images
    np.testing.assert_allclose(image.get_array(), 1.0)
    steep = model(weights=[[[1e3], [0.0]], [0.0]])
    (image,) = decision_boundary(steep, X, Y, resolution=4).axes[0].images
    left, right = image.get_array()[0, 0], image.get_array()[0, -1]
    np.testing.assert_allclose(left, (1 + np.array([0, 0x72, 0xB2]) / 255) / 2)
    np.testing.assert_allclose(right, (1 + np.array([0xD5, 0x5E, 0]) / 255) / 2)


def test_every_class_has_its_own_marker_and_colour_at_its_rows():
    from matplotlib.colors import to_hex

    labels = np.array(["yes", "no"])[Y]
    figure = decision_boundary(line(), X, labels, labels=["yes", "no"])
    drawn = markers_of(figure)
    for number, one in enumerate(drawn):
        np.testing.assert_array_equal(one.get_offsets(), X[np.equal(Y, number)])
        assert to_hex(one.get_facecolors()[0]).upper() == COLOURS[number]
    shapes = {len(one.get_paths()[0].vertices) for one in drawn}
    assert len(shapes) == 2
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["yes", "no", "boundary", "90% sure"]
    assert note_of(figure) == "accuracy 100.0% on these rows"
    assert figure.axes[1].get_ylabel() == "probability of no"


@pytest.mark.parametrize(
    ("y", "labels", "expected"),
    [
        (Y.astype("float32")[:, None], None, ["0", "1"]),
        (np.eye(2)[Y], None, ["0", "1"]),
        (Y, ["benign", "malignant"], ["benign", "malignant"]),
        (np.where(Y, 3, 7), [7, 3], ["7", "3"]),
        (1 - Y, [1, 0], ["1", "0"]),
    ],
)
def test_classes_are_told_in_many_ways(y, labels, expected):
    ending = model(2, 2, "softmax", [np.hstack([-W, W]) / 2, [-B / 2, B / 2]])
    view = read_view("test", ending, X, y, {"labels": labels})
    assert list(view.names) == expected
    np.testing.assert_array_equal(view.truth, Y)


def test_a_dollar_in_a_class_is_a_dollar():
    figure = decision_boundary(line(), X, Y, labels=["< $5$", "> $5$"], resolution=5)
    assert not figure.legends[0].get_texts()[0].get_parse_math()


def test_a_frame_names_its_features_and_the_others_are_noted():
    frame = pd.DataFrame(np.hstack([X, X + 1]), columns=["age", "size ($)", "c", "d"])
    figure = decision_boundary(model(4), frame, Y, ("d", "size ($)"), fixed={"c": 2}, resolution=5)
    panel = figure.axes[0]
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("d", "size ($)")
    assert note_of(figure).endswith("on these rows; c = 2, 1 other feature at the median")
    np.testing.assert_allclose(markers_of(figure)[0].get_offsets()[:, 1], X[Y == 0][:, 1])


def test_axes_are_in_the_units_of_the_inputs():
    scaled = np.array([1000.0, 0.01]) * X
    normalization = layers.Normalization()
    normalization.adapt(scaled)
    made = pellucid.Sequential([layers.Input((2,)), normalization, layers.Dense(1, "sigmoid")])
    panel = decision_boundary(made, scaled, Y, resolution=5).axes[0]
    low, high = panel.get_xlim()
    assert low < scaled[:, 0].min() < scaled[:, 0].max() < high
    assert high - low < 1.2 * np.ptp(scaled[:, 0])


def test_a_model_of_values_is_drawn_as_colours():
    values = X @ W[:, 0] + B
    figure = decision_boundary(line("linear"), X, values, resolution=6)
    (image,) = figure.axes[0].images
    seen = read_view("test", line("linear"), X, values, {"resolution": 6}).boundary()
    grid = np.stack(np.meshgrid(seen.horizontal, seen.vertical), axis=-1)
    np.testing.assert_allclose(image.get_array(), (grid @ W)[..., 0] + B, atol=1e-5)
    (points,) = markers_of(figure)
    np.testing.assert_array_equal(points.get_array(), values)
    assert points.get_clim() == image.get_clim()
    assert figure.axes[1].get_ylabel() == "predicted value"
    assert note_of(figure).startswith("RMSE ")
    assert not figure.legends


def test_outputs_say_what_a_linear_unit_is():
    view = read_view("test", line("linear"), X, Y, {"outputs": "logits", "resolution": 5})
    expected = read_view("test", line(), X, Y, {"resolution": 5})
    np.testing.assert_allclose(view.boundary().outputs, expected.boundary().outputs, atol=1e-6)
