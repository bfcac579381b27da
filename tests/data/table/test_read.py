"""Files of all sorts to tables, and files that are none."""

import subprocess
import sys
from pathlib import Path

import pandas
import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table import read, read_table
from pellucid.errors import ArgumentError, DataError, FileError, PellucidError

VALUES = {"age": [31.0, None, 7.5], "city": ["Rome", "Oslo", None]}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def content(table):
    return {column.name: values(column) for column in table}


def values(column):
    pairs = zip(column.values, column.missing, strict=True)
    return [None if gone else value for value, gone in pairs]


WRITERS = {
    "people.csv": lambda frame, path: frame.write_csv(path),
    "people.tsv": lambda frame, path: frame.write_csv(path, separator="\t"),
    "semicolons.csv": lambda frame, path: frame.write_csv(path, separator=";", null_value="NA"),
    "people.parquet": lambda frame, path: frame.write_parquet(path),
    "people.arrow": lambda frame, path: frame.write_ipc(path),
    "people.jsonl": lambda frame, path: frame.write_ndjson(path),
    "people.json": lambda frame, path: frame.write_json(path),
    "named_wrongly.txt": lambda frame, path: frame.write_parquet(path),
}


@pytest.mark.parametrize("name", WRITERS)
def test_what_polars_writes_is_read_back(folder, name):
    WRITERS[name](polars.DataFrame(VALUES), folder / name)
    assert content(read_table(folder / name)) == VALUES


def test_what_pandas_writes_is_read_back(folder):
    frame = pandas.DataFrame(VALUES)
    frame.to_csv("with_index.csv")
    table = read_table("with_index.csv")
    assert table.names == ("column_1", "age", "city")
    assert table.notes == ("Column 1 has no name; it is called 'column_1' here.",)
    frame.to_parquet("frame.parquet")
    assert content(read_table("frame.parquet")) == VALUES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_encodings(folder, encoding):
    (folder / "a.csv").write_bytes("größe,ort\n1,Zürich\n2,Köln\n".encode(encoding))
    table = read_table("a.csv")
    assert table.names == ("größe", "ort")
    assert table["ort"].values.tolist() == ["Zürich", "Köln"]
    note = "The text is not UTF-8 (line 1); it is read as Windows-1252 (Latin-1)."
    assert (note in table.notes) == (encoding in ("latin-1", "cp1252"))


def test_u0085_ends_no_line(folder):
    (folder / "a.csv").write_text("a,b\n1,x\x85y\n2,z\u2028w\n", encoding="utf-8")
    assert read_table("a.csv").rows == 2


def test_arguments_reach_the_reader(folder):
    (folder / "a.csv").write_text("1;'x;y'\n-9;z\n")
    layout = {"header": False, "separator": ";", "quote": "'", "columns": ["n", "s"]}
    table = read_table("a.csv", missing=[-9], **layout)
    assert content(table) == {"n": [1.0, None], "s": ["x;y", "z"]}


def test_missing_marks_given(folder):
    (folder / "a.csv").write_text("a,b\n0,unknown\n1,0\n")
    assert content(read_table("a.csv", missing="unknown")) == {"a": [0.0, 1.0], "b": [None, 0.0]}
    assert content(read_table("a.csv", missing={"a": [0]})) == {
        "a": [None, 1.0],
        "b": ["unknown", "0"],
    }
    assert content(read_table("a.csv", missing=["unknown", "0"]))["a"] == [None, 1.0]


def test_missing_marks_hold_for_parquet_too(folder):
    polars.DataFrame({"n": [-999.0, 1.0], "s": ["?", "none given"]}).write_parquet("a.parquet")
    table = read_table("a.parquet", missing=["-999", "none given"], columns=["x", "y"])
    assert content(table) == {"x": [None, 1.0], "y": [None, None]}


def test_a_small_file_needs_no_polars(folder):
    (folder / "a.csv").write_text("a,b\n1,2\n")
    code = """
import sys
from pellucid.data.table import read_table
read_table("a.csv")
print(*[name for name in ("polars", "narwhals", "jax") if name in sys.modules])
"""
    source = str(Path(read.__file__).parents[3])
    run = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": source}, capture_output=True, text=True
    )
    assert (run.stdout, run.stderr) == ("\n", "")


def test_a_large_file_goes_to_polars(folder, monkeypatch):
    (folder / "a.csv").write_text("a,b\n1,x\n2,y\n")
    small = content(read_table("a.csv"))
    monkeypatch.setattr(read, "LARGE", 1)
    monkeypatch.setattr(read, "parse_delimited", None)
    assert content(read_table("a.csv")) == small


