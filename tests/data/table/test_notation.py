"""Numbers as people write them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table.notation import (
    MISSING_MARKS,
    NOTATIONS,
    canonical_text,
    find_notation,
    number_text,
    parse_as,
    parse_number,
    parse_plain,
)

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1.0),
        ("+1", 1.0),
        ("-0.5", -0.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e-3", 0.001),
        (" 2 ", 2.0),
        ("inf", math.inf),
        ("1_000", None),
        ("1,5", None),
        ("٣", None),
        ("0x10", None),
        ("", None),
        ("e5", None),
        ("nan", None),
    ],
)
def test_parse_number(text, number):
    assert parse_number(text) == number


@given(FINITE)
def test_a_number_survives_its_text(number):
    assert parse_number(number_text(number)) == number


@given(FINITE)
def test_equal_numbers_are_one_level(number):
    assert canonical_text(repr(number)) == number_text(number)
    assert canonical_text(number_text(number)) == number_text(number)


@pytest.mark.parametrize(
    ("text", "level"),
    [("1.0", "1"), ("007", "007"), ("12345678901234567890", "12345678901234567890"), ("a ", "a")],
)
def test_canonical_text(text, level):
    assert canonical_text(text) == level


@given(st.lists(FINITE))
def test_parse_plain_reads_what_python_writes(numbers):
    assert parse_plain([repr(number) for number in numbers]).tolist() == numbers


@pytest.mark.parametrize("text", ["1_000", "٣", "x", "1,5", ""])
def test_parse_plain_refuses(text):
    assert parse_plain(["1", text]) is None


@pytest.mark.parametrize(
    ("notation", "text", "number"),
    [
        ("thousands", "1,250", 1250.0),
        ("thousands", "-1,234,567.8", -1234567.8),
        ("thousands", "999", 999.0),
        ("thousands", "1,25", None),
        ("thousands", "0,125", None),
        ("decimal comma", "3,5", 3.5),
        ("decimal comma", "1.234,5", 1234.5),
        ("decimal comma", "3.5", None),
        ("decimal comma", "12", 12.0),
        ("percent", "12.5 %", 12.5),
        ("percent", "12", 12.0),
        ("currency", "$1,200.50", 1200.5),
        ("currency", "-€ 3", -3.0),
        ("currency", "€", None),
        ("currency", "1,200 €", 1200.0),
        ("currency", "€3,50", None),
        ("decimal comma", "1 234,5", 1234.5),
        ("decimal comma", "1\u202f234", 1234.0),
        ("decimal comma", "1'234,5", 1234.5),
        ("decimal comma", "1.234 567,5", None),
        ("points", "1.234.567", 1234567.0),
        ("points", "1.234", 1234.0),
        ("points", "0.125", None),
        ("points", "1.5", None),
        ("spaces", "1 234", 1234.0),
        ("spaces", "-12\u00a0345\u00a0678.5", -12345678.5),
        ("spaces", "1 23", None),
        ("apostrophes", "1'234.5", 1234.5),
        ("apostrophes", "1\u2019000\u2019000", 1000000.0),
        ("apostrophes", "'234", None),
        (None, "1,5", None),
    ],
)
def test_parse_as(notation, text, number):
    assert parse_as(text, notation) == number


def test_every_notation_is_found_and_tried_above():
    samples = {
        "thousands": ["1,250", "999"],
        "decimal comma": ["3,5", "1.000,25"],
        "percent": ["12%", "3 %"],
        "currency": ["$12", "$1,200"],
        "points": ["1.234.567", "1.234", "999"],
        "spaces": ["1 234", "12.5"],
        "apostrophes": ["1'234", "12"],
    }
    assert {name: find_notation(texts) for name, texts in samples.items()} == dict(
        zip(NOTATIONS, NOTATIONS, strict=True)
    )


def test_plain_numbers_and_words_are_in_no_notation():
    assert find_notation(["1", "2.5"]) is None
    assert find_notation(["1,5", "word"]) is None
    assert find_notation(["1,5", "2,5", "3,5", "4,5", "word"], share=0.8) == "decimal comma"


@given(st.integers(-(10**12), 10**12))
def test_commas_between_thousands_are_read_back(number):
    assert parse_as(f"{number:,}", "thousands") == number


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_decimal_comma_is_read_back(number):
    assert parse_as(str(number).replace(".", ","), "decimal comma") == float(number)


def test_missing_marks_in_all_spellings():
    for mark in ("", "?", "-", "NA", "na", "N/A", "NaN", "nan", "NAN", "null", "NULL", "None", "."):
        assert mark in MISSING_MARKS
    assert not {"0", "no", "unknown"} & MISSING_MARKS


def test_number_text_is_short():
    assert [number_text(np.float64(x)) for x in (3, -0.0, 0.1, 2.0**60)] == [
        "3",
        "0",
        "0.1",
        "1.152921504606847e+18",
    ]
