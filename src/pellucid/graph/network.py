"""A model as it is computed: one flat list of nodes, and where each weight lies."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from pellucid.description import altered, bind, structure, tunables
from pellucid.errors import ShapeError
from pellucid.graph.graph import Graph, Place
from pellucid.layers import Activation, Layer, Softmax, TimeDistributed
from pellucid.layers.context import INFERENCE, TRAINING, Context, Result
from pellucid.layers.input import InputLayer
from pellucid.layers.variables import Variables, set_variables, variables_of
from pellucid.layers.weight import Weight
from pellucid.types import Array, NumpyArray, Shape


@dataclass(frozen=True)
class Node:
    """One array: a layer by number, and the nodes whose results it takes.

    Where a call gives several arrays, each is a node; they follow one another, and the
    first of them, part 0, is where the call is computed.
    """

    layer: int
    inputs: tuple[int, ...]
    path: str = field(compare=False)
    settings: tuple[str, ...] = ()
    part: int = 0


@dataclass(frozen=True)
class NetworkWeight:
    """One array of the network: whose it is, its name, its path in files, its declaration."""

    layer: int
    name: str
    path: str
    spec: Weight
    by_row: bool = False
    """True for state that each row of a batch leaves to that row of the next."""


@dataclass(frozen=True)
class Pass:
    """What one pass through the network returns."""

    outputs: list[Array]
    state: dict[int, Array]
    """New values of carried weights, by their number in `Network.weights`."""
    penalty: Array | float
    masks: list[Array | None] = field(default_factory=list)
    """For each output which of its steps are real, or None where all are."""


@dataclass(frozen=True, eq=False)
class Network:
    """The computation of a graph with inner graphs written out.

    Args:
        layers: Every layer once.
        nodes: Computations in order.
        inputs: Numbers of the nodes where data enter.
        outputs: Numbers of the nodes where results leave.
        shapes: Shape of every node's result, without the batch axis.
        dtypes: Type of every node's result.
        batch_size: Number of rows in every batch, where an input fixes it.
    """

    layers: tuple[Layer, ...]
    nodes: tuple[Node, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    shapes: tuple[Shape, ...]
    dtypes: tuple[str, ...]
    batch_size: int | None = None

    @classmethod
    def from_graph(cls, graph: Graph) -> "Network":
        """Write out `graph`, inner graphs included."""
        writer = _Writer()
        placed = writer.write(graph, None, "")
        return cls(
            tuple(writer.layers),
            tuple(writer.nodes),
            tuple(placed[place] for place in graph.inputs),
            tuple(placed[place] for place in graph.outputs),
            tuple(writer.shapes),
            tuple(writer.dtypes),
            graph.batch_size,
        )

    # -- facts -------------------------------------------------------------------------

    @cached_property
    def weights(self) -> tuple[NetworkWeight, ...]:
        """Every array of the network, in the order in which values are passed to `apply`."""
        found, seen = [], set()
        for node in self.nodes:
            if node.layer in seen:
                continue
            seen.add(node.layer)
            layer = self.layers[node.layer]
            declared = layer.declared(self.shape_into(node), self.batch_size)
            found += [
                NetworkWeight(
                    node.layer, name, f"{node.path}/{name}", spec, name in layer.row_state
                )
                for name, spec in declared.items()
            ]
        return tuple(found)

    @property
    def structure(self) -> Hashable:
        """What determines the compiled program: equal for models that differ only in numbers."""
        return (
            tuple(structure(layer) for layer in self.layers),
            self.nodes,
            self.inputs,
            self.outputs,
            self.shapes,
            self.dtypes,
            tuple(weight.spec.shape for weight in self.weights),
        )

    @property
    def trained(self) -> list[int]:
        """Numbers of the weights that training changes."""
        return [
            number
            for number, weight in enumerate(self.weights)
            if weight.spec.trainable and self.layers[weight.layer].trains(weight.name)
        ]

    @property
    def carried(self) -> list[int]:
        """Numbers of the weights that training does not change by gradients."""
        trained = set(self.trained)
        return [number for number in range(len(self.weights)) if number not in trained]

    @property
    def trained_size(self) -> int:
        """How many values training changes."""
        return sum(self.weights[number].spec.size for number in self.trained)

    def padding_of(self, node: int) -> float | None:
        """Return the value that stands for padding in the data of an input; None if none does."""
        found = [layer.padding_value for layer in self.readers_of(node)]
        return next((value for value in found if value is not None), None)

    def readers_of(self, node: int) -> list[Layer]:
        """Return the layers that take the result of a node."""
        return [self.layers[one.layer] for one in self.nodes if node in one.inputs]

    @cached_property
    def always_draws(self) -> bool:
        """True when a call draws random numbers outside training too: `layer(x, training=True)`."""
        return any(TRAINING in node.settings for node in self.nodes)

    @cached_property
    def lasting(self) -> list[int]:
        """Numbers of the weights that files hold: all but the state of a batch's rows."""
        return [number for number, weight in enumerate(self.weights) if not weight.by_row]

    @cached_property
    def stateful(self) -> bool:
        """True when rows of a batch go on where the same rows of the batch before ended."""
        return any(layer.carries_rows for layer in self.layers)

    @property
    def feeds(self) -> list[int]:
        """Numbers of the nodes whose values the compiled part takes as data."""
        host = self._host_nodes
        needed = [n for node in self._device_nodes for n in self.nodes[node].inputs]
        given = [*self.inputs, *(n for n in sorted(host) if n in needed or n in self.outputs)]
        return [n for n in given if n in needed or n in self.outputs or n not in host]

    @cached_property
    def _host_nodes(self) -> frozenset[int]:
        """Nodes that are computed in NumPy beforehand: text, and what looks it up."""
        host: set[int] = set()
        for number, node in enumerate(self.nodes):
            text = self.dtypes[number] == "string"
            if text or self.layers[node.layer].on_host:
                host.add(number)
        return frozenset(host)

    @property
    def _device_nodes(self) -> list[int]:
        return [
            number
            for number, node in enumerate(self.nodes)
            if number not in self._host_nodes and node.inputs
        ]

    def shape_into(self, node: Node) -> Any:
        """Return the shape that enters a node, or a list of them, without the batch axis."""
        layer = self.layers[node.layer]
        if isinstance(layer, InputLayer):
            return layer.shape
        shapes = [self.shapes[source] for source in node.inputs]
        return shapes if layer.takes_list or len(shapes) > 1 else shapes[0]

    def switched_on(self, setting: str) -> "Network":
        """Return the network with a setting on in every call that has it.

        What such calls give beyond their one array follows it as further nodes.
        """
        writer, moved = _Writer(), dict[int, int]()
        for number, node in enumerate(self.nodes):
            layer, own = self.layers[node.layer], node.settings
            if setting in layer.call_settings and setting not in own:
                own = (*own, setting)
            inputs = tuple(moved[source] for source in node.inputs)
            given = [self.shapes[number]]
            if own != node.settings:
                given = layer.output_shapes(self.shape_into(node), own)
            for place, shape in enumerate(given):
                call = replace(node, inputs=inputs, settings=own, part=node.part + place)
                end = writer.append(call, shape, self.dtypes[number])
                moved.setdefault(number, end)
        return replace(
            self,
            nodes=tuple(writer.nodes),
            inputs=tuple(moved[number] for number in self.inputs),
            outputs=tuple(moved[number] for number in self.outputs),
            shapes=tuple(writer.shapes),
            dtypes=tuple(writer.dtypes),
        )

    # -- numbers that programs take as data --------------------------------------------

    def numbers(self) -> list[tuple[str, float]]:
        """Return the tunable numbers of all layers with their paths."""
        return [
            (f"{layer.name}.{path}", value)
            for layer in self.layers
            for path, value in tunables(layer)
        ]

    def bound(self, numbers: Iterator[Any]) -> "Network":
        """Return the same network with its tunable numbers taken from `numbers`."""
        return replace(self, layers=tuple(bind(layer, numbers) for layer in self.layers))

    # -- arrays ------------------------------------------------------------------------

    def variables(self, seed: int) -> list[Variables]:
        """Return each layer's arrays, first drawing those that do not exist yet."""
        held: list[Variables] = []
        for number, layer in enumerate(self.layers):
            found = variables_of(layer)
            own = [weight for weight in self.weights if weight.layer == number]
            if found is None and own:
                found = set_variables(layer, self._first(number, seed))
            for weight in own:
                if found is not None and weight.by_row and weight.name not in found:
                    found.set(weight.name, np.zeros(weight.spec.shape, np.float32))
                _check_held(layer, found, weight)
            held.append(found if found is not None else Variables({}))
        return held

    def _first(self, number: int, seed: int) -> dict[str, NumpyArray]:
        node = next(node for node in self.nodes if node.layer == number)
        layer = self.layers[number]
        return layer.init([seed, number], self.shape_into(node), self.batch_size)

    def drawn(self, seed: int) -> dict[int, NumpyArray]:
        """Return the arrays that `seed` draws, whatever the layers have, by their number."""
        owners = {weight.layer for weight in self.weights}
        first = {number: self._first(number, seed) for number in owners}
        return {
            number: np.asarray(first[weight.layer][weight.name], np.float32)
            for number, weight in enumerate(self.weights)
            if weight.name in first[weight.layer]
        }

    def values(self, seed: int) -> list[NumpyArray]:
        """Return the arrays in the order of `weights`."""
        held = self.variables(seed)
        return [held[weight.layer][weight.name] for weight in self.weights]

    # -- computation -------------------------------------------------------------------

    def prepare(self, inputs: Sequence[NumpyArray]) -> list[NumpyArray]:
        """Return the arrays for `feeds`: inputs as they are, text looked up (NumPy)."""
        if not self._host_nodes:
            return list(inputs)
        results: dict[int, Any] = dict(zip(self.inputs, inputs, strict=True))
        for number in sorted(self._host_nodes):
            node = self.nodes[number]
            if node.inputs:
                given = [results[source] for source in node.inputs]
                layer = self.layers[node.layer]
                results[number] = layer.apply(
                    variables_of(layer) or {}, given if layer.takes_list else given[0], Context()
                )
        return [np.asarray(results[number]) for number in self.feeds]

    def apply(
        self,
        values: Sequence[Array],
        feeds: Sequence[Array],
        context: Context,
        logits: Sequence[bool] | None = None,
        observe: Any = None,
        change: Any = None,
    ) -> Pass:
        """Compute the network; a pure function that JAX can trace.

        Args:
            values: The arrays of `weights`, in order.
            feeds: The arrays of `feeds`, in order, batch axis first.
            context: Training or not, random key, which rows are real.
            logits: For each output, whether to leave off its last activation.
            observe: Called with (node number, layer, result) after each node.
            change: Called with (node number, result) where data enter and after each node;
                what it returns goes on in the place of the result.
        """
        current = list(values)
        own = self._weights_by_layer
        results: dict[int, Any] = dict(zip(self.feeds, feeds, strict=True))
        if change is not None:
            results = {number: change(number, result) for number, result in results.items()}
        masks: dict[int, Any] = {}
        changed: dict[int, Array] = {}
        penalty: Array | float = 0.0
        bare = {output for output, off in zip(self.outputs, logits or [], strict=False) if off}
        for number in self._device_nodes:
            if number in results:
                continue
            node = self.nodes[number]
            layer = self.layers[node.layer]
            if number in bare:
                layer = without_activation(layer)
            inputs, mask = self.entering(number, results, masks)
            weights = self.weights_at(number, current)
            result = layer.run(weights, inputs, context.at(number, mask, node.settings))
            if isinstance(result, Result):
                penalty = penalty + result.penalty
                for name, value in result.state.items():
                    index = own[node.layer][name]
                    current[index] = changed[index] = value
                result = result.outputs
            if change is not None and not isinstance(result, (list, tuple)):
                result = change(number, result)
            spread(results, number, result)
            spread(masks, number, layer.compute_mask(inputs, mask))
            if observe is not None:
                observe(number, layer, results[number])
        outputs = [results[output] for output in self.outputs]
        return Pass(outputs, changed, penalty, [masks.get(output) for output in self.outputs])

    def on_host(self, number: int) -> bool:
        """Return whether a node is computed in NumPy beforehand."""
        return number in self._host_nodes

    def entering(
        self, number: int, results: Mapping[int, Any], masks: Mapping[int, Any]
    ) -> tuple[Any, Any]:
        """Return what the layer of a node takes: results of nodes before it, and their masks.

        Args:
            number: The node.
            results: What is known, by the numbers of the nodes.
            masks: Which steps of it are real, likewise.
        """
        node = self.nodes[number]
        several = self.layers[node.layer].takes_list or len(node.inputs) > 1
        masked = any(masks.get(source) is not None for source in node.inputs)
        mask = _collected(masks, node.inputs, several) if masked else None
        return _collected(results, node.inputs, several), mask

    def weights_at(self, number: int, values: Sequence[Array]) -> dict[str, Array]:
        """Return the arrays of a node's layer by their names.

        Args:
            number: The node.
            values: The arrays of `weights`, in order.
        """
        own = self._weights_by_layer[self.nodes[number].layer]
        return {name: values[index] for name, index in own.items()}

    @cached_property
    def _weights_by_layer(self) -> list[dict[str, int]]:
        table: list[dict[str, int]] = [{} for _ in self.layers]
        for index, weight in enumerate(self.weights):
            table[weight.layer][weight.name] = index
        return table

    def penalty(self, values: Sequence[Array]) -> Array | float:
        """Return the sum of the regularisers' penalties on trained weights."""
        total: Array | float = 0.0
        for number in self.trained:
            regularizer = self.weights[number].spec.regularizer
            if regularizer is not None:
                total = total + regularizer(values[number])
        return total

    @property
    def has_constraints(self) -> bool:
        """True when some weight is bounded after each update."""
        return any(self.weights[number].spec.constraint is not None for number in self.trained)

    def constrain(self, values: Sequence[Array]) -> list[Array]:
        """Return the trained weights, in the order of `trained`, within their bounds."""
        kept = []
        for number, value in zip(self.trained, values, strict=True):
            constraint = self.weights[number].spec.constraint
            kept.append(value if constraint is None else constraint(value))
        return kept

    def output_activation(self, index: int) -> str | None:
        """Return the name of the activation that ends output `index`, if it has a known one."""
        layer = self.layers[self.nodes[self.outputs[index]].layer]
        while isinstance(layer, TimeDistributed):
            layer = layer.layer
        if isinstance(layer, Softmax):
            return "softmax" if layer.axis == -1 else None
        if not layer.ends_in_activation:
            return None
        return getattr(getattr(layer, "activation", None), "registered_name", None)


