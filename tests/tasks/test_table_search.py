"""A table's network chosen by a search."""

import json

import numpy as np
import pytest

from pellucid import tune
from pellucid.errors import ArgumentError, DataError, FileError, NonFiniteError
from pellucid.tasks import predict_table, report_saved, table_search, tune_table
from pellucid.tasks.committee import Design, build_member
from pellucid.tasks.nested_scores import NestedScores
from pellucid.tasks.table import read_table_task
from pellucid.tasks.table_search import space_for
from pellucid.tuning.space import Space
from pellucid.tuning.store import Store

RNG = np.random.default_rng(2)
WIDE, HIGH = RNG.uniform(1, 3, 80), RNG.uniform(1, 3, 80)


def rows_of(path):
    lines = [
        f"{w:.4f},{h:.4f},{'big' if w * h > 4 else 'small'}"
        for w, h in zip(WIDE, HIGH, strict=True)
    ]
    path.write_text("\n".join(["wide,high,size", *lines]) + "\n")
    return path


def test_the_best_network_is_saved_and_predicts(tmp_path, capsys):
    table = rows_of(tmp_path / "rows.csv")
    storage = tmp_path / "search.db"
    options = {"output": tmp_path / "out", "epochs": 4, "members": 2, "storage": storage}
    found = tune_table(table, "size", trials=4, **options)
    said = capsys.readouterr().out
    assert "search for size: 4 of 4 trials, best val_loss" in said
    with Store(storage, "search for size", Space(space_for(51), ""), False, "") as kept:
        assert [one.number for one in kept.read()] == [0, 1, 2, 3]
    best = found.search.best.parameters
    told = (tmp_path / "out" / "search.txt").read_text()
    assert found.search.table(None) in told
    assert str(found.search.importance()) in told
    assert (tmp_path / "out" / "search.png").stat().st_size > 10_000
    document = json.loads((tmp_path / "out" / "search.json").read_text())
    chosen = next(one for one in document["trials"] if one["number"] == document["best"])
    assert chosen["parameters"]["widths"] == list(best["widths"])
    member = found.run.trained.model.layers[1]
    assert [one.units for one in member.layers if hasattr(one, "units")] == [*best["widths"], 1]
    assert member.layers[0].kernel_regularizer.l2 == pytest.approx(best["l2"])
    predictions = predict_table(tmp_path / "out" / "model.pellucid", table)
    assert set(predictions.columns["predicted"]) <= {"big", "small"}
    assert len(predictions.columns["predicted"]) == 80
    assert "network" in found.summary_text()


@pytest.fixture(scope="module")
def nested(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nested")
    table = rows_of(folder / "rows.csv")
    options = {"output": folder / "out", "epochs": 2, "members": 1, "trials": 2, "verbose": 0}
    return table, folder / "out", tune_table(table, "size", nested=2, **options)


def test_nested_scores_are_those_of_search_and_committee_on_each_part(nested):
    table, _, found = nested
    read = read_table_task(
        table,
        "size",
        output="",
        task="auto",
        time=None,
        group=None,
        epochs=None,
        batch_size=None,
        validation=0.2,
        test=0.2,
        seed=0,
        separator=None,
        header=None,
        missing=None,
        drop=(),
        kinds=None,
        members=1,
        probe=None,
        verbose=0,
    )
    tested = []
    for place, fold in enumerate(read.folds(2)):
        scaled = fold.prepared.training.x
        np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-5)
        tested += fold.prepared.split.test.tolist()
        rows, parameters = fold.rows, found.nested.parameters[place]
        search = tune(
            lambda learning_rate, widths, dropout, l2, wide=rows.x.shape[1]: build_member(
                wide, 1, "binary", "network", 0, Design(widths, dropout, l2, learning_rate)
            ),
            space_for(len(rows.parts[0].training)),
            rows.x[rows.parts[0].training],
            rows.y[rows.parts[0].training],
            validation_data=(rows.x[rows.parts[0].validation], rows.y[rows.parts[0].validation]),
            trials=2,
            epochs=2,
            seed=0,
            verbose=0,
        )
        assert search.best.parameters == parameters
        run = fold.run(Design(**parameters))
        for who, own in run.scores.items():
            assert found.nested.folds[place][who] == pytest.approx(own)
    assert sorted(tested) == list(range(80))
    first, second = (one["network"]["accuracy"] for one in found.nested.folds)
    assert found.nested.mean["network"]["accuracy"] == pytest.approx((first + second) / 2)
    assert found.nested.sd["network"]["accuracy"] == pytest.approx(abs(first - second) / 2**0.5)


