"""Where the class of a file stands."""

import pytest

from pellucid.data.labelled_files import by_folder, by_pattern, by_table, files_of
from pellucid.errors import ArgumentError, DataError, FileError

ENDINGS = (".wav", ".flac")


@pytest.fixture
def folder(tmp_path):
    def make(*names):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path

    return make


def found(path):
    return files_of(path, ENDINGS, "sound")


def test_files_are_found_in_all_folders_but_hidden_ones(folder):
    path = folder("b/2.WAV", "a/1.flac", "a/.hidden.wav", "a/notes.txt", "__MACOSX/.x/3.wav")
    assert found(path).names == ["a/1.flac", "b/2.WAV"]
    assert found(path / "a" / "1.flac").names == ["1.flac"]
    assert found([path / "b" / "2.WAV"]).names == [str(path / "b" / "2.WAV")]


def test_folders_are_classes_and_empty_ones_are_told(folder):
    path = folder("no/1.wav", "yes/1.wav", "yes/deep/2.wav", "maybe/notes.txt")
    files = by_folder(found(path), path, "sound")
    assert files.labels == ["no", "yes", "yes"]
    assert files.notes == ("Folders without any sound, left out: maybe.",)


def test_names_tell_class_and_group(folder):
    path = folder("r/3_theo_1.wav", "r/7_ann_2.wav")
    files = by_pattern(found(path), "{label}_{speaker}_{index}", "speaker", "sound", path)
    assert (files.labels, files.groups) == (["3", "7"], ["theo", "ann"])


def test_names_of_another_kind_are_left_out(folder):
    path = folder(*[f"{n % 2}_ann_{n}.wav" for n in range(20)], "readme.wav")
    files = by_pattern(found(path), "{label}_{speaker}_{index}", None, "sound", path)
    assert len(files.paths) == 20
    assert files.notes == (
        "1 of 21 sounds left out:\n  readme.wav: got a name that is not of the pattern "
        "'{label}_{speaker}_{index}'.",
    )


@pytest.mark.parametrize(
    ("first", "names"),
    [
        ("who,file,label", ["1.wav", "b/2.wav", "3.flac"]),
        ("who,Filename,Class", ["1", "2", "3"]),
        (None, ["1.wav", "2.wav", "3.flac"]),
    ],
)
def test_a_table_tells_class_and_group(folder, first, names):
    path = folder("a/1.wav", "b/2.wav", "c/3.flac", "c/4.wav")
    whose = ["ann", "bob", "ann"]
    rows = [f"{who},{name},{label}" for who, name, label in zip(whose, names, "xyx", strict=True)]
    if first is None:
        rows = [f"{name},{label}" for name, label in zip(names, "xyx", strict=True)]
    table = path / "labels.csv"
    table.write_text("\n".join([*([first] if first else []), *rows, ""]))
    files = by_table(found(path), table, "who" if first else None, "sound")
    assert [one.name for one in files.paths] == ["1.wav", "2.wav", "3.flac"]
    assert files.labels == ["x", "y", "x"]
    assert files.groups == (whose if first else None)
    assert files.notes == (f"1 sound without a row in {table}, left out.",)


def test_names_that_a_table_takes_for_numbers_are_found(folder):
    path = folder("01.wav", "02.wav")
    table = path / "labels.csv"
    table.write_text("file,label\n01,1\n02,2\n")
    files = by_table(found(path), table, None, "sound")
    assert [one.name for one in files.paths] == ["01.wav", "02.wav"]
    assert files.labels == ["1", "2"]


def test_rows_without_a_file_or_class_are_told(folder):
    path = folder(*[f"{number}.wav" for number in range(40)])
    rows = [f"{number}.wav,{'xy'[number % 2]}" for number in range(39)]
    table = path / "labels.csv"
    table.write_text("\n".join(["file,label", *rows, "39.wav,?", "gone.wav,x", ""]))
    files = by_table(found(path), table, None, "sound")
    assert len(files.paths) == 39
    assert files.notes[0] == (
        "2 of 41 sounds left out:\n  gone.wav: got no such file.\n  39.wav: got no class."
    )


def told(call, kind):
    with pytest.raises(kind) as error:
        call()
    return str(error.value)


def test_a_folder_without_classes_says_where_they_may_stand(folder):
    path = folder("r/3_theo_1.wav")
    assert told(lambda: by_folder(found(path), path, "sound"), FileError) == (
        f"{path}: got one folder, ['r'], expected a folder for each class, with its sounds in it. "
        "Or say where the class stands: in the names, such as "
        "pattern='{label}_{group}_{index}', or in a table, labels='labels.csv'."
    )
    assert "got '1.wav' beside no folder of a class" in told(
        lambda: by_folder(found(folder("1.wav")), path, "sound"), FileError
    )


def test_what_is_told(folder):
    path = folder("sounds/1_a.wav", "texts/1.txt")
    assert told(lambda: found(path / "sound"), FileError) == (
        f"{path / 'sound'}: got no such file or folder, expected a sound or a folder of sounds "
        "(.wav .flac). Did you mean 'sounds'?"
    )
    assert told(lambda: found(path / "texts"), FileError) == (
        f"{path / 'texts'}: got a folder without any, expected a sound or a folder of sounds "
        "(.wav .flac)."
    )
    assert told(
        lambda: by_pattern(found(path), "{label}_{speaker}", "speeker", "sound", path),
        ArgumentError,
    ) == (
        "group: got 'speeker', expected a field of the pattern: label, speaker. "
        "Did you mean 'speaker'?"
    )
    table = path / "labels.csv"
    table.write_text("file\n1_a.wav\n")
    assert "expected a column of files and one of classes" in told(
        lambda: by_table(found(path), table, None, "sound"), DataError
    )
