"""What each column is thought to be, and why."""

import datetime

import numpy as np
import pytest

from pellucid.data.table import as_table, infer_kinds
from pellucid.data.table.kinds import (
    BOOLEAN,
    CATEGORY,
    CONSTANT,
    DATE,
    IDENTIFIER,
    IGNORED,
    KINDS,
    NUMBER,
    TEXT,
    USED,
    has_id_name,
)
from pellucid.data.table.read import marks_of
from pellucid.errors import ArgumentError, DataError

N = 100
SENTENCES = [f"a long sentence about the matter of number {place}" for place in range(N)]

COLUMNS = {
    "real": ([place / 2 for place in range(N)], NUMBER, "100 distinct numbers from 0 to 49.5"),
    "whole": ([n % 17 for n in range(N)], NUMBER, "17 distinct whole numbers from 0 to 16"),
    "few": ([place % 3 for place in range(N)], NUMBER, "3 distinct whole numbers from 0 to 2"),
    "mostly zero": (
        [0] * 80 + list(range(1, 21)),
        NUMBER,
        "21 distinct whole numbers from 0 to 20; 80% of the rows hold 0",
    ),
    "with gaps": (
        [None, None, *range(3, N + 1)],
        NUMBER,
        "98 distinct whole numbers from 3 to 100; 2 missing (2.0%)",
    ),
    "commas": (["1,250", "999"] * 50, NUMBER, "written with commas between thousands"),
    "decimal comma": (["3,5", "12", "0,125", "9,25"] * 25, NUMBER, "written with a decimal comma"),
    "percent": (["3 %", "12.5%"] * 50, NUMBER, "written as percentages"),
    "money": (["$3", "$1,200"] * 50, NUMBER, "written with a currency sign"),
    "zero and one": ([0, 1] * 50, BOOLEAN, "0 and 1"),
    "truth": ([True, False] * 50, BOOLEAN, "true and false"),
    "yes": (["Yes", "no"] * 50, BOOLEAN, "Yes and no"),
    "truth with gaps": ([True, None] * 50, BOOLEAN, "true and false; 50 missing (50.0%)"),
    "levels": (["a", "b", "c", "d"] * 25, CATEGORY, "4 levels: a, b, c and 1 more"),
    "mixed levels": (["0", "1", "2", "3+"] * 25, CATEGORY, "4 levels: 0, 1, 2 and 1 more"),
    "codes": (
        ["007", "012", "100"] * 33 + ["100"],
        CATEGORY,
        "3 codes that are no quantities (leading zeros or too long)",
    ),
    "zip": ([10001, 94105] * 50, CATEGORY, "a postal code by its name"),
    "one level and gaps": (["x", None] * 50, CATEGORY, "1 level: x; 50 missing (50.0%)"),
    "iso dates": (
        [f"2020-01-{1 + place % 28:02d}" for place in range(N)],
        DATE,
        "from 2020-01-01 to 2020-01-28",
    ),
    "dates of doubt": (
        [f"0{1 + place % 9}/05/2020" for place in range(N)],
        DATE,
        "from 2020-01-05 to 2020-09-05; read month first, which the dates leave open",
    ),
    "times": (
        [datetime.datetime(2020, 1, 1 + place % 9) for place in range(N)],
        DATE,
        "from 2020-01-01 to 2020-01-09",
    ),
    "running": (list(range(5, N + 5)), IDENTIFIER, "counts the rows from 5 to 104"),
    "PassengerId": (
        [(place * 7919) % 10007 for place in range(N)],
        IDENTIFIER,
        "100 distinct whole numbers and its name",
    ),
    "names": ([f"n{place}" for place in range(N)], IDENTIFIER, "100 distinct texts in 100 rows"),
    "long codes": ([f"{n:05d}" for n in range(N)], IDENTIFIER, "100 distinct codes, one a row"),
    "always 3": ([3] * N, CONSTANT, "always 3"),
    "always x": (["x"] * N, CONSTANT, "always x"),
    "always true": ([True] * N, CONSTANT, "always true"),
    "nothing": ([None] * N, CONSTANT, "no value in any row"),
    "sentences": (SENTENCES, TEXT, "free text of 9 words on average"),
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_the_kind_and_its_reason(name):
    values, kind, reason = COLUMNS[name]
    found = infer_kinds(as_table({name: values}))[name]
    assert (found.kind, found.reason, found.given) == (kind, reason, False)


def test_every_kind_that_is_inferred_is_tried():
    assert {kind for _, kind, _ in COLUMNS.values()} == set(KINDS) - {IGNORED, "answer"}


def test_a_small_table_has_no_identifiers_by_chance():
    kinds = infer_kinds(as_table({"n": [1, 2, 3], "s": ["a", "b", "c"], "id": [7, 5, 6]}))
    assert [kinds[name].kind for name in kinds] == [NUMBER, CATEGORY, IDENTIFIER]


@pytest.mark.parametrize(
    ("name", "is_id"),
    [("id", True), ("ID", True), ("No", True), ("row_id", True), ("customerId", True),
     ("userID", True), ("Unnamed: 0", True), ("uuid", True), ("humid", False), ("grid", False),
     ("index_price", False), ("nose", False), ("Idaho", False)],
)  # fmt: skip
def test_names_of_identifiers(name, is_id):
    assert has_id_name(name) is is_id


def test_the_target_has_no_kind():
    kinds = infer_kinds(as_table({"x": [1.5, 2], "y": [3, 4]}), target="y")
    assert list(kinds) == ["x"]


def test_a_kind_given_wins():
    table = as_table({"zone": [1, 2, 3, 4], "when": ["1.5.2020"] * 4, "name": list("abcd")})
    wanted = {"zone": "category", "when": "date", "name": "ignored"}
    kinds = infer_kinds(table, kinds=wanted)
    assert {name: kinds[name].kind for name in kinds} == wanted
    assert all(kinds[name].given for name in kinds)
    assert kinds.used == ("zone", "when")


def test_they_are_shown_as_a_table():
    kinds = infer_kinds(as_table({"id": range(30), "age": [20.5, 30] * 15}))
    assert str(kinds).splitlines() == [
        "column  kind                  why",
        "------  ----------  --------  --------------------------------------",
        "id      identifier  left out  30 distinct whole numbers and its name",
        "age     number                2 distinct numbers from 20.5 to 30",
    ]


def ages(**changes):
    values = [str(20 + place % 40) for place in range(1000)]
    for place, value in changes.items():
        values[int(place[1:])] = value
    return values


STRAYS = {
    "three words among numbers": (
        {"age": ages(_16="abc", _87="n.k.", _912="abc")},
        {},
        "houses.csv, column 'age': got 'abc' (row 17), 'n.k.' (row 88), 'abc' (row 913), expected "
        "numbers. Correct them, or if they stand for a missing value say so: "
        "missing=['abc', 'n.k.']; if they are levels: kinds={'age': 'category'}.",
    ),
    "more than are shown": (
        {"age": ages(_0="a", _1="b", _2="c", _3="d", _4="e", _5="f")},
        {},
        "houses.csv, column 'age': got 'a' (row 1), 'b' (row 2), 'c' (row 3) and 3 more, expected "
        "numbers. Correct them, or if they stand for a missing value say so: "
        "missing=['a', 'b', 'c', 'd', 'e', ...]; if they are levels: kinds={'age': 'category'}.",
    ),
    "a word among decimal commas": (
        {"size": ["3,5", "4,5", "5,25", "6,5", "7,5", "8,5"] * 30 + ["big"]},
        {},
        "houses.csv, column 'size': got 'big' (row 181), expected numbers. Correct them, or if "
        "they stand for a missing value say so: missing=['big']; if they are levels: "
        "kinds={'size': 'category'}.",
    ),
    "a word among dates": (
        {"day": [f"2020-01-{1 + place % 28}" for place in range(99)] + ["soon"]},
        {},
        "houses.csv, column 'day': got 'soon' (row 100), expected dates. Correct them, or if they "
        "stand for a missing value say so: missing=['soon']; if they are levels: "
        "kinds={'day': 'category'}.",
    ),
    "a number column by order": (
        {"word": ["a", "1"] * 50},
        {"word": "number"},
        "houses.csv, column 'word': got 'a' (row 1), 'a' (row 3), 'a' (row 5) and 47 more, "
        "expected numbers. Correct them, or if they stand for a missing value say so: "
        "missing=['a']; if they are levels: kinds={'word': 'category'}.",
    ),
    "infinite numbers": (
        {"x": [1.0, np.inf, -np.inf, 1e200] + [2.0] * 9},
        {},
        "houses.csv, column 'x': got -inf, 1e+200, inf (rows 2, 3, 4), expected finite numbers. "
        "Correct them, or if they stand for a missing value say so: missing=['inf', '-inf'].",
    ),
}


@pytest.mark.parametrize("name", STRAYS)
def test_stray_values(name):
    columns, kinds, message = STRAYS[name]
    with pytest.raises(DataError) as caught:
        infer_kinds(as_table(columns, source="houses.csv"), kinds=kinds)
    assert str(caught.value) == message


def test_stray_values_of_all_columns_are_told_together():
    table = as_table({"a": ages(_1="x"), "b": ages(_2="y"), "c": ages()})
    told = r"^2 problems:\n  1\. .*'a': got 'x'.*\n  2\. .*'b': got 'y'"
    with pytest.raises(DataError, match=told):
        infer_kinds(table)


def test_a_stray_that_is_declared_missing_is_none():
    table = as_table({"age": ages(_16="abc")}, marks=marks_of(["abc"]))
    assert infer_kinds(table)["age"].kind == NUMBER


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"target": "prise"},
            "target=...: got no column 'prise', expected a column of the table. "
            "Did you mean 'price'?",
        ),
        (
            {"kinds": {"agee": "number"}},
            "kinds=...: got no column 'agee', expected a column of the table. Did you mean 'age'?",
        ),
        (
            {"kinds": {"age": "catgory"}},
            "kinds=...: column 'age': got 'catgory', expected a kind of column. "
            "Did you mean 'category'?",
        ),
        (
            {"target": "price", "kinds": {"price": "number"}},
            "kinds=...: got a kind for the target 'price', expected kinds of other columns. "
            "Give the task instead: task='classes'.",
        ),
    ],
)
def test_the_message_for_an_argument(arguments, message):
    with pytest.raises(ArgumentError) as caught:
        infer_kinds(as_table({"age": [1, 2], "price": [3, 4]}), **arguments)
    assert str(caught.value) == message


