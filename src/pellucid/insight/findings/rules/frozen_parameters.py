"""Layers that are switched off although they have learned nothing."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.remedies import UnfreezeLayers
from pellucid.layers.variables import variables_of


def frozen_parameters(case: Case) -> Iterator[Finding]:
    """Yield the finding of layers that are not trained and hold the weights they began with.

    A frozen layer with weights from elsewhere is a trained part that is used again, and sound.
    """
    network = case.network
    fresh = [number for number in _frozen(case) if _is_fresh(case, number)]
    if not fresh:
        return
    paths = [next(node.path for node in network.nodes if node.layer == number) for number in fresh]
    frozen = sum(one.spec.size for one in network.weights if one.layer in fresh)
    trained = network.trained_size
    none = not trained
    yield Finding(
        "frozen-parameters",
        "fault" if none else "warning",
        f"{_listed(paths)} not trained (trainable=False), but the weights are the "
        f"random ones of the start. {_consequence(none)}",
        {"frozen values": float(frozen), "trained values": float(trained)},
        (UnfreezeLayers(tuple(paths)),),
        layer=paths[0],
    )


def _listed(paths: list[str]) -> str:
    if len(paths) == 1:
        return f"Layer '{paths[0]}' is"
    return f"Layers {', '.join(repr(path) for path in paths)} are"


def _consequence(none: bool) -> str:
    if none:
        return "Nothing in the model can learn."
    return "The other layers must make do with what these happen to give."


def _frozen(case: Case) -> list[int]:
    layers = case.network.layers
    held = {one.layer for one in case.network.weights if one.spec.trainable}
    return [number for number in sorted(held) if not layers[number].trainable]


def _is_fresh(case: Case, number: int) -> bool:
    """Say whether a layer's weights are those that it draws from the model's seed."""
    network = case.network
    layer = network.layers[number]
    held = variables_of(layer)
    node = next(node for node in network.nodes if node.layer == number)
    first = layer.init([case.seed, number], network.shape_into(node), network.batch_size)
    return held is not None and all(
        name in held and np.array_equal(held[name], drawn) for name, drawn in first.items()
    )
