"""Signals brought to one size between layers."""

from dataclasses import dataclass
from typing import ClassVar

from pellucid.graph.editing import inserted_after
from pellucid.insight.remedies.changes import output_names, with_graph
from pellucid.insight.remedies.remedy import Remedy
from pellucid.insight.remedies.setup import Setup
from pellucid.layers import BatchNormalization, Layer


@dataclass(frozen=True)
class AddBatchNormalization(Remedy):
    """Put a `BatchNormalization` behind every hidden `Dense` and convolutional layer."""

    name: ClassVar[str] = "add-batch-normalization"

    @property
    def words(self) -> str:
        return "Put a BatchNormalization() behind every hidden Dense and convolutional layer."

    def apply(self, setup: Setup) -> Setup:
        graph = setup.graph
        if any(isinstance(layer, BatchNormalization) for layer in graph.layers()):
            return setup
        ends = output_names(graph)
        for member in graph.members:
            if not isinstance(member, Layer) or member.weightless or member.name in ends:
                continue
            if member.ends_in_activation:
                graph = inserted_after(graph, str(member.name), BatchNormalization())
        return with_graph(setup, graph)
