"""What a model does with one example: maps of its layers, filters, and what it looks at."""

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

from pellucid import insight
from pellucid.data.sequences import is_ragged
from pellucid.errors import Problem, ShapeError, did_you_mean, report
from pellucid.insight import Subject, explain
from pellucid.layers.context import Context
from pellucid.models.feeding import read_inputs
from pellucid.models.preparing import ensure_built
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.types import Array, NumpyArray


def subject_of(model: Any, x: Any, where: str, target: int | None = None) -> Subject:
    """Return the model seen through one example.

    Args:
        model: The model.
        x: One example, with or without the batch axis; a list or dict for several inputs.
        where: The method that was called, for messages.
        target: Number of the output value that is to be explained.

    Raises:
        ShapeError: There are several examples, or they have another shape.
    """
    shapes = [model.network.shapes[node] for node in model.network.inputs] if model.built else []
    if lacks_batch(x, shapes):
        x = np.asarray(x)[None]
    ensure_built(model, x)
    inputs = read_inputs(model.network, model.input_names, x)
    if len(inputs[0]) != 1:
        given = f"{len(inputs[0])} examples"
        report([Problem(where, given, "one", "Write x[0] for the first.")], ShapeError)
    recipe = Recipe(model.network, Objective(()), None)
    feeds = model.network.prepare(inputs)
    return Subject(recipe, model.packed(recipe), feeds, target=target)


def lacks_batch(x: Any, shapes: Sequence[Any]) -> bool:
    """Say whether `x` is one example for a model whose input has `shapes`, without a batch axis."""
    if len(shapes) != 1 or hasattr(x, "columns") or isinstance(x, dict) or is_ragged(x):
        return False
    return np.ndim(x) == len(shapes[0])


def layer_results(model: Any, x: Any, where: str) -> dict[str, NumpyArray]:
    """Return what every layer gives for one example, by its path, without the batch axis."""
    subject = subject_of(model, x, where)
    paths = [node.path for node in model.network.nodes]

    def make(network: Any, values: Any, feeds: Any) -> dict[int, Array]:
        seen: dict[int, Array] = {}
        network.apply(
            values, feeds, Context(), observe=lambda number, _, found: seen.update({number: found})
        )
        return seen

    found = jax.device_get(subject.program("layer_results", make)(list(subject.feeds)))
    return {paths[number]: np.asarray(one)[0] for number, one in sorted(found.items())}


def feature_maps(model: Any, x: Any, layers: Any = None) -> dict[str, NumpyArray]:
    """Return the maps that layers make of one example; see `Model.feature_maps`."""
    results = layer_results(model, x, "feature_maps")
    maps = {path: found for path, found in results.items() if found.ndim > 1}
    if layers is None:
        if not maps:
            expected = "a model whose layers keep the axes of the example"
            report([Problem("feature_maps", "a model without maps", expected)])
        return maps
    names = [layers] if isinstance(layers, str) else list(layers)
    report(
        Problem(
            "feature_maps(layers=...)",
            repr(name),
            f"some of {', '.join(maps) or 'none'}",
            did_you_mean(str(name), list(maps)),
        )
        for name in names
        if name not in maps
    )
    return {name: maps[name] for name in names}


def attention_maps(model: Any, x: Any) -> dict[str, NumpyArray]:
    """Return what attention looked at in one example; see `Model.attention_maps`."""
    return insight.attention_maps(subject_of(model, x, "attention_maps"))


def filters(model: Any, layer: str | None = None) -> NumpyArray:
    """Return the kernel of a convolution; see `Model.filters`."""
    held = {
        weight.path: weight
        for weight in model.network.weights
        if weight.name == "kernel" and len(weight.spec.shape) > 2
    }
    names = {path.rpartition("/")[0]: path for path in held}
    if not names:
        report([Problem("filters", "a model without a convolution", "one that has filters")])
    if layer is None:
        layer = next(iter(names))
    if layer not in names:
        expected = f"one of {', '.join(names)}: layers with filters"
        fix = did_you_mean(str(layer), list(names))
        report([Problem("filters(layer=...)", repr(layer), expected, fix)])
    return np.array(model.variables_by_path[names[str(layer)]])


def saliency(
    model: Any, x: Any, target: int | None, method: str, options: dict[str, Any]
) -> NumpyArray:
    """Return what the model looks at in one example; see `Model.saliency`."""
    return explain(subject_of(model, x, "saliency", target), method, options)
