"""Anybody's data as NumPy arrays, checked."""

import math
import os
import types
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from pellucid.errors import (
    ArgumentError,
    DataError,
    Problem,
    ShapeError,
    Together,
    near,
    report,
)
from pellucid.types import NumpyArray, Shape
from pellucid.wording import count_text

FRAMES = ("pandas", "polars", "pyarrow", "modin", "cudf")

FILL = "Fill the holes (for example with the column's median) or drop those rows."
SCALE = "Divide the column by a constant first."


def is_frame(value: Any) -> bool:
    """Return True for a data frame or a column of one, of any library narwhals knows."""
    return type(value).__module__.split(".")[0] in FRAMES


def to_array(value: Any, where: str, text: bool = False) -> NumpyArray:
    """Return `value` as a NumPy array of numbers or of text.

    Args:
        value: Array of NumPy, JAX or torch, list, or frame of pandas, Polars and others.
        where: What messages call it, such as "x".
        text: Whether a frame may hold text; otherwise its columns must be numbers.

    Raises:
        DataError: It is none of these, a frame's column is no number, text stands among
            numbers, or rows of a list differ in length.
    """
    if is_frame(value):
        return _from_frame(value, where, text)
    report(_no_array(value, where), DataError)
    try:
        array = np.asarray(value)
    except ValueError:
        raise DataError(
            f"{where}: got rows of different lengths, expected rows of one length. "
            "Pad or cut them to one length first."
        ) from None
    if array.dtype.kind in "US" and isinstance(value, (list, tuple)):
        # NumPy makes text of [1, "a"]; what was given tells which of them is the text.
        array = np.asarray(value, dtype=object)
    if array.dtype == object:
        return _from_objects(array, where)
    if array.dtype.kind == "V" and array.dtype.names is None:
        # How NumPy sees the short floats of JAX, such as bfloat16.
        return array.astype(np.float32)
    if array.dtype.kind not in "biufUS":
        raise DataError(
            f"{where}: got values of type {array.dtype}, expected real numbers or text."
        )
    return array


def _no_array(value: Any, where: str) -> list[Problem]:
    """Return the problem of a value that no array can be made of."""
    expected = "an array, a list of rows or a data frame"
    if value is None:
        return [Problem(where, "None", expected)]
    if isinstance(value, (str, bytes, os.PathLike)):
        fix = "Read a file first, for example with numpy.loadtxt or pandas.read_csv."
        return [Problem(where, f"the text {os.fspath(value)!r}", expected, fix)]
    if callable(value) and not hasattr(value, "__array__"):
        name = getattr(value, "__name__", type(value).__name__)
        fix = f"Call it: {name}()." if isinstance(value, types.FunctionType) else ""
        return [Problem(where, f"the function {name}", expected, fix)]
    return []


def _from_frame(value: Any, where: str, text: bool) -> NumpyArray:
    import narwhals as nw

    try:
        frame: Any = nw.from_native(value, eager_only=True, allow_series=True)
    except TypeError:
        # An index, or a column's bare values.
        return to_array(np.asarray(value), where)
    except nw.exceptions.DuplicateError:
        twice = {str(name) for name in value.columns if list(value.columns).count(name) > 1}
        given = f"columns of one name ({', '.join(sorted(twice))})"
        report([Problem(where, given, "each name once", "Rename them.")], DataError)
        raise
    if isinstance(frame, nw.Series):
        return _column(frame, f"{where}, column '{frame.name}'", True)
    together = Together()
    columns = [
        together.attempt(
            partial(_column, frame.get_column(name), f"{where}, column '{name}'", text)
        )
        for name in frame.columns
    ]
    together.tell()
    if not columns:
        raise DataError(f"{where}: got a frame without columns, expected at least one.")
    return np.stack([column for column in columns if column is not None], axis=1)


def _column(series: Any, where: str, text: bool) -> NumpyArray:
    dtype = series.dtype
    if dtype.is_numeric() or str(dtype) == "Boolean":
        if series.null_count():
            return series.cast(type(dtype)).to_numpy().astype(np.float32)
        return np.asarray(series.to_numpy())
    if str(dtype) not in ("String", "Object", "Unknown") and not str(dtype).startswith(WORDS):
        raise DataError(f"{where}: got values of type {dtype}, expected numbers. {ENCODE}")
    array = _from_objects(np.array(series.to_list(), dtype=object), where)
    if array.dtype.kind == "U" and not text:
        first = f"text such as {str(array[0])!r}" if len(array) else "text"
        raise DataError(f"{where}: got {first}, expected numbers. {ENCODE}")
    return array


