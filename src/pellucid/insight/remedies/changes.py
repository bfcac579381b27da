"""What the remedies share: set-ups with other arguments, layers or rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pellucid import losses, optimizers
from pellucid.data.arrays import to_array
from pellucid.data.sequences import is_ragged
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
    if _are_sequences(value):
        return [value[number] for number in chosen]
    return to_array(value, "rows", text=True)[chosen]


def joined(rows: Rows, others: Rows) -> Rows:
    """Return the rows, and the others after them."""
    both = rows, others
    weights = joined_weights([one.sample_weight for one in both], [count_rows(one) for one in both])
    return Rows(_joined(rows.x, others.x), _joined(rows.y, others.y), weights)


def joined_weights(pair: Sequence[Any], counts: Sequence[int]) -> Any:
    """Return the weights of rows and of others after them; None where neither have any.

    Args:
        pair: The weights of both; those without any, None, weigh 1 each.
        counts: How many rows there are of both.
    """
    given = [
        one if one is None else list(one) if is_ragged(one) else np.asarray(one) for one in pair
    ]
    known = next((one for one in given if one is not None), None)
    if known is None:
        return None
    shape = () if _are_sequences(known) else np.shape(known)[1:]
    filled = [
        np.ones((count, *shape), np.float32) if one is None else one
        for one, count in zip(given, counts, strict=True)
    ]
    return _joined(*filled)


def _joined(value: Any, other: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _joined(one, other[name]) for name, one in value.items()}
    if _are_sequences(value) or _are_sequences(other):
        return [*value, *other]
    first, second = (to_array(one, "rows", text=True) for one in (value, other))
    if first[:1].size == second[:1].size:
        # Labels may lie in a column here and flat there.
        second = second.reshape(len(second), *first.shape[1:])
    return np.concatenate([first, second])


def _are_sequences(value: Any) -> bool:
    """Say whether rows are a list of sequences, which may be of different lengths."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], (list, np.ndarray))


def kept(rows: Rows, good: NumpyArray) -> Rows:
    """Return the rows for which `good` is True; the same rows if all are."""
    return rows if good.all() else take(rows, np.flatnonzero(good))


def batch_size_of(setup: Setup) -> int:
    """Return how many rows a step takes."""
    return int(setup.fit.get("batch_size") or FALLBACK_BATCH)


def epochs_of(setup: Setup) -> int:
    """Return for how many epochs the set-up trains."""
    return int(setup.fit.get("epochs", 1)) - int(setup.fit.get("initial_epoch", 0))
