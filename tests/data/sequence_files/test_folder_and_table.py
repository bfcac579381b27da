"""A file for each sequence, and a row for each step."""

import numpy as np
import pytest

from pellucid.data.sequence_files import (
    LongTable,
    read_long_table,
    read_sequence_folder,
    read_steps,
)
from pellucid.errors import DataError, FileError

SEQUENCE = "#left, right\n{n},0.5\n2,-1\n"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def folder(tmp_path):
    """Twenty sequences with numbers in their names, their classes and their rooms."""
    for n in range(1, 21):
        write(tmp_path / "data" / f"walk_{n}.csv", SEQUENCE.format(n=n))
    classes = "".join(f"{n},{1 if n % 2 else -1}\n" for n in range(1, 21))
    write(tmp_path / "data" / "walk_target.csv", "#sequence_ID, class_label\n" + classes)
    rooms = "".join(f"{n},room {n % 3}\n" for n in range(1, 21))
    write(tmp_path / "groups" / "rooms.csv", "#sequence_ID, dataset_ID\n" + rooms)
    return tmp_path / "data"


# -- one file ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#left, right\n1,2\n3,4\n", ("left", "right")),
        ("left;right\n1;2\n3;4\n", ("left", "right")),
        ("1\t2\n3\t4\n\n", ("channel_1", "channel_2")),
        ("1 2\n 3  4", ("channel_1", "channel_2")),
        ("\ufeffleft,right\r\n1,2\r\n3,4\r\n", ("left", "right")),
    ],
)
def test_a_sequence_is_read_whatever_separates_it(tmp_path, text, names):
    path = tmp_path / "one.csv"
    path.write_bytes(text.encode())
    steps, found = read_steps(path)
    assert (steps.tolist(), found) == ([[1, 2], [3, 4]], names)


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("a,b\n", FileError, "got no line of numbers, expected a sequence as CSV"),
        ("1,2\n3\n", FileError, "line 2: got 1 value, expected 2, as in the first line."),
        ("a,b\n1,x\n", DataError, "line 2: got 'x', expected a number."),
    ],
)
def test_a_file_of_another_kind_is_told(tmp_path, text, kind, told):
    with pytest.raises(kind) as error:
        read_steps(write(tmp_path / "one.csv", text))
    assert told in str(error.value)


# -- a folder ---------------------------------------------------------------------------------


def test_a_table_among_the_files_tells_their_classes(folder):
    found = read_sequence_folder(folder)
    assert (len(found), found.channels, found.notes) == (20, ("left", "right"), ())
    by_name = dict(zip(found.names, found.labels, strict=True))
    assert (by_name["walk_7.csv"], by_name["walk_12.csv"]) == ("1", "-1")
    place = found.names.index("walk_12.csv")
    assert found.steps[place].tolist() == [[12, 0.5], [2, -1]]


def test_a_second_table_or_a_column_tells_what_belongs_together(folder):
    found = read_sequence_folder(folder, group="../groups/rooms.csv")
    assert found.groups[found.names.index("walk_5.csv")] == "room 2"
    rows = "".join(f"walk_{n}.csv;{n % 2};{n % 4}\n" for n in range(1, 21))
    write(folder / "walk_target.csv", "file;label;who\n" + rows)
    found = read_sequence_folder(folder, target="walk_target.csv", group="who")
    assert found.groups[found.names.index("walk_7.csv")] == "3"


def test_folders_may_be_the_classes(tmp_path):
    for kind in ("up", "down"):
        write(tmp_path / kind / "1.csv", "1\n2\n")
    found = read_sequence_folder(tmp_path)
    assert (found.names, found.labels) == (["down/1.csv", "up/1.csv"], ["down", "up"])


def test_without_a_table_there_are_no_classes(folder):
    (folder / "walk_target.csv").unlink()
    assert read_sequence_folder(folder).labels is None


def test_columns_are_known_by_their_names(folder):
    write(folder / "walk_3.csv", "right,left\n0.5,3\n-1,2\n")
    found = read_sequence_folder(folder)
    assert found.steps[found.names.index("walk_3.csv")].tolist() == [[3, 0.5], [2, -1]]


def test_what_is_broken_or_unknown_is_left_out_and_told(folder):
    write(folder / "walk_3.csv", "left,top\n0.5,3\n")
    with (folder / "walk_target.csv").open("a") as file:
        file.write("77,1\n")
    write(folder / "walk_21.csv", SEQUENCE.format(n=21))
    found = read_sequence_folder(folder)
    assert "walk_3.csv" not in found.names
    assert found.notes == (
        "1 of 22 lines left out:\n  walk_target.csv, line 22: got no file of the name or number "
        "'77'.",
        "1 sequence without a line in walk_target.csv, left out.",
        f"1 of 20 sequences left out:\n  {folder / 'walk_3.csv'}: got the columns left, top, "
        "expected left, right.",
    )