WORDS = ("Categorical", "Enum")
"""Types of a frame's column that stand for text."""

ENCODE = (
    "Encode them first, for example with StringLookup, or train from the file with "
    "`pellucid train`, which encodes every kind of column."
)


def _from_objects(array: NumpyArray, where: str) -> NumpyArray:
    """Return an array of Python objects as one of numbers, or of text if all of them are text."""
    flat = array.reshape(-1)
    kinds = {type(item) for item in flat}
    if kinds and all(issubclass(kind, (str, bytes)) for kind in kinds):
        return array.astype(np.str_)
    # Text is no number, even where it reads like one.
    if not any(issubclass(kind, (str, bytes)) for kind in kinds):
        try:
            return array.astype(np.float64)
        except (TypeError, ValueError):
            pass
    index = next((place for place in np.ndindex(array.shape) if not _is_number(array[place])), ())
    report([_no_number(array, index, where)], DataError)
    return array


def _no_number(array: NumpyArray, index: tuple[int, ...], where: str) -> Problem:
    item = array[index]
    if hasattr(item, "__len__") and not isinstance(item, (str, bytes)):
        expected = "rows of one length"
        return Problem(where, "rows of different lengths", expected, "Pad or cut them first.")
    shown = repr(item) if isinstance(item, (str, bytes, int)) else f"a {type(item).__name__}"
    return Problem(where, f"{shown} in {place_of(index)}", "numbers")


def _is_number(item: Any) -> bool:
    try:
        float(item if item is not None else 0)
    except (TypeError, ValueError):
        return False
    return not isinstance(item, (str, bytes))


def place_of(index: Sequence[int], names: Sequence[str] | None = None) -> str:
    """Return how messages call a place in an array: "row 3, column 'age'".

    Args:
        index: Numbers along the axes, the row first.
        names: Names of the columns.
    """
    place = f"row {index[0]}" if index else "it"
    if len(index) == 2:
        return f"{place}, column " + (f"'{names[index[1]]}'" if names else str(index[1]))
    if len(index) > 2:
        return f"{place}, position ({', '.join(str(one) for one in index[1:])})"
    return place


def by_name(value: Any, names: Sequence[str], where: str) -> list[Any]:
    """Return one entry for each of `names`, from a single value, a list or a dict.

    Raises:
        ArgumentError: The number of entries or a key does not fit.
    """
    if isinstance(value, Mapping) and not is_frame(value):
        return _from_mapping(value, names, where)
    if len(names) == 1:
        return [_only(value, where)]
    if not isinstance(value, (list, tuple)) or len(value) != len(names):
        several = isinstance(value, (list, tuple))
        given = count_text(len(value), "array") if several else "one array"
        raise ArgumentError(
            f"{where}: got {given}, expected {len(names)}, one for each of {', '.join(names)}. "
            f"Give a list in that order, or a dict by name."
        )
    return list(value)


def _only(value: Any, where: str) -> Any:
    """Return the one array that is given, perhaps in a list."""
    if not isinstance(value, (list, tuple)) or not value:
        return value
    frames = any(is_frame(one) for one in value)
    shapes = {tuple(one.shape) for one in value if frames or getattr(one, "ndim", 0) > 1}
    if len(value) == 1 and shapes:
        return value[0]
    # Arrays with as many rows each are columns; others are sequences of different lengths.
    rows = {shape[0] for shape in shapes}
    if frames or (len(shapes) > 1 and len(rows) == 1):
        raise ArgumentError(
            f"{where}: got a list of {count_text(len(value), 'array')}, expected one array. "
            "Join their columns first: np.concatenate([...], axis=1)."
        )
    return value


def _from_mapping(value: Mapping[str, Any], names: Sequence[str], where: str) -> list[Any]:
    unknown = [key for key in value if key not in names]
    missing = [name for name in names if name not in value]
    if unknown or missing:
        given = ", ".join(repr(key) for key in value) or "none"
        expected = ", ".join(map(repr, names))
        fix = " ".join(_near(str(key), missing) for key in unknown)
        report([Problem(where, f"the names {given}", expected, fix.strip())])
    return [value[name] for name in names]


