import os
import stat

import pytest

from pellucid.atomic import write_atomically, write_text_atomically
from pellucid.errors import FileError


def test_the_file_is_written_whole_and_alone(tmp_path):
    path = tmp_path / "note.txt"
    assert write_text_atomically(path, "größer") == path
    assert path.read_bytes() == "größer".encode()
    assert os.listdir(tmp_path) == ["note.txt"]


def test_a_file_that_is_there_is_replaced(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("old and longer")
    write_text_atomically(str(path), "new")
    assert path.read_text() == "new"


def test_a_new_file_has_the_usual_permissions(tmp_path):
    usual = tmp_path / "usual"
    usual.touch()
    written = write_text_atomically(tmp_path / "written", "text")
    assert stat.S_IMODE(written.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)


@pytest.mark.parametrize("broken", [OSError(28, "No space left on device"), RuntimeError("bug")])
def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path, broken):
    path = tmp_path / "note.txt"
    path.write_text("old")

    def write(file):
        file.write(b"half")
        raise broken

    with pytest.raises((FileError, RuntimeError)):
        write_atomically(path, write)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["note.txt"]


def test_a_full_disk_is_explained(tmp_path):
    def write(file):
        raise OSError(28, "No space left on device")

    with pytest.raises(FileError) as error:
        write_atomically(tmp_path / "a", write)
    assert str(error.value) == f"{tmp_path / 'a'}: cannot be written: No space left on device."


def test_a_missing_folder_is_explained(tmp_path):
    path = tmp_path / "no" / "note.txt"
    with pytest.raises(FileError) as error:
        write_text_atomically(path, "text")
    folder = tmp_path / "no"
    assert str(error.value) == (
        f"{path}: got the folder '{folder}', which does not exist. Make it first."
    )


def test_a_folder_is_not_overwritten(tmp_path):
    path = tmp_path / "results"
    path.mkdir()
    with pytest.raises(FileError) as error:
        write_text_atomically(path, "text")
    assert str(error.value) == f"{path}: got a folder, expected the name of a file in it."
    assert os.listdir(tmp_path) == ["results"]
