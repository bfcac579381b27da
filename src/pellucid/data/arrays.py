"""Anybody's data as NumPy arrays, checked."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.errors import ArgumentError, DataError, Problem, ShapeError, did_you_mean, report
from pellucid.types import NumpyArray, Shape

FRAMES = ("pandas", "polars", "pyarrow", "modin", "cudf")


def is_frame(value: Any) -> bool:
    """Return True for a data frame or a column of one, of any library narwhals knows."""
    return type(value).__module__.split(".")[0] in FRAMES


def to_array(value: Any, where: str) -> NumpyArray:
    """Return `value` as a NumPy array of numbers or of text.

    Args:
        value: Array of NumPy, JAX or torch, list, or frame of pandas, Polars and others.
        where: What messages call it, such as "x".

    Raises:
        DataError: A frame's column is no number; rows of a list differ in length.
    """
    if is_frame(value):
        return _from_frame(value, where)
    try:
        array = np.asarray(value)
    except ValueError:
        raise DataError(
            f"{where}: got rows of different lengths, expected rows of one length. "
            "Pad or cut them to one length first."
        ) from None
    if array.dtype == object:
        return _from_objects(array, where)
    if array.dtype.kind not in "biufUSV" or array.dtype.kind == "c":
        raise DataError(
            f"{where}: got values of type {array.dtype}, expected real numbers or text."
        )
    return array


def _from_frame(value: Any, where: str) -> NumpyArray:
    import narwhals as nw

    frame = nw.from_native(value, eager_only=True, allow_series=True)
    if isinstance(frame, nw.Series):
        return _column(frame, f"{where}, column '{frame.name}'")
    problems, columns = [], []
    for name in frame.columns:
        try:
            columns.append(_column(frame[name], f"{where}, column '{name}'", numbers=True))
        except DataError as error:
            problems.append(str(error))
    if problems:
        raise DataError("\n".join(problems))
    if not columns:
        raise DataError(f"{where}: got a frame without columns, expected at least one.")
    return np.stack(columns, axis=1)


def _column(series: Any, where: str, numbers: bool = False) -> NumpyArray:
    dtype = series.dtype
    if dtype.is_numeric() or str(dtype) == "Boolean":
        if series.null_count():
            return series.cast(type(dtype)).to_numpy().astype(np.float32)
        return np.asarray(series.to_numpy())
    if numbers:
        raise DataError(
            f"{where}: got values of type {dtype}, expected numbers. Encode them first, for "
            "example with StringLookup, or train from the file with `pellucid train`, which "
            "encodes every kind of column."
        )
    return np.asarray(series.to_list(), dtype=np.str_)


def _from_objects(array: NumpyArray, where: str) -> NumpyArray:
    flat = array.reshape(-1)
    if all(isinstance(item, (str, bytes)) for item in flat):
        return array.astype(np.str_)
    try:
        return array.astype(np.float32)
    except (TypeError, ValueError):
        row = next((index for index, item in enumerate(array) if not _is_numeric(item)), 0)
        raise DataError(
            f"{where}: got {array[row]!r} in row {row}, expected numbers. "
            "Rows must be of one length and hold numbers only."
        ) from None


def _is_numeric(item: Any) -> bool:
    try:
        np.asarray(item, np.float32)
    except (TypeError, ValueError):
        return False
    return True


def by_name(value: Any, names: Sequence[str], where: str) -> list[Any]:
    """Return one entry for each of `names`, from a single value, a list or a dict.

    Raises:
        ArgumentError: The number of entries or a key does not fit.
    """
    if isinstance(value, Mapping) and not is_frame(value):
        return _from_mapping(value, names, where)
    if len(names) == 1:
        if isinstance(value, (list, tuple)) and len(value) == 1 and np.ndim(value[0]) > 1:
            return [value[0]]
        return [value]
    if not isinstance(value, (list, tuple)) or len(value) != len(names):
        given = f"{len(value)} arrays" if isinstance(value, (list, tuple)) else "one array"
        raise ArgumentError(
            f"{where}: got {given}, expected {len(names)}, one for each of {', '.join(names)}. "
            f"Give a list in that order, or a dict by name."
        )
    return list(value)


def _from_mapping(value: Mapping[str, Any], names: Sequence[str], where: str) -> list[Any]:
    unknown = [key for key in value if key not in names]
    missing = [name for name in names if name not in value]
    if unknown or missing:
        given, expected = (", ".join(map(repr, keys)) for keys in (value, names))
        fix = did_you_mean(unknown[0], list(names)) if unknown else ""
        report([Problem(where, f"the names {given}", expected, fix)])
    return [value[name] for name in names]


def check_shape(array: NumpyArray, shape: Shape, where: str) -> list[Problem]:
    """Return what keeps `array` from being rows of `shape`."""
    given = (None, *array.shape[1:])
    expected = (None, *shape)
    same = len(given) == len(expected) and all(
        one is None or other is None or one == other
        for one, other in zip(given, expected, strict=True)
    )
    if same:
        return []
    fix = ""
    if len(given) == len(expected) - 1 and expected[-1] == 1:
        fix = "Add an axis: x[:, None]."
    elif array.ndim == len(shape) and given[1:] == expected[2:]:
        fix = "For a single row write x[None], which adds the batch axis."
    elif len(given) == len(expected) == 2:
        fix = (
            f"The data has {given[1]} columns; build the model with Input(shape=({given[1]},)) "
            f"or give it {expected[1]} columns."
        )
    return [Problem(where, f"shape {array.shape}", f"shape {expected}", fix)]


def check_finite(array: NumpyArray, where: str, names: Sequence[str] | None = None) -> None:
    """Refuse NaN and infinity.

    Raises:
        DataError: Names the first row and column, and how many values there are.
    """
    if array.dtype.kind != "f" or not array.size:
        return
    finite = np.isfinite(array)
    if finite.all():
        return
    places = np.argwhere(~finite)
    first = tuple(places[0])
    value = array[first]
    position = f"row {first[0]}"
    if len(first) > 1:
        column = f"'{names[first[1]]}'" if names is not None else str(first[1])
        position += f", column {column}" if len(first) == 2 else f", position {first[1:]}"
    more = f" ({len(places)} such values in all)" if len(places) > 1 else ""
    raise DataError(
        f"{where}: got {value} in {position}{more}, expected finite numbers. "
        "Fill the holes (for example with the column's median) or drop those rows."
    )


def check_lengths(arrays: Mapping[str, NumpyArray]) -> int:
    """Return the number of rows that all `arrays` have.

    Raises:
        DataError: The numbers differ, or there are no rows.
    """
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise DataError(f"data: got different numbers of rows ({told}), expected one number.")
    rows = next(iter(lengths.values()))
    if rows == 0:
        raise DataError("data: got no rows, expected at least one.")
    return rows


def pad_rows(array: NumpyArray, size: int) -> NumpyArray:
    """Return `array` with copies of its first row added up to `size` rows.

    Copies, not zeros: what a zero does to a layer (a division, a square root's slope) would
    spoil gradients even where its row is masked, since 0 * inf is NaN.
    """
    if len(array) == size:
        return array
    return np.concatenate([array, np.repeat(array[:1], size - len(array), axis=0)])


def bucket(rows: int, batch: int) -> int:
    """Return a number of rows, at least `rows` and a multiple of `batch`, from a coarse ladder.

    Data sets of nearly the same length share one compiled program; at most an eighth more
    rows are stored.
    """
    batches = -(-rows // batch)
    grain = 1 << max(0, batches.bit_length() - 4)
    return -(-batches // grain) * grain * batch


def split_rows(rows: int, fraction: Any) -> int:
    """Return how many of `rows` stay for training when the last `fraction` is held out.

    Raises:
        ArgumentError: The fraction is not between 0 and 1, or leaves a part empty.
    """
    valid = isinstance(fraction, (int, float, np.number)) and 0 <= fraction < 1
    if not valid:
        raise ArgumentError(
            f"fit(validation_split=...): got {fraction!r}, expected a number from 0 to below 1 "
            "(the share of the rows, taken from the end). For a fifth write validation_split=0.2."
        )
    kept = int(rows * (1 - fraction))
    if fraction and (kept == 0 or kept == rows):
        report(
            [
                Problem(
                    "fit(validation_split=...)",
                    f"{fraction!r} of {rows} rows",
                    "a share that leaves rows on both sides",
                )
            ]
        )
    return kept


def class_weights(labels: NumpyArray, weights: Mapping[Any, float]) -> NumpyArray:
    """Return a weight for each row, from a weight for each class.

    Args:
        labels: Class numbers (rows,) or (rows, 1), or one-hot rows.
        weights: Weight by class number.

    Raises:
        ArgumentError: A class has no weight, or labels are no classes.
    """
    numbers = labels
    if labels.ndim == 2 and labels.shape[1] > 1:
        numbers = labels.argmax(axis=1)
    numbers = numbers.reshape(-1)
    if len(numbers) != len(labels):
        raise ShapeError(
            f"fit(class_weight=...): got labels of shape {labels.shape}, expected one class a row."
        )
    found = np.unique(numbers)
    missing = [int(one) for one in found if int(one) not in weights]
    if missing:
        raise ArgumentError(
            f"fit(class_weight=...): got no weight for class {missing[0]}, expected one for each "
            f"of {', '.join(str(int(one)) for one in found)}."
        )
    chosen = np.zeros(len(numbers), np.float32)
    for one in found:
        chosen[numbers == one] = float(weights[int(one)])
    return chosen
