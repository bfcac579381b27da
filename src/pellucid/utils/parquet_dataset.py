"""Rows of Parquet files, a part at a time."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pellucid.data.chunks import ChunkedDataset
from pellucid.data.dataset import Dataset, check_dataset
from pellucid.data.parquet import (
    check_columns,
    find_files,
    numbers,
    parts_of,
    read_part,
    rows_of,
    types_of,
)
from pellucid.errors import DataError, Problem, report
from pellucid.utils.chunk_dataset import check_buffer

PLACE = "dataset_from_parquet"

Columns = str | Sequence[str]


def dataset_from_parquet(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    target: Columns | None = None,
    features: Sequence[str] | Mapping[str, Columns] | None = None,
    sample_weight: str | None = None,
    batch_size: int | None = 32,
    shuffle: bool = True,
    seed: int | None = None,
    buffer_size: int | None = None,
) -> Dataset:
    """Return the rows of Parquet files, read in parts of 8 MB while others are trained on.

    In each epoch the parts come in a new order and their rows are shuffled within a buffer of
    eight parts; which order it is follows from the seed and the number of the epoch.

    Args:
        paths: A file, a folder whose `*.parquet` files are taken in the order of their names, or
            several of these.
        target: The column to predict, or several; None for rows without labels.
        features: The columns to predict it from: a list for a model of one input, a dict of
            lists by input for several; all that are left when None.
        sample_weight: The column that says how much each row weighs.
        batch_size: Rows in a batch; None for single rows.
        shuffle: Whether every epoch has its own order.
        seed: Seed of the orders; 0 when None.
        buffer_size: Rows that are shuffled among each other and trained on together; those of
            eight parts when None.

    Returns:
        A `Dataset` of (x, y), (x, y, sample_weight) or x, where x is an array (rows, features)
        or a dict of such arrays, and y (rows,) or (rows, targets).

    Raises:
        ArgumentError: A number out of range.
        DataError: A column is missing or holds no numbers, or, when it is read, has a hole.
        FileError: No such file, or one that is no Parquet file.

    Example:
        >>> import tempfile, pathlib, polars, pellucid
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> for part in range(2):
        ...     frame = polars.DataFrame({"rooms": [3, 4 + part], "price": [200.0, 250.0]})
        ...     frame.write_parquet(folder / f"{part}.parquet")
        >>> rows = pellucid.utils.dataset_from_parquet(folder, target="price", shuffle=False)
        >>> x, y = rows[0]
        >>> x.tolist(), y.tolist()
        ([[3], [4], [3], [5]], [200.0, 250.0, 200.0, 250.0])

    Differs from Keras: Keras reads no Parquet files.
    """
    problems = [*check_dataset(PLACE, batch_size, seed), *check_buffer(PLACE, buffer_size)]
    if sample_weight is not None and target is None:
        place = f"{PLACE}(sample_weight=...)"
        problems.append(Problem(place, repr(sample_weight), "a target beside it, which it weighs"))
    report(problems)
    files = find_files(PLACE, paths)
    labels = _listed(target)
    weights = _listed(sample_weight)
    inputs = features if features is not None else _left(files[0], [*labels, *weights])
    groups = inputs if isinstance(inputs, Mapping) else {"": inputs}
    columns = {name: _listed(group) for name, group in groups.items()}
    report(
        Problem(f"{PLACE}(features=...)", "no columns", "at least one for each input")
        for group in columns.values()
        if not group
    )
    wanted = dict.fromkeys((name for group in columns.values() for name in group), "features")
    wanted |= dict.fromkeys(labels, "target") | dict.fromkeys(weights, "sample_weight")
    rows = {}
    for path in dict.fromkeys(files):
        check_columns(PLACE, path, wanted)
        rows[path] = rows_of(path)
    parts = [part for path in files for part in parts_of(path, rows[path], len(wanted))]
    if not parts:
        report([Problem(PLACE, "files without rows", "at least one row")], DataError)

    def load(number: int) -> Any:
        part = parts[number]
        frame = read_part(part, [*wanted])
        x = {name: numbers(frame, group, part) for name, group in columns.items()}
        given = [x if isinstance(inputs, Mapping) else x[""]]
        given += [_labels(numbers(frame, labels, part), target)] if labels else []
        given += [numbers(frame, weights, part)[:, 0]] if weights else []
        return tuple(given) if labels else given[0]

    return ChunkedDataset(
        load,
        [part.rows for part in parts],
        batch_size,
        shuffle,
        seed or 0,
        buffer_size,
        lambda number: str(parts[number]),
    )


def _listed(columns: Columns | None) -> list[str]:
    if columns is None:
        return []
    return [columns] if isinstance(columns, str) else list(columns)


def _left(path: Path, taken: Sequence[str]) -> list[str]:
    return [name for name in types_of(path) if name not in taken]


def _labels(array: Any, target: Columns | None) -> Any:
    """Return a single target as one number a row."""
    return array[:, 0] if isinstance(target, str) else array