def without_activation(layer: Layer) -> Layer:
    """Return `layer` with its last activation left off, so that it gives logits."""
    if isinstance(layer, (Activation, Softmax)):
        return Activation("linear")
    if isinstance(layer, TimeDistributed):
        return altered(layer, layer=without_activation(layer.layer))
    return altered(layer, activation=None)


def _check_held(layer: Layer, found: Variables | None, weight: NetworkWeight) -> None:
    shape = found.shape(weight.name) if found is not None and weight.name in found else None
    if shape is None or shape == weight.spec.shape:
        return
    if weight.by_row:
        raise ShapeError(
            f"{layer.label}: has states for {shape[0]} rows from an earlier use, expected "
            f"{weight.spec.shape[0]} as in every batch of this model. Make a second model with "
            "layers of its own, and set_weights(model.get_weights())."
        )
    raise ShapeError(
        f"{layer.label}.{weight.name}: has shape {shape} from an earlier use, "
        f"expected {weight.spec.shape} for these inputs. A layer can only be shared between "
        "inputs of one width; make a second layer for the other."
    )


def _collected(held: Mapping[int, Any], numbers: Sequence[int], several: bool) -> Any:
    """Return what is held for `numbers`: a list of `several`, or the only one."""
    return [held.get(number) for number in numbers] if several else held.get(numbers[0])


