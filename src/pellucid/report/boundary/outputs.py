"""From what a model gives to probabilities of classes, or to values."""

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

import numpy as np

from pellucid.errors import Problem, report
from pellucid.report.boundary.looked_at import Model
from pellucid.types import NumpyArray
from pellucid.wording import count_text

Outputs: TypeAlias = Literal["auto", "probabilities", "logits", "values"]
"""What a model's output is; "auto" reads it from its last activation and its loss."""

KINDS = ("auto", "probabilities", "logits", "values")


def check_model(where: str, model: Any) -> None:
    """Refuse a model that does not take rows of numbers, or gives no row of numbers.

    Raises:
        ArgumentError: Says what the model takes or gives.
    """
    place = f"{where}(model=...)"
    if not isinstance(model, Model):
        report([Problem(place, type(model).__name__, "a Pellucid model")])
    report(_shape_problems(place, model))


def _shape_problems(place: str, model: Model) -> Iterator[Problem]:
    network = model.network
    for nodes, thing in ((network.inputs, "input"), (network.outputs, "output")):
        expected = f"one {thing}, a row of numbers for each example"
        if len(nodes) != 1:
            yield Problem(place, f"a model with {count_text(len(nodes), thing)}", expected)
        elif len(shape := network.shapes[nodes[0]]) != 1:
            yield Problem(place, f"a model whose {thing} has shape {(None, *shape)}", expected)


def kind_of(where: str, model: Model, outputs: Outputs) -> str:
    """Return "probabilities", "logits" or "values".

    Raises:
        ArgumentError: `outputs` is none of the known ones, or the model gives other numbers.
    """
    place = f"{where}(outputs=...)"
    if outputs not in KINDS:
        report([Problem(place, repr(outputs), f"one of {', '.join(map(repr, KINDS))}")])
    kind = _read_kind(model) if outputs == "auto" else outputs
    width = model.network.shapes[model.network.outputs[0]][0]
    several = f"a model with {count_text(int(width or 0), 'output unit')}"
    if kind == "values" and width != 1:
        fix = "Write outputs='probabilities' or 'logits' if they are classes."
        report([Problem(place, f"{several} of values", "one unit", fix)])
    if kind == "probabilities" and width != 1 and _activation(model) == "sigmoid":
        fix = "End the model with softmax if an example has one class."
        report([Problem(place, f"{several} of sigmoid", "softmax, or one unit of sigmoid", fix)])
    return kind


def _activation(model: Model) -> str | None:
    return model.network.output_activation(0)


def _read_kind(model: Model) -> str:
    if _activation(model) in ("sigmoid", "softmax"):
        return "probabilities"
    losses = model.compiled.losses if model.compiled else ()
    return "logits" if any(getattr(one, "from_logits", False) for one in losses) else "values"


def outputs_of(model: Model, kind: str, rows: NumpyArray) -> NumpyArray:
    """Return probabilities, shape (rows, classes), or values, shape (rows,).

    Args:
        model: The model.
        kind: What `kind_of` said.
        rows: Shape (rows, features).
    """
    found = np.asarray(model.predict(rows, verbose=0), np.float64)
    if kind == "values":
        return found[:, 0]
    single = found.shape[1] == 1
    if kind == "logits":
        # Two classes and one unit: the logit of the other class is 0.
        logits = np.concatenate([np.zeros_like(found), found], axis=1) if single else found
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)
    return np.concatenate([1 - found, found], axis=1) if single else found
