"""Which columns of a table are texts, which one says the class, and what is left out."""

import numpy as np
import pytest

from pellucid.data.text_tables import read_text_table
from pellucid.errors import DataError, FileError

WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]


def sentence(number, words=5):
    draw = np.random.default_rng(number)
    return f"{' '.join(draw.choice(WORDS, words))} {number}"


def table(tmp_path, lines, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(b"\n".join(one if isinstance(one, bytes) else one.encode() for one in lines))
    return path


def rows(count=20):
    return [
        f'"{number % 4 + 1}","{sentence(number)}, he says","{sentence(100 + number)}"'
        for number in range(count)
    ]


def test_columns_are_found_in_a_file_without_header(tmp_path):
    read = read_text_table(table(tmp_path, rows()))
    assert read.columns == ("column_2", "column_3")
    assert read.target == "column_1"
    assert not read.header
    assert read.labels[:5] == ("1", "2", "3", "4", "1")
    assert read.texts[3] == f"{sentence(3)}, he says {sentence(103)}"
    assert read.names[:2] == ("line 1", "line 2")
    assert read.notes[0] == (
        f"{tmp_path / 'a.csv'}: 20 texts from 'column_2' and 'column_3', classes from 'column_1'."
    )


def test_columns_may_be_named(tmp_path):
    lines = [
        "id,review,stars,mood",
        *(f"{n},{sentence(n)},{n % 5},{'ab'[n % 2]}" for n in range(30)),
    ]
    path = table(tmp_path, lines)
    read = read_text_table(path, target="mood", columns=["review"], group="stars")
    assert set(read.labels) == {"a", "b"}
    assert read.groups[:6] == ("0", "1", "2", "3", "4", "0")
    assert "Columns that are not read: 'id'." in read.notes
    new = table(tmp_path, ["review", sentence(1), sentence(2)], "new.csv")
    asked = {"target": "mood", "columns": ["review"], "header": True}
    assert read_text_table(new, labelled=False, **asked).labels is None


def test_bad_rows_do_not_lose_the_others(tmp_path):
    lines = ["text,mood", *(f"{sentence(n)},{'ab'[n % 2]}" for n in range(100))]
    lines[9] = b"caf\xe9 " + lines[9].encode()
    lines[20] = "x " * 70_000 + ",a"
    lines[30], lines[31] = ",b", f"{sentence(31)},"
    read = read_text_table(table(tmp_path, lines))
    assert len(read.texts) == 96
    assert "line 10" not in read.names
    assert "line 11" in read.names
    assert read.left_out == (
        "1 row without a class in 'mood' left out.",
        "2 texts left out that cannot be read: line 10: bytes that are not UTF-8, line 21: 140,002 "
        "bytes, at most 131,072.",
        "1 empty text left out.",
    )


def test_a_file_in_another_encoding_is_read_as_that(tmp_path):
    lines = ["text,mood", *(f"caf\u00e9 {sentence(n)},{'ab'[n % 2]}" for n in range(10))]
    path = table(tmp_path, [one.encode("cp1252") for one in lines])
    read = read_text_table(path)
    assert read.texts[0].startswith("caf\u00e9")
    assert any("Windows-1252" in note for note in read.notes)


MESSAGES = [
    (
        ["a,b", "1,2", "3,4"],
        {},
        DataError,
        "{path}: got no column of texts, expected at least one. Say which: text=... The columns "
        "are a, b.",
    ),
    (
        ["text,x,y", *(f"{sentence(n)},{n % 2},{n % 3}" for n in range(12))],
        {},
        DataError,
        "{path}: got 2 columns that may say the class ('x', 'y'), expected one. Say which: "
        "target=... The columns are text, x, y.",
    ),
    (
        ["text,x,y", *(f"{sentence(n)},{n % 2},{n % 3}" for n in range(12))],
        {"target": "z", "columns": ["txt"]},
        DataError,
        "2 problems:\n"
        "  1. target=...: got no column 'z', expected a column of the table. Known: text, x, y.\n"
        "  2. text=...: got no column 'txt', expected a column of the table. Did you mean 'text'?",
    ),
    (
        ["text,x", *(f"{sentence(n)},{n % 2}" for n in range(12))],
        {"columns": ["x"]},
        DataError,
        "text=...: got the column 'x', which holds no text, expected columns of text.",
    ),
]


@pytest.mark.parametrize(("lines", "options", "kind", "message"), MESSAGES, ids=range(4))
def test_the_literal_message(lines, options, kind, message, tmp_path):
    path = table(tmp_path, lines)
    with pytest.raises(kind) as caught:
        read_text_table(path, **options)
    assert str(caught.value) == message.format(path=path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(FileError) as caught:
        read_text_table(tmp_path / "none.csv")
    assert str(caught.value) == (
        f"{tmp_path / 'none.csv'}: cannot be read (No such file or directory)."
    )
