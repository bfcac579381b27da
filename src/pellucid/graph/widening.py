"""Networks within networks of wider layers, in which what is added holds zeros.

A unit whose weights are all 0, those to it and those from it, gives 0 where its activation gives 0
for 0. So it changes no output, no gradient reaches its weights, and they stay 0: the wider network
computes and learns what the narrow one does, for a little more work but in a program that networks
of several widths share.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from pellucid import layers
from pellucid.activations import ACROSS, ZERO_AT_ZERO
from pellucid.constraints import FunctionConstraint
from pellucid.description import altered, structure
from pellucid.graph.network import Network, NetworkWeight
from pellucid.layers import Layer
from pellucid.regularizers import L2
from pellucid.types import NumpyArray

INPUTS, OUTPUTS = "inputs", "outputs"
"""What an axis of a weight may be as long as: the features of a layer's inputs or outputs."""

Axes = Mapping[str, tuple[str, ...]]
"""By the names of weights what their last axes are as long as."""

_PRODUCT: Axes = {"kernel": (INPUTS, OUTPUTS), "bias": (OUTPUTS,)}
_RECURRENT: Axes = {**_PRODUCT, "recurrent_kernel": (OUTPUTS, OUTPUTS)}
_STATISTICS: Axes = {
    name: (OUTPUTS,) for name in ("gamma", "beta", "moving_mean", "moving_variance")
}

WEIGHTED: Mapping[type[Layer], Axes] = {
    layers.Dense: _PRODUCT,
    layers.Conv1D: _PRODUCT,
    layers.Conv2D: _PRODUCT,
    layers.Conv3D: _PRODUCT,
    layers.SimpleRNN: _RECURRENT,
    layers.LSTM: _RECURRENT,
    layers.GRU: _RECURRENT,
    layers.BatchNormalization: _STATISTICS,
    layers.Embedding: {"embeddings": (OUTPUTS,)},
}

DRAWING = (layers.Dropout, layers.GaussianDropout)
"""Layers whose draws depend on the place of a feature."""

WEIGHTLESS = (
    *(layers.Activation, layers.ELU, layers.LeakyReLU, layers.ReLU, layers.Flatten, *DRAWING),
    *(layers.MaxPooling1D, layers.MaxPooling2D, layers.MaxPooling3D),
    *(layers.AveragePooling1D, layers.AveragePooling2D, layers.AveragePooling3D),
    *(layers.GlobalMaxPooling1D, layers.GlobalMaxPooling2D, layers.GlobalMaxPooling3D),
    *(layers.GlobalAveragePooling1D, layers.GlobalAveragePooling2D),
    layers.GlobalAveragePooling3D,
)

CARRYING: Mapping[type[Layer], Axes] = {**WEIGHTED, **{kind: {} for kind in WEIGHTLESS}}
"""The layers that take features of zeros behind the others, and give them. Layers of other classes
have the same widths in both networks, and so have subclasses, which may compute anything."""

SIZES = ("units", "filters", "output_dim")
"""Fields in which layers of the two networks may differ."""

PENALTIES = (type(None), L2)
"""Penalties that zeros do not have, and that do not move them."""


def places_within(own: Network, wider: Network) -> list[NumpyArray] | None:
    """Return where the numbers of each weight lie in that of a network with wider layers.

    Args:
        own: A network.
        wider: One that may differ from it in the widths of inner layers.

    Returns:
        For each weight, in the order of `Network.weights`, its places in the wider one, flat. None
        where the wider network, with zeros elsewhere, would not learn what the own one does.
    """
    if not _alike(own, wider):
        return None
    pair = _Pair(own, wider)
    if not all(map(pair.carries_zeros, range(len(own.nodes)))):
        return None
    if any(pair.wider_at(output) for output in own.outputs):
        return None
    found = [pair.places(number) for number in range(len(own.weights))]
    return None if any(one is None for one in found) else [one for one in found if one is not None]


def _alike(own: Network, wider: Network) -> bool:
    """Say whether two networks differ in sizes of layers at most."""
    facts = [
        (one.nodes, one.inputs, one.outputs, one.dtypes, one.batch_size, one.trained)
        for one in (own, wider)
    ]
    if facts[0] != facts[1] or len(own.layers) != len(wider.layers):
        return False
    pairs = zip(own.layers, wider.layers, strict=True)
    return all(_differ_in_size(small, large) for small, large in pairs)


def _differ_in_size(small: Layer, large: Layer) -> bool:
    sizes = {name: getattr(large, name) for name in SIZES if hasattr(large, name)}
    if type(small) is not type(large):
        return False
    return structure(altered(small, **sizes)) == structure(large)


