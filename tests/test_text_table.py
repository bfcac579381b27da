import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.text_table import text_table


def test_numbers_stand_right_and_words_left():
    rows = [("a", 1, 0.5), ("long name", 1200, None)]
    assert text_table(rows, ["name", "count", "share"]).split("\n") == [
        "name       count   share",
        "---------  -----  ------",
        "a              1  0.5000",
        "long name  1,200",
    ]


def test_without_headers_there_is_no_line():
    assert text_table([("a", "b"), ("cc", "d")]) == "a   b\ncc  d"


def test_numpy_numbers_are_numbers_and_booleans_are_words():
    rows = [(np.float32(0.25), np.int64(3), True), (1.0, 20, False)]
    assert text_table(rows) == "0.2500   3  True\n1.0000  20  False"


def test_a_line_break_in_a_cell_does_not_break_the_table():
    assert text_table([("a\nb", 1)]) == "a b  1"


def test_an_empty_table_has_its_head_alone():
    assert text_table([], ["a", "b"]) == "a  b\n-  -"
    assert text_table([]) == ""


def test_rows_of_other_lengths_are_told_together():
    with pytest.raises(ArgumentError) as error:
        text_table([(1,), (1, 2), (1, 2, 3)], ["a", "b"])
    assert str(error.value) == (
        "2 problems:\n"
        "  1. text_table(rows=...), row 0: got 1 cells, expected 2.\n"
        "  2. text_table(rows=...), row 2: got 3 cells, expected 2."
    )
