import io
import zipfile

import numpy as np
import pytest

from pellucid.data import npz
from pellucid.data.npz import npz_forms, read_npz
from pellucid.errors import FileError

FIX = "Write one with numpy.savez('data.npz', x=x, y=y)."


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_come_back_as_they_were_saved(tmp_path, rng, save):
    arrays = {
        "x": rng.normal(size=(3, 4, 2)).astype(">f4"),
        "turned": np.asfortranarray(rng.integers(0, 9, (3, 5))),
        "words": np.array(["ä", "bcd"]),
        "none": np.zeros((0, 2)),
        "one": np.array(7),
    }
    save(tmp_path / "a.npz", **arrays)
    found = read_npz(tmp_path / "a.npz")
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype


def told(path):
    with pytest.raises(FileError) as caught:
        read_npz(path)
    return str(caught.value).removeprefix(str(path))


def test_files_of_another_kind_are_told(tmp_path):
    path = tmp_path / "a.npz"
    assert told(path) == ": got no such file, expected a .npz file."
    path.write_text("a text")
    assert told(path) == (
        ": got what is no whole .npz file (File is not a zip file), expected arrays by name. " + FIX
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", b"a text")
    assert told(path).startswith(": got what is no whole .npz file (")
    np.savez(path, x=np.arange(999))
    path.write_bytes(path.read_bytes()[:-200])
    assert told(path).startswith(": got what is no whole .npz file (")


def test_python_objects_are_refused_unread(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.array([[1], [1, 2]], object))
    assert told(tmp_path / "a.npz") == (
        ", array 'x': got Python objects, expected numbers or text. Convert it: "
        "np.array(x.tolist())."
    )


def test_claims_beyond_the_file_are_refused(tmp_path, monkeypatch):
    header = io.BytesIO()
    described = {"descr": "<f8", "fortran_order": False, "shape": (10**6, 10**6)}
    np.lib.format.write_array_header_1_0(header, described)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", header.getvalue())
    assert told(tmp_path / "a.npz") == (
        ", array 'x': got a header that tells of 8,000,000,000,000 bytes and other contents, "
        f"expected as many. The file is damaged. {FIX}"
    )
    monkeypatch.setattr(npz, "MOST_BYTES", 1000)
    np.savez_compressed(tmp_path / "b.npz", x=np.zeros(2000))
    assert told(tmp_path / "b.npz") == (
        ": got 16,128 bytes of arrays, expected at most 1,000. Write fewer to a file."
    )
    np.savez(tmp_path / "c.npz", **{f"a{number}": np.zeros(1) for number in range(65)})
    assert told(tmp_path / "c.npz") == ": got 65 arrays, expected at most 64."


def test_shapes_are_told_from_the_headers_alone(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.zeros((3, 4), np.uint8), y=np.arange(3.0))
    assert npz_forms(tmp_path / "a.npz") == {
        "x": ((3, 4), np.dtype(np.uint8)),
        "y": ((3,), np.dtype(np.float64)),
    }
    (tmp_path / "b.npz").write_bytes(b"no zip")
    with pytest.raises(FileError, match="got what is no whole"):
        npz_forms(tmp_path / "b.npz")
