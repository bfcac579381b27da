"""A page about what `pellucid train` left."""

import json
import re

import numpy as np
import pytest

import pellucid
from pellucid.errors import ArgumentError, FileError
from pellucid.tasks import evaluate_file, report_saved, train_table

ROWS = 80


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(3)
    size = rng.normal(size=ROWS)
    return {
        "size <m>": size.tolist(),
        "colour": rng.choice(["red", "blue"], ROWS).tolist(),
        "kind": np.where(size + 0.3 * rng.normal(size=ROWS) > 0, "big", "small").tolist(),
        "price": (3 * size + rng.normal(size=ROWS)).tolist(),
    }


def train(table, target, folder):
    train_table(table, target, output=folder, epochs=2, members=1, verbose=0)
    return folder


@pytest.fixture(scope="module")
def classes(table, tmp_path_factory):
    return train(table, "kind", tmp_path_factory.mktemp("classes"))


@pytest.fixture(scope="module")
def numbers(table, tmp_path_factory):
    return train(table, "price", tmp_path_factory.mktemp("numbers"))


def sections(text):
    return re.findall(r'<h2 id="[a-z-]+">(.*?)</h2>', text)


ALL = ["Evaluation", "Learning curves", "Data", "Model", "Settings and environment"]


@pytest.mark.parametrize("run", ["classes", "numbers"])
def test_a_run_is_judged_by_the_test_rows_that_it_kept(request, tmp_path, run):
    folder = request.getfixturevalue(run)
    text = report_saved(folder / "model.pellucid", tmp_path / "a.html").read_text()
    assert sections(text) == ALL
    assert "On 16 rows never seen in training" in text
    assert text.count("<img ") == {"classes": 5, "numbers": 3}[run]
    metrics = (folder / "metrics.json").read_text()
    name, shown = {"classes": ("accuracy", "accuracy"), "numbers": ("rmse", "RMSE")}[run]
    (score,) = re.findall(rf'"network": {{.*?"{name}": ([0-9.]+)', metrics, re.S)
    (told,) = re.findall(rf'verdict">.*?{shown} ([0-9.]+),', text)
    assert float(told) == pytest.approx(float(score), abs=5e-4)


def test_every_model_that_the_run_compared_is_shown(classes, tmp_path):
    text = report_saved(classes / "model.pellucid", tmp_path / "a.html").read_text()
    for name in ("network", "logistic regression", "majority"):
        assert f"<td>{name}</td>" in text


def test_a_table_is_described_and_evaluated_on(classes, table, tmp_path):
    text = report_saved(classes / "model.pellucid", tmp_path / "a.html", table).read_text()
    assert "<h1>Predicting kind</h1>" in text
    assert "On 16 rows never seen in training:" in text
    assert sections(text)[1:3] == ["Evaluation", "Evaluation on the data given"]
    assert "<p>On 80 rows.</p>" in text
    assert "64 of these 80 rows were trained on: the scores flatter." in text
    assert "<td>logistic regression</td>" in text
    assert "<p>80 rows of 4 columns.</p>" in text
    assert "<td>size &lt;m&gt;</td><td>number</td>" in text
    big = table["kind"].count("big")
    assert f'<td>big</td><td class="number">{big}</td><td>{big / ROWS:.1%}</td>' in text


def test_an_evaluation_says_how_many_rows_were_trained_on(classes, table):
    told = ("64 of these 80 rows were trained on: the scores flatter.",)
    judged = evaluate_file(classes / "model.pellucid", table)
    assert judged.warnings == told
    assert told[0] in judged.summary_text()
    new = {**table, "size <m>": [one + 9 for one in table["size <m>"]]}
    assert evaluate_file(classes / "model.pellucid", new).warnings == ()


