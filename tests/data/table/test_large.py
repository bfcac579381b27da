"""The reader of large files returns what the small one returns."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table import large
from pellucid.data.table.delimited import Asked, parse_delimited
from pellucid.data.table.frames import default_marks
from pellucid.data.table.large import is_plain, parse_large
from pellucid.data.table.layout import Layout
from pellucid.errors import DataError

TEXTS = [
    "a,b\n1,x\n2,y\n",
    "5.1,Iris\n4.9,Iris\n",
    "a;b\r\n1,5;x\r\n2,5;y\r\n",
    'a,b\n1,"x, y"\n2,"say ""no"""\n',
    "39, State-gov\n50, ?\n",
    "zip,n\n00501,1\n10001,2\n",
    "long\tx\n12345678901234567\t1\n",
    "a,b\n1,\n,NA\n",
    "a,b\n?,1\n?,2\n",
    "a,b\n1,2\n,\n3,4\n",
    "a,b,\n1,2,\n3,4,\n",
    'a,b\n1,"x\ny"\n2,z\n',
    'A "good" one\t1\nB\t2\n',
    "a,b\n\n1,2\n",
    "a b\n1 2\n",
    "a,b\ninf,1\n-inf,2\n",
    "a,b\n1_0,1\n2,2\n",
    "é,b\nü,1\n",
    "a,b\r1,2\r",
]


def same(text, asked):
    small = parse_delimited(text, "f", asked, default_marks)
    fast = parse_large(text, "f", asked, default_marks)
    assert fast.names == small.names
    assert (fast.notes, fast.positional) == (small.notes, small.positional)
    assert fast.lines.tolist() == small.lines.tolist()
    for one, other in zip(fast, small, strict=True):
        assert one.storage == other.storage
        assert one.missing.tolist() == other.missing.tolist()
        assert [repr(value) for value in one.values.tolist()] == [
            repr(value) for value in other.values.tolist()
        ]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_both_readers_agree(text):
    same(text, Asked())


def test_plain_text_takes_the_fast_way(monkeypatch):
    monkeypatch.setattr(large, "parse_delimited", None)
    for text in TEXTS[:9]:
        parse_large(text, "f", Asked(), default_marks)


FIELD = st.one_of(
    st.floats(allow_nan=False).map(repr),
    st.integers(0, 10**20).map(str),
    st.sampled_from(["", "NA", "?", "x", 'say "no"', "a,b", " padded ", "00501", "1,5", "é"]),
)


@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(st.tuples(*[FIELD] * width), min_size=1, max_size=8)
    ),
    st.booleans(),
)
def test_both_readers_agree_on_whatever_csv_writes(rows, header):
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    asked = Asked(header=header, separator=",", quote='"')
    message = refusal(parse_delimited, stream.getvalue(), asked)
    assert refusal(parse_large, stream.getvalue(), asked) == message
    if message is None:
        same(stream.getvalue(), asked)


def refusal(parse, text, asked):
    try:
        parse(text, "f", asked, default_marks)
    except DataError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (b"a,b\n1,2", True),
        (b"a,b\r\n1,2", True),
        (b"a\n1", False),
        (b"a,b\n1", False),
        (b"a,b\n\n1,2", False),
        (b"a,b\r1,2", False),
        (b'a,b\n"x,y",2', True),
        (b'a,b\n"x\ny",2', False),
        (b'a,b\nx"y",2', False),
        (b'a,b\n"x,2', False),
    ],
)
def test_what_counts_as_plain(text, plain):
    assert is_plain(text, Layout(",", '"')) is plain


def test_a_ragged_large_file_is_told_by_line():
    with pytest.raises(DataError, match=r"^f, line 3: got 1 field, expected 2, as on line 1\."):
        parse_large("a,b\n1,2\n3\n4,5\n", "f", Asked(), default_marks)
