"""What pictures of boundaries say of what they cannot draw."""

import numpy as np
import pytest

import pellucid
from pellucid import Input, Model, layers
from pellucid.callbacks import Snapshots
from pellucid.errors import PellucidError
from pellucid.report import boundary_animation, boundary_history, compare_boundaries
from pellucid.report import decision_boundary as draw
from report.boundary.networks import model

X, Y = np.zeros((4, 3)) + np.arange(4)[:, None], np.array([0, 1, 0, 1])
NAMES = {"feature_names": ["age", "height", "weight"]}
WHERE = "decision_boundary(features=...): got "
TWO = ", expected two features by number or name, such as (0, 1), or 'principal'."
FIXED = "decision_boundary(fixed=...): got "
MODEL = "decision_boundary(model=...): got "


def two_inputs():
    inputs = [Input((3,)), Input((2,))]
    return Model(inputs, layers.Dense(1)(layers.Concatenate()(inputs)))


def images():
    return pellucid.Sequential([Input((8, 8, 1)), layers.Flatten(), layers.Dense(1)])


CASES = [
    (
        {"features": ("age", "heigth"), **NAMES},
        f"{WHERE}the unknown feature 'heigth', expected a feature of x. Did you mean 'height'?",
    ),
    (
        {"features": (0, "size"), **NAMES},
        f"{WHERE}the unknown feature 'size', expected a feature of x. Known: age, height, weight.",
    ),
    ({"features": (0,)}, f"{WHERE}1 feature{TWO}"),
    ({"features": (0, 1, 2)}, f"{WHERE}3 features{TWO}"),
    ({"features": 0}, f"{WHERE}0{TWO}"),
    ({"features": "principle"}, f"{WHERE}'principle'{TWO}"),
    ({"features": (1, 1)}, f"{WHERE}1 twice{TWO}"),
    ({"features": (0, "age"), **NAMES}, f"{WHERE}'age' twice{TWO}"),
    ({"features": (0, 3)}, f"{WHERE}feature 3, expected a number from 0 to 2."),
    ({"features": (0, 1.5)}, f"{WHERE}1.5, expected a feature's number or name."),
    (
        {"fixed": "middle"},
        f"{FIXED}'middle', expected 'median', 'mean' or a dict such as {{'age': 40}}.",
    ),
    ({"fixed": {1: 3.0}}, f"{FIXED}a value for 1, which is drawn, expected values of the others."),
    (
        {"fixed": {"wait": 3.0}, **NAMES},
        f"{FIXED}the unknown feature 'wait', expected a feature of x. Did you mean 'weight'?",
    ),
    (
        {"fixed": {2: "heavy"}},
        f"{FIXED}'heavy' for 2, expected finite numbers.",
    ),
    (
        {"features": "principal", "fixed": {2: 1.0}},
        f"{FIXED}{{2: 1.0}}, expected no values beside features='principal': "
        "all features move along the plane.",
    ),
    (
        {"feature_names": ["age"]},
        "decision_boundary(feature_names=...): got 1 name, expected 3, one for each feature.",
    ),
    (
        {"labels": ["a"]},
        "decision_boundary(labels=...): got 1 label, expected 2, "
        "one for each class in the order of the outputs.",
    ),
    (
        {"outputs": "scores"},
        "decision_boundary(outputs=...): got 'scores', expected one of "
        "'auto', 'probabilities', 'logits', 'values'.",
    ),
    (
        {"resolution": 1},
        "decision_boundary(resolution=...): got 1, expected a whole number, at least 2.",
    ),
]


@pytest.mark.parametrize(("options", "message"), CASES)
def test_a_keyword_that_does_not_fit(options, message):
    with pytest.raises(PellucidError) as caught:
        draw(model(3), X, Y, **options)
    assert str(caught.value) == message


MODELS = [
    (lambda: "model.pellucid", f"{MODEL}str, expected a Pellucid model."),
    (
        two_inputs,
        f"{MODEL}a model with 2 inputs, expected one input, a row of numbers for each example.",
    ),
    (
        images,
        f"{MODEL}a model whose input has shape (None, 8, 8, 1), "
        "expected one input, a row of numbers for each example.",
    ),
    (
        lambda: model(2),
        "decision_boundary(x=...): got 3 features, expected 2, as the model takes.",
    ),
    (
        lambda: model(3, 2, None),
        "decision_boundary(outputs=...): got a model with 2 output units of values, expected one "
        "unit. Write outputs='probabilities' or 'logits' if they are classes.",
    ),
    (
        lambda: model(3, 2, "sigmoid"),
        "decision_boundary(outputs=...): got a model with 2 output units of sigmoid, expected "
        "softmax, or one unit of sigmoid. End the model with softmax if an example has one class.",
    ),
    (
        lambda: model(3, 8, "softmax"),
        f"{MODEL}8 classes, expected at most 7, which colours can tell apart.",
    ),
]


@pytest.mark.parametrize(("make", "message"), MODELS)
def test_a_model_that_cannot_be_drawn(make, message):
    with pytest.raises(PellucidError) as caught:
        draw(make(), X, Y)
    assert str(caught.value) == message


def test_data_that_do_not_fit():
    for x, y, message in [
        (X[0], Y, "(x=...): got an array of shape (3,), expected at least one row of features."),
        (X, Y[:3], "(y=...): got 3 rows and 4 rows, expected as many of one as of the other."),
        (
            np.where(X == 2, np.nan, X),
            Y,
            "(x=...): got nan in row 2, column 0 (3 such values in all), expected finite numbers. "
            "Fill the holes (for example with the column's median) or drop those rows.",
        ),
        (
            X,
            ["a", "b", "c", "a"],
            "(y=...): got scores for 2 classes, expected one column a class: "
            "a, b, c. Give labels=[...], all classes in order.",
        ),
    ]:
        with pytest.raises(PellucidError) as caught:
            draw(model(3), x, y)
        assert str(caught.value) == f"decision_boundary{message}"


def test_an_unknown_keyword_of_all_pictures():
    with pytest.raises(PellucidError) as caught:
        compare_boundaries(model(3), X, Y, feature=(0, 1))
    assert str(caught.value) == (
        "compare_boundaries: got the unknown argument 'feature', "
        "expected one of its own arguments. Did you mean 'features'?"
    )


def test_only_classes_are_compared():
    with pytest.raises(PellucidError) as caught:
        compare_boundaries(model(3, 1, None), X, Y)
    assert str(caught.value) == (
        "compare_boundaries(model=...): got a model of values, expected one of classes. "
        "decision_boundary draws the values of one model."
    )


@pytest.mark.parametrize("picture", [boundary_history, boundary_animation])
def test_weights_must_have_been_kept(picture):
    with pytest.raises(PellucidError) as caught:
        picture(model(3), Snapshots(epochs=[50]), X, Y)
    assert str(caught.value) == (
        f"{picture.__name__}(snapshots=...): got no weights, expected those of some epochs. "
        "Give it to fit(callbacks=[...]), and as many epochs to fit."
    )