def test_a_simple_model_that_was_better_stands_in_the_banner(classes, tmp_path):
    for name in ("model.pellucid", "predictions.csv"):
        (tmp_path / name).write_bytes((classes / name).read_bytes())
    scores = {"network": {"accuracy": 0.5}, "majority": {"accuracy": 0.75}}
    (tmp_path / "metrics.json").write_text(json.dumps({"scores": scores}))
    text = report_saved(tmp_path / "model.pellucid", tmp_path / "a.html").read_text()
    banner = text[text.index('verdict">') : text.index("<h2")]
    assert "better than the network: accuracy 0.7500 against 0.5000." in banner


def test_a_table_is_looked_through_for_findings(classes, table, tmp_path):
    copied = {**table, "kind": ["big", "small"] * (ROWS // 2)}
    copied["size <m>"] = [1.0 if one == "big" else -1.0 for one in copied["kind"]]
    text = report_saved(classes / "model.pellucid", tmp_path / "a.html", copied).read_text()
    assert sections(text)[0] == "Findings"
    assert "label-leakage" in text


def test_a_number_to_predict_has_a_range(numbers, table, tmp_path):
    text = report_saved(numbers / "model.pellucid", tmp_path / "a.html", table).read_text()
    assert "<caption>The target</caption>" in text
    assert "Predicted against actual price, a point for each row." in text


def test_what_was_read_inside_the_first_network_is_shown(table, tmp_path):
    options = {"output": tmp_path, "epochs": 2, "members": 1, "verbose": 0}
    train_table(table, "kind", probe="economy", **options)
    text = report_saved(tmp_path / "model.pellucid", tmp_path / "a.html").read_text()
    assert sections(text) == [*ALL[:2], "Inside the network", *ALL[2:]]


def test_without_test_rows_there_is_no_evaluation(classes, tmp_path):
    alone = tmp_path / "alone.pellucid"
    alone.write_bytes((classes / "model.pellucid").read_bytes())
    assert sections(report_saved(alone, tmp_path / "a.html").read_text()) == ALL[1:]


def test_a_model_of_no_table_has_a_page_too(tmp_path):
    model = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)])
    model.save(tmp_path / "net.pellucid")
    text = report_saved(tmp_path / "net.pellucid", tmp_path / "a.html").read_text()
    assert "<h1>net</h1>" in text
    assert sections(text) == ALL[3:]
    with pytest.raises(FileError) as error:
        report_saved(tmp_path / "net.pellucid", tmp_path / "b.html", {"a": [1]})
    assert str(error.value) == (
        f"{tmp_path / 'net.pellucid'}: got a model without preprocessing, expected "
        "one made by `pellucid train`. Use pellucid.load_model(path).predict(array) instead."
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            "row,actual,probability of big\n1,big,0.5\n",
            "{}: got no column 'probability of small', expected the predictions of this model.",
        ),
        (
            "actual,probability of big,probability of small\nbig,0.5,much\n",
            "{}, column 'probability of small': got other values, expected a number in each row.",
        ),
    ],
)
def test_predictions_of_something_else_are_refused(classes, tmp_path, content, told):
    model = tmp_path / "model.pellucid"
    model.write_bytes((classes / "model.pellucid").read_bytes())
    kept = tmp_path / "predictions.csv"
    kept.write_text(content)
    with pytest.raises(FileError) as error:
        report_saved(model, tmp_path / "a.html")
    assert str(error.value) == told.format(kept)
    assert not (tmp_path / "a.html").exists()


def test_a_table_without_the_target_is_refused(classes, table, tmp_path):
    rest = {name: values for name, values in table.items() if name != "kind"}
    with pytest.raises(ArgumentError) as error:
        report_saved(classes / "model.pellucid", tmp_path / "a.html", rest)
    assert str(error.value) == (
        "table: target: got no column 'kind', expected a column of the table. "
        "Known: size <m>, colour, price."
    )


def test_another_ending_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(ArgumentError) as error:
        report_saved(tmp_path / "nowhere", tmp_path / "a.pdf")
    assert str(error.value).endswith("expected a path that ends in .html. Call it 'a.html'.")
