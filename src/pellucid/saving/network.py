"""The network in a file: checked as data, then built, before any array exists."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.errors import NotSaveableError
from pellucid.graph import Graph, Network
from pellucid.graph.graph import Member, Place, Step
from pellucid.initializers import Initializer
from pellucid.layers import InputLayer, Lambda, Layer
from pellucid.layers.context import INFERENCE, TRAINING
from pellucid.saving.descriptions import CustomObjects, reading, revive
from pellucid.saving.limits import LIMITS, Limits, refuse, shown

GRAPH, SHARED = "graph.Graph", "graph.Shared"
KEYS = {"name", "sequential", "members", "steps", "inputs", "outputs"}
LONGEST_NAME = 100


def describe_network(graph: Graph, where: str) -> dict[str, Any]:
    """Return the document that `build_network` reads.

    Raises:
        NotSaveableError: A layer holds a Python function, or its name is not printable.
    """
    for layer in graph.layers():
        if not _is_name(layer.name):
            raise NotSaveableError(
                f"{where}: got a layer called {shown(layer.name)}, expected a printable name of "
                f"at most {LONGEST_NAME} characters without '/'. Rename it: layer.name = '...'."
            )
        if isinstance(layer, Lambda):
            raise NotSaveableError(
                f"{where}, layer '{layer.name}': got a Lambda, which holds a Python function, "
                "expected layers without one: a model file holds no code. Write a small Layer "
                "class instead, and pass it to load_model(path, custom_objects={...})."
            )
    return graph.get_config()


def build_network(
    document: Any,
    where: str,
    custom_objects: CustomObjects | None = None,
    limits: Limits = LIMITS,
) -> tuple[Graph, Network]:
    """Return the graph and network that `document` describes, with no arrays made.

    Args:
        document: JSON value from a file.
        where: How messages call it.
        custom_objects: The caller's own classes, by name.
        limits: How large the network may be.

    Raises:
        FileError: The document is malformed or too large, or layers do not fit together.
    """
    size = _count(document, where, limits, nesting=0, described=[])
    if size.layers > limits.layers:
        refuse(where, f"{size.layers:,} layers", f"at most {limits.layers:,}")
    if size.calls > limits.calls:
        refuse(where, f"{size.calls:,} computations", f"at most {limits.calls:,}")
    graph = _build(document, where, custom_objects or {}, [])
    _check_wiring(graph, where, set())
    with reading(where):
        network = Network.from_graph(graph)
        _check_sizes(network, where, limits)
        return graph, network


@dataclass(frozen=True)
class _Size:
    """How large a member is once all networks within it are written out."""

    layers: int = 1
    calls: int = 1
    depth: int = 0


def _count(config: Any, where: str, limits: Limits, nesting: int, described: list[_Size]) -> _Size:
    """Check the form of a graph's document and return its size.

    Args:
        config: The graph's document.
        where: How messages call it.
        limits: What is allowed.
        nesting: How many graphs it stands in.
        described: The members whose descriptions ended before; those in it are added.
    """
    if nesting > limits.nesting:
        refuse(where, f"networks nested over {limits.nesting} deep", "fewer")
    fields = _fields(config, where)
    sizes = []
    for member in fields["members"]:
        kind = _class_of(member, where)
        _check_name(member, where)
        if kind == SHARED:
            sizes.append(described[_number_of(member, len(described), where)])
            continue
        size = _Size()
        if kind == GRAPH:
            inner = f"{where}, in '{member['config']['name']}'"
            size = _count(member, inner, limits, nesting + 1, described)
        sizes.append(size)
        described.append(size)
    _check_names(fields["members"], where)
    for number, step in enumerate(fields["steps"]):
        _check_step(step, number, len(sizes), where)
    depth = 1 + max((size.depth for size in sizes), default=0)
    if depth > limits.nesting + 1:
        refuse(where, f"networks nested over {limits.nesting} deep", "fewer")
    layers = sum(size.layers for size in sizes)
    return _Size(layers, sum(sizes[step["member"]].calls for step in fields["steps"]), depth)


def _number_of(member: Mapping[str, Any], described: int, where: str) -> int:
    """Return which member a reference means; it must have been described before."""
    number = member["config"].get("number")
    if set(member["config"]) != {"name", "number"} or not _is_index(number, described):
        refuse(where, f"a reference to {shown(number)}", f"a number below {described}")
    return number


def _check_names(members: list[Mapping[str, Any]], where: str) -> None:
    names = [member["config"]["name"] for member in members]
    if len(set(names)) < len(names):
        seen: set[str] = set()
        twice = next(name for name in names if name in seen or seen.add(name))
        refuse(where, f"two layers called {shown(twice)}", "each name once")


def _fields(config: Any, where: str) -> dict[str, Any]:
    if _class_of(config, where) != GRAPH:
        refuse(where, f"the class {shown(config['class'])}", f"'{GRAPH}'")
    fields = config["config"]
    _check_name(config, where)
    if set(fields) != KEYS:
        refuse(where, f"the keys {shown(', '.join(fields))}", ", ".join(sorted(KEYS)))
    kinds = {"name": str, "sequential": bool}
    for key in KEYS:
        if not isinstance(fields[key], kinds.get(key, list)):
            expected = kinds.get(key, list).__name__
            refuse(where, f"{shown(fields[key])} for {key}", f"a {expected}")
    for key in ("inputs", "outputs"):
        if not fields[key] or not all(_is_place(one, len(fields["steps"])) for one in fields[key]):
            refuse(where, f"{key} that are not there", "places [step, output]")
    return fields


def _class_of(config: Any, where: str) -> str:
    whole = isinstance(config, dict) and set(config) == {"class", "config"}
    if not whole or not isinstance(config["class"], str) or not isinstance(config["config"], dict):
        refuse(where, shown(config), 'an object {"class": "kind.Name", "config": {...}}')
    return config["class"]


def _check_name(config: Mapping[str, Any], where: str) -> None:
    name = config["config"].get("name")
    if not _is_name(name):
        given = f"a {shown(config['class'])} called {shown(name)}"
        refuse(where, given, f"a printable name of at most {LONGEST_NAME} characters without '/'")


def _check_step(step: Any, number: int, members: int, where: str) -> None:
    whole = isinstance(step, dict) and set(step) - {"settings"} == {"member", "inputs"}
    if not whole or not _is_index(step["member"], members) or not isinstance(step["inputs"], list):
        refuse(where, f"a malformed step {number}", '{"member": number, "inputs": [...]}')
    if not all(_is_place(one, number) for one in step["inputs"]):
        given = f"inputs of step {number} that are not there"
        refuse(where, given, "places [step, output] of earlier steps")
    settings = step.get("settings", [])
    if not isinstance(settings, list) or not all(isinstance(one, str) for one in settings):
        refuse(where, f"the settings {shown(settings)} of step {number}", "a list of names")


def _is_index(value: Any, below: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < below


def _is_place(value: Any, steps: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and _is_index(value[0], steps)
        and _is_index(value[1], 2**31)
    )


def _is_name(name: Any) -> bool:
    return (
        isinstance(name, str)
        and 0 < len(name) <= LONGEST_NAME
        and name.isprintable()
        and "/" not in name
    )


def _build(
    config: Mapping[str, Any], where: str, custom: CustomObjects, built: list[Member]
) -> Graph:
    """Return the graph of a document whose form has been checked.

    Args:
        config: The document.
        where: How messages call it.
        custom: The caller's own classes.
        built: The members made so far, to which references refer; those in it are added.
    """
    fields = config["config"]
    members: list[Member] = []
    for member in fields["members"]:
        name = member["config"]["name"]
        if member["class"] == SHARED:
            members.append(built[member["config"]["number"]])
            if members[-1].name != name:
                refuse(where, f"a reference to '{members[-1].name}'", f"one to '{name}'")
            continue
        if member["class"] == GRAPH:
            members.append(_build(member, f"{where}, in '{name}'", custom, built))
        else:
            members.append(_build_layer(member, f"{where}, layer '{name}'", custom))
        built.append(members[-1])
    steps = [
        Step(step["member"], _places(step["inputs"]), tuple(step.get("settings", ())))
        for step in fields["steps"]
    ]
    ends = _places(fields["inputs"]), _places(fields["outputs"])
    return Graph(fields["name"], tuple(members), tuple(steps), *ends, fields["sequential"])


def _build_layer(config: Mapping[str, Any], where: str, custom: CustomObjects) -> Layer:
    if not config["class"].startswith("layer."):
        refuse(where, f"the class {shown(config['class'])}", "a layer")
    return revive(dict(config), where, custom)


def _places(written: list[list[int]]) -> tuple[Place, ...]:
    return tuple((step, output) for step, output in written)


def _check_wiring(graph: Graph, where: str, checked: set[int]) -> None:
    """Refuse calls that the drawing of a model would have refused."""
    for member in graph.members:
        if isinstance(member, Graph) and id(member) not in checked:
            checked.add(id(member))
            _check_wiring(member, f"{where}, in '{member.name}'", checked)
    results: list[int] = []
    places = [
        f"{where}, step {number} ('{graph.members[step.member].name}')"
        for number, step in enumerate(graph.steps)
    ]
    for step, place in zip(graph.steps, places, strict=True):
        member = graph.members[step.member]
        _check_places(step.inputs, results, place)
        _check_arity(member, len(step.inputs), place)
        _check_settings(member, step.settings, place)
        results.append(graph.results_of(len(results)))
    _check_places((*graph.inputs, *graph.outputs), results, where)
    for call, _ in graph.inputs:
        if not isinstance(graph.members[graph.steps[call].member], InputLayer):
            refuse(where, f"step {call} as an input", "an input layer")
    for step, place in zip(graph.steps, places, strict=True):
        _check_shapes(graph, graph.members[step.member], step, place)


def _check_places(places: Sequence[Place], results: Sequence[int], where: str) -> None:
    for step, output in places:
        if output >= results[step]:
            refuse(where, f"result {output} of step {step}", f"one below {results[step]}")


def _check_arity(member: Member, given: int, where: str) -> None:
    """Refuse a call with too few or too many inputs."""
    if isinstance(member, InputLayer):
        if given:
            refuse(where, f"{given} inputs", "none, for an input layer")
    elif isinstance(member, Graph):
        if given != len(member.inputs):
            refuse(where, f"{given} inputs", f"{len(member.inputs)}")
    elif given == 0 or (given > 1 and not (member.takes_list or member.takes_more)):
        refuse(where, f"{given} inputs", "one input")


def _check_settings(member: Member, settings: Sequence[str], where: str) -> None:
    """Refuse settings that calls of the layer do not have, or that are there twice."""
    known = {TRAINING, INFERENCE, *(() if isinstance(member, Graph) else member.call_settings)}
    contrary = {TRAINING, INFERENCE} <= set(settings)
    if not set(settings) <= known or len(set(settings)) < len(settings) or contrary:
        expected = f"some of {sorted(known)}, each once"
        refuse(where, f"the settings {shown(list(settings))}", expected)


def _check_shapes(graph: Graph, member: Member, step: Step, where: str) -> None:
    """Refuse a call of an inner network with arrays of other shapes than it was drawn for."""
    with reading(where):
        given = [graph.shape_of(place) for place in step.inputs]
    if isinstance(member, Graph):
        expected = [member.shape_of(place) for place in member.inputs]
        if not all(map(_fits, given, expected)):
            refuse(where, f"inputs of shapes {given}", f"shapes {expected}")


def _fits(given: Sequence[int | None], expected: Sequence[int | None]) -> bool:
    pairs = zip(given, expected, strict=False)
    return len(given) == len(expected) and all(None in pair or len({*pair}) == 1 for pair in pairs)


def _check_sizes(network: Network, where: str, limits: Limits) -> None:
    for node, shape in zip(network.nodes, network.shapes, strict=True):
        size = math.prod(1 if axis is None else axis for axis in shape)
        if len(shape) >= limits.rank or size > limits.values_per_row:
            given = f"results of shape {(None, *shape)}"
            most = f"at most {limits.rank} axes and {limits.values_per_row:,} values a row"
            refuse(f"{where}, layer '{node.path}'", given, most)
    for weight in network.weights:
        if weight.by_row and weight.spec.size > limits.values_per_row:
            most = f"at most {limits.values_per_row:,} values"
            refuse(f"{where}, {weight.path}", f"state of shape {weight.spec.shape}", most)
        if not isinstance(weight.spec.initializer, Initializer):
            given = f"the initializer {shown(weight.spec.initializer)}"
            refuse(f"{where}, {weight.path}", given, "an initializer")
    paths = [weight.path for weight in network.weights]
    if len(set(paths)) < len(paths):
        refuse(where, "two weights of one path", "each path once")


def weight_shapes(network: Network) -> dict[str, tuple[int, ...]]:
    """Return the shape of every array of `network` by its path, in the network's order."""
    lasting = (network.weights[number] for number in network.lasting)
    return {weight.path: tuple(weight.spec.shape) for weight in lasting}
