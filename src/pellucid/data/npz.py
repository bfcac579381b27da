"""Arrays in NumPy's .npz files, read without running or allocating what a forged file asks for."""

import math
import os
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import IO, Any, TypeVar

import numpy as np

from pellucid.errors import FileError, Problem, report
from pellucid.types import NumpyArray

Taken = TypeVar("Taken")

MOST_ARRAYS = 64

MOST_BYTES = 4 * 2**30
"""Size of all arrays together above which a file is taken for an attack on memory."""

FIX = "Write one with numpy.savez('data.npz', x=x, y=y)."


def read_npz(path: str | os.PathLike[str]) -> Mapping[str, NumpyArray]:
    """Return the arrays of a .npz file by their names.

    Args:
        path: The file.

    Raises:
        FileError: No such file, another kind of file, a damaged one, one that holds Python
            objects, or one that claims to be far too large.

    Example:
        >>> import numpy as np, pathlib, tempfile
        >>> from pellucid.data.npz import read_npz
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "data.npz"
        >>> np.savez(path, x=np.zeros((4, 2)), y=np.arange(4))
        >>> {name: array.shape for name, array in read_npz(path).items()}
        {'x': (4, 2), 'y': (4,)}
    """
    return _each(path, lambda archive, member: _read(archive, member, path))


def npz_forms(path: str | os.PathLike[str]) -> Mapping[str, tuple[tuple[int, ...], np.dtype]]:
    """Return shape and type of each array of a .npz file; the arrays are not read.

    Args:
        path: The file.

    Raises:
        FileError: As `read_npz`, but for what is wrong with the values alone.
    """

    def form(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[Any, np.dtype]:
        with archive.open(member) as file:
            shape, _, dtype = _header(file)
        return shape, dtype

    return _each(path, form)


def _each(path: Any, take: Callable[[zipfile.ZipFile, zipfile.ZipInfo], Taken]) -> dict[str, Taken]:
    """Return what is taken of each array, by its name."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_sizes(members, path)
            return {one.filename.removesuffix(".npy"): take(archive, one) for one in members}
    except FileNotFoundError:
        raise FileError(f"{path}: got no such file, expected a .npz file.") from None
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError(
            f"{path}: got what is no whole .npz file ({error}), expected arrays by name. {FIX}"
        ) from None


def _check_sizes(members: list[zipfile.ZipInfo], path: Any) -> None:
    size = sum(member.file_size for member in members)
    if len(members) > MOST_ARRAYS:
        given, expected = f"{len(members):,} arrays", f"at most {MOST_ARRAYS}"
        report([Problem(str(path), given, expected)], FileError)
    if size > MOST_BYTES:
        given, expected = f"{size:,} bytes of arrays", f"at most {MOST_BYTES:,}"
        report([Problem(str(path), given, expected, "Write fewer to a file.")], FileError)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Any) -> NumpyArray:
    """Return one array, after comparing its header with the room it takes."""
    with archive.open(member) as file:
        shape, fortran, dtype = _header(file)
        size = math.prod(shape) * dtype.itemsize
        place = f"{path}, array '{member.filename.removesuffix('.npy')}'"
        if dtype.hasobject:
            given, expected = "Python objects", "numbers or text"
            report(
                [Problem(place, given, expected, "Convert it: np.array(x.tolist()).")], FileError
            )
        values = file.read(size + 1) if size <= member.file_size else b""
        if len(values) != size:
            given = f"a header that tells of {size:,} bytes and other contents"
            report([Problem(place, given, "as many", f"The file is damaged. {FIX}")], FileError)
    return np.frombuffer(values, dtype).reshape(shape, order="F" if fortran else "C").copy()


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(file)
    return np.lib.format.read_array_header_2_0(file)