def told(call, kind=FileError):
    with pytest.raises(kind) as error:
        call()
    return str(error.value)


def test_the_folder_above_points_to_the_right_one(folder):
    assert told(lambda: read_sequence_folder(folder.parent)) == (
        f"{folder.parent}: got data/walk_target.csv, which seems to tell classes, in one of its "
        f"folders, expected a folder for each class, or files beside a table. Give {folder}."
    )


def test_what_is_told(folder, tmp_path):
    assert told(lambda: read_sequence_folder(folder, target="walk_targets.csv")) == (
        f"target: got no file 'walk_targets.csv', expected a file of {folder} with the classes. "
        "Did you mean 'walk_target.csv'?"
    )
    assert told(lambda: read_sequence_folder(folder, group="room")) == (
        f"group: got 'room', expected a file in {folder} or a column of its table. "
        "Known: class_label, sequence_ID."
    )
    write(folder / "labels.csv", "1,2\n")
    assert told(lambda: read_sequence_folder(folder)) == (
        f"{folder}: got 2 tables that may tell classes: labels.csv, walk_target.csv, expected "
        "one. Name it: target='labels.csv'."
    )
    (tmp_path / "nothing").mkdir()
    assert "got a folder without any" in told(lambda: read_sequence_folder(tmp_path / "nothing"))


# -- a long table -----------------------------------------------------------------------------

LONG = {
    "walk": [2, 1, 2, 1, 1],
    "t": [2.0, 1.0, 1.0, 3.0, 2.0],
    "x": [20, 11, 21, 13, 12],
    "y": [0, 1, 0, 1, 1],
    "kind": ["b", "a", "b", "a", "a"],
    "who": ["ann", "bob", "ann", "bob", "bob"],
}


def test_rows_are_gathered_by_sequence_in_the_order_of_the_file():
    columns = LongTable("walk", target="kind", group="who")
    found = read_long_table(LONG, columns, ["x"])
    assert found.names == ["2", "1"]
    assert [one[:, 0].tolist() for one in found.steps] == [[20, 21], [11, 13, 12]]
    assert (found.labels, found.groups) == (["b", "a"], ["ann", "bob"])


def test_time_orders_the_steps():
    found = read_long_table(LONG, LongTable("walk", "kind", "who", "t"))
    assert found.channels == ("x", "y")
    steps = dict(zip(found.names, (one.tolist() for one in found.steps), strict=True))
    assert steps == {"1": [[11, 1], [12, 1], [13, 1]], "2": [[21, 0], [20, 0]]}


def test_dates_order_the_steps_too():
    days = ["2024-03-02", "2024-03-01", "2024-03-01", "2024-03-03", "2024-03-02"]
    found = read_long_table({**LONG, "t": days}, LongTable("walk", "kind", "who", "t"), ["x"])
    assert sorted(one[:, 0].tolist() for one in found.steps) == [[11, 12, 13], [21, 20]]


def test_a_file_may_lack_the_classes_when_they_are_to_be_found(tmp_path):
    path = write(tmp_path / "walks.csv", "walk,x\n1,0.5\n1,0.25\n2,1\n")
    found = read_long_table(path, LongTable("walk", "kind"), ["x"])
    assert found.labels is None
    assert [one[:, 0].tolist() for one in found.steps] == [[0.5, 0.25], [1]]


def test_holes_and_doubtful_classes_are_left_out_and_told():
    rows = 42
    table = {
        "id": np.repeat(np.arange(rows), 2),
        "x": np.arange(2 * rows, dtype=float),
        "kind": np.repeat(["a", "b"], rows),
    }
    table["x"][5] = np.nan
    table["kind"][[6, 7]] = ["a", "b"]
    found = read_long_table(table, LongTable("id", "kind"))
    assert len(found) == 40
    assert found.notes == (
        "2 of 42 sequences left out:\n  table, sequence '2': got missing values in row 6, "
        "expected a number for each channel in each step.\n  table, sequence '3', class: got 2 "
        "of them: 'a', 'b', expected one class for all steps.",
    )


def test_what_is_told_of_a_table():
    assert told(lambda: read_long_table(LONG, LongTable("wlk", "kind")), DataError) == (
        "table: got no column 'wlk', expected a column of the table. Did you mean 'walk'?"
    )
    text = {**LONG, "x": ["a", "b", "c", "d", "e"]}
    assert "column 'x': got 'a' (row 1)" in told(
        lambda: read_long_table(text, LongTable("walk", "kind", "who")), DataError
    )
    assert told(lambda: read_long_table(LONG, LongTable("walk"), []), DataError) == (
        "table: got no further column, expected one for each channel."
    )