def _near(name: str, missing: Sequence[str]) -> str:
    suggestion = near(name, missing)
    return f"Is '{name}' meant for '{suggestion}'?" if suggestion else ""


def check_shape(array: NumpyArray, shape: Shape, where: str) -> list[Problem]:
    """Return what keeps `array` from being rows of `shape`."""
    if array.ndim and fits(array.shape[1:], shape):
        return []
    fix = _shape_fix(array.shape, shape, where)
    return [Problem(where, f"shape {array.shape}", f"shape {(None, *shape)}", fix)]


def fits(given: Shape, expected: Shape) -> bool:
    """Return whether sizes are those expected; None stands for any size."""
    return len(given) == len(expected) and all(
        one is None or other is None or one == other
        for one, other in zip(given, expected, strict=True)
    )


def _shape_fix(given: Shape, shape: Shape, where: str) -> str:
    if given and fits(given, shape):
        return f"For a single row write {where}[None], which adds the batch axis."
    if len(given) > 2 and fits((*given[2:], given[1]), shape):
        return f"Put the channels last: np.moveaxis({where}, 1, -1)."
    if len(given) > 2 and fits((given[-1], *given[1:-1]), shape):
        return f"Put the channels first: np.moveaxis({where}, -1, 1)."
    known = None not in shape
    if given and known and math.prod(given[1:]) == math.prod(shape):  # type: ignore[arg-type]
        sizes = ", ".join(str(size) for size in shape)
        return f"Write {where}.reshape(-1, {sizes})."
    if len(given) == 2 and len(shape) == 1:
        return (
            f"The data has {count_text(given[1] or 0, 'column')}; build the model with "
            f"Input(shape=({given[1]},)) or give it {count_text(shape[0] or 0, 'column')}."
        )
    if len(given) == len(shape) == 1:
        return f"Give {count_text(shape[0] or 0, 'value')} in each row."
    if len(given) == len(shape) + 2 and given[2:] == shape:
        return "A list of arrays stands for several inputs; this is one. Join them first."
    return ""


def is_finite(array: NumpyArray) -> bool:
    """Return whether an array of floats holds neither NaN nor infinity."""
    # The extremes tell it without an array of truth values as large as the data.
    return not array.size or bool(np.isfinite(array.min()) and np.isfinite(array.max()))


def check_finite(
    array: NumpyArray,
    where: str,
    names: Sequence[str] | None = None,
    fix: str = FILL,
) -> None:
    """Refuse NaN and infinity.

    Args:
        array: Any values; only floats are looked at.
        where: What messages call it.
        names: Names of its columns.
        fix: How to mend it.

    Raises:
        DataError: Names the first row and column, and how many values there are.
    """
    if array.dtype.kind == "f" and not is_finite(array):
        report([_told(array, ~np.isfinite(array), where, "finite numbers", names, fix)], DataError)


def _told(
    array: NumpyArray,
    wrong: NumpyArray,
    where: str,
    expected: str,
    names: Sequence[str] | None = None,
    fix: str = "",
) -> Problem:
    """Return the problem of the values that are `wrong`: the first one, and how many there are."""
    places = np.argwhere(wrong)
    first = tuple(int(one) for one in places[0])
    more = f" ({len(places)} such values in all)" if len(places) > 1 else ""
    given = f"{array[first].item()!r} in {place_of(first, names)}{more}"
    return Problem(where, given, expected, fix)


def to_dtype(
    array: NumpyArray, dtype: Any, where: str, names: Sequence[str] | None = None
) -> NumpyArray:
    """Return numbers as another type that holds them, rounded to floats at most.

    Args:
        array: Numbers of any type.
        dtype: The type to take.
        where: What messages call the array.
        names: Names of its columns.

    Raises:
        DataError: A value is NaN or infinite, or one that the type cannot hold.
    """
    kind = np.dtype(dtype)
    check_finite(array, where, names)
    with np.errstate(over="ignore", invalid="ignore"):
        made = np.ascontiguousarray(array, kind)
    if array.dtype == kind:
        return made
    if kind.kind == "f":
        if not is_finite(made):
            expected = f"numbers up to {np.finfo(kind).max:.3g} ({kind})"
            report([_told(array, ~np.isfinite(made), where, expected, names, SCALE)], DataError)
        return made
    wrong = made != array
    if wrong.any():
        report([_told(array, wrong, where, _whole(kind), names)], DataError)
    return made


