"""From what the user gives to the arrays that programs take."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from pellucid.data.arrays import (
    by_name,
    check_finite,
    check_lengths,
    check_shape,
    class_weights,
    fits,
    is_finite,
    is_frame,
    to_array,
    to_dtype,
)
from pellucid.data.sequences import is_ragged, lay_out, padded, padded_width, spans, to_arrays
from pellucid.errors import DataError, PellucidWarning, Problem, ShapeError, Together, report
from pellucid.graph import Network
from pellucid.layers import Layer
from pellucid.training.trainer import Table
from pellucid.types import NumpyArray, Shape
from pellucid.wording import number_text

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

INT32 = np.iinfo(np.int32)

NO_WEIGHT = "What shall not count has weight 0."


def read_inputs(network: Network, names: Sequence[str], x: Any) -> list[NumpyArray]:
    """Return the arrays of the inputs, one each, in their declared types.

    Args:
        network: The network that takes them.
        names: Names of the inputs.
        x: An array, a frame, a list of them, or a dict by name.

    Raises:
        ArgumentError: Entries that are not those of the inputs.
        ShapeError: The shape of a row is not what the input expects.
        DataError: Text where numbers are expected, NaN or infinity.
    """
    together = Together()
    found = []
    for value, node, where in zip(
        by_name(x, names, "x"), network.inputs, places("x", names), strict=True
    ):
        shape, dtype = network.shapes[node], network.dtypes[node]
        if is_ragged(value) and shape and shape[0] is None:
            value = together.attempt(partial(_padded, network, node, value, where))
            if value is None:
                continue
        array = together.attempt(partial(_read_input, value, shape, dtype, where))
        found.append(array)
        if array is not None:
            for layer in network.readers_of(node):
                together.attempt(partial(_check_data, layer, array, where))
    together.tell()
    return [array for array in found if array is not None]


def places(what: str, names: Sequence[str]) -> list[str]:
    """Return how messages call the entries of x or y: `x`, or `x['age']` where there are more."""
    return [what] if len(names) == 1 else [f"{what}['{name}']" for name in names]


def _padded(network: Network, node: int, value: Any, where: str) -> NumpyArray:
    """Return sequences of different lengths as one array."""
    padding = network.padding_of(node)
    if padding is None:
        expected = "rows of one length, or a model whose first layer knows padding"
        fix = (
            "Begin the model with Masking(mask_value=...) or Embedding(..., mask_zero=True), or "
            "pad them yourself with pellucid.utils.pad_sequences."
        )
        report([Problem(where, "rows of different lengths", expected, fix)], ShapeError)
    assert padding is not None
    return padded(value, padding, where)


def _check_data(layer: Layer, array: NumpyArray, where: str) -> None:
    problems = layer.data_problems(array)
    report((replace(one, where=f"{where}, for {one.where}") for one in problems), DataError)


def _read_input(value: Any, shape: Shape, dtype: str, where: str) -> NumpyArray:
    array = to_array(value, where, text=dtype == "string")
    columns = list(value.columns) if is_frame(value) and hasattr(value, "columns") else None
    wide = shape[-1:] == (1,) and array.ndim == len(shape) and fits(array.shape[1:], shape[:-1])
    if not wide:
        report(check_shape(array, shape, where), ShapeError)
    typed = _typed(array, dtype, where, columns)
    return typed[..., None] if wide else typed


def _typed(array: NumpyArray, dtype: str, where: str, columns: Sequence[str] | None) -> NumpyArray:
    if dtype == "string":
        return array.astype(np.str_) if array.dtype.kind != "U" else array
    if array.dtype.kind in "US":
        given = f"text such as {str(array.reshape(-1)[0])!r}" if array.size else "text"
        fix = (
            "Encode it first, for example with StringLookup after Input(..., dtype='string'). "
            "Numbers written as text become numbers by x.astype('float32')."
        )
        report([Problem(where, given, "numbers", fix)], DataError)
    return to_dtype(array, KINDS[dtype], where, columns)


def read_labels(names: Sequence[str], y: Any) -> list[NumpyArray]:
    """Return the labels of each output: float32, or int32 for whole numbers.

    Raises:
        ArgumentError: Entries that are not those of the outputs.
        DataError: Labels are text, or too large.
    """
    together = Together()
    entries = zip(places("y", names), by_name(y, names, "y"), strict=True)
    found = [together.attempt(partial(_read_label, value, where)) for where, value in entries]
    together.tell()
    return [array for array in found if array is not None]


def _read_label(value: Any, where: str) -> NumpyArray:
    array = label_array(value, where)
    if not array.ndim:
        given = f"the single value {array.item()!r}"
        report([Problem(where, given, "one label for each row")], ShapeError)
    if array.dtype.kind in "US":
        given = f"text such as {str(array.reshape(-1)[0])!r}" if array.size else "text"
        fix = "Number the classes first: np.unique(y, return_inverse=True)[1]."
        report([Problem(where, given, "numbers", fix)], DataError)
    whole = array.dtype.kind in "iu"
    if whole and (not array.size or (array.min() >= INT32.min and array.max() <= INT32.max)):
        return np.ascontiguousarray(array, np.int32)
    if array.dtype.kind == "f" and not is_finite(array):
        # The comparison with loss and output tells it, with other findings about the labels.
        return np.ascontiguousarray(array, np.float32)
    return to_dtype(array, np.float32, where)


def label_array(value: Any, where: str) -> NumpyArray:
    """Return the labels of one output as an array, those of sequences padded to one length."""
    if is_ragged(value):
        # Steps behind the end of a sequence are masked, so that any number may stand there.
        steps = to_arrays(value, where)
        value = lay_out(steps, padded_width(steps), 0, np.result_type(*steps))
    return to_array(value, where, text=True)


def read_weights(
    network: Network,
    names: Sequence[str],
    labels: Sequence[NumpyArray],
    sample_weight: Any,
) -> list[NumpyArray | None]:
    """Return the weights of each output's losses, or None where all weigh the same.

    Args:
        network: The network that makes the outputs.
        names: Names of the outputs.
        labels: Their labels.
        sample_weight: One number a row or a step, or several such by output.

    Raises:
        ArgumentError: Entries that are not those of the outputs.
        DataError: A weight is no finite number.
        ShapeError: There is not one number for each row, or for each step.
    """
    if sample_weight is None:
        return [None] * len(names)
    values = weight_by_output(sample_weight, names)
    whole = values[0] is sample_weight
    wheres = ["sample_weight"] * len(names) if whole else places("sample_weight", names)
    together = Together()
    found = []
    for value, node, own, where in zip(values, network.outputs, labels, wheres, strict=True):
        # A loss has one value for each place but those of the last axis.
        axes = own.shape[: max(1, len(network.shapes[node]))]
        read = None if value is None else partial(_read_weight, value, axes, where)
        found.append(None if read is None else together.attempt(read))
    together.tell()
    return found


def weigh_classes(network: Network, table: Table, class_weight: Any, where: str = "fit") -> Table:
    """Return the rows with the weights of their classes.

    Args:
        network: The network that they are for.
        table: Its rows.
        class_weight: Weight by class number; None changes nothing.
        where: The method that was called, for messages.

    Raises:
        ArgumentError: There are several outputs, or steps, or a class has no weight.
    """
    if class_weight is None:
        return table
    place = f"{where}(class_weight=...)"
    outputs = list(table.y)
    if len(outputs) > 1:
        fix = "Give sample_weight={'output': weights} instead."
        given = "class weights for a model with several outputs"
        report([Problem(place, given, "one output", fix)])
    shape = network.shapes[network.outputs[0]]
    if len(shape) > 1:
        fix = "Give sample_weight of the labels' shape instead: np.vectorize(weights.get)(y)."
        given = f"class weights for outputs of shape {(None, *shape)}"
        report([Problem(place, given, "outputs with one class a row", fix)])
    chosen = class_weights(outputs[0], class_weight, place)
    weights = [chosen if own is None else own * chosen for own in table.weights]
    return replace(table, weights=tuple(weights))


def weight_by_output(sample_weight: Any, names: Sequence[str]) -> list[Any]:
    """Return the weights of each output, as they are given: for all outputs, or for each."""
    shared = not isinstance(sample_weight, (list, tuple, Mapping)) or len(names) == 1
    if shared and not isinstance(sample_weight, Mapping):
        return [sample_weight] * len(names)
    return by_name(sample_weight, names, "sample_weight")


def _read_weight(value: Any, axes: Shape, where: str) -> NumpyArray:
    if is_ragged(value):
        # Steps behind the end of a sequence weigh nothing.
        steps = to_arrays(value, where)
        value = lay_out(steps, padded_width(steps), 0, np.result_type(*steps))
    array = to_array(value, where)
    if array.dtype.kind in "US":
        report([Problem(where, "text", "one number a row")], DataError)
    rows = axes[:1]
    if array.shape in ((*rows, 1), (*axes, 1)):
        array = array[..., 0]
    if array.shape not in (rows, axes):
        given, expected = f"shape {array.shape}", f"{rows}, one number a row"
        if len(axes) > 1:
            expected += f", or {axes}, one for each {'step' if len(axes) == 2 else 'place'}"
        report([Problem(where, given, expected)], ShapeError)
    check_finite(array, where, fix=NO_WEIGHT)
    if array.size and array.min() < 0:
        # Keras takes them without a word, and some methods reward being wrong on purpose.
        given = f"weights down to {number_text(float(array.min()))}"
        fix = (
            "The loss of such a row is better the more it is wrong, and can fall without end. "
            f"{NO_WEIGHT}"
        )
        warnings.warn(str(Problem(where, given, "none below 0", fix)), PellucidWarning, 2)
    return to_dtype(array, np.float32, where)


def make_table(
    network: Network,
    inputs: Mapping[str, NumpyArray],
    labels: Mapping[str, NumpyArray],
    weights: Sequence[NumpyArray | None],
) -> Table:
    """Return feeds, labels and weights as rows, after comparing their lengths.

    Args:
        network: The network that takes them.
        inputs: The inputs' arrays, by how messages call them.
        labels: The outputs' labels, by how messages call them.
        weights: The outputs' weights.
    """
    check_lengths({**inputs, **labels})
    feeds = network.prepare(list(inputs.values()))
    lengths = lengths_of(network, list(inputs.values()))
    return Table(tuple(feeds), tuple(labels.values()), tuple(weights), lengths)


def lengths_of(network: Network, inputs: Sequence[NumpyArray]) -> NumpyArray | None:
    """Return the length of each row's longest sequence; None where no input has padding."""
    known = [
        spans(array, padding)
        for array, node in zip(inputs, network.inputs, strict=True)
        if (padding := network.padding_of(node)) is not None and array.ndim > 1
    ]
    return np.max(known, axis=0) if known else None
