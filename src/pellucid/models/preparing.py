"""From the user's data to rows that fit a model, with everything checked."""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from pellucid.data.arrays import by_name, to_array
from pellucid.data.sequences import is_ragged, to_arrays
from pellucid.errors import DataError, PellucidWarning, Problem, ShapeError, Together, report
from pellucid.graph import Network
from pellucid.layers import Layer
from pellucid.models.compiling import Compiled, objective_for
from pellucid.models.feeding import make_table, places, read_inputs, read_labels, read_weights
from pellucid.training.objective import Objective
from pellucid.training.pairing import check_pairing
from pellucid.training.trainer import Table
from pellucid.types import NumpyArray
from pellucid.wording import count_text


def ensure_built(model: Any, x: Any) -> None:
    """Wire a model that has waited for the shape of its data."""
    if model.built:
        return
    given = by_name(x, ["x"], "x")[0]
    if is_ragged(given):
        model.build((None, None, *to_arrays(given, "x")[0].shape[1:]))
        return
    array = to_array(given, "x")
    report([] if array.ndim else [Problem("x", f"{array.item()!r}", "rows of data")], ShapeError)
    model.build((None, *(array.shape[1:] or (1,))))
    _ = model.graph


def read_table(
    model: Any,
    x: Any,
    y: Any,
    sample_weight: Any = None,
    where: str = "fit",
) -> Table:
    """Return rows that fit the model.

    Raises:
        ArgumentError: No labels, or entries that do not fit the inputs and outputs.
        DataError: Values that cannot be trained on.
        ShapeError: Rows of another shape.
    """
    together = Together()
    names = places("x", model.input_names), places("y", model.output_names)
    inputs = together.attempt(lambda: read_inputs(model.network, model.input_names, x))
    labels = together.attempt(lambda: _labels(model, y, where))
    together.tell()
    assert inputs is not None
    assert labels is not None
    if len(labels) == 1 and _is_list_of_arrays(y) and len(labels[0]) != len(inputs[0]):
        given, fix = f"a list of {count_text(len(y), 'array')}", "The model has one output."
        report([Problem("y", given, f"one array of {count_text(len(inputs[0]), 'label')}", fix)])
    _check_steps(x, y)
    weights = read_weights(model.network, model.output_names, labels, sample_weight)
    return make_table(
        model.network,
        dict(zip(names[0], inputs, strict=True)),
        dict(zip(names[1], labels, strict=True)),
        weights,
    )


def _check_steps(x: Any, y: Any) -> None:
    """Compare the lengths of sequences with those of their labels, where both are lists."""
    if not (is_ragged(x) and is_ragged(y)):
        return
    pairs = enumerate(zip(map(len, x), map(len, y), strict=False))
    row, (steps, labels) = next(((r, p) for r, p in pairs if p[0] != p[1]), (0, (0, 0)))
    if steps != labels:
        expected = f"{count_text(steps, 'label')}, one for each step"
        report([Problem(f"y, row {row}", count_text(labels, "label"), expected)], ShapeError)


def _labels(model: Any, y: Any, where: str) -> list[NumpyArray]:
    if y is None:
        fix = f"Write {where}(x, y)."
        report([Problem(f"{where}(y=...)", "no labels", "one for each row", fix)])
    return read_labels(model.output_names, y)


def _is_list_of_arrays(y: Any) -> bool:
    return isinstance(y, (list, tuple)) and all(getattr(one, "ndim", 0) for one in y)


def make_objective(model: Any, compiled: Compiled, labels: Sequence[NumpyArray]) -> Objective:
    """Return the model's objective for labels of these shapes, kept for `metrics_names`."""
    objective = objective_for(compiled, model.network, model.output_names, labels)
    model.note_objective(objective)
    return objective


def check_labels(
    model: Any,
    compiled: Compiled,
    labels: Sequence[NumpyArray],
    complete: bool = True,
    doubtful: bool = True,
) -> None:
    """Compare losses, last activations and labels before training starts.

    Args:
        model: The model.
        compiled: What `compile` was told.
        labels: Labels of each output.
        complete: False when they are a part of all, which may well hold one class only.
        doubtful: Whether to warn of what is doubtful; it is told once a fit.

    Raises:
        DataError: They do not fit together; every problem is told.

    Warns:
        PellucidWarning: They are legal together, but probably not meant.
    """
    network = model.network
    problems, doubts = [], []
    for index, name in enumerate(model.output_names):
        loss = compiled.losses[index]
        if loss is None:
            continue
        shape = network.shapes[network.outputs[index]]
        errors, warned = check_pairing(
            name, network.output_activation(index), (None, *shape), loss, labels[index], complete
        )
        problems += errors
        doubts += warned if doubtful else []
    report(problems, DataError)
    for doubt in doubts:
        warnings.warn(doubt, PellucidWarning, stacklevel=5)


def check_layout(network: Network) -> None:
    """Look at the shapes of the inputs before training starts.

    Warns:
        PellucidWarning: A shape is legal, but probably not meant; told once for each input.
    """
    for node in network.inputs:
        shape = network.shapes[node]
        doubts = (doubt for layer in _first_layers(network, node) for doubt in layer.doubts(shape))
        doubt = next(doubts, None)
        if doubt is not None:
            warnings.warn(str(doubt), PellucidWarning, stacklevel=6)


def _first_layers(network: Network, node: int) -> Iterator[Layer]:
    """Yield the layers that take an input as it is, or behind others that keep its shape."""
    alike = {node}
    for number, call in enumerate(network.nodes):
        if alike.intersection(call.inputs):
            yield network.layers[call.layer]
            if network.shapes[number] == network.shapes[node]:
                alike.add(number)
