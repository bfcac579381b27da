"""From the user's data to rows that fit a model, with everything checked."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.data.arrays import to_array
from pellucid.errors import ArgumentError, DataError, PellucidWarning, report
from pellucid.models.compiling import Compiled, objective_for
from pellucid.models.feeding import make_table, read_inputs, read_labels, read_weights
from pellucid.training.objective import Objective
from pellucid.training.pairing import check_pairing
from pellucid.training.trainer import Table
from pellucid.types import NumpyArray


def ensure_built(model: Any, x: Any) -> None:
    """Wire a model that has waited for the shape of its data."""
    if model.built:
        return
    if isinstance(x, (list, tuple)) and x and hasattr(x[0], "shape"):
        x = np.asarray(x)
    array = to_array(x, "x")
    if array.ndim == 1:
        array = array[:, None]
    model.build((None, *array.shape[1:]))
    _ = model.graph


def read_table(
    model: Any,
    x: Any,
    y: Any,
    sample_weight: Any = None,
    class_weight: Mapping[Any, float] | None = None,
    where: str = "fit",
) -> Table:
    """Return rows that fit the model.

    Raises:
        ArgumentError: No labels, or entries that do not fit the inputs and outputs.
        DataError: Values that cannot be trained on.
        ShapeError: Rows of another shape.
    """
    if y is None:
        raise ArgumentError(
            f"{where}(y=...): got no labels, expected one for each row. Write {where}(x, y)."
        )
    inputs = read_inputs(model.network, model.input_names, x)
    labels = read_labels(model.output_names, y)
    weights = read_weights(model.output_names, labels, sample_weight, class_weight)
    return make_table(model.network, inputs, labels, weights)


def make_objective(model: Any, compiled: Compiled, labels: Sequence[NumpyArray]) -> Objective:
    """Return the model's objective for labels of these shapes, kept for `metrics_names`."""
    objective = objective_for(compiled, model.network, model.output_names, labels)
    model.note_objective(objective)
    return objective


def check_labels(
    model: Any, compiled: Compiled, labels: Sequence[NumpyArray], complete: bool = True
) -> None:
    """Compare losses, last activations and labels before training starts.

    Args:
        model: The model.
        compiled: What `compile` was told.
        labels: Labels of each output.
        complete: False when they are a part of all, which may well hold one class only.

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
        doubts += warned
    report(problems, DataError)
    for doubt in doubts:
        warnings.warn(doubt, PellucidWarning, stacklevel=5)
