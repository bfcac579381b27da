"""Changed copies of a graph: a layer replaced, inserted or dropped. Graphs themselves never change.

Layers that stay are the same objects in the copy, so that they keep their arrays.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace

from pellucid.errors import ArgumentError, did_you_mean
from pellucid.graph.graph import Graph, Member, Place, Step
from pellucid.layers import Add, Layer, Normalization
from pellucid.layers.base import automatic_name
from pellucid.layers.input import InputLayer
from pellucid.wording import free_name

Change = Callable[[str, Layer], Layer]
"""From a layer's path and the layer to the layer that stands there in the copy."""


def mapped(graph: Graph, change: Change) -> Graph:
    """Return the graph with each layer, inner graphs' among them, replaced by what `change` gives.

    A layer that is used several times is asked for once. Names stay as they are.

    Args:
        graph: The graph.
        change: Called with a layer's path, such as "inner/dense", and the layer.
    """
    return _mapped(graph, change, "", {})


def _mapped(graph: Graph, change: Change, prefix: str, known: dict[int, Member]) -> Graph:
    members: list[Member] = []
    for member in graph.members:
        if id(member) not in known:
            path = f"{prefix}{member.name}"
            known[id(member)] = (
                _mapped(member, change, f"{path}/", known)
                if isinstance(member, Graph)
                else _named(change(path, member), member.name)
            )
        members.append(known[id(member)])
    same = all(new is old for new, old in zip(members, graph.members, strict=True))
    return graph if same else replace(graph, members=tuple(members))


def copied(graph: Graph) -> Graph:
    """Return the graph with layers of its own, which have no arrays yet."""
    return mapped(graph, lambda path, layer: copy.copy(layer))


def layer_paths(graph: Graph, prefix: str = "") -> Iterator[tuple[str, Layer]]:
    """Yield each layer with its path, inner graphs' among them, inputs left out."""
    for member in graph.members:
        path = f"{prefix}{member.name}"
        if isinstance(member, Graph):
            yield from layer_paths(member, f"{path}/")
        elif not isinstance(member, InputLayer):
            yield path, member


def replaced(graph: Graph, path: str, layer: Layer) -> Graph:
    """Return the graph with `layer` in the place, and under the name, of the one at `path`.

    Raises:
        ArgumentError: There is no such layer; a near one is suggested.
    """
    _check_path(graph, path)
    return mapped(graph, lambda own, held: layer if own == path else held)


def inserted_after(graph: Graph, name: str, layer: Layer) -> Graph:
    """Return the graph with `layer` behind a member: all that took its result take the new one.

    Args:
        graph: The graph.
        name: Name of the member, which gives one array.
        layer: The new layer, named after its class where it has no name.

    Raises:
        ArgumentError: There is no such member, it lies in an inner model, or gives several arrays.
    """
    return _followed(graph, name, layer, beside=False)


def bridged(graph: Graph, name: str) -> Graph:
    """Return the graph with what a member is given added to its result, as residual networks do.

    Args:
        graph: The graph.
        name: Name of the member, which takes one array and gives one of the same shape.

    Raises:
        ArgumentError: There is no such member, it lies in an inner model, or gives several arrays.
    """
    return _followed(graph, name, Add(), beside=True)


