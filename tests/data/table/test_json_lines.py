"""JSON lines to tables."""

import pytest

from pellucid.data.table.frames import default_marks
from pellucid.data.table.json_lines import looks_like_json, parse_json
from pellucid.errors import DataError


def parse(text):
    return parse_json(text, "people.jsonl", default_marks)


def test_lines_and_a_list_are_the_same_table():
    lines = '{"age": 31, "city": "Rome"}\r\n\n{"city": null, "tall": true, "age": 2.5}\n'
    listed = '[{"age": 31, "city": "Rome"},\n {"city": null, "tall": true, "age": 2.5}]'
    for text in (lines, listed):
        table = parse(text)
        assert table.names == ("age", "city", "tall")
        assert table["age"].values.tolist() == [31, 2.5]
        assert table["city"].missing.tolist() == [False, True]
        assert table["tall"].missing.tolist() == [True, False]
    assert parse(lines).lines.tolist() == [1, 3]


def test_nested_values_are_left_out():
    table = parse('{"a": 1, "b": [1]}\n{"a": 2, "b": {}}\n')
    assert table.names == ("a",)
    assert table.notes == ("Columns that hold lists or objects left out: b.",)


@pytest.mark.parametrize(
    ("text", "is_json"),
    [('{"a": 1}', True), (' [ {"a": 1}]', True), ("{}", True), ("[1]", False), ("a,b", False),
     ("{a},{b}\n1,2", False), ("", False)],
)  # fmt: skip
def test_looks_like_json(text, is_json):
    assert looks_like_json(text) is is_json


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"a": 1}\n{"a":\n',
            "people.jsonl, line 2: got text that is not JSON (expecting value at column 6), "
            "expected a JSON object. Write one whole object a line.",
        ),
        (
            '{"a": 1}\n[1]\n',
            "people.jsonl, line 2: got '[1]', expected a JSON object such as {\"age\": 31}.",
        ),
        ('[{"a": 1}, 2]', "people.jsonl: got other JSON, expected a list of objects."),
        ("{}\n", "people.jsonl: got no values, expected objects with keys and values."),
        (
            '{"a": [1]}\n',
            "people.jsonl: got only lists and objects as values, expected plain values.",
        ),
        (
            '{"a": ' + "[" * 100_000 + "\n",
            "people.jsonl, line 1: got JSON nested too deeply, expected a flat JSON object.",
        ),
    ],
)
def test_the_message(text, message):
    with pytest.raises(DataError) as caught:
        parse(text)
    assert str(caught.value) == message
