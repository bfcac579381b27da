"""Tables in Parquet files, read a part at a time."""

import itertools
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pellucid.data.arrays import FILL
from pellucid.errors import DataError, FileError, Problem, did_you_mean, report
from pellucid.types import NumpyArray

CHUNK_BYTES = 8 << 20
"""Bytes of numbers that are read at once."""

NUMBER_BYTES = 4
"""Bytes of a number once it is trained on."""


@dataclass(frozen=True)
class Part:
    """Consecutive rows of a file.

    Args:
        path: The file.
        start: Number of the first row.
        rows: How many there are.
    """

    path: Path
    start: int
    rows: int

    def __str__(self) -> str:
        return f"{self.path}, rows {self.start} to {self.start + self.rows - 1}"


def find_files(where: str, paths: Any) -> list[Path]:
    """Return the Parquet files that are meant: those named, and those in folders that are named.

    Raises:
        FileError: There is no such file or folder, or none in it.
    """
    several = isinstance(paths, Iterable) and not isinstance(paths, (str, bytes))
    found, problems = [], []
    for path in map(Path, paths if several else [paths]):
        inside = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
        if not inside or not inside[0].is_file():
            given = "a folder without one" if path.is_dir() else "no such file"
            problems.append(Problem(f"{where}({str(path)!r})", given, "a Parquet file"))
        found += inside
    if not found and not problems:
        problems.append(Problem(f"{where}(paths=...)", "no paths", "at least one"))
    report(problems, FileError)
    return found


def types_of(path: Path) -> dict[str, Any]:
    """Return the columns of a Parquet file with their types.

    Raises:
        FileError: It cannot be read.
    """
    return dict(_asked(path, lambda frame: frame.collect_schema()))


def rows_of(path: Path) -> int:
    """Return the number of rows of a Parquet file."""
    import polars

    return int(_asked(path, lambda frame: frame.select(polars.len()).collect().item()))


def parts_of(path: Path, rows: int, columns: int) -> list[Part]:
    """Return parts of equal size that are small enough to be read at once.

    Args:
        path: The file.
        rows: Its rows.
        columns: Columns that are read.
    """
    most = max(1, CHUNK_BYTES // (NUMBER_BYTES * columns))
    count = -(-rows // most)
    edges = [rows * number // count for number in range(count + 1)] if count else [0]
    return [Part(path, start, stop - start) for start, stop in itertools.pairwise(edges)]


def read_part(part: Part, columns: Sequence[str]) -> Any:
    """Return some columns of a part as a frame of Polars."""
    import polars

    wanted = [polars.col(name) for name in dict.fromkeys(columns)]

    def taken(frame: Any) -> Any:
        return frame.select(wanted).slice(part.start, part.rows).collect()

    return _asked(part.path, taken)


def numbers(frame: Any, columns: Sequence[str], part: Part) -> NumpyArray:
    """Return columns of a frame as one array, a row for each row.

    Raises:
        DataError: A value is missing.
    """
    import polars

    chosen = frame.select(polars.col(list(columns)))
    missing = [one.name for one in chosen.null_count().get_columns() if one[0]] if columns else []
    problems = []
    for name in missing:
        row = part.start + chosen[name].is_null().arg_max()
        count = chosen[name].null_count()
        more = f" ({count} such values in this part)" if count > 1 else ""
        place = f"{part.path}, column '{name}'"
        problems.append(Problem(place, f"no value in row {row}{more}", "a number", FILL))
    report(problems, DataError)
    plain = chosen.with_columns(polars.selectors.boolean().cast(polars.Int8))
    return plain.to_numpy(order="c")


def check_columns(where: str, path: Path, wanted: Mapping[str, str]) -> None:
    """Refuse columns that a file does not have, or that hold no numbers.

    Args:
        where: The function that was called.
        path: The file.
        wanted: The argument that asks for each column, by the column's name.

    Raises:
        DataError: Names each of them.
    """
    types = types_of(path)
    problems = []
    for name, argument in wanted.items():
        place = f"{where}({argument}=...)"
        if name not in types:
            fix = did_you_mean(name, [*types])
            problems.append(Problem(place, repr(name), f"a column of {path}", fix))
        elif not (types[name].is_numeric() or str(types[name]) == "Boolean"):
            given = f"{name!r}, a column of type {types[name]}"
            fix = (
                "Leave it out, or encode it first; `pellucid train` encodes every kind of column "
                "of a table that fits into memory."
            )
            problems.append(Problem(place, given, f"numbers in {path}", fix))
    report(problems, DataError)


def _asked(path: Path, question: Any) -> Any:
    """Return what Polars answers about a file.

    Raises:
        FileError: It cannot be read.
    """
    import polars

    try:
        return question(polars.scan_parquet(path, glob=False))
    except (OSError, polars.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0][:200]
        given = f"a file that cannot be read ({reason})"
        report([Problem(os.fspath(path), given, "a Parquet file")], FileError)
