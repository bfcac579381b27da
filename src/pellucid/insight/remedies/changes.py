"""What the remedies share: set-ups with other arguments, layers or rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pellucid import losses, optimizers
from pellucid.data.arrays import to_array
from pellucid.graph import Graph
from pellucid.graph.editing import Change, makers_of
from pellucid.insight.remedies.setup import Rows, Setup
from pellucid.layers import ELU, Layer, LeakyReLU, PReLU, ReLU, Softmax
from pellucid.types import NumpyArray

ACTIVATION_LAYERS = {
    ReLU: "relu",
    LeakyReLU: "leaky_relu",
    PReLU: "prelu",
    ELU: "elu",
    Softmax: "softmax",
}
"""Layers that are an activation, by the name of its function."""

FALLBACK_BATCH = 32
"""Rows in a step where none are asked for, as in `fit`."""


def with_fit(setup: Setup, **changes: Any) -> Setup:
    """Return the set-up with other arguments of `fit`."""
    return replace(setup, fit={**setup.fit, **changes})


def with_compile(setup: Setup, **changes: Any) -> Setup:
    """Return the set-up with other arguments of `compile`."""
    return replace(setup, compile={**setup.compile, **changes})


def with_graph(setup: Setup, graph: Graph) -> Setup:
    """Return the set-up with another architecture; the same set-up for the same one."""
    return setup if graph is setup.graph else replace(setup, graph=graph)


def within(change: Change) -> Change:
    """Return a change that reaches the layer inside a wrapper, such as `Bidirectional`, too."""

    def changed(path: str, layer: Layer) -> Layer:
        held: Any = layer
        inner = getattr(held, "layer", None)
        if not isinstance(inner, Layer):
            return change(path, layer)
        new = changed(path, inner)
        return layer if new is inner else held.replace(layer=new)

    return changed


def optimizer_of(setup: Setup) -> Any:
    """Return the set-up's optimiser as an object; `fit`'s own default where none is named."""
    return optimizers.get(setup.compile.get("optimizer", "rmsprop"))


def loss_of(setup: Setup) -> Any:
    """Return the loss of a set-up with one output: an object, or a name that stands for several."""
    return losses.check(setup.compile["loss"])


def activation_name(layer: Any) -> str | None:
    """Return the name of the activation that ends a layer; None where there is none or no name."""
    if type(layer) in ACTIVATION_LAYERS:
        return ACTIVATION_LAYERS[type(layer)]
    if not layer.ends_in_activation:
        return None
    name = getattr(layer.activation, "registered_name", None)
    return None if name == "linear" else name


def output_names(graph: Graph) -> set[str]:
    """Return the names of the layers that make the outputs."""
    return {name for number in range(len(graph.outputs)) for name in makers_of(graph, number)}


def first_array(rows: Rows) -> NumpyArray:
    """Return the rows of the first input, or of the only one."""
    return to_array(_first(rows.x), "x", text=True)


def labels_array(rows: Rows) -> NumpyArray:
    """Return the labels of the first output, or of the only one."""
    return to_array(_first(rows.y), "y", text=True)


def _first(value: Any) -> Any:
    return next(iter(value.values())) if isinstance(value, Mapping) else value


def _with_first(value: Any, array: NumpyArray) -> Any:
    if not isinstance(value, Mapping):
        return array
    return {**value, next(iter(value)): array}


def with_first_array(rows: Rows, array: NumpyArray) -> Rows:
    """Return the rows with another array for the first input."""
    return replace(rows, x=_with_first(rows.x, array))


def with_labels(rows: Rows, array: NumpyArray) -> Rows:
    """Return the rows with other labels for the first output."""
    return replace(rows, y=_with_first(rows.y, array))


def in_both(setup: Setup, change: Callable[[Rows], Rows]) -> Setup:
    """Return the set-up with training and validation rows changed alike."""
    held = setup.validation
    return replace(
        setup, train=change(setup.train), validation=None if held is None else change(held)
    )


def count_rows(rows: Rows) -> int:
    """Return how many rows there are."""
    return len(_first(rows.x))


def take(rows: Rows, numbers: Sequence[int] | NumpyArray) -> Rows:
    """Return the rows of these numbers, in this order."""
    chosen = np.asarray(numbers, np.int64)
    weight = rows.sample_weight
    return Rows(
        _taken(rows.x, chosen),
        _taken(rows.y, chosen),
        None if weight is None else np.asarray(weight)[chosen],
    )


def _taken(value: Any, chosen: NumpyArray) -> Any:
    if isinstance(value, Mapping):
        return {name: _taken(one, chosen) for name, one in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], (list, np.ndarray)):
        return [value[number] for number in chosen]  # sequences of different lengths
    return to_array(value, "rows", text=True)[chosen]


def joined(rows: Rows, others: Rows) -> Rows:
    """Return the rows, and the others after them."""
    weights = [one.sample_weight for one in (rows, others)]
    held = [
        np.ones(count_rows(one), np.float32) if weight is None else np.asarray(weight)
        for one, weight in zip((rows, others), weights, strict=True)
    ]
    return Rows(
        _joined(rows.x, others.x),
        _joined(rows.y, others.y),
        None if weights == [None, None] else np.concatenate(held),
    )


def _joined(value: Any, other: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _joined(one, other[name]) for name, one in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], (list, np.ndarray)):
        return [*value, *other]  # sequences of different lengths
    return np.concatenate([to_array(one, "rows", text=True) for one in (value, other)])


def kept(rows: Rows, good: NumpyArray) -> Rows:
    """Return the rows for which `good` is True; the same rows if all are."""
    return rows if good.all() else take(rows, np.flatnonzero(good))


def batch_size_of(setup: Setup) -> int:
    """Return how many rows a step takes."""
    return int(setup.fit.get("batch_size") or FALLBACK_BATCH)


def epochs_of(setup: Setup) -> int:
    """Return for how many epochs the set-up trains."""
    return int(setup.fit.get("epochs", 1)) - int(setup.fit.get("initial_epoch", 0))