EXPECTED = "expected a table as CSV, Parquet or JSON lines."
FILES = {
    b"": (DataError, "a.csv: got an empty file, expected a header and rows of values."),
    b" \n\n": (DataError, "a.csv: got an empty file, expected a header and rows of values."),
    b"\xef\xbb\xbf": (DataError, "a.csv: got an empty file, expected a header and rows of values."),
    b"age,city\n": (
        DataError,
        "a.csv: got a header (age, city) and no rows, expected at least one row of values. "
        "If it is a row of values, give header=False.",
    ),
    b"a,b,c\n1,2,3\n4,5\n": (
        DataError,
        "a.csv, line 3: got 2 fields, expected 3, as on line 1. "
        "The separator is ',': quote fields that hold it, or give separator=...",
    ),
    b"\x89PNG\r\n\x1a\n\x00\x00": (FileError, f"a.csv: got bytes that are no text, {EXPECTED}"),
    bytes(range(1, 256)) * 4: (FileError, f"a.csv: got bytes that are no text, {EXPECTED}"),
    b"PK\x03\x04rest": (
        FileError,
        f"a.csv: got a zip archive or an Excel workbook, {EXPECTED} "
        "Save the sheet as CSV, or unpack it.",
    ),
    b"\x1f\x8brest": (
        FileError,
        f"a.csv: got a gzip archive, {EXPECTED} Unpack it with gunzip first.",
    ),
    b"PAR1 but no more": (FileError, "a.csv: got a Parquet file that cannot be read ("),
    b"ARROW1 but no more": (FileError, "a.csv: got a Arrow file that cannot be read ("),
}  # fmt: skip


@pytest.mark.parametrize("data", FILES, ids=range(len(FILES)))
def test_the_message_for_a_file(folder, data):
    (folder / "a.csv").write_bytes(data)
    error, message = FILES[data]
    with pytest.raises(error) as caught:
        read_table("a.csv")
    shown = str(caught.value)
    assert shown.startswith(message) if message.endswith("(") else shown == message


def test_the_message_for_no_file(folder):
    (folder / "houses.csv").write_text("a\n1\n")
    (folder / "sub").mkdir()
    messages = {
        "house.csv": f"house.csv: got no such file, {EXPECTED} Did you mean 'houses.csv'?",
        "zzz": f"zzz: got no such file, {EXPECTED}",
        "no/x.csv": f"no/x.csv: got no such file, {EXPECTED} There is no folder 'no' either.",
        "sub": f"sub: got a folder, {EXPECTED}",
        ".": f".: got a folder, {EXPECTED} In it: houses.csv.",
    }
    for path, message in messages.items():
        with pytest.raises(FileError) as caught:
            read_table(path)
        assert str(caught.value) == message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"separator": "ab"},
            "separator=...: got 'ab', expected one character, such as ',' ';' or a tab '\\t'.",
        ),
        ({"quote": "''"}, "quote=...: got \"''\", expected one character, or '' for no quotes."),
        ({"columns": ["x", "x"]}, "columns=...: got x twice, expected different names."),
        ({"columns": "xy"}, "columns=...: got 'xy', expected a list of names."),
        ({"columns": ["x", ""]}, "columns=...: got ['x', ''], expected a list of names."),
        (
            {"missing": [None]},
            "missing=...: got [None], expected marks such as ['?', '-999'], "
            "or a dict of column name to marks.",
        ),
        (
            {"missing": {"agee": ["?"]}},
            "missing=...: got no column 'agee', expected a column of the table. "
            "Did you mean 'age'?",
        ),
        (
            {"separator": ",,", "quote": "xx"},
            "2 problems:\n"
            "  1. separator=...: got ',,', expected one character, "
            "such as ',' ';' or a tab '\\t'.\n"
            "  2. quote=...: got 'xx', expected one character, or '' for no quotes.",
        ),
    ],
)
def test_the_message_for_an_argument(folder, arguments, message):
    (folder / "a.csv").write_text("age,b\n1,2\n")
    with pytest.raises(ArgumentError) as caught:
        read_table("a.csv", **arguments)
    assert str(caught.value) == message


LIKE_A_TABLE = st.text('ab1,;\t"\n\r{}[]: ', max_size=60).map(str.encode)


@given(st.one_of(st.binary(max_size=200), LIKE_A_TABLE))
def test_any_bytes_are_a_table_or_a_clear_error(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)
    table, message = read_or_refuse(path)
    assert message.startswith(str(path))
    assert table is None or (table.rows > 0 and len(set(map(len, table))) == 1)


def read_or_refuse(path):
    try:
        return read_table(path), str(path)
    except PellucidError as error:
        return None, str(error)
