"""A network as textbooks number it: inputs x_1, x_2, ..., then units 1, 2, ... layer by layer."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pellucid.graph import Network
from pellucid.layers import (
    ELU,
    Activation,
    Dense,
    Dropout,
    Flatten,
    GaussianDropout,
    GaussianNoise,
    Identity,
    LeakyReLU,
    Normalization,
    ReLU,
    Rescaling,
    Reshape,
    Softmax,
)
from pellucid.layers.base import FLOAT_TYPES
from pellucid.layers.input import InputLayer

PASSING = (InputLayer, Flatten, Reshape, Identity)
"""Layers that hand values on as they are."""

UNIT_BY_UNIT = (
    Activation,
    ReLU,
    LeakyReLU,
    ELU,
    Softmax,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    Rescaling,
    Normalization,
)
"""Layers that give one value for each that they take."""


@dataclass(frozen=True)
class UnitLayer:
    """One layer of units.

    Args:
        node: Number of its node in the network.
        label: How the walk calls it.
        first: Number of its first unit.
        size: Number of its units.
        kernel: Number of its kernel in `Network.weights`; None for layers unit by unit.
        bias: Number of its bias, or None.
    """

    node: int
    label: str
    first: int
    size: int
    kernel: int | None = None
    bias: int | None = None


def obstacle(network: Network) -> str | None:
    """Return what keeps a network from being walked unit by unit; None if nothing does."""
    if len(network.inputs) != 1 or len(network.outputs) != 1:
        return "several inputs or outputs"
    chain = pairwise(network.nodes)
    straight = all(one.inputs == (place,) for place, (_, one) in enumerate(chain))
    used = [node.layer for node in network.nodes]
    if not straight or len({*used}) < len(used) or network.outputs[0] != len(network.nodes) - 1:
        return "layers that do not follow one another in a single line"
    if network.dtypes[network.inputs[0]] not in FLOAT_TYPES:
        return f"inputs of type {network.dtypes[network.inputs[0]]}"
    if any(size is None for shape in network.shapes for size in shape):
        return "sizes that are left open"
    return next(filter(None, (_obstacle(network, place) for place in range(len(used)))), None)


def _obstacle(network: Network, place: int) -> str | None:
    node = network.nodes[place]
    layer: Any = network.layers[node.layer]
    if type(layer) in PASSING:
        return None
    shape, before = network.shapes[place], network.shapes[place - 1]
    plain = type(layer) is Dense and len(before) == 1 and layer.activity_regularizer is None
    sizes = (layer.units,) if type(layer) is Dense else before
    if (plain or type(layer) in UNIT_BY_UNIT) and shape == sizes and not node.settings:
        return None
    return f"the layer {layer.label}"


def units_of(network: Network) -> list[UnitLayer]:
    """Return the layers of units of a network without obstacle."""
    found: list[UnitLayer] = []
    first = 1
    for place, node in enumerate(network.nodes):
        layer: Any = network.layers[node.layer]
        if type(layer) in PASSING:
            continue
        held = {
            weight.name: number
            for number, weight in enumerate(network.weights)
            if weight.layer == node.layer and type(layer) is Dense
        }
        size = _count(network.shapes[place])
        label = f"{node.path} ({_kind(layer)}), {_numbered(first, size)}"
        found.append(UnitLayer(place, label, first, size, held.get("kernel"), held.get("bias")))
        first += size
    return found


def _count(shape: Sequence[int | None]) -> int:
    count = 1
    for size in shape:
        count *= size or 1
    return count


def _numbered(first: int, size: int) -> str:
    return f"unit {first}" if size == 1 else f"units {first} to {first + size - 1}"


def _kind(layer: Any) -> str:
    function = getattr(layer, "activation", None)
    name = getattr(function, "registered_name", None) or getattr(function, "__name__", None)
    return type(layer).__name__ if name is None else f"{type(layer).__name__}, {name}"
