"""Every form in which texts are kept is found, the good part is read, the bad part is told."""

import io
import os
import tarfile

import pytest

from pellucid.data import text_files
from pellucid.data.labelled_texts import read_texts_at
from pellucid.errors import FileError


def written(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


FOLDERS = {
    "data/pos/a.txt": "so good\nreally",
    "data/pos/b.txt": "great",
    "data/neg/a.txt": "bad",
    "data/README.md": "not data",
}


def packed(path, files, **extra):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content.encode())
            archive.addfile(info, io.BytesIO(content.encode()))
        for name, kind in extra.items():
            info = tarfile.TarInfo(f"data/pos/{name}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    return path


def test_a_folder_for_each_class(tmp_path):
    read = read_texts_at(written(tmp_path / "x", FOLDERS))
    assert read.form == "files"
    assert read.texts == ("bad", "so good\nreally", "great")
    assert read.labels == ("neg", "pos", "pos")
    assert read.names == ("data/neg/a.txt", "data/pos/a.txt", "data/pos/b.txt")
    assert read.notes == (f"{tmp_path / 'x'}: 3 texts, 2 classes: neg 1, pos 2.",)


def test_an_archive_is_read_as_its_folder_would_be(tmp_path):
    path = packed(tmp_path / "x.tar.gz", FOLDERS, link=tarfile.SYMTYPE, device=tarfile.CHRTYPE)
    read = read_texts_at(path)
    assert sorted(zip(read.texts, read.labels, strict=True)) == [
        ("bad", "neg"),
        ("great", "pos"),
        ("so good\nreally", "pos"),
    ]
    assert [one.name for one in tmp_path.iterdir()] == ["x.tar.gz"]
    (tmp_path / "readme.txt").write_text("from afar")
    assert read_texts_at(tmp_path).texts == read.texts


def test_a_file_of_lines_for_each_class(tmp_path):
    one = {"rt-polarity.pos": "good\nvery good\n\nfine\n", "rt-polarity.neg": "a\nb\nc"}
    read = read_texts_at(written(tmp_path / "x", {**one, "README.txt": "see\nthe\npaper"}))
    assert read.form == "class files"
    assert read.labels == ("neg", "neg", "neg", "pos", "pos", "pos")
    assert read.names[-1] == "rt-polarity.pos, line 4"
    assert read.left_out == ("1 empty text left out.",)
    other = read_texts_at(written(tmp_path / "y", {"pos.txt": "g\nh\ni", "neg.txt": "a\nb\nc"}))
    assert set(other.labels) == {"neg", "pos"}


def test_lines_that_end_in_a_label(tmp_path):
    lines = ['He said "no\t0', 'A "quote" and\u0085more.\t1', "two\tparts\t1", "fine\t0"] * 3
    path = written(tmp_path, {"imdb_labelled.txt": "\r\n".join(lines)}) / "imdb_labelled.txt"
    read = read_texts_at(path)
    assert read.form == "labelled lines"
    assert read.texts[:4] == ('He said "no', 'A "quote" and\u0085more.', "two\tparts", "fine")
    assert read.labels[:4] == ("0", "1", "1", "0")
    assert read.names[1] == "line 2"
    both = written(
        tmp_path / "x", {"a.txt": "\n".join(lines), "b_readme.txt": "no", "c.txt": "x\t1"}
    )
    assert len(read_texts_at(both).texts) == 13


def test_labels_may_come_first(tmp_path):
    kinds = ("ham", "spam") * 3
    path = (
        written(
            tmp_path,
            {"sms.txt": "".join(f"{kind}\tsee\tyou {n}\n" for n, kind in enumerate(kinds))},
        )
        / "sms.txt"
    )
    read = read_texts_at(path)
    assert read.texts[:2] == ("see\tyou 0", "see\tyou 1")
    assert read.labels == kinds
    assert read_texts_at(path, "labelled lines", ("ham", "spam")).labels == kinds


def test_new_texts_need_no_classes(tmp_path):
    path = written(tmp_path, {"new.txt": "good film\t1\nother film\tof two parts\n"}) / "new.txt"
    read = read_texts_at(path, "labelled lines", ("0", "1"))
    assert read.texts == ("good film", "other film\tof two parts")
    assert read.labels is None
    plain = read_texts_at(path, "lines")
    assert plain.texts == ("good film\t1", "other film\tof two parts")
    one = written(tmp_path, {"rt.pos": "good\n"}) / "rt.pos"
    assert read_texts_at(one, "class files", ("neg", "pos")).labels == ("pos",)


def test_a_few_unreadable_texts_do_not_lose_the_others(tmp_path):
    lines = [b"line %d\t%d" % (number, number % 2) for number in range(100)]
    lines[7], lines[50], lines[80] = b"caf\xe9\t1", b"x" * 1_000_001 + b"\t0", b"no label"
    path = written(tmp_path, {"a.txt": b"\n".join(lines)}) / "a.txt"
    read = read_texts_at(path)
    assert len(read.texts) == 97
    assert read.left_out == (
        "3 texts left out that cannot be read: line 8: byte 0xe9 at place 3 is not UTF-8, line 51: "
        "1,000,003 characters, at most 1,000,000, line 81: no label and tab.",
    )


def test_an_empty_folder_is_told(tmp_path):
    written(tmp_path, FOLDERS)
    os.mkdir(tmp_path / "data" / "none")
    assert read_texts_at(tmp_path / "data").notes[1] == "Empty folders, no classes: none."


def bomb(tmp_path):
    text_files.MOST_BYTES = 1000
    return packed(tmp_path / "x.tar.gz", {"a/b.txt": "0" * 100_000, "b/c.txt": "x"})


MESSAGES = [
    (
        lambda folder: folder / "none",
        "{path}: got no such file or folder, expected texts.",
    ),
    (
        lambda folder: written(folder / "x", {".hidden": "x", "readme.txt": "y"}),
        "{path}: got no files, expected texts.",
    ),
    (
        lambda folder: written(folder / "x", {"a/1.txt": "", "b/1.txt": "  \n"}),
        "{path}: got no text, expected at least one.",
    ),
    (
        lambda folder: written(
            folder / "x", {"a/1.txt": "x", "b/1.txt": b"\xff\xfe", "b/2.txt": b"x\x80"}
        ),
        "{path}: got 2 of 3 texts that cannot be read (b/1.txt: byte 0xff at place 0 is not "
        "UTF-8, b/2.txt: byte 0x80 at place 1 is not UTF-8), expected at most 5%. Mend or remove "
        "them.",
    ),
    (
        lambda folder: written(folder, {"x.tar.gz": b"\x1f\x8b\x08none"}) / "x.tar.gz",
        "{path}: got an archive that cannot be read ({reason}), expected a tar archive.",
    ),
    (
        bomb,
        "{path}: got an archive that cannot be read (more than 1,000 bytes in it), expected a tar "
        "archive.",
    ),
]


@pytest.mark.parametrize(("make", "message"), MESSAGES, ids=range(len(MESSAGES)))
def test_the_literal_message(make, message, tmp_path, monkeypatch):
    monkeypatch.setattr(text_files, "MOST_BYTES", text_files.MOST_BYTES)
    path = make(tmp_path)
    with pytest.raises(FileError) as caught:
        read_texts_at(path)
    reason = "Compressed file ended before the end-of-stream marker was reached"
    assert str(caught.value) == message.format(path=path, reason=reason)
