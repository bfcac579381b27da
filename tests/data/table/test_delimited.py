"""Text with separators to tables, and what is wrong with it."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table.delimited import Asked, clean_names, parse_delimited
from pellucid.data.table.frames import default_marks
from pellucid.errors import DataError


def parse(text, **asked):
    return parse_delimited(text, "houses.csv", Asked(**asked), default_marks)


def values(table):
    return {column.name: _values(column) for column in table}


def _values(column):
    pairs = zip(column.values.tolist(), column.missing, strict=True)
    return [None if gone else value for value, gone in pairs]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("tail", ["", "\n", "\n\n\n"])
def test_line_ends_and_empty_lines_at_the_end(ending, tail):
    table = parse(("a,b\n1,x\n2,y" + tail).replace("\n", ending))
    assert values(table) == {"a": [1, 2], "b": ["x", "y"]}
    assert table.lines.tolist() == [2, 3]


def test_a_comma_and_a_space():
    assert values(parse('a, b\n1, "x, y"\n2,  z \n')) == {"a": [1, 2], "b": ["x, y", "z"]}


def test_a_quoted_line_break_and_a_doubled_quote():
    table = parse('a,b\n1,"x\ny, ""z"""\n2,w\n')
    assert values(table)["b"] == ['x\ny, "z"', "w"]
    assert table.lines.tolist() == [2, 4]


def test_other_quotes():
    assert values(parse("a,b\n1,'x,y'\n", quote="'"))["b"] == ["x,y"]
    assert values(parse('a,b\n1,"x"\n', quote=""))["b"] == ['"x"']


def test_quotes_that_are_text_are_found():
    table = parse('A "good" film\t1\n"Bad" one\t0\nThe "end\t1\n')
    assert table.notes[0] == "Quotes are read as part of the text."
    assert values(table)["column_1"] == ['A "good" film', '"Bad" one', 'The "end']


def test_quotes_that_would_join_lines_are_text():
    table = parse('"To be\t1\nor not"\t0\nto be\t1\n')
    assert table.rows == 3
    assert "Quotes are read as part of the text." in table.notes


def test_only_spaces_and_separators():
    table = parse("a,b\n1,2\n,\n , \n3,4\n")
    assert values(table) == {"a": [1, 3], "b": [2, 4]}
    assert table.notes == ("2 rows without any value left out.",)


def test_a_separator_at_the_end_of_each_line():
    note = "Each line ends in a separator; the empty last column is left out."
    for header in ("a,b\n", "a,b,\n"):
        table = parse(header + "1,2,\n3,4,\n")
        assert values(table) == {"a": [1, 3], "b": [2, 4]}
        assert note in table.notes


def test_a_named_last_column_without_values_stays():
    assert parse("a,b,c\n1,2,\n3,4,\n")["c"].missing.all()


def test_no_header():
    table = parse("5.1,Iris-setosa\n4.9,Iris-setosa\n")
    assert table.names == ("column_1", "column_2")
    assert table.positional
    assert table.notes == ("No header: the columns are named column_1 to column_2.",)
    assert table.lines.tolist() == [1, 2]


def test_names_given():
    table = parse("1,2\n3,4\n", columns=["x", "y"])
    assert (table.names, table.rows, table.positional) == (("x", "y"), 2, False)
    assert parse("a,b\n1,2\n", columns=["x", "y"]).rows == 1


def test_header_given():
    assert parse("1,2\n3,4\n", header=True).names == ("1", "2")
    assert parse("a,b\nc,d\n", header=False).rows == 2


def test_names_are_made_clean_and_different():
    names, notes = clean_names(["#id", " age", "age", "", "age_2", "a\nb"])
    assert names == ["id", "age", "age_3", "column_4", "age_2", "a b"]
    assert notes[0] == "The '#' before the first column's name, 'id', is left out."
    assert "Column 3 is named 'age' again; it is called 'age_3' here." in notes
    assert "Column 4 has no name; it is called 'column_4' here." in notes


def test_missing_marks():
    table = parse("a,b\n1,x\n?,NA\nN/A,-\nnan,null\n2,None\n")
    assert values(table) == {"a": [1, None, None, None, 2], "b": ["x", None, None, None, None]}