def _followed(graph: Graph, name: str, layer: Layer, beside: bool) -> Graph:
    """Return the graph with `layer` behind a member, which takes its inputs too if `beside`."""
    number = _member(graph, name)
    member = graph.members[number]
    calls = [call for call, step in enumerate(graph.steps) if step.member == number]
    if any(graph.results_of(call) > 1 for call in calls):
        raise ArgumentError(
            f"insert after '{name}': got a layer that gives several arrays, expected one array."
        )
    named = _named(layer, _free_name(graph, layer))
    members = (*graph.members[: number + 1], named, *graph.members[number + 1 :])
    later = {old: old + (old > number) for old in range(len(graph.members))}
    steps: list[Step] = []
    raw: dict[Place, Place] = {}
    read: dict[Place, Place] = {}
    for call, step in enumerate(graph.steps):
        sources = tuple(read[place] for place in step.inputs)
        steps.append(Step(later[step.member], sources, step.settings))
        for index in range(graph.results_of(call)):
            raw[(call, index)] = read[(call, index)] = (len(steps) - 1, index)
        if step.member == number:
            given = (raw[(call, 0)], *(sources if beside else ()))
            steps.append(Step(number + 1, given))
            read[(call, 0)] = (len(steps) - 1, 0)
    inputs = raw if isinstance(member, InputLayer) else read
    return Graph(
        graph.name,
        members,
        tuple(steps),
        tuple(inputs[place] for place in graph.inputs),
        tuple(read[place] for place in graph.outputs),
        graph.sequential and not beside,
        graph.trainable,
    )


def inserted_first(graph: Graph, layer: Layer, number: int = 0) -> Graph:
    """Return the graph with `layer` between input `number` and all that take it."""
    call, _ = graph.inputs[number]
    return inserted_after(graph, str(graph.members[graph.steps[call].member].name), layer)


def appended(graph: Graph, layer: Layer, number: int = 0) -> Graph:
    """Return the graph with `layer` behind what makes output `number`."""
    call, _ = graph.outputs[number]
    return inserted_after(graph, str(graph.members[graph.steps[call].member].name), layer)


def dropped(graph: Graph, name: str) -> Graph:
    """Return the graph without a member: what took its result takes what it was given.

    Raises:
        ArgumentError: There is no such member, it lies in an inner model, or takes several arrays.
    """
    number = _member(graph, name)
    if any(len(step.inputs) != 1 for step in graph.steps if step.member == number):
        raise ArgumentError(
            f"drop '{name}': got a layer that takes no or several arrays, expected one array."
        )
    steps: list[Step] = []
    read: dict[Place, Place] = {}
    for call, step in enumerate(graph.steps):
        sources = tuple(read[place] for place in step.inputs)
        if step.member == number:
            read[(call, 0)] = sources[0]
            continue
        steps.append(Step(step.member - (step.member > number), sources, step.settings))
        for index in range(graph.results_of(call)):
            read[(call, index)] = (len(steps) - 1, index)
    return Graph(
        graph.name,
        tuple(one for place, one in enumerate(graph.members) if place != number),
        tuple(steps),
        tuple(read[place] for place in graph.inputs),
        tuple(read[place] for place in graph.outputs),
        graph.sequential,
        graph.trainable,
    )


def makers_of(graph: Graph, number: int = 0) -> list[str]:
    """Return the names of the layers that make output `number`, the last first.

    Those without weights to train, such as activations, are followed by what they are applied to.
    """
    names: list[str] = []
    call, _ = graph.outputs[number]
    while True:
        step = graph.steps[call]
        member = graph.members[step.member]
        names.append(str(member.name))
        untrained = isinstance(member, Normalization) or (
            isinstance(member, Layer) and member.weightless
        )
        if not untrained or len(step.inputs) != 1:
            return names
        call = step.inputs[0][0]


def _member(graph: Graph, name: str) -> int:
    names = [str(member.name) for member in graph.members]
    if name in names:
        return names.index(name)
    _check_path(graph, name)
    raise ArgumentError(
        f"change '{name}': got a layer of an inner model, expected one of the model itself. "
        "Take the inner model's layers into the model, or change the inner model on its own."
    )


def _check_path(graph: Graph, path: str) -> None:
    known = [own for own, _ in layer_paths(graph)]
    if path not in known:
        raise ArgumentError(
            f"change '{path}': got an unknown layer, expected one of the model's. "
            f"{did_you_mean(path, known)}"
        )


def _free_name(graph: Graph, layer: Layer) -> str:
    taken = [str(member.name) for member in graph.members]
    return free_name(layer.name or automatic_name(layer), taken)


def _named(layer: Layer, name: str | None) -> Layer:
    if layer.name == name:
        return layer
    named = copy.copy(layer)
    named.name = name
    return named
