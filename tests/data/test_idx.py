import gzip
import struct

import numpy as np
import pytest

from pellucid.data.idx import MOST_BYTES, beside, read_idx
from pellucid.errors import FileError

FIX = "The file is damaged, or no IDX file: fetch it again."


def idx(array, code):
    """The bytes of an array, put together as the format's description says."""
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    swapped = array.astype(array.dtype.newbyteorder(">"))
    return bytes([0, 0, code, array.ndim]) + sizes + swapped.tobytes()


@pytest.mark.parametrize(
    ("code", "dtype"), [(8, "u1"), (9, "i1"), (11, "i2"), (12, "i4"), (13, "f4"), (14, "f8")]
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_every_type_is_read_packed_or_not(tmp_path, rng, code, dtype, pack):
    array = rng.integers(-100 if dtype != "u1" else 0, 100, (3, 4, 2)).astype(dtype)
    (tmp_path / "a").write_bytes(pack(idx(array, code)))
    found = read_idx(tmp_path / "a")
    np.testing.assert_array_equal(found, array)
    assert found.dtype == np.dtype(dtype)
    assert found.dtype.isnative


def told(path):
    with pytest.raises(FileError) as caught:
        read_idx(path)
    return str(caught.value).removeprefix(f"{path}: ")


def test_what_is_no_idx_file_is_told(tmp_path):
    path = tmp_path / "a-idx3-ubyte"
    assert told(path) == "got no such file, expected an IDX file."
    expected = f"expected 0, 0, the code of a type and a number of axes. {FIX}"
    for content, given in (
        (b"", "nothing"),
        (b"\x89PNG", "89 50 4e 47"),
        (b"\0\0\x07\x03", "00 00 07 03"),
        (b"\0\0\x08\0", "00 00 08 00"),
        (b"\0\0\x08\xff", "00 00 08 ff"),
    ):
        path.write_bytes(content)
        assert told(path) == f"got a file that begins with {given}, {expected}"


def test_files_that_are_cut_short_or_go_on_are_told(tmp_path):
    path, whole = tmp_path / "a", idx(np.zeros((2, 5), np.uint8), 8)
    path.write_bytes(whole[:6])
    assert told(path) == f"got a header that is cut short, expected a whole one. {FIX}"
    path.write_bytes(gzip.compress(whole[:-1]))
    assert told(path) == (
        f"got a header that tells of 10 bytes (shape (2, 5)) and 9 of them, expected as many. {FIX}"
    )
    path.write_bytes(whole + b"\0")
    assert told(path) == (
        "got a header that tells of 10 bytes (shape (2, 5)) and more of them, expected as many. "
        f"{FIX}"
    )
    path.write_bytes(gzip.compress(whole)[:-12])
    assert told(path).startswith("got what cannot be read to its end (")


def test_a_claim_beyond_the_file_is_refused_before_anything_is_allocated(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(bytes([0, 0, 8, 2]) + struct.pack(">II", 1000, 1000))
    assert told(path) == (
        "got a header that tells of 1,000,000 bytes (shape (1000, 1000)), expected no more than "
        f"the file holds. {FIX}"
    )
    head = bytes([0, 0, 8, 3]) + struct.pack(">III", *(2**32 - 1,) * 3)
    for pack in (bytes, gzip.compress):
        path.write_bytes(pack(head))
        assert told(path).endswith(f", expected at most {MOST_BYTES:,}. {FIX}")


def test_labels_lie_beside_images(tmp_path):
    images = tmp_path / "t10k-images-idx3-ubyte.gz"
    assert beside(images) is None
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(b"")
    assert beside(images) == tmp_path / "t10k-labels-idx1-ubyte"
    (tmp_path / "train-labels.idx1-ubyte").write_bytes(b"")
    assert beside(tmp_path / "train-images.idx3-ubyte").name == "train-labels.idx1-ubyte"
