"""What is written is read back."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.data.table import as_table, read_table, write_csv
from pellucid.errors import FileError

WORDS = st.text("abc ,;\"'\né", max_size=6).map(str.strip)


def same(one, other):
    assert one.names == other.names
    for first, second in zip(one, other, strict=True):
        assert first.missing.tolist() == second.missing.tolist()
        present = ~first.missing
        assert first.values[present].tolist() == second.values[present].tolist()


@settings(max_examples=30)
@given(
    st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), min_size=2),
    st.data(),
)
def test_a_table_survives_its_file(tmp_path_factory, numbers, data):
    size = len(numbers)
    texts = data.draw(st.lists(st.one_of(st.none(), WORDS), min_size=size, max_size=size))
    table = as_table({"row": range(size), "n": numbers, "t": ["x", *texts[1:]]})
    path = tmp_path_factory.getbasetemp() / "table.csv"
    same(read_table(write_csv(path, table), header=True, separator=",", quote='"'), table)


def test_truth_and_time(tmp_path):
    day = datetime.datetime(2020, 1, 2, 3, 4, 5)
    path = write_csv(tmp_path / "a.csv", {"flag": [True, None], "when": [day, None]})
    assert path.read_text() == "flag,when\ntrue,2020-01-02T03:04:05\n,\n"


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="which does not exist"):
        write_csv(tmp_path / "no" / "a.csv", {"x": [1]})