def _whole(kind: Any) -> str:
    if kind.kind == "b":
        return "True or False, or 1 or 0 (bool)"
    limits = np.iinfo(kind)
    return f"whole numbers from {limits.min} to {limits.max} ({kind})"


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


def check_share(fraction: Any, where: str = "fit") -> list[Problem]:
    """Return what keeps `fraction` from being a share of the rows that `where` validates on."""
    number = isinstance(fraction, (int, float, np.number)) and fraction is not True
    if number and 0 <= fraction < 1:
        return []
    expected = "a number from 0 to below 1 (the share of the rows, taken from the end)"
    fix = "For a fifth write validation_split=0.2."
    return [Problem(f"{where}(validation_split=...)", repr(fraction), expected, fix)]


def split_rows(rows: int, fraction: Any, where: str = "fit") -> int:
    """Return how many of `rows` stay for training when the last `fraction` is held out.

    Args:
        rows: How many there are.
        fraction: From 0 to below 1.
        where: The function that was called, for messages.

    Raises:
        ArgumentError: The fraction is not between 0 and 1, or leaves a part empty.
    """
    report(check_share(fraction, where))
    kept = int(rows * (1 - fraction))
    if fraction and (kept == 0 or kept == rows):
        given = f"{fraction!r} of {count_text(rows, 'row')}"
        expected = "a share that leaves rows on both sides"
        report([Problem(f"{where}(validation_split=...)", given, expected, "Give more rows.")])
    return kept


def class_weights(
    labels: NumpyArray, weights: Any, where: str = "fit(class_weight=...)"
) -> NumpyArray:
    """Return a weight for each row, from a weight for each class.

    Args:
        labels: Class numbers (rows,) or (rows, 1), or one-hot rows.
        weights: Weight by class number.
        where: What messages call the weights.

    Raises:
        ArgumentError: A class has no weight, or labels are no classes.
        ShapeError: Labels are not one class a row.
    """
    check_class_weights(weights, where)
    numbers = labels
    if labels.ndim == 2 and labels.shape[1] > 1:
        numbers = labels.argmax(axis=1)
    numbers = numbers.reshape(-1)
    if len(numbers) != len(labels):
        raise ShapeError(f"{where}: got labels of shape {labels.shape}, expected one class a row.")
    found = np.unique(numbers)
    fractions = found[found != np.floor(found)]
    if len(fractions):
        given = f"labels that are no class numbers, such as {fractions[0]:g}"
        raise ArgumentError(f"{where}: got {given}, expected whole numbers or one-hot rows.")
    missing = [int(one) for one in found if int(one) not in weights]
    if missing:
        these = ", ".join(str(one) for one in missing)
        given = f"no weight for class{'es' if len(missing) > 1 else ''} {these}"
        fix = (
            "Let the keys be numbers: {0: 1.0}." if any(isinstance(k, str) for k in weights) else ""
        )
        every = ", ".join(str(int(one)) for one in found)
        report([Problem(where, given, f"one for each of {every}", fix)])
    chosen = np.zeros(len(numbers), np.float32)
    for one in found:
        chosen[numbers == one] = float(weights[int(one)])
    return chosen


def check_class_weights(weights: Any, where: str = "fit(class_weight=...)") -> None:
    """Refuse what is no weight for each class.

    Raises:
        ArgumentError: It is no dict, or a weight is no number of at least 0.
    """
    report(_bad_weights(weights, where))


def _bad_weights(weights: Any, where: str) -> list[Problem]:
    expected = "a dict of class number to weight, such as {0: 1.0, 1: 3.0}"
    if not isinstance(weights, Mapping):
        listed = isinstance(weights, (list, tuple, np.ndarray))
        fix = "Write dict(enumerate(weights))." if listed else ""
        if isinstance(weights, str) and weights == "balanced":
            fix = "Count the classes: {0: 1.0, 1: rows of class 0 / rows of class 1}."
        given = f"a {type(weights).__name__}" if listed else repr(weights)
        return [Problem(where, given, expected, fix)]
    numbers = (int, float, np.integer, np.floating)
    return [
        Problem(where, f"the weight {weight!r} for class {name}", "a finite number of at least 0")
        for name, weight in weights.items()
        if not isinstance(weight, numbers) or not 0 <= weight < np.inf
    ]