def test_nested_scores_are_told_beside_the_result_in_json_and_on_the_page(nested):
    _, folder, found = nested
    own = found.nested.mean["network"]
    assert str(found.nested) in found.summary_text()
    assert str(found.nested).splitlines()[0] == (
        "Nested: search and committee made anew without each of 2 parts of the rows, and scored "
        "on it; mean ± standard deviation:"
    )
    document = json.loads((folder / "nested.json").read_text())
    assert document["mean"]["network"] == own
    assert [one["rows"] for one in document["folds"]] == [40, 40]
    page = report_saved(folder / "model.pellucid", folder / "report.html").read_text()
    assert "without each of 2 parts of the rows" in page
    assert f"{own['accuracy']:.4f} ±" in page


def test_a_damaged_file_of_nested_scores_is_told(nested, tmp_path):
    _, folder, _ = nested
    for name in ("model.pellucid", "metrics.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    path = tmp_path / "nested.json"
    path.write_text('{"folds": [{"scores": {"network": {"accuracy": 1}}, "rows": 4}]}')
    with pytest.raises(FileError) as told:
        report_saved(tmp_path / "model.pellucid", tmp_path / "report.html")
    assert str(told.value) == f"{path}: got something else, expected the scores of outer folds."


def test_a_score_that_one_fold_lacks_has_no_mean():
    folds = [{"network": {"r2": None, "mae": 1.0}}, {"network": {"r2": 0.5, "mae": 2.0}}]
    found = NestedScores(folds, [3, 3], [{}, {}])
    assert found.mean == {"network": {"r2": None, "mae": 1.5}}
    assert found.cells == [["network", "", "1.5000 ± 0.7071"]]


def test_each_outer_fold_is_told(tmp_path, capsys):
    options = {"output": "", "epochs": 1, "members": 1, "trials": 1}
    found = tune_table(rows_of(tmp_path / "rows.csv"), "size", nested=2, **options)
    said = capsys.readouterr().out.splitlines()
    own = found.nested.folds[1]["network"]["accuracy"]
    assert f"outer fold 2 of 2: accuracy {own:.4f}, " in said[-1]
    assert said[-2].startswith("search for size, outer fold 2: 1 of 1 trial, best val_loss ")


def test_more_outer_folds_than_rows_are_told_before_the_search(tmp_path, monkeypatch):
    monkeypatch.setattr(table_search, "tune", None)
    with pytest.raises(DataError) as told:
        tune_table(rows_of(tmp_path / "rows.csv"), "size", nested=81, output="", verbose=0)
    assert str(told.value) == (
        f"{tmp_path / 'rows.csv'}: got 81 folds of 80 rows, expected rows in each of them. "
        "Ask for fewer folds."
    )


def test_what_is_out_of_range_is_told_before_the_table_is_read():
    with pytest.raises(ArgumentError) as told:
        tune_table("no.csv", "y", minutes=float("nan"), trials=0, epochs=2.5, test=1, members=0)
    assert str(told.value) == (
        "5 problems:\n"
        "  1. test: got 1, expected a share of the rows above 0 and below 1.\n"
        "  2. trials: got 0, expected a whole number of at least 1.\n"
        "  3. epochs: got 2.5, expected a whole number of at least 1.\n"
        "  4. members: got 0, expected a whole number of at least 1.\n"
        "  5. minutes: got nan, expected a number above 0."
    )
    for name, value, expected in (
        ("minutes", 0, "a number above 0"),
        ("nested", 1, "a whole number of at least 2 (the outer folds)"),
        ("nested", 2.5, "a whole number of at least 2 (the outer folds)"),
    ):
        with pytest.raises(ArgumentError) as told:
            tune_table("no.csv", "y", **{name: value})
        assert str(told.value) == f"{name}: got {value}, expected {expected}."


def test_however_short_the_time_a_network_is_found(tmp_path):
    table = rows_of(tmp_path / "rows.csv")
    found = tune_table(table, "size", output=tmp_path / "out", minutes=1e-9, members=1, verbose=0)
    assert [one.epochs for one in found.search.trials] == [1]
    assert (tmp_path / "out" / "model.pellucid").exists()


def test_a_search_that_fails_leaves_no_empty_folder(tmp_path, monkeypatch):
    def failing(*more, **options):
        raise NonFiniteError("no trial has a finite loss")

    monkeypatch.setattr(table_search, "tune", failing)
    with pytest.raises(NonFiniteError):
        tune_table(rows_of(tmp_path / "rows.csv"), "size", output=tmp_path / "out", trials=1)
    assert not (tmp_path / "out").exists()
