"""Real data sets, each with the traps that its collection is known for.

The data lie outside the repository: in the folder that PELLUCID_DATA names, or in
`shared/data` beside the repository. Without them these tests are left out.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from pellucid.data.table import (
    TargetEncoder,
    infer_kinds,
    prepare_table,
    read_table,
    split_rows,
)
from pellucid.data.table.delimited import Asked, parse_delimited
from pellucid.data.table.duplicates import duplicate_groups
from pellucid.data.table.frames import default_marks
from pellucid.data.table.large import parse_large

REPOSITORY = Path(__file__).parents[3]
DATA = Path(os.environ.get("PELLUCID_DATA", REPOSITORY.parent / "shared" / "data"))

FILES = {
    "boston": ("boston_housing/housing.csv", 506, 14),
    "pima": ("pima_diabetes/pima-indians-diabetes.csv", 768, 9),
    "sonar": ("sonar/sonar.csv", 208, 61),
    "adult": ("adult/adult-train.csv", 32561, 15),
    "adult test": ("adult/adult-test.csv", 16281, 15),
    "seeds": ("wheat_seeds/wheat-seeds.csv", 210, 8),
    "iris": ("iris/iris.csv", 150, 5),
    "red wine": ("wine_quality/winequality-red.csv", 1599, 12),
    "white wine": ("wine_quality/winequality-white.csv", 4898, 12),
    "abalone": ("abalone/abalone.csv", 4177, 9),
    "gtzan": ("gtzan_features/features_30_sec.csv", 1000, 60),
    "airline": ("airline_passengers/airline-passengers.csv", 144, 2),
    "temperatures": ("daily_min_temperatures/daily-min-temperatures.csv", 3650, 2),
    "beijing": ("beijing_pollution/pollution.csv", 43824, 13),
    "household": ("household_power/household_power_consumption_days.csv", 1442, 9),
    "apple": ("stocks/AAPL.csv", 3270, 8),
    "ibm": ("stocks/IBM.csv", 3270, 8),
    "movement": ("indoor_movement/dataset/MovementAAL_target.csv", 314, 2),
    "news": ("ag_news/test.csv", 7600, 3),
    "films": ("labelled_sentences/imdb_labelled.txt", 1000, 2),
    "phones": ("labelled_sentences/amazon_cells_labelled.txt", 1000, 2),
    "translations": ("eng_fra/fra.txt", 38040, 2),
}
WITH_HEADER = {
    "gtzan",
    "airline",
    "temperatures",
    "beijing",
    "household",
    "apple",
    "ibm",
    "movement",
}
TASKS = {
    "boston": "number",
    "pima": "binary",
    "sonar": "binary",
    "adult": "binary",
    "seeds": "classes",
    "iris": "classes",
    "red wine": "number",
    "white wine": "number",
    "abalone": "number",
    "gtzan": "classes",
}
"""What each data set with its target in the last column is for."""


def load(name):
    path = DATA / FILES[name][0]
    if not path.exists():
        pytest.skip(f"the data set is not there: {path}")
    return read_table(path)


def target_of(table):
    return table.names[-1]


@pytest.mark.parametrize("name", FILES)
def test_rows_columns_and_header(name):
    table = load(name)
    assert (table.rows, len(table.names)) == FILES[name][1:]
    assert table.positional is (name not in WITH_HEADER)


@pytest.mark.parametrize("name", FILES)
def test_the_reader_of_large_files_agrees(name):
    table = load(name)
    text = (DATA / FILES[name][0]).read_bytes().decode()
    for parse in (parse_delimited, parse_large):
        other = parse(text, table.source, Asked(), default_marks)
        assert (other.names, other.notes) == (table.names, table.notes)
        for one, column in zip(other, table, strict=True):
            np.testing.assert_array_equal(one.values, column.values)


@pytest.mark.parametrize("name", TASKS)
def test_the_task_is_found(name):
    table = load(name)
    assert TargetEncoder.fit(table, target_of(table)).task == TASKS[name]


@pytest.mark.parametrize("name", TASKS)
def test_prepared_for_training(name):
    table = load(name)
    prepared = prepare_table(table, target_of(table))
    for part in (prepared.training, prepared.validation, prepared.test):
        assert np.isfinite(part.x).all()
        assert np.abs(part.x).max() < 15
    assert target_of(table) not in prepared.encoder.inputs
    rows = prepared.encoder.transform(table.take(prepared.split.test[:9]))
    np.testing.assert_array_equal(rows, prepared.test.x[:9])


@pytest.mark.parametrize("name", ["sonar", "seeds", "iris", "gtzan"])
def test_files_sorted_by_class_have_each_class_in_each_part(name):
    table = load(name)
    prepared = prepare_table(table, target_of(table))
    whole = np.bincount(prepared.target.transform(table)) / table.rows
    for part in (prepared.training, prepared.validation, prepared.test):
        share = np.bincount(part.y, minlength=len(whole)) / len(part.y)
        np.testing.assert_allclose(share, whole, atol=0.05)


@pytest.mark.parametrize(
    ("name", "copies"), [("iris", 3), ("red wine", 240), ("white wine", 937), ("gtzan", 14)]
)
def test_equal_rows_are_in_one_part(name, copies):
    table = load(name)
    prepared = prepare_table(table, target_of(table))
    groups = duplicate_groups(table, list(prepared.kinds.used))
    split = prepared.split
    held = [set(groups[rows]) for rows in (split.training, split.validation, split.test)]
    assert sum(map(len, held)) == len(set(groups)) == table.rows - copies
    assert f"{copies} rows equal to an earlier one; equal rows stay in one part." in prepared.notes


def test_boston_numbers_as_numpy_reads_them():
    table = load("boston")
    matrix = np.loadtxt(DATA / FILES["boston"][0], delimiter=",")
    np.testing.assert_array_equal(np.stack([column.values for column in table], axis=1), matrix)


def test_pima_zeros_that_stand_for_missing_values_are_noted_and_can_be_declared():
    table = load("pima")
    kinds = infer_kinds(table, target="column_9")
    zeros = {"column_2": 5, "column_3": 35, "column_4": 227, "column_5": 374, "column_6": 11}
    assert [note.split(",")[0] for note in kinds.notes] == [
        f"Column '{name}': {rows} rows hold 0" for name, rows in zeros.items()
    ]
    path = DATA / FILES["pima"][0]
    declared = read_table(path, missing={name: [0] for name in zeros})
    assert {n: int(declared[n].missing.sum()) for n in zeros} == zeros
    assert not declared["column_1"].missing.any()


def test_adult_marks_spaces_and_full_stops():
    table, later = load("adult"), load("adult test")
    for one, rows in ((table, 2399), (later, 1221)):
        holed = [column.name for column in one if column.missing.any()]
        assert holed == ["column_2", "column_7", "column_14"]
        assert sum(np.any([one[name].missing for name in holed], axis=0)) == rows
    assert set(table["column_2"].values) >= {"State-gov", "Private"}
    target = TargetEncoder.fit(table, "column_15")
    assert target.labels == ("<=50K", ">50K")
    encoded = target.encode(later)
    assert np.bincount(encoded.values).tolist() == [12435, 3846]
    assert encoded.notes == (
        "Label '<=50K.' is read as '<=50K'.",
        "Label '>50K.' is read as '>50K'.",
    )
    assert TargetEncoder.fit(later, "column_15").labels == ("<=50K", ">50K")


def test_seeds_labels_count_from_one():
    table = load("seeds")
    target = TargetEncoder.fit(table, "column_8")
    assert target.labels == ("1", "2", "3")
    assert target.decode(np.eye(3)).tolist() == [1, 2, 3]


def test_abalone_first_column_is_text():
    kinds = infer_kinds(load("abalone"), target="column_9")
    assert kinds["column_1"].kind == "category"
    assert {kinds[name].kind for name in kinds if name != "column_1"} == {"number"}


def test_gtzan_file_names_hold_the_answer():
    prepared = prepare_table(load("gtzan"), "label")
    assert "filename" not in prepared.encoder.inputs
    assert (
        "Column 'filename' holds the answer: its texts contain the labels of 'label'. "
        "It is left out."
    ) in prepared.notes
    assert "64% of the rows hold 661794" in prepared.kinds["length"].reason


def test_gtzan_scales_from_thousandths_to_millions_become_one():
    prepared = prepare_table(load("gtzan"), "label")
    np.testing.assert_allclose(prepared.training.x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(prepared.training.x.std(axis=0), 1, atol=1e-3)


def test_wine_ratings_are_numbers_unless_classes_are_asked_for():
    table = load("white wine")
    assert TargetEncoder.fit(table, "column_12", "classes").labels == tuple("3456789")
    prepared = prepare_table(table, "column_12", task="classes")
    assert np.bincount(prepared.test.y)[-1] == 1


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("airline", "Month"),
        ("temperatures", "Date"),
        ("household", "datetime"),
        ("apple", "Date"),
        ("beijing", ["year", "month", "day", "hour"]),
    ],
)
def test_series_keep_their_order(name, time):
    table = load(name)
    split = split_rows(table, time=time)
    assert np.concatenate([split.training, split.validation, split.test]).tolist() == list(
        range(table.rows)
    )


def test_beijing_marks_and_identifier():
    table = load("beijing")
    assert int(table["pm2.5"].missing.sum()) == 2067
    kinds = infer_kinds(table, target="pm2.5")
    assert (kinds["No"].kind, kinds["cbwd"].kind) == ("identifier", "category")


def test_stocks_ticker_is_constant():
    kinds = infer_kinds(load("apple"), target="Adj Close")
    assert (kinds["Ticker"].kind, kinds["Ticker"].reason) == ("constant", "always AAPL")
    assert kinds["Date"].kind == "date"


def test_a_header_that_begins_with_a_hash():
    table = load("movement")
    assert table.names == ("sequence_ID", "class_label")
    target = TargetEncoder.fit(table, "class_label")
    assert (target.task, target.labels) == ("binary", ("-1", "1"))
    assert np.bincount(target.transform(table)).tolist() == [156, 158]


def test_quotes_of_sentences_are_text():
    assert "Quotes are read as part of the text." in load("films").notes
    kinds = infer_kinds(load("films"), target="column_2")
    assert kinds["column_1"].kind == "text"


def test_news_labels_count_from_one_and_texts_are_left_out():
    table = load("news")
    target = TargetEncoder.fit(table, "column_1")
    assert target.labels == tuple("1234")
    kinds = infer_kinds(table, target="column_1")
    assert {kinds[name].kind for name in kinds} == {"text"}
