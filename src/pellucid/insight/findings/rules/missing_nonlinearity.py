"""Layers in a row with no bend between them."""

from collections.abc import Iterator

from pellucid import activations
from pellucid.graph import Network
from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.signal import NORMALISING, kernel_nodes
from pellucid.insight.remedies import InsertActivation
from pellucid.insight.straightness import is_straight
from pellucid.layers import (
    ELU,
    Activation,
    ActivityRegularization,
    AlphaDropout,
    AveragePooling1D,
    AveragePooling2D,
    Conv1D,
    Conv1DTranspose,
    Conv2D,
    Conv2DTranspose,
    Conv3D,
    Conv3DTranspose,
    Dense,
    Dropout,
    Flatten,
    GaussianDropout,
    GaussianNoise,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    Identity,
    Lambda,
    Layer,
    LeakyReLU,
    MaxPooling1D,
    MaxPooling2D,
    Permute,
    ReLU,
    Rescaling,
    Reshape,
    SeparableConv1D,
    SeparableConv2D,
    SimpleRNN,
    SpatialDropout1D,
    SpatialDropout2D,
    TimeDistributed,
    UpSampling1D,
    UpSampling2D,
    ZeroPadding1D,
    ZeroPadding2D,
)
from pellucid.types import Shape

LINEAR = (
    Dense,
    Conv1D,
    Conv2D,
    Conv3D,
    Conv1DTranspose,
    Conv2DTranspose,
    Conv3DTranspose,
    SeparableConv1D,
    SeparableConv2D,
    SimpleRNN,
)
POOLING = (GlobalMaxPooling1D, GlobalMaxPooling2D, MaxPooling1D, MaxPooling2D)
"""Layers that bend the signal a little, by what is largest."""

PASSING = (
    *NORMALISING,
    *POOLING,
    ActivityRegularization,
    AlphaDropout,
    AveragePooling1D,
    AveragePooling2D,
    Dropout,
    Flatten,
    GaussianDropout,
    GaussianNoise,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    Identity,
    Permute,
    Rescaling,
    Reshape,
    SpatialDropout1D,
    SpatialDropout2D,
    UpSampling1D,
    UpSampling2D,
    ZeroPadding1D,
    ZeroPadding2D,
)
"""Layers that are no activation: linear, noise while training, or of another purpose.

Normalisation by the row and the maxima of pooling do bend the signal, but are no substitute.
"""

BENDING = (Activation, ELU, Lambda, LeakyReLU, ReLU)
"""Layers that bend what they are given, unless they are set, or written, so that they do not."""


def missing_nonlinearity(case: Case) -> Iterator[Finding]:
    """Yield the finding of a linear layer whose result goes into another layer as it is.

    A linear layer narrower than what is before and behind it is a bottleneck, as in an
    autoencoder or a factorised layer, and worth a note only.
    """
    network = case.network
    straight = [node for node in kernel_nodes(network) if _is_linear(network, node)]
    pairs = [(node, _next(network, node)) for node in straight]
    found = [(node, after) for node, after in pairs if after is not None]
    for node, after in found:
        path, next_path = network.nodes[node].path, network.nodes[after].path
        yield Finding(
            "missing-nonlinearity",
            "note" if _narrows(network, node, after) else "warning",
            f"No activation bends the signal between layer '{path}' and layer '{next_path}'. Two "
            "linear layers in a row can do no more than one, so the first of them is wasted.",
            {"units": float(network.shapes[node][-1] or 0), "linear layers": float(len(found))},
            (InsertActivation(path),),
            layer=path,
        )


def _is_linear(network: Network, node: int) -> bool:
    layer = _layer(network, node)
    if not isinstance(layer, LINEAR):
        return False
    return is_straight(activations.get(layer.activation), network.shapes[node])


def _layer(network: Network, node: int) -> Layer:
    """Return the layer of a node, or the one that it applies to every step."""
    layer = network.layers[network.nodes[node].layer]
    while isinstance(layer, TimeDistributed):
        layer = layer.layer
    return layer


def _next(network: Network, node: int) -> int | None:
    """Return the linear layer that takes a node's result unbent, where nothing else does."""
    readers = [number for number, one in enumerate(network.nodes) if node in one.inputs]
    if len(readers) != 1 or node in network.outputs:
        return None
    layer = _layer(network, readers[0])
    if isinstance(layer, LINEAR):
        return readers[0]
    return _next(network, readers[0]) if _is_passing(layer, network.shapes[node]) else None


def _is_passing(layer: Layer, shape: Shape) -> bool:
    """Say whether a layer is no activation, or one that is a straight line as it is set."""
    return isinstance(layer, PASSING) or (isinstance(layer, BENDING) and is_straight(layer, shape))


def _narrows(network: Network, node: int, after: int) -> bool:
    width = network.shapes[node][-1] or 0
    before = network.shapes[network.nodes[node].inputs[0]][-1] or 0
    return width < min(before, network.shapes[after][-1] or 0)
