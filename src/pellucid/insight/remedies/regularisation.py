"""More and less of what keeps a network from learning by heart."""

from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid.graph.editing import inserted_after, mapped
from pellucid.insight.remedies.changes import (
    optimizer_of,
    output_names,
    with_compile,
    with_graph,
)
from pellucid.insight.remedies.remedy import Remedy, Turn
from pellucid.insight.remedies.setup import Setup
from pellucid.layers import Dropout, Layer
from pellucid.regularizers import L2

REGULARIZERS = ("kernel_regularizer", "recurrent_regularizer", "bias_regularizer")

PENALTIES = (*REGULARIZERS, "activity_regularizer")
"""Fields of layers that hold a penalty."""

MOST_DROPOUT = 0.2
"""Share that a layer may still drop once regularisation is reduced."""


@dataclass(frozen=True)
class ReduceRegularisation(Remedy):
    """Let dropout keep more, and divide penalties and weight decay.

    Args:
        rate: Greatest share that a `Dropout` layer may drop.
        divide_by: By what the strength of penalties and of weight decay is divided.
    """

    rate: float = MOST_DROPOUT
    divide_by: float = 100.0
    name: ClassVar[str] = "reduce-regularisation"

    @property
    def words(self) -> str:
        return (
            f"Let Dropout layers drop {self.rate:g} at most, and divide the strength of the "
            f"penalties on weights, and of weight decay, by {self.divide_by:g}."
        )

    @property
    def turn(self) -> Turn | None:
        return "regularisation", -1

    def apply(self, setup: Setup) -> Setup:
        setup = with_graph(setup, mapped(setup.graph, self._reduced))
        optimizer = optimizer_of(setup)
        decay = getattr(optimizer, "weight_decay", None)
        if not decay:
            return setup
        return with_compile(setup, optimizer=optimizer.replace(weight_decay=decay / self.divide_by))

    def _reduced(self, path: str, layer: Layer) -> Layer:
        held: Any = layer
        changes: dict[str, Any] = {}
        for field in ("rate", "dropout", "recurrent_dropout"):
            drops = field != "rate" or type(layer).__name__.endswith("Dropout")
            if drops and (getattr(held, field, None) or 0) > self.rate:
                changes[field] = self.rate
        for field in PENALTIES:
            penalty = getattr(held, field, None)
            weaker = None if penalty is None else self._weaker(penalty)
            if weaker is not None:
                changes[field] = weaker
        return layer.replace(**changes) if changes else layer

    def _weaker(self, penalty: Any) -> Any:
        strengths = {
            name: getattr(penalty, name) / self.divide_by
            for name in ("l1", "l2", "factor")
            if getattr(penalty, name, None)
        }
        return penalty.replace(**strengths) if strengths else None


@dataclass(frozen=True)
class AddDropout(Remedy):
    """Put a `Dropout` behind every hidden layer with weights.

    Args:
        rate: Share that is dropped.
    """

    rate: float = 0.3
    name: ClassVar[str] = "add-dropout"

    @property
    def words(self) -> str:
        return f"Put a Dropout({self.rate:g}) behind every hidden layer."

    @property
    def turn(self) -> Turn | None:
        return "regularisation", 1

    def apply(self, setup: Setup) -> Setup:
        graph = setup.graph
        if any(isinstance(layer, Dropout) for layer in graph.layers()):
            return setup
        ends = output_names(graph)
        for member in graph.members:
            wide = hasattr(member, "units") or hasattr(member, "filters")
            if wide and str(member.name) not in ends:
                graph = inserted_after(graph, str(member.name), Dropout(self.rate))
        return with_graph(setup, graph)


@dataclass(frozen=True)
class AddWeightDecay(Remedy):
    """Put an L2 penalty on every kernel that has none.

    Args:
        l2: Its strength.
    """

    l2: float = 1e-4
    name: ClassVar[str] = "add-weight-decay"

    @property
    def words(self) -> str:
        return f"Put a penalty on large weights: kernel_regularizer=L2({self.l2:g})."

    @property
    def turn(self) -> Turn | None:
        return "regularisation", 1

    def apply(self, setup: Setup) -> Setup:
        def change(path: str, layer: Layer) -> Layer:
            held: Any = layer
            if not hasattr(held, "kernel_regularizer") or held.kernel_regularizer is not None:
                return layer
            return layer.replace(kernel_regularizer=L2(self.l2))

        return with_graph(setup, mapped(setup.graph, change))