class _Pair:
    """Two networks of the same layers, but for their widths."""

    def __init__(self, own: Network, wider: Network) -> None:
        self.own, self.wider = own, wider

    def wider_at(self, number: int) -> bool:
        """Say whether the results of a node are wider in the one network than in the other."""
        return self.own.shapes[number] != self.wider.shapes[number]

    def carries_zeros(self, number: int) -> bool:
        """Say whether a node makes nothing of zeros that enter it, and gives zeros behind its
        own results where it is wider.
        """
        node = self.own.nodes[number]
        entering, wider = [one for one in node.inputs if self.wider_at(one)], self.wider_at(number)
        if not entering and not wider:
            return True
        layer = self.own.layers[node.layer]
        if type(layer) not in CARRYING or len(node.inputs) > 1 or not _by_feature(layer):
            return False
        if sum(one.layer == node.layer and one.part == 0 for one in self.own.nodes) > 1:
            # The features of one of its inputs may lie in other parts than those of another.
            return False
        if isinstance(layer, DRAWING) and self.parts(number) > 1:
            return False
        *sizes, features = self.own.shapes[number]
        same = (*sizes,) == self.wider.shapes[number][:-1] and features is not None
        return same and (not wider or _gives_zeros(layer))

    def parts(self, number: int) -> int:
        """Return in how many parts the features of a node lie, each with zeros of its own."""
        node = self.own.nodes[number]
        layer = self.own.layers[node.layer]
        if len(node.inputs) != 1 or hasattr(layer, "units") or hasattr(layer, "filters"):
            return 1
        source = node.inputs[0]
        flat = self.own.shapes[source][:-1] if isinstance(layer, layers.Flatten) else ()
        return self.parts(source) * math.prod(size or 1 for size in flat)

    def places(self, number: int) -> NumpyArray | None:
        """Return where the numbers of a weight lie in the wider one; None where nobody knows."""
        weight, wider = self.own.weights[number], self.wider.weights[number]
        small, large = weight.spec.shape, wider.spec.shape
        places = np.arange(math.prod(large)).reshape(large)
        if small == large:
            return places.ravel()
        if not _zeros_stay(weight):
            return None
        node = next(place for place, one in enumerate(self.own.nodes) if one.layer == weight.layer)
        axes = CARRYING.get(type(self.own.layers[weight.layer]), {}).get(weight.name, ())
        for axis, kind in enumerate(axes, len(small) - len(axes)):
            source = node if kind == OUTPUTS else self.own.nodes[node].inputs[0]
            kept = self._kept(source, small[axis], large[axis])
            if kept is None:
                return None
            places = places.take(kept, axis)
        return places.ravel() if places.shape == small else None

    def _kept(self, source: int, small: int, large: int) -> NumpyArray | None:
        """Return which places of an axis the own network has: the first ones of each part."""
        own, wider = self._width(self.own, source), self._width(self.wider, source)
        parts = small // own
        if parts * own != small or parts * wider != large:
            return None
        return np.arange(large).reshape(parts, wider)[:, :own].ravel()

    def _width(self, network: Network, source: int) -> int:
        """Return how many features of a node belong together."""
        features = network.shapes[source][-1]
        assert features is not None
        return features // self.parts(source)


def _by_feature(layer: Layer) -> bool:
    """Say whether a layer's settings treat each feature by itself, in the last axis."""
    return (
        getattr(layer, "data_format", None) in (None, "channels_last")
        and getattr(layer, "groups", 1) == 1
        and getattr(layer, "axis", -1) == -1
        and getattr(layer, "noise_shape", None) is None
    )


def _gives_zeros(layer: Layer) -> bool:
    """Say whether a feature of zeros, with weights of 0, comes out as zeros, for no penalty."""
    gates = getattr(getattr(layer, "recurrent_activation", None), "registered_name", "linear")
    return (
        _zero_at_zero(getattr(layer, "activation", None))
        and gates is not None
        and gates not in ACROSS
        and getattr(layer, "threshold", 0) == 0
        and type(getattr(layer, "activity_regularizer", None)) in PENALTIES
    )


def _zero_at_zero(activation: Any) -> bool:
    if isinstance(activation, Layer):
        return type(activation) in CARRYING and _gives_zeros(activation)
    return activation is None or getattr(activation, "registered_name", None) in ZERO_AT_ZERO


def _zeros_stay(weight: NetworkWeight) -> bool:
    """Say whether penalty and bound of a weight leave zeros as they are."""
    return type(weight.spec.regularizer) in PENALTIES and not isinstance(
        weight.spec.constraint, FunctionConstraint
    )
