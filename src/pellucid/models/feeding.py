"""From what the user gives to the arrays that programs take."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.data.arrays import (
    by_name,
    check_finite,
    check_lengths,
    check_shape,
    class_weights,
    is_frame,
    to_array,
)
from pellucid.errors import ArgumentError, DataError, ShapeError, report
from pellucid.graph import Network
from pellucid.training.trainer import Table
from pellucid.types import NumpyArray

KINDS = {
    "float16": np.float16,
    "float32": np.float32,
    "float64": np.float32,
    "bfloat16": np.float32,
    "int32": np.int32,
    "int64": np.int32,
    "uint8": np.uint8,
    "bool": np.bool_,
}


def read_inputs(
    network: Network, names: Sequence[str], x: Any, checked: bool = True
) -> list[NumpyArray]:
    """Return the arrays of the inputs, one each, in their declared types.

    Args:
        network: The network that takes them.
        names: Names of the inputs.
        x: An array, a frame, a list of them, or a dict by name.
        checked: Whether to look for NaN and infinity.

    Raises:
        ShapeError: The shape of a row is not what the input expects.
        DataError: Text where numbers are expected, NaN or infinity.
    """
    found, problems = [], []
    for name, node, value in zip(names, network.inputs, by_name(x, names, "x"), strict=True):
        where = "x" if len(names) == 1 else f"x['{name}']"
        shape, dtype = network.shapes[node], network.dtypes[node]
        array = to_array(value, where)
        if array.ndim == len(shape) and shape and shape[-1] == 1:
            array = array[..., None]
        problems += check_shape(array, shape, where)
        found.append(_typed(array, dtype, where))
        if checked:
            columns = list(value.columns) if is_frame(value) and hasattr(value, "columns") else None
            check_finite(found[-1], where, columns)
    report(problems, ShapeError)
    return found


def _typed(array: NumpyArray, dtype: str, where: str) -> NumpyArray:
    if dtype == "string":
        return array.astype(np.str_) if array.dtype.kind != "U" else array
    if array.dtype.kind in "USO":
        raise DataError(
            f"{where}: got text such as {str(array.reshape(-1)[0])!r}, expected numbers. Encode "
            "it first, for example with StringLookup after Input(..., dtype='string')."
        )
    return np.ascontiguousarray(array, KINDS[dtype])


def read_labels(names: Sequence[str], y: Any) -> list[NumpyArray]:
    """Return the labels of each output: float32, or int32 for whole numbers.

    Raises:
        DataError: Labels are text.
    """
    found = []
    for name, value in zip(names, by_name(y, names, "y"), strict=True):
        where = "y" if len(names) == 1 else f"y['{name}']"
        array = to_array(value, where)
        if array.dtype.kind in "US":
            raise DataError(
                f"{where}: got text such as {str(array.reshape(-1)[0])!r}, expected numbers. "
                "Number the classes first: np.unique(y, return_inverse=True)[1]."
            )
        whole = array.dtype.kind in "iu"
        found.append(np.ascontiguousarray(array, np.int32 if whole else np.float32))
    return found


def read_weights(
    names: Sequence[str],
    labels: Sequence[NumpyArray],
    sample_weight: Any,
    class_weight: Mapping[Any, float] | None,
) -> list[NumpyArray | None]:
    """Return the weight of every row for each output, or None where all weigh the same.

    Raises:
        ArgumentError: Class weights on several outputs, or a class without a weight.
        ShapeError: A weight is not one number a row.
    """
    rows = len(labels[0])
    found: list[NumpyArray | None] = [None] * len(names)
    if sample_weight is not None:
        shared = not isinstance(sample_weight, (list, tuple, Mapping)) or len(names) == 1
        each = (
            [sample_weight] * len(names)
            if shared
            else by_name(sample_weight, names, "sample_weight")
        )
        for index, value in enumerate(each):
            if value is None:
                continue
            array = np.asarray(to_array(value, "sample_weight"), np.float32)
            array = array.reshape(len(array), -1)[:, 0] if array.size == len(array) else array
            if array.shape != (rows,):
                raise ShapeError(
                    f"sample_weight: got shape {array.shape}, expected {(rows,)}, one number a row."
                )
            check_finite(array, "sample_weight")
            found[index] = array
    if class_weight is not None:
        if len(names) > 1:
            raise ArgumentError(
                "fit(class_weight=...): got class weights for a model with several outputs, "
                "expected one output. Give sample_weight={'output': weights} instead."
            )
        chosen = class_weights(labels[0], class_weight)
        found[0] = chosen if found[0] is None else found[0] * chosen
    return found


def make_table(
    network: Network,
    inputs: Sequence[NumpyArray],
    labels: Sequence[NumpyArray],
    weights: Sequence[NumpyArray | None],
) -> Table:
    """Return feeds, labels and weights as rows, after comparing their lengths."""
    check_lengths(
        {f"x[{i}]" if len(inputs) > 1 else "x": array for i, array in enumerate(inputs)}
        | {f"y[{i}]" if len(labels) > 1 else "y": array for i, array in enumerate(labels)}
    )
    return Table(tuple(network.prepare(inputs)), tuple(labels), tuple(weights))