def test_codes_keep_their_zeros():
    table = parse("zip,n,long\n00501,01,12345678901234567\n10001,02,12345678901234568\n")
    assert table["zip"].values.tolist() == ["00501", "10001"]
    assert table["n"].values.tolist() == [1, 2]
    assert table["long"].values.tolist() == ["12345678901234567", "12345678901234568"]


MESSAGES = {
    "a,b,c\n1,2,3\n4,5\n6,7,8\n": (
        "houses.csv, line 3: got 2 fields, expected 3, as on line 1. "
        "The separator is ',': quote fields that hold it, or give separator=..."
    ),
    "a;b;c\n1;2;3\n\n4;5;6;7\n6;7\n1;2;3\n": (
        "houses.csv: got 2 lines with other numbers of fields (line 4: 4, line 5: 2), "
        "expected 3, as on line 1. "
        "The separator is ';': quote fields that hold it, or give separator=..."
    ),
    "a,b\n1,2,3\n4,5,6\n": (
        "houses.csv, line 1: got 2 fields, expected 3, as on all other lines. "
        "The separator is ',': quote fields that hold it, or give separator=..."
    ),
    "age,city\n": (
        "houses.csv: got a header (age, city) and no rows, expected at least one row of values. "
        "If it is a row of values, give header=False."
    ),
    ",,\n,,\n": "houses.csv: got no rows, expected a header and rows of values.",
    'a,b\n1,"x, y"\n2,"y\n3,z\n': (
        "houses.csv, line 3: got a quote that is not closed, or text right after a closing quote, "
        "expected quotes in pairs around whole fields. "
        "Double quotes inside fields, or give quote='' if quotes are part of the text."
    ),
    'a,b\n"1","x"\n"2","y"\n"3","z"w\n': (
        "houses.csv, line 4: got a quote that is not closed, or text right after a closing quote, "
        "expected quotes in pairs around whole fields. "
        "Double quotes inside fields, or give quote='' if quotes are part of the text."
    ),
    'a,b\n1,"' + "x" * 140_000 + "\n": (
        "houses.csv, line 2: got a field of more than 131,072 characters, perhaps by a quote that "
        "is not closed, expected quotes in pairs around whole fields. "
        "Close the quote, or give quote='' if quotes are part of the text."
    ),
}


def test_a_limit_that_others_raised_stays_theirs():
    earlier = csv.field_size_limit(1_000_000)
    try:
        with pytest.raises(DataError, match="more than 131,072 characters"):
            parse('a,b\n1,"' + "x" * 200_000 + '"\n')
        assert csv.field_size_limit() == 1_000_000
    finally:
        csv.field_size_limit(earlier)


@pytest.mark.parametrize("text", MESSAGES, ids=range(len(MESSAGES)))
def test_the_message(text):
    with pytest.raises(DataError) as caught:
        parse(text)
    assert str(caught.value) == MESSAGES[text]


def test_the_message_for_a_wrong_number_of_names():
    with pytest.raises(DataError) as caught:
        parse("1,2\n", columns=["x"])
    assert (
        str(caught.value) == "houses.csv: columns=...: got 1 name, expected 2, one for each column."
    )


NAME = st.text("abcdefgh", min_size=1, max_size=6)
WORD = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs",)), max_size=8
).filter(lambda text: text == text.strip())
NUMBER = st.floats(allow_nan=False, allow_infinity=False).map(repr)


@given(
    st.lists(NAME, min_size=2, max_size=4, unique=True).flatmap(
        lambda names: st.tuples(
            st.just(names),
            st.lists(st.tuples(*[st.one_of(WORD, NUMBER) for _ in names]), min_size=1, max_size=6),
        )
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_csv_writes_is_read_back(written, separator, ending):
    names, rows = written
    rows = [row for row in rows if any(row)] or [("1",) * len(names)]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([names, *rows])
    table = parse(stream.getvalue(), header=True, separator=separator, quote='"')
    assert table.names == tuple(names)
    for place, name in enumerate(names):
        column = table[name]
        for row, value, gone in zip(rows, column.values, column.missing, strict=True):
            if gone:
                assert row[place] in default_marks(name)
            elif column.storage == "number":
                assert value == float(row[place])
            else:
                assert value == row[place].strip()
        assert column.storage == "text" or np.isnan(column.values[column.missing]).all()