def test_used_kinds_are_kinds():
    assert set(USED) < set(KINDS)


READ = {
    ("1.234,56", "3,5"): "is written with a decimal comma: '1.234,56' is read as 1234.56.",
    ("1 234", "999"): "is written with spaces between thousands: '1 234' is read as 1234.",
    ("1'234", "999"): "is written with apostrophes between thousands: '1'234' is read as 1234.",
    ("1.234.567", "1.234"): (
        "is written with points between thousands: '1.234.567' is read as 1234567."
    ),
    ("1,250", "999"): (
        "is written with commas between thousands: '1,250' is read as 1250. "
        "If it is written with a decimal comma, write 1.25."
    ),
    ("€3,50", "€ 12,00"): (
        ": values such as '€3,50' look like numbers, but are read as category. "
        "If they are numbers, write them plainly, such as 1234.56."
    ),
}


@pytest.mark.parametrize("values", READ)
def test_how_numbers_are_read_is_said(values):
    told = infer_kinds(as_table({"price": [*values, *values]})).notes
    mark = "" if READ[values].startswith(":") else " "
    assert told == (f"Column 'price'{mark}{READ[values]}",)


def test_a_kind_that_was_given_is_no_doubt():
    rows = as_table({"address": ["10.0.0.1", "10.0.0.2"] * 2})
    assert infer_kinds(rows, kinds={"address": "category"}).notes == ()


def test_few_large_numbers_among_small_ones_are_read():
    values = [f"{number}.5" for number in range(30)] + ["1,250.5", "1,300"]
    found = infer_kinds(as_table({"price": values}))["price"]
    assert (found.kind, found.notation) == (NUMBER, "thousands")
