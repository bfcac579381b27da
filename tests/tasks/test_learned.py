"""What tells rows that a run learned from."""

import numpy as np
import pytest

from pellucid.data.table import as_table
from pellucid.errors import FileError
from pellucid.tasks.learned import Contents, flattery, keep_marks, marks_of, marks_of_rows

KNOWN = ["one", "two", "two", "three"]


def asked(*texts):
    return Contents(marks_of(texts), "row")


def test_rows_that_were_learned_from_are_counted(tmp_path):
    model = tmp_path / "model.pellucid"
    assert flattery(model, None) == ()
    assert flattery(model, asked("one")) == (
        f"Which of these rows were trained on is not known, because '{tmp_path / 'learned.npy'}' "
        "is not there: if some were, the scores flatter.",
    )
    keep_marks(tmp_path, marks_of(KNOWN))
    assert flattery(model, asked("four", "five")) == flattery(model, None) == ()
    assert flattery(model, asked("two", "four", "three")) == (
        "2 of these 3 rows were trained on: the scores flatter.",
    )
    assert flattery(model, asked("one", "four")) == (
        "1 of these 2 rows was trained on: the scores flatter.",
    )
    assert flattery(model, asked("one", "two")) == (
        "All of these 2 rows were trained on: the scores flatter.",
    )


def test_rows_of_a_table_are_told_apart_by_each_value_and_its_place():
    rows = {"a": [1.0, 2.0, 1.0, None, 2.0], "b": ["x", "y", "x", "y", "x"]}
    marks = marks_of_rows(as_table(rows), ["a", "b"])
    assert marks[0] == marks[2]
    assert len({*marks.tolist()}) == 4
    swapped = marks_of_rows(as_table({"a": ["u"], "b": ["v"]}), ["a", "b"])
    assert swapped != marks_of_rows(as_table({"a": ["v"], "b": ["u"]}), ["a", "b"])
    texts = as_table({"a": ["1.0"], "b": ["x"]})
    assert marks_of_rows(texts, ["a", "b"])[0] == marks[0]


@pytest.mark.parametrize("content", [b"", b"no numbers", None])
def test_a_damaged_file_is_refused(tmp_path, content):
    path = tmp_path / "learned.npy"
    if content is None:
        np.save(path, np.zeros((2, 2)))
    else:
        path.write_bytes(content)
    with pytest.raises(FileError) as told:
        flattery(tmp_path / "model.pellucid", asked("one"))
    assert str(told.value) == f"{path}: got something else, expected the marks of rows of a run."
