"""`Model.report`: what a model and rows make of a page."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import ArgumentError
from pellucid.models.reporting import Told, run_report
from pellucid.page import Table
from pellucid.report.evaluation import ClassAnswers, NumberAnswers

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(12, 2)


def model(units, activation=None, **compiled):
    made = pellucid.Sequential(
        [pellucid.Input((2,)), layers.Dense(units, activation=activation)], name="net"
    )
    made.compile(optimizer="sgd", **compiled)
    return made


def answers(model, y, **told):
    return run_report(model, X, y, Told(**told)).evaluation.answers


def test_one_sigmoid_is_two_classes():
    y = np.arange(12) % 2
    made = model(1, "sigmoid", loss="binary_crossentropy")
    (found,) = answers(made, y, labels=["no", "yes"])
    assert isinstance(found, ClassAnswers)
    assert found.labels == ["no", "yes"]
    assert found.actual.tolist() == y.tolist()
    np.testing.assert_allclose(found.probabilities[:, 1], made.predict(X)[:, 0])
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("hot", [False, True])
def test_logits_become_probabilities(hot):
    y = np.arange(12) % 3
    loss = (
        pellucid.losses.CategoricalCrossentropy
        if hot
        else (pellucid.losses.SparseCategoricalCrossentropy)
    )
    made = model(3, loss=loss(from_logits=True))
    (found,) = answers(made, np.eye(3)[y] if hot else y)
    logits = np.asarray(made.predict(X), np.float64)
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.probabilities, expected, rtol=1e-5)
    assert found.actual.tolist() == y.tolist()
    assert found.labels == ["0", "1", "2"]


def test_each_number_of_an_output_is_drawn_by_itself():
    y = np.stack([X[:, 0], 2 * X[:, 1]], axis=1)
    made = model(2, loss="mse")
    first, second = answers(made, y)
    assert isinstance(first, NumberAnswers)
    assert [first.name, second.name] == [f"{made.output_names[0]}[0]", f"{made.output_names[0]}[1]"]
    np.testing.assert_allclose(second.actual, 2 * X[:, 1])
    np.testing.assert_allclose(second.predicted, made.predict(X)[:, 1])


def test_labels_of_several_at_once_are_scored_but_not_drawn():
    y = np.array([[0, 1], [1, 1]] * 6)
    told = run_report(model(2, "sigmoid", loss="binary_crossentropy"), X, y, Told())
    assert list(told.evaluation.answers) == []
    assert list(told.evaluation.scores["net"]) == ["loss"]


def test_each_of_several_outputs_is_shown():
    inputs = pellucid.Input((2,), name="x")
    outputs = {
        "kind": layers.Dense(1, activation="sigmoid", name="kind")(inputs),
        "size": layers.Dense(1, name="size")(inputs),
    }
    made = pellucid.Model(inputs, outputs)
    made.compile(optimizer="sgd", loss={"kind": "binary_crossentropy", "size": "mse"})
    kind, size = answers(made, {"kind": np.arange(12) % 2, "size": X[:, 0]})
    np.testing.assert_allclose(kind.probabilities[:, 1], made.predict(X)["kind"][:, 0])
    np.testing.assert_allclose(size.predicted, made.predict(X)["size"][:, 0])


def test_a_trained_model_tells_scores_settings_and_layers(tmp_path):
    made = model(1, loss="mse", metrics=["mae"])
    y = X.sum(axis=1)
    made.fit(X, y, epochs=2, batch_size=4, verbose=0, probe="economy")
    told = run_report(made, X, y, Told(columns=["a", "b"]))
    expected = made.evaluate(X, y, return_dict=True, verbose=0)
    assert told.evaluation.scores == {"net": pytest.approx(expected)}
    assert told.settings["seed"] == made.seed
    assert told.settings["optimizer"] == repr(made.optimizer)
    assert told.settings["epochs"] == 2
    assert told.title == "net"
    table = next(item for item in told.data.items if isinstance(item, Table))
    assert [row[0] for row in table.rows] == ["a", "b"]
    text = made.report(tmp_path / "net.html", X, y).read_text()
    assert made.report(tmp_path / "again.html", X, y).read_text() == text
    assert "Total parameters: 3" in text


def test_what_fit_found_stands_on_the_page(tmp_path, capsys):
    made = model(1, loss="mse")
    history = made.fit(1000 * X, X.sum(axis=1), verbose=0, diagnose=True)
    assert "unscaled-inputs" in history.diagnosis
    assert run_report(made, None, None, Told()).diagnosis is history.diagnosis
    assert "unscaled-inputs" in made.report(tmp_path / "net.html").read_text()


def test_without_rows_there_is_neither_data_nor_evaluation(tmp_path):
    made = pellucid.Sequential([pellucid.Input((2,)), layers.Dense(1)])
    text = made.report(tmp_path / "bare.html").read_text()
    assert 'id="data"' not in text
    assert 'id="evaluation"' not in text
    assert "The model was not trained." in text


@pytest.mark.parametrize(
    ("given", "told", "message"),
    [
        (
            {"y": [1.0]},
            {},
            "report(x=...): got labels without rows, expected both or neither.",
        ),
        (
            {"x": X},
            {"columns": ["a"]},
            "report(columns=...): got 1 name, expected 2.",
        ),
        (
            {"x": X, "y": np.arange(12) % 2},
            {"labels": ["no", "maybe", "yes"]},
            "report(labels=...): got 3 names, expected 2, one for each class.",
        ),
        (
            {},
            {"diagnosis": "overfit"},
            "report(diagnosis=...): got 'overfit', expected a diagnosis. Write model.diagnose().",
        ),
        (
            {},
            {"treatment": 3, "title": 7, "labels": "ab", "columns": 2},
            "4 problems:\n"
            "  1. report(title=...): got 7, expected text.\n"
            "  2. report(columns=...): got 2, expected a list of names.\n"
            "  3. report(labels=...): got 'ab', expected a list of names.\n"
            "  4. report(treatment=...): got 3, expected a treatment. Write model.treat().",
        ),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, given, told, message):
    made = model(1, "sigmoid", loss="binary_crossentropy")
    with pytest.raises(ArgumentError) as error:
        made.report(tmp_path / "net.html", **given, **told)
    assert str(error.value) == message
    assert list(tmp_path.iterdir()) == []


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ArgumentError) as error:
        model(1, loss="mse").report(tmp_path / "net")
    assert str(error.value) == (
        f"report(path=...): got '{tmp_path / 'net'}', expected a path that ends in .html. "
        "Call it 'net.html'."
    )
