"""Symbolic tensors for a graph that was read from a file."""

from pellucid.graph.graph import Graph, Place
from pellucid.layers.input import InputLayer
from pellucid.layers.symbolic import Call, SymbolicTensor


def draw(graph: Graph) -> tuple[list[SymbolicTensor], list[SymbolicTensor]]:
    """Return symbolic inputs and outputs, so that the layers can be used in further models."""
    tensors: dict[Place, SymbolicTensor] = {}
    for number, step in enumerate(graph.steps):
        member = graph.members[step.member]
        sources = tuple(tensors[place] for place in step.inputs)
        several = isinstance(member, Graph) or member.takes_list or len(sources) > 1
        several = several and not isinstance(member, InputLayer)
        call = Call(member, sources, several, step.settings)
        for index in range(graph.results_of(number)):
            shape, dtype = graph.describe((number, index))
            tensors[(number, index)] = SymbolicTensor(shape, dtype, call, index)
    return (
        [tensors[place] for place in graph.inputs],
        [tensors[place] for place in graph.outputs],
    )
