"""From a table to a saved model and back to predictions for raw rows."""

import csv
import json

import numpy as np
import pytest

from pellucid.errors import FileError
from pellucid.models import load_model
from pellucid.tasks import evaluate_table, load_table_model, predict_table, train_table

GENERATOR = np.random.default_rng(4)
ROWS = 160
AGE = GENERATOR.uniform(20, 80, ROWS).round(1)
CITY = GENERATOR.choice(["Oslo", "Rome", "Bonn"], ROWS)
PRICE = np.exp(AGE / 30 + (CITY == "Oslo") + 0.05 * GENERATOR.normal(size=ROWS))
BAND = np.where(AGE < 40, "young", np.where(AGE < 60, "middle", "old"))
MEMBER = np.where(AGE + 10 * (CITY == "Rome") > 50, "yes", "no")
TABLE = {"age": AGE, "city": CITY, "price": PRICE, "band": BAND, "member": MEMBER}
QUICK = {"epochs": 40, "members": 2, "verbose": 0}


def write(path, columns):
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def only(*names):
    return {name: TABLE[name] for name in names}


@pytest.fixture(scope="module")
def classified(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    path = write(folder / "people.csv", only("age", "city", "member"))
    run = train_table(path, "member", output=folder / "out", **QUICK)
    return folder, path, run


def test_two_classes_beat_the_majority(classified):
    _, _, run = classified
    assert run.trained.target.task == "binary"
    assert run.scores["network"]["accuracy"] > run.scores["majority"]["accuracy"] + 0.2
    assert set(run.scores) == {"network", "logistic regression", "majority"}
    assert set(run.scores["network"]) == {
        "accuracy",
        "balanced_accuracy",
        "f1",
        "roc_auc",
        "log_loss",
    }


def test_the_folder_holds_all_of_it(classified):
    folder, _, run = classified
    names = sorted(path.name for path in (folder / "out").iterdir())
    assert names == [
        "confusion.png",
        "history.csv",
        "history.json",
        "history.png",
        "learned.npy",
        "metrics.json",
        "model.pellucid",
        "predictions.csv",
        "roc.png",
    ]
    metrics = json.loads((folder / "out" / "metrics.json").read_text())
    assert metrics["scores"]["network"] == run.scores["network"]
    assert metrics["rows"] == {"training": 102, "validation": 26, "test": 32}
    with (folder / "out" / "predictions.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 32
    right = sum(row["actual"] == row["predicted"] for row in rows)
    assert right / 32 == pytest.approx(metrics["scores"]["network"]["accuracy"])


def test_predicts_raw_rows_with_columns_in_any_order(classified):
    folder, path, run = classified
    predicted = predict_table(folder / "out" / "model.pellucid", path)
    own = run.trained
    expected = own.labelled(own.predicted(only("age", "city")))
    assert predicted.columns["predicted"] == expected.tolist()
    other = write(
        folder / "new.csv",
        {"extra": np.arange(3), "city": ["Oslo", "Paris", ""], "age": ["25", "", "70"]},
    )
    answers = predict_table(folder / "out" / "model.pellucid", other, folder / "answers.csv")
    assert len(answers.columns["predicted"]) == 3
    assert set(answers.columns["predicted"]) <= {"yes", "no"}
    assert (folder / "answers.csv").read_text().startswith("predicted,probability of no,")


def test_predicting_the_raw_test_rows_is_the_evaluation_of_training(classified):
    folder, _, run = classified
    rows = run.prepared.split.test
    raw = write(folder / "test.csv", {name: np.array(one)[rows] for name, one in TABLE.items()})
    with (folder / "out" / "predictions.csv").open() as file:
        told = list(csv.DictReader(file))
    answers = predict_table(folder / "out" / "model.pellucid", raw).columns
    assert [*answers["predicted"]] == [row["predicted"] for row in told]
    for name in ("probability of no", "probability of yes"):
        expected = [float(row[name]) for row in told]
        np.testing.assert_allclose(answers[name], expected, atol=2e-6)
    again = evaluate_table(folder / "out" / "model.pellucid", raw).scores["network"]
    assert again == pytest.approx(run.scores["network"], rel=1e-5)


def test_probabilities_of_a_row_add_up(classified):
    folder, path, _ = classified
    found = load_table_model(folder / "out" / "model.pellucid")
    probabilities = found.predicted(found.read(path)).probabilities
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def test_evaluates_a_labelled_file(classified):
    folder, path, _ = classified
    told = evaluate_table(folder / "out" / "model.pellucid", path)
    assert told.tested == f"On {ROWS} rows:"
    assert told.scores["network"]["accuracy"] > 0.8
    assert told.scores["majority"]["log_loss"] < 1
    assert "actual \\ predicted" in told.summary_text()


def test_the_test_rows_were_never_trained_on(classified):
    _, _, run = classified
    split = run.prepared.split
    parts = [set(part.tolist()) for part in (split.training, split.validation, split.test)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == ROWS


def test_several_classes():
    run = train_table(only("age", "city", "band"), "band", **QUICK)
    assert run.trained.target.task == "classes"
    assert run.scores["network"]["accuracy"] > 0.8
    assert run.folder is None


def test_a_skewed_number_comes_back_in_its_own_units(tmp_path):
    run = train_table(only("age", "city", "price"), "price", output=tmp_path / "run", **QUICK)
    assert run.trained.target.task == "number"
    assert run.scores["network"]["r2"] > 0.8
    assert run.scores["mean"]["r2"] < 0.05
    assert (tmp_path / "run" / "predicted.png").exists()
    assert (tmp_path / "run" / "residuals.png").exists()
    predicted = predict_table(tmp_path / "run" / "model.pellucid", only("age", "city"))
    error = np.abs(np.array(predicted.columns["predicted"]) - PRICE) / PRICE
    assert np.median(error) < 0.2


def test_with_time_the_newest_rows_are_the_test():
    days = np.array([f"2024-{1 + i // 28:02d}-{1 + i % 28:02d}" for i in range(ROWS)])
    columns = {"day": days[::-1], **only("age", "price")}
    run = train_table(columns, "price", time="day", **QUICK)
    table = run.prepared.table
    newest = [str(table["day"].values[row]) for row in run.prepared.split.test]
    rest = [str(table["day"].values[row]) for row in run.prepared.split.training]
    assert min(newest) > max(rest)


def test_the_same_seed_gives_the_same_model(tmp_path):
    for name in ("a", "b"):
        train_table(
            only("age", "city", "member"),
            "member",
            output=tmp_path / name,
            epochs=3,
            members=2,
            verbose=0,
            seed=7,
        )
    first, second = (load_model(tmp_path / name / "model.pellucid") for name in ("a", "b"))
    pairs = zip(first.get_weights(), second.get_weights(), strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)


def test_a_model_without_preprocessing_is_refused(tmp_path):
    import pellucid

    model = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)])
    model.save(tmp_path / "plain.pellucid")
    with pytest.raises(
        FileError,
        match="got a model without the preprocessing of a table, expected one made by "
        "`pellucid train`",
    ):
        predict_table(tmp_path / "plain.pellucid", only("age"))


@pytest.mark.parametrize("change", ["encoder", "target", "baseline", "reading", "format"])
def test_forged_preprocessing_is_refused(classified, tmp_path, change):
    folder, _, _ = classified
    model = load_model(folder / "out" / "model.pellucid")
    forged = dict(model.preprocessing)
    forged[change] = {
        "encoder": {"encodings": [[1]]},
        "target": {"task": "magic"},
        "baseline": ["x"],
        "reading": {"shell": "rm"},
        "format": 2,
    }[change]
    model.preprocessing = forged
    model.save(tmp_path / "forged.pellucid")
    with pytest.raises(FileError, match=r"forged\.pellucid"):
        load_table_model(tmp_path / "forged.pellucid")
