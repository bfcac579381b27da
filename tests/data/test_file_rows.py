"""Rows that stay in their files until they are asked for."""

import numpy as np
import pytest

from pellucid.data.file_rows import digest, digests, find_rows, in_parts
from pellucid.errors import FileError

SHAPE = (2, 3)


def read(path):
    if path.stat().st_size == 0:
        raise FileError(f"{path.name}: got an empty file.")
    return np.load(path)


@pytest.fixture
def files(tmp_path):
    for number in range(6):
        np.save(tmp_path / f"{number}.npy", np.full(SHAPE, number % 5, np.float32))
    (tmp_path / "3.npy").write_bytes(b"")
    return sorted(tmp_path.iterdir())


def test_files_that_cannot_be_read_are_told_and_the_others_kept(files):
    kept, rows, broken = find_rows(files, read, SHAPE, np.float32)
    assert kept == [0, 1, 2, 4, 5]
    assert broken == ["3.npy: got an empty file."]
    assert (len(rows), rows.shape, rows.row_bytes) == (5, (5, 2, 3), 24)
    np.testing.assert_array_equal(rows.array()[:, 0, 0], [0, 1, 2, 4, 0])


def test_some_of_them_are_read_when_they_are_asked_for(files):
    _, rows, _ = find_rows(files, read, SHAPE, np.float32)
    some = rows[np.array([4, 1, 3])]
    assert some.shape == (3, 2, 3)
    np.testing.assert_array_equal(some.array([2, 0])[:, 0, 0], [4, 0])
    files[1].unlink()
    with pytest.raises(FileNotFoundError):
        some.array()


def test_equal_rows_are_known_by_their_digests_as_in_memory(files):
    _, rows, _ = find_rows(files, read, SHAPE, np.float32)
    found = digests(rows)
    assert found == [digest(one) for one in rows.array()]
    assert found[0] == found[4]
    assert len({*found}) == 4
    assert digests(rows[[2, 0]]) == [found[2], found[0]]


def test_parts_of_rows_in_files_and_of_arrays_are_the_same(files):
    _, rows, _ = find_rows(files, read, SHAPE, np.float32)
    whole = rows.array()
    for one, other in zip(in_parts(rows, 2), in_parts(whole, 2), strict=True):
        np.testing.assert_array_equal(one, other)
    assert [len(one) for one in in_parts(rows, 2)] == [2, 2, 1]
