"""A layer too narrow for what must pass through it."""

from collections.abc import Iterator

import numpy as np

from pellucid.graph import Network
from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.verdict import above_chance, did_well
from pellucid.insight.findings.signal import kernel_nodes
from pellucid.insight.remedies import WidenLayer
from pellucid.layers import Embedding
from pellucid.wording import count_text

NARROW = 2
"""Units of a layer that is suspect between wider ones."""

WIDER = 4
"""Factor by which its neighbours are wider."""

KINDS, VECTOR = 20, 8
"""Kinds from which one number for each is too few, and numbers for each that are enough."""

HALF = 0.5
"""Share of what is to be copied below which a code of one number is too narrow."""

AMPLE = 64
"""Units of a layer that no longer stands in the way."""


def narrow_layer(case: Case) -> Iterator[Finding]:
    """Yield the finding of a hidden layer of one or two units between much wider ones.

    What enters the network counts as a side, and so does an output of several classes, which one
    number cannot tell apart. Where the network gives back what it is given, such a layer is an
    autoencoder's code. Vectors of one number for many kinds are narrow as well.
    """
    yield from _thin_vectors(case.network)
    if not _gives_back(case.network):
        yield from _narrow(case.network)


def narrow_code(case: Case) -> Iterator[Finding]:
    """Yield the finding of an autoencoder's code that is too narrow for what was asked.

    Few numbers are what is wanted of a code, so that only a run tells: one that stays behind
    simple models, or has learned less than half of what it should copy from a single number.
    """
    judged = case.judged
    if judged is None or case.failure is not None or not _gives_back(case.network):
        return
    (x, *_), (y, *_) = case.train.inputs, case.train.labels
    copies = x.shape == y.shape and bool(np.array_equal(x, y))
    if above_chance(judged) >= HALF if copies else did_well(case):
        return
    for found in _narrow(case.network):
        if found.evidence["units"] == 1 or not copies:
            yield found


def _gives_back(network: Network) -> bool:
    """Say whether what a network gives has the shape of what it is given."""
    ends = {network.shapes[node] for node in network.outputs}
    return bool(ends & {network.shapes[node] for node in network.inputs})


def _narrow(network: Network) -> Iterator[Finding]:
    nodes = kernel_nodes(network)
    sources = {node: _sources(network, {*nodes, *network.inputs}, node) for node in nodes}
    for node in nodes:
        after = [one for one in nodes if node in sources[one]]
        if not after or any(sources[one] != {node} for one in after):
            continue  # other ways lead around it, as around the weights of an attention
        width = _width(network, node)
        before = min((_width(network, one) for one in sources[node]), default=0)
        behind = min(_width(network, one) for one in after)
        squeezed = width <= NARROW and min(before, behind) >= WIDER * width
        if squeezed or (width == 1 < WIDER <= before and behind > NARROW):
            sides = min(before, behind)
            path = network.nodes[node].path
            yield Finding(
                "narrow-layer",
                "warning",
                f"Layer '{path}' has {count_text(width, 'unit')} between layers of at least "
                f"{sides}. All that the network knows of a row must pass through so few numbers, "
                "and what does not fit is lost.",
                {"units": float(width), "units beside it": float(sides)},
                (WidenLayer(path, max(sides, min(before, AMPLE))),),
                layer=path,
            )


def _thin_vectors(network: Network) -> Iterator[Finding]:
    """Yield embeddings of one number for many kinds that wide layers read, and nothing else."""
    kernels = kernel_nodes(network)
    layers = {number: network.layers[node.layer] for number, node in enumerate(network.nodes)}
    thin = {
        number: layer
        for number, layer in layers.items()
        if isinstance(layer, Embedding) and layer.output_dim == 1 and layer.input_dim >= KINDS
    }
    sources = {
        node: _sources(network, {*kernels, *network.inputs, *thin}, node) for node in kernels
    }
    for number, layer in thin.items():
        after = [node for node in kernels if number in sources[node]]
        if not after or not all(sources[node] <= thin.keys() for node in after):
            continue
        behind, path = min(_width(network, node) for node in after), network.nodes[number].path
        if behind >= WIDER:
            yield Finding(
                "narrow-layer",
                "warning",
                f"'{path}' has one number for each of {layer.input_dim:,} kinds. On one line "
                "they can only be more or less of the same: in what else they differ is lost.",
                {"units": 1.0, "kinds": float(layer.input_dim), "units beside it": float(behind)},
                (WidenLayer(path, VECTOR),),
                layer=path,
            )


def _width(network: Network, node: int) -> int:
    return network.shapes[node][-1] or 0 if network.shapes[node] else 0


def room_for_narrow(network: Network) -> tuple[WidenLayer, ...]:
    """Return the remedies that widen hidden layers of one or two units, whatever lies beside."""
    nodes = kernel_nodes(network)
    sources = {node: _sources(network, {*nodes}, node) for node in nodes}
    hidden = set[int]().union(*sources.values())
    return tuple(
        WidenLayer(network.nodes[node].path, AMPLE)
        for node in nodes
        if node in hidden and (network.shapes[node][-1] or 0) <= NARROW
    )


def _sources(network: Network, among: set[int], node: int) -> set[int]:
    """Return the nearest of some nodes on each way back from a node."""
    found, ahead = set[int](), [*network.nodes[node].inputs]
    while ahead:
        one = ahead.pop()
        if one in among:
            found.add(one)
        else:
            ahead += network.nodes[one].inputs
    return found
