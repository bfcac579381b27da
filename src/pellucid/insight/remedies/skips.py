"""Ways around layers, on which signals and gradients arrive whole."""

from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid.graph.editing import bridged
from pellucid.graph.graph import Graph
from pellucid.insight.remedies.changes import output_names, with_graph
from pellucid.insight.remedies.remedy import Remedy
from pellucid.insight.remedies.setup import Setup
from pellucid.layers import Add


@dataclass(frozen=True)
class AddSkips(Remedy):
    """Add to the result of each hidden layer what it was given, where the shapes are equal."""

    name: ClassVar[str] = "add-skips"

    @property
    def words(self) -> str:
        return (
            "Add what a hidden layer is given to its result, x + layer(x), wherever the shapes are "
            "equal: the gradient then has a way around each layer."
        )

    def apply(self, setup: Setup) -> Setup:
        graph = setup.graph
        if any(isinstance(layer, Add) for layer in graph.layers()):
            return setup
        for name in _keeping_shape(graph):
            graph = bridged(graph, name)
        return with_graph(setup, graph)


def _keeping_shape(graph: Graph) -> list[str]:
    """Return the names of hidden layers with weights that give the shape they are given."""
    ends, names = output_names(graph), []
    for call, step in enumerate(graph.steps):
        member: Any = graph.members[step.member]
        if not getattr(member, "ends_in_activation", False) or member.weightless:
            continue
        same = [graph.shape_of(one) for one in step.inputs] == [graph.shape_of((call, 0))]
        if same and member.name not in ends:
            names.append(str(member.name))
    return list(dict.fromkeys(names))
