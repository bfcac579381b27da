import json
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import FileError, NotSaveableError
from pellucid.saving.json_text import decode, encode
from pellucid.saving.limits import LIMITS, Limits

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | TEXT
KEYS = TEXT.filter(lambda key: not key.startswith("$"))
DOCUMENTS = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))

DAMAGED = "The file is damaged or was not written by pellucid: copy or save it again."


def same(one, other):
    """Return whether two documents are equal, NaN being equal to NaN."""
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and list(one) == list(other)
            and all(same(one[key], other[key]) for key in one)
        )
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


@given(DOCUMENTS)
def test_every_document_reads_back_equal(document):
    assert same(decode(encode(document, "d"), "d"), document)


@given(
    DOCUMENTS.filter(lambda document: "nan" not in repr(document) and "inf" not in repr(document))
)
def test_a_document_is_plain_json(document):
    assert same(json.loads(encode(document, "d")), document)


def test_numbers_of_numpy_and_tuples_are_taken():
    document = {"a": np.float32(0.5), "b": np.int64(3), "c": np.bool_(True), "d": (1, 2)}
    assert decode(encode(document, "d"), "d") == {"a": 0.5, "b": 3, "c": True, "d": [1, 2]}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (
            {"loss": {1, 2}},
            "d: loss: got set, expected None, True or False, a number, text, a list, or a "
            "dictionary of these.",
        ),
        (
            {"scores": {3: 0.5}},
            "d: scores: got the key 3, expected text that does not begin with '$'. "
            "Write it as text, for example str(key).",
        ),
        (
            {"$float": "x"},
            "d: got the key '$float', expected text that does not begin with '$'. "
            "Write it as text, for example str(key).",
        ),
        ([2**64], "d: got an integer of 65 bits, expected 64."),
        (
            ["\ud800"],
            "d: got text with half a character (a lone surrogate), expected whole text. "
            "Decode the text with errors='replace' where it is read.",
        ),
    ],
)
def test_what_json_cannot_hold_is_refused(document, message):
    with pytest.raises(NotSaveableError) as caught:
        encode(document, "d")
    assert str(caught.value) == message


def test_a_document_that_holds_itself_is_refused():
    endless = []
    endless.append(endless)
    with pytest.raises(NotSaveableError) as caught:
        encode(endless, "d")
    assert str(caught.value) == (
        "d: got lists and dictionaries nested too deeply, expected at most 64 levels."
    )


def test_what_could_not_be_read_again_is_not_written():
    with pytest.raises(FileError) as caught:
        encode([0] * 11, "d", Limits(document_values=10))
    assert str(caught.value) == "d: got 11 values, expected at most 10. Store less in it."


HOSTILE = [
    (b"\xff\xfe", "bytes that are not UTF-8, expected a JSON document."),
    (b"", "text that is not JSON at character 0, expected a JSON document."),
    (b"{'a': 1}", "text that is not JSON at character 1, expected a JSON document."),
    (b"[1, 2", "brackets that do not match, expected a JSON document."),
    (b"[1] [2]", "text that is not JSON at character 4, expected a JSON document."),
    (b'{"a": 1, "b": 2, "a": 3}', "the key 'a' twice, expected each key once."),
    (b'["\\ud800"]', "half a character in '\\ud800', expected whole characters."),
    (b'{"\\udc00": 1}', "half a character in '\\udc00', expected whole characters."),
    (b"[NaN]", 'the word NaN, expected JSON, which writes {"$float": "nan"}.'),
    (b"[-Infinity]", 'the word -Infinity, expected JSON, which writes {"$float": "nan"}.'),
    (b"[1e999]", "the number 1e999, expected one that a double can hold."),
    (b"[18446744073709551616]", "the integer 18446744073709551616, expected one of 64 bits."),
    (
        b"[" + b"9" * 5000 + b"]",
        "a number of over 40 characters, expected numbers of usual length.",
    ),
    (
        b'{"$float": "1"}',
        "an object with the key '$float', expected "
        '{"$float": "nan"} or {"$float": "inf"} or {"$float": "-inf"}.',
    ),
    (
        b'{"$import": "os"}',
        "an object with the key '$import', expected "
        '{"$float": "nan"} or {"$float": "inf"} or {"$float": "-inf"}.',
    ),
    (b"[" * 65 + b"]" * 65, "65 levels of nesting, expected at most 64."),
    (b'{"a":' * 3000 + b"1" + b"}" * 3000, "3,000 levels of nesting, expected at most 64."),
    (
        b"[" * 250_000 + b"]" * 250_000,
        "250,000 lists and objects, expected at most 200,000.",
    ),
    (b"[0" + b",0" * 1_000_000 + b"]", "1,000,001 values, expected at most 1,000,000."),
    (b" " * (2**24 + 1), "16,777,217 bytes of JSON, expected at most 16,777,216."),
]


@pytest.mark.parametrize(("data", "problem"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_document_is_refused(data, problem):
    with pytest.raises(FileError) as caught:
        decode(data, "d")
    assert str(caught.value) == f"d: got {problem} {DAMAGED}"


@pytest.mark.parametrize(
    "data",
    [
        b'["' + b'\\"' * 4_000_000,
        b'["' + b'\\"' * 4_000_000 + b"\\",
        b'"' * 2_000_001,
        b"[" + b'"a",' * 2_000_000,
        b"]" * 16_000_000,
        b"-" * 16_000_000,
    ],
    ids=["open string", "open escape", "quotes", "open list", "closing", "minus"],
)
def test_a_large_hostile_document_costs_little(data):
    tracemalloc.start()
    with pytest.raises(FileError):
        decode(data, "d")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * len(data)


def test_brackets_and_commas_in_text_count_for_nothing():
    document = {"[[[{{{,,,": '\\"[[[,,,' * 100_000}
    assert decode(encode(document, "d"), "d") == document


def test_the_limits_leave_room_for_a_large_vocabulary():
    words = [f"word {number}" for number in range(200_000)]
    assert decode(encode(words, "d", LIMITS), "d") == words