def spread(held: dict[int, Any], number: int, found: Any) -> None:
    """Keep one thing under `number`, or a list under it and the numbers that follow.

    Args:
        held: Where to keep it.
        number: The number of a node.
        found: What a layer gave there.
    """
    for place, one in enumerate(found if isinstance(found, (list, tuple)) else [found]):
        held[number + place] = one


def _within(outer: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """Return the settings of a call inside a call: what the outer says of training holds too."""
    decided = {TRAINING, INFERENCE} & {*own}
    return own if decided else (*own, *(one for one in outer if one in (TRAINING, INFERENCE)))


class _Writer:
    """Writes graphs out into flat lists."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.nodes: list[Node] = []
        self.shapes: list[Shape] = []
        self.dtypes: list[str] = []
        self._numbers: dict[int, int] = {}

    def write(
        self,
        graph: Graph,
        entering: list[int] | None,
        prefix: str,
        settings: tuple[str, ...] = (),
    ) -> dict[Place, int]:
        """Append the nodes of `graph`; return where each of its places ended up."""
        placed: dict[Place, int] = {}
        if entering is not None:
            placed = dict(zip(graph.inputs, entering, strict=True))
        for number, step in enumerate(graph.steps):
            member = graph.members[step.member]
            sources = [placed[place] for place in step.inputs]
            path = f"{prefix}{member.name}"
            own = _within(settings, step.settings)
            if isinstance(member, Graph):
                inner = self.write(member, sources, f"{path}/", own)
                for index, place in enumerate(member.outputs):
                    placed[(number, index)] = inner[place]
            elif (number, 0) not in placed:
                for index in range(graph.results_of(number)):
                    call = Node(self._number(member), tuple(sources), path, own, index)
                    placed[(number, index)] = self.append(call, *graph.describe((number, index)))
        return placed

    def _number(self, layer: Layer) -> int:
        if id(layer) not in self._numbers:
            self._numbers[id(layer)] = len(self.layers)
            self.layers.append(layer)
        return self._numbers[id(layer)]

    def append(self, node: Node, shape: Shape, dtype: str) -> int:
        self.nodes.append(node)
        self.shapes.append(shape)
        self.dtypes.append(dtype)
        return len(self.nodes) - 1
