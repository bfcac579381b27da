"""Arrays in IDX files, the form in which the MNIST images are handed on."""

import gzip
import math
import os
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np

from pellucid.errors import FileError, Problem, report
from pellucid.types import NumpyArray

TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
"""The type of the values by the third byte of a file."""

MOST_AXES = 8

MOST_BYTES = 4 * 2**30
"""Size of an array above which a file is taken for an attack on memory."""

PACKED = 1100
"""More than the bytes that one byte of a gzip file can stand for."""

GZIP = b"\x1f\x8b"

FIX = "The file is damaged, or no IDX file: fetch it again."


def read_idx(path: str | os.PathLike[str]) -> NumpyArray:
    """Return the array that an IDX file holds, packed by gzip or not.

    A file is two bytes of 0, one that names the type of the values, one with the number of axes,
    their sizes as big-endian whole numbers of four bytes, and the values, the last axis first.

    Args:
        path: The file.

    Returns:
        The array in the processor's own byte order.

    Raises:
        FileError: No such file, another kind of file, one that is cut short or goes on behind
            its values, or one that claims to be far too large.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.data.idx import read_idx
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "labels-idx1-ubyte"
        >>> _ = path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9]))
        >>> read_idx(path).tolist()
        [7, 8, 9]

    Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits" (1998).
    """
    try:
        with open(path, "rb") as file:
            held = os.fstat(file.fileno()).st_size
            packed = file.read(2) == GZIP
            file.seek(0)
            if not packed:
                return _read(file, path, held)
            with gzip.GzipFile(fileobj=file) as unpacked:
                return _read(unpacked, path, held * PACKED)
    except FileNotFoundError:
        raise FileError(f"{path}: got no such file, expected an IDX file.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(f"{path}: got what cannot be read to its end ({error}). {FIX}") from None


def _read(file: BinaryIO | gzip.GzipFile, path: str | os.PathLike[str], room: int) -> NumpyArray:
    """Return the array of an open file.

    Args:
        file: The file, unpacked.
        path: Its path, for messages.
        room: Bytes that it can hold at most.
    """
    dtype, shape = _header(file, path)
    size = math.prod(shape) * dtype.itemsize
    told = f"a header that tells of {size:,} bytes (shape {shape})"
    if size > min(room, MOST_BYTES):
        expected = f"at most {MOST_BYTES:,}" if size > MOST_BYTES else "no more than the file holds"
        report([Problem(str(path), told, expected, FIX)], FileError)
    values = file.read(size + 1)
    if len(values) != size:
        found = f"{len(values):,}" if len(values) < size else "more"
        report([Problem(str(path), f"{told} and {found} of them", "as many", FIX)], FileError)
    return np.frombuffer(values, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def _header(
    file: BinaryIO | gzip.GzipFile, path: str | os.PathLike[str]
) -> tuple[np.dtype, tuple[int, ...]]:
    head = file.read(4)
    axes = head[3] if len(head) == 4 else 0
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in TYPES or not 1 <= axes <= MOST_AXES:
        given = f"a file that begins with {head.hex(' ') or 'nothing'}"
        expected = "0, 0, the code of a type and a number of axes"
        report([Problem(str(path), given, expected, FIX)], FileError)
    sizes = file.read(4 * axes)
    if len(sizes) < 4 * axes:
        report([Problem(str(path), "a header that is cut short", "a whole one", FIX)], FileError)
    return np.dtype(TYPES[head[2]]), tuple(np.frombuffer(sizes, ">u4").tolist())


def beside(path: Path) -> Path | None:
    """Return the file with the labels for a file of images; None where there is none.

    Args:
        path: The images, such as `t10k-images-idx3-ubyte.gz`; the labels are then in
            `t10k-labels-idx1-ubyte.gz`, or the same without `.gz`.
    """
    plain = path.name.removesuffix(".gz").replace("images", "labels").replace("idx3", "idx1")
    names = (plain, f"{plain}.gz")
    return next((path.with_name(one) for one in names if path.with_name(one).is_file()), None)
