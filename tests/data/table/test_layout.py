"""Separators, quotes and headers are found."""

import pytest

from pellucid.data.table.layout import SAMPLE, find_layout, has_header, sample_of


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
        ("1,5;2,5;3\n1,5;2,5;3\n", ";"),
        ("a\tb\n1, 2\t3\n4\t5\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("a b\n1 2\n3   4\n", " "),
        ("39, State-gov, 77516\n50, Self-emp, 83311\n", ","),
        ("name,genres\nHeat,Crime;Drama\nAlien,Horror;Space\n", ","),
        ('"a;b",1\n"c;d",2\n', ","),
        ("one\ntwo\nthree\n", ","),
        ("", ","),
    ],
)
def test_the_separator_is_found(text, separator):
    assert find_layout(text).separator == separator


def test_what_is_given_is_not_searched():
    assert find_layout("a,b\n", separator=";", quote="'") == find_layout("x", ";", "'")


def test_a_sample_ends_with_a_line():
    text = "abcdefg\n" * SAMPLE
    assert sample_of(text).endswith("\n")
    assert len(sample_of(text)) <= SAMPLE
    assert sample_of("a,b\n1") == "a,b\n1"


HEADERS = {
    "names above numbers": [["age", "height"], ["31", "1.8"], ["40", "1.7"]],
    "names above numbers and gaps": [["age", "height"], ["?", "1.8"], ["40", "NA"]],
    "names above dates": [["month", "who"], ["1949-01", "x"]],
    "words that come only once": [["city", "sport"], ["Rome", "chess"], ["Oslo", "go"]],
    "a name above digits, and whole numbers": [["label", "7", "9"], ["5", "3.5", "2"]],
    "a name, and numbers that count": [["kind", *"01234"], ["a", *"55555"], ["b", *"66666"]],
    "numbers that count the columns": [["0", "1", "2"], ["5", "6", "7"]],
    "an index before them": [["", "0", "1", "2"], ["0", "5", "6", "7"]],
    "an unnamed column": [["", "age"], ["a", "31"]],
    "only names": [["age", "city"]],
}
BODIES = {
    "numbers": [["31", "1.8"], ["40", "1.7"]],
    "a number and a word": [["39", "State-gov"], ["50", "Private"]],
    "one row with a number": [["31", "Rome"]],
    "words that come again": [["x", "sunny"], ["y", "rainy"], ["x", "sunny"]],
    "a mark of a missing value above numbers": [["?", "1.5"], ["3", "2.5"]],
    "a word and small numbers": [["M", "0", "1"], ["F", "2", "3"]],
    "a date": [["2020-01-01", "x"], ["2020-01-02", "y"]],
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header(name):
    assert has_header(HEADERS[name])


@pytest.mark.parametrize("name", BODIES)
def test_no_header(name):
    assert not has_header(BODIES[name])
