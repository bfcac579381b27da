"""A layer too narrow for what must pass through it."""

from collections.abc import Iterator

from pellucid.graph import Network
from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.signal import kernel_nodes
from pellucid.insight.remedies import WidenLayer
from pellucid.wording import count_text

NARROW = 2
"""Units of a layer that is suspect between wider ones."""

WIDER = 4
"""Factor by which its neighbours are wider."""

AMPLE = 64
"""Units of a layer that no longer stands in the way."""


def narrow_layer(case: Case) -> Iterator[Finding]:
    """Yield the finding of a hidden layer of one or two units between much wider ones.

    What enters the network counts as a side, and so does an output of several classes, which one
    number cannot tell apart. Where the network gives back what it is given, such a layer is an
    autoencoder's code.
    """
    network = case.network
    nodes = kernel_nodes(network)
    ends = {network.shapes[node] for node in network.outputs}
    if ends & {network.shapes[node] for node in network.inputs}:
        return
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
