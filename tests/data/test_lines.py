"""Lines, texts and pairs from files, good and bad."""

import pytest

from pellucid.data.lines import read_lines
from pellucid.data.pairs import read_pairs
from pellucid.data.prose import read_prose
from pellucid.errors import FileError


@pytest.fixture
def file(tmp_path):
    def write(content, name="text.txt"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def test_lines_end_as_they_will_and_a_mark_before_them_is_not_read(file):
    lines = read_lines(file(b"\xef\xbb\xbfone\r\ntwo\n\nf\xc3\xbcnf"))
    assert lines.texts == ("one", "two", "", "fünf")
    assert lines.numbers == (1, 2, 3, 4)
    assert lines.notes == ()


def test_a_line_that_is_not_utf_8_costs_that_line_alone(file):
    path = file(b"one\ntw\xffo\nthree\n\xc3\nfive\n")
    lines = read_lines(path)
    assert lines.texts == ("one", "three", "five")
    assert lines.notes == (f"{path}: 2 lines left out, not UTF-8 (lines 2, 4).",)


def test_a_line_of_50_mb_costs_that_line_alone(file):
    path = file(b"one\n" + b"x" * 50_000_000 + b"\nthree\n")
    lines = read_lines(path)
    assert lines.texts == ("one", "three")
    assert lines.numbers == (1, 3)
    assert lines.notes == (f"{path}: 1 line left out, longer than 10,000,000 bytes (line 2).",)


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b""])
def test_a_line_may_be_as_long_as_allowed_and_no_longer(file, ending):
    assert read_lines(file(b"a\n1234" + ending), 4).texts == ("a", "1234")
    assert read_lines(file(b"a\n12345" + ending), 4).texts == ("a",)


def test_a_file_of_another_encoding_is_refused(file):
    path = file("für\nwürde\nTür\nja\n".encode("latin-1"))
    with pytest.raises(FileError) as caught:
        read_lines(path)
    assert str(caught.value) == (
        f"{path}: got 3 lines not in UTF-8 (lines 1, 2, 3), expected text in UTF-8. "
        "Save the file as UTF-8."
    )


def test_many_lines_are_counted_not_listed(file):
    path = file(b"good\n" * 9 + b"\xff\n" * 7)
    assert read_lines(path).notes == (
        f"{path}: 7 lines left out, not UTF-8 (lines 10, 11, 12, 13, 14 and 2 more).",
    )


def test_no_such_file_of_lines(tmp_path):
    with pytest.raises(FileError, match="got no such file, expected a text"):
        read_lines(tmp_path / "nowhere.txt")


# -- pairs ----------------------------------------------------------------------------------------

PAIRS = b"""Go.\tVa !
Run!
Hi.\tSalut !\tCC-BY: someone

\tNobody
Who?\t
Wait\xff.\tAttends
Come in.\tEntrez.
Stop
"""


def test_what_is_no_pair_is_told_together_and_the_rest_kept(file):
    path = file(PAIRS)
    pairs = read_pairs(path)
    assert pairs.first == ("Go.", "Hi.", "Come in.")
    assert pairs.second == ("Va !", "Salut !", "Entrez.")
    assert pairs.notes == (
        f"{path}: 1 line left out, not UTF-8 (line 7).",
        f"{path}: 2 lines left out, without a tab between two texts (lines 2, 9).",
        f"{path}: 2 lines left out, with an empty side (lines 5, 6).",
    )


def test_a_file_without_a_pair_is_refused(file):
    path = file(b"Go.\nRun!\n")
    with pytest.raises(FileError) as caught:
        read_pairs(path)
    assert str(caught.value) == (
        f"{path}: got no pair of texts ({path}: 2 lines left out, without a tab between two "
        "texts (lines 1, 2)), expected lines of two texts with a tab between. Write one pair a "
        "line: Go.<tab>Va !"
    )


# -- prose ----------------------------------------------------------------------------------------


def test_a_folder_is_read_in_order_and_what_cannot_be_read_is_told(file, tmp_path):
    file(b"two", "b.txt")
    file(b"one\n\nmore\n", "a.TXT")
    file(b"not read", "c.md")
    broken = file(b"\xff\n", "broken.txt")
    prose = read_prose(tmp_path)
    assert prose.text == "one\n\nmore\ntwo\n"
    assert prose.notes == (
        f"Left out: {broken}: got 1 line not in UTF-8 (line 1), expected text in UTF-8. "
        "Save the file as UTF-8.",
    )


def test_a_folder_without_texts_is_refused(tmp_path):
    with pytest.raises(FileError) as caught:
        read_prose(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: got no text in the folder, expected files that end in .txt."
    )


def test_far_too_much_text_is_refused(file, monkeypatch):
    monkeypatch.setattr("pellucid.data.prose.MOST_CHARACTERS", 10)
    path = file(b"one two three")
    with pytest.raises(FileError) as caught:
        read_prose(path)
    assert str(caught.value) == (
        f"{path}: got 14 characters, expected at most 10. Take a part of it."
    )
