"""Rows of Parquet files, a part at a time."""

import numpy as np
import polars
import pytest

from pellucid.data import parquet
from pellucid.errors import DataError, FileError, PellucidError
from pellucid.utils import dataset_from_parquet


@pytest.fixture
def folder(tmp_path):
    """Two files of 50 and 30 rows, of which `number` counts the rows."""
    for name, start, rows in (("a", 0, 50), ("b", 50, 30)):
        number = np.arange(start, start + rows)
        columns = {"number": number, "half": number / 2, "odd": number % 2 == 1, "label": -number}
        polars.DataFrame(columns).write_parquet(tmp_path / f"{name}.parquet", row_group_size=20)
    (tmp_path / "notes.txt").write_text("no table")
    return tmp_path


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of 8 rows of four columns."""
    monkeypatch.setattr(parquet, "CHUNK_BYTES", 128)


def test_files_are_read_in_parts(folder, small_parts):
    dataset = dataset_from_parquet(folder, target="label", shuffle=False, batch_size=7)
    assert dataset.rows == 80
    assert dataset.chunk_rows.max() <= 8
    x = np.concatenate([x for x, _ in dataset])
    y = np.concatenate([y for _, y in dataset])
    numbers = np.arange(80)
    np.testing.assert_array_equal(x, np.stack([numbers, numbers / 2, numbers % 2], axis=1))
    np.testing.assert_array_equal(y, -numbers)


def test_features_by_input_targets_and_weights(folder):
    files = [folder / "b.parquet", folder / "a.parquet"]
    groups = {"one": "number", "two": ["half", "odd"]}
    dataset = dataset_from_parquet(
        files, ["label", "half"], groups, "number", shuffle=False, batch_size=2
    )
    x, y, weight = dataset[0]
    assert x["one"].tolist() == [[50], [51]]
    assert x["two"].tolist() == [[25.0, 0.0], [25.5, 1.0]]
    assert y.tolist() == [[-50.0, 25.0], [-51.0, 25.5]]
    assert weight.tolist() == [50, 51]


def test_without_a_target_there_are_rows_alone(folder):
    x = dataset_from_parquet(folder / "a.parquet", features=["number"], shuffle=False)[0]
    assert x[:, 0].tolist() == list(range(32))


def holed(tmp_path):
    path = tmp_path / "holed.parquet"
    columns = {"x": [1.0, None, 3.0, None], "name": list("abcd"), "y": [1, 2, 3, 4]}
    polars.DataFrame(columns).write_parquet(path)
    return path


MESSAGES = {
    "a column of another name": (
        lambda path: dataset_from_parquet(path, target="Y", features=["x"]),
        DataError,
        "dataset_from_parquet(target=...): got 'Y', expected a column of {path}. Did you mean 'y'?",
    ),
    "text": (
        lambda path: dataset_from_parquet(path, target="y"),
        DataError,
        "dataset_from_parquet(features=...): got 'name', a column of type String, expected numbers "
        "in {path}. Leave it out, or encode it first; `pellucid train` encodes every kind of "
        "column of a table that fits into memory.",
    ),
    "a hole": (
        lambda path: dataset_from_parquet(path, target="y", features=["x"])[0],
        DataError,
        "{path}, column 'x': got no value in row 1 (2 such values in this part), expected a "
        "number. Fill the holes (for example with the column's median) or drop those rows.",
    ),
    "no such file": (
        lambda path: dataset_from_parquet(path.parent / "none.parquet", target="y"),
        FileError,
        "dataset_from_parquet('{folder}/none.parquet'): got no such file, expected a Parquet file.",
    ),
    "weights of nothing": (
        lambda path: dataset_from_parquet(path, sample_weight="y"),
        PellucidError,
        "dataset_from_parquet(sample_weight=...): got 'y', expected a target beside it, which it "
        "weighs.",
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_messages(name, tmp_path):
    path = holed(tmp_path)
    call, kind, message = MESSAGES[name]
    with pytest.raises(kind) as told:
        call(path)
    assert str(told.value) == message.format(path=path, folder=tmp_path)


def test_a_file_of_something_else_is_told(tmp_path):
    path = tmp_path / "fake.parquet"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(FileError, match=r"fake\.parquet: got a file that cannot be read \("):
        dataset_from_parquet(path, target="b")
