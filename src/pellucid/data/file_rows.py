"""Rows of one form that lie in files, each of which is read when it is asked for."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.left_out import read_each
from pellucid.types import NumpyArray


class FileRows:
    """Rows that do not lie in memory: a file for each.

    Args:
        paths: The files.
        read: Returns the row that lies in a file; every one has the same form.
        shape: Shape of a row.
        dtype: Type of its numbers.
        digests: For each what tells equal rows from others.

    Example:
        >>> import pathlib, tempfile, numpy as np
        >>> from pellucid.data.file_rows import FileRows, find_rows
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> for number in range(3):
        ...     np.save(folder / f"{number}.npy", np.full(2, number))
        >>> kept, rows, broken = find_rows(sorted(folder.iterdir()), np.load, (2,), np.int64)
        >>> len(rows), rows.shape, rows[[2, 0]].array().tolist()
        (3, (3, 2), [[2, 2], [0, 0]])
    """

    def __init__(
        self,
        paths: Sequence[Path],
        read: Callable[[Path], NumpyArray],
        shape: tuple[int, ...],
        dtype: Any,
        digests: Sequence[str],
    ) -> None:
        self.paths, self.read, self.digests = paths, read, digests
        self.dtype = np.dtype(dtype)
        self._shape = shape

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of rows, and shape of a row."""
        return len(self), *self._shape

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return int(np.prod(self._shape, dtype=np.int64)) * self.dtype.itemsize

    def __getitem__(self, rows: Sequence[int] | NumpyArray) -> "FileRows":
        """Return some of the rows, not read yet.

        Args:
            rows: Their numbers.
        """
        paths, own = [self.paths[row] for row in rows], [self.digests[row] for row in rows]
        return FileRows(paths, self.read, self._shape, self.dtype, own)

    def array(self, rows: Sequence[int] | NumpyArray | None = None) -> NumpyArray:
        """Return rows, read now.

        Args:
            rows: Their numbers; all when None.
        """
        numbers = range(len(self)) if rows is None else rows
        found = np.empty((len(numbers), *self._shape), self.dtype)
        for place, row in enumerate(numbers):
            found[place] = self.read(self.paths[row])
        return found


def find_rows(
    paths: Sequence[Path],
    read: Callable[[Path], NumpyArray],
    shape: tuple[int, ...],
    dtype: Any,
) -> tuple[list[int], FileRows, list[str]]:
    """Return the rows of the files that can be read, after reading each once.

    Args:
        paths: The files.
        read: As in `FileRows`, and so are `shape` and `dtype`.
        shape: Shape of a row.
        dtype: Type of its numbers.

    Returns:
        The numbers of the files that were read, their rows, and what was wrong with the rest.
    """
    kept, digests, broken = read_each(paths, lambda path: digest(read(path)))
    return kept, FileRows([paths[one] for one in kept], read, shape, dtype, digests), broken


def digest(row: Any) -> str:
    """Return what tells equal rows from others.

    Args:
        row: A text, or an array.
    """
    if isinstance(row, str):
        return hashlib.blake2b(row.encode(), digest_size=12).hexdigest()
    array = np.ascontiguousarray(row)
    return hashlib.blake2b(array.tobytes() + str(array.shape).encode(), digest_size=12).hexdigest()


def digests(rows: Any) -> Sequence[str]:
    """Return for each row what tells equal ones from others.

    Args:
        rows: An array, rows in files, or a list of texts or arrays.
    """
    return rows.digests if isinstance(rows, FileRows) else [digest(one) for one in rows]


def in_parts(rows: NumpyArray | FileRows, size: int) -> Iterator[NumpyArray]:
    """Yield rows, some at a time.

    Args:
        rows: An array, or rows in files.
        size: How many at a time; the last part may have fewer.
    """
    for first in range(0, len(rows), size):
        last = min(first + size, len(rows))
        held = isinstance(rows, np.ndarray)
        yield rows[first:last] if held else rows.array(range(first, last))
